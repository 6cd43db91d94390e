from baokan.job import job
from baokan.tables import read_articles, read_parquet
from baokan.topics.training import fit_all, fit_seed, save, training_rows
from scipy import sparse

with job(snakemake.log[0], f"fit {snakemake.wildcards.engine}, K = {snakemake.wildcards.k}") as progress:
    params, k = snakemake.params, int(snakemake.wildcards.k)
    chunks, counts = read_parquet(snakemake.input.chunks), sparse.load_npz(snakemake.input.counts)
    training = training_rows(chunks, read_articles(snakemake.input.articles), params.issue_cap, params.seed)
    seeds = [fit_seed(params.seed, k, number) for number in range(params.seeds)]
    report = progress("fits", len(seeds))
    save(
        snakemake.output[0], *fit_all(snakemake.wildcards.engine, counts, training, k, seeds, params.iterations, report)
    )
