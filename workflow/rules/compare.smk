"""Compares the sources: shares and contrasts, and what stands beside them: confounds, time, placebo, divergence, reprints.

Required: the articles, the reported model, all fits of its K, and the counts. Produces compare/*.parquet, tables of numbers and
reasons without words (baokan.registry, NUMBERS).
Steps: shares and contrasts, with other seeds and neighbouring K -> contrasts with each confound held equal -> what was held
and when, the same comparison where nothing is to be found, how far apart the sources are, who prints what others print.
"""


rule compare:
    input:
        **tables("articles", "chunks"),
        counts=rules.vocabulary.output.counts,
        model=rules.choose.output.model,
        models=MODELS,
        later=LATER,
    output:
        **tables("shares", "issue_shares", "tested", "style", "candidates"),
    log:
        f"{LOGS}/compare.log",
    benchmark:
        f"{LOGS}/compare.benchmark.tsv"
    priority: LONGEST_WAY
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
        **tables("articles", "chunks"),
        model=rules.choose.output.model,
    output:
        **numbers("balance", "matched"),
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


rule time:
    input:
        **tables("articles", "chunks"),
        model=rules.choose.output.model,
    output:
        **numbers("calendar", "coverage", "gaps", "overlaps", "timeline", "changes"),
    log:
        f"{LOGS}/time.log",
    benchmark:
        f"{LOGS}/time.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=compare_settings(),
        seed=config["seed"],
        code=code("time"),
    script:
        "../scripts/time.py"


rule placebo:
    input:
        **tables("articles", "chunks"),
        model=rules.choose.output.model,
    output:
        **numbers("placebo", "placebo_contrasts", "placebo_sizes", "ranks"),
    log:
        f"{LOGS}/placebo.log",
    benchmark:
        f"{LOGS}/placebo.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=compare_settings(),
        seed=config["seed"],
        code=code("placebo"),
    script:
        "../scripts/placebo.py"


rule divergence:
    input:
        **tables("articles", "chunks", "vocabulary"),
        counts=rules.vocabulary.output.counts,
        model=rules.choose.output.model,
    output:
        **numbers("divergence", "shifts"),
    log:
        f"{LOGS}/divergence.log",
    benchmark:
        f"{LOGS}/divergence.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=compare_settings(),
        seed=config["seed"],
        code=code("divergence"),
    script:
        "../scripts/divergence.py"


rule reprinting:
    input:
        **tables("articles", "reprints"),
    output:
        **numbers("reprinting"),
    log:
        f"{LOGS}/reprinting.log",
    benchmark:
        f"{LOGS}/reprinting.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        code=code("reprinting"),
    script:
        "../scripts/reprinting.py"
