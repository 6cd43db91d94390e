"""PDF and page images, really set and really scanned, to text."""

import io
import os
import random
import re
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import made_pages as made
import made_variants
import numpy as np
import pypdfium2 as pdfium
import pytest
from baokan.reading import sandbox
from baokan.reading.formats import Extracted, Refused, Settings, Unreadable, extract, sniff
from baokan.reading.formats.image import image
from baokan.reading.ocr import engine
from baokan.reading.ocr import read as ocr
from baokan.reading.pages.compose import compose
from baokan.reading.pages.geometry import Page
from fuzzing import FILES
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption

reads_scans = pytest.mark.skipif(bool(engine.missing()), reason=f"OCR: {engine.missing()}")


def read(data: bytes, **settings) -> Extracted:
    return extract(sniff(data), data, Settings(**settings))


# --- the text layer


@pytest.mark.parametrize("name", made.LAYOUTS)
def test_a_text_layer_is_read_in_order_without_an_error(name):
    sheets = made.LAYOUTS[name]()
    extracted = read(made.pdf(*sheets))
    assert made.error_rate(extracted, sheets) == 0.0
    assert (extracted.method, extracted.damage, extracted.notes) == ("text layer", "", ())
    assert len(extracted.page_starts) == len(sheets)
    kinds = [(m.kind.rstrip("123456"), made.squeezed(extracted.text[m.start : m.end])) for m in extracted.marks]
    assert sorted(kinds) == sorted((k, made.squeezed(t)) for k, t in made.truth(sheets) if k != "text")


@pytest.mark.parametrize("order", made.ORDERS[1:])
@pytest.mark.parametrize("name", made.LAYOUTS)
def test_a_page_is_read_alike_in_whatever_order_its_file_draws_it(name, order):
    sheets = made.LAYOUTS[name]()
    assert made.error_rate(read(made.pdf(*sheets, order=order)), sheets) == 0.0


@pytest.mark.parametrize("form", made.FORMS)
@pytest.mark.parametrize("name", ["three columns", "uneven articles"])
def test_text_objects_that_run_across_columns_are_taken_apart(name, form):
    sheets = made.LAYOUTS[name]()
    assert made.error_rate(read(made.pdf_of_objects(*sheets, form=form)), sheets) == 0.0


@pytest.mark.parametrize(("number", "name"), list(enumerate(made_variants.VARIANTS)))
def test_odd_pages_are_read_in_order_too(number, name):
    sheet = made_variants.VARIANTS[name]()
    order = made.ORDERS[
        number % len(made.ORDERS)
    ]  # one each is enough: see the test on the lines of shuffled characters
    assert made.error_rate(read(made.pdf(sheet, order=order)), [sheet]) == 0.0


def test_the_orders_of_drawing_tell_a_layout_engine_from_none():
    for name in ("three columns", "two columns, running heads", "uneven articles", "vertical"):
        sheets = made.LAYOUTS[name]()
        assert made.error_rate_as_drawn(made.pdf(*sheets), sheets) < 0.05
        for order in ("lines by row", "lines shuffled", "characters by row", "characters shuffled"):
            assert made.error_rate_as_drawn(made.pdf(*sheets, order=order), sheets) > 0.8


@pytest.mark.parametrize("name", ["three columns", "vertical"])
def test_a_page_looks_the_same_in_whatever_order_it_is_drawn(name):
    sheets = made.LAYOUTS[name]()
    first, *others = [
        np.concatenate([np.asarray(page, int) for page in made.rendered(made.pdf(*sheets, order=order), 40)])
        for order in made.ORDERS
    ]
    assert all(np.array_equal(first, other) for other in others)


def test_newspaper_pages_drawn_by_lot_are_read_in_order():
    for seed in (2, 28, 59):
        sheet = made.drawn_by_lot(seed)
        assert made.error_rate(read(made.pdf(sheet, order="lines by row")), [sheet]) == 0.0


@pytest.mark.parametrize("angle", [90, -90, 180])
def test_a_line_on_its_side_or_head_reads_in_its_own_direction(angle):
    sheet = made.single()
    sheet.lying.append(("山乡印刷厂承印", 560, 400, 9, angle))
    text = read(made.pdf(sheet, order="characters by row")).text
    assert "\n山乡印刷厂承印\n" in text
    assert made.squeezed(text).replace("山乡印刷厂承印", "") == made.true_order([sheet])


def test_paragraphs_show_by_their_indents():
    sheet = made.single()
    text = read(made.pdf(sheet)).text
    assert re.findall(r"^\u3000\u3000(.{8})", text, re.MULTILINE) == [t[:8] for k, t in sheet.truth if k == "text"]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_is_shown_turned_or_lies_on_its_side_is_stood_up(quarters):
    sheet = made.newspaper()
    document = pdfium.PdfDocument(made.pdf(sheet))
    document[0].set_rotation(90 * quarters)
    out = io.BytesIO()
    document.save(out)
    assert made.error_rate(read(out.getvalue()), [sheet]) == 0.0


def test_pages_set_vertically_can_be_forced():
    sheet = made.vertical()
    assert made.error_rate(read(made.pdf(sheet), layout="vertical"), [sheet]) == 0.0
    assert made.error_rate(read(made.pdf(sheet), layout="horizontal"), [sheet]) > 0.5


# --- what cannot be read, or not all


def test_a_password_is_asked_for_only_where_the_text_is_locked():
    locked = made.pdf(made.single(), encrypt=StandardEncryption("to open it", ownerPassword="to change it"))
    with pytest.raises(Refused, match="locked with a password"):
        read(locked)
    open_to_all = made.pdf(made.single(), encrypt=StandardEncryption("", ownerPassword="to change it", canPrint=0))
    assert made.error_rate(read(open_to_all), [made.single()]) == 0.0


def test_too_many_pages_are_refused():
    with pytest.raises(Refused, match="it has 3 pages, more than 2"):
        read(made.pdf(*made.LAYOUTS["two columns, running heads"]()), max_pages=2)


def test_what_is_cut_short_or_broken_is_said_to_be():
    whole = made.pdf(made.single())
    assert read(whole).damage == ""
    assert "compressed parts of the file are damaged" in read(whole[:20_000] + bytes(200) + whole[20_200:]).damage
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read(whole[:600])


def test_a_text_layer_without_unicode_values_is_said_to_be_broken():
    sheet = made.single()
    private = [(chr(0xE000 + i), *glyph[1:]) for i, glyph in enumerate(sheet.glyphs)]
    few = made.Sheet(glyphs=private[:40] + sheet.glyphs[40:])
    extracted = read(made.pdf(few))
    assert "40 of 1,274 characters on page 1 have no Unicode value" in extracted.damage
    with pytest.raises(Unreadable, match="its text layer is broken"):
        read(made.pdf(made.Sheet(glyphs=private)), ocr="never")


def test_a_text_layer_over_a_scan_is_used_and_said_to_be_of_ocr():
    sheet = made.single()
    sheet.pictures, sheet.hidden = [(0, 0, sheet.width, sheet.height)], True
    extracted = read(made.pdf(sheet))
    assert made.error_rate(extracted, [sheet]) == 0.0
    assert extracted.notes == ("the text layer lies unseen over a scan: it was made by somebody's OCR",)


def test_a_stamp_on_a_scan_is_not_its_text():
    sheet = made.Sheet(pictures=[(0, 0, *made.A4)])
    sheet.line("某某图书馆数字资源，仅供研究，请勿外传。下载于二〇二三年五月六日，编号一二三四五六七八。", 40, 800, 8)
    with pytest.raises(Refused, match="this is a scan"):
        read(made.pdf(sheet), ocr="never")


def test_scans_without_ocr_name_the_command_that_installs_it(monkeypatch):
    scan = made.as_file([Image.new("L", (800, 1100), 230)], "png")
    with pytest.raises(Refused, match=r"^this is a scan: reading.ocr is never"):
        read(scan, ocr="never")
    monkeypatch.setattr(engine.util, "find_spec", lambda name: None)
    with pytest.raises(Refused, match=r"^this is a scan: reading it needs OCR; install it with `make ocr`"):
        read(scan)


def big_png(width: int, height: int) -> bytes:
    """A white PNG of that size, of few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pack = zlib.compressobj()
    rows = b"".join(pack.compress(bytes(1 + (width + 7) // 8)) for _ in range(height)) + pack.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_images_and_pages_of_absurd_size_are_refused_with_their_size():
    with pytest.raises(Refused, match="it has 20,000 x 20,000 pixels, more than 200,000,000"):
        read(big_png(20_000, 20_000))
    sheet = made.Sheet(200 * 72, 200 * 72, pictures=[(0, 0, 200 * 72, 200 * 72)])
    with pytest.raises(Refused, match="200 x 200 inches" if not engine.missing() else "scan"):
        read(made.pdf(sheet), max_pixels=100_000_000)


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff", "tiff1"])
def test_images_are_seen_whatever_their_form(kind):
    page = made.rendered(made.pdf(made.single()), 60)[0]
    grey, scale = image(made.as_file([page], kind, 60), Settings(), 0)
    assert grey.shape == (page.height, page.width)
    assert np.abs(grey.astype(float) - np.asarray(page, float)).mean() < 16
    assert scale > 0


def test_an_image_cut_short_is_read_as_far_as_it_goes():
    data = made.as_file([made.scanned(made.rendered(made.pdf(made.single()), 60)[0])], "png")
    assert image(data[: len(data) // 2], Settings(), 0)[0].min() < 128


def test_transparent_paper_is_white_and_a_camera_may_lie_on_its_side():
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, "PNG")
    assert image(out.getvalue(), Settings(), 0)[0].min() == 255
    out = io.BytesIO()
    exif = Image.Exif()
    exif[274] = 6
    Image.new("L", (40, 30), 255).save(out, "JPEG", exif=exif)
    assert image(out.getvalue(), Settings(), 0)[0].shape == (40, 30)


# --- OCR


@pytest.fixture(scope="module")
def small() -> list:
    """A page of 6 x 3 inches, so that its OCR takes a second or two."""
    sheet, prose = made.Sheet(430, 240), made.Prose(5)
    sheet.headline("渡口小店卖什么", 30, 24, 24, 370)
    sheet.flow(prose, [(30, 64, 171, 150), (230, 64, 171, 150)], 9.5, 15)
    return [sheet]


@pytest.fixture(scope="module")
def small_vertical() -> list:
    sheet, prose = made.Sheet(280, 360), made.Prose(61, traditional=True)
    sheet.column("省議會開會", 230, 30, 24)
    sheet.truth.append(("heading", "省議會開會"))
    sheet.flow(prose, [(30, 24, 180, 150), (30, 196, 180, 150)], 10, 16, vertical=True)
    return [sheet]


def scan_of(sheets: list, dpi: int = 200, **how) -> list[Image.Image]:
    return [made.scanned(page, **how) for page in made.rendered(made.pdf(*sheets), dpi)]


@reads_scans
def test_a_scan_is_read_in_order_and_its_pages_are_kept(small, tmp_path, monkeypatch):
    data, called, call = made.as_file(scan_of(small, skew=1.2), "jpeg"), [], sandbox.call

    def counted(function, *arguments, **more):
        """The sandbox's call, by OCR the first time only."""
        if function != "reading.ocr.read:read_page":
            return call(function, *arguments, **more)
        called.append(called[0] if called else call(function, *arguments, **more))
        return called[0]

    monkeypatch.setattr(sandbox, "call", counted)
    extracted = read(data, cache=tmp_path)
    assert made.error_rate(extracted, small) < 0.02
    assert extracted.method.startswith("OCR (rapidocr ")
    assert extracted.text[extracted.marks[0].start : extracted.marks[0].end] == "渡口小店卖什么"
    assert len(list(tmp_path.iterdir())) == 1
    assert read(data, cache=tmp_path) == extracted
    assert len(called) == 1
    # A damaged one is not trusted, and the same again.
    kept = next(tmp_path.iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100])
    assert read(data, cache=tmp_path) == extracted
    assert len(called) == 2
    assert next(tmp_path.iterdir()).read_bytes() == whole


@reads_scans
@pytest.mark.parametrize("name", ["small", "small_vertical"])
def test_the_order_in_which_lines_are_detected_does_not_matter(name, request, monkeypatch):
    page = np.asarray(scan_of(request.getfixturevalue(name), 150)[0])
    found = {}  # the boxes by the size of the image: the same one is seen at several scales
    detect = ocr.detect

    def shuffled(grey):
        if grey.shape not in found:
            found[grey.shape] = detect(grey)
        return rng.sample(found[grey.shape], len(found[grey.shape]))

    def recognise(strips):
        return [(made.paragraphs()[zlib.crc32(strip.tobytes()) % 90][:12], 1.0) for strip in strips]

    monkeypatch.setattr(ocr, "detect", shuffled)
    monkeypatch.setattr(ocr, "recognise", recognise)  # the shape of a line is enough to know it by
    texts = set()
    for seed in range(4):
        rng = random.Random(seed)
        seen = ocr.read_image(page)
        texts.add(compose([Page(*page.shape[::-1], tuple(seen.lines), exact=False)]).text)
    assert len(texts) == 1
    assert len(seen.lines) > 20


@reads_scans
def test_vertical_lines_are_read_as_well(small_vertical):
    data = made.as_file([page.point(lambda v: 255 * (v > 150)) for page in scan_of(small_vertical)], "tiff1")
    assert made.error_rate(read(data), small_vertical) < 0.05


@reads_scans
def test_text_layer_and_scan_in_one_file(small):
    scan = pdfium.PdfDocument(made.as_file(scan_of(small, 150), "pdf", 150))
    document = pdfium.PdfDocument(made.pdf(made.single()))
    document.import_pages(scan)
    out = io.BytesIO()
    document.save(out)
    extracted = read(out.getvalue())
    assert re.fullmatch(r"text layer on 1 page, OCR \(rapidocr .*\) on 1", extracted.method)
    assert made.error_rate(extracted, [made.single(), *small]) < 0.02
    without = read(out.getvalue(), ocr="never")
    assert without.damage == "page 2 is a scan and was left out: reading.ocr is never"
    assert made.error_rate(without, [made.single()]) == 0.0


# --- the worker


def crash(data, settings):
    import ctypes

    ctypes.string_at(0)


def hang(data, settings):
    while True:
        time.sleep(60)


def devour(data, settings):
    return len(bytearray(8 * 1024**3))


@pytest.fixture
def worker(monkeypatch):
    """A worker that can import this module as baokan.test_pages."""
    here = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    also = f"sys.path += {here!r}; import test_pages; sys.modules['baokan.test_pages'] = test_pages"
    start = sandbox._START.replace("; serve", f"; {also}; serve")
    monkeypatch.setattr(sandbox, "_START", start)
    worker = sandbox.Worker()
    yield worker
    worker.stop()


def test_a_crash_or_a_hang_costs_one_call(worker):
    data = made.pdf(made.single())
    with pytest.raises(sandbox.Died, match="SIGSEGV"):
        worker.call("test_pages:crash", data, Settings(), seconds=60)
    with pytest.raises(sandbox.Died, match="longer than 1 seconds"):
        worker.call("test_pages:hang", data, Settings(), seconds=1)
    assert worker.call("reading.formats.pdf:count", data, Settings(), seconds=60) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not honour RLIMIT_AS")
def test_hunger_costs_one_call(worker):
    with pytest.raises(sandbox.Died, match="more memory than 4 GB"):
        worker.call("test_pages:devour", b"", Settings(), seconds=60)


def test_no_worker_outlives_its_parent():
    code = f"import sys, os; sys.path.insert(0, {str(sandbox._ROOT)!r}); from baokan.reading.sandbox import _worker as worker; "
    code += "worker.start(); print(worker.process.pid, flush=True); os.kill(os.getpid(), 9)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout
    for _ in range(100):
        try:
            os.kill(int(out), 0)
        except ProcessLookupError:
            return
        # A worker that no one waits for stays as a zombie until init looks.
        if Path(f"/proc/{int(out)}/stat").exists() and ") Z " in Path(f"/proc/{int(out)}/stat").read_text():
            return
        time.sleep(0.1)
    pytest.fail("the worker lives on")


# --- anything at all


def damaged(data: bytes, rng: random.Random) -> bytes:
    """`data` cut short, with bits flipped, bytes deleted, exchanged or put in."""
    result, at, way = bytearray(data), rng.randrange(len(data)), rng.randrange(5)
    if way == 0:
        return bytes(result[:at])
    if way == 1:
        for _ in range(rng.choice((1, 10, 200, 3000))):
            result[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif way == 2:
        del result[at : at + rng.choice((1, 50, 5000))]
    elif way == 3:
        other, n = rng.randrange(len(data)), rng.choice((4, 100, 3000))
        result[at : at + n], result[other : other + n] = result[other : other + n], result[at : at + n]
    else:
        result[at:at] = rng.randbytes(rng.choice((1, 100, 3000)))
    return bytes(result)


def outcome(kind: str, data: bytes, **settings) -> str:
    try:
        extracted = extract(kind, data, Settings(ocr="never", **settings))
    except (Refused, Unreadable) as reason:
        assert str(reason).strip()
        return type(reason).__name__
    assert all(0 <= m.start < m.end <= len(extracted.text) for m in extracted.marks)
    return "damaged" if extracted.damage else "ok"


def test_no_bytes_at_all_raise_anything_else():
    rng = random.Random(7)
    pages = [made.pdf(*make()) for make in made.LAYOUTS.values()]
    outcomes = {outcome("pdf", damaged(rng.choice(pages), rng)) for _ in range(FILES)}
    assert outcomes >= {"damaged", "Unreadable"}
    for magic in (b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        for _ in range(FILES // 5):
            data = magic + rng.randbytes(rng.choice((0, 10, 1000, 50_000)))
            assert outcome(sniff(data), data) in ("Unreadable", "Refused")
    page = [made.rendered(pages[0], 60)[0]]
    for kind in ("png", "jpeg", "tiff", "tiff1"):
        data = made.as_file(page, kind)
        for _ in range(FILES // 5):
            outcome("image", damaged(data, rng))
