from baokan.comparing.graded import graded
from baokan.running.job import job
from baokan.tables import read_parquet, write_parquet

with job(snakemake.log[0], "grades"):
    names = ("tested", "shares", "topics", "survival", "matched")
    table = graded(*(read_parquet(snakemake.input[name]) for name in names))
    write_parquet(table, snakemake.output[0])
