"""What the report says of words: the distinctive ones, the terms, what the filters took, and what segmentation changes."""

import pandas as pd

from baokan.reporting.looks import source_colour
from baokan.words.keyness import ALL_OTHERS

KEY_TERMS, FOUND_TERMS, DROPPED_WORDS, EXAMPLES = 15, 60, 10, 10
# A filter that looks at single characters, numbers or grammar takes away style more often than a theme.
LISTED = "stopword list"


def words_of(tables: dict[str, pd.DataFrame], sources: list[str], places: dict[str, str], words: dict) -> dict:
    """What the templates show of words. tables: by the names of the rule's inputs; places: word to its place below
    contexts/; words: that part of the configuration."""
    keyness = tables["keyness"]
    main = keyness[keyness["against"] == ALL_OTHERS]
    terms, tests = tables["terms"], tables["term_test"]
    found = terms[terms["status"] == "kept"]
    changed = tables["changed"]
    vocabulary = tables["vocabulary"]
    return {
        "places": places,
        "keyness": [_distinctive(s, sources, main, tables["articles"]) for s in sources if (main["source"] == s).any()],
        "found": [_found(t, sources) for t in found.head(FOUND_TERMS).to_dict("records")],
        "n_found": len(found),
        "discover": words["discover"],
        "n_terms": len(tests),
        "tests": [(s, int(n)) for s, n in tests["status"].value_counts().items()],
        "broken": tests[~tests["status"].isin(["kept whole", "does not occur"])].head(EXAMPLES).to_dict("records"),
        "dropped": [_dropped(s, sources, tables["dropped"]) for s in sources],
        "n_findings": int(tables["dropped"]["finding"].sum()),
        "local": vocabulary[vocabulary["dropped_in"] != ""][["term", "dropped_in"]].to_dict("records"),
        "changed": [_changed(name, changed) for name in ("terms", "engine")],
        "engine_examples": tables["engines"].head(EXAMPLES).to_dict("records"),
        "effect_examples": tables["term_effect"].head(EXAMPLES).to_dict("records"),
    }


def _distinctive(source: str, sources: list[str], main: pd.DataFrame, articles: pd.DataFrame) -> dict:
    rows = main[main["source"] == source].sort_values("rank")
    sure = rows[rows["bound"] > 0]
    return {
        "source": source,
        "colour": source_colour(sources, source),
        "unit": rows["unit"].iloc[0],
        "n_sure": len(sure),
        "rows": (sure if len(sure) >= 5 else rows).head(KEY_TERMS).to_dict("records"),
    }


def _found(row: dict, sources: list[str]) -> dict:
    return {
        "term": row["term"],
        "pieces": row["pieces"],
        "n_tokens": row["n_tokens"],
        "by_source": [(s, int(row[f"occurrences_{s}"])) for s in sources if f"occurrences_{s}" in row],
    }


def _dropped(source: str, sources: list[str], dropped: pd.DataFrame) -> dict:
    rows = dropped[dropped["source"] == source]
    findings = rows[rows["finding"]]
    # A word that a list took stands first: of the reasons it is the easiest to put right.
    first = (findings["status"] != LISTED).to_numpy()
    return {
        "source": source,
        "colour": source_colour(sources, source),
        "n": len(findings),
        "rows": findings.iloc[first.argsort(kind="stable")].head(DROPPED_WORDS).to_dict("records"),
    }


def _changed(name: str, changed: pd.DataFrame) -> dict:
    rows = changed[changed["by"] == name]
    tokens = int(rows["tokens"].sum())
    return {
        "by": name,
        "tokens": tokens,
        "changed": int(rows["changed"].sum()),
        "share": rows["changed"].sum() / tokens if tokens else 0.0,
        "whole": bool(rows["whole"].all()),
        "sources": rows[["source", "share"]].to_dict("records"),
    }
