from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.words.lexicon import terms_in_force, word_lists
from baokan.words.tokens import read_tokens
from baokan.words.vocabulary import words_tables
from scipy import sparse

with job(snakemake.log[0], "vocabulary"):
    params, inputs = snakemake.params, snakemake.input
    articles = read_articles(inputs.articles)
    tokens = read_tokens(inputs.tokens, inputs.words, list(articles["article_id"]))
    found = read_parquet(inputs.discovered, columns=["term", "status"])
    terms = terms_in_force(params.terms, found, params.settings["discover"])
    lists = word_lists(terms, params.stopwords, params.settings, articles["source"])
    tables, counts = words_tables(articles, tokens, lists, params.settings, params.chunk_tokens)
    sparse.save_npz(snakemake.output.counts, counts)
    for name, table in tables.items():
        write_parquet(table, snakemake.output[name])
