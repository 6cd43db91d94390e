"""The report: its sections in their order, one HTML file that opens offline, and the same in Markdown."""

import base64
import importlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from baokan.reporting.markdown import markdown_of
from baokan.reporting.rendering import environment_of, template_of, write_page
from baokan.reporting.run import Run
from baokan.reporting.sections import FOLDER, SECTIONS, Section, every


def values_of(tables: dict[str, pd.DataFrame], run: Run) -> dict[str, dict]:
    """What the template of each section shows, by the section's name; those that are left out are not there."""
    found = {}
    for section in every():
        if section.of_pairs and len(run.sources) < 2:
            continue
        module = importlib.import_module(f"baokan.reporting.sections.{section.name}.section")
        values = module.section(tables, run)
        if values is not None:
            found[section.name] = values
    return found


def write_report(
    tables: dict[str, pd.DataFrame],
    run: Run,
    figures: dict[str, Path],
    template: str | Path,
    css: str | Path,
    html: str | Path,
    markdown: str | Path,
) -> None:
    """The report of `run` to `html`, as one file with styles, figures and a font with the characters it shows inside, no script
    and no link to anything outside; and to `markdown`, with the figures as files beside it. Text of documents is escaped in
    both. tables: by the names of baokan.registry; figures: SVG, by name."""
    paths = {name: f"{run.up}figures/{name}.png" for name in figures}
    shown = page_of(tables, replace(run, figures=paths))
    page = template_of(template, run.language).render(shown, css="", font="")
    Path(markdown).write_text(markdown_of(page), encoding="utf-8")
    images = {
        name: "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
        for name, path in figures.items()
    }
    # No text has an attribute in it: quotation marks are escaped.
    for section in shown["sections"]:
        for name, path in paths.items():
            section["body"] = section["body"].replace(Markup(f'src="{path}"'), Markup(f'src="{images[name]}"'))
    write_page(template, html, css, **shown)


def page_of(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """What the report's template shows: run, language, period, and sections in their order, each with anchor, title, menu, level
    and body (HTML)."""
    bodies = {name: body_of(name, shown, run) for name, shown in values_of(tables, run).items()}
    sections = _in_order(SECTIONS, bodies, run)
    period = run.period(tables["articles"]["issue_date"])
    return {"run": run, "language": run.language, "period": period, "sections": sections}


def body_of(name: str, values: dict, run: Run) -> Markup:
    """The section `name` in HTML, without its heading; values: what its template shows."""
    template = environment_of(FOLDER, run.language).get_template(f"{name}/section.html.j2")
    return Markup(template.render(values, run=run))


def _in_order(sections: tuple[Section, ...], bodies: dict[str, Markup], run: Run, level: int = 2) -> list[dict]:
    found = []
    for section in sections:
        if section.name in bodies or not section.name:
            about = {"anchor": section.anchor, "level": level, "body": bodies.get(section.name, Markup())}
            titles = {"title": run.t.gettext(section.title), "menu": section.menu and run.t.gettext(section.menu)}
            found += [about | titles, *_in_order(section.inner, bodies, run, level + 1)]
    return found
