from baokan.corpus.originals import originals
from baokan.robustness.parts import all_issues, read_part
from baokan.robustness.specifications import gathered
from baokan.running.job import job
from baokan.tables import read_articles, write_tables

with job(snakemake.log[0], "specification curve"):
    inputs, articles = snakemake.input, read_articles(snakemake.input.articles)
    parts = [read_part(*paths) for paths in zip(inputs.table, inputs.tried, inputs.shares, strict=True)]
    issues = all_issues(articles[originals(articles)])
    write_tables(gathered(parts, issues, snakemake.params.seed), snakemake.output)
