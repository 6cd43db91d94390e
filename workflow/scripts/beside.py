from baokan.comparing.divergence import divergence_tables
from baokan.comparing.limits import Limits
from baokan.comparing.pipeline import counted_articles
from baokan.comparing.placebo import placebo_tables
from baokan.comparing.reprinting import reprinting_table
from baokan.comparing.timeline import time_tables
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.topics.training import load
from scipy import sparse

with job(snakemake.log[0], "time, placebo, divergence, reprints"):
    inputs, limits, seed = snakemake.input, Limits.of(snakemake.params.settings), snakemake.params.seed
    chunks, vocabulary = read_parquet(inputs.chunks), read_parquet(inputs.vocabulary)
    articles = counted_articles(read_articles(inputs.articles), chunks)
    theta, topics, counts = load(inputs.model)[1], read_parquet(inputs.topics), sparse.load_npz(inputs.counts)
    tables = time_tables(articles, theta, topics, limits, seed) | placebo_tables(articles, theta, topics, limits, seed)
    tables |= divergence_tables(articles, theta, topics, chunks, counts, vocabulary, limits, seed)
    tables["reprinting"] = reprinting_table(articles, read_parquet(inputs.reprints))
    for name, table in tables.items():
        write_parquet(table, snakemake.output[name])
