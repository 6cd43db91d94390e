"""The image of a page to its printed lines: pages may be large, slanted, negative, and their lines vertical."""

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from baokan.reading.formats import Settings
from baokan.reading.ocr.detect import box_of, detect, joined, mostly_tall, parted, type_size
from baokan.reading.ocr.preparing import LARGEST, SMALLEST, TYPE, drawn, fitted, ink_of, outside, upright
from baokan.reading.ocr.recognise import recognise, strip_of, tidied
from baokan.reading.pages.geometry import Box, Line

_MOST_PIXELS = 45_000_000
_LEGIBLE = 0.5  # probability of the characters of a line


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
    grey, shrunk = fitted(grey, min(1.0, (_MOST_PIXELS / grey.size) ** 0.5))
    grey = upright(grey)
    scale, boxes = 1.0, detect(grey)
    size = type_size(boxes)
    if not SMALLEST <= size <= LARGEST:
        scale = min(3.0, max(0.2, TYPE / size)) if boxes else 2.0
        scale = min(scale, (_MOST_PIXELS / grey.size) ** 0.5)
        grey, scale = fitted(grey, scale)
        boxes = detect(grey)
    ink = ink_of(grey)
    vertical = mostly_tall(boxes) if layout == "auto" else layout == "vertical"
    free = outside(ink, boxes)
    parts = joined(boxes, vertical)
    for _ in range(2):  # what is cut shows where the next ones are to be
        parts = parted(parts, ink, vertical)
    strips = [strip for box in parts if (strip := strip_of(grey, ink, free, box, vertical)) is not None]
    found = recognise([strip.image for strip in strips])
    lines = []
    least = 0.45 * type_size(boxes)  # specks are smaller
    for strip, (text, sure) in zip(strips, found, strict=True):
        if text.strip() and sure >= _LEGIBLE and strip.size > least:
            lines.append(Line(tidied(text, strip.vertical), *strip.box, strip.size, strip.vertical))
    figures, rules = drawn(grey, free, boxes)
    factor = 1 / (scale * shrunk)

    def back(box: Box) -> Box:
        return box_of(round(float(v) * factor, 2) for v in box)

    lines = [Line(n.text, *back((n.x0, n.y0, n.x1, n.y1)), round(n.size * factor, 2), n.vertical) for n in lines]
    return Read(lines, [back(box) for box in figures], [back(box) for box in rules])
