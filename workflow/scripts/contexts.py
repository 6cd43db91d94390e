from baokan.running.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.words.contexts import article_rows, contexts_table
from baokan.words.tokens import read_tokens
from baokan.words.vocabulary import KEPT

with job(snakemake.log[0], "contexts"):
    params, inputs = snakemake.params, snakemake.input
    articles = read_articles(inputs.articles)
    tokens = read_tokens(inputs.tokens, inputs.words, list(articles["article_id"]))
    vocabulary = read_parquet(inputs.vocabulary, columns=["term", "status"])
    dropped = read_parquet(inputs.dropped, columns=["term", "finding"])
    wanted = [*vocabulary.loc[vocabulary["status"] == KEPT, "term"], *dropped.loc[dropped["finding"], "term"]]
    table = contexts_table(tokens, articles, wanted, params.per_source, article_rows(inputs.articles))
    write_parquet(table, snakemake.output[0])
