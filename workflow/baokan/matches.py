"""Matches of patterns that fit any text, such as those that may match nothing at all."""

import re


def sure(match: re.Match[str] | None) -> re.Match[str]:
    """`match`, of a pattern that fits wherever it is tried. Raises ValueError where it did not."""
    if match is None:
        raise ValueError("a pattern that fits everywhere found no match")
    return match
