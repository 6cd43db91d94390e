"""The sections of the report in their order: the one list from which headings, anchors, navigation, figures and rules come.

Adding a section is a folder and a line. The folder sections/<name>/ holds

    __init__.py       one sentence on what the section is about
    section.py        `section(tables, run) -> dict | None`: from the tables of the run (baokan.registry, by name) and what all
                      sections know (`reporting.run.Run`) to the values that its template shows, and no more; None leaves it out
    section.html.j2   its HTML without the heading, English in {% trans %}; report.md is made of it
    figure.py         if it has a figure: `figure(**tables) -> Figure`, drawn to figures/<name>.{png,svg}; its parameters name
                      its tables (those of the registry), which is all that the rules ask

and the line in SECTIONS says where it stands, its heading (in English; `make messages` takes it into the catalogue) and its
anchor. Rules, digests and navigation follow from the list. Standard library only: the Snakefile reads this.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from baokan.catalogue import N_
from baokan.registry import TABLES

FOLDER = Path(__file__).parent
# There only once grades are given and the specification curve is computed; other figures are drawn in the meantime.
GRADED = {"contrasts", "specifications", "survival"}


@dataclass(frozen=True)
class Section:
    """name: its folder, "" for a heading alone. title: its heading. anchor: the id of the heading. menu: its name in the
    navigation, "" for none. of_pairs: shown only where there are two sources to compare. inner: what stands below it."""

    name: str
    title: str
    anchor: str
    menu: str = ""
    of_pairs: bool = False
    inner: tuple["Section", ...] = ()


SECTIONS = (
    Section("short", N_("In short"), "short", N_("In short")),
    Section("sources", N_("The sources"), "sources", N_("The sources")),
    Section("topics", N_("Topics"), "topics", N_("Topics")),
    Section("shares", N_("Emphasis by source"), "emphasis", N_("Emphasis")),
    Section("contrasts", N_("Differences between sources"), "contrasts", N_("Differences"), inner=(
        Section("specifications", N_("Would another analyst find the same?"), "specifications", of_pairs=True),
        Section("confounds", N_("What else differs between the sources"), "confounds", of_pairs=True),
        Section("placebo", N_("What nothing looks like here"), "placebo", of_pairs=True),
        Section("divergence", N_("How far apart the sources are"), "divergence", of_pairs=True),
        Section("reprinting", N_("Who prints what others print"), "reprinting", of_pairs=True),
    )),
    Section("themes", N_("Themes of your own"), "own-themes", N_("Your themes")),
    Section("", N_("Time"), "time", N_("Time"), inner=(
        Section("coverage", N_("What was held, and when"), "calendar"),
        Section("timeline", N_("Over time"), "timeline"),
        Section("issues", N_("Issue by issue"), "issues"),
    )),
    Section("vocabulary", N_("Words"), "words", N_("Words"), inner=(
        Section("keyness", N_("Words by which the sources differ"), "keyness"),
        Section("words", N_("Words by TF-IDF"), "tfidf"),
        Section("terms", N_("Terms of this corpus"), "terms"),
        Section("segmentation", N_("What segmentation changes"), "segmentation"),
        Section("dropped", N_("What was not counted, and whether it matters"), "dropped"),
    )),
    Section("search", N_("How the model was chosen"), "model", N_("The model")),
    Section("data", N_("Data"), "data", N_("Data")),
    Section("methods", N_("Methods and limits"), "methods", N_("Methods")),
    Section("cite", N_("Cite"), "cite", N_("Cite")),
)  # fmt: skip


def every(sections: tuple[Section, ...] = SECTIONS) -> Iterator[Section]:
    """The sections that have a folder, each before those that stand below it."""
    for section in sections:
        if section.name:
            yield section
        yield from every(section.inner)


def modules(kind: str) -> list[str]:
    """The modules section.py or figure.py (`kind`) of all sections, below baokan: they are imported by name."""
    return [f"reporting.sections.{s.name}.{kind}" for s in every() if (FOLDER / s.name / f"{kind}.py").exists()]


def figures(graded: bool | None = None) -> list[str]:
    """The sections with a figure, in their order; `graded`: only those that show grades or the curve, or only the others."""
    named = [module.split(".")[2] for module in modules("figure")]
    return [n for n in named if graded is None or graded == bool(GRADED.intersection(figure_tables(n)))]


def figure_tables(*names: str) -> list[str]:
    """The tables that the figures of the sections `names` take, in the order of the registry: those that it names among the
    parameters of `figure`, which is read and not run."""
    taken = set().union(*map(_parameters, names))
    return [table for table in TABLES if table in taken]


@cache
def _parameters(name: str) -> frozenset[str]:
    tree = ast.parse((FOLDER / name / "figure.py").read_text(encoding="utf-8"))
    drawn = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "figure")
    return frozenset(argument.arg for argument in drawn.args.args)


def templates() -> list[str]:
    """The templates of all sections, from the project's folder on, sorted."""
    return sorted(path.relative_to(FOLDER.parents[3]).as_posix() for path in FOLDER.glob("**/*.j2"))
