"""Which terms are counted and why the others are not, and the counts of chunks."""

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.corpus.originals import originals
from baokan.errors import UserError
from baokan.folding import fold
from baokan.numbers import level
from baokan.words.chunking import windows
from baokan.words.counting import spread, word_counts
from baokan.words.lexicon import WordLists
from baokan.words.parts_of_speech import ALL, BLANK, CONTENT, MARK, kinds
from baokan.words.tokens import Tokens, lengths

KEPT = "kept"
PARTS_OF_SPEECH = {"content": CONTENT, "all": ALL}


def counted_kinds(parts_of_speech: str | list[str]) -> tuple[str, ...]:
    """The kinds of words that are counted: of "content", "all", or a list of kinds."""
    return PARTS_OF_SPEECH[parts_of_speech] if isinstance(parts_of_speech, str) else tuple(parts_of_speech)


def vocabulary_table(
    tokens: Tokens,
    articles: pd.DataFrame,
    lists: WordLists,
    settings: dict,
) -> tuple[pd.DataFrame, np.ndarray]:
    """The vocabulary table, and for each article's source which of the W words of `tokens` are counted, shape (A, ) of
    rows into a boolean matrix: (table, counted), counted of shape (n_sources, W), sources sorted.

    tokens: an article for each row of `articles` (source, issue_id, document_id, duplicate_of). settings: the
    `words` part of the configuration.

    A row per distinct word: term, index (its column in the counts, -1 if dropped), status ("kept", or why not), kind,
    lists (of stopwords that have it), dropped_in (sources that do not count it), n_tokens, n_articles, n_issues, and
    occurrences_<source>, articles_<source>, issues_<source>. Repeats within a source are left out of all counts. Where
    text is folded to Simplified, so are the lists.
    """
    simple = fold if settings["simplify"] else str
    stop: dict[str, str] = {}
    for word, files in lists.stopwords.items():
        stop[simple(word)] = ", ".join(filter(None, [stop.get(simple(word), ""), files]))
    keep = {simple(word) for word in lists.keep}
    allowed = counted_kinds(settings["parts_of_speech"])
    own = originals(articles)
    counts = word_counts(tokens)[own]
    where = spread(counts, articles[own])
    n_tokens, n_articles, n_issues = (a.sum(axis=0) for a in (where.occurrences, where.articles, where.issues))
    # A source of one issue cannot show a term in two: no more is asked than the sources that use it could give.
    possible = (where.n_issues[:, None] * (where.occurrences > 0)).max(axis=0, initial=0)
    # The share is that of the source where it is smallest: a word that one source has everywhere is its emphasis.
    article_share = (where.articles / where.n_articles[:, None]).min(axis=0, initial=1.0)
    issue_share = (where.issues / where.n_issues[:, None]).min(axis=0, initial=1.0)
    kind = np.array(kinds(tokens.words, map(simple, lists.terms)), dtype=object)
    size = lengths(tokens.words)
    status = np.full(len(tokens.words), KEPT, dtype=object)
    for reason, is_so in reversed(
        (
            ("stopword list", np.fromiter((w in stop for w in tokens.words), bool, len(tokens.words))),
            (f"in fewer than {settings['min_articles']} articles", n_articles < settings["min_articles"]),
            (f"in fewer than {settings['min_issues']} issues", n_issues < np.minimum(settings["min_issues"], possible)),
            (
                f"in more than {level(settings['max_article_share'])} of the articles of each source",
                (article_share > settings["max_article_share"]) & (n_articles > settings["min_articles"]),
            ),
            (
                f"in more than {level(settings['max_issue_share'])} of the issues of each source",
                issue_share > settings["max_issue_share"],
            ),
        )
    ):
        status[is_so] = reason
    status[size < settings["min_length"]] = f"shorter than {settings['min_length']} characters"
    strange = ~np.isin(kind.astype(str), allowed)
    status[strange] = "part of speech: " + kind[strange]
    if keep:
        status[np.fromiter((w in keep for w in tokens.words), bool, len(tokens.words))] = KEPT
    # Only repeats hold it, or it is no word.
    status[(n_tokens == 0) | np.isin(kind.astype(str), [MARK, BLANK])] = ""
    sources = sorted(articles["source"].unique())
    local = {s: {simple(w) for w in lists.source_stopwords.get(s, ())} - keep for s in sources}
    counted = np.tile(status == KEPT, (len(sources), 1))
    for row, words in zip(counted, local.values(), strict=True):
        if words:
            row &= np.fromiter((w not in words for w in tokens.words), bool, len(tokens.words))
    stands = np.zeros(counted.shape, bool)
    stands[[sources.index(s) for s in where.sources]] = where.occurrences > 0
    status[(status == KEPT) & ~(counted & stands).any(axis=0)] = "stopword of each source that has it"
    any_local = any(local.values())
    table = pd.DataFrame(
        {
            "term": tokens.words,
            "status": status,
            "kind": kind,
            "lists": [stop.get(w, "") for w in tokens.words],
            "dropped_in": [", ".join(s for s in sources if w in local[s]) if any_local else "" for w in tokens.words],
            "n_tokens": n_tokens,
            "n_articles": n_articles,
            "n_issues": n_issues,
        }
    )
    for name in ("occurrences", "articles", "issues"):
        for source, row in zip(where.sources, getattr(where, name), strict=True):
            table[f"{name}_{source}"] = row
    kept = table["status"] == KEPT
    table.insert(1, "index", np.where(kept, kept.cumsum() - 1, -1).astype(np.int32))
    shown = ~table["kind"].isin([MARK, BLANK]) & (table["n_tokens"] > 0)
    return table[shown].reset_index(drop=True), counted


def chunk_counts(
    tokens: Tokens, sources: np.ndarray, counted: np.ndarray, vocabulary: pd.DataFrame, chunk_tokens: int
) -> tuple[pd.DataFrame, sparse.csr_matrix]:
    """The chunks table (chunk_id, article_id, tokens: the counted ones in their order, n_tokens) and the counts,
    shape (n_chunks, n_terms). sources: row of `counted` for each article, shape (A,). An article with no counted token has
    no chunk."""
    kept = vocabulary[vocabulary["index"] >= 0]
    place = dict(zip(kept["term"], kept["index"], strict=True))
    column = np.array([place.get(w, -1) for w in tokens.words], np.int32)
    ends_paragraph = np.array(["\n" in w or "\r" in w for w in tokens.words], bool)
    rows, indptr, indices = [], [0], []
    for number, article_id in enumerate(tokens.article_ids):
        ids = tokens.ids[tokens.starts[number] : tokens.starts[number + 1]]
        mask = counted[sources[number]][ids] & (column[ids] >= 0)
        ends = [*(np.flatnonzero(ends_paragraph[ids]) + 1), len(ids)]
        chunk = 0
        for start, end in windows(ends, mask, chunk_tokens):
            inside = ids[start:end][mask[start:end]]
            if len(inside):
                rows.append((f"{article_id}/{chunk}", article_id, list(tokens.words[inside]), len(inside)))
                indices.append(column[inside])
                indptr.append(indptr[-1] + len(inside))
                chunk += 1
    flat = np.concatenate(indices) if indices else np.array([], np.int32)
    counts = sparse.csr_matrix((np.ones(len(flat), np.int32), flat, np.array(indptr)), shape=(len(rows), len(kept)))
    counts.sum_duplicates()
    return pd.DataFrame(rows, columns=["chunk_id", "article_id", "tokens", "n_tokens"]), counts


def kept_terms(vocabulary: pd.DataFrame) -> list[str]:
    """The terms that are counted, in the order of the columns of counts."""
    kept = vocabulary[vocabulary["index"] >= 0]
    return list(kept.sort_values("index")["term"])


class TooLittleText(UserError):
    """A corpus from which too little remains to be modelled; the text says what to change."""


SMALLEST_VOCABULARY = 10


def words_tables(
    articles: pd.DataFrame,
    tokens: Tokens,
    lists: WordLists,
    settings: dict,
    chunk_tokens: int,
) -> tuple[dict[str, pd.DataFrame], sparse.csr_matrix]:
    """The tables vocabulary and chunks, and the counts of chunks, shape (n_chunks, n_terms). Arguments as of
    `vocabulary_table`.

    Raises TooLittleText, with what to change, if fewer than SMALLEST_VOCABULARY terms are kept.
    """
    vocabulary, counted = vocabulary_table(tokens, articles, lists, settings)
    n_terms = int((vocabulary["index"] >= 0).sum())
    if n_terms < SMALLEST_VOCABULARY:
        why = vocabulary.loc[vocabulary["index"] < 0, "status"].value_counts().head(3)
        raise TooLittleText(
            f"Only {n_terms} terms are left of {len(vocabulary):,} in {len(articles):,} articles, too few for a topic "
            "model. Dropped: "
            + ", ".join(f"{n:,} ({reason})" for reason, n in why.items())
            + ". Add text, lower words.min_articles or words.min_issues, raise words.max_article_share, or set "
            "words.parts_of_speech: all."
        )
    sources = pd.Categorical(articles["source"], categories=sorted(articles["source"].unique())).codes
    chunks, counts = chunk_counts(tokens, sources, counted, vocabulary, chunk_tokens)
    return {"vocabulary": vocabulary, "chunks": chunks}, counts
