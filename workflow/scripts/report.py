import json
from pathlib import Path

from baokan.reporting.report import write_report
from baokan.reporting.run import Run
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet

with job(snakemake.log[0], "report"):
    paths = {name: str(path) for name, path in snakemake.input.items()}
    tables = {
        name: read_parquet(path) for name, path in paths.items() if path.endswith(".parquet") and name != "articles"
    }
    tables["articles"] = read_articles(paths["articles"])
    said = {n: json.loads(Path(paths[n]).read_text(encoding="utf-8")) for n in ("chosen", "provenance", "places")}
    figures = dict(zip(snakemake.params.figures, map(Path, snakemake.input.figures), strict=True))
    run = Run.of(tables, up=snakemake.params.get("up", ""), **said)
    template, css = snakemake.input.html, snakemake.input.css
    write_report(tables, run, figures, template, css, snakemake.output.html, snakemake.output.markdown)
