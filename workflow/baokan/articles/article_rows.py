"""Drafts of articles to rows: the title, the cleaned text with the way back to the file, the place, what is doubtful; and
the rows of what is page furniture."""

import datetime
import re
from bisect import bisect_left
from collections.abc import Callable

from baokan.articles.assembly import ArticleDraft
from baokan.articles.cues import BODY, BYLINE, DATELINE, HEAD, LONGEST_HEAD, MONTH_DAY, NUMBER, REPEAT
from baokan.articles.lines import CLOSING, TERMINAL, Line, Paragraph, width
from baokan.articles.offsets import Mapped, document_offset, flat, joined
from baokan.articles.repairs import language_slips, repaired, slips
from baokan.folding import fold

_ADDRESSED = re.compile(r"^(?:编辑同志|编辑部|尊敬的)")
_YEAR = re.compile(r"^[0-9]{4}")


def article_row(
    draft: ArticleDraft, lines: list[Line], date: str, title: str, settings: dict, repairs: dict, doubts: list[dict]
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


def _body(draft: ArticleDraft, clean: Callable[[Paragraph, bool], Mapped]) -> list[Mapped]:
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


def _doubts(article: dict, draft: ArticleDraft) -> list[dict]:
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


def furniture_rows(lines: list[Line], articles: list[dict]) -> list[dict]:
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
