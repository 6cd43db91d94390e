from baokan.articles.cut import cut_documents
from baokan.corpus.corrections import Correction
from baokan.duplicates.fingerprints import signatures
from baokan.running.job import job
from baokan.tables import read_parquet, write_parquet

with job(snakemake.log[0], f"cut {snakemake.wildcards.shard}") as progress:
    decoded, corrections = read_parquet(snakemake.input[0]), [Correction(*row) for row in snakemake.params.corrections]
    tables = cut_documents(decoded, snakemake.params.settings, corrections, progress("documents", len(decoded)))
    for name, table in (tables | {"signatures": signatures(tables["articles"])}).items():
        write_parquet(table, snakemake.output[name])
