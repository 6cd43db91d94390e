"""Writes what people read: the data page, figures, tables, the executed notebook, the provenance and the report.

Required: the tables of all stages before. Produces data/index.html, contexts/, validation/, figures/*.{png,svg}, tables/*.csv, notebooks/explore.ipynb,
provenance.json, report.html (one file that opens offline) and report.md.
"""

COMPARED = dict(
    balance=rules.confounds.output.balance,
    matched=rules.confounds.output.matched,
    **{name: rules.beside.output[name] for name in BESIDE},
    specifications=rules.specification_tables.output.specifications,
    survival=rules.specification_tables.output.survival,
    tried=rules.specification_tables.output.tried,
    **{name: rules.themes.output[name] for name in ("themes", "theme_shares", "theme_contrasts", "theme_topics")},
)


rule figures:
    input:
        **{name: rules.beside.output[name] for name in BESIDE},
        shares=rules.compare.output.shares,
        issue_shares=rules.compare.output.issue_shares,
        topics=rules.choose.output.topics,
        search=rules.choose.output.search,
        tfidf=rules.keyness.output.tfidf,
        keyness=rules.keyness.output.keyness,
        theme_shares=rules.themes.output.theme_shares,
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
        top_terms=config["report"]["top_terms"],
        code=code("figures", *figure_modules(EARLY)),
    script:
        "../scripts/figures.py"


use rule figures as graded_figures with:
    input:
        topics=rules.choose.output.topics,
        contrasts=rules.grade.output[0],
        placebo=rules.beside.output.placebo,
        placebo_sizes=rules.beside.output.placebo_sizes,
        specifications=rules.specification_tables.output.specifications,
        survival=rules.specification_tables.output.survival,
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
        code=code("figures", *figure_modules(LATE)),


rule tables:
    input:
        **COMPARED,
        documents=rules.gather.output.documents,
        articles=rules.gather.output.articles,
        furniture=rules.gather.output.furniture,
        doubts=rules.gather.output.doubts,
        corrections=rules.gather.output.corrections,
        reprints=rules.repeats.output.reprints,
        terms=rules.discover.output.table,
        vocabulary=rules.vocabulary.output.vocabulary,
        keyness=rules.keyness.output.keyness,
        dropped=rules.keyness.output.dropped,
        tfidf=rules.keyness.output.tfidf,
        tfidf_articles=rules.keyness.output.tfidf_articles,
        term_test=rules.audit.output.term_test,
        engines=rules.audit.output.engines,
        term_effect=rules.audit.output.term_effect,
        topics=rules.choose.output.topics,
        search=rules.choose.output.search,
        article_topics=rules.choose.output.article_topics,
        passages=rules.choose.output.passages,
        rulings=rules.choose.output.rulings,
        shares=rules.compare.output.shares,
        issue_shares=rules.compare.output.issue_shares,
        contrasts=rules.grade.output[0],
        style=rules.compare.output.style,
    output:
        **{name: f"{RESULTS}/tables/{name}.csv" for name in COMPARED},
        documents=f"{RESULTS}/tables/documents.csv",
        articles=f"{RESULTS}/tables/articles.csv",
        furniture=f"{RESULTS}/tables/furniture.csv",
        doubts=f"{RESULTS}/tables/doubts.csv",
        corrections=f"{RESULTS}/tables/corrections.csv",
        reprints=f"{RESULTS}/tables/reprints.csv",
        terms=f"{RESULTS}/tables/terms.csv",
        vocabulary=f"{RESULTS}/tables/vocabulary.csv",
        keyness=f"{RESULTS}/tables/keyness.csv",
        dropped=f"{RESULTS}/tables/dropped.csv",
        tfidf=f"{RESULTS}/tables/tfidf.csv",
        tfidf_articles=f"{RESULTS}/tables/tfidf_articles.csv",
        term_test=f"{RESULTS}/tables/term_test.csv",
        engines=f"{RESULTS}/tables/engines.csv",
        term_effect=f"{RESULTS}/tables/term_effect.csv",
        topics=f"{RESULTS}/tables/topics.csv",
        search=f"{RESULTS}/tables/search.csv",
        article_topics=f"{RESULTS}/tables/article_topics.csv",
        passages=f"{RESULTS}/tables/passages.csv",
        rulings=f"{RESULTS}/tables/rulings.csv",
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
        code=code("data"),
    script:
        "../scripts/data.py"


rule concordance:
    input:
        contexts=rules.contexts.output[0],
        vocabulary=rules.vocabulary.output.vocabulary,
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
        articles=rules.gather.output.articles,
        vocabulary=rules.vocabulary.output.vocabulary,
        topics=rules.choose.output.topics,
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
        documents=rules.gather.output.documents,
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
        **{name: COMPARED[name] for name in ("placebo_contrasts", "timeline", "changes", "coverage")},
        notebook="notebooks/explore.ipynb",
        tables=rules.tables.output,
        terms=rules.discover.output.table,
        vocabulary=rules.vocabulary.output.vocabulary,
        topics=rules.choose.output.topics,
        model=rules.exports.output.model,
        article_topics=rules.choose.output.article_topics,
        keyness=rules.keyness.output.keyness,
        contrasts=rules.grade.output[0],
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
        **COMPARED,
        documents=rules.gather.output.documents,
        articles=rules.gather.output.articles,
        furniture=rules.gather.output.furniture,
        doubts=rules.gather.output.doubts,
        corrections=rules.gather.output.corrections,
        terms=rules.discover.output.table,
        vocabulary=rules.vocabulary.output.vocabulary,
        keyness=rules.keyness.output.keyness,
        dropped=rules.keyness.output.dropped,
        tfidf=rules.keyness.output.tfidf,
        term_test=rules.audit.output.term_test,
        engines=rules.audit.output.engines,
        term_effect=rules.audit.output.term_effect,
        changed=rules.audit.output.changed,
        places=rules.concordance.output.places,
        topics=rules.choose.output.topics,
        chosen=rules.choose.output.chosen,
        search=rules.choose.output.search,
        passages=rules.choose.output.passages,
        article_topics=rules.choose.output.article_topics,
        rulings=rules.choose.output.rulings,
        shares=rules.compare.output.shares,
        issue_shares=rules.compare.output.issue_shares,
        contrasts=rules.grade.output[0],
        style=rules.compare.output.style,
        provenance=rules.provenance.output,
        figures=rules.figures.output.svg + rules.graded_figures.output.svg,
        html="workflow/report/report.html.j2",
        css="workflow/report/report.css",
        md="workflow/report/report.md.j2",
        parts=sorted(map(str, Path("workflow/report/parts").glob("*.j2"))),
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
        figures=EARLY + LATE,
        code=code("report"),
    script:
        "../scripts/report.py"
