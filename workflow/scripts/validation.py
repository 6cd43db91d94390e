from baokan.intrusion.sheet import read_openings, sheet_of
from baokan.reporting.rendering import write_page
from baokan.running.job import job
from baokan.tables import write_csv
from baokan.topics.reported import ReportedModel

with job(snakemake.log[0], "validation sheet"):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    sheet = sheet_of(ReportedModel.load(inputs.model), read_openings(inputs.articles), params.seed)
    write_page(inputs.html, output.sheet, inputs.css, **sheet.shown, name=params.name)
    write_csv(sheet.key, output.key)
