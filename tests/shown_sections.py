"""One section of the report alone, as it is shown."""

import importlib

from baokan.reporting.markdown import markdown_of
from baokan.reporting.report import body_of
from baokan.reporting.run import Run
from baokan.reporting.sections import figures


def values_of(name, tables, config, **about):
    """What the template of the section `name` shows. config: of the run; about: other fields of `Run`."""
    return importlib.import_module(f"baokan.reporting.sections.{name}.section").section(tables, Run(config, **about))


def shown(name, tables, config, **about):
    """(its values, its HTML, its Markdown); where it is left out, (None, "", "")."""
    about = {"figures": dict.fromkeys(figures(), "figure.png")} | about
    values = values_of(name, tables, config, **about)
    page = "" if values is None else str(body_of(name, values, Run(config, **about)))
    return values, page, markdown_of(page)
