"""Fits topic models for each K and seed, chooses one, and checks it against a second engine.

Required: corpus/articles.parquet, words/{chunks.parquet,counts.npz,vocabulary.parquet}. Produces topics/{topics,article_topics,search,passages}
.parquet, topics/chosen.{json,npz}, topics/check.parquet and topics/segmentations.npz.
Steps: all seeds of one K in one job -> the search over K -> the chosen model as tables -> the second engine -> the same K
fitted to the text cut without the terms and by the other segmenter.
"""


rule fit:
    input:
        articles=rules.gather.output.articles,
        chunks=rules.vocabulary.output.chunks,
        counts=rules.vocabulary.output.counts,
    output:
        f"{RESULTS}/topics/models/{{engine}}_k{{k}}.npz",
    log:
        f"{LOGS}/fit_{{engine}}_k{{k}}.log",
    benchmark:
        f"{LOGS}/fit_{{engine}}_k{{k}}.benchmark.tsv"
    wildcard_constraints:
        k=r"\d+",
    conda:
        "../../environment.yml"
    params:
        seed=config["seed"],
        seeds=config["topics"]["seeds"],
        iterations=config["topics"]["iterations"],
        issue_cap=config["topics"]["issue_cap"],
        code=code("topics.training", "topics.engines.tomotopy_lda", "topics.engines.gensim_lda"),
    script:
        "../scripts/fit.py"


rule choose:
    input:
        articles=rules.gather.output.articles,
        vocabulary=rules.vocabulary.output.vocabulary,
        chunks=rules.vocabulary.output.chunks,
        counts=rules.vocabulary.output.counts,
        models=MODELS,
    output:
        search=f"{RESULTS}/topics/search.parquet",
        chosen=f"{RESULTS}/topics/chosen.json",
        model=f"{RESULTS}/topics/chosen.npz",
        topics=f"{RESULTS}/topics/topics.parquet",
        article_topics=f"{RESULTS}/topics/article_topics.parquet",
        passages=f"{RESULTS}/topics/passages.parquet",
    log:
        f"{LOGS}/choose.log",
    benchmark:
        f"{LOGS}/choose.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        ks=sorted(config["topics"]["k"]),
        top_terms=config["report"]["top_terms"],
        passages=config["report"]["passages"],
        code=code("topics.choice", "topics.chosen", "topics.training"),
    script:
        "../scripts/choose.py"


rule check:
    input:
        articles=rules.gather.output.articles,
        chunks=rules.vocabulary.output.chunks,
        counts=rules.vocabulary.output.counts,
        chosen=rules.choose.output.chosen,
        model=rules.choose.output.model,
    output:
        table=f"{RESULTS}/topics/check.parquet",
        model=f"{RESULTS}/topics/check.npz",
    log:
        f"{LOGS}/check.log",
    benchmark:
        f"{LOGS}/check.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        engine=config["topics"]["check_engine"],
        seed=config["seed"],
        iterations=config["topics"]["iterations"],
        issue_cap=config["topics"]["issue_cap"],
        code=code("topics.training", "topics.chosen", "topics.engines.tomotopy_lda", "topics.engines.gensim_lda"),
    script:
        "../scripts/check.py"


rule segmentations:
    input:
        articles=rules.gather.output.articles,
        terms=config["words"]["terms"],
        discovered=rules.discover.output.table,
        stopwords=config["words"]["stopwords"] + WORD_FILES,
        engines=rules.audit.output.engines,
        changed=rules.audit.output.changed,
        chosen=rules.choose.output.chosen,
    output:
        f"{RESULTS}/topics/segmentations.npz",
    log:
        f"{LOGS}/segmentations.log",
    benchmark:
        f"{LOGS}/segmentations.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        config=config,
        code=code("topics.segmentations", "topics.engines.tomotopy_lda", "topics.engines.gensim_lda"),
    script:
        "../scripts/segmentations.py"
