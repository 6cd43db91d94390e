"""Compares the sources: shares and contrasts, and what stands beside them: confounds, time, placebo, divergence, reprints.

Required: the articles, the chosen model, all its fits, and the counts. Produces compare/*.parquet, but for grades.
Steps: shares and contrasts, with other seeds and neighbouring K -> contrasts with each confound held equal -> what was held
and when, the same comparison where nothing is to be found, how far apart the sources are, who prints what others print.
"""

BESIDE = [
    *("calendar", "coverage", "gaps", "overlaps", "timeline", "changes"),
    *("placebo", "placebo_contrasts", "placebo_sizes", "ranks"),
    *("divergence", "shifts", "reprinting"),
]


rule compare:
    input:
        articles=rules.gather.output.articles,
        chunks=rules.vocabulary.output.chunks,
        counts=rules.vocabulary.output.counts,
        topics=rules.choose.output.topics,
        chosen=rules.choose.output.chosen,
        model=rules.choose.output.model,
        models=MODELS,
        later=LATER,
    output:
        shares=f"{RESULTS}/compare/shares.parquet",
        issue_shares=f"{RESULTS}/compare/issue_shares.parquet",
        tested=f"{RESULTS}/compare/tested.parquet",
        style=f"{RESULTS}/compare/style.parquet",
        candidates=f"{RESULTS}/compare/candidates.parquet",
    log:
        f"{LOGS}/compare.log",
    benchmark:
        f"{LOGS}/compare.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        ks=sorted(config["topics"]["k"]),
        settings=compare_settings(),
        seed=config["seed"],
        code=code("compare"),
    script:
        "../scripts/compare.py"


rule confounds:
    input:
        articles=rules.gather.output.articles,
        chunks=rules.vocabulary.output.chunks,
        topics=rules.choose.output.topics,
        model=rules.choose.output.model,
    output:
        balance=f"{RESULTS}/compare/balance.parquet",
        matched=f"{RESULTS}/compare/matched.parquet",
    log:
        f"{LOGS}/confounds.log",
    benchmark:
        f"{LOGS}/confounds.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=compare_settings(),
        seed=config["seed"],
        code=code("confounds"),
    script:
        "../scripts/confounds.py"


rule beside:
    input:
        articles=rules.gather.output.articles,
        reprints=rules.repeats.output.reprints,
        chunks=rules.vocabulary.output.chunks,
        counts=rules.vocabulary.output.counts,
        vocabulary=rules.vocabulary.output.vocabulary,
        topics=rules.choose.output.topics,
        model=rules.choose.output.model,
    output:
        **{name: f"{RESULTS}/compare/{name}.parquet" for name in BESIDE},
    log:
        f"{LOGS}/beside.log",
    benchmark:
        f"{LOGS}/beside.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=compare_settings(),
        seed=config["seed"],
        code=code("beside"),
    script:
        "../scripts/beside.py"
