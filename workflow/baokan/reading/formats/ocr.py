"""Page images to printed lines: the models of rapidocr (PP-OCR), run here, so that pages may be large and lines vertical.

The detector sees the page in tiles at a scale at which body type is some 28 pixels high. The recogniser reads upright
characters from left to right: a vertical line is cut into its characters, which are set side by side for it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata, util
from itertools import pairwise
from pathlib import Path

import numpy as np

from baokan.reading.formats import Settings
from baokan.reading.layout import Box, Line
from baokan.versions import folder_of

# Type of this height in pixels is read best and fastest; between the two it is left as it is.
TYPE, SMALLEST, LARGEST = 28, 20, 44
# Pixels. Where a tile ends, the ends of vertical lines look like a horizontal one: hence the wide margin.
_TILE, _MARGIN = 1600, 200
_MOST_PIXELS = 45_000_000
_INK, _SURE, _LEGIBLE = 0.3, 0.5, 0.5  # probability of a pixel, of a line, of its characters
_HEIGHT = 48  # of the recogniser's lines, in pixels
_CELL = 42  # the side of a character of a vertical line among them
_BATCH = 4800  # columns of pixels in one call of the recogniser


def missing() -> str:
    """What is to be installed before pages can be read by OCR, in words; "" for nothing."""
    if all(util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2")):
        return ""
    return "reading it needs OCR; install it with `make ocr` (or pip install -r requirements-ocr.txt)"


@cache
def engine() -> str:
    """The engine and its models, as methods are named: "rapidocr 3.10.0, PP-OCRv6_small"."""
    return f"rapidocr {metadata.version('rapidocr')}, {_models()[1].stem.replace('_rec', '')}"


def _models() -> tuple[Path, Path]:
    folder = folder_of("rapidocr") / "models"
    detector, recogniser = (sorted(folder.glob(f"PP-OCR*_{task}_*.onnx"))[-1] for task in ("det", "rec"))
    return detector, recogniser


def read_page(data: bytes, settings: Settings, module: str, number: int) -> dict:
    """A page of a file, in the worker: what read_image gives of the image that `module` makes of it, in points."""
    grey, scale = import_module(f"baokan.{module}").image(data, settings, number)
    read = read_image(grey, settings.layout)
    points = [
        [n.text, n.x0 / scale, n.y0 / scale, n.x1 / scale, n.y1 / scale, n.size / scale, n.vertical] for n in read.lines
    ]
    boxes = [[[v / scale for v in box] for box in found] for found in (read.figures, read.rules)]
    height, width = grey.shape
    return {"width": width / scale, "height": height / scale, "lines": points, "figures": boxes[0], "rules": boxes[1]}


@dataclass(frozen=True)
class Read:
    """Lines, pictures and rules of a page in pixels of the image that was given."""

    lines: list[Line]
    figures: list[Box]
    rules: list[Box]


def read_image(grey: np.ndarray, layout: str = "auto") -> Read:
    """The lines of a page image (uint8, height x width, black on white).

    layout: auto, horizontal or vertical, of lines that are neither clearly long nor clearly tall.
    """
    if min(grey.shape) < 64:
        grey = np.pad(grey, [(0, max(0, 64 - side)) for side in grey.shape], constant_values=255)
    if np.median(grey) < 100:
        grey = 255 - grey  # a negative, as microfilms are
    grey, shrunk = _fitted(grey, min(1.0, (_MOST_PIXELS / grey.size) ** 0.5))
    grey = _upright(grey)
    scale, boxes = 1.0, _detect(grey)
    size = _type_size(boxes)
    if not SMALLEST <= size <= LARGEST:
        scale = min(3.0, max(0.2, TYPE / size)) if boxes else 2.0
        scale = min(scale, (_MOST_PIXELS / grey.size) ** 0.5)
        grey, scale = _fitted(grey, scale)
        boxes = _detect(grey)
    ink = _ink(grey)
    vertical = _is_vertical(boxes) if layout == "auto" else layout == "vertical"
    free = _outside(ink, boxes)
    parts = _joined(boxes, vertical)
    for _ in range(2):  # what is cut shows where the next ones are to be
        parts = _parted(parts, ink, vertical)
    strips = [strip for box in parts if (strip := _strip(grey, ink, free, box, vertical)) is not None]
    found = _recognise([strip.image for strip in strips])
    lines = []
    least = 0.45 * _type_size(boxes)  # specks are smaller
    for strip, (text, sure) in zip(strips, found, strict=True):
        if text.strip() and sure >= _LEGIBLE and strip.size > least:
            lines.append(Line(_tidied(text, strip.vertical), *strip.box, strip.size, strip.vertical))
    figures, rules = _drawn(grey, free, boxes)
    factor = 1 / (scale * shrunk)

    def back(box: Box) -> Box:
        return _box(round(float(v) * factor, 2) for v in box)

    lines = [Line(n.text, *back((n.x0, n.y0, n.x1, n.y1)), round(n.size * factor, 2), n.vertical) for n in lines]
    return Read(lines, [back(box) for box in figures], [back(box) for box in rules])


# --- the image


def _fitted(grey: np.ndarray, scale: float) -> tuple[np.ndarray, float]:
    """The image scaled, and by how much."""
    import cv2

    if abs(scale - 1) < 0.02:
        return grey, 1.0
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), scale


def _ink(grey: np.ndarray) -> np.ndarray:
    """Which pixels are ink (bool): darker than the paper around them."""
    import cv2

    calm = cv2.medianBlur(grey, 3)
    return cv2.adaptiveThreshold(calm, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 18).astype(bool)


def _upright(grey: np.ndarray, most: float = 3.0) -> np.ndarray:
    """The image turned so that its lines run straight: by the angle, of up to `most` degrees, at which rows or columns
    of pixels differ most in ink."""
    import cv2

    small, _ = _fitted(grey, min(1.0, 1000 / max(grey.shape)))
    ink = _ink(small).astype(np.float32)
    height, width = ink.shape

    def contrast(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        turned = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR)
        return max(float(np.square(np.diff(turned.sum(axis=axis))).sum()) for axis in (0, 1))

    best = max(np.arange(-most, most + 0.01, 0.5), key=contrast)
    for step in (0.25, 0.125, 0.0625):
        best = max((best - step, best, best + step), key=contrast)
    if abs(best) < 0.1 or contrast(best) < 1.05 * contrast(0.0):
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(best), 1)
    return cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def _outside(ink: np.ndarray, boxes: list[Box]) -> np.ndarray:
    """The ink that lies in no box (uint8)."""
    rest = ink.astype(np.uint8)
    for x0, y0, x1, y1 in boxes:
        rest[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] = 0
    return rest


def _drawn(grey: np.ndarray, free: np.ndarray, boxes: list[Box]) -> tuple[list[Box], list[Box]]:
    """Pictures (large dark patches that are no text) and rules (thin and long ones). free: ink outside the boxes."""
    import cv2

    rules = []
    for kernel in ((1, 61), (61, 1)):
        runs = cv2.dilate(cv2.morphologyEx(free, cv2.MORPH_OPEN, np.ones(kernel, np.uint8)), np.ones((3, 3), np.uint8))
        for x, y, w, h, _ in cv2.connectedComponentsWithStats(runs)[2][1:2001]:
            if min(w, h) < 14 and max(w, h) > 4 * TYPE:
                rules.append((x, y, x + w, y + h))
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    dark = (small < np.percentile(small, 90) - 35).astype(np.uint8)
    for x0, y0, x1, y1 in [*boxes, *rules]:
        dark[int(y0 / 8) : int(y1 / 8) + 1, int(x0 / 8) : int(x1 / 8) + 1] = 0
    solid = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    figures = []
    for x, y, w, h, area in cv2.connectedComponentsWithStats(solid)[2][1:2001]:
        if area > 0.005 * solid.size and area > 0.4 * w * h and min(w, h) > 6:
            figures.append((8 * x, 8 * y, 8 * (x + w), 8 * (y + h)))
    return figures, rules


# --- where the lines are


@cache
def _session(path: Path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: more would give sums, and so now and then a character, that depend on the machine.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _tensor(grey: np.ndarray) -> np.ndarray:
    """float32 of -1 to 1, three channels alike."""
    scaled = grey.astype(np.float32) / 127.5 - 1
    return np.repeat(scaled[..., None, :, :], 3, axis=-3)


def _detect(grey: np.ndarray) -> list[Box]:
    """Boxes of lines, or of parts of lines, by DB (Liao et al. 2020): the detector marks their kernels, which are as much
    narrower than the lines as its training says."""
    import cv2

    height, width = grey.shape
    sure = np.zeros((height, width), np.float32)
    session = _session(_models()[0])
    for top, bottom in _tiles(height):
        for left, right in _tiles(width):
            tile = grey[top:bottom, left:right]
            rows, columns = tile.shape
            padded = np.full((-(-rows // 32) * 32, -(-columns // 32) * 32), 255, np.uint8)
            padded[:rows, :columns] = tile
            seen = session.run(None, {"x": _tensor(padded)[None]})[0][0, 0, :rows, :columns]
            # Of what two tiles share each gives the half that lies further from its edge.
            y, x = (_MARGIN if top else 0), (_MARGIN if left else 0)
            sure[top + y : bottom, left + x : right] = seen[y:, x:]
    n, labels, stats, _ = cv2.connectedComponentsWithStats((sure > _INK).astype(np.uint8), connectivity=4)
    totals = np.bincount(labels.ravel().astype(np.intp), sure.ravel(), n)
    boxes = []
    for number in range(1, n):
        x, y, w, h, area = stats[number]
        if min(w, h) < 3 or totals[number] < _SURE * area:
            continue
        out = 1.6 * w * h / (2 * (w + h))
        boxes.append((max(0.0, x - out), max(0.0, y - out), min(width, x + w + out), min(height, y + h + out)))
    return boxes


def _tiles(length: int) -> list[tuple[int, int]]:
    """The stretches, of about the same length and sharing two margins with the next, that cover `length` pixels."""
    n = max(1, -(-(length - 2 * _MARGIN) // (_TILE - 2 * _MARGIN)))
    edges = np.linspace(0, max(length - 2 * _MARGIN, 0), n + 1).round().astype(int)
    return [(int(a), length if i == n - 1 else int(edges[i + 1]) + 2 * _MARGIN) for i, a in enumerate(edges[:-1])]


def _box(sides: Iterable[float]) -> Box:
    x0, y0, x1, y1 = sides
    return x0, y0, x1, y1


def _is_tall(box: Box, vertical: bool) -> bool:
    """Whether a box is that of a vertical line; a square one is what the page is."""
    ratio = (box[3] - box[1]) / (box[2] - box[0])
    return ratio > (1.0 if vertical else 1.8)


def _is_vertical(boxes: list[Box]) -> bool:
    """Whether the lines of a page run downwards: tall boxes are more of it than long ones."""
    tall = sum(y1 - y0 for x0, y0, x1, y1 in boxes if y1 - y0 > 1.5 * (x1 - x0))
    return tall > sum(x1 - x0 for x0, y0, x1, y1 in boxes if x1 - x0 > 1.5 * (y1 - y0))


def _type_size(boxes: list[Box]) -> float:
    """The height of most type in pixels: the median of the boxes' short sides, by length; boxes are a fifth larger."""
    if not boxes:
        return 0.1
    sides = sorted((min(x1 - x0, y1 - y0), max(x1 - x0, y1 - y0)) for x0, y0, x1, y1 in boxes)
    short, long = np.array(sides).T
    return float(short[np.searchsorted(np.cumsum(long), long.sum() / 2)]) / 1.2


def _joined(boxes: list[Box], vertical: bool) -> list[Box]:
    """Boxes that are parts of one line as one: they overlap across it and hardly a character lies between."""
    result: list[Box] = []
    for way in (False, True):  # of long boxes, then of tall ones
        axis = 1 if way else 0
        waiting = sorted((box for box in boxes if _is_tall(box, vertical) == way), key=lambda b: (b[axis], b[1 - axis]))
        lines: list[list[float]] = []
        for box in waiting:
            size = box[3 - axis] - box[1 - axis]
            for line in reversed(lines[-200:]):
                other = line[3 - axis] - line[1 - axis]
                shared = min(box[3 - axis], line[3 - axis]) - max(box[1 - axis], line[1 - axis])
                gap = box[axis] - line[axis + 2]
                if (
                    shared > 0.6 * min(size, other)
                    and gap < 0.35 * min(size, other)
                    and max(size, other) < 1.7 * min(size, other)
                ):
                    for k in (0, 1):
                        line[k], line[k + 2] = min(line[k], box[k]), max(line[k + 2], box[k + 2])
                    break
            else:
                lines.append(list(box))
        result += [_box(line) for line in lines]
    return result


def _parted(boxes: list[Box], ink: np.ndarray, vertical: bool) -> list[Box]:
    """Boxes cut where a gutter runs through them: a gap of nearly a character, after which other lines begin too."""
    result: list[Box] = []
    for way in (False, True):
        axis = 1 if way else 0
        alike = [box for box in boxes if _is_tall(box, vertical) == way]
        begins = np.array([box[axis] for box in alike])
        middles = np.array([(box[1 - axis] + box[3 - axis]) / 2 for box in alike])
        for box in alike:
            x0, y0, x1, y1 = (round(v) for v in box)
            size, start = box[3 - axis] - box[1 - axis], box[axis]
            filled = np.flatnonzero(ink[y0:y1, x0:x1].sum(axis=axis) >= 2)
            for before, after in pairwise(filled):
                edge = box[axis] + after
                if after - before < 0.7 * size or edge - start < size:
                    continue
                near = np.abs(middles - (box[1 - axis] + box[3 - axis]) / 2) < 20 * size
                # Boxes begin a little before their ink. After a wide gap the first line of a paragraph may begin.
                inset = 2.6 if after - before > 1.6 * size else 0.6
                further = (begins - edge) / size
                begin = np.sum(near & (((-inset < further) & (further < 0.3)) | ((further > 1.2) & (further < 2.2))))
                if begin < 2 or not _is_gutter(ink.T if way else ink, edge, (x0, x1) if way else (y0, y1), size):
                    continue
                part = list(box)
                part[axis], part[axis + 2] = start, box[axis] + before + 0.1 * size
                result.append(_box(part))
                start = edge - 0.1 * size
            part = list(box)
            part[axis] = start
            result.append(_box(part))
    return result


def _is_gutter(ink: np.ndarray, edge: float, rows: tuple[int, int], size: float) -> bool:
    """Whether hardly a row above `rows`, or below them, has ink just before `edge`."""
    before = ink[:, max(0, round(edge - 0.5 * size)) : max(1, round(edge - 0.1 * size))]
    strip, reach = np.any(before, axis=1), round(5 * size)
    sides = strip[max(0, rows[0] - reach) : rows[0]], strip[rows[1] : rows[1] + reach]
    return min((float(side.mean()) for side in sides if len(side)), default=1.0) < 0.08


# --- what they say


@dataclass(frozen=True)
class _Strip:
    """A line as the recogniser wants it: `image` of height 48; where it stands, and the size of its type."""

    image: np.ndarray
    box: Box
    size: float
    vertical: bool


def _strip(grey: np.ndarray, ink: np.ndarray, free: np.ndarray, box: Box, vertical: bool) -> _Strip | None:
    """free: ink outside all boxes."""
    import cv2

    x0, y0, x1, y1 = (round(v) for v in box)
    black = ink[y0:y1, x0:x1]
    if min(black.shape) < 4 or black.sum() < 8:
        return None
    tall = _is_tall(box, vertical)
    # Across the line, where its type is measured, a speck or two are no ink.
    specks = max(2, round(0.012 * max(black.shape)))
    left, right = _extent(black.sum(axis=0), specks if tall else 2)
    top, bottom = _extent(black.sum(axis=1), 2 if tall else specks)
    x0, x1, y0, y1 = x0 + left, x0 + right, y0 + top, y0 + bottom
    # Chinese type fills some 92 % of its square.
    size = max((x1 - x0) if tall else (y1 - y0), 4) / 0.92
    if tall:
        y1 += _mark_after(free[y1 : y1 + round(size), x0 : x1 + round(0.3 * size)].T, size)
    else:
        x1 += _mark_after(free[y0:y1, x1 : x1 + round(size)], size)
    place = (x0, y0, x1, y1)
    if tall:
        image = _side_by_side(grey, ink, place, size)
        return _Strip(image, place, size, True)
    margin = round(0.06 * size)
    crop = grey[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin]
    width = max(8, round(crop.shape[1] * _HEIGHT / crop.shape[0]))
    return _Strip(cv2.resize(crop, (min(width, 6000), _HEIGHT), interpolation=cv2.INTER_AREA), place, size, False)


def _mark_after(free: np.ndarray, size: float) -> int:
    """How many pixels further a line reaches than its box: a mark at its end, apart from it, is easily missed.

    free: ink that is in no box, in the square after the line; the line's direction is that of the columns.
    """
    if free.sum() < 6:
        return 0
    left, right = _extent(free.sum(axis=0))
    top, bottom = _extent(free.sum(axis=1))
    return right + 1 if right - left < 0.5 * size and bottom - top < 0.6 * size and right < 0.95 * size else 0


def _extent(profile: np.ndarray, least: int = 2) -> tuple[int, int]:
    """Where ink begins and ends in a row of sums; less than `least` pixels are none."""
    found = np.flatnonzero(profile >= least)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, len(profile))


def _side_by_side(grey: np.ndarray, ink: np.ndarray, box: Box, size: float) -> np.ndarray:
    """The characters of a vertical line set from left to right, each in a square of 42 pixels."""
    import cv2

    x0, y0, x1, y1 = box
    middle, half = (x0 + x1) / 2, size / 2
    left, right = max(0, round(middle - half)), min(grey.shape[1], round(middle + half))
    line, black = grey[y0:y1, left:right], ink[y0:y1, left:right]
    paper = int(np.percentile(line, 90))
    cells = []
    for top, bottom in _cells(black, size):
        first, last = max(top, 0), min(bottom, y1 - y0)
        square = max(bottom - top, right - left)
        cell = np.full((square, square), paper, np.uint8)
        down, across = (square - (bottom - top)) // 2 + first - top, (square - (right - left)) // 2
        cell[down : down + last - first, across : across + right - left] = line[first:last]
        mask = np.zeros((square, square), bool)
        mask[down : down + last - first, across : across + right - left] = black[first:last]
        cells.append(cv2.resize(_as_in_a_row(cell, mask, paper, size), (_CELL, _CELL), interpolation=cv2.INTER_AREA))
    pitch = _CELL + 2
    row = np.full((_HEIGHT, pitch * len(cells) + 4), paper, np.uint8)
    for i, cell in enumerate(cells):
        row[3 : 3 + _CELL, 3 + i * pitch : 3 + i * pitch + _CELL] = cell
    return row


def _as_in_a_row(cell: np.ndarray, black: np.ndarray, paper: int, size: float) -> np.ndarray:
    """A character of a vertical line as it looks in a horizontal one: brackets and dashes turned back by a quarter, a
    comma or full stop moved from the right upper corner to the left lower one."""
    (top, bottom), (left, right) = _extent(black.sum(axis=1)), _extent(black.sum(axis=0))
    high, wide = (bottom - top) / size, (right - left) / size
    if not black.any():
        return cell
    filled = black.sum() / max((bottom - top) * (right - left), 1)
    bracket, dash = 0.14 < high < 0.5 and wide > 0.4 and filled < 0.4, high > 0.85 and wide < 0.16
    if bracket or dash:
        return np.rot90(cell)
    if high < 0.5 and wide < 0.5 and left > 0.4 * len(cell):
        moved, edge = np.full_like(cell, paper), round(0.08 * size)
        y = max(0, len(cell) - edge - (bottom - top))
        moved[y : y + bottom - top, edge : edge + right - left] = cell[top:bottom, left:right]
        return moved
    return cell


def _cells(black: np.ndarray, size: float) -> list[tuple[int, int]]:
    """A vertical line cut into its characters: [top, bottom) of each, where least ink is cut and the parts are most even.
    The first may begin before the line's ink, the last end after it: a "one", or a comma, does not fill its square.

    Dynamic programming over the places of the cuts; black: bool, height x width.
    """
    ink = black.sum(axis=1).astype(float) / size
    pitch = _pitch(ink, size)
    pad = round(0.65 * pitch)
    ink = np.concatenate([np.zeros(pad), ink, np.zeros(pad)])
    height = len(ink)
    low, high = max(2, round(0.6 * pitch)), round(1.45 * pitch)
    cost, back = np.full(height + 1, np.inf), np.zeros(height + 1, int)
    # Room before the ink costs a little, so that it is used only where it makes the parts even.
    cost[: pad + 1] = 0.1 * (1 - np.arange(pad + 1) / max(pad, 1))
    through = np.concatenate([[0.0], (ink[:-1] + ink[1:]) / 2, [0.0]])
    for end in range(pad + low, height + 1):
        starts = np.arange(max(0, end - high), end - low + 1)
        total = cost[starts] + 2 * np.square((end - starts) / pitch - 1)
        best = int(total.argmin())
        if total[best] + 1.5 * through[end] < cost[end]:
            cost[end], back[end] = total[best] + 1.5 * through[end], starts[best]
    ends = np.arange(max(height - pad, pad + low), height + 1)
    cuts = [int(ends[(cost[ends] + 0.1 * (ends - ends[0]) / max(pad, 1)).argmin()])]
    while cuts[-1] > pad or len(cuts) == 1:
        cuts.append(int(back[cuts[-1]]))
    cuts.reverse()
    return [(a - pad, b - pad) for a, b in pairwise(cuts)]


def _pitch(ink: np.ndarray, size: float) -> float:
    """The distance of characters in a vertical line, in pixels, near the size of its type: the period at which gaps recur."""
    best, pitch = -np.inf, size
    light = ink - ink.mean()
    for lag in range(max(2, round(0.9 * size)), min(len(ink) - 1, round(1.45 * size)) + 1):
        alike = float((light[lag:] * light[:-lag]).mean()) - 0.02 * abs(lag / size - 1.08)
        if alike > best:
            best, pitch = alike, float(lag)
    return pitch


@cache
def _characters() -> list[str]:
    """What the recogniser's classes stand for: nothing, its characters, a blank."""
    return ["", *_session(_models()[1]).get_modelmeta().custom_metadata_map["character"].splitlines(), " "]


def _recognise(strips: list[np.ndarray]) -> list[tuple[str, float]]:
    """The text of each strip and how sure it is (0 to 1)."""
    found: list[tuple[str, float]] = [("", 0.0)] * len(strips)
    order = sorted(range(len(strips)), key=lambda i: (strips[i].shape[1], i))
    session, characters = _session(_models()[1]), _characters()
    while order:
        width = -(-max(strips[order[0]].shape[1], 16) // 8) * 8
        batch = [order.pop(0)]
        while order and strips[order[0]].shape[1] <= max(width, 320) and (len(batch) + 1) * max(width, 320) <= _BATCH:
            batch.append(order.pop(0))
        width = max(320, -(-max(strips[i].shape[1] for i in batch) // 8) * 8)
        images = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
        for row, i in enumerate(batch):
            images[row, :, :, : strips[i].shape[1]] = _tensor(strips[i])
        for row, scores in zip(batch, session.run(None, {"x": images})[0], strict=True):
            found[row] = _decoded(scores, characters)
    return found


def _decoded(scores: np.ndarray, characters: list[str]) -> tuple[str, float]:
    """The best reading by CTC: of each step its best class, repeats and nothings dropped."""
    classes, best = scores.argmax(axis=1), scores.max(axis=1)
    kept = (classes != 0) & (classes != np.concatenate([[-1], classes[:-1]]))
    text = "".join(characters[c] for c in classes[kept])
    return text, float(best[kept].mean()) if kept.any() else 0.0


_BETWEEN_HAN = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef]) (?=[\u2e80-\u9fff\uff00-\uffef])")
_BARS = re.compile(r"[|丨︱]+")


def _tidied(text: str, vertical: bool) -> str:
    """Without blanks between Chinese characters; a dash in a vertical line looks like a bar."""
    text = _BARS.sub("——", text) if vertical else text
    return _BETWEEN_HAN.sub("", text.strip())
