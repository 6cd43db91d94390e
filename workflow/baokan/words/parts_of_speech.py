"""What kind of word a word is: noun, verb, name, number, mark ... by stated rules, the same for both segmenters."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ORDINARY = Path(__file__).with_name("ordinary.tsv")

# Kinds that a vocabulary may count, and those that are counted unless the configuration says otherwise.
KINDS = (
    "term", "noun", "verb", "adjective", "adverb", "idiom", "abbreviation", "proper", "person", "place", "time", "number",
    "latin", "function", "unknown",
)  # fmt: skip
CONTENT = ("term", "noun", "verb", "idiom", "abbreviation", "proper")
ALL = tuple(k for k in KINDS if k not in ("number", "latin"))
# Neither is a word: they are never counted, not even as running text.
MARK, BLANK = "mark", "blank"

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_ANY_HAN = re.compile(f"[{_HAN}]")
_NUMERAL = "0-9０-９零〇一二两三四五六七八九十百千万亿"
_SIGN = ".,，．点几数多余％%‰±+-"
_NUMBER = re.compile(f"^第?[{_SIGN}]*+[{_NUMERAL}][{_NUMERAL}{_SIGN}]*+")
_DATE = re.compile(
    f"^(?:[{_NUMERAL}]++(年代|年度|年|月份|月|日|号|时|点|秒|世纪|季度|周年|周)[初末底间内]?|星期[一二三四五六日天])"
)
_MAY_BE_NUMBER = frozenset(
    "0123456789０１２３４５６７８９零〇一二两三四五六七八九十百千万亿第点几数多余％%‰±+-.,，．星"
)
# jieba's tags (ICTCLAS): the longest beginning that is listed decides.
_TAGS = {
    "nr": "person", "ns": "place", "nt": "proper", "nz": "proper", "n": "noun", "vshi": "function", "vyou": "function",
    "v": "verb", "an": "noun", "a": "adjective", "b": "adjective", "zg": "function", "z": "adjective", "d": "adverb", "i": "idiom",
    "l": "idiom", "j": "abbreviation", "t": "time", "m": "number", "eng": "latin",
}  # fmt: skip


def kinds(words: Iterable[str], terms: Iterable[str] = ()) -> list[str]:
    """The kind of each word, one of KINDS, "mark" or "blank". In this order:

    a word of `terms` is a term; blanks and signs are no words; without a Chinese character it is a number if it has a
    digit, else Latin; numerals and dates written in characters are numbers and times; ordinary words that the dictionary
    tags as names are what ORDINARY says; all others are what the dictionary of jieba tags them (nr person, ns place, nt
    and nz proper names ...); a word that it lacks, guessed by the segmenter from its characters, is unknown.
    """
    terms, ordinary = set(terms), _ordinary()
    return [_kind(word, terms, ordinary) for word in words]


def _kind(word: str, terms: set[str], ordinary: dict[str, str]) -> str:
    if word in terms:
        return "term"
    if not word.strip():
        return BLANK
    if not _ANY_HAN.search(word):
        if any(c.isdigit() for c in word):
            return "number"
        return "latin" if any(c.isalpha() for c in word) else MARK
    if word[0] in _MAY_BE_NUMBER:
        if _DATE.fullmatch(word):
            return "time"
        if _NUMBER.fullmatch(word):
            return "number"
    return ordinary[word] if word in ordinary else _by_tag(dictionary_tag(word))


@cache
def _by_tag(tag: str) -> str:
    return next((_TAGS[tag[:n]] for n in range(len(tag), 0, -1) if tag[:n] in _TAGS), "function" if tag else "unknown")


@cache
def dictionary_tag(word: str) -> str:
    """jieba's tag of a word of its dictionary, "" for any other."""
    dictionary = _dictionary()
    if not dictionary.has_word(word):
        return ""
    found = dictionary.tag(word)
    return found[0][1] if len(found) == 1 else "x"  # it is cut when it stands alone: 不在


@cache
def _dictionary():
    import rjieba

    return rjieba.Jieba()


@cache
def _ordinary() -> dict[str, str]:
    lines = ORDINARY.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))
