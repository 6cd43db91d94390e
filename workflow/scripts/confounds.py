from baokan.comparing.confounds import confound_tables
from baokan.comparing.limits import Limits
from baokan.comparing.shares import counted_articles
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_tables
from baokan.topics.reported import ReportedModel

with job(snakemake.log[0], "confounds"):
    params, inputs = snakemake.params, snakemake.input
    chunks = read_parquet(inputs.chunks, columns=["article_id", "n_tokens"])
    articles, model = counted_articles(read_articles(inputs.articles), chunks), ReportedModel.load(inputs.model)
    tables = confound_tables(articles, model.theta, model.topics, Limits.of(params.settings), params.seed)
    write_tables(tables, snakemake.output)
