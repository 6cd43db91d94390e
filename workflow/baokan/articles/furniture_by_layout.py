"""Page furniture that is known by how its lines are set among their neighbours, beyond their own words."""

import re
from bisect import bisect_right
from itertools import accumulate, islice, pairwise

from baokan.articles.columns import column_widths
from baokan.articles.cues import (
    BYLINE_FORM,
    DATE_LINE,
    DATELINE,
    END_MARK,
    LONGEST_HEAD,
    NAMES,
    NUMBER_FORM,
    SHORT_WORD,
    TAIL,
    ends_article,
)  # fmt: skip
from baokan.articles.furniture_by_words import STRONG, WORDED, compact, furniture_of
from baokan.articles.lines import CLOSING, TERMINAL, Line, is_airy, usual_gap, width
from baokan.characters import HAN

_HAN, _HAN_ONLY = re.compile(f"[{HAN}]"), re.compile(f"[^{HAN}]")


def kinds_of(lines: list[Line], pull_quotes: bool = True) -> list[str]:
    """The kind of furniture of each line, "" for text: what the file's format says, then by its words, then by how it is
    set among its neighbours. pull_quotes: whether those are furniture."""
    airy, gap = is_airy(lines), usual_gap(lines)
    follows = [False, *(_carries_on(a, b, airy) for a, b in pairwise(lines))] if lines else []
    kinds = furniture_of([line.simple for line in lines], [line.blanks_before for line in lines], follows)
    kinds = [line.kind or ("" if line.heading else kind) for line, kind in zip(lines, kinds, strict=True)]
    _spare_running_text(lines, kinds, airy)
    _mark_sections(lines, kinds)
    if not airy:
        _mark_loose(lines, kinds)
        _mark_lone(lines, kinds, gap)
    _mark_captions_within(lines, kinds, gap)
    if pull_quotes and not (airy and column_widths(lines).count(0.0) < len(lines) / 2):
        _mark_pull_quotes(lines, kinds, gap)
    return kinds


def _carries_on(before: Line, line: Line, airy: bool) -> bool:
    """Whether a line is set as the next of a column: as wide as the one before, which ends no sentence, without a gap."""
    return (
        line.blanks_before <= airy
        and not line.indented
        and line.width >= 12
        and abs(line.set_width - before.set_width) <= 1.0
        and before.text[-1] not in TERMINAL + CLOSING
        and line.text[-1] not in "摄图"
    )


def _spare_running_text(lines: list[Line], kinds: list[str], airy: bool) -> None:
    """A line in the midst of a paragraph is text whatever its first words: the lines about it are as wide, and the one
    before has no end or this one is indented."""
    for i in range(1, len(lines) - 1):
        before, line, following = lines[i - 1 : i + 2]
        if kinds[i] not in WORDED or kinds[i + 1] or following.blanks_before > airy:
            continue
        if line.blanks_before > airy and not line.indented:
            continue
        set_width = line.set_width
        if line.indented:
            within = not following.indented and following.width <= set_width + 1.5
            within = within and line.text[-1] not in TERMINAL + CLOSING
        else:
            within = not kinds[i - 1] and before.text[-1] not in TERMINAL + CLOSING
            within = within and abs(set_width - before.set_width) <= 1.5
        if within and set_width >= 12 and line.text[-1] not in "摄图":
            kinds[i] = ""


def _mark_sections(lines: list[Line], kinds: list[str]) -> None:
    """A section name: a very short line before a headline, after furniture or a gap."""
    for i in range(len(lines) - 1):
        if kinds[i] or lines[i].width > 12:
            continue
        name, following = compact(lines[i].text), lines[i + 1]
        if (
            SHORT_WORD.fullmatch(name)
            and (i == 0 or kinds[i - 1])
            and not kinds[i + 1]
            and following.blanks_before
            and len(following.text) > 1
            and following.width <= LONGEST_HEAD
            and following.text[-1] not in "。；，："
            and not (BYLINE_FORM.match(following.simple) or DATELINE.match(following.simple))
        ):
            kinds[i] = "section"


def _mark_loose(lines: list[Line], kinds: list[str]) -> None:
    """Lines set with the furniture above them, or as a caption between articles, and not with the headline that follows
    after a gap."""
    for i, line in enumerate(lines[:-1]):
        following, above = lines[i + 1], kinds[i - 1] if i else ""
        if kinds[i] or kinds[i + 1] or not following.blanks_before or following.width > LONGEST_HEAD:
            continue
        if line.width > LONGEST_HEAD or BYLINE_FORM.match(line.simple) or DATELINE.match(line.simple):
            continue
        headline = following.text[-1] not in "。；，：" and any(
            BYLINE_FORM.match(x.simple)
            or DATELINE.match(x.simple)
            or NUMBER_FORM.match(x.simple)
            or x.text.startswith("——")
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
        stands_off = line.blanks_before > gap or (line.blanks_before and ends_article(above.simple))
        below = kinds[i + 1] if i + 1 < len(lines) else ""
        if (
            not kinds[i]
            and stands_off
            and (below == "page_mark" or below in STRONG)
            and not lines[i + 1].blanks_before
            and not line.indented
            and 4 < line.width <= LONGEST_HEAD
            and not any(p.search(line.simple) for p in (BYLINE_FORM, DATELINE, NAMES, TAIL, END_MARK))
            and not DATE_LINE.match(compact(line.simple))
        ):
            kinds[i] = "loose"


def _mark_captions_within(lines: list[Line], kinds: list[str], gap: int) -> None:
    """One or two short lines set apart where a page broke a sentence off are a picture's caption: the sentence goes on
    after them."""
    for i in range(1, len(lines) - 1):
        before = lines[i - 1]
        if kinds[i] or kinds[i - 1] or before.width <= LONGEST_HEAD or before.text[-1] in TERMINAL + CLOSING + "■":
            continue
        size = 1 if lines[i + 1].blanks_before else 2
        caption, after = lines[i : i + size], lines[i + size : i + size + 1]
        if (
            after
            and not any(kinds[i : i + size + 1])
            and (lines[i].blanks_before > gap or after[0].blanks_before > gap)
            and all(line.width <= 30 and line.text[-1] not in TERMINAL + "，、" for line in caption)
            and (width(after[0].text) > LONGEST_HEAD or "。" in after[0].text)
        ):
            kinds[i : i + size] = ["caption"] * size


SHORTEST_QUOTE, LONGEST_QUOTE, QUOTE_LINES = 12, 160, 6  # Chinese characters; lines
QUOTE_REACH = 5_000  # characters, to either side, in which the text that is quoted is looked for


def _mark_pull_quotes(lines: list[Line], kinds: list[str], gap: int) -> None:
    """Sentences of the text that are printed again, to catch the eye: whole ones, set apart or at the head of the text,
    which stand near by, mark for mark or not, in a longer paragraph."""
    blocks, first = [], 0
    while first < len(lines):
        last = first + 1
        while last < len(lines) and not lines[last].blanks_before and not kinds[last]:
            last += 1
        if last - first <= QUOTE_LINES and _stands_out(lines, kinds, first, last, gap):
            blocks.append((first, last))
        first = last
    if not blocks:
        return
    plain = [_HAN_ONLY.sub("", line.simple) for line in lines]
    starts = [0, *accumulate(map(len, plain))]
    everything = "".join(plain)
    for first, last in blocks:
        words = "".join(plain[first:last])
        if SHORTEST_QUOTE <= len(words) <= LONGEST_QUOTE and _repeats(lines, starts, everything, first, last, words):
            kinds[first:last] = ["pull_quote"] * (last - first)


def _stands_out(lines: list[Line], kinds: list[str], first: int, last: int, gap: int) -> bool:
    """Whether lines are whole sentences that are set apart: by a wider gap, by the byline above, or since the sentence
    above them breaks off."""
    if not first or last == len(lines) or any(kinds[first:last]) or any(line.heading for line in lines[first:last]):
        return False
    if lines[last - 1].text[-1] not in "。！？”":
        return False
    above = lines[first - 1]
    broken_off = not kinds[first - 1] and above.width > LONGEST_HEAD and above.text[-1] not in TERMINAL + CLOSING
    return bool(lines[first].blanks_before > gap or broken_off or BYLINE_FORM.match(above.simple))


def _repeats(lines: list[Line], starts: list[int], everything: str, first: int, last: int, words: str) -> bool:
    """Whether `words` stand near by, from the beginning of a sentence on, in a longer line or over several."""
    low, high = starts[first], starts[last]
    near = everything.find(words, max(0, low - QUOTE_REACH), low)
    if near < 0:
        near = everything.find(words, high, high + QUOTE_REACH)
    if near < 0:
        return False
    number = bisect_right(starts, near) - 1
    line = lines[number].simple
    if starts[number + 1] - near >= len(words) and starts[number + 1] - starts[number] <= len(words):
        return False
    place = next(islice((m.start() for m in _HAN.finditer(line)), near - starts[number], None))
    before = line[:place].rstrip("“‘《（「『 ")
    return not before or before[-1] in "。！？；：…”"
