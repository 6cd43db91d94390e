"""Pages that are really set: PDFs of newspaper pages, of which the words and their order are known, and their scans.

A page looks the same in whatever order its file draws it. Layout programs draw story by story, row by row across all
columns, or font by font: ORDERS has such orders, FORMS the ways in which the characters are put into text objects.
"""

import io
import re
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import opencc
import pypdfium2 as pdfium
from baokan.reading.formats import Extracted
from baokan.reporting.looks import font_path
from PIL import Image, ImageFilter
from rapidfuzz.distance import Levenshtein
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SAMPLE = Path(__file__).parents[1] / "data/sample"
A4 = (595.0, 842.0)  # points
ORDERS = ("reading", "lines by row", "lines shuffled", "by size of type", "characters by row", "characters shuffled")
FORMS = ("words", "lines", "rows")
_CLOSING = "，。、；：？！”’）》」』"
_OPENING = "“‘（《「『"
# What stands on its side or in a corner of its square in a vertical line.
_UPRIGHT = str.maketrans("「」『』（）—《》：", "﹁﹂﹃﹄︵︶︱︽︾︰")


@cache
def paragraphs() -> tuple[str, ...]:
    """Paragraphs of prose of the sample, of 60 characters or more, in the order of its magazine."""
    found = []
    for path in sorted(SAMPLE.glob("magazine/*.txt")):
        for block in re.split(r"\n[ \t\u3000]*\n|\n(?=\u3000\u3000)", path.read_text(encoding="utf-8")):
            text = re.sub(r"\s+", "", block)
            if len(text) >= 60 and text.endswith("。") and not re.search("[A-Za-z]", text):
                found.append(text)
    return tuple(found)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional(text: str) -> str:
    """`text` in Traditional characters."""
    return _converter().convert(text)


class Prose:
    """Hands out paragraphs of the sample, each once; `traditional` in Traditional characters."""

    def __init__(self, start: int = 0, traditional: bool = False):
        self.next, self.traditional = start, traditional

    def convert(self, text: str) -> str:
        marks = str.maketrans("“”‘’", "『』「」")
        return traditional(text).translate(marks) if self.traditional else text

    def fill(self, n_lines: int, width: int) -> tuple[list[str], list[str]]:
        """Paragraphs that fill `n_lines` lines of `width` squares, the last one cut short; and the lines."""
        texts, lines = [], []
        while len(lines) < n_lines:
            text = self.convert(paragraphs()[self.next % len(paragraphs())])
            self.next += 1
            room = (n_lines - len(lines)) * width - 2
            set_lines = broken("\u3000\u3000" + text, width)
            while len(lines) + len(set_lines) > n_lines:
                text = text[: min(room, len(text) - 2)].rstrip(_CLOSING + _OPENING) + "。"
                set_lines = broken("\u3000\u3000" + text, width)
            texts.append(text)
            lines += set_lines
        return texts, lines


@dataclass
class Sheet:
    """A page being set; x to the right, y downwards, in points. `truth`: its pieces in the order of reading."""

    width: float = A4[0]
    height: float = A4[1]
    glyphs: list[tuple[str, float, float, float]] = field(default_factory=list)  # character, left, baseline, size
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)
    truth: list[tuple[str, str]] = field(default_factory=list)  # kind, text
    hidden: bool = False  # the text lies unseen over the pictures
    lying: list[tuple[str, float, float, float, float]] = field(default_factory=list)  # text, place, size, degrees
    starts: list[int] = field(default_factory=list)  # where lines begin among the glyphs

    def line(self, text: str, x: float, y: float, size: float, pitch: float = 0.0) -> None:
        """A horizontal line whose square begins at (x, y); Latin characters take half a square."""
        self.starts.append(len(self.glyphs))
        for c in text:
            if not c.isspace():
                self.glyphs.append((c, x, y + 0.88 * size, size))
            x += pitch or (size if ord(c) > 0x2E7F or c in "“”‘’—…·" else 0.6 * size)

    def column(self, text: str, x: float, y: float, size: float, pitch: float = 0.0) -> None:
        """A vertical line whose first square begins at (x, y)."""
        self.starts.append(len(self.glyphs))
        for c in text:
            if c in "，。、；？！":
                self.glyphs.append((c, x + 0.55 * size, y + 0.35 * size, size))
            else:
                self.glyphs.append((c.translate(_UPRIGHT), x, y + 0.88 * size, size))
            y += pitch or size

    def headline(self, text: str, x: float, y: float, size: float, width: float = 0.0) -> None:
        self.line(text, x + max(0.0, (width - len(text) * size) / 2), y, size)
        self.truth.append(("heading", text))

    def flow(self, prose: Prose, frames: list[tuple], size: float, leading: float, vertical: bool = False) -> None:
        """Paragraphs that fill frames (x, y, width, height), one after another; first lines are two squares in."""
        across, along = (2, 3) if vertical else (3, 2)
        rooms = [int((frame[across] + leading - size + 0.01) / leading) for frame in frames]
        texts, waiting = prose.fill(sum(rooms), int(frames[0][along] / size + 0.01))
        for (x, y, width, _), room in zip(frames, rooms, strict=True):
            here, waiting = waiting[:room], waiting[room:]
            for i, line in enumerate(here):
                inset = (len(line) - len(line.lstrip("\u3000"))) * size
                if vertical:
                    self.column(line.lstrip("\u3000"), x + width - size - i * leading, y + inset, size)
                else:
                    self.line(line.lstrip("\u3000"), x + inset, y + i * leading, size)
        self.truth += [("text", text) for text in texts]


def broken(text: str, n: int) -> list[str]:
    """`text` in lines of `n` squares; one closing mark hangs, a second takes the character before it to the next line, and
    so does an opening mark at the end."""
    lines, line = [], ""
    for c in text:
        if len(line) >= n and not (c in _CLOSING and len(line) == n):
            carried = 2 if c in _CLOSING and line[-1] in _CLOSING else int(c in _CLOSING or line[-1] in _OPENING)
            lines.append(line[: len(line) - carried])
            line = line[len(line) - carried :]
        line += c
    return [*lines, line]


def font() -> str:
    if "Noto" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Noto", str(font_path())))
    return "Noto"


def in_drawing_order(sheet: Sheet, order: str) -> list[tuple[str, float, float, float]]:
    """The glyphs of a sheet in one of ORDERS; those by lot are the same each time."""
    lines = [sheet.glyphs[a:b] for a, b in pairwise([0, *sheet.starts, len(sheet.glyphs)]) if b > a]
    rng = np.random.default_rng(len(sheet.glyphs))
    if order == "lines by row":
        lines.sort(key=lambda line: (line[0][2], line[0][1]))
    elif order == "lines shuffled":
        lines = [lines[i] for i in rng.permutation(len(lines))]
    elif order == "by size of type":
        lines.sort(key=lambda line: line[0][3])  # of one size: as they are read
    glyphs = [glyph for line in lines for glyph in line]
    if order == "characters by row":
        glyphs.sort(key=lambda glyph: (glyph[2], glyph[1]))
    elif order == "characters shuffled":
        glyphs = [glyphs[i] for i in rng.permutation(len(glyphs))]
    return glyphs


def pdf(*sheets: Sheet, order: str = "reading", **options) -> bytes:
    """The sheets as a PDF with a text layer, drawn in one of ORDERS. options: of reportlab's Canvas (encrypt)."""
    out = io.BytesIO()
    rl_config.useA85 = 0  # as most writers, which store bytes as they are
    canvas = Canvas(out, invariant=True, **options)
    for sheet in sheets:
        _begin(canvas, sheet)
        last = None
        text = canvas.beginText()
        text.setTextRenderMode(3 if sheet.hidden else 0)
        for c, x, y, size in in_drawing_order(sheet, order):
            if size != last:
                text.setFont(font(), size)
                last = size
            text.setTextOrigin(x, sheet.height - y)
            text.textOut(c)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _begin(canvas: Canvas, sheet: Sheet) -> None:
    """A page of the sheet's size with its rules and pictures, and what lies on its side."""
    canvas.setPageSize((sheet.width, sheet.height))
    for x0, y0, x1, y1 in sheet.rules:
        canvas.setLineWidth(0.6)
        canvas.line(x0, sheet.height - y0, x1, sheet.height - y1)
    for x, y, width, height in sheet.pictures:
        canvas.drawImage(ImageReader(picture()), x, sheet.height - y - height, width, height)
    for text, x, y, size, angle in sheet.lying:
        canvas.saveState()
        canvas.setFont(font(), size)
        canvas.translate(x, sheet.height - y)
        canvas.rotate(angle)
        canvas.drawString(0, 0, text)
        canvas.restoreState()


def pdf_of_objects(*sheets: Sheet, form: str) -> bytes:
    """The sheets, of horizontal lines, as a PDF in a font that is not embedded, with text objects (TJ) of one of FORMS:
    words (what stands closely together), lines, or rows: all that stands at one height, across the gutters."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    for sheet in sheets:
        _begin(canvas, sheet)
        text = canvas.beginText()
        for run in _runs(sheet, form):
            _, x, y, size = run[0]
            text.setFont("STSong-Light", size)
            text.setTextOrigin(x, sheet.height - y)
            parts, end = [], x
            for c, left, _, _ in run:
                if abs(left - end) > 1e-6:
                    parts.append(f"{(end - left) * 1000 / size:.3f}")
                parts.append(f"<{c.encode('utf-16-be').hex()}>")
                end = left + pdfmetrics.stringWidth(c, "STSong-Light", size)
            text._code.append(f"[{' '.join(parts)}] TJ")
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _runs(sheet: Sheet, form: str) -> list[list[tuple[str, float, float, float]]]:
    """The glyphs of a sheet by text objects, which stand level; from the top of the page."""
    if form == "rows":
        glyphs = sorted(sheet.glyphs, key=lambda g: (g[2], g[3], g[1]))
        return [list(run) for _, run in groupby(glyphs, key=lambda g: (g[2], g[3]))]
    runs: list[list] = []
    for i, glyph in enumerate(sheet.glyphs):
        last = runs[-1][-1] if runs and i not in sheet.starts else None
        level = last is not None and (last[2], last[3]) == (glyph[2], glyph[3])
        if level and (form == "lines" or glyph[1] - last[1] < 1.1 * glyph[3]):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return sorted(runs, key=lambda run: (run[0][2], run[0][1]))


@cache
def picture() -> Image.Image:
    """A picture without lettering: hills in grey, with grain."""
    rng = np.random.default_rng(1)
    x, y = np.meshgrid(np.arange(240), np.arange(160))
    hills = 110 + 50 * np.sin(x / 31) + 40 * np.cos((x + 2 * y) / 47) + rng.normal(0, 12, x.shape)
    return Image.fromarray(hills.clip(30, 220).astype(np.uint8))


def rendered(data: bytes, dpi: int = 200) -> list[Image.Image]:
    """The pages of a PDF in grey."""
    return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in pdfium.PdfDocument(data)]


def scanned(image: Image.Image, skew: float = 0.0, noise: float = 6.0, blur: float = 0.6) -> Image.Image:
    """A page as a scanner gives it: turned by `skew` degrees, blurred by `blur` pixels, with grain."""
    turned = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(blur))
    rng = np.random.default_rng(2)
    grain = np.asarray(turned, float) * 0.92 + 8 + rng.normal(0, noise, (image.height, image.width))
    return Image.fromarray(grain.clip(0, 255).astype(np.uint8))


def as_file(images: list[Image.Image], kind: str, dpi: int = 200) -> bytes:
    """The images in one file. kind: png, jpeg, tiff (several pages), tiff1 (black and white), pdf (of images only)."""
    out = io.BytesIO()
    if kind == "png":
        images[0].save(out, "PNG", dpi=(dpi, dpi))
    elif kind == "jpeg":
        images[0].save(out, "JPEG", quality=60, dpi=(dpi, dpi))
    elif kind == "tiff":
        images[0].save(out, "TIFF", save_all=True, append_images=images[1:], compression="tiff_lzw", dpi=(dpi, dpi))
    elif kind == "tiff1":
        black = [image.point(lambda v: 255 * (v > 150)).convert("1") for image in images]
        black[0].save(out, "TIFF", save_all=True, append_images=black[1:], compression="group4", dpi=(dpi, dpi))
    else:
        images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=dpi)
    return out.getvalue()


# --- the pages


def single() -> Sheet:
    """A page of a book: one column."""
    sheet, prose = Sheet(), Prose()
    sheet.headline("河口的风", 70, 70, 24, 455)
    sheet.flow(prose, [(70, 130, 455, 640)], 10.5, 18)
    return sheet


def newspaper() -> Sheet:
    """Three columns: an article under a headline over all of them, with a picture whose caption interrupts the second;
    under it one of a column and one of two columns."""
    sheet, prose = Sheet(), Prose(10)
    x, width, size, leading = [40, 218, 396], 162, 9, 14
    sheet.headline("山前修渠三十里", 40, 50, 32, 518)
    sheet.headline("各村出工出料，水到田头", 40, 92, 16, 518)
    upper = [(x[0], 124, width, 300), (x[1], 124, width, 80), (x[1], 340, width, 84), (x[2], 124, width, 300)]
    sheet.pictures.append((x[1], 210, width, 100))
    sheet.flow(prose, upper, size, leading)
    sheet.line("图为渠首新开的闸门。", x[1], 314, 7.5)
    sheet.truth.append(("caption", "图为渠首新开的闸门。"))
    sheet.rules.append((40, 434, 558, 434))
    sheet.headline("夜校开课", x[0], 446, 20, width)
    sheet.flow(prose, [(x[0], 480, width, 320)], size, leading)
    sheet.headline("渡口小店卖什么", x[1], 446, 24, 340)
    sheet.flow(prose, [(x[1], 484, width, 316), (x[2], 484, width, 316)], size, leading)
    return sheet


def two_columns(number: int) -> Sheet:
    """A page of a magazine: two columns, a running head and a folio; its article goes on from page to page."""
    sheet, prose = Sheet(), Prose(20 + 7 * number)
    sheet.line("山乡月刊", 60, 30, 8)
    sheet.line("二〇二三年第五期", 440, 30, 8)
    sheet.truth.append(("furniture", "山乡月刊二〇二三年第五期"))
    sheet.flow(prose, [(60, 70, 230, 700), (306, 70, 230, 700)], 10, 17)
    sheet.line(f"— {11 + number} —", 280, 806, 9)
    sheet.truth.append(("furniture", f"—{11 + number}—"))
    return sheet


def uneven() -> Sheet:
    """Four columns, articles that are no rectangles: a small one stands under the first column of a larger one; at the
    right a narrow column of its own runs down the page."""
    sheet, prose = Sheet(), Prose(40)
    x, width, size, leading = [40, 170, 300, 438], 117, 9, 13.5
    sheet.headline("春耕前的一次长会", 40, 60, 28, 377)
    frames = [(x[0], 110, width, 240), (x[1], 110, width, 390), (x[2], 110, width, 390)]
    sheet.flow(prose, frames, size, leading)
    sheet.headline("借来的雨衣", x[0], 366, 16, width)
    sheet.flow(prose, [(x[0], 394, width, 190)], size, leading)
    sheet.headline("一口井的官司", x[1], 516, 22, 247)
    sheet.flow(prose, [(x[1], 552, width, 240), (x[2], 552, width, 240)], size, leading)
    sheet.rules.append((428, 60, 428, 800))
    sheet.headline("集市价目", x[3], 60, 18, width)
    sheet.flow(prose, [(x[3], 92, width, 700)], size, leading)
    return sheet


def vertical() -> Sheet:
    """A page of the 1930s: four tiers of vertical lines, read from the right, in Traditional characters; each article's
    headline, in larger type, stands at its right, the first one's beside two tiers."""
    sheet, prose = Sheet(), Prose(60, traditional=True)
    size, leading, height = 10, 16, 170
    tiers = [40 + i * 190 for i in range(4)]
    sheet.column(traditional("省議會開會議決修築公路"), 510, 60, 28)
    sheet.truth.append(("heading", traditional("省議會開會議決修築公路")))
    sheet.flow(prose, [(50, tiers[0], 430, height), (50, tiers[1], 430, height)], size, leading, vertical=True)
    sheet.rules.append((40, tiers[2] - 10, 555, tiers[2] - 10))
    sheet.column(traditional("棉紗市價續漲"), 525, tiers[2] + 10, 20)
    sheet.truth.append(("heading", traditional("棉紗市價續漲")))
    sheet.flow(prose, [(50, tiers[2], 450, height)], size, leading, vertical=True)
    sheet.rules.append((40, tiers[3] - 10, 555, tiers[3] - 10))
    sheet.column(traditional("河工近訊"), 525, tiers[3] + 10, 20)
    sheet.truth.append(("heading", traditional("河工近訊")))
    sheet.flow(prose, [(330, tiers[3], 180, height)], size, leading, vertical=True)
    sheet.column(traditional("學堂招生"), 295, tiers[3] + 10, 20)
    sheet.truth.append(("heading", traditional("學堂招生")))
    sheet.flow(prose, [(50, tiers[3], 230, height)], size, leading, vertical=True)
    return sheet


LAYOUTS = {
    "one column": lambda: [single()],
    "three columns": lambda: [newspaper()],
    "two columns, running heads": lambda: [two_columns(0), two_columns(1), two_columns(2)],
    "uneven articles": lambda: [uneven()],
    "vertical": lambda: [vertical()],
}


def truth(sheets: list[Sheet]) -> list[tuple[str, str]]:
    """The pieces of the pages in the order of reading, (kind, text)."""
    return [piece for sheet in sheets for piece in sheet.truth]


def drawn_by_lot(seed: int) -> Sheet:
    """A newspaper page whose bands, articles, columns, sizes and pictures a die decides; the order of its articles is by
    band, from the left."""
    rng = np.random.default_rng(seed)
    sheet, prose = Sheet(780, 1100), Prose(int(rng.integers(0, 200)))
    size = float(rng.choice([8, 9, 9.5, 10.5]))
    leading, gutter = size * float(rng.uniform(1.35, 1.7)), size * float(rng.uniform(1.5, 2.2))
    n_columns = int(rng.integers(4, 7))
    width = int((700 - (n_columns - 1) * gutter) / n_columns / size) * size
    x = [40 + i * (width + gutter) for i in range(n_columns)]
    titles = [
        "山前修渠三十里",
        "夜校开课",
        "渡口小店卖什么",
        "春耕前的一次长会",
        "集市价目",
        "借来的雨衣",
        "一口井的官司",
    ]
    y = 50.0
    n_bands = int(rng.integers(1, 4))
    for band in range(n_bands):
        height = (1040 - y) / (n_bands - band) - 10
        if band and rng.random() < 0.5:
            sheet.rules.append((40, y - 8, x[-1] + width, y - 8))
        first = 0
        while first < n_columns:
            n = int(rng.integers(1, min(4, n_columns - first) + 1))
            span = n * width + (n - 1) * gutter
            # No smaller than a headline is, and no headline runs into the next one.
            sizes = [v for v in (14, 16, 20, 26, 34) if v > 1.3 * size]
            fitting = [(t, v) for t in titles for v in sizes if len(t) * v < 0.9 * span]
            title, type_size = fitting[int(rng.integers(len(fitting)))]
            sheet.headline(title, x[first], y, type_size, span if rng.random() < 0.6 else 0.0)
            top = y + type_size * 1.5
            frames = [(x[i], top, width, y + height - top) for i in range(first, first + n)]
            caption = ""
            if n > 1 and height > 250 and rng.random() < 0.5:
                # A picture in the middle of the second column, its caption under it.
                left, above, across, down = frames[1]
                half = down / 2 - 50
                sheet.pictures.append((left, above + half + 4, width, 80))
                caption = f"图为{title}。"[: int(width / (size * 0.85))]
                sheet.line(caption, left, above + half + 88, size * 0.85)
                frames[1:2] = [(left, above, across, half), (left, above + half + 104, across, down - half - 104)]
            sheet.flow(prose, frames, size, leading)
            if caption:
                sheet.truth.append(("caption", caption))
            first += n
        y += height + 20
    return sheet


def runs_downwards(sheet: Sheet) -> bool:
    """Whether lines run downwards on a sheet."""
    lines = [sheet.glyphs[a:b] for a, b in pairwise([0, *sheet.starts, len(sheet.glyphs)])]
    return any(len(line) > 1 and line[0][1] == line[-1][1] for line in lines)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def in_order(text: str, marks: tuple) -> str:
    """The text as it is read, captions and furniture after all the rest: where those stand is a convention."""
    apart = [mark for mark in marks if mark.kind in ("caption", "furniture")]
    rest, at = "", 0
    for mark in apart:
        rest, at = rest + text[at : mark.start], mark.end
    return squeezed(rest + text[at:] + "".join(text[mark.start : mark.end] for mark in apart))


def true_order(sheets: list) -> str:
    pieces = truth(sheets)
    return squeezed("".join(t for k, t in pieces if k in ("heading", "text"))) + squeezed(
        "".join(t for k, t in pieces if k not in ("heading", "text"))
    )


def error_rate(extracted: Extracted, sheets: list) -> float:
    """Wrong, missing and surplus characters, and those out of order, as a share of the true text."""
    truth = true_order(sheets)
    return Levenshtein.distance(in_order(extracted.text, extracted.marks), truth) / len(truth)


def error_rate_as_drawn(data: bytes, sheets: list) -> float:
    """That of the text which pdfium gives of a PDF, with no look at its layout: as the file draws it."""
    truth = true_order(sheets)
    found = squeezed("".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data)))
    return Levenshtein.distance(found, truth) / len(truth)
