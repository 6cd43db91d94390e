from baokan.articles.cut import with_missing
from baokan.articles.gathering import gather, with_repeats
from baokan.running.job import job
from baokan.tables import read_parquet, write_parquet

with job(snakemake.log[0], "gather"):
    documents = with_missing(read_parquet(*snakemake.input.documents), snakemake.params.unmatched)
    write_parquet(documents.sort_values("document_id"), snakemake.output.documents)
    corrections = read_parquet(*snakemake.input.corrections)
    write_parquet(corrections.sort_values("row"), snakemake.output.corrections)
    for name in ("furniture", "doubts"):
        gather(snakemake.input[name], ["document_id", "start", "end", "kind"], snakemake.output[name])
    marks = with_repeats(read_parquet(snakemake.input.repeats))
    gather(snakemake.input.articles, ["document_id", "position"], snakemake.output.articles, marks)
