"""Counts the themes of the user's own and compares the sources by them.

Required: the articles, the tokens, the chosen model; themes.tsv beside the corpus, if there is one. Produces
compare/{themes,theme_shares,theme_contrasts,theme_topics}.parquet, without rows where there is no themes.tsv.
Steps: the terms in the text -> shares by source -> contrasts, also without each single term -> topics that are alike.
"""


rule themes:
    input:
        **tables("articles", "vocabulary", "topics", "article_topics"),
        tokens=expand(rules.tokens.output.tokens, shard=SHARDS),
        words=expand(rules.tokens.output.words, shard=SHARDS),
    output:
        **numbers("themes", "theme_shares", "theme_contrasts", "theme_topics"),
    log:
        f"{LOGS}/themes.log",
    benchmark:
        f"{LOGS}/themes.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        themes=CORPUS.themes_of(),
        config={
            "seed": config["seed"],
            "compare": compare_settings(),
            "words": {k: config["words"][k] for k in ("engine", "simplify")},
        },
        code=code("themes"),
    script:
        "../scripts/themes.py"
