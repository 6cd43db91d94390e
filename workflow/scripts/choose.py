import json
from pathlib import Path

from baokan.corpus.rulings import Ruling
from baokan.running.job import job
from baokan.tables import read_parquet, write_json, write_tables
from baokan.topics.chosen import Corpus, chosen_model
from baokan.topics.rulings import write_template
from baokan.topics.training import load_around, load_fits
from baokan.words.counting import article_counts
from baokan.words.tokens import read_tokens
from baokan.words.vocabulary import kept_terms
from scipy import sparse

with job(snakemake.log[0], "choose"):
    params, inputs, output = snakemake.params, snakemake.input, snakemake.output
    articles = read_parquet(inputs.articles, columns=["article_id", "issue_id", "text", "duplicate_of"])
    chunks = read_parquet(inputs.chunks, columns=["article_id"])
    terms = kept_terms(read_parquet(inputs.vocabulary, columns=["term", "index"]))
    ids, counts = list(articles["article_id"]), sparse.load_npz(inputs.counts)
    tokens, by_article = read_tokens(inputs.tokens, inputs.words, ids), article_counts(chunks, counts, ids)
    corpus = Corpus(articles, tokens, terms, counts, by_article)
    choice = json.loads(Path(inputs.choice).read_text())
    fits, around = load_around(params.ks, inputs.models, choice["k"], inputs.later)
    check = load_fits(inputs.check[0]).phi if inputs.check else None
    around, rulings = {k: near.phi for k, near in around.items()}, [Ruling(*row) for row in params.rulings]
    chosen = chosen_model(
        choice, fits, around, check, read_parquet(inputs.search), corpus, rulings, params.top_terms, params.passages
    )
    chosen.model.save(output.model)
    write_json(chosen.said, output.chosen)
    write_tables(chosen.tables, output)
    write_template(chosen.tables["topics"], output.template)
