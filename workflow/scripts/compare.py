import json
from pathlib import Path

import numpy as np
from baokan.comparing.comparison import comparison_tables
from baokan.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.topics.training import load, load_fits, load_neighbours

with job(snakemake.log[0], "compare"):
    params, inputs = snakemake.params, snakemake.input
    articles, chunks, topics = read_articles(inputs.articles), read_parquet(inputs.chunks), read_parquet(inputs.topics)
    chosen, paths = json.loads(Path(inputs.chosen).read_text()), dict(zip(params.ks, inputs.models, strict=True))
    fits, around = load_fits(paths[chosen["k"]], *inputs.later), load_neighbours(paths, chosen["k"])
    theta = load(inputs.model)[1]
    with np.load(inputs.segmentations, allow_pickle=False) as file:
        segmentations = {name: file[name].astype(float) for name in sorted(file.files)}
    for name, table in comparison_tables(
        articles, chunks, topics, chosen, theta, fits, around, segmentations, params.settings, params.seed
    ).items():
        write_parquet(table, snakemake.output[name])
