from baokan.job import job
from baokan.tables import read_parquet, write_parquet
from baokan.words.segmentation import tokens_table

with job(snakemake.log[0], f"tokens {snakemake.wildcards.shard}") as progress:
    articles = read_parquet(snakemake.input.articles)
    terms = [snakemake.input.terms] if isinstance(snakemake.input.terms, str) else list(snakemake.input.terms)
    report = progress("articles", len(articles))
    tokens = tokens_table(articles, snakemake.params.engine, snakemake.params.simplify, terms, report)
    write_parquet(tokens, snakemake.output[0])
