"""The image of a page before its lines are looked for: its size, its ink, its slant; and what is drawn on it and no text."""

import numpy as np

from baokan.reading.pages.geometry import Box

# Type of this height in pixels is read best and fastest; between the two it is left as it is.
TYPE, SMALLEST, LARGEST = 28, 20, 44


def fitted(grey: np.ndarray, scale: float) -> tuple[np.ndarray, float]:
    """The image scaled, and by how much."""
    import cv2

    if abs(scale - 1) < 0.02:
        return grey, 1.0
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), scale


def ink_of(grey: np.ndarray) -> np.ndarray:
    """Which pixels are ink (bool): darker than the paper around them."""
    import cv2

    calm = cv2.medianBlur(grey, 3)
    return cv2.adaptiveThreshold(calm, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 18).astype(bool)


def upright(grey: np.ndarray, most: float = 3.0) -> np.ndarray:
    """The image turned so that its lines run straight: by the angle, of up to `most` degrees, at which rows or columns
    of pixels differ most in ink."""
    import cv2

    small, _ = fitted(grey, min(1.0, 1000 / max(grey.shape)))
    ink = ink_of(small).astype(np.float32)
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


def outside(ink: np.ndarray, boxes: list[Box]) -> np.ndarray:
    """The ink that lies in no box (uint8)."""
    rest = ink.astype(np.uint8)
    for x0, y0, x1, y1 in boxes:
        rest[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] = 0
    return rest


def drawn(grey: np.ndarray, free: np.ndarray, boxes: list[Box]) -> tuple[list[Box], list[Box]]:
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
