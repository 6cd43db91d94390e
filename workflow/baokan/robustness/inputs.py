"""What a run has left behind of which specifications are variations, read from its files."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from scipy import sparse

from baokan.comparing.limits import Limits
from baokan.robustness.counting import Text, counted
from baokan.robustness.refits import Run, Saved, saved_fits
from baokan.tables import article_texts, read_articles, read_parquet
from baokan.topics.reported import ReportedModel
from baokan.topics.training import load_around, load_fits
from baokan.words.lexicon import terms_in_force, word_lists
from baokan.words.tokens import Tokens, read_tokens


def read_run(
    files: Mapping[str, Any], ks: Sequence[int], words: Mapping, topics: Mapping, limits: Limits, seed: int
) -> tuple[Run, Text]:
    """The run whose files, by name, are articles, chunks, counts, model, discovered, and as lists tokens and token_words (of
    all shards), models (a file for each of `ks`) and check (of the second engine, or none). Tokens and fits are read when
    they are asked for. words, topics: parts of the configuration.
    """
    articles, discovered = read_articles(files["articles"]), read_parquet(files["discovered"])
    model = ReportedModel.load(files["model"])
    chunks = read_parquet(files["chunks"], columns=["article_id", "n_tokens"])
    own = counted(chunks, sparse.csr_matrix(sparse.load_npz(files["counts"])), model.terms)
    terms = terms_in_force(words["terms"], discovered, words["discover"])
    lists = word_lists(terms, words["stopwords"], words, articles["source"])

    @cache
    def tokens() -> Tokens:
        return read_tokens(files["tokens"], files["token_words"], list(articles["article_id"]))

    def saved() -> Saved:
        check = load_fits(files["check"][0]) if files["check"] else None
        return saved_fits(topics, model.k, *load_around(ks, files["models"], model.k), check)

    run = Run(articles, model, own, saved, topics, limits, seed)
    return run, Text(lists, discovered, tokens, lambda: article_texts(files["articles"]))
