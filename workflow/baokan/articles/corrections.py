"""A person's corrections made in a document: where their words stand, what they move, and whether they still apply."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise

from baokan.articles.assembly import ArticleDraft
from baokan.articles.cues import BODY, HEAD, REPEAT, roles_of
from baokan.articles.lines import CLOSING, TERMINAL, Line
from baokan.characters import HAN
from baokan.corpus.corrections import APPLIED, MOVES, SETS, Correction
from baokan.folding import fold


class DoesNotApply(ValueError):
    """Why a correction cannot be made in the document as it stands."""


OPENING = "“‘《（「『【〔("
_KEY = re.compile(rf"[{HAN}0-9A-Za-z]")


def key(text: str) -> str:
    """What of `text` is compared: Simplified characters, letters and digits; no blanks and no marks."""
    return "".join(_KEY.findall(fold(text))).lower()


class Finder:
    """Finds words in a document, whatever blanks, line ends and marks stand between their characters."""

    def __init__(self, text: str):
        simple = fold(text)
        self.document = text
        self.places = [match.start() for match in _KEY.finditer(simple)]
        self.text = "".join(simple[place] for place in self.places).lower()

    def find(self, words: str) -> list[tuple[int, int]]:
        """All places of `words` in the document, [start, end), with the marks about them."""
        wanted, spans = key(words), []
        first = self.text.find(wanted) if wanted else -1
        while first >= 0:
            start, end = self.places[first], self.places[first + len(wanted) - 1] + 1
            while start and self.document[start - 1] in OPENING:
                start -= 1
            while end < len(self.document) and self.document[end] in TERMINAL + CLOSING + "，、■":
                end += 1
            spans.append((start, end))
            first = self.text.find(wanted, first + 1)
        return spans


def _only(words: str, spans: list[tuple[int, int]], lines: list[Line], furniture: bool) -> tuple[int, int]:
    """The one of `spans` that is meant: where there are several, the one in text, or in furniture."""
    if len(spans) > 1:
        places = [(line.start, line.end) for line in lines if bool(line.kind) == furniture]
        starts = [start for start, _ in places]
        spans = [s for s in spans if (n := bisect_right(starts, s[0]) - 1) >= 0 and s[0] < places[n][1]]
    if not spans:
        raise DoesNotApply(f"the words “{words}” stand nowhere in the document")
    if len(spans) > 1:
        raise DoesNotApply(f"the words “{words}” stand in the document more than once; give more of them")
    return spans[0]


class Corrector:
    """The corrections of one document, to be made at three points of its cutting: on the lines, on what their kinds are,
    and on the drafts. `outcomes`, in the order of the corrections, says APPLIED or why not."""

    def __init__(self, text: str, corrections: Iterable[Correction]):
        self.corrections = list(corrections)
        self.outcomes = [APPLIED] * len(self.corrections)
        self.spans: list[tuple[int, int] | None] = [None] * len(self.corrections)
        self.fields: dict[int, dict[str, str]] = {}  # what replaces fields of a draft, by its id()
        self.finder = Finder(text) if self.corrections else None

    def locate(self, lines: list[Line]) -> None:
        """Find where the words of the corrections stand; `lines` with their kinds."""
        if self.finder is None:
            return
        finder = self.finder

        def find(number: int, correction: Correction) -> None:
            found = finder.find(correction.value)
            self.spans[number] = _only(correction.value, found, lines, furniture=correction.action == "text")

        for number, correction in self._open(*MOVES, "text", "furniture"):
            self._try(number, partial(find, number, correction))

    def _try(self, number: int, step: Callable[[], None]) -> None:
        try:
            step()
        except DoesNotApply as reason:
            self.outcomes[number] = f"does not apply: {reason}"

    def _open(self, *actions: str) -> Iterable[tuple[int, Correction]]:
        for number, correction in enumerate(self.corrections):
            if correction.action in actions and self.outcomes[number] == APPLIED:
                yield number, correction

    def _span(self, number: int) -> tuple[int, int]:
        """Where the words of a correction that is still open stand: `locate` has found them, or it would not be open."""
        span = self.spans[number]
        if span is None:
            raise ValueError(f"the words of correction {number} have not been located")
        return span

    def part(self, lines: list[Line]) -> list[Line]:
        """`lines`, parted where a correction has an article begin or end."""
        offsets = sorted({self._span(n)[correction.action == "ends"] for n, correction in self._open(*MOVES)})
        if not offsets:
            return lines
        parted: list[Line] = []
        for line in lines:
            cuts = [o - line.start for o in offsets if line.start < o < line.end]
            for low, high in pairwise([0, *cuts, len(line.text)]):
                piece, before = line.part(low, high), parted[-1].end if parted else 0
                piece.begins = any(before <= o <= piece.start for o in offsets)
                parted.append(piece)
        return parted

    def set_kinds(self, lines: list[Line]) -> None:
        """Mark the lines that a correction calls text or furniture."""
        for number, correction in self._open("text", "furniture"):
            start, end = self._span(number)
            for line in lines:
                if line.start < end and start < line.end:
                    line.kind = "" if correction.action == "text" else "excluded"

    def correct(self, drafts: list[ArticleDraft]) -> list[ArticleDraft]:
        """`drafts` as the corrections have them. Lines of what is no article any more become furniture."""
        for number, correction in self._open(*SETS, *MOVES, "merge", "drop"):
            self._try(number, partial(self._correct, number, correction, drafts))
        for draft in drafts:
            draft.roles = {role for role, _ in draft.blocks}
        return [draft for draft in drafts if draft.blocks]

    def _correct(self, number: int, correction: Correction, drafts: list[ArticleDraft]) -> None:
        draft, action = _named(correction.article, drafts), correction.action
        if action in SETS:
            self.fields.setdefault(id(draft), {})[action] = correction.value
        elif action == "drop":
            _exclude(draft.blocks)
            draft.blocks = []
        elif action == "merge":
            _merge(draft, _named(correction.value, drafts))
        else:
            offset = self._span(number)[action == "ends"]
            {"split": _split, "begins": _begin, "ends": _end}[action](draft, offset, drafts)


def _named(words: str, drafts: list[ArticleDraft]) -> ArticleDraft:
    """The draft that `words` name: all of its title, or the first of its title or of its text. None may be given where
    there is only one."""
    live = [draft for draft in drafts if draft.blocks]
    wanted = key(words)
    if not wanted:
        found = live
    else:
        found = [d for d in live if key(d.title()) == wanted]
        found = found or [d for d in live if key(d.title()).startswith(wanted) or key(d.body()).startswith(wanted)]
    if not found:
        raise DoesNotApply(f"no article has the title or begins with “{words}”")
    if len(found) > 1:
        raise DoesNotApply(
            f"{len(found)} articles are meant by “{words}”; give more of the title or of the first words"
        )
    return found[0]


def _place(offset: int, drafts: list[ArticleDraft]) -> tuple[ArticleDraft, int]:
    """The draft and the number of its block that begins at `offset`, or at the next text after it."""
    starts = [(p.start, number, draft) for draft in drafts for number, (_, p) in enumerate(draft.blocks)]
    starts = sorted((s for s in starts if s[0] >= offset), key=lambda s: s[0])
    if not starts:
        raise DoesNotApply("no article text follows")
    return starts[0][2], starts[0][1]


def _split(draft: ArticleDraft, offset: int, drafts: list[ArticleDraft]) -> None:
    owner, number = _place(offset, drafts)
    if owner is not draft or owner.blocks[number][1].start != offset:
        raise DoesNotApply("these words are not in the text of that article")
    if number:
        _insert(drafts, draft, ArticleDraft(blocks=_with_heads(draft.blocks[number:])))
        draft.blocks = draft.blocks[:number]


def _with_heads(blocks: list) -> list:
    """`blocks` of an article, whose first ones are its headline and byline if they have the form of them: within
    another article they were headings of sections."""
    roles = roles_of([paragraph for _, paragraph in blocks])
    first = next((number for number, role in enumerate(roles) if role == BODY), 0)
    return [*((role, p) for role, (_, p) in zip(roles[:first], blocks, strict=False)), *blocks[first:]]


def _insert(drafts: list[ArticleDraft], after: ArticleDraft, new: ArticleDraft) -> None:
    drafts.insert(next(i for i, d in enumerate(drafts) if d is after) + 1, new)


def _begin(draft: ArticleDraft, offset: int, drafts: list[ArticleDraft]) -> None:
    owner, number = _place(offset, drafts)
    if owner is draft:
        before, draft.blocks = draft.blocks[:number], draft.blocks[number:]
        previous = _neighbour(draft, drafts, -1)
        if previous:
            previous.blocks += before
        else:
            _exclude(before)
    else:
        draft.blocks = _with_heads(owner.blocks[number:] + draft.blocks)
        owner.blocks = owner.blocks[:number]


def _end(draft: ArticleDraft, offset: int, drafts: list[ArticleDraft]) -> None:
    inside = [number for number, (_, p) in enumerate(draft.blocks) if p.start >= offset]
    if inside:
        rest, draft.blocks = draft.blocks[inside[0] :], draft.blocks[: inside[0]]
        following = _neighbour(draft, drafts, 1)
        if following:
            following.blocks = rest + following.blocks
        else:
            _insert(drafts, draft, ArticleDraft(blocks=rest))
        return
    starts = [
        (p.start, d, n) for d in drafts if d is not draft for n, (_, p) in enumerate(d.blocks) if p.start < offset
    ]
    _, owner, number = max(starts, key=lambda s: s[0], default=(0, draft, -1))
    last = draft.blocks[-1][1].end if draft.blocks else 0
    if owner is not draft and owner.blocks[number][1].start > last:
        draft.blocks += owner.blocks[: number + 1]
        owner.blocks = owner.blocks[number + 1 :]


def _neighbour(draft: ArticleDraft, drafts: list[ArticleDraft], step: int) -> ArticleDraft | None:
    live = sorted((d for d in drafts if d.blocks or d is draft), key=lambda d: d.blocks[0][1].start if d.blocks else -1)
    place = next(i for i, d in enumerate(live) if d is draft) + step
    return live[place] if 0 <= place < len(live) else None


def _merge(draft: ArticleDraft, rest: ArticleDraft) -> None:
    if rest is draft:
        raise DoesNotApply("both are the same article")
    draft.resumed.add(len(draft.blocks))
    # The headline over the rest is either printed again or a heading within the article.
    same = key(rest.title()) and key(rest.title()) in key(draft.title() + draft.body())
    draft.blocks += [((REPEAT if same else BODY) if role == HEAD else role, p) for role, p in rest.blocks]
    rest.blocks = []


def _exclude(blocks: list) -> None:
    for _, paragraph in blocks:
        for line in paragraph.lines:
            line.kind = "excluded"
