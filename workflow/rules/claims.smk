"""Says what may be claimed, in words: grades the contrasts, and tells the tables of numbers in every language.

Required: the comparisons' tables of numbers and reasons, the intervals of the sources, the specification curve, contrasts with
confounds held equal. Produces the tables of compare/ that have reasons or sentences. Nothing is computed again for a changed word.
"""


rule claims:
    input:
        **numbers("contrasts", "survival", "matched", "topics", "shares"),
    output:
        **tables("contrasts"),
    log:
        f"{LOGS}/claims.log",
    benchmark:
        f"{LOGS}/claims.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        code=code("claims"),
    script:
        "../scripts/claims.py"


# The contrasts stand alone, lest they wait for all that stands beside them.
use rule claims as claims_beside with:
    input:
        **numbers(*(name for name in NUMBERS if name != "contrasts"), "topics", "theme_shares"),
    output:
        **tables(*(name for name in NUMBERS if name != "contrasts")),
    log:
        f"{LOGS}/claims_beside.log",
    benchmark:
        f"{LOGS}/claims_beside.benchmark.tsv"
