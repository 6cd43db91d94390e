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
    write_page(template, html, css, run.language, **shown)


def page_of(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """What the report's template shows: run, period, and sections, each with anchor, title, menu, level and body (HTML)."""
    environment = environment_of(FOLDER, language=run.language)
    values = values_of(tables, run)
    bodies = {
        name: Markup(environment.get_template(f"{name}/section.html.j2").render(shown, run=run))
        for name, shown in values.items()
    }
    sections = _in_order(SECTIONS, bodies, run)
    return {"run": run, "period": run.period(tables["articles"]["issue_date"]), "sections": sections}


def _in_order(sections: tuple[Section, ...], bodies: dict[str, Markup], run: Run, level: int = 2) -> list[dict]:
    found = []
    for section in sections:
        if section.name in bodies or not section.name:
            about = {"anchor": section.anchor, "level": level, "body": bodies.get(section.name, Markup())}
            titles = {"title": run.t.gettext(section.title), "menu": section.menu and run.t.gettext(section.menu)}
            found += [about | titles, *_in_order(section.inner, bodies, run, level + 1)]
    return found
