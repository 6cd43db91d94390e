from baokan.running.job import job
from baokan.tables import write_json, write_parquet
from baokan.topics.model_selection import choose, search_table
from baokan.topics.training import load_fits, load_held_out
from scipy import sparse

with job(snakemake.log[0], "search over K"):
    paths = dict(zip(snakemake.params.ks, snakemake.input.models, strict=True))
    phis = {k: load_fits(path).phi for k, path in paths.items()}
    counts = sparse.load_npz(snakemake.input.counts)
    table = search_table(phis, counts, {k: load_held_out(path) for k, path in paths.items()})
    k, reason = choose(table)
    write_parquet(table, snakemake.output.search)
    write_json({"k": k, "reason": reason}, snakemake.output.choice)
