"""Where the lines of a page image are. The detector sees the page in tiles at a scale at which body type is some 28 pixels
high; what it finds is joined where it is one line, and parted where a gutter runs through."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from baokan.reading.ocr.engine import models, session_of, tensor
from baokan.reading.pages.geometry import Box

# Pixels. Where a tile ends, the ends of vertical lines look like a horizontal one: hence the wide margin.
_TILE, _MARGIN = 1600, 200
_INK, _SURE = 0.3, 0.5  # probability of a pixel, of a line


def detect(grey: np.ndarray) -> list[Box]:
    """Boxes of lines, or of parts of lines, by DB (Liao et al. 2020): the detector marks their kernels, which are as much
    narrower than the lines as its training says."""
    import cv2

    height, width = grey.shape
    sure = np.zeros((height, width), np.float32)
    session = session_of(models()[0])
    for top, bottom in _tiles(height):
        for left, right in _tiles(width):
            tile = grey[top:bottom, left:right]
            rows, columns = tile.shape
            padded = np.full((-(-rows // 32) * 32, -(-columns // 32) * 32), 255, np.uint8)
            padded[:rows, :columns] = tile
            seen = session.run(None, {"x": tensor(padded)[None]})[0][0, 0, :rows, :columns]
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


def box_of(sides: Iterable[float]) -> Box:
    """Four numbers as a box."""
    x0, y0, x1, y1 = sides
    return x0, y0, x1, y1


def is_tall(box: Box, vertical: bool) -> bool:
    """Whether a box is that of a vertical line; a square one is what the page is."""
    ratio = (box[3] - box[1]) / (box[2] - box[0])
    return ratio > (1.0 if vertical else 1.8)


def mostly_tall(boxes: list[Box]) -> bool:
    """Whether the lines of a page run downwards: tall boxes are more of it than long ones."""
    tall = sum(y1 - y0 for x0, y0, x1, y1 in boxes if y1 - y0 > 1.5 * (x1 - x0))
    return tall > sum(x1 - x0 for x0, y0, x1, y1 in boxes if x1 - x0 > 1.5 * (y1 - y0))


def type_size(boxes: list[Box]) -> float:
    """The height of most type in pixels: the median of the boxes' short sides, by length; boxes are a fifth larger."""
    if not boxes:
        return 0.1
    sides = sorted((min(x1 - x0, y1 - y0), max(x1 - x0, y1 - y0)) for x0, y0, x1, y1 in boxes)
    short, long = np.array(sides).T
    return float(short[np.searchsorted(np.cumsum(long), long.sum() / 2)]) / 1.2


def joined(boxes: list[Box], vertical: bool) -> list[Box]:
    """Boxes that are parts of one line as one: they overlap across it and hardly a character lies between."""
    result: list[Box] = []
    for way in (False, True):  # of long boxes, then of tall ones
        axis = 1 if way else 0
        waiting = sorted((box for box in boxes if is_tall(box, vertical) == way), key=lambda b: (b[axis], b[1 - axis]))
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
        result += [box_of(line) for line in lines]
    return result


def parted(boxes: list[Box], ink: np.ndarray, vertical: bool) -> list[Box]:
    """Boxes cut where a gutter runs through them: a gap of nearly a character, after which other lines begin too."""
    result: list[Box] = []
    for way in (False, True):
        axis = 1 if way else 0
        alike = [box for box in boxes if is_tall(box, vertical) == way]
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
                result.append(box_of(part))
                start = edge - 0.1 * size
            part = list(box)
            part[axis] = start
            result.append(box_of(part))
    return result


def _is_gutter(ink: np.ndarray, edge: float, rows: tuple[int, int], size: float) -> bool:
    """Whether hardly a row above `rows`, or below them, has ink just before `edge`."""
    before = ink[:, max(0, round(edge - 0.5 * size)) : max(1, round(edge - 0.1 * size))]
    strip, reach = np.any(before, axis=1), round(5 * size)
    sides = strip[max(0, rows[0] - reach) : rows[0]], strip[rows[1] : rows[1] + reach]
    return min((float(side.mean()) for side in sides if len(side)), default=1.0) < 0.08
