from baokan.job import job
from baokan.reporting.provenance import provenance, write_json
from baokan.tables import read_parquet

with job(snakemake.log[0], "provenance"):
    documents, lists = read_parquet(snakemake.input.documents), sorted(map(str, snakemake.input.word_lists))
    write_json(provenance(snakemake.params.config, documents, lists, snakemake.params.versions), snakemake.output[0])
