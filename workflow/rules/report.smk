"""Writes what people read: the data page, figures, tables, the executed notebook, the provenance and the report.

Required: the tables of all stages before. Produces data/index.html, contexts/, validation/, figures/*.{png,svg}, tables/*.csv, notebooks/explore.ipynb,
provenance.json, report.html (one file that opens offline) and report.md.
"""

# The report shows what people get as tables, but for what only the data page and single articles have; and which words change.
SHOWN = [name for name in WRITTEN if name not in ("reprints", "tfidf_articles")] + ["changed"]


rule figures:
    input:
        **numbers(*sections.figure_tables(*EARLY)),
    output:
        png=expand(f"{RESULTS}/figures/{{name}}.png", name=EARLY),
        svg=expand(f"{RESULTS}/figures/{{name}}.svg", name=EARLY),
    log:
        f"{LOGS}/figures.log",
    benchmark:
        f"{LOGS}/figures.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        names=EARLY,
        weighting=config["compare"]["weighting"],
        language=config["report"]["language"],
        top_terms=config["report"]["top_terms"],
        code=code("figures", *figure_modules(EARLY)),
    script:
        "../scripts/figures.py"


use rule figures as graded_figures with:
    input:
        **tables(*sections.figure_tables(*LATE)),
    output:
        png=expand(f"{RESULTS}/figures/{{name}}.png", name=LATE),
        svg=expand(f"{RESULTS}/figures/{{name}}.svg", name=LATE),
    log:
        f"{LOGS}/graded_figures.log",
    benchmark:
        f"{LOGS}/graded_figures.benchmark.tsv"
    params:
        names=LATE,
        weighting=config["compare"]["weighting"],
        language=config["report"]["language"],
        code=code("figures", *figure_modules(LATE)),


rule tables:
    input:
        **tables(*WRITTEN),
    output:
        **{name: f"{RESULTS}/tables/{name}.csv" for name in WRITTEN},
    log:
        f"{LOGS}/tables.log",
    benchmark:
        f"{LOGS}/tables.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        code=code("tables"),
    script:
        "../scripts/tables.py"


rule data:
    input:
        **tables("documents", "articles", "furniture", "doubts", "corrections", "reprints"),
        pages=expand(rules.pages.output, shard=SHARDS),
        html="workflow/report/data.html.j2",
        css="workflow/report/report.css",
    output:
        f"{RESULTS}/data/index.html",
    log:
        f"{LOGS}/data.log",
    benchmark:
        f"{LOGS}/data.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        shards=SHARDS,
        name=results_name(config),
        code=code("data"),
    script:
        "../scripts/data.py"


rule concordance:
    input:
        **tables("vocabulary"),
        contexts=rules.contexts.output[0],
        pages=expand(rules.pages.output, shard=SHARDS),
        html="workflow/report/contexts.html.j2",
        css="workflow/report/report.css",
    output:
        pages=directory(f"{RESULTS}/contexts"),
        places=f"{RESULTS}/words/places.json",
    log:
        f"{LOGS}/concordance.log",
    benchmark:
        f"{LOGS}/concordance.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        shards=SHARDS,
        name=results_name(config),
        code=code("concordance"),
    script:
        "../scripts/concordance.py"


rule validation:
    input:
        **tables("articles"),
        model=rules.choose.output.model,
        html="workflow/report/intrusion.html.j2",
        css="workflow/report/report.css",
    output:
        sheet=f"{RESULTS}/validation/intrusion.html",
        key=f"{RESULTS}/validation/key.csv",
    log:
        f"{LOGS}/validation.log",
    benchmark:
        f"{LOGS}/validation.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=config["seed"],
        name=results_name(config),
        code=code("validation"),
    script:
        "../scripts/validation.py"


rule provenance:
    input:
        **tables("documents"),
        word_lists=config["words"]["terms"] + config["words"]["stopwords"] + WORD_FILES,
        beside=[table.path for table in CORPUS.tables],
        project="pyproject.toml",
    output:
        f"{RESULTS}/provenance.json",
    log:
        f"{LOGS}/provenance.log",
    benchmark:
        f"{LOGS}/provenance.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        config=config,
        versions=VERSIONS,
        code=code("provenance"),
    script:
        "../scripts/provenance.py"


rule notebook:
    input:
        **tables(
            "placebo_contrasts",
            "timeline",
            "changes",
            "coverage",
            "terms",
            "vocabulary",
            "topics",
            "article_topics",
            "keyness",
            "contrasts",
        ),
        notebook="notebooks/explore.ipynb",
        tables=rules.tables.output,
        model=rules.choose.output.model,
        provenance=rules.provenance.output,
    output:
        f"{RESULTS}/notebooks/explore.ipynb",
    log:
        f"{LOGS}/notebook.log",
    benchmark:
        f"{LOGS}/notebook.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        code=code("notebook", *notebook_modules("notebooks/explore.ipynb")),
    script:
        "../scripts/notebook.py"


rule report:
    input:
        **tables(*SHOWN),
        places=rules.concordance.output.places,
        chosen=rules.choose.output.chosen,
        provenance=rules.provenance.output,
        figures=rules.figures.output.svg + rules.graded_figures.output.svg,
        html="workflow/report/report.html.j2",
        css="workflow/report/report.css",
        templates=sections.templates(),
    output:
        html=f"{RESULTS}/report.html",
        markdown=f"{RESULTS}/report.md",
    log:
        f"{LOGS}/report.log",
    benchmark:
        f"{LOGS}/report.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        figures=EARLY + LATE,
        code=code("report", *sections.modules("section")),
    script:
        "../scripts/report.py"
