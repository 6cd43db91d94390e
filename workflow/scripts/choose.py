from baokan.job import job
from baokan.reporting.provenance import write_json
from baokan.tables import read_parquet, write_parquet
from baokan.topics.chosen import chosen_tables
from baokan.topics.training import load, save
from scipy import sparse

with job(snakemake.log[0], "choose"):
    models = {k: load(path) for k, path in zip(snakemake.params.ks, snakemake.input.models, strict=True)}
    inputs = [read_parquet(snakemake.input[name]) for name in ("articles", "vocabulary", "chunks")]
    counts = sparse.load_npz(snakemake.input.counts)
    chosen, tables, phi, theta = chosen_tables(
        models, *inputs, counts, snakemake.params.top_terms, snakemake.params.passages
    )
    write_json(chosen, snakemake.output.chosen)
    save(snakemake.output.model, phi, theta)
    for name, table in tables.items():
        write_parquet(table, snakemake.output[name])
