import json
from pathlib import Path

from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_arrays
from baokan.topics.training import fit_all, training_rows
from baokan.words.counting import article_counts
from scipy import sparse

with job(snakemake.log[0], f"fits of the chosen K by {snakemake.params.engine}") as progress:
    params, k = snakemake.params, json.loads(Path(snakemake.input.choice).read_text())["k"]
    chunks, counts = read_parquet(snakemake.input.chunks), sparse.load_npz(snakemake.input.counts)
    articles = read_articles(snakemake.input.articles)
    training = training_rows(chunks, articles, params.issue_cap, params.seed)
    by_article = article_counts(chunks, counts, list(articles["article_id"]))
    report = progress("fits", len(params.numbers))
    fits = fit_all(
        params.engine, counts, training, by_article, k, params.numbers, params.seed, params.iterations, report
    )
    write_arrays(snakemake.output[0], **fits._asdict())
