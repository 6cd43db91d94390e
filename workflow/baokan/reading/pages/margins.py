"""Running heads and folios: what stands at the edge of a page and comes again on others."""

import re
from collections import defaultdict

from baokan.reading.pages.geometry import Line, Page

_DIGITS = re.compile(r"[\d〇零一二三四五六七八九十百]+")
_BLANK = re.compile(r"\s+")
_FOLIO = re.compile(r"^[—–\-·.•・\s第]*[\dⅰ-ⅻ〇零一二三四五六七八九十百]{1,5}[—–\-·.•・\s页頁面版]*")
_EDGE = 0.1  # of the page's height (for furniture at the sides: width)


def margin_lines(pages: list[Page]) -> list[set[int]]:
    """For each page, the numbers of its lines that stand at the edge and come again, but for their digits, at the same
    place of another page, or are a page number."""
    places: dict[str, list[tuple[int, int, float, float]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for i, line in enumerate(page.lines):
            if at_edge(line, page):
                key = _DIGITS.sub("0", _BLANK.sub("", line.text))
                places[key].append(
                    (number, i, (line.y0 + line.y1) / 2 / page.height, (line.x0 + line.x1) / 2 / page.width)
                )
    result: list[set[int]] = [set() for _ in pages]
    for key, found in places.items():
        for at, (number, i, y, x) in enumerate(found):
            # Left and right pages mirror each other.
            around = found[max(0, at - 60) : at + 60]
            again = {n for n, _, v, u in around if abs(v - y) < 0.02 and min(abs(u - x), abs(1 - u - x)) < 0.06}
            folio = _FOLIO.fullmatch(pages[number].lines[i].text) and len(pages) > 1
            if (len(again) >= 2 and (len(key) <= 40)) or folio:
                result[number].add(i)
    return result


def at_edge(line: Line, page: Page) -> bool:
    """Whether a line stands in the outermost tenth of the page."""
    if not (page.width > 0 and page.height > 0):
        return False
    tall = (line.y1 - line.y0) > 2 * (line.x1 - line.x0)
    if line.y1 < _EDGE * page.height or line.y0 > (1 - _EDGE) * page.height:
        return True
    return tall and (line.x1 < _EDGE * page.width or line.x0 > (1 - _EDGE) * page.width)
