"""Word lists of the user: one word a line, comments after #, in any encoding that Chinese files come in."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from baokan.articles.offsets import Mapped
from baokan.articles.repairs import forms, invisible
from baokan.characters import HAN
from baokan.decoding import NotText, decode
from baokan.errors import UserError

LONGEST_TERM = 50  # characters
_COMMENT = re.compile(r"(?:^|\s)#")
_BLANKS_IN_CHINESE = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")


class WordListError(UserError):
    """A word list that cannot be read; the text says which and what to do."""


def read_words(paths: Iterable[str | Path]) -> list[str]:
    """The distinct words of `paths`, in the order of their first appearance.

    A line is one word; blanks around it, and anything after a tab or after a # that begins the line or follows a blank, are
    left out: "C#" is a word. Words are written as cleaned text has them. Raises WordListError if a file is missing or is no
    text.
    """
    return list(dict.fromkeys(as_in_text(word) for path in paths for _, word in _lines(path)))


def _lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """(number of the line, its word) of each line that has one."""
    try:
        text = decode(Path(path).read_bytes()).text
    except NotText as error:
        raise WordListError(f"{path} is no text file: {error}") from error
    except OSError as error:
        raise WordListError(
            f"word list {path} cannot be read ({error.strerror}); paths are relative to the project's root"
        ) from error
    for number, line in enumerate(text.split("\n"), 1):
        if word := _COMMENT.split(line)[0].split("\t")[0].strip():
            yield number, word


def read_stopwords(paths: Iterable[str | Path]) -> pd.DataFrame:
    """word and lists: each distinct word with the names of all files that have it, in the order of `paths`."""
    lists: dict[str, list[str]] = {}
    for path in paths:
        for word in read_words([path]):
            lists.setdefault(word, []).append(Path(path).name)
    return pd.DataFrame([(w, ", ".join(names)) for w, names in lists.items()], columns=["word", "lists"])


def read_terms(paths: Iterable[str | Path]) -> pd.DataFrame:
    """term, file, line, used, note: each distinct term of `paths` in the order of its first appearance.

    A term is written as cleaned text has it: characters without width go, full-width letters and digits become plain,
    blanks between Chinese characters go ("对口 支援" could never be found). Not used: a single character, which is no term,
    and what is longer than LONGEST_TERM. note says what was mended or refused, and how often the term is repeated.
    """
    rows: dict[str, dict] = {}
    for path in paths:
        for number, word in _lines(path):
            term = as_in_text(word)
            if term in rows:
                rows[term]["repeats"] += 1
                continue
            notes = [f"written {word!r} in the list"] if term != word else []
            if len(term) < 2:
                notes.append("a single character is no term")
            if len(term) > LONGEST_TERM:
                notes.append(f"longer than {LONGEST_TERM} characters")
            used = 2 <= len(term) <= LONGEST_TERM
            rows[term] = {"file": str(path), "line": number, "used": used, "notes": notes, "repeats": 0}
    table = [
        (term, r["file"], r["line"], r["used"], "; ".join([*r["notes"], *_repeated(r["repeats"])]))
        for term, r in rows.items()
    ]
    return pd.DataFrame(table, columns=["term", "file", "line", "used", "note"]).astype({"line": int, "used": bool})


def _repeated(times: int) -> list[str]:
    return [f"listed {times + 1} times"] if times else []


def as_in_text(word: str) -> str:
    """`word` as cleaned text would have it: see `read_terms`."""
    mapped = Mapped.of(word, 0)
    for repair in (invisible, forms):
        mapped = mapped.edited(repair(mapped.text))
    return _BLANKS_IN_CHINESE.sub("", mapped.text).strip()
