"""What the specifications of one choice of words hand on to the curve: estimates, what was tried, and shares of issues."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.comparing.limits import CONTRAST, WEIGHTINGS
from baokan.comparing.shares import issue_shares
from baokan.tables import read_parquet, write_arrays, write_parquet

REPORTED = 1  # number of the specification that is the run itself
CHOICES = ["words", "chunk_tokens", "engine", "k", "seed"]
SPECIFICATIONS = ["specification", *CHOICES, *CONTRAST, "similarity", "returns", "difference", "lower", "upper", "t", "p",
                  "same_sign", "holds"]  # fmt: skip
TRIED = ["specification", *CHOICES, "n_terms", "n_chunks", "counts", "outcome"]
_TYPES = {
    "str": ["words", "engine", "source_a", "source_b", "weighting", "counts", "outcome", "problem", "breaks", "kind", "choice"],
    "int64": ["specification", "chunk_tokens", "k", "seed", "topic_id", "n_terms", "n_chunks", "held", "total", "returning"],
    "float64": ["similarity", "difference", "lower", "upper", "t", "p", "median_difference", "p_curve", "p_held"],
    "bool": ["returns", "holds", "tested"],
}  # fmt: skip


class Part(NamedTuple):
    """What the specifications of one choice of words make of the contrasts. shares: shape (S, W, I, K''), float32, the
    share in each issue of what stands for each compared topic, NaN where an issue has no counted word."""

    specifications: pd.DataFrame  # columns SPECIFICATIONS, but for same_sign and holds
    tried: pd.DataFrame  # columns TRIED, but for the outcome; problem: why none was fitted, or ""
    numbers: np.ndarray  # of the S specifications that were fitted
    shares: np.ndarray


def all_issues(articles: pd.DataFrame) -> pd.DataFrame:
    """All issues that have an article, sorted by their id."""
    known = articles.assign(n_tokens=1)
    return issue_shares(known, np.ones((len(known), 1)), "article")[0].sort_values("issue_id", ignore_index=True)


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the types of its columns, which one without rows would not show. same_sign is a count where contrasts are
    summed up (a column `total`) and else whether it is so."""
    kinds = {column: kind for kind, columns in _TYPES.items() for column in columns}
    kinds["same_sign"] = "int64" if "total" in table else "bool"
    # Text as Python has it: what pandas makes of "str" differs between its versions.
    return table.astype({c: object if kinds[c] == "str" else kinds[c] for c in table.columns})


def joined(parts: Sequence[Part]) -> Part:
    """The parts of several choices of words as one."""
    specifications, tried = (
        typed(pd.concat(tables, ignore_index=True))
        for tables in ([p.specifications for p in parts], [p.tried for p in parts])
    )
    return Part(
        specifications, tried, np.concatenate([p.numbers for p in parts]), np.concatenate([p.shares for p in parts])
    )


def no_part() -> Part:
    """Of a curve that is not computed."""
    specifications = typed(pd.DataFrame(columns=SPECIFICATIONS[:-2]))
    tried = typed(pd.DataFrame(columns=[*TRIED[:-1], "problem"]))
    return Part(specifications, tried, np.array([], int), np.zeros((0, len(WEIGHTINGS), 0, 0), np.float32))


def write_part(found: Part, table: str | Path, tried: str | Path, shares: str | Path) -> None:
    """Write a part as two tables and a file of arrays."""
    write_parquet(found.specifications, table)
    write_parquet(found.tried, tried)
    write_arrays(shares, numbers=found.numbers, shares=found.shares)


def read_part(table: str | Path, tried: str | Path, shares: str | Path) -> Part:
    """The part that `write_part` has written."""
    with np.load(shares, allow_pickle=False) as file:
        return Part(typed(read_parquet(table)), typed(read_parquet(tried)), file["numbers"], file["shares"])
