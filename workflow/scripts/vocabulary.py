from baokan.job import job
from baokan.tables import read_articles, read_parquet, write_parquet
from baokan.words.vocabulary import words_tables
from baokan.words.wordlists import read_words
from scipy import sparse

with job(snakemake.log[0], "vocabulary"):
    articles = read_articles(snakemake.input.articles)
    tokens = read_parquet(*snakemake.input.tokens)
    stopwords = snakemake.input.get("stopwords", [])
    stopwords = read_words([stopwords] if isinstance(stopwords, str) else stopwords)
    tables, counts = words_tables(articles, tokens, stopwords, snakemake.params.settings, snakemake.params.chunk_tokens)
    sparse.save_npz(snakemake.output.counts, counts)
    for name, table in tables.items():
        write_parquet(table, snakemake.output[name])
