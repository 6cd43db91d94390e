"""A document cut into its articles: where each begins, its title, byline, dateline, and the page furniture between.

The press marks the start of an article in a few ways, and this module looks for them: a headline with a byline or a
document number under it; a headline after page furniture, after the end mark of the article before ("（…电）", a dated
signature) or after a wider gap; a dateline ("本报…讯", "…社…电"), with or without a headline. A short line with none of
these is a subheading within an article. Where a file begins with text, headlines follow their articles.
"""

import re
from dataclasses import dataclass, field

import opencc

from baokan.cleaning import (
    CLOSING,
    TERMINAL,
    Line,
    Paragraph,
    full_width_marks,
    join_text,
    paragraphs,
    remove_spacing,
    split_lines,
    width,
)
from baokan.furniture import HAN, STRONG, compact, furniture_of

_fold = opencc.OpenCC("t2s").convert
HEAD, BYLINE, NUMBER, BODY = "head", "byline", "number", "body"
LONGEST_HEAD = 46  # characters; the longest headlines of official documents

_DATELINE = re.compile(
    rf"^[\s　]*((?:本报|本刊|[{HAN}]{{2,6}}社)[{HAN}]{{0,8}}\s*(?:(?:\d{{4}}年)?\s*\d{{1,2}}月\s*\d{{1,2}}日)?\s*[讯电])(?=[\s　（(【]|$)"
)
_BYLINE = re.compile(
    rf"^(?:[■○●◎□▲]\s*\S.{{0,30}}|[○◎]?\s*(?:本报|本刊|新华社|[{HAN}]{{2,6}}社|[{HAN}]{{2,4}}日报)?\s*(?:特约|见习|实习)?(?:通讯员|记者|评论员|编辑部)"
    rf"(?:[\s　:：、].{{0,40}})?|(?:文|图文|文图|文字|整理|口述|采访|作者|摄影|撰文|执笔|来信人|转述)\s*[/／丨|:：]\s*.{{1,40}}|[/／]\s*[{HAN}].{{1,30}})$"
)
_NAMES = re.compile(rf"^[{HAN}]{{1,3}}[\s　][{HAN}]{{1,3}}$|^[{HAN}·]{{2,4}}$")
_NUMBER = re.compile(r"^[（(]?\S{1,12}[〔\[（(【]\s*\d{4}\s*[〕\]）)】]\s*第?\s*\S{0,3}\d+\s*号[）)]?$")
_DATE_LINE = re.compile(r"^[（(]?(?:\d{4}|[一二〇○零]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日[）)]?$")
_SESSION_DATE = re.compile(r"^[（(](?:\d{4})年\d{1,2}月\d{1,2}日.{0,30}[）)]$")
_END_MARK = re.compile(rf"[（(][{HAN}]{{2,6}}社?[{HAN}]{{0,8}}\s*\d{{1,2}}月\s*\d{{1,2}}日\s*电[）)]$|[（(](?:来源|转自|原载|作者)[^）)]{{1,40}}[）)]$")
_TAIL = re.compile(rf"^[（(][{HAN}\s　、·:：]{{2,24}}[）)]$")  # "（记者 某某）", "（某某 整理）" below an article
_SALUTATION = re.compile(rf"^[{HAN}、，各\s（）()]{{2,40}}[:：]$")
_LIST_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[条章节]|\d{1,2}[、.．　 ]|[●■◆○◇★])"
)
_MONTH_DAY = re.compile(r"(\d{1,2})月\s*(\d{1,2})日")
_JUMP_INLINE = re.compile(r"^[（(](?:上接|紧接)[^）)]{1,10}[）)]|[（(](?:下|紧)?转[^）)]{1,8}[版封三二四底][）)]$")


@dataclass
class Article:
    """An article in the making: its paragraphs with their roles, and offsets of what lies between."""

    blocks: list[tuple[str, Paragraph]] = field(default_factory=list)
    title_after: bool = False
    jumps: bool = False

    def has(self, role: str) -> bool:
        return any(r == role for r, _ in self.blocks)


def cut(text: str, date: str = "", title: str = "", settings: dict | None = None) -> tuple[list[dict], list[dict], dict]:
    """Articles, furniture and repairs of a document.

    text: as decoded; all offsets are into it. date: of the document, gives datelines their year. title: if not empty,
    the document is one article of that title (a record of a table). settings: the `cleaning` part of the configuration.

    Returns (articles, furniture, repairs). An article: title, byline, dateline, date, kind, text, start, end, spans; a
    piece of furniture: start, end, kind, article (its number among the articles, or -1); repairs: counts. Each character
    of the document is in the spans of one article, in one piece of furniture, or blank.
    """
    settings = {"join_wrapped_lines": True, "remove_spacing": True, "full_width_marks": True, "cut_articles": True} | (
        settings or {}
    )
    lines = split_lines(text, _fold)
    for line, kind in zip(lines, _furniture(lines), strict=True):
        line.kind = kind
    if title or not settings["cut_articles"]:
        for line in lines:  # within one article only what can be nothing else is taken out
            line.kind = line.kind if line.kind in ("jump_to", "jump_from", "page_mark", "credits") else ""
        repairs = _paragraph_stats()
        paras = _paragraphs([x for x in lines if not x.kind], settings, repairs)
        drafts = [Article([(BODY, p) for p in paras])] if paras else []
        if drafts and not title:
            roles = _roles(paras, lines)
            drafts = [Article(list(zip(roles, paras, strict=True)))]
    else:
        repairs = _paragraph_stats()
        drafts = _assemble(lines, settings, repairs)
    articles = [_finish(draft, lines, date, title, settings, repairs) for draft in drafts]
    articles.sort(key=lambda a: a["start"])
    return articles, _furniture_rows(lines, articles), repairs


def _paragraph_stats() -> dict:
    return {"lines_joined": 0, "blanks_removed": 0, "marks_widened": 0}


def _furniture(lines: list[Line]) -> list[str]:
    kinds = furniture_of([line.simple for line in lines], [line.blanks_before for line in lines])
    for i, line in enumerate(lines):  # a section name: a short line before a headline, after furniture or a gap
        if kinds[i] or len(compact(line.text)) > 4 or not re.fullmatch(rf"[{HAN}·]+", compact(line.text)):
            continue
        after_break = i == 0 or bool(kinds[i - 1])
        following = next((x for x in lines[i + 1 : i + 2]), None)
        if (
            after_break
            and following
            and not kinds[i + 1]
            and following.blanks_before
            and len(following.text) > 1
            and width(following.text) <= LONGEST_HEAD
            and following.text[-1] not in "。；，："
            and not (_BYLINE.match(following.simple) or _DATELINE.match(following.simple))
        ):
            kinds[i] = "section"
    return _loose_lines(lines, kinds)


def _loose_lines(lines: list[Line], kinds: list[str]) -> list[str]:
    """Lines set with the furniture above them, or as a caption between articles, and not with the headline that follows
    after a gap: kind "loose". Where every line has a blank one after it, gaps tell nothing."""
    if sum(line.blanks_before == 1 for line in lines) > 0.7 * len(lines):
        return kinds
    for i, line in enumerate(lines[:-1]):
        following, above = lines[i + 1], kinds[i - 1] if i else "masthead"
        short = width(line.text) <= LONGEST_HEAD and not _BYLINE.match(line.simple) and not _DATELINE.match(line.simple)
        if kinds[i] or kinds[i + 1] or not short or not following.blanks_before or width(following.text) > LONGEST_HEAD:
            continue
        headline = following.text[-1] not in "。；，：" and any(
            _BYLINE.match(x.simple) or _DATELINE.match(x.simple) or _NUMBER.match(x.simple) or x.text.startswith("——")
            for x in lines[i + 2 : i + 5]
        )
        set_with_furniture = above and not line.blanks_before
        caption = line.blanks_before and "，" in line.text and line.text[-1] not in "？！" and not line.indented
        if headline and (set_with_furniture or caption):
            kinds[i] = "loose"
    return kinds


def _keep_apart(lines: list[Line], i: int) -> bool:
    """Whether line `i` begins a paragraph whatever its width: a byline, number or date line stands by itself, and a short
    line after a gap and before a byline or dateline is a headline."""
    line, following = lines[i - 1], lines[i]
    alone = (_BYLINE, _NUMBER, _DATE_LINE)
    if any(p.match(line.simple) for p in (*alone, _SALUTATION)) or any(p.match(following.simple) for p in (*alone, _DATELINE)):
        return not (_SALUTATION.match(line.simple) and "，" in line.simple)
    after = lines[i + 1].simple if i + 1 < len(lines) else ""
    if following.blanks_before and width(following.text) <= LONGEST_HEAD and (_BYLINE.match(after) or _DATELINE.match(after)):
        return True
    return following.text.startswith("——") and line.text[-1] not in "，、"


def _paragraphs(lines: list[Line], settings: dict, repairs: dict) -> list[Paragraph]:
    result, joined = paragraphs(lines, settings["join_wrapped_lines"], _keep_apart)
    repairs["lines_joined"] += joined
    for paragraph in result:
        paragraph.text = join_text(paragraph.lines)
        paragraph.simple = _fold(paragraph.text)
    return result


def _roles(paras: list[Paragraph], lines: list[Line]) -> list[str]:
    """HEAD, BYLINE, NUMBER or BODY for each paragraph, by its form and its neighbours."""
    roles = []
    for i, paragraph in enumerate(paras):
        text = paragraph.simple.strip()
        tight = compact(text)
        following = paras[i + 1].simple if i + 1 < len(paras) else ""
        if _DATELINE.match(text):
            role = BODY
        elif _NUMBER.match(tight):
            role = NUMBER
        elif _BYLINE.match(text) and len(text) <= 45 and not text.endswith("。"):
            role = BYLINE
        elif _SESSION_DATE.match(text) and roles and roles[-1] == HEAD:
            role = BYLINE
        elif _NAMES.match(text) and roles and roles[-1] == HEAD and len(following) > 30:
            role = BYLINE
        elif (
            width(tight) <= LONGEST_HEAD
            and len(paragraph.lines) <= 2
            and tight[-1] not in "。；，、：:;,"
            and not re.search(r"[。；]", tight)
            and not _END_MARK.search(tight)
            and not _DATE_LINE.match(tight)
            and not _LIST_HEAD.match(text)
            and not _TAIL.match(text)
            and not re.match(r"^(?:问|答|记者|笔者|[\u4e00-\u9fff]{1,3})[:：]", text)
            and not _DATE_LINE.match(compact(following))
            and not (tight[-1] == "”" and tight[0] != "“" and "：“" in tight)
        ):
            role = HEAD
        else:
            role = BODY
        roles.append(role)
    return roles


def _assemble(lines: list[Line], settings: dict, repairs: dict) -> list[Article]:
    text_lines = [line for line in lines if not line.kind]
    if not text_lines:
        return []
    number = {id(line): i for i, line in enumerate(lines)}
    paras: list[Paragraph] = []
    run: list[Line] = []
    for line in lines:  # a paragraph runs through a caption or a page mark, and stops at what stands between articles
        if line.kind in STRONG or line.kind in ("jump_to", "jump_from"):
            paras += _paragraphs(run, settings, repairs) if run else []
            run = []
        elif not line.kind:
            run.append(line)
    paras += _paragraphs(run, settings, repairs) if run else []
    roles = _roles(paras, lines)
    gaps = [p.lines[0].blanks_before for p, r in zip(paras[1:], roles[1:], strict=True) if r == BODY]
    usual_gap = max(set(gaps), key=gaps.count) if gaps else 0
    heads_follow = roles[0] == BODY and width(paras[0].text) > LONGEST_HEAD
    drafts: list[Article] = []
    current: Article | None = None
    i = 0
    while i < len(paras):
        j = i
        while j < len(paras) and roles[j] != BODY and (j == i or not _furniture_between(paras[j - 1], paras[j], lines, number)):
            j += 1
        group, body = paras[i:j], paras[j] if j < len(paras) else None
        if not group:  # a paragraph of text
            before = _between(paras[i - 1] if i else None, paras[i], lines, number)
            if "jump_from" in before and (open_one := next((d for d in drafts if d.jumps), None)):
                current, open_one.jumps = open_one, False
            elif current is None or (_DATELINE.match(paras[i].simple) and current.has(BODY)):
                drafts.append(current := Article())
            elif current.has(BODY) and (
                "jump_to" in _between_any(current, paras[i], lines, number) or (current.title_after and current.has(HEAD))
            ):
                if "jump_to" in before:
                    current.jumps = True
                drafts.append(current := Article())
            current.blocks.append((BODY, paras[i]))
            i += 1
            continue
        before = _between(paras[i - 1] if i else None, group[0], lines, number)
        if current is not None and "jump_to" in before:
            current.jumps = True
        if "jump_from" in before and (open_one := next((d for d in drafts if d.jumps), None)):
            current, open_one.jumps = open_one, False
            starts = False
        else:
            starts = current is None or _starts(group, roles[i:j], body, before, current, usual_gap)
        untitled = current is not None and current.has(BODY) and not current.has(HEAD)
        if heads_follow and untitled and HEAD in roles[i:j] and _DATELINE.match(current.blocks[0][1].simple):
            starts = True  # the headline of a dispatch that stands above it
        if starts and heads_follow and current is not None and current.has(BODY) and not current.has(HEAD):
            current.blocks += zip(roles[i:j], group, strict=True)
            current.title_after = True
        elif starts:
            drafts.append(current := Article(list(zip(roles[i:j], group, strict=True))))
        else:
            current.blocks += [(BODY, p) for p in group]
        i = j
    return drafts


def _between(before: Paragraph | None, after: Paragraph, lines: list[Line], number: dict) -> list[str]:
    """The kinds of furniture between two paragraphs."""
    first = number[id(before.lines[-1])] + 1 if before else 0
    return [line.kind for line in lines[first : number[id(after.lines[0])]] if line.kind]


def _furniture_between(before: Paragraph, after: Paragraph, lines: list[Line], number: dict) -> bool:
    return any(kind in STRONG for kind in _between(before, after, lines, number))


def _between_any(current: Article, after: Paragraph, lines: list[Line], number: dict) -> list[str]:
    return _between(current.blocks[-1][1], after, lines, number)


def _starts(
    group: list[Paragraph], roles: list[str], body: Paragraph | None, before: list[str], current: Article, usual_gap: int
) -> bool:
    """Whether a group of headline, byline and number lines begins an article. See the module's docstring."""
    if not current.has(BODY):
        return False  # a kicker, headline and subtitle that furniture has parted
    if BYLINE in roles and HEAD in roles or NUMBER in roles:
        return True
    if HEAD not in roles:
        return False
    if any(kind in STRONG or kind == "jump_to" for kind in before):
        return True
    last = current.blocks[-1][1].simple
    if last[-1] not in TERMINAL + CLOSING + "■" and width(last) > LONGEST_HEAD:
        return False  # the text before breaks off within a sentence: this is a caption on its way
    if _END_MARK.search(last) or _TAIL.match(last) or _DATE_LINE.match(compact(last)):
        return True
    if body is not None and (_DATELINE.match(body.simple) or re.match(r"^(?:编辑同志|编者按|读者)", body.simple)):
        return True
    gap = group[0].lines[0].blanks_before
    weak = any(kind in ("caption", "page_mark") for kind in before)
    return gap > usual_gap + 1 or (gap > usual_gap or weak) and (weak and len(before) > 1 or usual_gap == 0 or weak and gap > 0)


def _finish(draft: Article, lines: list[Line], date: str, title: str, settings: dict, repairs: dict) -> dict:
    def clean(text: str, prose: bool) -> str:
        if settings["remove_spacing"]:
            text, n = remove_spacing(text, prose)
            repairs["blanks_removed"] += n
        if settings["full_width_marks"]:
            text, n = full_width_marks(text)
            repairs["marks_widened"] += n
        return text

    heads = [clean(p.text, False) for role, p in draft.blocks if role == HEAD]
    subtitles = [h for h in heads if h.startswith("——") or h.startswith("—")]
    byline = "；".join(clean(p.text, False).lstrip("■○●◎□▲ 　") for role, p in draft.blocks if role == BYLINE)
    number = any(role == NUMBER for role, _ in draft.blocks)
    bodies = [p for role, p in draft.blocks if role == BODY]
    body = [_JUMP_INLINE.sub("", clean(p.text, True)) for p in bodies]
    dateline = next((m[1] for p in body[:1] if (m := _DATELINE.match(_fold(p)))), "")
    head = title or " ".join(h for h in heads if h not in subtitles) or " ".join(subtitles)
    owned = [line for _, p in draft.blocks for line in p.lines]
    spans = _spans(owned, lines)
    letter = any(re.match(r"^(?:编辑同志|编辑部|尊敬的)", p) for p in body[:2])
    return {
        "title": head,
        "byline": byline,
        "dateline": dateline,
        "date": _date(dateline, date),
        "kind": "document" if number else "letter" if letter else "dispatch" if dateline else "article",
        "text": "\n".join([*(s for s in subtitles if s != head), *(p for p in body if p)]),
        "start": min(s for s, _ in spans),
        "end": max(e for _, e in spans),
        "spans": spans,
    }


def _spans(owned: list[Line], lines: list[Line]) -> list[list[int]]:
    """Runs of an article's lines in the document, as [start, end): broken where a line that is not its own stands."""
    own = {id(line) for line in owned}
    spans: list[list[int]] = []
    open_span = False
    for line in lines:
        if id(line) in own:
            if open_span:
                spans[-1][1] = line.end
            else:
                spans.append([line.start, line.end])
            open_span = True
        else:
            open_span = False
    return spans


def _date(dateline: str, date: str) -> str:
    """The day a dateline names, with the year of the document's date (the year before for December read in January)."""
    match = _MONTH_DAY.search(dateline)
    if not match or len(date) < 4:
        return date
    year, month, day = int(date[:4]), int(match[1]), int(match[2])
    if len(date) >= 7 and month == 12 and date[5:7] == "01":
        year -= 1
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else date


def _furniture_rows(lines: list[Line], articles: list[dict]) -> list[dict]:
    rows = []
    for line in lines:
        if line.kind:
            inside = [n for n, a in enumerate(articles) if a["start"] <= line.start < a["end"]]
            rows.append({"start": line.start, "end": line.end, "kind": line.kind, "article": inside[0] if inside else -1})
    return rows
