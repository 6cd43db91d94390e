from baokan.job import job
from baokan.reporting.figures import save
from baokan.tables import read_parquet

with job(snakemake.log[0], "figures") as progress:
    tables = {name: read_parquet(path) for name, path in snakemake.input.items()}
    names = snakemake.params.names
    for name, png, svg in zip(names, snakemake.output.png, snakemake.output.svg, strict=True):
        save(
            name, tables | {"weighting": snakemake.params.weighting, "top_terms": snakemake.params.top_terms}, png, svg
        )
