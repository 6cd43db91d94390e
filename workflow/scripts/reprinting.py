from baokan.comparing.reprinting import reprinting_table
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet

with job(snakemake.log[0], "reprinting"):
    articles, reprints = read_articles(snakemake.input.articles), read_parquet(snakemake.input.reprints)
    write_parquet(reprinting_table(articles, reprints), snakemake.output[0])
