from baokan.articles import mark_repeats, with_missing
from baokan.job import job
from baokan.tables import read_parquet, write_parquet

with job(snakemake.log[0], "gather"):
    documents, articles, furniture = (
        read_parquet(*snakemake.input[name]) for name in ("documents", "articles", "furniture")
    )
    write_parquet(
        with_missing(documents, snakemake.params.unmatched).sort_values("document_id"), snakemake.output.documents
    )
    write_parquet(mark_repeats(articles.sort_values(["document_id", "position"])), snakemake.output.articles)
    write_parquet(furniture.sort_values(["document_id", "start"]), snakemake.output.furniture)
