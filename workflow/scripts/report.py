import json
from pathlib import Path

from baokan.reporting.report import context, write_html, write_markdown
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
    about = context(tables, figures=figures, up=snakemake.params.get("up", ""), **said)
    write_html(about, snakemake.input.html, snakemake.input.css, snakemake.output.html)
    write_markdown(about, snakemake.input.md, snakemake.output.md)
