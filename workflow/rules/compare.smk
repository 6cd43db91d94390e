"""Compares the sources: shares and contrasts, and what stands beside them: confounds, time, placebo, divergence, reprints.

Required: the articles, the chosen model, all its fits, and the counts. Produces compare/*.parquet, tables of numbers and reasons without
words (baokan.registry, NUMBERS).
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
        **tables("articles", "chunks", "topics"),
        counts=rules.vocabulary.output.counts,
        chosen=rules.choose.output.chosen,
        model=rules.choose.output.model,
        models=MODELS,
        later=LATER,
    output:
        **tables("shares", "issue_shares", "tested", "style", "candidates"),
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
        **tables("articles", "chunks", "topics"),
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


rule beside:
    input:
        **tables("articles", "reprints", "chunks", "vocabulary", "topics"),
        counts=rules.vocabulary.output.counts,
        model=rules.choose.output.model,
    output:
        **numbers(*BESIDE),
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
