from baokan.running.job import job
from baokan.tables import article_texts, read_articles, read_parquet, write_parquet
from baokan.words.lexicon import terms_in_force
from baokan.words.segmentation_audit import audit_tables
from baokan.words.tokens import read_tokens
from baokan.words.wordlists import read_terms

with job(snakemake.log[0], "audit of the words"):
    params, inputs = snakemake.params, snakemake.input
    articles = read_articles(inputs.articles)
    tokens = read_tokens(inputs.tokens, inputs.words, list(articles["article_id"]))
    found = read_parquet(inputs.discovered, columns=["term", "status"])
    terms = terms_in_force(params.terms, found, params.settings["discover"])
    listed = read_terms(params.terms)
    tables = audit_tables(tokens, articles, lambda: article_texts(inputs.articles), terms, listed, params.settings)
    for name, table in tables.items():
        write_parquet(table, snakemake.output[name])
