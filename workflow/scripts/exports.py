from baokan.running.job import job
from baokan.tables import read_parquet, write_csv, write_parquet
from baokan.topics.exports import export_tables
from baokan.topics.reported import ReportedModel
from baokan.words.counting import article_counts
from scipy import sparse

with job(snakemake.log[0], "exports"):
    inputs, output = snakemake.input, snakemake.output
    articles, chunks = (read_parquet(path, columns=["article_id"]) for path in (inputs.articles, inputs.chunks))
    ids = list(articles["article_id"])
    counts = article_counts(chunks, sparse.load_npz(inputs.counts), ids)
    for name, table in export_tables(ReportedModel.load(inputs.model), counts, ids).items():
        write_parquet(table, output[name])
        write_csv(table, output[f"{name}_csv"])
