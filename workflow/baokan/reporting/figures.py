"""How all figures of the report look, and how they are written; each is drawn by the figure.py of its section.

matplotlib is imported where it draws: the report asks some of these modules what they show, and draws nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from baokan.reporting.looks import FAINT, GREY, INK, font_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure


@contextmanager
def style() -> Iterator[None]:
    """The look of all figures, and settings that make SVG and PNG the same bytes for the same data."""
    import matplotlib as mpl
    from matplotlib import font_manager

    path = str(font_path())
    font_manager.fontManager.addfont(path)
    family = font_manager.FontProperties(fname=path).get_name()
    with mpl.rc_context({
            "font.family": family, "font.size": 9.5, "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK,
            "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
            "axes.unicode_minus": False, "svg.hashsalt": "baokan", "svg.fonttype": "path", "figure.facecolor": "white",
            "axes.titlesize": 10.5, "axes.titley": 1.0, "axes.titleweight": "bold", "axes.titlelocation": "left",
            "legend.frameon": False,
    }):  # fmt: skip
        yield


def save(name: str, tables: dict, png: str | Path, svg: str | Path) -> None:
    """Draw the figure of the section `name` (`figure(**tables)` in its figure.py) and write it in both formats."""
    with style():
        drawn: Figure = importlib.import_module(f"baokan.reporting.sections.{name}.figure").figure(**tables)
        Path(png).parent.mkdir(parents=True, exist_ok=True)
        drawn.savefig(png, dpi=160, bbox_inches="tight", metadata={"Software": None})
        drawn.savefig(svg, bbox_inches="tight", metadata={"Date": None, "Creator": None})


def rows_of_dots(axes: Axes, labels: list[str], n_sources: int) -> None:
    """Dress a figure with a row for each of `labels`, the first on top, and in it a dot for each source, from 0 on."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.grid(axis="x", color=FAINT)
    axes.set_axisbelow(True)
    axes.legend(ncols=min(4, n_sources), loc="lower left", bbox_to_anchor=(0, 1.0), handletextpad=0.2)


def percent_axis(axis: Axis) -> None:
    """Ticks of an axis of shares, as percentages are written elsewhere: "5 %", "2.5 %"."""
    axis.set_major_formatter(lambda value, _: f"{100 * value:.3g} %")


def shorten(text: str, n: int = 22) -> str:
    """`text` at no more than `n` characters, for an axis; mathtext's dollar made harmless."""
    text = text if len(text) <= n else text[: n - 1] + "…"
    return text.replace("$", r"\$")
