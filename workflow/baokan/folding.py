"""Traditional characters folded to Simplified ones, one for one, so that offsets stay where they are."""

from functools import cache


@cache
def _convert():
    import opencc

    return opencc.OpenCC("t2s").convert


def fold(text: str) -> str:
    """`text` in Simplified characters (OpenCC, t2s, which looks at phrases: 乾 stays in 乾隆), as long as before; what
    cannot be converted stays."""
    try:
        simple = _convert()(text)
    except (UnicodeError, ValueError):  # half of a surrogate pair, from a broken record
        return text
    return simple if len(simple) == len(text) else "".join(map(_one, text))


def _one(char: str) -> str:
    simple = _convert()(char)
    return simple if len(simple) == 1 else char
