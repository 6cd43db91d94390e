import json
import shutil
from functools import cache
from pathlib import Path

import numpy as np
from baokan.comparing.limits import Limits
from baokan.robustness.choices import OWN, specifications, word_choices
from baokan.robustness.specifications import (
    Reported,
    counted,
    counts_of,
    cut_again,
    joined,
    no_part,
    part,
    read_part,
    words_of,
    write_part,
)
from baokan.running.job import job
from baokan.tables import article_texts, read_articles, read_parquet
from baokan.topics.training import load_fits
from baokan.words.lexicon import terms_in_force, word_lists
from baokan.words.tokens import read_tokens
from baokan.words.vocabulary import kept_terms
from scipy import sparse

params, inputs = snakemake.params, snakemake.input
paths = [snakemake.output[which] for which in ("table", "tried", "shares")]


def computed(report):
    """The parts of these choices of words, together."""
    words, topics, seed = params.words, params.topics, params.seed
    articles, chosen = read_articles(inputs.articles), json.loads(Path(inputs.chosen).read_text())
    discovered, table = read_parquet(inputs.discovered), read_parquet(inputs.topics)
    terms = terms_in_force(words["terms"], discovered, words["discover"])
    lists = word_lists(terms, words["stopwords"], words, articles["source"])
    with np.load(inputs.model, allow_pickle=False) as file:
        theta, fitted = file["theta"].astype(float), file["fitted"].astype(float)
    kept, ids = ~table["excluded"].to_numpy(bool), table["topic_id"].to_numpy(int)
    reported = Reported(theta, fitted, chosen["members"], np.array(chosen["weights"]), ids, kept)
    own = counted(
        read_parquet(inputs.chunks, columns=["article_id", "n_tokens"]), sparse.load_npz(inputs.counts),
        kept_terms(read_parquet(inputs.vocabulary)),
    )  # fmt: skip
    planned = specifications(words, topics, seed, chosen["k"], chosen["seed"])
    count, done = report("specifications", sum(spec.words in params.choices for spec in planned)), 0
    run_tokens = cache(lambda: read_tokens(inputs.tokens, inputs.token_words, list(articles["article_id"])))
    parts = []
    for name in params.choices:
        choice, plain = words_of(name, lists, words, discovered), word_choices(words)[name]

        def other(lengths, choice=choice):
            return counts_of(
                articles, cut_again(lambda: article_texts(inputs.articles), choice, run_tokens), choice, lengths
            )

        fits = fits_of_the_run(planned, topics, chosen["k"]) if name == OWN else {}
        parts.append(
            part(
                name, planned, articles, reported, own, other, fits, topics, Limits(**params.compare), plain, seed,
                lambda n, before=done: count(before + n),
            )
        )  # fmt: skip
        done += len(parts[-1].tried)
    return joined(parts)


def fits_of_the_run(planned, topics, k):
    """Those of the run's own counts, by engine and K, which are not made again."""
    near = {spec.k for spec in planned}
    fits = {(topics["engine"], n): load_fits(p) for n, p in zip(params.ks, inputs.models, strict=True) if n in near}
    if inputs.check and topics["check_engine"] != topics["engine"]:
        fits[topics["check_engine"], k] = load_fits(inputs.check[0])
    return fits


with job(snakemake.log[0], f"specifications, words: {', '.join(params.choices).replace('_', ' ')}") as progress:
    # A curve that the ordinary run has computed is complete, and is not computed again.
    made = [inputs.get(f"made_{which}") for which in ("table", "tried", "shares")]
    if all(made) and len(read_part(*made).tried):
        for source, target in zip(made, paths, strict=True):
            shutil.copyfile(source, target)
    elif params.scope == "all" or (params.scope == "auto" and len(read_parquet(inputs.candidates))):
        write_part(computed(progress), *paths)
    else:
        write_part(no_part(), *paths)
