"""A page of print as its characters, lines, pictures and rules at their places. Lengths are points, y grows downwards."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Glyph:
    """A character and the square or half square that it takes up, in points, y downwards; `size` is that of its type, `turn`
    by how many quarters it lies on its side: 1 where it reads upwards, 3 where it reads downwards."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    turn: int = 0

    @property
    def x(self) -> float:
        """The middle of its width."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """The middle of its height."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True)
class Line:
    """A printed line; `size` is that of its type, `vertical` that it runs downwards."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    vertical: bool = False


@dataclass(frozen=True)
class Page:
    """What stands on a page. exact: sizes are those of the file (of a text layer), not measured in an image."""

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    figures: tuple[Box, ...] = ()
    rules: tuple[Box, ...] = ()
    exact: bool = True


def is_vertical(lines: Iterable[Line]) -> bool:
    """Whether most characters stand in vertical lines."""
    count: Counter[bool] = Counter()
    for line in lines:
        count[line.vertical] += len(line.text)
    return count[True] > count[False]


def quarter_turned(page: Page) -> Page:
    """The page turned by a quarter to the left: what was right is on top, what was on top is left."""

    def turn(box: Box) -> Box:
        return (box[1], page.width - box[2], box[3], page.width - box[0])

    lines = []
    for line in page.lines:
        x0, y0, x1, y1 = turn((line.x0, line.y0, line.x1, line.y1))
        lines.append(replace(line, x0=x0, y0=y0, x1=x1, y1=y1))
    return Page(
        page.height, page.width, tuple(lines), tuple(map(turn, page.figures)), tuple(map(turn, page.rules)), page.exact
    )


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """The length that two stretches have in common; negative where they are apart."""
    return min(a1, b1) - max(a0, b0)


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes, of which there is one at least."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def is_wide(character: str) -> bool:
    """Whether a character takes a full square."""
    return unicodedata.east_asian_width(character[0]) in "WF" or character in "“”‘’—…·"
