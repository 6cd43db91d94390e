"""How well pages are read: character error rate and seconds a page, by layout and kind of file.

    PYTHONPATH=workflow python benchmarks/pages.py [--quick] [--drawn 100]

The pages are set by tests/made_pages.py from the text of data/sample, so that every character and its place in the
order of reading are known. The rate counts wrong, missing, surplus and misplaced characters, as a share of the true text.
Text layers are drawn in several orders and forms of text object; under each rate stands that of the text as pdfium gives
it, which is in the order of drawing: what can be had without a look at the layout. (pdfium drops text objects of a single
character in a font that is neither embedded nor installed: some of the words and lines.)
--drawn: newspaper pages whose layout is drawn by lot, by their text layer. --quick: no OCR.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import made_pages as made
import made_variants
from baokan.reading.formats import Settings, extract, sniff
from baokan.reading.ocr import engine, recognise
from baokan.reading.ocr import read as ocr

# Kind of file, dots per inch, degrees of skew.
SCANS = [("png", 200, 0.0), ("jpeg", 200, 1.5), ("tiff1", 200, -0.7), ("jpeg", 150, 0.4), ("pdf", 300, -2.5)]


def measured(data: bytes, sheets: list) -> tuple[float, float]:
    """(error rate, seconds a page)."""
    started = time.perf_counter()
    extracted = extract(sniff(data), data, Settings(seconds_a_page=900))
    return made.error_rate(extracted, sheets), (time.perf_counter() - started) / len(sheets)


def turned_by_a_quarter(grey, ink, box, size):
    """A vertical line as it is usually given to a recogniser: lying on its side."""
    import cv2

    x0, y0, x1, y1 = box
    crop = np.rot90(grey[y0:y1, x0:x1])
    return cv2.resize(np.ascontiguousarray(crop), (max(8, round(crop.shape[1] * 48 / crop.shape[0])), 48))


def cut_or_turned() -> None:
    """Vertical lines cut into their characters against the usual way, a turn by a quarter."""
    sheets = made.LAYOUTS["vertical"]()
    page = np.asarray(made.scanned(made.rendered(made.pdf(*sheets))[0]))
    cut = recognise._side_by_side
    for name, way in (("cut and set side by side", cut), ("turned by a quarter", turned_by_a_quarter)):
        recognise._side_by_side = way
        text = "".join(line.text for line in ocr.read_image(page).lines)
        truth = "".join(text for _, text in made.truth(sheets))
        # The order of lines is no matter here: characters that are found, as a multiset.
        missing = sum(max(0, truth.count(c) - text.count(c)) for c in set(truth))
        print(f"vertical lines, {name}: {missing / len(truth):.3f} of the characters are not found")
    recognise._side_by_side = cut


def drawing_orders(n_drawn: int) -> None:
    """A table: pages, and ours and pdfium's error rate in each order, or form, in which a file may draw them."""
    ways = [*made.ORDERS, *(f"in {form}" for form in made.FORMS)]
    print("text layers by the order of drawing, and of text objects: error rate, and that of pdfium's text, unread")
    print(f"{'':38} {'':4}" + "".join(f"{way:>20}" for way in ways))
    pages = {name: [make()] for name, make in made.LAYOUTS.items()}
    pages |= {name: [[make()]] for name, make in made_variants.VARIANTS.items()}
    pages[f"{n_drawn} pages drawn by lot"] = [[made.drawn_by_lot(seed)] for seed in range(n_drawn)]
    for name, groups in pages.items():
        rates = []
        for way in ways if groups else ():
            if way in made.ORDERS:
                files = [made.pdf(*sheets, order=way) for sheets in groups]
            elif any(made.runs_downwards(sheet) for sheets in groups for sheet in sheets):
                continue
            else:
                files = [made.pdf_of_objects(*sheets, form=way.removeprefix("in ")) for sheets in groups]
            found = list(zip(files, groups, strict=True))
            ours = np.mean([measured(data, sheets)[0] for data, sheets in found])
            rates.append((ours, np.mean([made.error_rate_as_drawn(data, sheets) for data, sheets in found])))
        for who, column in (("", 0), ("raw", 1)):
            print(
                f"{name if not column else '':38} {who:4}" + "".join(f"{rate[column]:>20.4f}" for rate in rates),
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--drawn", type=int, default=100)
    options = parser.parse_args()

    def row(layout: str, kind: str, data: bytes, sheets: list) -> None:
        n_chars = sum(len(text) for _, text in made.truth(sheets))
        rate, seconds = measured(data, sheets)
        print(f"{layout:28} {kind:22} {n_chars:>10,} {rate:>10.4f} {seconds:>8.2f}", flush=True)

    drawing_orders(options.drawn)
    print(f"\n{'layout':28} {'kind':22} {'characters':>10} {'error rate':>10} {'s a page':>8}")
    for layout, make in made.LAYOUTS.items():
        sheets = make()
        row(layout, "text layer", made.pdf(*sheets), sheets)
        if options.quick or engine.missing():
            continue
        one = sheets[:1]
        for kind, dpi, skew in SCANS:
            scans = [made.scanned(page, skew) for page in made.rendered(made.pdf(*one), dpi)]
            row(layout, f"{kind}, {dpi} dpi, {skew:+.1f}°", made.as_file(scans, kind, dpi), one)
    if not (options.quick or engine.missing()):
        cut_or_turned()


if __name__ == "__main__":
    main()
