"""Reads the files of the corpus, cleans their text and cuts it into articles.

Required: the corpus folder. Produces corpus/{documents,articles,furniture}.parquet.
Steps: a shard of files -> decoded text -> articles and page furniture; then all shards together, repeats marked.
"""


rule read:
    output:
        f"{RESULTS}/corpus/shards/{{shard}}/decoded.parquet",
    log:
        f"{LOGS}/read_{{shard}}.log",
    benchmark:
        f"{LOGS}/read_{{shard}}.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        corpus=config["corpus"],
        shards=config["shards"],
        fingerprint=shard_fingerprint,
        code=code("reading", "inventory"),
    script:
        "../scripts/read.py"


rule cut:
    input:
        rules.read.output,
    output:
        documents=f"{RESULTS}/corpus/shards/{{shard}}/documents.parquet",
        articles=f"{RESULTS}/corpus/shards/{{shard}}/articles.parquet",
        furniture=f"{RESULTS}/corpus/shards/{{shard}}/furniture.parquet",
    log:
        f"{LOGS}/cut_{{shard}}.log",
    benchmark:
        f"{LOGS}/cut_{{shard}}.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=config["cleaning"],
        code=code("articles"),
    script:
        "../scripts/cut.py"


rule gather:
    input:
        documents=expand(rules.cut.output.documents, shard=SHARDS),
        articles=expand(rules.cut.output.articles, shard=SHARDS),
        furniture=expand(rules.cut.output.furniture, shard=SHARDS),
    output:
        documents=f"{RESULTS}/corpus/documents.parquet",
        articles=f"{RESULTS}/corpus/articles.parquet",
        furniture=f"{RESULTS}/corpus/furniture.parquet",
    log:
        f"{LOGS}/gather.log",
    benchmark:
        f"{LOGS}/gather.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        unmatched=CORPUS.unmatched,
        code=code("articles", "tables"),
    script:
        "../scripts/gather.py"
