from baokan.comparing.divergence import divergence_tables
from baokan.comparing.limits import Limits
from baokan.comparing.shares import counted_articles
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_tables
from baokan.topics.reported import ReportedModel
from scipy import sparse

with job(snakemake.log[0], "divergence"):
    params, inputs = snakemake.params, snakemake.input
    chunks = read_parquet(inputs.chunks, columns=["chunk_id", "article_id", "n_tokens"])
    vocabulary = read_parquet(inputs.vocabulary, columns=["term", "index", "dropped_in"])
    articles, model = counted_articles(read_articles(inputs.articles), chunks), ReportedModel.load(inputs.model)
    about = model.theta, model.topics, chunks, sparse.load_npz(inputs.counts), vocabulary
    tables = divergence_tables(articles, *about, Limits.of(params.settings), params.seed)
    write_tables(tables, snakemake.output)
