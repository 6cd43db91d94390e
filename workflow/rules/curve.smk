"""The specification curve of all contrasts, whatever their grade: `snakemake --cores all specification_curve`.

Required: all that the report requires. Produces, below curve/, specifications, survival and tried as Parquet and CSV, the figure, and a
report with them (report.html). The ordinary results are neither read nor changed by it: who never asks for it never has it.
Steps: what the ordinary run has computed is taken over, anything else is fitted -> tables -> figure -> report.
"""


use rule specifications as curve_parts with:
    input:
        **rules.specifications.input,
        made_table=rules.specifications.output.table,
        made_tried=rules.specifications.output.tried,
        made_shares=rules.specifications.output.shares,
    output:
        table=f"{RESULTS}/curve/parts/{{group}}.parquet",
        tried=f"{RESULTS}/curve/parts/{{group}}.tried.parquet",
        shares=f"{RESULTS}/curve/parts/{{group}}.npz",
    log:
        f"{LOGS}/curve_{{group}}.log",
    benchmark:
        f"{LOGS}/curve_{{group}}.benchmark.tsv"
    params:
        scope="all",


use rule specification_tables as curve_tables with:
    input:
        **tables("articles"),
        table=expand(rules.curve_parts.output.table, group=list(GROUPS)),
        tried=expand(rules.curve_parts.output.tried, group=list(GROUPS)),
        shares=expand(rules.curve_parts.output.shares, group=list(GROUPS)),
    output:
        specifications=f"{RESULTS}/curve/specifications.parquet",
        survival=f"{RESULTS}/curve/survival_numbers.parquet",
        tried=f"{RESULTS}/curve/tried.parquet",
    log:
        f"{LOGS}/curve_tables.log",
    benchmark:
        f"{LOGS}/curve_tables.benchmark.tsv"


use rule claims as curve_claims with:
    input:
        survival=rules.curve_tables.output.survival,
    output:
        survival=f"{RESULTS}/curve/survival.parquet",
    log:
        f"{LOGS}/curve_claims.log",
    benchmark:
        f"{LOGS}/curve_claims.benchmark.tsv"


use rule graded_figures as curve_figure with:
    input:
        **tables("topics", "contrasts"),
        specifications=rules.curve_tables.output.specifications,
        survival=rules.curve_tables.output.survival,
    output:
        png=[f"{RESULTS}/curve/specifications.png"],
        svg=[f"{RESULTS}/curve/specifications.svg"],
    log:
        f"{LOGS}/curve_figure.log",
    benchmark:
        f"{LOGS}/curve_figure.benchmark.tsv"
    params:
        names=["specifications"],
        weighting=config["compare"]["weighting"],
        language=config["report"]["language"],
        code=code("figures", *figure_modules(["specifications"])),


use rule tables as curve_csv with:
    input:
        specifications=rules.curve_tables.output.specifications,
        survival=rules.curve_claims.output.survival,
        tried=rules.curve_tables.output.tried,
    output:
        specifications=f"{RESULTS}/curve/specifications.csv",
        survival=f"{RESULTS}/curve/survival.csv",
        tried=f"{RESULTS}/curve/tried.csv",
    log:
        f"{LOGS}/curve_csv.log",
    benchmark:
        f"{LOGS}/curve_csv.benchmark.tsv"


use rule report as curve_report with:
    input:
        **dict(rules.report.input.items())
        | {
            "specifications": rules.curve_tables.output.specifications,
            "survival": rules.curve_claims.output.survival,
            "tried": rules.curve_tables.output.tried,
            "figures": [
                rules.curve_figure.output.svg[0] if name == "specifications" else svg
                for name, svg in zip(EARLY + LATE, rules.report.input.figures)
            ],
        },
    output:
        html=f"{RESULTS}/curve/report.html",
        markdown=temp(f"{RESULTS}/curve/report.md"),
    log:
        f"{LOGS}/curve_report.log",
    benchmark:
        f"{LOGS}/curve_report.benchmark.tsv"
    params:
        figures=EARLY + LATE,
        up="../",
        code=code("report", *sections.modules("section")),


rule specification_curve:
    input:
        rules.curve_csv.output,
        rules.curve_figure.output,
        rules.curve_report.output.html,
