from baokan.reporting.data import write_data_page
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet

with job(snakemake.log[0], "data page"):
    params, inputs = snakemake.params, snakemake.input
    tables = {n: read_parquet(inputs[n]) for n in ("documents", "furniture", "doubts", "corrections", "reprints")}
    tables["articles"] = read_articles(inputs.articles)
    folders = dict(zip(params.shards, inputs.pages, strict=True))
    write_data_page(tables, folders, params.name, inputs.html, inputs.css, snakemake.output[0])
