from baokan.reporting.figures import save
from baokan.running.job import job
from baokan.tables import read_parquet

with job(snakemake.log[0], "figures") as progress:
    tables = {name: read_parquet(path) for name, path in snakemake.input.items()}
    # A topic that the user excluded stands in the tables and in no picture.
    tables["topics"] = tables["topics"][~tables["topics"]["excluded"]].reset_index(drop=True)
    settings = {setting: snakemake.params.get(setting) for setting in ("weighting", "top_terms", "language")}
    for name, png, svg in zip(snakemake.params.names, snakemake.output.png, snakemake.output.svg, strict=True):
        save(name, tables | settings, png, svg)
