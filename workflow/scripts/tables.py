from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_csv

with job(snakemake.log[0], "tables"):
    for name, path in snakemake.input.items():
        write_csv(read_articles(path) if name == "articles" else read_parquet(path), snakemake.output[name])
