"""How pages are made of templates: escaped text, numbers as readers expect them, a font with the characters shown."""

import base64
import io
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import uharfbuzz
from fontTools.ttLib import TTFont
from jinja2.ext import Extension

from baokan import numbers
from baokan.catalogue import ENGLISH, Translator, install, translator
from baokan.direction import harmless
from baokan.reporting.looks import font_path
from baokan.reporting.table_words import said

_PERCENT = re.compile(r"(\d) %")
UNSPACED = {"zh"}  # languages in which no blank stands between sentences
_FONT = "the-font-of-this-page"  # stands for it until it is known which characters are shown


def subset_font(text: str) -> str:
    """Noto Sans SC with no more than the characters of `text`, as WOFF in base64, which is packed far faster than WOFF2
    and hardly larger; cut by HarfBuzz, which is far quicker at it than fontTools. The same bytes for the same text: the font
    keeps its own dates."""
    wanted = uharfbuzz.SubsetInput()
    wanted.flags |= uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(map(ord, text))
    wanted.drop_table_tag_set.update(
        int.from_bytes(table, "big") for table in (b"GSUB", b"GPOS", b"GDEF")
    )  # no features
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font_path())))
    buffer = io.BytesIO()
    with TTFont(
        io.BytesIO(uharfbuzz.subset(face, wanted).blob.data), recalcTimestamp=False, recalcBBoxes=False
    ) as font:
        font.flavor = "woff"
        font.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


class _Unspaced(Extension):
    """A template whose sentences stand one after the other without the blank that parts them in English."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Without the blanks between what is shown by statements; those between values stay."""
        return source.replace("%} {%", "%}{%")


def template_of(path: str | Path, language: str = ENGLISH) -> jinja2.Template:
    """The template in the file `path`, read as `environment_of` reads it."""
    return environment_of(Path(path).parent, language).get_template(Path(path).name)


@cache
def environment_of(folder: str | Path, language: str = ENGLISH) -> jinja2.Environment:
    """The templates below `folder`, with the filters of this module, in a language of the catalogue: all text is escaped, and
    nothing that is shown turns the direction of what stands beside it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install(environment, language)
    if language in UNSPACED:
        environment.add_extension(_Unspaced)
    t = translator(language)
    environment.filters |= {
        "level": numbers.level,
        "percent": _or_none(partial(numbers.percent, language=language), t),
        "points": _or_none(numbers.points, t),
        "points_size": _or_none(numbers.points_size, t),
        "times": _or_none(numbers.times, t),
        "p_value": _or_none(numbers.p_value, t),
        "number": _or_none(numbers.plain, t),
        "urlquote": quote,
        "said": partial(said, t=t),
    }
    environment.globals |= {"percent_bounds": numbers.percent_bounds, "points_bounds": numbers.points_bounds}
    environment.globals |= {
        "comma": t.gettext("{some}, {item}", some="", item=""),
        "semicolon": t.gettext("{some}; {item}", some="", item=""),
    }
    environment.globals["up"] = ""  # the way from the page to the folder of the results
    return environment


def _or_none(tell: Callable[..., str], t: Translator) -> Callable[..., str]:
    """`tell`, whose "n/a" for a number that is missing is told in the language of the page."""
    return lambda *given: said(tell(*given), t)


def _harmless(value: object) -> object:
    """What is put into a page; a text keeps its kind, escaped or not."""
    return type(value)(harmless(value)) if isinstance(value, str) else value


def write_page(template: str | Path, target: str | Path, css: str | Path, **shown: Any) -> None:
    """A page as one file: its style and a font with the characters that it shows are inside. `language`, if it is among what is
    shown, is that of the template's own words."""
    page = template_of(template, shown.get("language", ENGLISH)).render(
        **shown, css=Path(css).read_text(encoding="utf-8"), font=_FONT
    )
    font = subset_font("".join(sorted(set(page))) + "…—“”·")
    # A number is never parted from its sign at the end of a line.
    page = _PERCENT.sub("\\1\u00a0%", page)
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_text(page.replace(_FONT, font), encoding="utf-8")
