"""Segments articles into words, finds the corpus's own terms, and counts the words that are kept.

Required: corpus/articles.parquet and the shards behind it. Produces words/{terms,vocabulary,chunks,keyness,dropped,tfidf,
tfidf_articles,term_test,engines,term_effect,contexts}.parquet, words/terms.tsv, words/counts.npz and contexts/.
Steps: terms of the corpus -> words by shard, terms kept whole -> the vocabulary with a reason for each dropped word, chunks
and counts -> distinctive words and TF-IDF -> whether terms were kept whole, and what segmenter and terms change -> words
in context.
"""


rule discover:
    input:
        **tables("articles"),
        terms=config["words"]["terms"],
        stopwords=config["words"]["stopwords"],
    output:
        table=f"{RESULTS}/words/terms.parquet",
        list=f"{RESULTS}/words/terms.tsv",
    log:
        f"{LOGS}/discover.log",
    benchmark:
        f"{LOGS}/discover.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        terms=config["words"]["terms"],
        stopwords=config["words"]["stopwords"],
        settings={k: config["words"][k] for k in ("engine", "simplify", "discover", "min_articles")},
        code=code("discover"),
    script:
        "../scripts/discover.py"


rule tokens:
    input:
        articles=rules.cut.output.articles,
        terms=config["words"]["terms"],
        discovered=rules.discover.output.table,
    output:
        tokens=f"{RESULTS}/words/shards/{{shard}}/tokens.parquet",
        words=f"{RESULTS}/words/shards/{{shard}}/words.parquet",
    log:
        f"{LOGS}/tokens_{{shard}}.log",
    benchmark:
        f"{LOGS}/tokens_{{shard}}.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        terms=config["words"]["terms"],
        settings={k: config["words"][k] for k in ("engine", "simplify", "discover")},
        code=code("tokens"),
    script:
        "../scripts/tokens.py"


rule vocabulary:
    input:
        **tables("articles"),
        tokens=expand(rules.tokens.output.tokens, shard=SHARDS),
        words=expand(rules.tokens.output.words, shard=SHARDS),
        terms=config["words"]["terms"],
        discovered=rules.discover.output.table,
        stopwords=config["words"]["stopwords"] + WORD_FILES,
    output:
        **tables("vocabulary", "chunks"),
        counts=f"{RESULTS}/words/counts.npz",
    log:
        f"{LOGS}/vocabulary.log",
    benchmark:
        f"{LOGS}/vocabulary.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        terms=config["words"]["terms"],
        stopwords=config["words"]["stopwords"],
        settings=config["words"],
        chunk_tokens=config["topics"]["chunk_tokens"],
        code=code("vocabulary"),
    script:
        "../scripts/vocabulary.py"


rule keyness:
    input:
        **tables("articles", "vocabulary"),
        tokens=expand(rules.tokens.output.tokens, shard=SHARDS),
        words=expand(rules.tokens.output.words, shard=SHARDS),
    output:
        **tables("keyness", "dropped", "tfidf", "tfidf_articles"),
    log:
        f"{LOGS}/keyness.log",
    benchmark:
        f"{LOGS}/keyness.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        scheme=config["words"]["tfidf"],
        min_issues=config["compare"]["min_issues"],
        confidence=config["compare"]["confidence"],
        code=code("keyness"),
    script:
        "../scripts/keyness.py"


rule audit:
    input:
        **tables("articles"),
        tokens=expand(rules.tokens.output.tokens, shard=SHARDS),
        words=expand(rules.tokens.output.words, shard=SHARDS),
        terms=config["words"]["terms"],
        discovered=rules.discover.output.table,
    output:
        **tables("term_test", "engines", "term_effect", "changed"),
    log:
        f"{LOGS}/audit.log",
    benchmark:
        f"{LOGS}/audit.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        terms=config["words"]["terms"],
        settings={k: config["words"][k] for k in ("engine", "simplify", "discover", "audit_characters")},
        code=code("audit"),
    script:
        "../scripts/audit.py"


rule contexts:
    input:
        **tables("articles", "vocabulary", "dropped", "keyness"),
        tokens=expand(rules.tokens.output.tokens, shard=SHARDS),
        words=expand(rules.tokens.output.words, shard=SHARDS),
    output:
        f"{RESULTS}/words/contexts.parquet",
    log:
        f"{LOGS}/contexts.log",
    benchmark:
        f"{LOGS}/contexts.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        per_source=config["report"]["contexts"],
        code=code("contexts"),
    script:
        "../scripts/contexts.py"
