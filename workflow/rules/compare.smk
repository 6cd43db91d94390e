"""Compares the sources: shares of topics in both weightings, contrasts, their robustness and what may be said.

Required: the articles, the chosen model, all fits, and the fits to other segmentations. Produces compare/{shares,issue_shares,contrasts,style,specifications}
.parquet.
"""


rule compare:
    input:
        articles=rules.gather.output.articles,
        chunks=rules.vocabulary.output.chunks,
        topics=rules.choose.output.topics,
        chosen=rules.choose.output.chosen,
        model=rules.choose.output.model,
        models=MODELS,
        later=LATER,
        segmentations=rules.segmentations.output[0],
    output:
        shares=f"{RESULTS}/compare/shares.parquet",
        issue_shares=f"{RESULTS}/compare/issue_shares.parquet",
        contrasts=f"{RESULTS}/compare/contrasts.parquet",
        style=f"{RESULTS}/compare/style.parquet",
        specifications=f"{RESULTS}/compare/specifications.parquet",
    log:
        f"{LOGS}/compare.log",
    benchmark:
        f"{LOGS}/compare.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        ks=sorted(config["topics"]["k"]),
        settings=config["compare"],
        seed=config["seed"],
        code=code("comparing.comparison", "topics.training"),
    script:
        "../scripts/compare.py"
