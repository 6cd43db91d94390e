from baokan.articles.gathering import KEYS, texts_in
from baokan.duplicates.groups import mark_repeats
from baokan.running.job import job
from baokan.tables import read_parquet, write_parquet

with job(snakemake.log[0], "repeats"):
    articles = read_parquet(*snakemake.input.articles, columns=KEYS)
    signed = read_parquet(*snakemake.input.signatures)
    marked, pairs = mark_repeats(articles, signed, texts_in(snakemake.input.articles))
    write_parquet(marked[["article_id", "duplicate_of", "reprint_group"]], snakemake.output.repeats)
    write_parquet(pairs, snakemake.output.reprints)
