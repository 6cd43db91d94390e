"""The chosen K fitted to the same articles cut in other ways: without the terms, and by the other segmenter."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from baokan.topics.training import fit_all, training_rows
from baokan.words.audit import OTHER_ENGINE
from baokan.words.inforce import WordLists
from baokan.words.segmentation import tokens_of
from baokan.words.vocabulary import TooLittleText, article_counts, words_tables

WITHOUT_TERMS = "without terms"


def wanted(engines: pd.DataFrame, changed: pd.DataFrame, engine: str) -> list[str]:
    """The segmentations that are worth a fit. Without the terms, if the terms change a token. The other segmenter, if it
    was tried on the whole corpus and differs: on a part of it nothing can be fitted."""
    names = [WITHOUT_TERMS] if changed.loc[changed["by"] == "terms", "changed"].sum() else []
    whole = changed.loc[changed["by"] == "engine", "whole"].all()
    return names + ([OTHER_ENGINE[engine]] if len(engines) and whole else [])


def segmentations(
    texts: Callable[[], Iterable[tuple[str, str, str]]],
    articles: pd.DataFrame,
    lists: WordLists,
    names: list[str],
    config: dict,
    k: int,
) -> dict[str, np.ndarray]:
    """By name, the topic shares of articles, shape (A, K), float32, of the first fit of the chosen K.

    texts: gives (article_id, title, text) of each row of `articles` in their order, each time it is called. A way of
    cutting that leaves too few terms for a model is left out.
    """
    settings, topics, ids = config["words"], config["topics"], list(articles["article_id"])
    found = {}
    for name in names:
        terms = [] if name == WITHOUT_TERMS else lists.terms
        engine = settings["engine"] if name == WITHOUT_TERMS else name
        tokens = tokens_of(texts(), engine, terms, settings["simplify"])
        try:
            tables, counts = words_tables(
                articles, tokens, lists._replace(terms=terms), settings, topics["chunk_tokens"]
            )
        except TooLittleText:
            continue
        training = training_rows(tables["chunks"], articles, topics["issue_cap"], config["seed"])
        by_article = article_counts(tables["chunks"], counts, ids)
        fits = fit_all(
            topics["engine"], counts, training, by_article, k, range(1), config["seed"], topics["iterations"]
        )
        found[name] = fits.theta[0]
    return found
