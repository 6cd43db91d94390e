"""Says what each contrast may claim.

Required: the contrasts, the intervals of the sources, the specification curve, contrasts with confounds held equal. Produces
compare/contrasts.parquet, with a grade and its sentences.
"""


rule grade:
    input:
        **tables("tested", "shares", "topics", "survival", "matched"),
    output:
        **tables("contrasts"),
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
