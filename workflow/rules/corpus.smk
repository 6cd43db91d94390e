"""Reads the files of the corpus, cleans their text, cuts it into articles and finds what is printed more than once.

Required: the corpus folder. Produces corpus/{documents,articles,furniture,doubts,corrections,reprints}.parquet, the
pages that show each document before and after (data/), and the text of files that hold none (corpus/extracted/).
Steps: a shard of files -> text -> articles, page furniture, doubts -> repeats over all shards -> all shards together.
"""


rule read:
    output:
        decoded=f"{RESULTS}/corpus/shards/{{shard}}/decoded.parquet",
        extracted=directory(f"{RESULTS}/corpus/extracted/{{shard}}"),
        ocr=f"{LOGS}/read_{{shard}}.ocr.json",
    log:
        f"{LOGS}/read_{{shard}}.log",
    benchmark:
        f"{LOGS}/read_{{shard}}.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        corpus=config["corpus"],
        shards=config["shards"],
        listing=LISTING,
        settings=config["reading"],
        cache=f"{RESULTS}/corpus/ocr",
        ocr=shard_ocr,
        fingerprint=shard_fingerprint,
        code=READING_CODE,
    script:
        "../scripts/read.py"


rule cut:
    input:
        rules.read.output.decoded,
    output:
        documents=f"{RESULTS}/corpus/shards/{{shard}}/documents.parquet",
        articles=f"{RESULTS}/corpus/shards/{{shard}}/articles.parquet",
        furniture=f"{RESULTS}/corpus/shards/{{shard}}/furniture.parquet",
        doubts=f"{RESULTS}/corpus/shards/{{shard}}/doubts.parquet",
        corrections=f"{RESULTS}/corpus/shards/{{shard}}/corrections.parquet",
        signatures=f"{RESULTS}/corpus/shards/{{shard}}/signatures.parquet",
    log:
        f"{LOGS}/cut_{{shard}}.log",
    benchmark:
        f"{LOGS}/cut_{{shard}}.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        settings=config["cleaning"],
        corrections=shard_corrections,
        code=code("cut"),
    script:
        "../scripts/cut.py"


rule repeats:
    input:
        articles=expand(rules.cut.output.articles, shard=SHARDS),
        signatures=expand(rules.cut.output.signatures, shard=SHARDS),
    output:
        **tables("repeats", "reprints"),
    log:
        f"{LOGS}/repeats.log",
    benchmark:
        f"{LOGS}/repeats.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        code=code("repeats"),
    script:
        "../scripts/repeats.py"


rule gather:
    input:
        **tables("repeats"),
        documents=expand(rules.cut.output.documents, shard=SHARDS),
        articles=expand(rules.cut.output.articles, shard=SHARDS),
        furniture=expand(rules.cut.output.furniture, shard=SHARDS),
        doubts=expand(rules.cut.output.doubts, shard=SHARDS),
        corrections=expand(rules.cut.output.corrections, shard=SHARDS),
    output:
        **tables("documents", "articles", "furniture", "doubts", "corrections"),
    log:
        f"{LOGS}/gather.log",
    benchmark:
        f"{LOGS}/gather.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        unmatched=CORPUS.unmatched,
        code=code("gather"),
    script:
        "../scripts/gather.py"


rule pages:
    input:
        decoded=rules.read.output.decoded,
        documents=rules.cut.output.documents,
        articles=rules.cut.output.articles,
        furniture=rules.cut.output.furniture,
        doubts=rules.cut.output.doubts,
        html="workflow/report/pages.html.j2",
        css="workflow/report/report.css",
    output:
        directory(f"{RESULTS}/data/{{shard}}"),
    log:
        f"{LOGS}/pages_{{shard}}.log",
    benchmark:
        f"{LOGS}/pages_{{shard}}.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        most=-(-config["report"]["document_pages"] // max(1, len(SHARDS))),
        code=code("pages"),
    script:
        "../scripts/pages.py"
