"""Small repairs of a paragraph or a headline: each looks at a text and says what to change.

A repair is a function from (text, prose) to edits, `(start, end, new)`, sorted and without overlap; prose is False for
a headline, where blanks may be marks. REPAIRS names them in the order in which they are made; each can be switched off
by its key in the `cleaning` part of the configuration, and its edits are counted for each document.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from baokan.articles.offsets import Edit, Mapped
from baokan.characters import CJK, HAN

_SPACE = r"[ \t\u3000\u00a0]+"

# --- spacing

# Blanks stay between the names of “（记者 某某 某某）”.
_IN_PROSE = re.compile(
    rf"([（(][^（）()]{{0,12}}(?:记者|通讯员)[^（）()]{{0,60}}[）)])|(?<=[{CJK}]){_SPACE}(?=[{CJK}\d])|(?<=\d){_SPACE}(?=[{CJK}])"
)
_SIGN = CJK.replace(r"\u3000-", r"\u3001-")  # without the ideographic blank
# Characters set apart: all words of the line have one or two ("各 项 工 作", "通 知"), or three in a row have one.
_SPACED_OUT = re.compile(
    rf"^[{_SIGN}]{{1,2}}(?:{_SPACE}+[{_SIGN}]{{1,2}})++$|(?<![{_SIGN}])[{_SIGN}](?:{_SPACE}+[{_SIGN}](?![{_SIGN}])){{2,}}"
)
_BLANK_RUN = re.compile(_SPACE)


def spacing(text: str, prose: bool = True) -> list[Edit]:
    """Blanks that typesetting put between characters go: "通 知" -> "通知"; in prose also "4月 30日" -> "4月30日". In a
    headline a blank between two words of two or more characters is a mark of its own and stays: "以身作则 率先垂范".
    Blanks between Latin words stay."""
    if not _BLANK_RUN.search(text):
        return []
    if prose:
        return [(m.start(), m.end(), "") for m in _IN_PROSE.finditer(text) if m[1] is None]
    return [
        (m.start() + blank.start(), m.start() + blank.end(), "")
        for m in _SPACED_OUT.finditer(text)
        for blank in _BLANK_RUN.finditer(m[0])
    ]


# --- characters without width

_NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]+")


def invisible(text: str, prose: bool = True) -> list[Edit]:
    """Characters without width go: soft hyphens, joiners, direction marks, variation selectors."""
    return [] if text.isascii() else [(m.start(), m.end(), "") for m in _NO_WIDTH.finditer(text)]


# --- forms of characters

# Marks as they are set in vertical lines, and small ones.
_SET_VERTICALLY = "︐︑︒︓︔︕︖︗︘︙︰︱︲︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈"
_SMALL = "﹐﹑﹒﹔﹕﹖﹗﹙﹚"
_MARK_FORMS = dict(zip(_SET_VERTICALLY, "，、。：；！？〖〗…：—–（）｛｝〔〕【】《》〈〉「」『』［］", strict=True))
_MARK_FORMS |= dict(zip(_SMALL, "，、．；：？！（）", strict=True))


def _plain_forms() -> dict[str, str]:
    """Characters whose compatibility form (NFKC) is the same Chinese character, letter or digit and nothing else.

    Not all of NFKC: it would write … as three points, ① as 1, ㎡ as m2, and Chinese marks in half width.
    """
    blocks = [
        range(0x2E80, 0x2FE0),  # radicals, as some PDFs have them for characters
        range(0xF900, 0xFB00),  # compatibility ideographs
        range(0x2F800, 0x2FA20),
        range(0xFF10, 0xFF1A),  # full-width digits
        range(0xFF21, 0xFF3B),  # full-width letters
        range(0xFF41, 0xFF5B),
    ]
    forms = {chr(c): unicodedata.normalize("NFKC", chr(c)) for block in blocks for c in block}
    return {char: plain for char, plain in forms.items() if plain != char and len(plain) == 1} | _MARK_FORMS


_FORMS = _plain_forms()
# By ranges: a class of a thousand single characters is ten times slower. What is in them and in no table stays.
_ANY_FORM = re.compile(
    "[\u2e80-\u2fdf\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe5a\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0002f800-\U0002fa1f]+"
)
_FORM_TABLE = str.maketrans(_FORMS)


def forms(text: str, prose: bool = True) -> list[Edit]:
    """One form for one character: "２０２３年" -> "2023年", "⼀" (a radical) -> "一", "︽" (set vertically) -> "《"."""
    if text.isascii():
        return []
    found = ((m.start(), m.end(), m[0], m[0].translate(_FORM_TABLE)) for m in _ANY_FORM.finditer(text))
    return [(start, end, plain) for start, end, form, plain in found if plain != form]


# --- marks

_TO_FULL = str.maketrans(",;:?!()", "，；：？！（）")
_HALF_WIDTH = re.compile(r"[,;:?!()]")
_HALF_MARK = re.compile(rf"(?<=[{CJK}%％])[,;:?!](?![A-Za-z])|(?<=[\dA-Za-z])[,;:?!](?=[{HAN}“《（])")
# A pair of brackets changes as one: with Chinese in it, before it or after it; then what has lost its other half.
_HALF_BRACKETS = re.compile(
    rf"\([^()\n{CJK}]*+[{CJK}][^()\n]*+\)|(?<=[{CJK}])\([^()\n]*+\)|\([^()\n]*+\)(?=[{CJK}])"
    rf"|\((?=[{CJK}])(?![^()\n]*+\))|(?<=[{CJK}])\)"
)


def marks(text: str, prose: bool = True) -> list[Edit]:
    """The half-width marks of Chinese sentences in their full-width form: "方针,实施" -> "方针，实施"; "1,000" and
    "Wang, L." stay. Brackets change where Chinese is in them or beside them."""
    if not _HALF_WIDTH.search(text):
        return []
    widened = _HALF_BRACKETS.sub(_widen_ends, text)
    widened = _HALF_MARK.sub(lambda match: match[0].translate(_TO_FULL), widened)
    if widened == text:
        return []
    return [(i, i + 1, b) for i, (a, b) in enumerate(zip(text, widened, strict=True)) if a != b]


def _widen_ends(match: re.Match) -> str:
    found = match[0]
    return found[0].translate(_TO_FULL) + found[1:-1] + found[-1].translate(_TO_FULL) * (len(found) > 1)


# --- slips of language

# Small words of English between Chinese characters: machines that read or mend Chinese leave them behind.
_SLIP = re.compile(
    rf"(?<=[{HAN}”》）])[ \t]*(and|or|of|the|in|on|at|to|for|with|by|from|as|is|are|was|were|be|but|not|this|that|which|has"
    r"|have|will)"
    rf"[ \t]*(?=[{HAN}“《（])"
)
_SMALL_LETTER = re.compile("[a-z]")
_CLAUSE_END = re.compile(r"[。！？；，,;!?\n]")


def language_slips(text: str) -> list[tuple[int, int, str]]:
    """The slips of `text`: [start, end) with its blanks, and the word."""
    return [(m.start(), m.end(), m[1]) for m in _SLIP.finditer(text)] if _SMALL_LETTER.search(text) else []


def slips(text: str, prose: bool = True) -> list[Edit]:
    """“思路 and 办法” -> “思路和办法”: the one "and" of a clause can only be 和. Where a clause has several (“甲 and 乙 and
    丙”), some stand for 、 and none is changed; nor is any other word, for which there is no one Chinese word."""
    slips_found = language_slips(text)
    ends = [m.start() for m in _CLAUSE_END.finditer(text)] if slips_found else []
    found = [(bisect_left(ends, start), start, end, word) for start, end, word in slips_found]
    in_clause = Counter(clause for clause, *_ in found)
    return [(start, end, "和") for clause, start, end, word in found if word == "and" and in_clause[clause] == 1]


# --- all of them

Repair = Callable[[str, bool], list[Edit]]


@dataclass(frozen=True)
class Kind:
    """A repair: the key that switches it, the column of the documents table that counts it, and what it counts."""

    key: str
    column: str
    repair: Repair
    unit: Callable[[Edit], int] = lambda edit: 1
    words: str = ""


REPAIRS = (
    Kind("remove_invisible", "invisible_removed", invisible, lambda e: e[1] - e[0], "characters without width removed"),
    Kind("fold_forms", "forms_folded", forms, lambda e: e[1] - e[0], "characters in another form folded"),
    Kind("repair_slips", "slips_repaired", slips, words="English words put back into Chinese"),
    Kind("remove_spacing", "blanks_removed", spacing, lambda e: e[1] - e[0], "typesetting blanks removed"),
    Kind("full_width_marks", "marks_widened", marks, words="half-width marks widened"),
)


# What no repair looks at is in most paragraphs all there is: one look instead of one for each repair.
_MAY_NEED_REPAIR = re.compile(
    r"[ \t\u00a0,;:?!()a-z\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u3000\u2e80-\u2fdf\uf900-\ufaff\ufe00-\ufe5a"
    r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0002f800-\U0002fa1f\U000e0100-\U000e01ef]"
)


def repaired(text: Mapped, prose: bool, settings: dict, counts: dict[str, int]) -> Mapped:
    """`text` after all repairs that `settings` has on; `counts`, by column, grows."""
    if not _MAY_NEED_REPAIR.search(text.text):
        return text
    for kind in REPAIRS:
        if settings.get(kind.key, True) and (edits := kind.repair(text.text, prose)):
            text = text.edited(edits)
            counts[kind.column] = counts.get(kind.column, 0) + sum(map(kind.unit, edits))
    return text
