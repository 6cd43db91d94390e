"""PDF: the text layer by the places of its characters, or OCR of pages that have none or a broken one."""

import ctypes
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from baokan.reading.formats import Extracted, Progress, Refused, Settings, Unreadable
from baokan.reading.pages.geometry import Box, Glyph
from baokan.reading.pages.glyphs import lines_of
from baokan.reading.pages.read import read_pages

# A page with fewer characters than the first is none that its text layer gives, if it shows a picture or drawings; with
# fewer than the second, if they are seen on a picture of the page: a library's stamp, not the page's text.
FEW, STAMP = 30, 200
# A picture that covers more than this share of the page is the page.
WHOLE = 0.7
# Above this share of characters without a Unicode value, or that make no text, a text layer is not to be had.
BROKEN = 0.1
_MOST_OBJECTS = 50_000


def read(data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """Raises Refused for a locked file and one of too many pages, Unreadable for one that is no PDF."""
    return read_pages("reading.formats.pdf", data, settings, progress)


# --- what the worker runs; pages count from 0


def count(data: bytes, settings: Settings) -> int:
    """The number of pages."""
    n_pages = len(_document(data))
    if n_pages > settings.max_pages:
        raise Refused(
            f"it has {n_pages:,} pages, more than {settings.max_pages:,}; split it, or raise reading.max_pages"
        )
    return n_pages


_STREAM = re.compile(
    rb"/Filter\s{0,4}\[?\s{0,4}/FlateDecode(?:(?!stream|endobj).){0,400}?>>\s{0,4}stream\r?\n", re.DOTALL
)
_MOST_INFLATED = 500_000_000  # bytes; what lies behind is not looked at


def damage(data: bytes, settings: Settings) -> str:
    """What pdfium does not tell, in words: that the file is cut short, or that compressed parts of it are broken."""
    if b"%%EOF" not in data[-2048:]:
        return "the file is cut short: its end is missing, and what stood there"
    if b"/Encrypt" in data:
        return ""  # nothing can be told of what is enciphered
    n_streams = n_broken = inflated = 0
    for match in _STREAM.finditer(data):
        n_streams += 1
        unpack, at = zlib.decompressobj(), match.end()
        try:
            while not unpack.eof and inflated < _MOST_INFLATED:
                taken = unpack.unconsumed_tail or data[at : (at := at + 65536)]
                if not taken:
                    break
                inflated += len(unpack.decompress(taken, 1_000_000))
        except zlib.error:
            n_broken += 1
            continue
        n_broken += not unpack.eof and inflated < _MOST_INFLATED
    if not n_broken:
        return ""
    return f"{n_broken:,} of {n_streams:,} compressed parts of the file are damaged: text, fonts or pictures may be missing"


def look(data: bytes, settings: Settings, number: int) -> dict:
    """The text layer of a page: lines, figures and rules as lists of numbers, counts of characters, and whether the
    page is a scan (a picture of a page, or drawings instead of characters)."""
    page = _page(data, number)
    width, height = page.get_size()
    turn = _Turn(page)
    figures, rules, n_paths = _objects(page, turn)
    glyphs, quarter, counts = _glyphs(page, turn)
    if quarter:
        boxes = [_turned((g.x0, g.y0, g.x1, g.y1), quarter, width, height) for g in glyphs]
        glyphs = [Glyph(g.text, *box, g.size, g.turn) for g, box in zip(glyphs, boxes, strict=True)]
        figures, rules = ([_turned(box, quarter, width, height) for box in found] for found in (figures, rules))
        width, height = (height, width) if quarter % 2 else (width, height)
    whole = [box for box in figures if _area(box) > WHOLE * width * height]
    figures = [box for box in figures if box not in whole]
    lines = lines_of(glyphs, rules, settings.layout)
    n_chars = counts["characters"]
    hidden = counts["hidden"] > 0.5 * n_chars
    return {
        "width": width, "height": height, "figures": figures, "rules": rules,
        "lines": [[n.text, n.x0, n.y0, n.x1, n.y1, n.size, n.vertical] for n in lines],
        "n_chars": n_chars, "n_damaged": counts["damaged"], "n_odd": counts["odd"], "n_aslant": counts["aslant"],
        "broken": counts["damaged"] + counts["odd"] > BROKEN * max(n_chars, 1),
        "scan": (bool(whole) and n_chars < (FEW if hidden else STAMP)) or (n_chars < FEW and n_paths > 300),
        "over_scan": bool(whole) and n_chars >= FEW and hidden,
    }  # fmt: skip


def image(data: bytes, settings: Settings, number: int):
    """A page as an array of grey (uint8, height x width), and pixels per point."""
    page = _page(data, number)
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise Unreadable(f"the page measures {width:g} x {height:g} points")
    scale = _resolution(page) / 72
    scale = min(scale, math.sqrt(settings.max_pixels / (width * height)))
    if scale * 72 < 60:
        raise Refused(
            f"it measures {width / 72:,.0f} x {height / 72:,.0f} inches: at a resolution that can be read it has more "
            f"than {settings.max_pixels:,} pixels"
        )
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    return bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy(), scale


def _resolution(page) -> float:
    """Dots per inch at which to render a page for OCR: those of its picture, between 150 and 300."""
    width, height = page.get_size()
    best = 0.0
    for thing in _walk(page, raw.FPDF_PAGEOBJ_IMAGE):
        x0, y0, x1, y1 = _bounds(thing) or (0, 0, 0, 0)
        columns, rows = ctypes.c_uint(), ctypes.c_uint()
        if (x1 - x0) * (y1 - y0) > 0.3 * width * height and raw.FPDFImageObj_GetImagePixelSize(thing, columns, rows):
            best = max(best, 72 * max(columns.value, rows.value) / max(x1 - x0, y1 - y0))
    return min(300.0, max(150.0, best or 200.0))


@lru_cache(maxsize=1)
def _document(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise Refused("it is locked with a password: save a copy without one") from error
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise Refused("it is locked by a scheme that is not known here: save a copy that is not locked") from error
        raise Unreadable("it is not a PDF that can be read: it is damaged or cut short") from error


def _page(data: bytes, number: int) -> pdfium.PdfPage:
    try:
        return _document(data)[number]
    except pdfium.PdfiumError as error:
        raise Unreadable("it is damaged") from error


class _Turn:
    """From places of the page's own system to places of the page as it is shown, y downwards."""

    def __init__(self, page: pdfium.PdfPage):
        self.width, self.height = page.get_size()
        self.quarter = page.get_rotation() // 90
        left, bottom, right, top = page.get_cropbox()
        self.origin = (left, bottom)
        self.own = (right - left, top - bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.origin[0], y - self.origin[1]
        width, height = self.own
        return [(x, height - y), (y, x), (width - x, y), (height - y, width - x)][self.quarter % 4]

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return (min(a, c), min(b, d), max(a, c), max(b, d))


def _walk(page: pdfium.PdfPage, *kinds: int, form=None, depth: int = 0) -> Iterator:
    """The objects of a page, and of the forms in it, of these kinds."""
    n = raw.FPDFFormObj_CountObjects(form) if form else raw.FPDFPage_CountObjects(page)
    for i in range(min(n, _MOST_OBJECTS)):
        thing = raw.FPDFFormObj_GetObject(form, i) if form else raw.FPDFPage_GetObject(page, i)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind in kinds:
            yield thing
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 4:
            yield from _walk(page, *kinds, form=thing, depth=depth + 1)


def _bounds(thing) -> tuple[float, float, float, float] | None:
    x0, y0, x1, y1 = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(thing, x0, y0, x1, y1):
        return None
    box = (x0.value, y0.value, x1.value, y1.value)
    return box if all(abs(v) < 1e6 for v in box) else None


def _objects(page: pdfium.PdfPage, turn: _Turn) -> tuple[list[Box], list[Box], int]:
    """Pictures, rules (thin and longer than 20 points), and the number of drawn paths."""
    figures: list[Box] = []
    rules: list[Box] = []
    n_paths = 0
    for thing in _walk(page, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH):
        bounds = _bounds(thing)
        if bounds is None:
            continue
        x0, y0, x1, y1 = box = turn.box(*bounds)
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_IMAGE:
            if min(x1 - x0, y1 - y0) > 15:
                figures.append(box)
            continue
        n_paths += 1
        if min(x1 - x0, y1 - y0) < 4 and max(x1 - x0, y1 - y0) > 20 and len(rules) < 2000:
            rules.append(box)
    return figures[:2000], rules, n_paths


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


# Forms of characters that are the same character: of vertical lines, radicals and ligatures.
_VERTICAL_FORMS = str.maketrans(
    "︐︑︒︓︔︕︖︗︘︙︰︱︲︳︴︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈",
    "，、。：；！？〖〗…：—–＿＿（）｛｝〔〕【】《》〈〉「」『』［］",
)  # fmt: skip
_ALIKE = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")


def plain(character: str) -> str:
    """The usual form of a character that stands for its print only: ⽂ is 文, ﹁ is 「, ﬁ is fi."""
    character = character.translate(_VERTICAL_FORMS)
    return unicodedata.normalize("NFKC", character) if _ALIKE.search(character) else character


def _glyphs(page: pdfium.PdfPage, turn: _Turn) -> tuple[list[Glyph], int, Counter]:
    """The characters of a page; by how many quarters most are turned as the page is shown; and how many have no Unicode
    value (damaged), make no text (odd), are invisible (hidden) or stand aslant."""
    text = page.get_textpage()
    glyphs: list[Glyph] = []
    counts: Counter[str] = Counter()
    rect, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    high = 0
    for i in range(raw.FPDFText_CountChars(text)):
        if raw.FPDFText_IsGenerated(text, i) == 1:
            continue
        code = raw.FPDFText_GetUnicode(text, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        character = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if character.isspace() or character in "\u00ad\u200b\ufeff":
            continue
        if not (
            raw.FPDFText_GetLooseCharBox(text, i, rect)
            and raw.FPDFText_GetMatrix(text, i, matrix)
            and raw.FPDFText_GetCharOrigin(text, i, x, y)
        ):
            continue
        size = raw.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        if not (0.5 < size < 2000 and all(abs(v) < 1e6 for v in (rect.left, rect.right, rect.top, rect.bottom))):
            continue
        counts["characters"] += 1
        if raw.FPDFText_HasUnicodeMapError(text, i) == 1 or _is_damaged(character):
            counts["damaged"] += 1
            character = "\ufffd"
        counts["odd"] += _is_odd(character)
        counts["hidden"] += _mode(text, i) == 3
        angle = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        if abs(angle - round(angle)) > 0.15:
            counts["aslant"] += 1
            continue
        quarter = round(angle) % 4
        across = quarter == 0 and abs(x.value - rect.left) < 0.25 * size
        # The loose box reaches as far as the font says that its characters may; a square sits on the line like this.
        bottom, top = (y.value - 0.12 * size, y.value + 0.88 * size) if across else (rect.bottom, rect.top)
        box = turn.box(rect.left, bottom, rect.right, top)
        glyphs.append(Glyph(plain(character), *box, size, (quarter - turn.quarter) % 4))
    # Of as many the smallest turn, whatever is drawn first.
    usual = max(sorted(count := Counter(glyph.turn for glyph in glyphs)), key=count.__getitem__, default=0)
    return [replace(glyph, turn=(glyph.turn - usual) % 4) for glyph in glyphs], usual, counts


def _mode(text, i: int) -> int:
    thing = raw.FPDFText_GetTextObject(text, i)
    return raw.FPDFTextObj_GetTextRenderMode(thing) if thing else 0


def _turned(box: Box, quarter: int, width: float, height: float) -> Box:
    """A box of a page that lies on its side, or on its head, once the page is stood up."""
    x0, y0, x1, y1 = box
    return [
        box,
        (height - y1, x0, height - y0, x1),
        (width - x1, height - y1, width - x0, height - y0),
        (y0, width - x1, y1, width - x0),
    ][quarter]


def _is_damaged(c: str) -> bool:
    return c == "\ufffd" or unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs")


# Scripts and signs that a Chinese page may hold.
_USUAL = re.compile(
    r"[\u0020-\u007e\u00b0-\u00b7\u00d7\u00e0-\u00f6\u0391-\u03c9\u0410-\u044f\u2000-\u206f\u20a0-\u20bf\u2100-\u27bf"
    r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufb00-\ufb06\ufe10-\ufe6f\uff00-\uffef\U00020000-\U0003ffff\ufffd]"
)


def _is_odd(c: str) -> bool:
    return not _USUAL.match(c)
