"""Says what may be claimed, in words: grades the contrasts, and tells the tables of numbers in every language.

Required: the comparisons' tables of numbers and reasons, the intervals of the sources, the specification curve, contrasts with
confounds held equal. Produces the tables of compare/ that have reasons or sentences. Nothing is computed again for a changed word.
"""


rule claims:
    input:
        **numbers(*NUMBERS, "topics", "shares", "theme_shares"),
    output:
        **tables(*NUMBERS),
    log:
        f"{LOGS}/claims.log",
    benchmark:
        f"{LOGS}/claims.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        code=code("claims"),
    script:
        "../scripts/claims.py"
