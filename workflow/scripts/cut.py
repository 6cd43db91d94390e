from baokan.articles import cut_documents
from baokan.job import job
from baokan.tables import read_parquet, write_parquet

with job(snakemake.log[0], f"cut {snakemake.wildcards.shard}") as progress:
    decoded = read_parquet(snakemake.input[0])
    tables = cut_documents(decoded, snakemake.params.settings, progress("documents", len(decoded)))
    for table, path in zip(tables, snakemake.output, strict=True):
        write_parquet(table, path)
