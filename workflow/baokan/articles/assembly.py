"""A document cut into its articles: where each begins, its title, byline, dateline, and the page furniture between.

The press marks the start of an article in a few ways, and this module looks for them: a headline with a byline or a
document number under it; a headline after page furniture, after the end mark of the article before ("（…电）", a dated
signature) or after a wider gap; a dateline ("本报…讯", "…社…电"), with or without a headline. A short line with none of
these is a subheading within an article. Where a file begins with text, headlines may follow their articles.

Lines (with their furniture) -> paragraphs -> roles -> drafts of articles -> rows.
"""

import datetime
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from baokan.articles.corrections import Corrector
from baokan.articles.cues import (
    BEGINS_LINE,
    BODY,
    BYLINE,
    BYLINE_FORM,
    DATELINE,
    ENDS_LINE,
    HEAD,
    INSTITUTION,
    JUMPED_FROM,
    JUMPS_TO,
    LETTER,
    LONGEST_HEAD,
    MAY_STAND_ALONE,
    MONTH_DAY,
    NUMBER,
    REPEAT,
    SALUTATION,
    SPACED_LINE,
    UNMARKED,
    ends_article,
    roles_of,
)  # fmt: skip
from baokan.articles.dictionary import bridges
from baokan.articles.draft import Draft
from baokan.articles.furniture_by_layout import kinds_of
from baokan.articles.furniture_by_words import STRONG, compact
from baokan.articles.lines import CLOSING, TERMINAL, Line, Paragraph, join_text, paragraphs, split_lines, width
from baokan.articles.offsets import Mapped, document_offset, flat, joined
from baokan.articles.repairs import REPAIRS, language_slips, repaired, slips
from baokan.corpus.corrections import Correction
from baokan.folding import fold

_ADDRESSED = re.compile(r"^(?:编辑同志|编辑部|尊敬的)")
_YEAR = re.compile(r"^[0-9]{4}")
# From this many bylined headlines on, a file is a number whose articles are all bylined: a bare line is then a caption.
BYLINED_NUMBER = 8
MOST_WAITING = 100  # articles that jumped and may still go on: no number of a paper has so many
MOST_JUMPS = 10  # marks at an end of a line that are looked at: each costs as much as the line is long
DEFAULTS = {"join_wrapped_lines": True, "remove_pull_quotes": True, "cut_articles": True}
COUNTS = ("lines_joined", *(kind.column for kind in REPAIRS))


class Cut(NamedTuple):
    """What a document was cut into.

    articles: title, byline, dateline, date, kind, text, start, end, spans, offset_map; see results/README.md.
    furniture: start, end, kind, article (its number among the articles, or -1). repairs: how many of each.
    doubts: start, end, kind, words. outcomes: of each correction, whether it was made.
    Each character of the document is in the spans of one article, in one piece of furniture, or blank.
    """

    articles: list[dict]
    furniture: list[dict]
    repairs: dict[str, int]
    doubts: list[dict]
    outcomes: list[str]


def cut(
    text: str,
    date: str = "",
    title: str = "",
    settings: dict | None = None,
    marks: Sequence[dict] = (),
    corrections: Sequence[Correction] = (),
    paged: bool = False,
) -> Cut:
    """Articles, furniture and repairs of a document.

    text: as decoded; all offsets are into it. date: of the document, gives datelines their year. title: if not empty,
    the document is one article of that title (a record of a table). settings: the `cleaning` part of the configuration.
    marks: what the document's format says of stretches of it. corrections: a person's, of this document. paged: whether
    it is read from pages, where headings are known by the size of their type and are of articles, not of sections.
    """
    settings = DEFAULTS | (settings or {})
    repairs = dict.fromkeys(COUNTS, 0)
    corrector = Corrector(text, corrections)
    lines = _marked(split_lines(text, fold), marks)
    for line, kind in zip(lines, kinds_of(lines, settings["remove_pull_quotes"]), strict=True):
        line.kind = line.kind or kind
    lines = _with_jumps_apart(lines)
    corrector.locate(lines)
    lines = corrector.part(lines)
    whole = bool(title) or not settings["cut_articles"]
    if whole:
        for line in lines:  # within one article only what can be nothing else is taken out
            line.kind = line.kind if line.kind in ("jump_to", "jump_from", "page_mark", "credits", "margin") else ""
    corrector.set_kinds(lines)
    if whole:
        paras = _paragraphs([line for line in lines if not line.kind], settings, repairs)
        roles = [BODY] * len(paras) if title else roles_of(paras)
        drafts = [Draft().add(roles, paras)] if paras else []
    else:
        drafts = _without_teasers(_Assembly(lines, settings, repairs, paged).run())
    drafts = corrector.correct(drafts)
    doubts: list[dict] = []
    articles = [
        _finish(d, lines, date, title, settings, repairs, doubts) | corrector.fields.get(id(d), {}) for d in drafts
    ]
    articles.sort(key=lambda a: a["start"])
    doubts.sort(key=lambda d: (d["start"], d["kind"]))
    return Cut(articles, _furniture_rows(lines, articles), repairs, doubts, corrector.outcomes)


def _marked(lines: list[Line], marks: Sequence[dict]) -> list[Line]:
    """`lines` with what `marks`, sorted, say of them."""
    number = 0
    for line in lines:
        while number < len(marks) and marks[number]["end"] <= line.start:
            number += 1
        if number < len(marks) and marks[number]["start"] < line.end:
            kind = marks[number]["kind"]
            line.mark, line.kind = number, {"caption": "caption", "furniture": "margin"}.get(kind, "")
            line.heading = int(kind[-1]) if kind.startswith("heading") else 0
    return lines


def _with_jumps_apart(lines: list[Line]) -> list[Line]:
    """`lines`, where "（下转第二版）" at the end of a line and "（上接第一版）" at the start of one are lines of their own."""
    apart = []
    for line in lines:
        if line.kind or (line.simple[0] not in "（(" and line.simple[-1] not in "）)"):
            apart.append(line)
            continue
        after: list[Line] = []
        for _ in range(MOST_JUMPS):
            if not line.text or not (match := JUMPED_FROM.match(line.simple)):
                break
            apart.append(line.part(0, match.end(), "jump_from"))
            line = line.part(match.end(), len(line.text))
        for _ in range(MOST_JUMPS):
            if not line.text or not (match := JUMPS_TO.search(line.simple)):
                break
            after.append(line.part(match.start(), len(line.text), "jump_to"))
            line = line.part(0, match.start())
        apart += [piece for piece in (line, *reversed(after)) if piece.text]
    return apart


def _keep_apart(lines: list[Line], i: int) -> bool:
    """Whether line `i` begins a paragraph whatever its width: a heading, a byline, number or date line stands by itself, and a
    short line after a gap and before a byline or dateline is a headline."""
    line, following = lines[i - 1], lines[i]
    if following.begins or (line.mark != following.mark and (line.heading or following.heading)):
        return True
    ends = MAY_STAND_ALONE.search(line.simple) and ENDS_LINE.match(line.simple)
    if ends or (MAY_STAND_ALONE.search(following.simple) and BEGINS_LINE.match(following.simple)):
        return not (SALUTATION.match(line.simple) and "，" in line.simple)
    if INSTITUTION.match(following.simple) and UNMARKED.match(line.text) and following.width < line.width - 2:
        return True
    spaced_out = SPACED_LINE.match(line.text) or SPACED_LINE.match(following.text)
    if spaced_out and UNMARKED.match(line.text) and UNMARKED.match(following.text):
        return True  # lines of a headline; in prose it is a line that was stretched to the column's width
    if following.blanks_before and i + 1 < len(lines) and following.width <= LONGEST_HEAD:
        after = lines[i + 1].simple
        if BYLINE_FORM.match(after) or DATELINE.match(after):
            return True
    if line.blanks_before >= 2 and line.blanks_before > following.blanks_before and UNMARKED.match(line.text) and i > 1:
        # As wide as the column, but after a wider gap, the end of a sentence, and without a mark: a headline.
        return lines[i - 2].text[-1] in TERMINAL + CLOSING and not bridges(line.simple, following.simple)
    return following.text.startswith("——") and line.text[-1] not in "，、"


def _paragraphs(lines: list[Line], settings: dict, repairs: dict) -> list[Paragraph]:
    result, joined_lines = paragraphs(lines, settings["join_wrapped_lines"], _keep_apart)
    repairs["lines_joined"] += joined_lines
    for paragraph in result:
        paragraph.text = join_text([line.text for line in paragraph.lines])
        paragraph.simple = join_text([line.simple for line in paragraph.lines])
    return result


class _Assembly:
    """The paragraphs of a document put together to articles, from first to last."""

    def __init__(self, lines: list[Line], settings: dict, repairs: dict, paged: bool):
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
        self.roles = roles_of(self.paras)
        gaps = [
            p.lines[0].blanks_before for p, role in zip(self.paras[1:], self.roles[1:], strict=True) if role == BODY
        ]
        self.gap = max(set(gaps), key=gaps.count) if gaps else 0
        bylined = [i for i, (a, b) in enumerate(pairwise(self.roles)) if (a, b) == (HEAD, BYLINE)]
        self.bylined_number = len(bylined) >= BYLINED_NUMBER
        self.paged = paged
        self.start_level = 6 if paged else _start_level(self.paras, self.roles)
        self._take_out_name_of_issue()
        self.heads_follow = self._heads_follow()
        self.drafts: list[Draft] = []
        self.jumped: list[Draft] = []  # those that go on elsewhere and have not gone on yet
        self.current: Draft | None = None

    def _take_out_name_of_issue(self) -> None:
        """A heading above those that begin articles names the number or its part: it is a masthead."""
        for i in reversed(range(len(self.paras))):
            if 0 < self.paras[i].heading < self.start_level and not self.paged:
                for line in self.paras[i].lines:
                    line.kind = "masthead"
                self.between[i : i + 2] = [[*self.between[i], "masthead", *self.between[i + 1]]]
                del self.paras[i], self.roles[i]

    def run(self) -> list[Draft]:
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
        j, bylines = i + 1, self.roles[i] == BYLINE
        while j < len(self.paras) and self.roles[j] != BODY and STRONG.isdisjoint(self.between[j]):
            parted = self.paras[j].lines[0].blanks_before > self.gap or self.between[j]
            if parted and self.roles[j] == HEAD and bylines:
                break
            bylines = bylines and self.roles[j] == BYLINE
            j += 1
        return j

    def _begin(self) -> Draft:
        self.current = Draft()
        self.drafts.append(self.current)
        return self.current

    def _is_jumped_from(self, i: int) -> bool:
        return i < len(self.paras) and "jump_from" in self.between[i]

    def _jump(self) -> None:
        if self.current is not None and not self.current.jumps:
            self.current.jumps = True
            self.jumped = [*self.jumped[1 - MOST_WAITING :], self.current]

    def _jumped(self, heads: str = "") -> Draft | None:
        """An article that jumped and may now go on: the one whose title the headline repeats, else the first."""
        return max(self.jumped, key=lambda draft: _overlap(heads, draft.title()), default=None)

    def _resume(self, draft: Draft) -> Draft:
        self.current, draft.jumps = draft, False
        draft.resumed.add(len(draft.blocks))
        self.jumped = [other for other in self.jumped if other is not draft]
        return draft

    def _take_text(self, i: int) -> None:
        paragraph, current = self.paras[i], self.current
        if "jump_to" in self.between[i]:
            self._jump()
        if current is not None and current.blocks[-1][0] == REPEAT:
            pass  # the rest of an article, below its headline
        elif self._is_jumped_from(i) and (jumped := self._jumped()):
            current = self._resume(jumped)
        elif current is None or (current.has(BODY) and self._begins_without_headline(i, current)):
            current = self._begin()
        current.add([BODY], [paragraph])

    def _begins_without_headline(self, i: int, current: Draft) -> bool:
        """Whether the text of paragraph `i` is another article than the text before, which is that of `current`."""
        paragraph = self.paras[i]
        if current.jumps or self._is_jumped_from(i):
            return True
        if DATELINE.match(paragraph.simple):
            return not self._is_lead(current)
        if current.title_after and current.has(HEAD):
            return True
        ended = current.blocks[-1][1].text[-1] in TERMINAL + CLOSING
        return self.heads_follow and paragraph.lines[0].frame and ended

    def _is_lead(self, draft: Draft) -> bool:
        """Whether all the text so far is what a paper sets between the headline and the dateline: a few lines that begin
        with a bullet or that end no sentence."""
        body = [p.simple for role, p in draft.blocks if role == BODY]
        lead = all(text[0] in "■●◆▲" or text[-1] not in TERMINAL + CLOSING for text in body)
        return draft.has(HEAD) and len(body) <= 8 and lead

    def _take_heads(self, i: int, j: int) -> None:
        group, roles, current = self.paras[i:j], self.roles[i:j], self.current
        if "jump_to" in self.between[i]:
            self._jump()
        if self._is_jumped_from(i) and (jumped := self._jumped()):
            self._resume(jumped).add([BODY] * len(group), group)
            return
        heads = "".join(p.simple for role, p in zip(roles, group, strict=True) if role == HEAD)
        if self._is_jumped_from(j) and (jumped := self._jumped(heads)) and _overlap(heads, jumped.title()) >= 0.5:
            self._resume(jumped).add([REPEAT] * len(group), group)
            return
        if current is None:
            self._begin().add(roles, group)
            return
        untitled = current.has(BODY) and not current.has(HEAD)
        if self.heads_follow and untitled and HEAD in roles and self._belongs_above(i, j, current):
            current.add(roles, group)
            current.title_after = True
        elif current.has(BODY) and self._starts(i, j, current):
            self._begin().add(roles, group)
        elif not current.has(BODY):  # a kicker, headline and subtitle that furniture has parted
            current.add(roles, group)
        elif set(roles) == {BYLINE} and j < len(self.paras) and self.roles[j] == HEAD and not current.has(BYLINE):
            current.add(roles, group)  # a byline below its article
        else:
            current.add([BODY] * len(group), group)

    def _starts(self, i: int, j: int, current: Draft) -> bool:
        """Whether headline, byline and number lines below `current` begin an article. See the module's docstring."""
        roles, before = self.roles[i:j], self.between[i]
        below = self.paras[j].simple if j < len(self.paras) and self.roles[j] == BODY else ""
        parted = "jump_to" in before or not STRONG.isdisjoint(before)
        if NUMBER in roles or (BYLINE in roles and (HEAD in roles or (parted and below))):
            return True
        if HEAD not in roles:
            return False
        if levels := [p.heading for p in self.paras[i:j] if p.heading]:
            return min(levels) <= self.start_level
        if parted or current.jumps or self._is_jumped_from(j):
            return True
        last = current.blocks[-1][1].simple
        if last[-1] not in TERMINAL + CLOSING + "■" and width(last) > LONGEST_HEAD:
            return False  # the text before breaks off within a sentence: this is a caption on its way
        if self._ended_before(i) or DATELINE.match(below) or LETTER.match(below):
            return True
        if self.bylined_number or (self.start_level and not self.paged):
            return False
        gap = self.paras[i].lines[0].blanks_before
        weak = "caption" in before or "page_mark" in before
        if gap > self.gap or (weak and (gap > 0 or len(before) > 1)):
            return True
        return self.gap == 0 and (gap > 0 or weak)

    def _ended_before(self, i: int) -> bool:
        return i > 0 and ends_article(self.paras[i - 1].simple)

    def _belongs_above(self, i: int, j: int, current: Draft) -> bool:
        """Whether headlines that stand between two texts, where headlines follow, belong to the text above and are not
        a subheading of the one below: that text is a dispatch or has ended, or another begins below."""
        below = self.paras[j] if j < len(self.paras) else None
        return (
            bool(DATELINE.match(current.blocks[0][1].simple))
            or self._ended_before(i)
            or below is None
            or below.lines[0].frame
            or bool(DATELINE.match(below.simple))
            or self._is_jumped_from(j)
            or not STRONG.isdisjoint(self.between[j])
        )

    def _heads_follow(self) -> bool:
        """Whether headlines stand below their articles in this document. It begins with text then, and the headlines
        between two articles share more characters with what is above them than with what is below."""
        if not self.paras or self.roles[0] != BODY or width(self.paras[0].text) <= LONGEST_HEAD:
            return False
        if self.start_level:
            return False
        if DATELINE.match(self.paras[0].simple):
            return True
        score, i = 0.0, 0
        while i < len(self.paras):
            if self.roles[i] == BODY:
                i += 1
                continue
            j = self._group_end(i)
            below = self.paras[j].simple if j < len(self.paras) else ""
            between_articles = self._ended_before(i) or DATELINE.match(below) or not STRONG.isdisjoint(self.between[i])
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


def _start_level(paras: list[Paragraph], roles: list[str]) -> int:
    """The level of the headings that begin articles, where the file's format tells headings; 0 where it tells none.

    The topmost level that stands more than once. A single heading above it is the name of the issue, or the headline of
    the one article in the file: then text stands below it before the first heading of a section.
    """
    counts = Counter(p.heading for p in paras if p.heading)
    if not counts:
        return 0
    top = min(counts)
    level = min((level for level, n in counts.items() if n > 1), default=top)
    first = next(i for i, p in enumerate(paras) if p.heading == top)
    following = next((i for i, p in enumerate(paras) if i > first and p.heading), len(paras))
    one_article = counts[top] == 1 and BODY in roles[first + 1 : following]
    return top if one_article else level


def _overlap(heads: str, text: str) -> float:
    """The share of the pairs of neighbouring characters in `heads` that `text` has too."""
    pairs = {a + b for a, b in pairwise(compact(heads)) if "\u3400" <= a <= "\u9fff" and "\u3400" <= b <= "\u9fff"}
    there = {a + b for a, b in pairwise(text)} if len(pairs) > 100 else text  # to look for each takes longer
    return sum(pair in there for pair in pairs) / max(1, len(pairs))


def _without_teasers(drafts: list[Draft]) -> list[Draft]:
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


def _finish(
    draft: Draft, lines: list[Line], date: str, title: str, settings: dict, repairs: dict, doubts: list[dict]
) -> dict:
    """The row of an article: its title, its cleaned text, and its place in the document."""

    def clean(paragraph: Paragraph, prose: bool) -> Mapped:
        text = paragraph.mapped()
        doubts.extend(_slips(text, settings.get("repair_slips", True)))
        return repaired(text, prose, settings, repairs)

    heads = [clean(p, False) for role, p in draft.blocks if role == HEAD]
    subtitles = [h for h in heads if h.text.startswith("—")]
    byline = "；".join(clean(p, False).text.lstrip("■○●◎□▲ 　") for role, p in draft.blocks if role == BYLINE)
    body = _body(draft, clean)
    match = DATELINE.match(fold(body[0].text[:100])) if body else None
    dateline = match[1] if match else ""
    above = " ".join(h.text for h in heads if not h.text.startswith("—"))
    text = joined(("\n" if n else "", p) for n, p in enumerate([*(subtitles if title or above else []), *body]))
    spans = _spans([line for _, p in draft.blocks for line in p.lines], lines)
    letter = any(_ADDRESSED.match(p.text) for p in body[:2])
    article = {
        "title": title or above or " ".join(h.text for h in subtitles),
        "byline": byline,
        "dateline": dateline,
        "date": _date(dateline, date),
        "kind": "document" if draft.has(NUMBER) else "letter" if letter else "dispatch" if dateline else "article",
        "text": text.text,
        "start": min(s for s, _ in spans),
        "end": max(e for _, e in spans),
        "spans": spans,
        "offset_map": flat(text.runs),
    }
    doubts += _doubts(article, draft)
    return article


def _body(draft: Draft, clean: Callable[[Paragraph, bool], Mapped]) -> list[Mapped]:
    """The paragraphs of the text. One that a jump to another page broke off within a sentence is put together again."""
    body: list[Mapped] = []
    resumed = False
    for number, (role, paragraph) in enumerate(draft.blocks):
        resumed = resumed or role == REPEAT or number in draft.resumed
        if role == BODY:
            text = clean(paragraph, True)
            parted = paragraph.lines[0].begins and paragraph.lines[0].taken  # for a correction that was not made here
            if body and (parted or (resumed and body[-1].text[-1:] not in TERMINAL + CLOSING)):
                body[-1] = joined([("", body[-1]), ("", text)])
            elif text.text:
                body.append(text)
            resumed = False
    return body


def _slips(text: Mapped, repair: bool) -> list[dict]:
    """English words that stand in a Chinese sentence, with whether they are put right."""
    found = language_slips(text.text)
    mended = {start for start, _, _ in slips(text.text)} if found and repair else set()
    return [
        {
            "start": document_offset(text.runs, start),
            "end": document_offset(text.runs, end - 1) + 1,
            "kind": "slip repaired" if start in mended else "slip left",
            "words": text.text[max(0, start - 10) : end + 10],
        }
        for start, end, _ in found
    ]


def _doubts(article: dict, draft: Draft) -> list[dict]:
    """What of an article a reader should look at: no headline, no end, a rest that was not found, lost characters."""
    found, text = [], article["text"]
    if not article["title"]:
        found.append(("no headline", text[:24]))
    if draft.jumps:
        found.append(("goes on elsewhere, and no continuation was found", text[-24:]))
    elif width(text.split("\n")[-1]) > LONGEST_HEAD and text[-1] not in TERMINAL + CLOSING + "■":
        found.append(("breaks off", text[-24:]))  # within a sentence; a signature or a date is shorter
    if lost := text.count("\ufffd"):
        found.append((f"{lost:,} lost characters", text[max(0, text.find("\ufffd") - 12) :][:24]))
    return [{"start": article["start"], "end": article["end"], "kind": kind, "words": words} for kind, words in found]


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
    match = MONTH_DAY.search(dateline)
    if not match or not _YEAR.match(date):
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
    rows: list[dict] = []
    begun, following = [], 0  # articles that have begun and may go on, the last one at the end; the next one
    for line in lines:
        if line.kind:
            while following < len(articles) and articles[following]["start"] <= line.start:
                begun.append(following)
                following += 1
            while begun and articles[begun[-1]]["end"] <= line.start:
                begun.pop()
            number = begun[-1] if begun else -1
            rows.append({"start": line.start, "end": line.end, "kind": line.kind, "article": number})
    return rows
