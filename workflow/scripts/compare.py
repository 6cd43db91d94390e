from baokan.comparing.limits import Limits
from baokan.comparing.measurement_error import mixture_noise
from baokan.comparing.pipeline import comparison_tables
from baokan.comparing.shares import counted_articles
from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_tables
from baokan.topics.reported import ReportedModel
from baokan.topics.training import load_around
from baokan.words.counting import article_counts
from scipy import sparse

with job(snakemake.log[0], "compare"):
    params, inputs = snakemake.params, snakemake.input
    articles, chunks = read_articles(inputs.articles), read_parquet(inputs.chunks, columns=["article_id", "n_tokens"])
    model = ReportedModel.load(inputs.model)
    fits, around = load_around(params.ks, inputs.models, model.k, inputs.later)
    counts = article_counts(chunks, sparse.load_npz(inputs.counts), list(articles["article_id"]))
    noise = mixture_noise(model.fitted, model.alpha, counts, model.members, params.seed)
    counted = counted_articles(articles, chunks)
    tables = comparison_tables(counted, model, noise, fits, around, Limits.of(params.settings), params.seed)
    write_tables(tables, snakemake.output)
