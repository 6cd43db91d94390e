"""A document cut into its articles: where each begins, its title, byline, dateline, and the page furniture between.

The press marks the start of an article in a few ways, and this module looks for them: a headline with a byline or a
document number under it; a headline after page furniture, after the end mark of the article before ("（…电）", a dated
signature) or after a wider gap; a dateline ("本报…讯", "…社…电"), with or without a headline. A short line with none of
these is a subheading within an article. Where a file begins with text, headlines may follow their articles.

Lines (with their furniture) -> paragraphs -> roles -> drafts of articles -> rows.
"""

import datetime
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import opencc

from baokan.cleaning import (
    CLOSING,
    TERMINAL,
    Line,
    Paragraph,
    full_width_marks,
    is_airy,
    join_text,
    paragraphs,
    remove_spacing,
    split_lines,
    usual_gap,
    width,
)
from baokan.furniture import HAN, STRONG, WORDED, compact, furniture_of

# REPEAT: a headline printed again over the rest of an article that jumped; in the article's span, not in its text.
HEAD, BYLINE, NUMBER, BODY, REPEAT = "head", "byline", "number", "body", "repeat"
LONGEST_HEAD = 46  # characters; the longest headlines of official documents
# From this many bylined headlines on, a file is a number whose articles are all bylined: a bare line is then a caption.
BYLINED_NUMBER = 8
_TO_SIMPLIFIED = opencc.OpenCC("t2s").convert

_DATELINE = re.compile(
    rf"^[\s　]*((?:本报|本刊|[{HAN}]{{2,6}}社)[{HAN}]{{0,8}}\s*"
    r"(?:(?:\d{4}\s*年)?\s*\d{1,2}\s*月\s*\d{1,2}\s*日)?\s*[讯电])(?=[\s　（(【]|$)"
)
_BYLINE = re.compile(
    rf"^(?:[■○●◎□▲]\s*\S.{{0,30}}"
    rf"|[○◎]?\s*(?:本报|本刊|新华社|[{HAN}]{{2,6}}社|[{HAN}]{{2,4}}日报)?\s*(?:特约|见习|实习)?(?:通讯员|记者|评论员|编辑部)"
    r"(?:[\s　:：、].{0,40})?"
    r"|(?:文|图文|文图|文字|整理|口述|采访|作者|摄影|撰文|执笔|来信人|转述)\s*[/／丨|:：]\s*.{1,40}"
    rf"|[/／]\s*[{HAN}].{{1,30}})$"
)
_BULLET = re.compile(r"^[■○●◎□▲]")
_NAMES = re.compile(rf"^[{HAN}]{{1,3}}[\s　][{HAN}]{{1,3}}$|^[{HAN}·]{{2,4}}$")
_NUMBER = re.compile(r"^[（(]?\S{1,12}[〔\[（(【]\s*\d{4}\s*[〕\]）)】]\s*第?\s*\S{0,3}\d+\s*号[）)]?$")
_DATE_LINE = re.compile(
    r"^[（(]?(?:\d{4}|[一二三四五六七八九〇○零]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日[）)]?$"
)
_SESSION_DATE = re.compile(r"^[（(](?:\d{4})年\d{1,2}月\d{1,2}日.{0,30}[）)]$")
_END_MARK = re.compile(
    rf"[（(][{HAN}]{{2,6}}社?[{HAN}]{{0,8}}\s*(?:\d{{1,2}}月\s*\d{{1,2}}日)?\s*电[）)]$|[（(](?:来源|转自|原载|作者)[^）)]{{1,40}}[）)]$|■$"
)
_TAIL = re.compile(rf"^[（(][{HAN}\s　、·:：]{{2,24}}[）)]$")  # "（记者 某某）", "（某某 整理）" below an article
_NOTE = re.compile(r"^[（(](?:来源|转自|原载|作者|据.{2,8}电)[^（）()]{0,40}[）)]$")
_SALUTATION = re.compile(rf"^[{HAN}、，各\s（）()]{{2,40}}[:：]$")
_LETTER = re.compile(r"^(?:编辑同志|编者按|读者)")
_SPEAKER = re.compile(r"^(?:问|答|记者|笔者|[\u4e00-\u9fff]{1,3})[:：]")
_LIST_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[条章节]"
    r"|\d{1,2}[、.．　 ]|[●■◆○◇★])"
)
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_JUMPED_FROM = re.compile(r"^[（(](?:上接|紧接)[^）)]{1,10}[）)]")
_JUMPS_TO = re.compile(r"[（(](?:下|紧)?转[^）)]{1,8}[版封三二四底][）)]$")
_SPACED_LINE = re.compile(rf"^[{HAN}](?:[\s　]+[{HAN}“”，、]){{4,}}$")  # "狠 抓 落 实": a headline
_UNMARKED = re.compile(r"^[^，。、；：！？]+$")  # headlines of several lines have no marks, prose of that length has
_SHORT_WORD = re.compile(rf"[{HAN}·]{{1,4}}")


def fold(text: str) -> str:
    """`text` in Simplified characters; as it is where it cannot be converted."""
    try:
        return _TO_SIMPLIFIED(text)
    except (UnicodeError, ValueError):  # half of a surrogate pair, from a broken record
        return text


@dataclass
class Article:
    """An article in the making: its paragraphs with their roles."""

    blocks: list[tuple[str, Paragraph]] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    title_after: bool = False
    jumps: bool = False

    def has(self, role: str) -> bool:
        return role in self.roles

    def title(self) -> str:
        return "".join(p.simple for role, p in self.blocks if role == HEAD)

    def add(self, roles: list[str], paras: list[Paragraph]) -> "Article":
        self.blocks += zip(roles, paras, strict=True)
        self.roles.update(roles)
        return self


def cut(
    text: str, date: str = "", title: str = "", settings: dict | None = None
) -> tuple[list[dict], list[dict], dict]:
    """Articles, furniture and repairs of a document.

    text: as decoded; all offsets are into it. date: of the document, gives datelines their year. title: if not empty,
    the document is one article of that title (a record of a table). settings: the `cleaning` part of the configuration.

    Returns (articles, furniture, repairs). An article: title, byline, dateline, date, kind, text, start, end, spans; a
    piece of furniture: start, end, kind, article (its number among the articles, or -1); repairs: counts. Each
    character of the document is in the spans of one article, in one piece of furniture, or blank.
    """
    settings = {"join_wrapped_lines": True, "remove_spacing": True, "full_width_marks": True, "cut_articles": True} | (
        settings or {}
    )
    repairs = {"lines_joined": 0, "blanks_removed": 0, "marks_widened": 0}
    lines = split_lines(text, fold)
    for line, kind in zip(lines, _furniture(lines), strict=True):
        line.kind = kind
    if title or not settings["cut_articles"]:
        for line in lines:  # within one article only what can be nothing else is taken out
            line.kind = line.kind if line.kind in ("jump_to", "jump_from", "page_mark", "credits") else ""
        paras = _paragraphs([line for line in lines if not line.kind], settings, repairs)
        roles = [BODY] * len(paras) if title else _roles(paras)
        drafts = [Article().add(roles, paras)] if paras else []
    else:
        drafts = _without_teasers(_Assembly(lines, settings, repairs).run())
    articles = [_finish(draft, lines, date, title, settings, repairs) for draft in drafts]
    articles.sort(key=lambda a: a["start"])
    return articles, _furniture_rows(lines, articles), repairs


def _furniture(lines: list[Line]) -> list[str]:
    """The kind of furniture of each line, "" for text: by its words, then by how it is set among its neighbours."""
    kinds = furniture_of([line.simple for line in lines], [line.blanks_before for line in lines])
    airy, gap = is_airy(lines), usual_gap(lines)
    _spare_running_text(lines, kinds, airy)
    _mark_sections(lines, kinds)
    if not airy:
        _mark_loose(lines, kinds)
        _mark_lone(lines, kinds, gap)
    _mark_captions_within(lines, kinds, gap)
    return kinds


def _spare_running_text(lines: list[Line], kinds: list[str], airy: bool) -> None:
    """A line in the midst of a paragraph is text whatever its first words: the lines about it are as wide, and the one
    before has no end or this one is indented."""
    for i in range(1, len(lines) - 1):
        before, line, following = lines[i - 1 : i + 2]
        if kinds[i] not in WORDED or kinds[i + 1] or following.blanks_before > airy:
            continue
        if line.blanks_before > airy and not line.indented:
            continue
        set_width = width(line.text) + 2.0 * line.indented
        if line.indented:
            within = not following.indented and width(following.text) <= set_width + 1.5
            within = within and line.text[-1] not in TERMINAL + CLOSING
        else:
            within = not kinds[i - 1] and before.text[-1] not in TERMINAL + CLOSING
            within = within and abs(set_width - width(before.text) - 2.0 * before.indented) <= 1.5
        if within and set_width >= 12 and line.text[-1] not in "摄图":
            kinds[i] = ""


def _mark_sections(lines: list[Line], kinds: list[str]) -> None:
    """A section name: a very short line before a headline, after furniture or a gap."""
    for i in range(len(lines) - 1):
        name, following = compact(lines[i].text), lines[i + 1]
        if (
            not kinds[i]
            and _SHORT_WORD.fullmatch(name)
            and (i == 0 or kinds[i - 1])
            and not kinds[i + 1]
            and following.blanks_before
            and len(following.text) > 1
            and width(following.text) <= LONGEST_HEAD
            and following.text[-1] not in "。；，："
            and not (_BYLINE.match(following.simple) or _DATELINE.match(following.simple))
        ):
            kinds[i] = "section"


def _mark_loose(lines: list[Line], kinds: list[str]) -> None:
    """Lines set with the furniture above them, or as a caption between articles, and not with the headline that follows
    after a gap."""
    for i, line in enumerate(lines[:-1]):
        following, above = lines[i + 1], kinds[i - 1] if i else ""
        if kinds[i] or kinds[i + 1] or not following.blanks_before or width(following.text) > LONGEST_HEAD:
            continue
        if width(line.text) > LONGEST_HEAD or _BYLINE.match(line.simple) or _DATELINE.match(line.simple):
            continue
        headline = following.text[-1] not in "。；，：" and any(
            _BYLINE.match(x.simple) or _DATELINE.match(x.simple) or _NUMBER.match(x.simple) or x.text.startswith("——")
            for x in lines[i + 2 : i + 5]
        )
        set_with_furniture = above and not line.blanks_before
        caption = line.blanks_before and "，" in line.text and line.text[-1] not in "？！" and not line.indented
        if headline and (set_with_furniture or caption):
            kinds[i] = "loose"


def _mark_lone(lines: list[Line], kinds: list[str], gap: int) -> None:
    """A short line between an article's end and the furniture that it is set with (a page's number, the editors, the
    next section): a caption or a note. It stands off the text by more than the usual gap, or below a signature."""
    for i in range(1, len(lines)):
        line, above = lines[i], lines[i - 1]
        stands_off = line.blanks_before > gap or (line.blanks_before and _ends_article(above.simple))
        below = kinds[i + 1] if i + 1 < len(lines) else ""
        if (
            not kinds[i]
            and stands_off
            and (below == "page_mark" or below in STRONG)
            and not lines[i + 1].blanks_before
            and not line.indented
            and 4 < width(line.text) <= LONGEST_HEAD
            and not any(p.search(line.simple) for p in (_BYLINE, _DATELINE, _NAMES, _TAIL, _END_MARK))
            and not _DATE_LINE.match(compact(line.simple))
        ):
            kinds[i] = "loose"


def _mark_captions_within(lines: list[Line], kinds: list[str], gap: int) -> None:
    """One or two short lines set apart where a page broke a sentence off are a picture's caption: the sentence goes on
    after them."""
    for i in range(1, len(lines) - 1):
        before = lines[i - 1]
        if (
            kinds[i]
            or kinds[i - 1]
            or width(before.text) <= LONGEST_HEAD
            or before.text[-1] in TERMINAL + CLOSING + "■"
        ):
            continue
        size = 1 if lines[i + 1].blanks_before else 2
        caption, after = lines[i : i + size], lines[i + size : i + size + 1]
        if (
            after
            and not any(kinds[i : i + size + 1])
            and (lines[i].blanks_before > gap or after[0].blanks_before > gap)
            and all(width(line.text) <= 30 and line.text[-1] not in TERMINAL + "，、" for line in caption)
            and width(after[0].text) > LONGEST_HEAD
        ):
            kinds[i : i + size] = ["caption"] * size


def _ends_article(text: str) -> bool:
    """Whether a line or paragraph ends an article by its form: a source, a signature, a date."""
    return bool(_END_MARK.search(text) or _TAIL.match(text) or (len(text) < 40 and _DATE_LINE.match(compact(text))))


def _keep_apart(lines: list[Line], i: int) -> bool:
    """Whether line `i` begins a paragraph whatever its width: a byline, number or date line stands by itself, and a
    short line after a gap and before a byline or dateline is a headline."""
    line, following = lines[i - 1], lines[i]
    alone = (_BYLINE, _NUMBER, _DATE_LINE, _NOTE)
    if any(p.match(line.simple) for p in (*alone, _SALUTATION)) or any(
        p.match(following.simple) for p in (*alone, _DATELINE, _JUMPED_FROM)
    ):
        return not (_SALUTATION.match(line.simple) and "，" in line.simple)
    spaced_out = _SPACED_LINE.match(line.text) or _SPACED_LINE.match(following.text)
    if spaced_out and _UNMARKED.match(line.text) and _UNMARKED.match(following.text):
        return True  # lines of a headline; in prose it is a line that was stretched to the column's width
    if following.blanks_before and i + 1 < len(lines) and width(following.text) <= LONGEST_HEAD:
        after = lines[i + 1].simple
        if _BYLINE.match(after) or _DATELINE.match(after):
            return True
    return following.text.startswith("——") and line.text[-1] not in "，、"


def _paragraphs(lines: list[Line], settings: dict, repairs: dict) -> list[Paragraph]:
    result, joined = paragraphs(lines, settings["join_wrapped_lines"], _keep_apart)
    repairs["lines_joined"] += joined
    for paragraph in result:
        paragraph.text = join_text([line.text for line in paragraph.lines])
        paragraph.simple = join_text([line.simple for line in paragraph.lines])
    return result


def _roles(paras: list[Paragraph]) -> list[str]:
    """HEAD, BYLINE, NUMBER or BODY for each paragraph, by its form and its neighbours."""
    bullets = _bullets(paras)
    roles: list[str] = []
    for i, paragraph in enumerate(paras):
        text, following = paragraph.simple, paras[i + 1].simple if i + 1 < len(paras) else ""
        role = BODY
        if len(text) <= 2 * LONGEST_HEAD and not _DATELINE.match(text):
            tight = compact(text)
            below_head = bool(roles) and roles[-1] == HEAD
            names = _NAMES.match(text) and len(following) > 30
            bylined = _BYLINE.match(text) and len(text) <= 45 and text[-1] != "。" and text[0] not in bullets
            if _NUMBER.match(tight):
                role = NUMBER
            elif bylined or (below_head and (_SESSION_DATE.match(tight) or names)):
                role = BYLINE
            elif (
                _NAMES.match(text)
                and roles
                and roles[-1] == BYLINE
                and _SESSION_DATE.match(compact(paras[i - 1].simple))
            ):
                role = BYLINE  # the date of a speech, then the speaker
            elif len(paragraph.lines) <= (3 if _UNMARKED.match(tight) else 2) and _is_headline(text, tight, following):
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
        and not re.search(r"[。；]", tight)
        and not _END_MARK.search(tight)
        and not _DATE_LINE.match(tight)
        and not _LIST_HEAD.match(text)
        and not _TAIL.match(text)
        and not _JUMPED_FROM.match(text)
        and (not _SPEAKER.match(text) or _BYLINE.match(following))
        and not (_DATE_LINE.match(compact(following)) and following[0] not in "（(")
        and not (tight[-1] == "”" and tight[0] != "“" and "：“" in tight)
    )


class _Assembly:
    """The paragraphs of a document put together to articles, from first to last."""

    def __init__(self, lines: list[Line], settings: dict, repairs: dict):
        self.paras: list[Paragraph] = []
        self.between: list[list[str]] = []  # kinds of furniture before each paragraph, and after the last
        run: list[Line] = []
        for line in [
            *lines,
            None,
        ]:  # a paragraph runs through a caption or a page mark, not through what parts articles
            if line is None or line.kind in STRONG or line.kind in ("jump_to", "jump_from"):
                self.paras += _paragraphs(run, settings, repairs) if run else []
                run = []
            elif not line.kind:
                run.append(line)
        first = {id(p.lines[0]): i for i, p in enumerate(self.paras)}
        last = {id(p.lines[-1]) for p in self.paras}
        pending: list[str] = []
        for line in lines:
            if line.kind:
                pending.append(line.kind)
            elif id(line) in first:
                self.between.append(pending)
                pending = []
            if id(line) in last:
                pending = []
        self.between.append(pending)
        self.roles = _roles(self.paras)
        gaps = [
            p.lines[0].blanks_before for p, role in zip(self.paras[1:], self.roles[1:], strict=True) if role == BODY
        ]
        self.gap = max(set(gaps), key=gaps.count) if gaps else 0
        bylined = [i for i, (a, b) in enumerate(pairwise(self.roles)) if (a, b) == (HEAD, BYLINE)]
        self.bylined_number = len(bylined) >= BYLINED_NUMBER
        self.heads_follow = self._heads_follow()
        self.drafts: list[Article] = []
        self.jumped: list[Article] = []  # those that go on elsewhere and have not gone on yet
        self.current: Article | None = None

    def run(self) -> list[Article]:
        i = 0
        while i < len(self.paras):
            if self.roles[i] == BODY:
                self._take_text(i)
                i += 1
            else:
                j = self._group_end(i)
                self._take_heads(i, j)
                i = j
        return self.drafts

    def _group_end(self, i: int) -> int:
        """Where the headlines, bylines and numbers that begin at paragraph `i` end: at text, at furniture between
        articles, or where a byline below an article is followed, after a gap, by a headline."""
        j = i + 1
        while j < len(self.paras) and self.roles[j] != BODY and STRONG.isdisjoint(self.between[j]):
            parted = self.paras[j].lines[0].blanks_before > self.gap or self.between[j]
            if parted and self.roles[j] == HEAD and set(self.roles[i:j]) == {BYLINE}:
                break
            j += 1
        return j

    def _begin(self) -> Article:
        self.current = Article()
        self.drafts.append(self.current)
        return self.current

    def _is_jumped_from(self, i: int) -> bool:
        return i < len(self.paras) and (
            "jump_from" in self.between[i] or bool(_JUMPED_FROM.match(self.paras[i].simple))
        )

    def _jump(self) -> None:
        if self.current is not None and not self.current.jumps:
            self.current.jumps = True
            self.jumped.append(self.current)

    def _jumped(self, heads: str = "") -> Article | None:
        """An article that jumped and may now go on: the one whose title the headline repeats, else the first."""
        return max(self.jumped, key=lambda draft: _overlap(heads, draft.title()), default=None)

    def _resume(self, draft: Article) -> None:
        self.current, draft.jumps = draft, False
        self.jumped = [other for other in self.jumped if other is not draft]

    def _take_text(self, i: int) -> None:
        paragraph, current = self.paras[i], self.current
        if "jump_to" in self.between[i]:
            self._jump()
        if current is not None and current.blocks[-1][0] == REPEAT:
            pass  # the rest of an article, below its headline
        elif self._is_jumped_from(i) and (jumped := self._jumped()):
            self._resume(jumped)
        elif current is None or (current.has(BODY) and self._begins_without_headline(i)):
            self._begin()
        self.current.add([BODY], [paragraph])
        if _JUMPS_TO.search(paragraph.simple):
            self._jump()

    def _begins_without_headline(self, i: int) -> bool:
        """Whether the text of paragraph `i` is another article than the text before."""
        paragraph, current = self.paras[i], self.current
        if _DATELINE.match(paragraph.simple) or current.jumps or self._is_jumped_from(i):
            return True
        if current.title_after and current.has(HEAD):
            return True
        ended = current.blocks[-1][1].text[-1] in TERMINAL + CLOSING
        return self.heads_follow and paragraph.lines[0].frame and ended

    def _take_heads(self, i: int, j: int) -> None:
        group, roles, current = self.paras[i:j], self.roles[i:j], self.current
        if "jump_to" in self.between[i]:
            self._jump()
        if self._is_jumped_from(i) and (jumped := self._jumped()):
            self._resume(jumped)
            self.current.add([BODY] * len(group), group)
            return
        heads = "".join(p.simple for role, p in zip(roles, group, strict=True) if role == HEAD)
        if self._is_jumped_from(j) and (jumped := self._jumped(heads)) and _overlap(heads, jumped.title()) >= 0.5:
            self._resume(jumped)
            self.current.add([REPEAT] * len(group), group)
            return
        untitled = current is not None and current.has(BODY) and not current.has(HEAD)
        if self.heads_follow and untitled and HEAD in roles and self._belongs_above(i, j):
            current.add(roles, group)
            current.title_after = True
        elif current is None or (current.has(BODY) and self._starts(i, j)):
            self._begin().add(roles, group)
        elif not current.has(BODY):  # a kicker, headline and subtitle that furniture has parted
            current.add(roles, group)
        elif set(roles) == {BYLINE} and j < len(self.paras) and self.roles[j] == HEAD and not current.has(BYLINE):
            current.add(roles, group)  # a byline below its article
        else:
            current.add([BODY] * len(group), group)

    def _starts(self, i: int, j: int) -> bool:
        """Whether headline, byline and number lines begin an article. See the module's docstring."""
        roles, before = self.roles[i:j], self.between[i]
        below = self.paras[j].simple if j < len(self.paras) and self.roles[j] == BODY else ""
        parted = "jump_to" in before or not STRONG.isdisjoint(before)
        if NUMBER in roles or (BYLINE in roles and (HEAD in roles or (parted and below))):
            return True
        if HEAD not in roles:
            return False
        if parted or self.current.jumps or self._is_jumped_from(j):
            return True
        last = self.current.blocks[-1][1].simple
        if last[-1] not in TERMINAL + CLOSING + "■" and width(last) > LONGEST_HEAD:
            return False  # the text before breaks off within a sentence: this is a caption on its way
        if self._ended_before(i) or _DATELINE.match(below) or _LETTER.match(below):
            return True
        if self.bylined_number:
            return False
        gap = self.paras[i].lines[0].blanks_before
        weak = "caption" in before or "page_mark" in before
        if gap > self.gap or (weak and (gap > 0 or len(before) > 1)):
            return True
        return self.gap == 0 and (gap > 0 or weak)

    def _ended_before(self, i: int) -> bool:
        return i > 0 and _ends_article(self.paras[i - 1].simple)

    def _belongs_above(self, i: int, j: int) -> bool:
        """Whether headlines that stand between two texts, where headlines follow, belong to the text above and are not
        a subheading of the one below: that text is a dispatch or has ended, or another begins below."""
        below = self.paras[j] if j < len(self.paras) else None
        return (
            bool(_DATELINE.match(self.current.blocks[0][1].simple))
            or self._ended_before(i)
            or below is None
            or below.lines[0].frame
            or bool(_DATELINE.match(below.simple))
            or self._is_jumped_from(j)
            or not STRONG.isdisjoint(self.between[j])
        )

    def _heads_follow(self) -> bool:
        """Whether headlines stand below their articles in this document. It begins with text then, and the headlines
        between two articles share more characters with what is above them than with what is below."""
        if not self.paras or self.roles[0] != BODY or width(self.paras[0].text) <= LONGEST_HEAD:
            return False
        if _DATELINE.match(self.paras[0].simple):
            return True
        score, i = 0.0, 0
        while i < len(self.paras):
            if self.roles[i] == BODY:
                i += 1
                continue
            j = self._group_end(i)
            below = self.paras[j].simple if j < len(self.paras) else ""
            between_articles = self._ended_before(i) or _DATELINE.match(below) or not STRONG.isdisjoint(self.between[i])
            if i and j < len(self.paras) and HEAD in self.roles[i:j] and between_articles:
                heads = "".join(
                    p.simple for p, role in zip(self.paras[i:j], self.roles[i:j], strict=True) if role == HEAD
                )
                near = [
                    "".join(
                        p.simple for p, role in zip(self.paras[part], self.roles[part], strict=True) if role == BODY
                    )
                    for part in (slice(max(0, i - 8), i), slice(j, j + 8))
                ]
                score += _overlap(heads, near[0]) - _overlap(heads, near[1])
            i = j
        return score > 0


def _overlap(heads: str, text: str) -> float:
    """The share of the pairs of neighbouring characters in `heads` that `text` has too."""
    pairs = {a + b for a, b in pairwise(compact(heads)) if "\u3400" <= a <= "\u9fff" and "\u3400" <= b <= "\u9fff"}
    return sum(pair in text for pair in pairs) / max(1, len(pairs))


def _without_teasers(drafts: list[Article]) -> list[Article]:
    """`drafts` without headlines that have no text, which point to another page; their lines become furniture. Where
    there is no text at all, they stay."""
    full = [draft for draft in drafts if draft.has(BODY)]
    if not full:
        return drafts
    for draft in drafts:
        if not draft.has(BODY):
            for _, paragraph in draft.blocks:
                for line in paragraph.lines:
                    line.kind = "teaser"
    return full


def _finish(draft: Article, lines: list[Line], date: str, title: str, settings: dict, repairs: dict) -> dict:
    """The row of an article: its title, its cleaned text, and its place in the document."""

    def clean(text: str, prose: bool) -> str:
        if settings["remove_spacing"]:
            text, n = remove_spacing(text, prose)
            repairs["blanks_removed"] += n
        if settings["full_width_marks"]:
            text, n = full_width_marks(text)
            repairs["marks_widened"] += n
        return text

    heads = [clean(p.text, False) for role, p in draft.blocks if role == HEAD]
    subtitles = [h for h in heads if h.startswith("—")]
    byline = "；".join(clean(p.text, False).lstrip("■○●◎□▲ 　") for role, p in draft.blocks if role == BYLINE)
    body = [clean(p.text, True) for role, p in draft.blocks if role == BODY]
    body = [_JUMPS_TO.sub("", _JUMPED_FROM.sub("", p)) for p in body]
    match = _DATELINE.match(fold(body[0])) if body else None
    dateline = match[1] if match else ""
    head = title or " ".join(h for h in heads if h not in subtitles) or " ".join(subtitles)
    spans = _spans([line for _, p in draft.blocks for line in p.lines], lines)
    letter = any(re.match(r"^(?:编辑同志|编辑部|尊敬的)", p) for p in body[:2])
    return {
        "title": head,
        "byline": byline,
        "dateline": dateline,
        "date": _date(dateline, date),
        "kind": "document" if draft.has(NUMBER) else "letter" if letter else "dispatch" if dateline else "article",
        "text": "\n".join([*(s for s in subtitles if s != head), *(p for p in body if p)]),
        "start": min(s for s, _ in spans),
        "end": max(e for _, e in spans),
        "spans": spans,
    }


def _spans(owned: list[Line], lines: list[Line]) -> list[list[int]]:
    """Runs of an article's lines in the document, as [start, end): broken where a line that is not its own stands."""
    own = {id(line) for line in owned}
    first, last = min(line.start for line in owned), max(line.start for line in owned)
    low, high = (bisect_left(lines, start, key=lambda line: line.start) for start in (first, last))
    spans: list[list[int]] = []
    open_span = False
    for line in lines[low : high + 1]:
        if id(line) not in own:
            open_span = False
        elif open_span:
            spans[-1][1] = line.end
        else:
            spans.append([line.start, line.end])
            open_span = True
    return spans


def _date(dateline: str, date: str) -> str:
    """The day a dateline names, with the year of the document's date (the year before for December read in January)."""
    match = _MONTH_DAY.search(dateline)
    if not match or not re.match(r"[0-9]{4}", date):
        return date
    year, month, day = int(date[:4]), int(match[1]), int(match[2])
    if month == 12 and date[5:7] == "01":
        year -= 1
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return date


def _furniture_rows(lines: list[Line], articles: list[dict]) -> list[dict]:
    """The pieces of furniture, each with the number of the article that it lies in. Articles may lie within the reach
    of one that jumps: the one that began last counts."""
    starts = [article["start"] for article in articles]
    reach = list(accumulate((article["end"] for article in articles), max))
    rows = []
    for line in lines:
        if line.kind:
            number = bisect_right(starts, line.start) - 1
            if number >= 0 and reach[number] <= line.start:
                number = -1
            while number >= 0 and articles[number]["end"] <= line.start:
                number -= 1
            rows.append({"start": line.start, "end": line.end, "kind": line.kind, "article": number})
    return rows
