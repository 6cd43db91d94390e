"""The words by which sources differ: keyness of the terms that are counted, and of those that were dropped."""

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.corpus.originals import originals
from baokan.words.counting import summed, word_counts
from baokan.words.keyness import ALL_OTHERS, keyness
from baokan.words.parts_of_speech import BLANK, MARK, kinds
from baokan.words.tfidf import tfidf_by_article, tfidf_by_source
from baokan.words.tokens import Tokens
from baokan.words.vocabulary import KEPT

SOURCE_TERMS, ARTICLE_TERMS = 100, 20  # of the tables of TF-IDF
LEAST = 5  # occurrences of a word that is compared


def units_of(articles: pd.DataFrame, min_issues: int) -> tuple[np.ndarray, pd.DataFrame]:
    """(unit of each article, units): what keyness takes for an independent witness.

    An issue, in a source of `min_issues` issues or more; its articles of no issue are in no unit (""). In a source of
    fewer an article: then the interval describes how evenly the word is spread over what was read, and no more.
    units: source and kind ("issue" or "article"), a row per unit, sorted by name.
    """
    issues = articles[articles["issue_id"] != ""].groupby("source")["issue_id"].nunique()
    many = articles["source"].map(issues).fillna(0).to_numpy() >= min_issues
    unit = np.where(many, articles["issue_id"], articles["article_id"])
    known = pd.DataFrame(
        {"unit": unit, "source": articles["source"].to_numpy(), "kind": np.where(many, "issue", "article")}
    )
    units = known[known["unit"] != ""].drop_duplicates("unit").sort_values("unit", ignore_index=True)
    return unit, units


def distinctive_tables(
    tokens: Tokens, articles: pd.DataFrame, vocabulary: pd.DataFrame, scheme: str, min_issues: int, confidence: float
) -> dict[str, pd.DataFrame]:
    """The tables keyness, dropped, tfidf and tfidf_articles.

    tokens: an article for each row of `articles` (article_id, source, issue_id, duplicate_of); repeats within a source are
    left out. keyness: of the terms that are counted, as in `keyness.keyness`. dropped: of the words that are not, with
    `finding`: whether the word is more frequent in the source than in the others at `confidence` for all dropped words
    together (Bonferroni): a filter took away what tells the sources apart.
    """
    own = originals(articles)
    articles = articles[own].reset_index(drop=True)
    counts = word_counts(tokens)[own]
    running = ~np.isin(np.array(kinds(tokens.words), dtype=object), [MARK, BLANK])
    unit, units = units_of(articles, min_issues)
    _, by_unit = summed(counts, unit)
    sizes = np.asarray(by_unit[:, np.flatnonzero(running)].sum(axis=1)).ravel()
    place = {w: i for i, w in enumerate(tokens.words)}
    about = vocabulary.assign(column=[place[t] for t in vocabulary["term"]])
    # A word that one source does not count cannot be compared; it is audited with the dropped ones.
    local = (about["status"] == KEPT) & (about["dropped_in"] != "")
    about["status"] = about["status"].where(~local, "stopword of " + about["dropped_in"])
    kept, dropped = about[about["status"] == KEPT], about[about["status"] != KEPT]
    terms = list(kept["term"])
    table = keyness(by_unit[:, kept["column"].to_numpy()], sizes, units, terms, confidence, least=LEAST)
    by_article = counts[:, kept["column"].to_numpy()].tocsr()
    return {
        "keyness": table,
        "dropped": _dropped(by_unit, sizes, units, dropped, confidence),
        "tfidf": tfidf_by_source(by_article, articles, terms, SOURCE_TERMS, scheme),
        "tfidf_articles": tfidf_by_article(by_article, articles, terms, ARTICLE_TERMS, scheme),
    }


def _dropped(
    by_unit: sparse.csr_matrix, sizes: np.ndarray, units: pd.DataFrame, dropped: pd.DataFrame, confidence: float
) -> pd.DataFrame:
    columns = dropped["column"].to_numpy()
    often = int((dropped["n_tokens"] >= LEAST).sum())
    tests = max(1, often * units["source"].nunique())
    table = keyness(by_unit[:, columns], sizes, units, list(dropped["term"]), 1 - (1 - confidence) / tests, least=LEAST)
    table = table[(table["against"] == ALL_OTHERS) & (table["log_odds"] > 0)].drop(columns="against")
    table = table.merge(dropped[["term", "status", "kind", "lists"]], on="term", validate="many_to_one")
    table["finding"] = table["bound"].fillna(0) > 0
    first = ["source", "term", "status", "kind", "lists", "finding", "bound", "z"]
    table = table.sort_values(["source", "bound", "z", "term"], ascending=[True, False, False, True], ignore_index=True)
    return table[[*first, *(c for c in table if c not in (*first, "rank"))]]
