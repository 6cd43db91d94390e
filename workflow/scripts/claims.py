from baokan.claims.tables import TOLD
from baokan.running.job import job
from baokan.tables import read_parquet, write_parquet

with job(snakemake.log[0], "claims"):
    tables = {name: read_parquet(path) for name, path in snakemake.input.items()}
    for name, path in snakemake.output.items():
        write_parquet(TOLD[name](tables), path)
