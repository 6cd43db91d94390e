from baokan.job import job
from baokan.reporting.provenance import provenance
from baokan.tables import read_parquet, write_json

with job(snakemake.log[0], "provenance"):
    inputs, params = snakemake.input, snakemake.params
    documents = read_parquet(inputs.documents)
    said = provenance(params.config, documents, list(inputs.word_lists), list(inputs.beside), params.versions)
    write_json(said, snakemake.output[0])
