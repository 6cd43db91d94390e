from baokan.reporting.figures import save
from baokan.running.job import job
from baokan.tables import read_parquet

with job(snakemake.log[0], "figures") as progress:
    tables = {name: read_parquet(path) for name, path in snakemake.input.items()}
    # A topic that the user excluded stands in the tables and in no picture.
    tables["topics"] = tables["topics"][~tables["topics"]["excluded"]].reset_index(drop=True)
    names = snakemake.params.names
    for name, png, svg in zip(names, snakemake.output.png, snakemake.output.svg, strict=True):
        save(
            name,
            tables | {"weighting": snakemake.params.weighting, "top_terms": snakemake.params.get("top_terms")},
            png,
            svg,
        )
