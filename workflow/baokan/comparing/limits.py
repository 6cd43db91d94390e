"""What may be claimed: the limits that the user sets, and the rules that stand behind every comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

ALPHA = 0.05
WEIGHTINGS = ("article", "token")  # what counts once within an issue
CONTRAST = ["topic_id", "source_a", "source_b", "weighting"]  # the key of a contrast in all tables
# A check needs no fine p-value: it asks whether a difference is there again.
CHECK_PERMUTATIONS = 999


def check_weighting(weighting: str) -> None:
    """Raise ValueError for a weighting that is not one of WEIGHTINGS."""
    if weighting not in WEIGHTINGS:
        raise ValueError(f"weighting must be one of {', '.join(WEIGHTINGS)}; got {weighting!r}")


@dataclass(frozen=True)
class Limits:
    """What a comparison is held to, as `compare` of the configuration has it.

    Raises ValueError for permutations below 1, min_issues below 2 (one issue has no variance), min_articles below 0, a
    confidence outside (0, 1), or an unknown weighting.
    """

    min_issues: int = 6  # on each side
    min_articles: float = 5  # of the topic, expected on the thinner side
    confidence: float = 0.95
    permutations: int = 9999
    weighting: str = "article"  # the one that is told

    def __post_init__(self) -> None:
        check_weighting(self.weighting)
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence must lie between 0 and 1, got {self.confidence}")
        if self.min_issues < 2:
            raise ValueError(f"min_issues must be at least 2, for one issue has no variance; got {self.min_issues}")
        if self.min_articles < 0:
            raise ValueError(f"min_articles must not be negative, got {self.min_articles}")
        if self.permutations < 1:
            raise ValueError(f"permutations must be at least 1, got {self.permutations}")

    @classmethod
    def of(cls, compare: Mapping[str, Any]) -> Limits:
        """Those of the part `compare` of the configuration."""
        return cls(**{field.name: compare[field.name] for field in fields(cls)})

    def of_a_check(self, permutations: int = CHECK_PERMUTATIONS) -> Limits:
        """The same for a check: how frequent a topic is was asked of what is checked, and is not asked again."""
        return replace(self, permutations=permutations, min_articles=0)

    def with_permutations(self, permutations: int) -> Limits:
        """The same with so many permutations."""
        return replace(self, permutations=permutations)

    def enough_articles(self, expected: np.ndarray) -> np.ndarray:
        """Whether the expected articles reach the minimum; rounding (one part in 10^9) does not decide."""
        return np.asarray(expected >= self.min_articles * (1 - 1e-9))


DEFAULTS = Limits()


def is_robust(held: int, total: int) -> bool:
    """Whether a claim holds in at least 80 % of the ways in which it was made again."""
    return 5 * held >= 4 * total
