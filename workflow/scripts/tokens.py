from baokan.running.job import job
from baokan.tables import article_texts, read_articles, read_parquet
from baokan.words.lexicon import terms_in_force
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import write_tokens

with job(snakemake.log[0], f"tokens {snakemake.wildcards.shard}") as progress:
    articles, settings = snakemake.input.articles, snakemake.params.settings
    report = progress("articles", len(read_articles(articles)))
    found = read_parquet(snakemake.input.discovered, columns=["term", "status"])
    terms = terms_in_force(snakemake.params.terms, found, settings["discover"])["term"]
    tokens = tokens_of(article_texts(articles), settings["engine"], terms, settings["simplify"], progress=report)
    write_tokens(tokens, snakemake.output.tokens, snakemake.output.words)
