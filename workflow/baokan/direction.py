"""Characters that turn the direction of text, made harmless: a name in a corpus must not mirror the figures beside it."""

import re

# Marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode Standard Annex 9, section 2).
_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Letters that are written from right to left: Hebrew, Arabic and their kin, with the forms that old files use.
_LETTERS = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_MARK = re.compile(f"[{_MARKS}]")
_ISOLATED = f"\u2068[^{_MARKS}]*\u2069"
_RUN = f"[{_LETTERS}]+(?: +[{_LETTERS}]+)*"
_TURNS = re.compile(f"({_ISOLATED})|({_RUN})|[{_MARKS}]")


def shown(text: str) -> str:
    """`text` with each such mark as its number, "[U+202E]": to be seen, and without effect. Names that differ by one still do."""
    return text if text.isascii() else _MARK.sub(_number, text)


def harmless(text: str) -> str:
    """`text` as it may stand among others on a page: marks shown, and letters written from right to left set apart (between U+2068
    and U+2069), so that digits beside them keep their order. The same again when given what it gave."""
    return text if text.isascii() else _TURNS.sub(_apart, text)


def _apart(match: re.Match) -> str:
    return match[1] or (f"\u2068{match[2]}\u2069" if match[2] else _number(match))


def _number(match: re.Match) -> str:
    return f"[U+{ord(match[0]):04X}]"
