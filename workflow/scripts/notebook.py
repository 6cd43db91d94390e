from pathlib import Path

from baokan.job import job
from baokan.reporting.notebook import execute

with job(snakemake.log[0], "notebook"):
    execute(snakemake.input.notebook, snakemake.output[0], str(Path(snakemake.output[0]).parents[1]))
