from baokan.reporting.validation import read_openings, write_sheets
from baokan.running.job import job
from baokan.tables import read_parquet
from baokan.topics.training import load
from baokan.words.vocabulary import kept_terms

with job(snakemake.log[0], "validation sheet"):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    terms, topic_ids = kept_terms(read_parquet(inputs.vocabulary)), list(read_parquet(inputs.topics)["topic_id"])
    model, articles, page = load(inputs.model), read_openings(inputs.articles), (inputs.html, inputs.css)
    write_sheets(*model, articles, terms, topic_ids, params.seed, params.name, *page, output.sheet, output.key)
