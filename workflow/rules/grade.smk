"""Says what each contrast may claim.

Required: the contrasts, the intervals of the sources, the specification curve, contrasts with confounds held equal. Produces
compare/contrasts.parquet, with a grade and its sentences.
"""


rule grade:
    input:
        tested=rules.compare.output.tested,
        shares=rules.compare.output.shares,
        topics=rules.choose.output.topics,
        survival=rules.specification_tables.output.survival,
        matched=rules.confounds.output.matched,
    output:
        f"{RESULTS}/compare/contrasts.parquet",
    log:
        f"{LOGS}/grade.log",
    benchmark:
        f"{LOGS}/grade.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        code=code("grade"),
    script:
        "../scripts/grade.py"
