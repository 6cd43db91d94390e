from baokan.inventory import Inventory
from baokan.job import job
from baokan.reading import read_shard
from baokan.tables import write_parquet

with job(snakemake.log[0], f"read {snakemake.wildcards.shard}") as progress:
    corpus = Inventory.of(snakemake.params.corpus, snakemake.params.shards)
    files = corpus.by_shard.get(int(snakemake.wildcards.shard), [])
    report = progress("files", len(files))
    write_parquet(read_shard(corpus.root, files, corpus.overrides, progress=report), snakemake.output[0])
