"""What may begin and end a term, and whether it is a name: rules by the dictionary's parts of speech."""

from collections import Counter
from collections.abc import Container, Iterable
from functools import cache
from pathlib import Path

from baokan.words.parts_of_speech import dictionary_tag

NAME, PLACE, WORD, FORMULATION = "name", "place", "word", "formulation"
# The hundred or so commonest family names; compound ones are left to the dictionary.
FAMILY = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
LEAST_GIVEN, LEAST_SHARE = (
    12,
    0.2,
)  # of a character that given names have: names of the dictionary with it, and their share
_PLACE_ENDS = frozenset("省市县区州盟旗镇乡村湖江河山岛寺湾港")
# Particles, prepositions, conjunctions, pronouns, measures, modal words; of the end also adverbs and numerals.
_NO_EDGE = ("u", "p", "c", "r", "q", "y", "e", "o", "t", "f", "x")
_NO_END = (*_NO_EDGE, "d", "m")
_NO_START = (*_NO_EDGE, "d", "k")
# The dictionary has these as verbs. What holds them is a sentence.
_LINKING = frozenset("是有应须可能会将把被由对向从让使给令") | {
    "没有",
    "是否",
    "应当",
    "应该",
    "必须",
    "可以",
    "不得",
    "能够",
}
_NOT_INSIDE = ("r", "ul", "uz", "ug", "y", "e", "x")  # pronouns; 了, 着, 过; not 的 and 和
_FEW = frozenset("两二三四五六七八九")
_NEGATIONS = frozenset("不无未")


class Edges:
    """The rule for the first and the last piece of a term."""

    def __init__(self, stopwords: Iterable[str]):
        self.stopwords = frozenset(stopwords)

    def problem(self, pieces: list[str]) -> str:
        """Why a run of pieces is no term, "" if nothing speaks against it."""
        first, last = pieces[0], pieces[-1]
        if not self._may_begin(first, pieces):
            return f"it begins with {first}"
        if inside := [p for p in pieces[1:-1] if p in _LINKING or dictionary_tag(p).startswith(_NOT_INSIDE)]:
            return f"it holds {inside[0]}"
        if last in self.stopwords or last in _LINKING or _is(dictionary_tag(last), _NO_END):
            return f"it ends with {last}"
        return ""

    def _may_begin(self, first: str, pieces: list[str]) -> bool:
        tag = dictionary_tag(first)
        if first in _NEGATIONS:  # 不忘初心; not 不超过
            return len("".join(pieces)) > 3
        if tag.startswith("m"):
            # 两个维护, 四个自信; not 三个月, 一批
            if len(first) > 1:
                return first.endswith(("个", "大")) and not first.startswith("一")
            # 四讲四爱; not 三项制度
            return first in _FEW and len(pieces) > 2 and not dictionary_tag(pieces[1]).startswith("q")
        if tag == "f" and len(first) > 1:  # 东西部协作; not 以下罚款
            return first not in self.stopwords and first[0] not in "以之"
        return first not in self.stopwords and first not in _LINKING and not _is(tag, _NO_START)


def _is(tag: str, beginnings: tuple[str, ...]) -> bool:
    return tag.startswith(beginnings)


def kind_of(pieces: list[str], known: Container[str] = ()) -> str:
    """name: a family name and one or two characters that given names have; place: a name of single characters, or one of
    the dictionary, with 县, 镇, 湖 ... after it, and a run of single characters that stands so elsewhere (then it is `known`
    with such an end); word: another run of single characters, or of no more than three; else formulation."""
    text = "".join(pieces)
    singles = all(len(p) == 1 for p in pieces)
    if len(text) <= 3 and text[0] in FAMILY and len(pieces[0]) == 1:
        given = text[1:]
        if all(c in _given() for c in given) and (singles or dictionary_tag(pieces[-1]).startswith("nr")):
            return NAME
    numeral = any(dictionary_tag(p).startswith("m") for p in pieces)
    named = (singles and len(pieces) > 2) or dictionary_tag(pieces[-2])[:2] == "ns"
    if pieces[-1] in _PLACE_ENDS and named and not numeral:
        return PLACE
    if singles and any(text + end in known for end in _PLACE_ENDS):
        return PLACE
    return WORD if singles or len(text) <= 3 else FORMULATION


@cache
def _given() -> frozenset[str]:
    """Characters that given names have: of the words of the dictionary in which one stands after the first place, a fifth
    or more are names of persons. 毅 and 浩 are such, 网 and 旅 (官网, 文旅) are not."""
    import jieba

    seen: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for line in Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines():
        word, _, tag = line.split()
        if len(word) in (2, 3):
            everywhere.update(set(word[1:]))
            if tag == "nr" and word[0] in FAMILY:
                seen.update(set(word[1:]))
    return frozenset(c for c, n in seen.items() if n >= LEAST_GIVEN and n >= LEAST_SHARE * everywhere[c])
