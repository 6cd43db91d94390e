"""Fits topic models for each K and seed, chooses one, and fits its K again, with more seeds and by a second engine.

Required: corpus/articles.parquet, words/{chunks.parquet,counts.npz,vocabulary.parquet} and the tokens; topics.tsv beside the
corpus, if there is one. Produces topics/{topics,article_topics,search,passages,rulings}.parquet, topics/model.npz (the reported
model), topics/chosen.json (why this one), topics/topics.tsv, and exports/ for other tools.
Steps: all seeds of one K in one job -> the search over K -> more seeds and the second engine, all at once -> the run nearest to all
others as tables, as ruled by the user.
"""

EXPORTS = ["phi", "theta", "vocabulary", "documents", "top_terms"]


rule fit:
    input:
        **tables("articles", "chunks"),
        counts=rules.vocabulary.output.counts,
    output:
        f"{RESULTS}/topics/models/{{engine}}_k{{k}}.npz",
    log:
        f"{LOGS}/fit_{{engine}}_k{{k}}.log",
    benchmark:
        f"{LOGS}/fit_{{engine}}_k{{k}}.benchmark.tsv"
    wildcard_constraints:
        k=r"\d+",
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        seed=config["seed"],
        seeds=config["topics"]["seeds"],
        iterations=config["topics"]["iterations"],
        issue_cap=config["topics"]["issue_cap"],
        code=code("fit", *ENGINE_MODULES),
    script:
        "../scripts/fit.py"


rule search:
    input:
        counts=rules.vocabulary.output.counts,
        models=MODELS,
    output:
        search=f"{RESULTS}/topics/models/search.parquet",
        choice=f"{RESULTS}/topics/models/choice.json",
    log:
        f"{LOGS}/search.log",
    benchmark:
        f"{LOGS}/search.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        ks=sorted(config["topics"]["k"]),
        code=code("search"),
    script:
        "../scripts/search.py"


rule refit:
    input:
        **tables("articles", "chunks"),
        counts=rules.vocabulary.output.counts,
        choice=rules.search.output.choice,
    output:
        f"{RESULTS}/topics/models/chosen_{{part}}.npz",
    log:
        f"{LOGS}/refit_{{part}}.log",
    benchmark:
        f"{LOGS}/refit_{{part}}.benchmark.tsv"
    wildcard_constraints:
        part=r"\d+",
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        engine=config["topics"]["engine"],
        seed=config["seed"],
        numbers=later_numbers,
        iterations=config["topics"]["iterations"],
        issue_cap=config["topics"]["issue_cap"],
        code=code("refit", *ENGINE_MODULES),
    script:
        "../scripts/refit.py"


use rule refit as check with:
    output:
        f"{RESULTS}/topics/models/check.npz",
    log:
        f"{LOGS}/check.log",
    benchmark:
        f"{LOGS}/check.benchmark.tsv"
    priority: LONGEST_WAY + 1  # one job that takes as long as several of refit
    params:
        engine=config["topics"]["check_engine"],
        seed=config["seed"],
        numbers=range(config["topics"]["check_seeds"]),
        iterations=config["topics"]["iterations"],
        issue_cap=config["topics"]["issue_cap"],
        code=code("refit", *ENGINE_MODULES),


rule choose:
    input:
        **tables("articles", "vocabulary", "chunks"),
        search=rules.search.output.search,
        tokens=expand(rules.tokens.output.tokens, shard=SHARDS),
        words=expand(rules.tokens.output.words, shard=SHARDS),
        counts=rules.vocabulary.output.counts,
        models=MODELS,
        later=LATER,
        check=CHECK,
        choice=rules.search.output.choice,
    output:
        **tables("search", "topics", "article_topics", "passages", "rulings"),
        chosen=f"{RESULTS}/topics/chosen.json",
        model=f"{RESULTS}/topics/model.npz",
        template=f"{RESULTS}/topics/topics.tsv",
    log:
        f"{LOGS}/choose.log",
    benchmark:
        f"{LOGS}/choose.benchmark.tsv"
    priority: LONGEST_WAY
    conda:
        "../../environment.yml"
    params:
        ks=sorted(config["topics"]["k"]),
        top_terms=config["report"]["top_terms"],
        passages=config["report"]["passages"],
        rulings=CORPUS.rulings_of(),
        code=code("choose"),
    script:
        "../scripts/choose.py"


rule exports:
    input:
        **tables("articles", "chunks"),
        counts=rules.vocabulary.output.counts,
        model=rules.choose.output.model,
    output:
        **{name: f"{RESULTS}/exports/{name}.parquet" for name in EXPORTS},
        **{f"{name}_csv": f"{RESULTS}/exports/{name}.csv" for name in EXPORTS},
    log:
        f"{LOGS}/exports.log",
    benchmark:
        f"{LOGS}/exports.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        code=code("exports"),
    script:
        "../scripts/exports.py"
