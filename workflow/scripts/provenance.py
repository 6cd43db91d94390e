from baokan.reporting.provenance import provenance
from baokan.running.job import job
from baokan.tables import read_parquet, write_json
from baokan.versions import ocr_versions

with job(snakemake.log[0], "provenance"):
    inputs, params = snakemake.input, snakemake.params
    documents = read_parquet(inputs.documents)
    word_lists, beside = list(inputs.word_lists), list(inputs.beside)
    said = provenance(params.config, documents, word_lists, beside, params.versions, ocr_versions())
    write_json(said, snakemake.output[0])
