from baokan.reporting.before_after import write_pages
from baokan.running.job import job
from baokan.tables import read_parquet

with job(snakemake.log[0], f"pages {snakemake.wildcards.shard}"):
    decoded = read_parquet(snakemake.input.decoded)
    tables = {name: read_parquet(snakemake.input[name]) for name in ("documents", "articles", "furniture", "doubts")}
    params, inputs = snakemake.params, snakemake.input
    write_pages(decoded, tables, params.most, inputs.html, inputs.css, snakemake.output[0])
