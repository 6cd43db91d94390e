"""Writes what people read: the data page, figures, tables, the executed notebook, the provenance and the report.

Required: the tables of all stages before. Produces data/index.html, figures/*.{png,svg}, tables/*.csv, notebooks/explore.ipynb,
provenance.json, report.html (one file that opens offline) and report.md.
"""


rule figures:
    input:
        shares=rules.compare.output.shares,
        issue_shares=rules.compare.output.issue_shares,
        contrasts=rules.compare.output.contrasts,
        topics=rules.choose.output.topics,
        search=rules.choose.output.search,
        tfidf=rules.vocabulary.output.tfidf,
    output:
        png=expand(f"{RESULTS}/figures/{{name}}.png", name=FIGURES),
        svg=expand(f"{RESULTS}/figures/{{name}}.svg", name=FIGURES),
    log:
        f"{LOGS}/figures.log",
    benchmark:
        f"{LOGS}/figures.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        names=FIGURES,
        weighting=config["compare"]["weighting"],
        top_terms=config["report"]["top_terms"],
        code=code("reporting.figures", *(f"reporting.figures.{name}" for name in FIGURES)),
    script:
        "../scripts/figures.py"


rule tables:
    input:
        documents=rules.gather.output.documents,
        articles=rules.gather.output.articles,
        furniture=rules.gather.output.furniture,
        doubts=rules.gather.output.doubts,
        corrections=rules.gather.output.corrections,
        reprints=rules.repeats.output.reprints,
        vocabulary=rules.vocabulary.output.vocabulary,
        tfidf=rules.vocabulary.output.tfidf,
        topics=rules.choose.output.topics,
        search=rules.choose.output.search,
        article_topics=rules.choose.output.article_topics,
        passages=rules.choose.output.passages,
        shares=rules.compare.output.shares,
        issue_shares=rules.compare.output.issue_shares,
        contrasts=rules.compare.output.contrasts,
        style=rules.compare.output.style,
    output:
        documents=f"{RESULTS}/tables/documents.csv",
        articles=f"{RESULTS}/tables/articles.csv",
        furniture=f"{RESULTS}/tables/furniture.csv",
        doubts=f"{RESULTS}/tables/doubts.csv",
        corrections=f"{RESULTS}/tables/corrections.csv",
        reprints=f"{RESULTS}/tables/reprints.csv",
        vocabulary=f"{RESULTS}/tables/vocabulary.csv",
        tfidf=f"{RESULTS}/tables/tfidf.csv",
        topics=f"{RESULTS}/tables/topics.csv",
        search=f"{RESULTS}/tables/search.csv",
        article_topics=f"{RESULTS}/tables/article_topics.csv",
        passages=f"{RESULTS}/tables/passages.csv",
        shares=f"{RESULTS}/tables/shares.csv",
        issue_shares=f"{RESULTS}/tables/issue_shares.csv",
        contrasts=f"{RESULTS}/tables/contrasts.csv",
        style=f"{RESULTS}/tables/style.csv",
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
        documents=rules.gather.output.documents,
        articles=rules.gather.output.articles,
        furniture=rules.gather.output.furniture,
        doubts=rules.gather.output.doubts,
        corrections=rules.gather.output.corrections,
        reprints=rules.repeats.output.reprints,
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
        code=code("reporting.datapage"),
    script:
        "../scripts/data.py"


rule provenance:
    input:
        documents=rules.gather.output.documents,
        word_lists=config["words"]["terms"] + config["words"]["stopwords"],
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
        code=code("reporting.provenance"),
    script:
        "../scripts/provenance.py"


rule notebook:
    input:
        notebook="notebooks/explore.ipynb",
        tables=rules.tables.output,
        topics=rules.choose.output.topics,
        article_topics=rules.choose.output.article_topics,
        contrasts=rules.compare.output.contrasts,
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
        code=code("reporting.notebook"),
    script:
        "../scripts/notebook.py"


rule report:
    input:
        documents=rules.gather.output.documents,
        articles=rules.gather.output.articles,
        furniture=rules.gather.output.furniture,
        doubts=rules.gather.output.doubts,
        corrections=rules.gather.output.corrections,
        vocabulary=rules.vocabulary.output.vocabulary,
        tfidf=rules.vocabulary.output.tfidf,
        topics=rules.choose.output.topics,
        chosen=rules.choose.output.chosen,
        search=rules.choose.output.search,
        passages=rules.choose.output.passages,
        article_topics=rules.choose.output.article_topics,
        check=CHECK,
        shares=rules.compare.output.shares,
        issue_shares=rules.compare.output.issue_shares,
        contrasts=rules.compare.output.contrasts,
        style=rules.compare.output.style,
        provenance=rules.provenance.output,
        figures=rules.figures.output.svg,
        html="workflow/report/report.html.j2",
        css="workflow/report/report.css",
        md="workflow/report/report.md.j2",
    output:
        html=f"{RESULTS}/report.html",
        md=f"{RESULTS}/report.md",
    log:
        f"{LOGS}/report.log",
    benchmark:
        f"{LOGS}/report.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        figures=FIGURES,
        code=code("reporting.report"),
    script:
        "../scripts/report.py"
