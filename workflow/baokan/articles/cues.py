"""The signs by which the press marks articles: datelines, bylines, numbers, signatures, the form of a headline."""

import re
from itertools import pairwise

from baokan.articles.furniture_by_words import compact
from baokan.articles.lines import TERMINAL, Paragraph, width
from baokan.characters import HAN

# REPEAT: a headline printed again over the rest of an article that jumped; in the article's span, not in its text.
HEAD, BYLINE, NUMBER, BODY, REPEAT = "head", "byline", "number", "body", "repeat"
LONGEST_HEAD = 46  # characters; the longest headlines of official documents
# From this many bylined headlines on, a file is a number whose articles are all bylined: a bare line is then a caption.
BYLINED_NUMBER = 8

DATELINE = re.compile(
    rf"^[\s　]*((?:本报|本刊|[{HAN}]{{2,6}}社)[{HAN}]{{0,8}}\s*+"
    r"(?:(?:\d{4}\s*+年)?\s*+\d{1,2}\s*+月\s*+\d{1,2}\s*+日)?\s*+[讯电])(?=[\s　（(【]|$)"
)
BYLINE_FORM = re.compile(
    rf"^(?:[■○●◎□▲]\s*\S.{{0,30}}"
    rf"|[○◎]?\s*+(?:本报|本刊|新华社|[{HAN}]{{2,6}}社|[{HAN}]{{2,4}}日报)?\s*+(?:特约|见习|实习)?(?:通讯员|记者|评论员|编辑部)"
    r"(?:[\s　:：、].{0,40})?"
    r"|(?:文|图文|文图|文字|整理|口述|采访|作者|摄影|撰文|执笔|来信人|转述)\s*[/／丨|:：]\s*.{1,40}"
    rf"|[/／]\s*[{HAN}].{{1,30}})$"
)
# An office that signs an article, below its headline.
INSTITUTION = re.compile(
    rf"^[{HAN}]{{2,20}}(?:委员会|常委会|人大常委会|办公室|办公厅|研究室|研究院|研究中心|编辑部|课题组|党组|党委"
    r"|(?:管理|振兴|改革|教育|财政|公安|统计|农村|文化|税务|监督|卫生|民政|林业|水利|气象)局)$"
)
_SENTENCE_END = re.compile(r"[。；]")
_BULLET = re.compile(r"^[■○●◎□▲]")
NAMES = re.compile(rf"^[{HAN}]{{1,3}}[\s　][{HAN}]{{1,3}}$|^[{HAN}·]{{2,4}}$")
NUMBER_FORM = re.compile(r"^[（(]?\S{1,12}[〔\[（(【]\s*+\d{4}\s*+[〕\]）)】]\s*+第?\s*+\S{0,3}\d+\s*+号[）)]?$")
DATE_LINE = re.compile(
    r"^[（(]?(?:\d{4}|[一二三四五六七八九〇○零]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日[）)]?$"
)
_SESSION_DATE = re.compile(r"^[（(](?:\d{4})年\d{1,2}月\d{1,2}日.{0,30}[）)]$")
END_MARK = re.compile(
    rf"[（(][{HAN}]{{2,6}}社?[{HAN}]{{0,8}}\s*+(?:\d{{1,2}}月\s*+\d{{1,2}}日)?\s*+电[）)]$|[（(](?:来源|转自|原载|作者)[^）)]{{1,40}}[）)]$|■$"
)
TAIL = re.compile(rf"^[（(][{HAN}\s　、·:：]{{2,24}}[）)]$")  # "（记者 某某）", "（某某 整理）" below an article
NOTE = re.compile(r"^[（(](?:来源|转自|原载|作者|据.{2,8}电)[^（）()]{0,40}[）)]$")
SALUTATION = re.compile(rf"^[{HAN}、，各\s（）()]{{2,40}}[:：]$")
# "（作者为……记者）", "（《……》全文见第五版）": a whole line in brackets is no headline, and it ends what stands above it.
BRACKETED = re.compile(r"^[（(][^（）()]{2,60}[）)]$")
LETTER = re.compile(r"^(?:编辑同志|编者按|读者)")
_SPEAKER = re.compile(r"^(?:问|答|记者|笔者|[\u4e00-\u9fff]{1,3})[:：]")
_LIST_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[条章节]"
    r"|\d{1,2}[、.．　 ]|[●■◆○◇★])"
)
MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*日")
JUMPED_FROM = re.compile(r"^[（(](?:上接|紧接)[^）)]{1,10}[）)]")
JUMPS_TO = re.compile(r"[（(](?:下|紧)?转[^）)]{1,8}[版封三二四底][）)]$")
SPACED_LINE = re.compile(rf"^[{HAN}](?:[\s　]+[{HAN}“”，、]){{4,}}$")  # "狠 抓 落 实": a headline
UNMARKED = re.compile(r"^[^，。、；：！？]+$")  # headlines of several lines have no marks, prose of that length has
SHORT_WORD = re.compile(rf"[{HAN}·]{{1,4}}")

# What stands in a line by itself; what no line is joined to, before it and after it.
_ALONE = "|".join(p.pattern for p in (BYLINE_FORM, NUMBER_FORM, DATE_LINE, NOTE))
ENDS_LINE = re.compile(f"{_ALONE}|{SALUTATION.pattern}")
BEGINS_LINE = re.compile(f"{_ALONE}|{DATELINE.pattern}|{JUMPED_FROM.pattern}")
# One of these stands in each of them: a quick look before those that take longer.
MAY_STAND_ALONE = re.compile(r"[■○●◎□▲/／丨|:：号记员部讯电日）)]")


def ends_article(text: str) -> bool:
    """Whether a line or paragraph ends an article by its form: a source, a signature, a date."""
    return bool(
        END_MARK.search(text) or TAIL.match(text) or BRACKETED.match(text)
        or (len(text) < 40 and DATE_LINE.match(compact(text)))
    )  # fmt: skip


def roles_of(paras: list[Paragraph]) -> list[str]:
    """HEAD, BYLINE, NUMBER or BODY for each paragraph, by its form and its neighbours."""
    bullets = _bullets(paras)
    roles: list[str] = []
    for i, paragraph in enumerate(paras):
        text, following = paragraph.simple, paras[i + 1].simple if i + 1 < len(paras) else ""
        role = BODY
        if paragraph.heading and len(text) <= 3 * LONGEST_HEAD and not NUMBER_FORM.match(compact(text)):
            role = HEAD
        elif len(text) <= 2 * LONGEST_HEAD and not DATELINE.match(text):
            tight = compact(text)
            below_head = bool(roles) and roles[-1] == HEAD
            names = NAMES.match(text) and len(following) > 30
            bylined = BYLINE_FORM.match(text) and len(text) <= 45 and text[-1] != "。" and text[0] not in bullets
            if NUMBER_FORM.match(tight):
                role = NUMBER
            elif bylined or (below_head and (_SESSION_DATE.match(tight) or names)):
                role = BYLINE
            elif (
                NAMES.match(text)
                and roles
                and roles[-1] == BYLINE
                and _SESSION_DATE.match(compact(paras[i - 1].simple))
            ):
                role = BYLINE  # the date of a speech, then the speaker
            elif below_head and INSTITUTION.match(tight) and not (following and len(following) <= LONGEST_HEAD):
                role = BYLINE
            elif len(paragraph.lines) <= (3 if UNMARKED.match(tight) else 2) and _is_headline(text, tight, following):
                role = HEAD
        roles.append(role)
    return roles


def _bullets(paras: list[Paragraph]) -> set[str]:
    """The marks that begin the items of a list rather than bylines: they stand below prose more often than not."""
    below: dict[str, int] = {}
    for before, paragraph in pairwise(paras):
        if _BULLET.match(paragraph.simple):
            prose = width(before.text) > LONGEST_HEAD or before.text[-1] in TERMINAL
            below[paragraph.simple[0]] = below.get(paragraph.simple[0], 0) + (1 if prose else -1)
    return {mark for mark, count in below.items() if count > 0}


def _is_headline(text: str, tight: str, following: str) -> bool:
    """Whether a paragraph has a headline's form: short, no sentence, no item of a list, no signature."""
    return (
        width(tight) <= LONGEST_HEAD
        and tight[-1] not in "。；，、：:;,"
        and not _SENTENCE_END.search(tight)
        and not END_MARK.search(tight)
        and not DATE_LINE.match(tight)
        and not _LIST_HEAD.match(text)
        and not TAIL.match(text)
        and not BRACKETED.match(text)
        and not JUMPED_FROM.match(text)
        and (not _SPEAKER.match(text) or BYLINE_FORM.match(following) is not None)
        and not (DATE_LINE.match(compact(following)) and following[0] not in "（(")
        and not (tight[-1] == "”" and tight[0] != "“" and "：“" in tight)
    )
