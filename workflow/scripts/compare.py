import json
from pathlib import Path

import numpy as np
from baokan.comparing.limits import Limits
from baokan.comparing.measurement_error import mixture_noise
from baokan.comparing.pipeline import comparison_tables, counted_articles
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.topics.training import load_fits, load_neighbours
from baokan.words.vocabulary import article_counts
from scipy import sparse

with job(snakemake.log[0], "compare"):
    params, inputs = snakemake.params, snakemake.input
    articles, chunks, topics = read_articles(inputs.articles), read_parquet(inputs.chunks), read_parquet(inputs.topics)
    chosen, paths = json.loads(Path(inputs.chosen).read_text()), dict(zip(params.ks, inputs.models, strict=True))
    fits, around = load_fits(paths[chosen["k"]], *inputs.later), load_neighbours(paths, chosen["k"])
    counts = article_counts(chunks, sparse.load_npz(inputs.counts), list(articles["article_id"]))
    with np.load(inputs.model, allow_pickle=False) as file:
        theta, fitted, alpha = (file[name].astype(float) for name in ("theta", "fitted", "alpha"))
    noise = mixture_noise(fitted, float(alpha), counts, chosen["members"], params.seed)
    articles = counted_articles(articles, chunks)
    for name, table in comparison_tables(
        articles, topics, chosen, theta, noise, fits, around, Limits.of(params.settings), params.seed
    ).items():
        write_parquet(table, snakemake.output[name])
