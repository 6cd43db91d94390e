"""The tables of a run, each named once: where it lies below results/<name>/, and what a row is about.

Rules, report, closing words and notebooks take their paths from here; columns are explained in results/README.md.
Standard library only: the Snakefile reads it.
"""

from typing import NamedTuple


class Table(NamedTuple):
    """folder: below results/<name>/. key: the columns that tell its rows apart. csv: written for people as well."""

    folder: str
    key: tuple[str, ...]
    csv: bool = True


_PAIR = ("source_a", "source_b", "weighting")

TABLES: dict[str, Table] = {
    # what was read
    "documents": Table("corpus", ("document_id",)),
    "articles": Table("corpus", ("article_id",)),
    "furniture": Table("corpus", ("document_id", "start", "end", "kind")),
    "doubts": Table("corpus", ("document_id", "start", "end", "kind", "words")),
    "corrections": Table("corpus", ("row",)),
    "repeats": Table("corpus", ("article_id",), csv=False),
    "reprints": Table("corpus", ("article_a", "article_b")),
    # its words
    "terms": Table("words", ("term",)),
    "vocabulary": Table("words", ("term",)),
    "chunks": Table("words", ("chunk_id",), csv=False),
    "keyness": Table("words", ("source", "against", "term")),
    "dropped": Table("words", ("source", "term")),
    "tfidf": Table("words", ("source", "term")),
    "tfidf_articles": Table("words", ("article_id", "term")),
    "term_test": Table("words", ("term",)),
    "engines": Table("words", ("here", "there")),
    "term_effect": Table("words", ("here", "there")),
    "changed": Table("words", ("by", "source"), csv=False),
    "contexts": Table("words", ("word", "source", "article_id", "start"), csv=False),
    # its topics
    "topics": Table("topics", ("topic_id",)),
    "search": Table("topics", ("k", "seed")),
    "article_topics": Table("topics", ("article_id", "topic_id")),
    "passages": Table("topics", ("topic_id", "article_id")),
    "rulings": Table("topics", ("row",)),
    # sources compared
    "shares": Table("compare", ("topic_id", "source", "weighting")),
    "issue_shares": Table("compare", ("topic_id", "issue_id", "weighting")),
    "contrasts": Table("compare", ("topic_id", *_PAIR)),
    "candidates": Table("compare", ("topic_id", *_PAIR), csv=False),
    "style": Table("compare", ("topic_id",)),
    "balance": Table("compare", ("source_a", "source_b", "confound")),
    "matched": Table("compare", ("topic_id", *_PAIR, "confound")),
    "calendar": Table("compare", ("issue_id",)),
    "coverage": Table("compare", ("source",)),
    "gaps": Table("compare", ("source", "publication", "from")),
    "overlaps": Table("compare", ("source_a", "source_b")),
    "timeline": Table("compare", ("source", "topic_id", "weighting", "period")),
    "changes": Table("compare", ("source", "topic_id", "weighting")),
    "placebo": Table("compare", ("kind", "draw", "source", "topic_id", *_PAIR)),
    "placebo_contrasts": Table("compare", ("topic_id", *_PAIR)),
    "placebo_sizes": Table("compare", _PAIR),
    "ranks": Table("compare", ("topic_id", "weighting", "source", "reference")),
    "divergence": Table("compare", ("by", *_PAIR)),
    "shifts": Table("compare", ("by", *_PAIR, "item")),
    "reprinting": Table("compare", ("first", "later")),
    "specifications": Table("compare", ("specification", "topic_id", *_PAIR)),
    "survival": Table("compare", ("topic_id", *_PAIR)),
    "tried": Table("compare", ("specification",)),
    "themes": Table("compare", ("theme", "term")),
    "theme_shares": Table("compare", ("theme", "source", "weighting")),
    "theme_contrasts": Table("compare", ("theme", *_PAIR)),
    "theme_topics": Table("compare", ("theme", "topic_id")),
}

# Tables in words, and those of numbers and reasons that they are made of (`baokan.claims`): the same rows.
NUMBERS = {name: f"{name}_numbers" for name in (
    "theme_contrasts", "balance", "matched", "coverage", "gaps", "overlaps", "timeline", "changes", "placebo_contrasts", "ranks",
    "divergence", "reprinting", "survival",
)} | {"contrasts": "tested"}  # fmt: skip
TABLES |= {n: TABLES[name]._replace(csv=False) for name, n in NUMBERS.items()}


def path_of(table: str) -> str:
    """Where a table lies below results/<name>/. Raises KeyError for one that is not named here."""
    return f"{TABLES[table].folder}/{table}.parquet"
