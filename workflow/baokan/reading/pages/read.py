"""Documents of pages, PDF or images: each page by its text layer or by OCR, in a worker, so that one page may fail."""

import hashlib
import json
import os
import tempfile
from collections import defaultdict
from contextlib import suppress
from itertools import groupby

from baokan.reading import sandbox
from baokan.reading.formats import BY_OCR, Extracted, Progress, Refused, Settings, Unreadable
from baokan.reading.ocr import engine
from baokan.reading.pages.compose import compose
from baokan.reading.pages.geometry import Box, Line, Page

# Changes when what is kept of a page read by OCR, or how it is read, changes.
CACHE_VERSION = 1
# Above this share of characters that make no text, a text layer is left out even where OCR can't take its place.
USELESS = 0.5


def read_pages(module: str, data: bytes, settings: Settings, progress: Progress) -> Extracted:
    """The text of a document whose pages the functions count, damage, look and image of `module` (below baokan) give."""
    try:
        n_pages = sandbox.call(f"{module}:count", data, settings, seconds=settings.seconds_a_page)
        damage = sandbox.call(f"{module}:damage", data, settings, seconds=settings.seconds_a_page)
    except sandbox.Died as death:
        raise Unreadable(f"it cannot be opened: {death}") from None
    found = _Found(hashlib.sha256(data).hexdigest())
    pages = []
    try:
        for number in range(n_pages):
            progress(number, n_pages)
            pages.append(_read_page(module, data, settings, number, found))
        progress(n_pages, n_pages)
        composed = compose(pages, settings.layout)
        if not composed.text.strip():
            found.explain(n_pages)
    except (Refused, Unreadable) as error:
        error.for_ocr = found.for_ocr
        raise
    damage = "; ".join(filter(None, [damage, found.damage(n_pages)]))
    return Extracted(
        composed.text, marks=composed.marks, page_starts=composed.page_starts,
        method=found.method(), damage=damage, notes=found.notes(n_pages), for_ocr=found.for_ocr,
    )  # fmt: skip


class _Found:
    """What is to be said of the pages of a document, by page."""

    def __init__(self, sha256: str):
        self.sha256 = sha256
        self.by_layer: list[int] = []
        self.by_ocr: list[int] = []
        self.left_out: dict[str, list[int]] = defaultdict(list)  # the reason: pages
        self.refused = True  # all of those
        self.scans_left_out: dict[str, list[int]] = defaultdict(list)
        self.lost: dict[str, list[int]] = defaultdict(list)
        self.made_by_ocr: list[int] = []
        self.instead: list[int] = []  # OCR in place of a broken text layer
        self.characters = self.damaged = self.aslant = 0
        self.broken: list[int] = []
        self.for_ocr = False  # a page is, or would be with OCR installed, read by OCR

    def explain(self, n_pages: int) -> None:
        """Raise why a document gave no text, if there is something to say."""
        if self.left_out:
            raise (Refused if self.refused else Unreadable)(_reasons(self.left_out, n_pages))
        for reason in self.scans_left_out:
            raise Refused(f"this is a scan: {reason}")

    def leave_out(self, number: int, error: Exception) -> None:
        self.left_out[str(error)].append(number)
        self.refused = self.refused and isinstance(error, Refused)

    def method(self) -> str:
        layer, by_ocr = len(self.by_layer), len(self.by_ocr)
        if not by_ocr:
            return "text layer" if layer else ""
        if not layer:
            return f"{BY_OCR} ({engine.engine()})"
        return f"text layer on {layer:,} {_pages_word(layer)}, {BY_OCR} ({engine.engine()}) on {by_ocr:,}"

    def damage(self, n_pages: int) -> str:
        parts = [_reasons(self.left_out, n_pages)] if self.left_out else []
        for reason, pages in self.scans_left_out.items():
            parts.append(
                f"{_named(pages)} {'is a scan and was' if len(pages) == 1 else 'are scans and were'} left out: {reason}"
            )
        if self.broken:
            parts.append(
                f"{self.damaged:,} of {self.characters:,} characters on {_named(self.broken)} have no Unicode value in the "
                f"file (they were replaced by \ufffd): the text layer is broken there; OCR can take its place "
                f"(reading.ocr: always)"
            )
        parts += [reason if n_pages == 1 else f"{_named(pages)}: {reason}" for reason, pages in self.lost.items()]
        return "; ".join(parts)

    def notes(self, n_pages: int) -> tuple[str, ...]:
        notes = []
        if self.made_by_ocr:
            where = "" if len(self.made_by_ocr) == n_pages else f" of {_named(self.made_by_ocr)}"
            notes.append(f"the text layer{where} lies unseen over a scan: it was made by somebody's OCR")
        if self.instead:
            notes.append(f"the text layer of {_named(self.instead)} is broken: OCR was used in its place")
        if self.aslant:
            notes.append(f"{self.aslant:,} characters set aslant (a watermark?) were left out")
        return tuple(notes)


def _read_page(module: str, data: bytes, settings: Settings, number: int, found: _Found) -> Page:
    """One page; what is to be said of it goes to `found`."""
    try:
        seen = sandbox.call(f"{module}:look", data, settings, number, seconds=settings.seconds_a_page)
    except (sandbox.Died, Unreadable, Refused) as error:
        found.leave_out(number, error)
        return Page(1, 1)
    if seen.get("damage"):
        found.lost[seen["damage"]].append(number)
    scan, broken = seen.get("scan"), seen.get("broken")
    found.for_ocr |= settings.ocr == "always" or (settings.ocr == "auto" and bool(scan or broken))
    missing = "" if settings.ocr != "never" else "reading.ocr is never"
    missing = missing or engine.missing()
    if settings.ocr == "always" or ((scan or broken) and not missing):
        if missing:
            raise Refused(missing)
        page = _by_ocr(module, data, settings, number, found)
        if page is not None:
            if broken and not scan:
                found.instead.append(number)
            return page
        if scan:
            return Page(1, 1)
    elif scan:
        found.scans_left_out[missing].append(number)
        return Page(1, 1)
    return _by_layer(seen, number, found)


def _by_layer(seen: dict, number: int, found: _Found) -> Page:
    n_chars, bad = seen["n_chars"], seen["n_damaged"] + seen["n_odd"]
    if seen["broken"] and bad > USELESS * n_chars:
        found.leave_out(
            number, Unreadable("its text layer is broken: its characters stand for no text; OCR can read it")
        )
        return Page(1, 1)
    if n_chars:
        found.by_layer.append(number)
    if seen["n_damaged"]:
        found.broken.append(number)
        found.characters += n_chars
        found.damaged += seen["n_damaged"]
    elif seen["broken"]:
        found.lost[
            f"{bad / n_chars:.0%} of the characters make no text; OCR can take the place of the text layer"
        ].append(number)
    if seen["over_scan"]:
        found.made_by_ocr.append(number)
    found.aslant += seen["n_aslant"]
    return _page(seen, exact=not seen["over_scan"])


def _by_ocr(module: str, data: bytes, settings: Settings, number: int, found: _Found) -> Page | None:
    """None where OCR failed."""
    # Pages are kept as they are read: a run that was ended goes on where it stood.
    key = f"{CACHE_VERSION} {engine.engine()} {settings.layout} {settings.max_pixels} {module} {found.sha256} {number}"
    kept = settings.cache / f"{hashlib.sha256(key.encode()).hexdigest()}.json" if settings.cache else None
    page = None
    if kept:
        with suppress(OSError, ValueError, TypeError, KeyError, IndexError):
            page = _page(json.loads(kept.read_bytes()), exact=False)
    if page is None:
        try:
            seen = sandbox.call(
                "reading.ocr.read:read_page", data, settings, module, number, seconds=settings.seconds_a_page
            )
        except (sandbox.Died, Unreadable, Refused) as error:
            found.leave_out(number, error)
            return None
        page = _page(seen, exact=False)
        if kept:
            _keep(kept, seen)
    found.by_ocr.append(number)
    return page


def _keep(path, seen: dict) -> None:
    """Write whole or not at all, also where several jobs read the same page."""
    with suppress(OSError):  # a full disk costs the next run time, no more
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(seen, stream, ensure_ascii=False)
            os.replace(name, path)  # noqa: PTH105
        except BaseException:
            os.unlink(name)  # noqa: PTH108
            raise


def _page(seen: dict, exact: bool) -> Page:
    """What the worker tells of a page, as a page. Raises for values of another kind: the worker reads strangers' files."""
    lines = []
    for text, x0, y0, x1, y1, size, vertical in seen["lines"]:
        lines.append(Line(str(text), float(x0), float(y0), float(x1), float(y1), float(size), bool(vertical)))
    figures, rules = (tuple(_box(*box) for box in seen[name]) for name in ("figures", "rules"))
    return Page(float(seen["width"]), float(seen["height"]), tuple(lines), figures, rules, exact)


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return float(left), float(top), float(right), float(bottom)


# --- pages in words


def _pages_word(n: int) -> str:
    return "page" if n == 1 else "pages"


def _named(numbers: list[int]) -> str:
    """Pages that count from 0 in words: page 3; pages 1–4, 7 and 9; the first of many."""
    numbers = sorted(set(numbers))
    parts = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        stretch = [number + 1 for _, number in group]
        parts.append(f"{stretch[0]:,}" if len(stretch) == 1 else f"{stretch[0]:,}–{stretch[-1]:,}")
    if len(parts) > 8:
        parts = [*parts[:7], "others"]
    text = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return f"{_pages_word(len(numbers))} {text}"


def _reasons(left_out: dict[str, list[int]], n_pages: int) -> str:
    if n_pages == 1:
        return "; ".join(left_out)
    return "; ".join(f"{_named(pages)} cannot be read: {reason}" for reason, pages in left_out.items())
