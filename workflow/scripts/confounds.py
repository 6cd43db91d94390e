from baokan.comparing.confounds import confound_tables
from baokan.comparing.limits import Limits
from baokan.comparing.pipeline import counted_articles
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.topics.training import load

with job(snakemake.log[0], "confounds"):
    params, inputs = snakemake.params, snakemake.input
    articles = counted_articles(read_articles(inputs.articles), read_parquet(inputs.chunks))
    theta, topics = load(inputs.model)[1], read_parquet(inputs.topics)
    for name, table in confound_tables(articles, theta, topics, Limits.of(params.settings), params.seed).items():
        write_parquet(table, snakemake.output[name])
