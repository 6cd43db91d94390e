from baokan.comparing.divergence import divergence_tables
from baokan.comparing.limits import Limits
from baokan.comparing.pipeline import counted_articles
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.topics.reported import ReportedModel
from scipy import sparse

with job(snakemake.log[0], "divergence"):
    params, inputs = snakemake.params, snakemake.input
    chunks, vocabulary = (
        read_parquet(inputs[name], columns=columns)
        for name, columns in (
            ("chunks", ["chunk_id", "article_id", "n_tokens"]), ("vocabulary", ["term", "index", "dropped_in"]),
        )
    )  # fmt: skip
    articles, model = counted_articles(read_articles(inputs.articles), chunks), ReportedModel.load(inputs.model)
    about = model.theta, model.topics, chunks, sparse.load_npz(inputs.counts), vocabulary
    for name, table in divergence_tables(articles, *about, Limits.of(params.settings), params.seed).items():
        write_parquet(table, snakemake.output[name])
