from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.words.distinctive import distinctive_tables
from baokan.words.tokens import read_tokens

with job(snakemake.log[0], "distinctive words"):
    params, inputs = snakemake.params, snakemake.input
    articles, vocabulary = read_articles(inputs.articles), read_parquet(inputs.vocabulary)
    tokens = read_tokens(inputs.tokens, inputs.words, list(articles["article_id"]))
    tables = distinctive_tables(tokens, articles, vocabulary, params.scheme, params.min_issues, params.confidence)
    for name, table in tables.items():
        write_parquet(table, snakemake.output[name])
