"""A document cut into its articles and the page furniture between.

Lines (with their furniture) -> paragraphs -> roles -> drafts of articles -> rows.
"""

from collections.abc import Sequence
from typing import NamedTuple

from baokan.articles.article_rows import article_row, furniture_rows
from baokan.articles.assembly import ArticleDraft, Assembly, paragraphs_of, without_teasers
from baokan.articles.corrections import Corrector
from baokan.articles.cues import BODY, JUMPED_FROM, JUMPS_TO, roles_of
from baokan.articles.furniture_by_layout import kinds_of
from baokan.articles.lines import Line, split_lines
from baokan.articles.repairs import REPAIRS
from baokan.corpus.corrections import Correction
from baokan.folding import fold

DEFAULTS = {"join_wrapped_lines": True, "remove_pull_quotes": True, "cut_articles": True}
COUNTS = ("lines_joined", *(kind.column for kind in REPAIRS))
MOST_JUMPS = 10  # marks at an end of a line that are looked at: each costs as much as the line is long


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
        paras = paragraphs_of([line for line in lines if not line.kind], settings, repairs)
        roles = [BODY] * len(paras) if title else roles_of(paras)
        drafts = [ArticleDraft().add(roles, paras)] if paras else []
    else:
        drafts = without_teasers(Assembly(lines, settings, repairs, paged).run())
    drafts = corrector.correct(drafts)
    doubts: list[dict] = []
    articles = [
        article_row(d, lines, date, title, settings, repairs, doubts) | corrector.fields.get(id(d), {}) for d in drafts
    ]
    articles.sort(key=lambda a: a["start"])
    doubts.sort(key=lambda d: (d["start"], d["kind"]))
    return Cut(articles, furniture_rows(lines, articles), repairs, doubts, corrector.outcomes)


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
