import json
from pathlib import Path

import numpy as np
from baokan.comparing.comparison import comparison_tables
from baokan.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.topics.training import load

with job(snakemake.log[0], "compare"):
    models = {k: load(path) for k, path in zip(snakemake.params.ks, snakemake.input.models, strict=True)}
    tables = [
        read_articles(snakemake.input.articles),
        *(read_parquet(snakemake.input[n]) for n in ("chunks", "topics")),
    ]
    chosen = json.loads(Path(snakemake.input.chosen).read_text())
    model = load(snakemake.input.model)
    with np.load(snakemake.input.segmentations, allow_pickle=False) as file:
        segmentations = {name: file[name].astype(float) for name in sorted(file.files)}
    for name, table in comparison_tables(
        *tables, chosen, model, models, segmentations, snakemake.params.settings, snakemake.params.seed
    ).items():
        write_parquet(table, snakemake.output[name])
