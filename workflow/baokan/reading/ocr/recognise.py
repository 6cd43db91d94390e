"""What the lines of a page image say. The recogniser reads upright characters from left to right: a vertical line is cut
into its characters, which are set side by side for it."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from baokan.reading.ocr.detect import is_tall
from baokan.reading.ocr.engine import models, session_of, tensor
from baokan.reading.pages.geometry import Box

_HEIGHT = 48  # of the recogniser's lines, in pixels
_CELL = 42  # the side of a character of a vertical line among them
_BATCH = 4800  # columns of pixels in one call of the recogniser


@dataclass(frozen=True)
class Strip:
    """A line as the recogniser wants it: `image` of height 48; where it stands, and the size of its type."""

    image: np.ndarray
    box: Box
    size: float
    vertical: bool


def strip_of(grey: np.ndarray, ink: np.ndarray, free: np.ndarray, box: Box, vertical: bool) -> Strip | None:
    """free: ink outside all boxes."""
    import cv2

    x0, y0, x1, y1 = (round(v) for v in box)
    black = ink[y0:y1, x0:x1]
    if min(black.shape) < 4 or black.sum() < 8:
        return None
    tall = is_tall(box, vertical)
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
        return Strip(image, place, size, True)
    margin = round(0.06 * size)
    crop = grey[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin]
    width = max(8, round(crop.shape[1] * _HEIGHT / crop.shape[0]))
    return Strip(cv2.resize(crop, (min(width, 6000), _HEIGHT), interpolation=cv2.INTER_AREA), place, size, False)


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
    return ["", *session_of(models()[1]).get_modelmeta().custom_metadata_map["character"].splitlines(), " "]


def recognise(strips: list[np.ndarray]) -> list[tuple[str, float]]:
    """The text of each strip and how sure it is (0 to 1)."""
    found: list[tuple[str, float]] = [("", 0.0)] * len(strips)
    order = sorted(range(len(strips)), key=lambda i: (strips[i].shape[1], i))
    session, characters = session_of(models()[1]), _characters()
    while order:
        width = -(-max(strips[order[0]].shape[1], 16) // 8) * 8
        batch = [order.pop(0)]
        while order and strips[order[0]].shape[1] <= max(width, 320) and (len(batch) + 1) * max(width, 320) <= _BATCH:
            batch.append(order.pop(0))
        width = max(320, -(-max(strips[i].shape[1] for i in batch) // 8) * 8)
        images = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
        for row, i in enumerate(batch):
            images[row, :, :, : strips[i].shape[1]] = tensor(strips[i])
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


def tidied(text: str, vertical: bool) -> str:
    """Without blanks between Chinese characters; a dash in a vertical line looks like a bar."""
    text = _BARS.sub("——", text) if vertical else text
    return _BETWEEN_HAN.sub("", text.strip())
