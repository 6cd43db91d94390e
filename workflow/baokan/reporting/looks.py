"""The looks that pages and figures share: the font, and the colours of sources and grades. Nothing is drawn here."""

from pathlib import Path

from baokan.versions import folder_of

# Okabe & Ito's palette, which readers with colour-blindness tell apart; black and yellow left out.
SOURCE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
INK, GREY, FAINT = "#1f2933", "#7b8794", "#e4e7eb"
GRADE_COLOURS = {"established": "#1b7837", "suggestive": "#e08214", "descriptive": "#9aa5b1"}


def font_path() -> Path:
    """Noto Sans SC (OFL), which the package zhplot carries: Chinese shows on a machine without a Chinese font.

    The package is looked up, not imported: importing it changes matplotlib's settings.
    """
    return folder_of("zhplot") / "fonts" / "NotoSansSC-Regular.ttf"


def source_colour(sources: list[str], source: str) -> str:
    """The colour of a source, the same wherever the same sources are shown."""
    return SOURCE_COLOURS[sorted(sources).index(source) % len(SOURCE_COLOURS)]
