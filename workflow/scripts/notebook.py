from pathlib import Path

from baokan.reporting.notebook import execute
from baokan.running.job import job

with job(snakemake.log[0], "notebook"):
    execute(snakemake.input.notebook, snakemake.output[0], str(Path(snakemake.output[0]).parents[1]))
