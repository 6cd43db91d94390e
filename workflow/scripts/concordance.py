from baokan.reporting.concordance import write_concordance
from baokan.running.job import job
from baokan.tables import read_parquet

with job(snakemake.log[0], "words in context"):
    params, inputs, output = snakemake.params, snakemake.input, snakemake.output
    contexts, vocabulary = read_parquet(inputs.contexts), read_parquet(inputs.vocabulary)
    folders = dict(zip(params.shards, inputs.pages, strict=True))
    write_concordance(contexts, vocabulary, folders, params.name, inputs.html, inputs.css, output.pages, output.places)
