import numpy as np
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet
from baokan.topics.exports import write_exports
from baokan.topics.scoring import SavedModel, save_model
from baokan.words.vocabulary import article_counts, kept_terms
from scipy import sparse

with job(snakemake.log[0], "exports"):
    inputs, outputs = snakemake.input, snakemake.output
    ids = list(read_articles(inputs.articles)["article_id"])
    counts = article_counts(read_parquet(inputs.chunks, columns=["article_id"]), sparse.load_npz(inputs.counts), ids)
    terms = kept_terms(read_parquet(inputs.vocabulary, columns=["term", "index"]))
    topics = read_parquet(inputs.topics, columns=["topic_id", "label"])
    with np.load(inputs.model, allow_pickle=False) as chosen:
        phi, theta, alpha = (chosen[name].astype(float) for name in ("phi", "theta", "alpha"))
        # Of topics that were merged: the model as fitted, and of which topic each of its own is a part.
        fitted, parts = (chosen.get(name) for name in ("fitted", "parts"))
    numbers, labels = topics["topic_id"].tolist(), topics["label"].tolist()
    weights = alpha * (1 if parts is None else np.bincount(parts))
    save_model(
        outputs.model, SavedModel(phi if fitted is None else fitted, float(alpha), terms, numbers, labels, parts)
    )
    write_exports(dict(outputs.items()), phi, theta, weights, numbers, terms, counts, ids, snakemake.params.seed)
