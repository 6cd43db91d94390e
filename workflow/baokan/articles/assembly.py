"""Paragraphs put together to articles: where each begins, and which paragraphs are its headline, byline and text.

The press marks the start of an article in a few ways, and this module looks for them: a headline with a byline or a
document number under it; a headline after page furniture, after the end mark of the article before ("（…电）", a dated
signature) or after a wider gap; a dateline ("本报…讯", "…社…电"), with or without a headline. A short line with none of
these is a subheading within an article. Where a file begins with text, headlines may follow their articles.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from baokan.articles.cues import (
    BEGINS_LINE,
    BODY,
    BYLINE,
    BYLINE_FORM,
    DATELINE,
    ENDS_LINE,
    HEAD,
    INSTITUTION,
    LETTER,
    LONGEST_HEAD,
    MAY_STAND_ALONE,
    NUMBER,
    REPEAT,
    SALUTATION,
    SPACED_LINE,
    UNMARKED,
    ends_article,
    roles_of,
)  # fmt: skip
from baokan.articles.dictionary import bridges
from baokan.articles.furniture_by_words import STRONG, compact
from baokan.articles.lines import CLOSING, TERMINAL, Line, Paragraph, join_text, width
from baokan.articles.paragraphs import paragraphs

# From this many bylined headlines on, a file is a number whose articles are all bylined: a bare line is then a caption.
BYLINED_NUMBER = 8
MOST_WAITING = 100  # articles that jumped and may still go on: no number of a paper has so many


@dataclass
class ArticleDraft:
    """`blocks` in reading order; `resumed`: blocks before which the article jumped here from another page."""

    blocks: list[tuple[str, Paragraph]] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    resumed: set[int] = field(default_factory=set)
    title_after: bool = False
    jumps: bool = False

    def has(self, role: str) -> bool:
        """Whether a paragraph has the role."""
        return role in self.roles

    def title(self) -> str:
        """Its headlines in Simplified characters, one after the other."""
        return "".join(p.simple for role, p in self.blocks if role == HEAD)

    def body(self) -> str:
        """Its text in Simplified characters, without breaks."""
        return "".join(p.simple for role, p in self.blocks if role == BODY)

    def add(self, roles: list[str], paras: list[Paragraph]) -> "ArticleDraft":
        """Add paragraphs with their roles; gives the draft itself."""
        self.blocks += zip(roles, paras, strict=True)
        self.roles.update(roles)
        return self


def paragraphs_of(lines: list[Line], settings: dict, repairs: dict) -> list[Paragraph]:
    """Lines of text as paragraphs with their text; the line breaks undone are counted in `repairs`."""
    result, joined_lines = paragraphs(lines, settings["join_wrapped_lines"], _keep_apart)
    repairs["lines_joined"] += joined_lines
    for paragraph in result:
        paragraph.text = join_text([line.text for line in paragraph.lines])
        paragraph.simple = join_text([line.simple for line in paragraph.lines])
    return result


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


class Assembly:
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
                self.paras += paragraphs_of(run, settings, repairs) if run else []
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
        self.drafts: list[ArticleDraft] = []
        self.jumped: list[ArticleDraft] = []  # those that go on elsewhere and have not gone on yet
        self.current: ArticleDraft | None = None

    def _take_out_name_of_issue(self) -> None:
        """A heading above those that begin articles names the number or its part: it is a masthead."""
        for i in reversed(range(len(self.paras))):
            if 0 < self.paras[i].heading < self.start_level and not self.paged:
                for line in self.paras[i].lines:
                    line.kind = "masthead"
                self.between[i : i + 2] = [[*self.between[i], "masthead", *self.between[i + 1]]]
                del self.paras[i], self.roles[i]

    def run(self) -> list[ArticleDraft]:
        """The articles, in the order in which they begin."""
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

    def _begin(self) -> ArticleDraft:
        self.current = ArticleDraft()
        self.drafts.append(self.current)
        return self.current

    def _is_jumped_from(self, i: int) -> bool:
        return i < len(self.paras) and "jump_from" in self.between[i]

    def _jump(self) -> None:
        if self.current is not None and not self.current.jumps:
            self.current.jumps = True
            self.jumped = [*self.jumped[1 - MOST_WAITING :], self.current]

    def _jumped(self, heads: str = "") -> ArticleDraft | None:
        """An article that jumped and may now go on: the one whose title the headline repeats, else the first."""
        return max(self.jumped, key=lambda draft: _overlap(heads, draft.title()), default=None)

    def _resume(self, draft: ArticleDraft) -> ArticleDraft:
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

    def _begins_without_headline(self, i: int, current: ArticleDraft) -> bool:
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

    def _is_lead(self, draft: ArticleDraft) -> bool:
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

    def _starts(self, i: int, j: int, current: ArticleDraft) -> bool:
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

    def _belongs_above(self, i: int, j: int, current: ArticleDraft) -> bool:
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


def without_teasers(drafts: list[ArticleDraft]) -> list[ArticleDraft]:
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
