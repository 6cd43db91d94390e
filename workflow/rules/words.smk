"""Segments articles into words and counts the terms that are kept.

Required: corpus/articles.parquet and the shards behind it. Produces words/{vocabulary,chunks,tfidf}.parquet and
words/counts.npz.
Steps: words with parts of speech by shard -> the vocabulary with a reason for each dropped term -> chunks and counts ->
TF-IDF by source.
"""


rule tokens:
    input:
        articles=rules.cut.output.articles,
        terms=config["words"]["terms"],
    output:
        f"{RESULTS}/words/shards/{{shard}}/tokens.parquet",
    log:
        f"{LOGS}/tokens_{{shard}}.log",
    benchmark:
        f"{LOGS}/tokens_{{shard}}.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        engine=config["words"]["engine"],
        simplify=config["words"]["simplify"],
        code=code("words.segmentation"),
    script:
        "../scripts/tokens.py"


rule vocabulary:
    input:
        articles=rules.gather.output.articles,
        tokens=expand(rules.tokens.output, shard=SHARDS),
        stopwords=config["words"]["stopwords"],
    output:
        vocabulary=f"{RESULTS}/words/vocabulary.parquet",
        chunks=f"{RESULTS}/words/chunks.parquet",
        counts=f"{RESULTS}/words/counts.npz",
        tfidf=f"{RESULTS}/words/tfidf.parquet",
    log:
        f"{LOGS}/vocabulary.log",
    benchmark:
        f"{LOGS}/vocabulary.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=config["words"],
        chunk_tokens=config["topics"]["chunk_tokens"],
        code=code("words.vocabulary", "words.wordlists"),
    script:
        "../scripts/vocabulary.py"
