from pathlib import Path

from baokan.corpus.inventory import Inventory
from baokan.reading.dependence import write_record
from baokan.reading.shard import read_shard, reading_settings, write_extracted
from baokan.running.job import job
from baokan.tables import write_parquet

with job(snakemake.log[0], f"read {snakemake.wildcards.shard}") as progress:
    params, shard = snakemake.params, int(snakemake.wildcards.shard)
    corpus = Inventory.of_run(params.listing, params.corpus, params.shards)
    files = corpus.files_of(shard, params.fingerprint)
    settings, report = reading_settings(params.settings, params.cache), progress("files", len(files))
    documents = read_shard(corpus.root, files, corpus.overrides, settings, report)
    write_parquet(documents, snakemake.output.decoded)
    write_extracted(documents, snakemake.output.extracted)
    else_on, for_ocr = [params.fingerprint, params.settings, params.code], bool(documents["for_ocr"].any())
    write_record(Path(snakemake.output.ocr), else_on, params.ocr, for_ocr)
