from baokan.comparing.themes import theme_tables
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.words.tokens import read_tokens

with job(snakemake.log[0], "themes"):
    params, inputs = snakemake.params, snakemake.input
    articles = read_articles(inputs.articles)
    tokens = read_tokens(inputs.tokens, inputs.words, list(articles["article_id"]))
    vocabulary = read_parquet(inputs.vocabulary, columns=["term", "kind"])
    terms = vocabulary.loc[vocabulary["kind"] == "term", "term"]
    topics, article_topics = read_parquet(inputs.topics), read_parquet(inputs.article_topics)
    tables = theme_tables(params.themes, articles, tokens, terms, topics, article_topics, params.config)
    for name, table in tables.items():
        write_parquet(table, snakemake.output[name])
