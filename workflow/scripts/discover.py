from baokan.running.job import job
from baokan.tables import article_texts, read_articles, write_parquet
from baokan.words.discovery import discovered, write_terms

with job(snakemake.log[0], "terms of the corpus") as progress:
    articles = read_articles(snakemake.input.articles)
    report = progress("articles", len(articles))
    table = discovered(
        article_texts(snakemake.input.articles), articles, snakemake.params.settings, list(snakemake.params.terms),
        list(snakemake.params.stopwords), report,
    )  # fmt: skip
    write_parquet(table, snakemake.output.table)
    write_terms(table, snakemake.output.list)
