"""Page images: PNG, JPEG and TIFF, each page of it. They have no text layer: all are read by OCR."""

import io
import struct
import zlib
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFile, ImageOps
from PIL.TiffImagePlugin import TiffImageFile

from baokan.reading.formats import Extracted, Progress, Refused, Settings, Unreadable
from baokan.reading.pages.read import read_pages

# What Pillow raises for broken files.
_ERRORS = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, TypeError, KeyError, IndexError)
_POINTS = 72.0  # an inch


def read(data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """Raises Refused where OCR is not installed and for an image of too many pixels, Unreadable for one that is none."""
    return read_pages("reading.formats.image", data, settings, progress)


# --- what the worker runs; pages count from 0


def count(data: bytes, settings: Settings) -> int:
    """The number of pages."""
    n_pages = len(_frames(data, settings.max_pages))
    if n_pages > settings.max_pages:
        raise Refused(f"it has more than {settings.max_pages:,} pages; split it, or raise reading.max_pages")
    return n_pages


def damage(data: bytes, settings: Settings) -> str:
    """Nothing that concerns the file as a whole."""
    return ""


def look(data: bytes, settings: Settings, number: int) -> dict:
    """That a page is a scan, and what of it is lost."""
    _, damage = _frame(data, settings, number)
    return {"scan": True, "damage": damage}


def image(data: bytes, settings: Settings, number: int) -> tuple[np.ndarray, float]:
    """A page as an array of grey (uint8, height x width), and pixels per point."""
    frame, _ = _frame(data, settings, number)
    dpi = frame.info.get("dpi", (0, 0))[0]
    # Where the file names no resolution, or none that a page can have, the page is taken to be as high as A4.
    dpi = float(dpi) if isinstance(dpi, (int, float)) and 72 < dpi <= 1200 else max(frame.size) / 11.7
    return np.asarray(_grey(frame)), dpi / _POINTS


def _opened(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # the size is looked at here, before anything is decoded
    try:
        return Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
    except _ERRORS as error:
        raise Unreadable("it is not an image that can be read: it is damaged or cut short") from error


@lru_cache(maxsize=1)
def _frames(data: bytes, most: int) -> tuple[int, ...]:
    """The numbers of the pages in the file; previews, which a TIFF may hold too, are none."""
    opened = _opened(data)
    if not isinstance(opened, TiffImageFile):
        return (0,)
    found: list[int] = []
    while len(found) <= most:
        try:
            if not opened.tag_v2.get(254, 0) & 1:
                found.append(opened.tell())
            opened.seek(opened.tell() + 1)
        except _ERRORS:
            break
    return tuple(found) or (0,)


@lru_cache(maxsize=1)
def _frame(data: bytes, settings: Settings, number: int) -> tuple[Image.Image, str]:
    """A page, turned as its camera says, and what of it is lost."""
    opened = _opened(data)
    try:
        opened.seek(_frames(data, settings.max_pages)[number])
        width, height = opened.size
        if width * height > settings.max_pixels:
            raise Refused(f"it has {width:,} x {height:,} pixels, more than {settings.max_pixels:,}")
        damage = ""
        try:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            opened.load()
        except _ERRORS:
            damage = "the image is cut short or damaged; what is there was read"
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            opened = _opened(data)
            opened.seek(_frames(data, settings.max_pages)[number])
            opened.load()
        return ImageOps.exif_transpose(opened), damage
    except _ERRORS as error:
        if isinstance(error, Refused):
            raise
        raise Unreadable("the image is damaged: nothing of it can be decoded") from error


def _grey(frame: Image.Image) -> Image.Image:
    """The page in grey, on white where it is transparent."""
    if frame.mode.startswith("I") or frame.mode == "F":
        values = np.nan_to_num(np.asarray(frame, np.float32))
        return Image.fromarray((255 * (values - values.min()) / max(float(np.ptp(values)), 1)).astype(np.uint8))
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", frame.size, "white"), frame).convert("L")
    return frame.convert("L")
