"""Which terms are counted and why the others are not; the counts of chunks; TF-IDF by source."""

from collections import Counter

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.errors import UserError
from baokan.folding import fold
from baokan.words.chunking import windows

KEPT = "kept"


def is_content(word: str, tag: str) -> bool:
    """Whether a word carries content: a noun, verb or idiom, and no name of a person (nr) or place (ns).

    Tags as jieba gives them. Function verbs are left to the stopword list.
    """
    return tag[:1] in "nvijl" and tag[:2] not in ("nr", "ns") and tag not in ("vshi", "vyou")


def has_han(word: str) -> bool:
    """Whether a word has a Chinese character: numbers, Latin and marks are no terms."""
    return any("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U0003ffff" for c in word)


def drop_reasons(
    tokens: pd.DataFrame, articles: pd.DataFrame, stopwords: list[str], settings: dict
) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """The vocabulary table, and for each article the mask of its tokens that are counted.

    tokens: rows of `segmentation.tokens_table`, one for each row of `articles` (article_id, source, duplicate_of).
    settings: the `words` part of the configuration. The table has a row per distinct word: term, index (its column in
    the counts, -1 if dropped), n_articles, n_tokens, one column articles_<source> each, and status, which is "kept" or
    says why not. A word may be counted in one sense and not in another (part of speech): it is kept if any is.
    Duplicates within a source are left out of all counts. Where text is folded to Simplified, so are the stopwords.
    """
    stop = set(map(fold if settings["simplify"] else str, stopwords))
    content_only = settings["parts_of_speech"] == "content"
    own = articles["duplicate_of"].to_numpy() == ""
    sources = sorted(articles.loc[own, "source"].unique())
    n_tokens, n_articles = Counter(), Counter()
    by_source = {s: Counter() for s in sources}
    speech_ok: set[str] = set()
    for words, tags, source, counts in zip(tokens["tokens"], tokens["tags"], articles["source"], own, strict=True):
        if counts:
            n_tokens.update(words)
            n_articles.update(distinct := set(words))
            by_source[source].update(distinct)
            if content_only:
                speech_ok.update(w for w, t in zip(words, tags, strict=True) if is_content(w, t))
    most = max(settings["max_article_share"] * own.sum(), settings["min_articles"])
    rows = []
    for term in sorted(n_tokens):
        if not has_han(term):
            status = "no Chinese character"
        elif len(term) < settings["min_length"]:
            status = f"shorter than {settings['min_length']}"
        elif term in stop:
            status = "stopword list"
        elif content_only and term not in speech_ok:
            status = "part of speech"
        elif n_articles[term] < settings["min_articles"]:
            status = f"in fewer than {settings['min_articles']} articles"
        elif n_articles[term] > most:
            status = f"in more than {100 * settings['max_article_share']:.6g}% of articles"
        else:
            status = KEPT
        rows.append((term, status, n_articles[term], n_tokens[term], *(by_source[s][term] for s in sources)))
    table = pd.DataFrame(
        rows, columns=["term", "status", "n_articles", "n_tokens", *(f"articles_{s}" for s in sources)]
    )
    kept = table["status"] == KEPT
    table.insert(1, "index", np.where(kept, kept.cumsum() - 1, -1).astype(np.int32))
    keep = set(table.loc[kept, "term"])
    masks = [
        np.array([w in keep and (not content_only or is_content(w, t)) for w, t in zip(ws, ts, strict=True)], bool)
        for ws, ts in zip(tokens["tokens"], tokens["tags"], strict=True)
    ]
    return table, masks


def chunk_counts(
    tokens: pd.DataFrame, masks: list[np.ndarray], vocabulary: pd.DataFrame, chunk_tokens: int
) -> tuple[pd.DataFrame, sparse.csr_matrix]:
    """The chunks table (chunk_id, article_id, tokens: the counted ones in their order, n_tokens) and the counts,
    shape (n_chunks, n_terms). An article with no counted token has no chunk."""
    kept = vocabulary[vocabulary["index"] >= 0]
    column = dict(zip(kept["term"], kept["index"], strict=True))
    rows, indptr, indices = [], [0], []
    for article_id, words, ends, mask in zip(
        tokens["article_id"], tokens["tokens"], tokens["paragraph_ends"], masks, strict=True
    ):
        number = 0
        for start, end in windows(list(ends), mask, chunk_tokens):
            chunk = [w for w, m in zip(words[start:end], mask[start:end], strict=True) if m]
            if chunk:
                rows.append((f"{article_id}/{number}", article_id, chunk, len(chunk)))
                indices += [column[w] for w in chunk]
                indptr.append(len(indices))
                number += 1
    counts = sparse.csr_matrix(
        (np.ones(len(indices), np.int32), np.array(indices, np.int32), np.array(indptr)), shape=(len(rows), len(kept))
    )
    counts.sum_duplicates()
    return pd.DataFrame(rows, columns=["chunk_id", "article_id", "tokens", "n_tokens"]), counts


def article_counts(chunks: pd.DataFrame, counts: sparse.csr_matrix, article_ids: list[str]) -> sparse.csr_matrix:
    """Counts by article, shape (len(article_ids), n_terms); an article without chunks is a row of zeros."""
    row = {a: i for i, a in enumerate(article_ids)}
    rows = [row[a] for a in chunks["article_id"]]
    pick = sparse.csr_matrix(
        (np.ones(len(rows), np.int32), (rows, np.arange(len(rows)))), shape=(len(article_ids), len(rows))
    )
    return (pick @ counts).tocsr()


def tfidf_by_source(counts: sparse.csr_matrix, articles: pd.DataFrame, terms: list[str], top: int) -> pd.DataFrame:
    """The `top` terms of each source by mean TF-IDF: source, rank, term, tfidf, tfidf_elsewhere, n_articles, n_issues.

    counts: shape (n_articles, n_terms), rows as in `articles` (source, issue_id). Weighting ltc in SMART notation:
    1 + ln tf, times smoothed ln idf, rows scaled to unit length (Manning, Raghavan & Schuetze 2008, ch. 6;
    scikit-learn's TfidfTransformer). A source's value is the mean over its articles, so that a long article weighs no
    more than a short one. Terms in a single issue of a source are listed last for want of breadth. Articles of no issue
    (issue_id "") add nothing to n_issues.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    if counts.shape[0] == 0 or counts.shape[1] == 0:
        return pd.DataFrame(
            columns=["source", "rank", "term", "tfidf", "tfidf_elsewhere", "n_articles", "n_issues"]
        ).astype({"rank": int, "tfidf": float, "tfidf_elsewhere": float, "n_articles": int, "n_issues": int})
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts.astype(float)).tocsr()
    present = counts.astype(bool)
    source = articles["source"].to_numpy()
    frames = []
    for name in sorted(set(source)):
        inside = source == name
        mean = np.asarray(weights[inside].mean(axis=0)).ravel()
        elsewhere = np.asarray(weights[~inside].mean(axis=0)).ravel() if (~inside).any() else np.zeros(len(terms))
        issues = articles.loc[inside, "issue_id"]
        issue_numbers, issue_names = pd.factorize(issues.where(issues != ""))
        dated = np.flatnonzero(issue_numbers >= 0)
        by_issue = sparse.csr_matrix(
            (np.ones(len(dated)), (issue_numbers[dated], dated)), shape=(len(issue_names), inside.sum())
        )
        n_issues = np.asarray(((by_issue @ present[inside].astype(float)) > 0).sum(axis=0)).ravel()
        n_articles = np.asarray(present[inside].sum(axis=0)).ravel()
        frame = pd.DataFrame(
            {
                "source": name,
                "term": terms,
                "tfidf": mean,
                "tfidf_elsewhere": elsewhere,
                "n_articles": n_articles.astype(int),
                "n_issues": n_issues.astype(int),
            }
        )
        frame = frame[frame["tfidf"] > 0]
        frame["narrow"] = (frame["n_issues"] < 2) & (len(issue_names) > 1)
        frame = frame.sort_values(["narrow", "tfidf", "term"], ascending=[True, False, True]).head(top)
        frame.insert(1, "rank", np.arange(1, len(frame) + 1))
        frames.append(frame.drop(columns="narrow"))
    return pd.concat(frames, ignore_index=True)


class TooLittleText(UserError):
    """A corpus from which too little remains to be modelled; the text says what to change."""


SMALLEST_VOCABULARY = 10
TFIDF_TERMS = 100


def words_tables(
    articles: pd.DataFrame, tokens: pd.DataFrame, stopwords: list[str], settings: dict, chunk_tokens: int
) -> tuple[dict[str, pd.DataFrame], sparse.csr_matrix]:
    """The tables vocabulary, chunks and tfidf, and the counts of chunks, shape (n_chunks, n_terms).

    articles: the gathered table; tokens: rows of `segmentation.tokens_table` in any order. TF-IDF leaves out repeats
    within a source. Raises TooLittleText, with what to change, if fewer than SMALLEST_VOCABULARY terms are kept.
    """
    tokens = tokens.set_index("article_id").loc[articles["article_id"]].reset_index()
    vocabulary, masks = drop_reasons(tokens, articles, stopwords, settings)
    n_terms = int((vocabulary["index"] >= 0).sum())
    if n_terms < SMALLEST_VOCABULARY:
        why = vocabulary.loc[vocabulary["index"] < 0, "status"].value_counts().head(3)
        raise TooLittleText(
            f"Only {n_terms} terms are left of {len(vocabulary):,} in {len(articles):,} articles, too few for a topic "
            "model. Dropped: "
            + ", ".join(f"{n:,} ({reason})" for reason, n in why.items())
            + ". Add text, lower words.min_articles, raise words.max_article_share, or set words.parts_of_speech: all."
        )
    chunks, counts = chunk_counts(tokens, masks, vocabulary, chunk_tokens)
    own = (articles["duplicate_of"] == "").to_numpy()
    by_article = article_counts(chunks, counts, list(articles["article_id"]))
    terms = list(vocabulary.loc[vocabulary["index"] >= 0, "term"])
    tfidf = tfidf_by_source(by_article[own], articles[own].reset_index(drop=True), terms, TFIDF_TERMS)
    return {"vocabulary": vocabulary, "chunks": chunks, "tfidf": tfidf}, counts
