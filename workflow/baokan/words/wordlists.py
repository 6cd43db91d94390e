"""Word lists of the user: one word a line, comments after #, in any encoding that Chinese files come in."""

from collections.abc import Iterable
from pathlib import Path

from baokan.errors import UserError
from baokan.reading.decoding import NotText, decode


class WordListError(UserError):
    """A word list that cannot be read; the text says which and what to do."""


def read_words(paths: Iterable[str | Path]) -> list[str]:
    """The distinct words of `paths`, in the order of their first appearance.

    A line is one word; blanks around it, and anything after the first # or tab, are left out. Raises WordListError if a
    file is missing or is no text.
    """
    words: dict[str, None] = {}
    for path in paths:
        try:
            text = decode(Path(path).read_bytes()).text
        except NotText as error:
            raise WordListError(f"{path} is no text file: {error}") from error
        except OSError as error:
            raise WordListError(
                f"word list {path} cannot be read ({error.strerror}); paths are relative to the project's root"
            ) from error
        for line in text.split("\n"):
            if word := line.split("#")[0].split("\t")[0].strip():
                words[word] = None
    return list(words)
