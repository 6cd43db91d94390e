"""Lines of a page that are no article text: mastheads, page marks, captions, credits, contents, jump lines."""

import re
from itertools import pairwise

from baokan.characters import HAN

_NUMERAL = r"[\d一二三四五六七八九十〇○零廿卅]"
_PAGE = r"(?:第?\s*+[一二三四五六七八九十\d]++\s*+版|封[一二三四底面]|[A-D]?\d+版?)"

# Kinds that stand between articles; the others may also break into one.
STRONG = frozenset({"masthead", "contents", "credits", "section", "colophon", "notice", "loose"})
# Kinds known by their words alone, which running text may use too where a column breaks a line.
WORDED = frozenset({"masthead", "colophon", "notice", "credits", "caption"})

_TITLES = "日报|晚报|商报|时报|晨报|早报|周报|公报|月刊|周刊|杂志|旬刊"
_EDITORS = (
    r"责\s*任\s*编\s*辑|责编|责任校对|编\s*辑|校\s*对|(?:副\s*)?总\s*编(?:\s*辑)?|主\s*编|执行主编|编委会主任|编辑委员会主任"
    r"|版\s*式|版式设计|版面设计|美\s*编|美术编辑|审\s*读|印\s*刷|电脑制作|(?:本期|本版|总)?统\s*筹|制\s*图|绘\s*图|图\s*表"
    r"|数据来源|资料来源|图片来源|题\s*字"
)
_IMPRINT = (
    r"社\s*址|地\s*址|本报地址|电\s*话|热线电话|新闻热线|读者热线|邮\s*编|邮政编码|电子邮箱|专用邮箱|(?:栏目|本版)?投稿邮箱|邮\s*箱|网\s*址"
    r"|定\s*价|售\s*价|零\s*售|邮发代号|国内发行|国外发行|出版发行|国内连续刊号|国际标准刊号|国内统一刊号|主办单位|承办单位"
    r"|出版日期|广告许可|印刷|主管主办|主管|主办|编辑出版|出版"
)
_TO_READERS = (
    r"免费赠阅|编辑部信箱|投稿|来稿|来信(?:请|来)|读者来信(?:请|邮箱)|征订|订阅|赠阅|本栏(?:目)?(?:欢迎|投稿)|本刊内部"
    r"|欢迎(?:读者|登录|拨打|订阅|就)|读者热线|征集|启事|招领|封[一二三四底面](?:图片)?[:：]|卷首图片|封面[:：]|下期预告|更正[:：]"
    r"|本期封面|明年本刊|内部资料"
)


_CLASS, _GROUP = re.compile(r"\\.|\[[^\[\]]*+\]"), re.compile(r"\([^()]*+\)")


def _at_start(pattern: str) -> bool:
    """Whether every alternative of `pattern` begins with ^."""
    outer = _CLASS.sub("", pattern)
    while (inner := _GROUP.sub("", outer)) != outer:
        outer = inner
    return all(alternative.startswith("^") for alternative in outer.split("|"))


# In the order in which they are tried.
_PATTERNS = [
    ("jump_to", rf"^[（(【]?\s*(?:紧|下)?转(?:至)?\s*+{_PAGE}\s*+[）)】]?$"),
    ("jump_from", rf"^[（(【]?\s*(?:上接|紧接)\s*+{_PAGE}\s*+[）)】]?$"),
    ("page_mark", r"^[—–\-·.\s　]*\d{1,3}[—–\-·.\s　]*$"),
    ("page_mark", r"^\d{4}[.·年]\d{1,2}[\s　]++第?\s*+\d{1,3}\s*+页$"),
    ("page_mark", r"^P?\d{1,3}(?:\s*[—–\-]\s*\d{1,3})?\s*页?$"),
    ("page_mark", rf"^[A-D]\d{{1,2}}(?:[/／]\d+)?(?:[\s　·]*[{HAN}·、\s]{{1,24}})?$"),
    ("page_mark", rf"^\d{{1,2}}\s*[{HAN}]{{2}}(?:[·、][{HAN}]{{1,4}})*$"),
    ("page_mark", rf"^第?\s*(?:[一二三四五六七八九十]+|\d{{1,3}})\s*版(?:[\s　·:：]*[{HAN}·、\s]{{1,10}})?$"),
    ("page_mark", rf"^第?\s*(?:[一二三四五六七八九十]+|\d{{1,3}})\s*[页面](?:[\s　·:：]+[{HAN}·、\s]{{1,10}})?$"),
    ("page_mark", rf"^[{HAN}]{{2,4}}版$"),
    ("caption", r"^[▲▼△◆]?\s*(?:图\s*为|图片?\s*+(?:说明|[一二三四五\d])?\s*+[:：]|[左右上下]图[:：为])"),
    ("caption", r"^(?!.*文\s*+[/／、并]?\s*+摄).{2,90}(?:[/／\s　]\s*摄|供图|制图|绘图|资料图片?|供稿图)[）)]?$"),
    ("caption", r"^[（(].{2,30}摄[）)]$"),
    ("caption", rf"^[{HAN}·]{{1,4}}[\s　]{{0,3}}[{HAN}·]{{1,6}}摄(?:[（(][^（）()]{{2,12}}[）)])?$"),
    ("credits", rf"^(?:本版|本期|本栏|值班|[一二三四]版|今日)?(?:{_EDITORS})[\s　:：、]"),
    ("credits", r"[\s　](?:责编|责任编辑|责任校对|美编|校对)[:：]\s*\S"),
    ("credits", r"^(?:\d[\d—–\-]*页)?(?:摄影|题图|插图|封面摄影)[:：]"),
    ("colophon", rf"^(?:编辑部)?(?:{_IMPRINT})\s*[:：]"),
    ("colophon", r"^(?:主管主办|主管|主办|编辑|出版)[\s　]\s*\S{4,30}$"),
    ("colophon", r"ISSN\s*\d{4}|CN\s*\d{2}\s*-\s*\d{4}|邮发代号[:：]|^\d[\d\s>]{9,}$|^9\s+9\s*>$"),
    ("colophon", r"^.{2,16}(?:主管主办|主办|编印|[社部局馆会室院处]\s*(?:编辑?|出版))(?:[\s　].{0,20})?$"),
    ("notice", r"^(?:[今明]日)?天气[^，。]{0,4}[\s　:：]|扫码|二维码|扫一扫|微信公众号"),
    ("notice", rf"^(?:欢迎)?(?:{_TO_READERS})"),
    ("notice", r"(?:广告|启事|招领|刊登|发行|订阅).{0,6}(?:热线|电话)\s*[:：]\s*\d"),
    ("masthead", r"^\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日[\s　]*(?:星期|第|农历|出版|每月|总第|今日|第)"),
    ("masthead", r"^(?:星期|农历|癸|甲|乙|丙|丁|戊|己|庚|辛|壬).{0,14}(?:[日一二三四五六]|第\s*\d+\s*期|[初十廿].)$"),
    (
        "masthead",
        rf"^[（(]?(?:月刊|双月刊|半月刊|季刊|周刊|周报)?[\s　]*+(?:{_NUMERAL}++\s*+年)?[\s　]*+(?:增刊)?[\s　]*+"
        rf"(?:总?\s*+第\s*+{_NUMERAL}++\s*+期)(?:[\s　（(].{{0,24}})?[）)]?$",
    ),
    # A month ends this masthead: with a day it is the date of a signature.
    (
        "masthead",
        rf"^[（(]?{_NUMERAL}{{4}}\s*+[年·.．]\s*+"
        rf"(?:第?\s*+{_NUMERAL}{{1,3}}\s*+(?:[期月号](?!\s*+{_NUMERAL}++\s*+日).{{0,24}})?|增刊)[）)]?$",
    ),
    ("masthead", rf"^{_NUMERAL}{{4}}年第?{_NUMERAL}{{1,3}}[月期].{{0,30}}(?:总第|出刊|出版).{{0,14}}$"),
    (
        "masthead",
        rf"^[《]?[{HAN}]{{1,8}}(?:{_TITLES})[》]?[\s　·]*"
        rf"(?:[A-Z][A-Z\s]+|{_NUMERAL}{{4}}年.{{2,24}}|第.{{1,6}}期.{{0,12}})$",
    ),
    ("masthead", r"^每(?:月|周|旬).{1,8}出(?:版|刊)"),
    ("masthead", rf"^{_NUMERAL}{{1,3}}\s*月\s*{_NUMERAL}{{1,3}}\s*日出(?:版|刊)"),
    ("masthead", r"^[A-Z][A-Z\s'·.\-]{3,}$"),
    ("masthead", rf"^{_NUMERAL}{{4}}\s*[年.·]\s*{_NUMERAL}{{1,2}}月?[\s　]*[（(].{{2,20}}[）)]$"),
    ("masthead", r"^本期主题[:：]|今日\d+版|零售每份|^(?:内文|本期|全刊|今日)共\s*\d+\s*[页版]"),
    (
        "masthead",
        r"^(?:今日)?[\u4e00-\u9fff]{2,4}(?:今日)?[\s　:：]*(?:晴|阴|多云|阵雨|小雨|小雪|雪).{2,40}(?:℃|%|％|级)",
    ),
    ("masthead", r"^今日[一二三四五六七八九十\d]+版"),
    ("section", r"^[【〔［\[].{2,12}[】〕］\]]$"),
]
_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]
# Most lines match none: one look at all that must match at the start, then at the others one by one.
_ANY_AT_START = re.compile("|".join(f"(?:{pattern})" for _, pattern in _PATTERNS if _at_start(pattern)))
_ANY_WITHIN = [re.compile(pattern) for _, pattern in _PATTERNS if not _at_start(pattern)]
_CONTENTS_HEAD = re.compile(r"^(?:本期)?(?:目\s*录|要\s*目|导\s*读|今日导读)[:：]?$")
_CONTENTS_START = "【〔本要目导今"
_CONTENTS_INLINE = re.compile(r"^[【〔]?(?:本期)?(?:要目|目录|导读|今日导读)[:：】〕].")
_CONTENTS_ENTRY = re.compile(
    r"…{2,}|\.{4,}|[^\d](?:(?:[（(]第?|第)\s*)?\d{1,3}\s*[页版]?[）)]?$"
    r"|^\d{1,3}[\s　]+\S|[/／]\s*+(?:[^\s/／]++[/／]?|[/／])$|（\S{2,4}）$|^P\d{1,3}|封[二三四]$"
)
_PAGE_START = tuple("P0123456789")
_PAGE_FIRST = re.compile(r"^(?:P\s*)?(\d{1,3})[\s　]+[^\d\s　]")
_PUBLICATION = re.compile(rf"^[《]?[{HAN}A-Za-z]{{1,8}}(?:{_TITLES}|画报|半月谈|政报)[》]?$")
_PUBLICATION_END = frozenset("报刊志谈》")
_CREDIT = re.compile(r"^(?:文|图文|图|摄影|整理|口述)\s*[/／:：]")
_SHOWS = re.compile(r"^[▲▼△◆]?\s*图\s*为")
_PROSE = re.compile(r"[。，]")
_CAPTION_END = "。！）)摄图”"
_PHOTO_CREDIT = re.compile(rf"^(?:[{HAN}]{{2,6}}社?记者)?[{HAN}\s　、]{{2,16}}[/／\s　]\s*摄$")
_DATE_LINE = re.compile(rf"^{_NUMERAL}{{4}}\s*年\s*{_NUMERAL}{{1,3}}\s*月\s*{_NUMERAL}{{1,3}}\s*日$")
# What journals state about the databases that carry them, at any length.
_INDEXED = re.compile(r"^[（(]?本刊已(?:被.{2,40}收录|许可|加入|入编)")
_WORD = re.compile(rf"[{HAN}A-Za-z0-9]")
_OTHER_SCRIPT = re.compile(r"[\u0f00-\u0fff\u1800-\u18af\u0600-\u06ff]")
LONGEST = 90


def compact(line: str) -> str:
    """`line` without blanks of any width."""
    return "".join(line.split())


def kind_of(line: str) -> str:
    """The kind of furniture that a stripped line is by itself, or "" if it may be article text."""
    if not line:
        return ""
    if line[0] in "（(本" and _INDEXED.match(line):
        return "notice"
    if len(line) > LONGEST:
        return ""
    if not _WORD.search(line):
        return "masthead" if _OTHER_SCRIPT.search(line) else "ornament"
    if line[-1] in _PUBLICATION_END and _PUBLICATION.match(compact(line)):
        return "masthead"
    if not _ANY_AT_START.match(line) and not any(pattern.search(line) for pattern in _ANY_WITHIN):
        return ""
    for kind, pattern in _COMPILED:
        if pattern.search(line):
            sentence = line[-1] in "。：；！？…" and "，" in line
            if sentence and (kind == "masthead" or (kind in ("notice", "colophon") and len(line) > 60)):
                return ""  # "2021年5月，……。": prose that begins with a date
            return kind
    return ""


def furniture_of(lines: list[str], blanks_before: list[int], follows: list[bool] | None = None) -> list[str]:
    """The kind of furniture of each line of a document that is not blank ("" for text), shape as `lines`.

    lines: stripped; blanks_before: blank lines before each; follows: whether a line carries on the one before, as far as
    its setting tells: it is text then if that is. Contents, imprints and the captions above a photographer's
    name are known by their neighbours, the rest by itself.
    """
    kinds: list[str] = []
    for i, line in enumerate(lines):
        kinds.append("" if follows and follows[i] and i and not kinds[i - 1] else kind_of(line))
    reach = 0  # up to where contents are marked: a heading within them begins no others
    for i, line in enumerate(lines):
        if line[0] in _CONTENTS_START and _CONTENTS_INLINE.match(line):
            kinds[i] = "contents"
            if i >= reach:
                reach = _mark_entries(lines, blanks_before, kinds, i + 1, need_entry=True)
        elif line[0] in _CONTENTS_START and len(line) <= 20 and _CONTENTS_HEAD.match(compact(line)):
            kinds[i] = "contents"
            if i >= reach:
                reach = _mark_entries(lines, blanks_before, kinds, i + 1, need_entry=False)
        elif i and kinds[i - 1] in ("masthead", "colophon") and not kinds[i] and _DATE_LINE.match(line):
            kinds[i] = "masthead"
    _mark_page_numbers(lines, kinds)
    _mark_head_of_page(lines, kinds)
    _mark_imprint(lines, kinds)
    _mark_rest_of_captions(lines, blanks_before, kinds)
    for i in range(1, len(lines)):
        set_apart = blanks_before[i - 1] > max(1, blanks_before[i]) and len(lines[i - 1]) <= 2 * LONGEST
        if kinds[i] == "caption" and not kinds[i - 1] and set_apart and _PHOTO_CREDIT.match(lines[i]):
            kinds[i - 1] = "caption"
    return kinds


def _mark_entries(lines: list[str], blanks: list[int], kinds: list[str], start: int, need_entry: bool) -> int:
    """Mark contents entries from `start`. Entries have leaders, page numbers or authors; a run of them ends at the last
    line that has one, so that section names within are taken and the first headline after it is not; if its lines were
    set without a gap, it ends at the first gap. Returns the number of the last of them."""
    last, misses, tight = start - 1, 0, 0
    for i in range(start, len(lines)):
        line = lines[i]
        if blanks[i] and tight >= 2:
            break
        tight += not blanks[i]
        if len(line) <= 60 and _CONTENTS_ENTRY.search(line) and not line.endswith("。") and not _CREDIT.match(line):
            last, misses = i, 0
        else:
            misses += 1
            if need_entry or misses == 3 or len(line) > 45 or line.endswith("。"):
                break
    for j in range(start, last + 1):
        kinds[j] = "contents"
    return last


def _mark_page_numbers(lines: list[str], kinds: list[str]) -> None:
    """Mark contents that have no heading: four or more lines that begin with rising page numbers, with no more than
    section names and authors between. The items of a list rise by one; the pages of a contents page do not."""
    entries: list[tuple[int, int]] = []
    for i, line in enumerate([*lines, ""]):
        numbered = line[:1] in _PAGE_START and len(line) <= 60 and not line.endswith("。")
        page = _PAGE_FIRST.match(line) if numbered else None
        if page and (not entries or (int(page[1]) >= entries[-1][1] and i - entries[-1][0] <= 4)):
            entries.append((i, int(page[1])))
            continue
        if i < len(lines) and not page and entries and i - entries[-1][0] <= 3 and len(line) <= 45 and line[-1] != "。":
            continue
        if len(entries) >= 4 and entries[-1][1] >= 2 * len(entries):
            first, last = entries[0][0], entries[-1][0]
            first -= first > 0 and not kinds[first - 1] and len(lines[first - 1]) <= 8  # the first section's name
            last += last + 1 < len(lines) and lines[last + 1].startswith(("/", "／"))
            kinds[first : last + 1] = ["contents"] * (last + 1 - first)
        entries = [(i, int(page[1]))] if page else []


def _mark_rest_of_captions(lines: list[str], blanks: list[int], kinds: list[str]) -> None:
    """A caption that begins with "图为" and does not end in its line ends in one of the next two."""
    for i, line in enumerate(lines):
        if kinds[i] == "caption" and _SHOWS.match(line) and line[-1] not in _CAPTION_END:
            for last in range(i + 1, min(i + 3, len(lines))):
                if blanks[last] > blanks[i + 1] or blanks[last] > 1 or kinds[last] or len(lines[last]) > LONGEST:
                    break
                if lines[last][-1] in _CAPTION_END:
                    kinds[i + 1 : last + 1] = ["caption"] * (last - i)
                    break


def _mark_head_of_page(lines: list[str], kinds: list[str]) -> None:
    """Short lines between two lines of masthead at the top of a file are masthead too (a slogan, a lunar date)."""
    top = [i for i, kind in enumerate(kinds[:10]) if kind in ("masthead", "colophon")]
    if top and top[0] == 0:
        for i in range(top[-1]):
            if not kinds[i] and len(lines[i]) <= 30 and not _PROSE.search(lines[i]):
                kinds[i] = "masthead"


def _mark_imprint(lines: list[str], kinds: list[str]) -> None:
    """Short lines within an imprint, several lines of editors and addresses, belong to it: names under a name, an
    office under "主办："."""
    imprint = [i for i, kind in enumerate(kinds) if kind in ("credits", "colophon")]
    for place, (before, after) in enumerate(pairwise(imprint)):
        between = range(before + 1, after)
        # Five such lines within a few of each other make an imprint; a single "责任编辑" ends an article.
        near = sum(before - 4 <= i <= after + 4 for i in imprint[max(0, place - 4) : place + 6])
        if len(between) > 3 or near < 5 or any(len(lines[i]) > 30 or lines[i][-1] in "。，" for i in between):
            continue
        for i in between:
            kinds[i] = kinds[i] or "colophon"
