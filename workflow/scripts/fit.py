from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_arrays
from baokan.topics.training import fit_all, held_out, issues_of, training_rows
from baokan.words.counting import article_counts
from scipy import sparse

with job(snakemake.log[0], f"fit {snakemake.wildcards.engine}, K = {snakemake.wildcards.k}") as progress:
    params, engine, k = snakemake.params, snakemake.wildcards.engine, int(snakemake.wildcards.k)
    chunks, counts = read_parquet(snakemake.input.chunks), sparse.load_npz(snakemake.input.counts)
    articles = read_articles(snakemake.input.articles)
    training = training_rows(chunks, articles, params.issue_cap, params.seed)
    by_article, numbers = article_counts(chunks, counts, list(articles["article_id"])), range(params.seeds)
    report = progress("fits", len(numbers) + 1)
    fits = fit_all(engine, counts, training, by_article, k, numbers, params.seed, params.iterations, report)
    held = held_out(engine, counts, training, issues_of(chunks, articles), k, params.seed, params.iterations)
    report(len(numbers) + 1)
    write_arrays(snakemake.output[0], **fits._asdict(), held_out=held)
