from baokan.job import job
from baokan.tables import read_parquet, write_csv

with job(snakemake.log[0], "tables"):
    for name, path in snakemake.input.items():
        table = read_parquet(path)
        write_csv(
            table.drop(columns=[c for c in ("text", "spans", "offset_map") if c in table and name == "articles"]),
            snakemake.output[name],
        )
