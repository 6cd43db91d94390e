from baokan.inventory import Inventory
from baokan.job import job
from baokan.reading.shard import read_shard, reading_settings, write_extracted
from baokan.tables import write_parquet

with job(snakemake.log[0], f"read {snakemake.wildcards.shard}") as progress:
    corpus = Inventory.of(snakemake.params.corpus, snakemake.params.shards)
    files = corpus.by_shard.get(int(snakemake.wildcards.shard), [])
    settings, report = (
        reading_settings(snakemake.params.settings, snakemake.params.cache),
        progress("files", len(files)),
    )
    documents = read_shard(corpus.root, files, corpus.overrides, settings, report)
    write_parquet(documents, snakemake.output.decoded)
    write_extracted(documents, snakemake.output.extracted)
