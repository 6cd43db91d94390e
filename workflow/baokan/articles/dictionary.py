"""What counts as a word: the segmenter's own dictionary, without guesses at new words. Loaded when first used."""

import re
from functools import cache

from baokan.characters import HAN


@cache
def _jieba():
    import rjieba

    return rjieba.Jieba()


def words(text: str) -> list[str]:
    """`text` cut into words of the dictionary; what is in none is cut into single characters."""
    return _jieba().cut(text, hmm=False)


@cache
def is_word(text: str) -> bool:
    """Whether `text` is a word of the segmenter's dictionary."""
    return bool(_jieba().has_word(text))


_BOUND_END = tuple("的和与及在将把被于并而或")  # no sentence and no headline ends with these
_BOUND_START = frozenset("的了着们地得之")
_MARK_START = re.compile("[，。、；：！？”’》）」』】%％]")
_COUNTED = re.compile(
    "[0-9多余几个元年月日人名家户条项次万亿亩吨斤米里公座所间辆台部件村县市届岁天周时分秒倍成"
    "块头只支张位层级棵本册首幅封艘尺丈石担袋箱匹株]"
)
_TAIL, _HEAD = re.compile(f"[{HAN}]{{1,6}}$"), re.compile(f"[{HAN}]{{1,6}}")


def bridges(before: str, after: str) -> bool:
    """Whether a text was broken within a phrase between `before` and `after`: a word stands across the break, a number
    parts from what it counts, or one of them ends or begins with what cannot."""
    if not before or not after:
        return False
    if before.endswith(_BOUND_END) or _MARK_START.match(after) or (before[-1].isdigit() and _COUNTED.match(after)):
        return True
    tail, head = _TAIL.search(before), _HEAD.match(after)
    if not tail or not head:
        return False
    if words(head[0])[0] in _BOUND_START:
        return True
    at = 0
    for word in words(tail[0] + head[0]):
        left, at = len(tail[0]) - at, at + len(word)
        if 0 < left < len(word):
            # “…脱贫攻坚” and “战役…” may be a heading and its text, since 攻坚 is a word; 交 and 流 of 交流 are not.
            return left == 1 or not is_word(word[:left])
    return False
