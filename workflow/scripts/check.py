import json
from pathlib import Path

from baokan.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.topics.chosen import check_table
from baokan.topics.training import fit_all, fit_seed, load, save, training_rows
from scipy import sparse

with job(snakemake.log[0], f"check by {snakemake.params.engine}"):
    params, k = snakemake.params, json.loads(Path(snakemake.input.chosen).read_text())["k"]
    chunks, counts = read_parquet(snakemake.input.chunks), sparse.load_npz(snakemake.input.counts)
    training = training_rows(chunks, read_articles(snakemake.input.articles), params.issue_cap, params.seed)
    phis, thetas = fit_all(params.engine, counts, training, k, [fit_seed(params.seed, k, 0)], params.iterations)
    write_parquet(check_table(load(snakemake.input.model)[0], phis[0]), snakemake.output.table)
    save(snakemake.output.model, phis[0], thetas[0])
