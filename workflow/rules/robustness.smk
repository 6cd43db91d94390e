"""Estimates every contrast again under the choices that another analyst could have made: the specification curve.

Required: the articles, their tokens and counts, the reported model, the fits of the search, and compare/candidates.parquet, the
contrasts that nothing else keeps from being established. Produces compare/{specifications,survival,tried}.parquet.
Steps: for each choice of words the text is counted once and all that is needed is fitted, a choice a job or, of a small corpus,
several -> the tables. In the ordinary run jobs have nothing to do where there is no candidate (compare.specifications: auto).
"""

from baokan.robustness.choices import word_choices

# Group: the choices of words that one job computes.
GROUPS = divided(list(word_choices(config["words"])), MOST_JOBS)
WANTED = list(GROUPS) if config["compare"]["specifications"] != "none" else []


rule specifications:
    input:
        **tables("articles", "chunks", "candidates"),
        tokens=expand(rules.tokens.output.tokens, shard=SHARDS),
        token_words=expand(rules.tokens.output.words, shard=SHARDS),
        discovered=rules.discover.output.table,
        word_lists=config["words"]["terms"] + config["words"]["stopwords"] + WORD_FILES,
        counts=rules.vocabulary.output.counts,
        model=rules.choose.output.model,
        models=MODELS,
        check=CHECK,
    output:
        table=f"{RESULTS}/compare/specifications/{{group}}.parquet",
        tried=f"{RESULTS}/compare/specifications/{{group}}.tried.parquet",
        shares=f"{RESULTS}/compare/specifications/{{group}}.npz",
    log:
        f"{LOGS}/specifications_{{group}}.log",
    benchmark:
        f"{LOGS}/specifications_{{group}}.benchmark.tsv"
    wildcard_constraints:
        group=r"\d+",
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        scope=config["compare"]["specifications"],
        choices=group_choices,
        ks=sorted(config["topics"]["k"]),
        words=config["words"],
        topics=config["topics"],
        compare={k: config["compare"][k] for k in ("permutations", "confidence", "min_issues", "min_articles")},
        seed=config["seed"],
        code=code("specifications", *ENGINE_MODULES),
    script:
        "../scripts/specifications.py"


rule specification_tables:
    input:
        **tables("articles"),
        table=expand(rules.specifications.output.table, group=WANTED),
        tried=expand(rules.specifications.output.tried, group=WANTED),
        shares=expand(rules.specifications.output.shares, group=WANTED),
    output:
        **numbers("specifications", "survival", "tried"),
    log:
        f"{LOGS}/specification_tables.log",
    benchmark:
        f"{LOGS}/specification_tables.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        seed=config["seed"],
        code=code("specification_tables"),
    script:
        "../scripts/specification_tables.py"
