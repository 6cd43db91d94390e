"""Themes of the user's own: reading themes.tsv, finding terms in segmented text, comparing sources, and what the report says."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.reasons import read
from baokan.comparing.themes import theme_tables
from baokan.corpus.inventory import Inventory
from baokan.corpus.listing import CorpusError, list_files
from baokan.corpus.themes import ThemeTerm, read_themes
from baokan.reporting.figures import save
from baokan.tables import read_parquet, write_csv, write_parquet
from baokan.words.tokens import tokenized
from shown_sections import shown as section_shown
from worded import in_words

CONFIG = {
    "seed": 7,
    "words": {"simplify": True, "engine": "rjieba"},
    "compare": {
        "weighting": "article",
        "permutations": 999,
        "confidence": 0.95,
        "min_issues": 6,
        "min_articles": 10,
    },
}
NO_TOPICS = pd.DataFrame({"topic_id": [], "label": [], "excluded": []})
NO_SHARES = pd.DataFrame({"article_id": [], "topic_id": [], "share": []})


def cut_at_bars(*texts):
    """Tokens of texts in which | stands between the words."""
    return tokenized([f"a{i}" for i in range(len(texts))], texts, lambda text: text.split("|"))


def articles_of(issues, n_each=1):
    """A row per article; issues: (source, issue, date) of each article."""
    rows = [
        {
            "article_id": f"a{i}", "document_id": f"d{i}", "source": source, "publication": "", "issue": issue,
            "issue_id": f"{source}//{issue}" if issue else "", "issue_date": date, "duplicate_of": "",
        }
        for i, (source, issue, date) in enumerate(issues)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def tables_of(rows, tokens, articles, topics=NO_TOPICS, shares=NO_SHARES, kept=(), **compare):
    config = CONFIG | {"compare": CONFIG["compare"] | compare}
    return theme_tables(rows, articles, tokens, kept, topics, shares, config)


# --- the file


def write(folder, text, name="themes.tsv"):
    (folder / name).write_text(text, encoding="utf-8")


def test_the_table_is_read_as_a_spreadsheet_saves_it(tmp_path):
    table = "Theme\tTerm\tNote\r\n农村\t 乡村 \tmine\r\n\r\n农村\t农村  振兴\t\r\n科技\tGDP\t\r\n科技\t乡村\t\r\n"
    (tmp_path / "themes.tsv").write_bytes(b"\xef\xbb\xbf" + table.encode())
    assert read_themes(tmp_path) == [
        ThemeTerm("农村", "乡村", 2), ThemeTerm("农村", "农村 振兴", 4), ThemeTerm("科技", "GDP", 5),
        ThemeTerm("科技", "乡村", 6),
    ]  # fmt: skip


def test_a_comma_separated_table_is_read_too_and_both_at_once_are_refused(tmp_path):
    write(tmp_path, 'theme,term\n"农村, 农业",乡村\n', "themes.csv")
    assert read_themes(tmp_path) == [ThemeTerm("农村, 农业", "乡村", 2)]
    write(tmp_path, "theme\tterm\n甲\t乙\n")
    with pytest.raises(CorpusError, match=r"both themes\.tsv and themes\.csv"):
        read_themes(tmp_path)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("农村\t", "row 2: the cell term is empty"),
        ("\t乡村", "row 2: the cell theme is empty"),
        ("\u200b\t乡村", "row 2: the cell theme is empty"),
        ("长" * 41 + "\t乡村", "row 2: the name of the theme has 41 characters; at most 40"),
        ("农村\t" + "长" * 51, "row 2: the term has 51 characters; at most 50"),
        ("农村\t——", "row 2: the term '——' has no character, letter or digit"),
        ("农村\t乡村\n科技\t芯片\n农村\t乡村\u200b", "row 4: the term 乡村 stands in the theme 农村 in row 2 too"),
        ("农村\t乡村\t\tx", "row 2: 4 cells"),
    ],
)
def test_a_table_that_could_be_misread_stops_at_once_and_names_the_row(tmp_path, rows, words):
    write(tmp_path, "theme\tterm\tnote\n" + rows + "\n")
    with pytest.raises(CorpusError) as caught:
        read_themes(tmp_path)
    assert words in str(caught.value) and "themes.tsv" in str(caught.value)


@pytest.mark.parametrize(
    ("header", "words"), [("theme\tword", "unknown column word"), ("theme", "column term is missing")]
)
def test_a_wrong_header_says_which_columns_are_allowed(tmp_path, header, words):
    write(tmp_path, header + "\n甲\t乙\n")
    with pytest.raises(CorpusError, match=words) as caught:
        read_themes(tmp_path)
    assert "Allowed columns: theme, term, note" in str(caught.value)


def test_the_inventory_hands_the_themes_on_and_no_shard_sees_them(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1.txt").write_text("乡村。", encoding="utf-8")
    before = Inventory.of(tmp_path, 2)
    assert before.themes_of() == [] and before.tables == []
    write(tmp_path, "theme\tterm\tnote\n农村\t乡村\t\n")
    after = Inventory.of(tmp_path, 2)
    assert after.themes_of() == [("农村", "乡村")] and [t.path for t in after.tables] == [str(tmp_path / "themes.tsv")]
    assert [before.fingerprint(s) for s in before.shards] == [after.fingerprint(s) for s in after.shards]
    assert [f.path for f in list_files(tmp_path)] == ["a/1.txt"]


def test_the_example_beside_the_sample_is_sound():
    rows = read_themes(Path(__file__).parents[2] / "data/sample")
    sizes = pd.Series([row.theme for row in rows]).value_counts()
    assert 4 <= len(sizes) <= 6 and sizes.between(6, 13).all()


# --- tables, worked by hand


def test_shares_worked_by_hand():
    # Marks and blanks are no words. a0: 2 of 4 words, a1: 0 of 2, a2: 1 of 1.
    tokens = cut_at_bars("农村|振兴|，|很|好", "很|好|。", "农村")
    articles = articles_of([("报", "1", ""), ("报", "1", ""), ("报", "2", "")])
    shares = tables_of([("三农", "农村振兴"), ("三农", "农村")], tokens, articles)["theme_shares"]
    by = shares.set_index("weighting")
    assert by.loc["article", "share"] == pytest.approx(((0.5 + 0) / 2 + 1) / 2)
    assert by.loc["token", "share"] == pytest.approx((2 / 6 + 1) / 2)
    assert by["articles_with"].tolist() == [2, 2] and by["articles_of"].tolist() == [0, 0]
    assert by["n_articles"].tolist() == [3, 3] and by["lower"].isna().all()


def test_what_each_term_adds_and_why_others_add_nothing():
    tokens = cut_at_bars("农村|振兴|，|农村|，|农村", "中国|有|农村", "农村")
    articles = articles_of([("刊", "1", ""), ("报", "1", ""), ("报", "1", "")])
    rows = [("三农", t) for t in ("农村", "农村振兴", "振兴", "国有", "粮食")] + [("经济", "国有"), ("经济", "农村")]
    table = tables_of(rows, tokens, articles)["themes"]
    mine = table[table["theme"] == "三农"].set_index("term")
    assert mine["status"].to_dict() == {
        "农村": "counted", "农村振兴": "counted", "振兴": "within a longer term", "国有": "never whole",
        "粮食": "does not occur",
    }  # fmt: skip
    assert mine.loc["农村", ["n_places", "n_whole", "n_occurrences", "n_tokens", "n_articles", "n_issues"]].tolist() == [
        5, 5, 4, 4, 3, 2,
    ]  # fmt: skip
    assert mine.loc["农村振兴", ["n_occurrences", "n_tokens", "n_articles"]].tolist() == [1, 2, 1]
    assert mine.loc["农村", "part"] == pytest.approx(4 / 6)
    assert mine.loc["农村", ["occurrences_刊", "occurrences_报"]].tolist() == [2, 2]
    assert mine.loc["国有", "reason"] == "a word reaches across its edge: 中国|有 (1 of 1)"
    assert mine.loc["农村振兴", "reason"] == "" and mine.loc["粮食", "n_places"] == 0
    assert mine["also_in"].to_dict() == {"农村": "经济", "农村振兴": "", "振兴": "", "国有": "经济", "粮食": ""}
    assert table[table["theme"] == "经济"].set_index("term").loc["农村", "n_occurrences"] == 5


def test_repeats_within_a_source_count_once():
    tokens = cut_at_bars("农村|好", "农村|好")
    articles = articles_of([("报", "1", ""), ("报", "2", "")])
    articles.loc[1, "duplicate_of"] = "a0"
    tables = tables_of([("三农", "农村")], tokens, articles)
    assert tables["themes"]["n_occurrences"].tolist() == [1]
    assert tables["theme_shares"]["n_issues"].tolist() == [1, 1]


def test_words_of_two_themes_count_in_both_even_where_they_are_the_whole_text():
    tokens = cut_at_bars("农村", "农村|农业")
    articles = articles_of([("报", "1", ""), ("报", "2", "")])
    rows = [(theme, term) for theme in "甲乙丙" for term in ("农村", "农业")]
    shares = tables_of(rows, tokens, articles)["theme_shares"]
    assert shares["share"].tolist() == pytest.approx([1.0] * 6)


# --- what may be claimed

N_ISSUES, N_EACH = 12, 4


def planted(rates, n_issues=N_ISSUES, seed=3, dates=True):
    """(tokens, articles): sources named by `rates`, with n_issues issues of N_EACH articles of 100 words; rates: by source,
    the chance of each word to be each of some terms."""
    rng = np.random.default_rng(seed)
    texts, issues = [], []
    for source, chances in rates.items():
        words = np.array([*chances, "别"], dtype=object)
        p = np.array([*chances.values(), 1 - sum(chances.values())])
        for issue in range(n_issues):
            for _ in range(N_EACH):
                texts.append("|".join(rng.choice(words, 100, p=p)))
                issues.append((source, str(issue), f"2023-{issue + 1:02d}-01" if dates else ""))
    return cut_at_bars(*texts), articles_of(issues)


FOUR = [("三农", t) for t in ("农村", "农业", "农民", "粮食")]


def claims(rows, tokens, articles, **compare):
    table = tables_of(rows, tokens, articles, **compare)["theme_contrasts"]
    return table[table["weighting"] == "article"]


def test_a_planted_difference_spread_over_terms_is_established():
    even = dict.fromkeys(("农村", "农业", "农民", "粮食"), 0.02)
    tokens, articles = planted({"刊": dict.fromkeys(even, 0.005), "报": even})
    tables = tables_of(FOUR, tokens, articles)
    (row,) = tables["theme_contrasts"].query("weighting == 'article'").to_dict("records")
    assert row["grade"] == "established" and row["grade_reasons"] == ""
    assert (row["terms_held"], row["terms_total"], row["needed_terms"]) == (4, 4, [])
    assert row["times"] == pytest.approx(row["mean_b"] / row["mean_a"])  # 报 has more


def test_intervals_cover_the_planted_rates_as_often_as_they_say():
    truth = {"刊": 0.02, "报": 0.08}
    covered = 0
    for seed in range(12):
        rates = {s: dict.fromkeys(("农村", "农业", "农民", "粮食"), rate / 4) for s, rate in truth.items()}
        shares = tables_of(FOUR, *planted(rates, seed=seed), permutations=19)["theme_shares"]
        for row in shares[shares["weighting"] == "article"].itertuples():
            covered += row.lower < truth[row.source] < row.upper
    assert covered >= 20  # of 24; fewer would happen once in two hundred times


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_difference_that_one_term_makes_is_suggestive_and_names_the_term(seed):
    rates = {s: dict.fromkeys(("农村", "农业", "农民", "粮食"), 0.01) for s in "刊报"}
    rates["报"] = rates["报"] | {"农村": 0.08}
    (row,) = claims(FOUR, *planted(rates, seed=seed)).to_dict("records")
    # Without 农村 there is no difference; without any other there is: three of four, less than 80 %.
    assert (row["grade"], row["terms_held"], row["needed_terms"]) == ("suggestive", 3, ["农村"])
    assert read(row["grade_reasons"]) == [("terms", {"held": 3, "total": 4})]
    assert row["top_term"] == "农村" and row["top_term_part"] > 0.5


def test_with_more_terms_the_loss_of_one_leaves_the_claim_and_is_told():
    names = ("农村", "农业", "农民", "粮食", "耕地", "乡村")
    rates = {s: dict.fromkeys(names, 0.01) for s in "刊报"}
    rates["报"] = rates["报"] | {"农村": 0.08}
    (row,) = claims([("三农", t) for t in names], *planted(rates)).to_dict("records")
    assert (row["grade"], row["terms_held"], row["needed_terms"]) == ("established", 5, ["农村"])


def test_a_theme_of_one_term_is_never_established():
    (row,) = claims(FOUR[:1], *planted({"刊": {"农村": 0.01}, "报": {"农村": 0.08}})).to_dict("records")
    assert (row["grade"], read(row["grade_reasons"])) == ("suggestive", [("one term", {})])


def test_terms_that_are_not_found_do_not_help_a_claim_to_survive():
    rates = {"刊": {"农村": 0.01, "农业": 0.01}, "报": {"农村": 0.08, "农业": 0.01}}
    rows = [("三农", t) for t in ("农村", "农业", "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")]
    (row,) = claims(rows, *planted(rates)).to_dict("records")
    assert (row["terms_held"], row["terms_total"], row["grade"]) == (1, 2, "suggestive")


def test_without_a_planted_difference_nothing_is_claimed():
    even = dict.fromkeys(("农村", "农业", "农民", "粮食"), 0.02)
    grades = [claims(FOUR, *planted({"刊": even, "报": even}, seed=s))["grade"].iloc[0] for s in range(4)]
    assert grades.count("descriptive") >= 3


def test_under_six_issues_nothing_is_tested_and_all_is_described():
    rates = {"刊": {"农村": 0.01, "农业": 0.01}, "报": {"农村": 0.08, "农业": 0.08}}
    (row,) = claims(FOUR, *planted(rates, n_issues=3)).to_dict("records")
    assert row["grade"] == "descriptive" and np.isnan(row["p"]) and not row["eligible"]
    assert read(row["grade_reasons"]) == [("issues", {"sides": [["刊", 3], ["报", 3]], "needed": 6})]


def test_passing_words_make_no_articles_of_a_theme():
    # Each article has the term once, in one source twice as often in words: hundreds of articles, none of the theme.
    texts = ["农村|" + "|".join(["别"] * n) for n in (9, 19) for _ in range(N_ISSUES * N_EACH)]
    places = [(s, str(i // N_EACH), f"2023-{i // N_EACH + 1:02d}-01") for s in "刊报" for i in range(N_ISSUES * N_EACH)]
    tables = tables_of(FOUR, cut_at_bars(*texts), articles_of(places), permutations=99)
    assert not tables["theme_contrasts"]["eligible"].any() and not tables["theme_shares"]["eligible"].any()
    assert {r.code for text in tables["theme_contrasts"]["grade_reasons"] for r in read(text)} == {"articles"}
    assert tables["theme_shares"]["articles_with"].tolist() == [48] * 4


def test_a_ratio_is_given_only_where_the_smaller_share_rests_on_articles_enough():
    names = ("农村", "农业", "农民", "粮食")
    rates = {"刊": dict.fromkeys(names, 0.0001), "报": dict.fromkeys(names, 0.03)}
    (row,) = claims(FOUR, *planted(rates)).to_dict("records")
    assert row["grade"] == "established" and np.isnan(row["times"])


def test_the_result_does_not_depend_on_the_order_of_articles():
    rates = {"刊": {"农村": 0.01, "农业": 0.01}, "报": {"农村": 0.05, "农业": 0.03}, "网": {"农村": 0.02}}
    tokens, articles = planted(rates)
    first = tables_of(FOUR, tokens, articles)
    order = np.random.default_rng(0).permutation(len(articles))
    texts = [list(tokens.words[tokens.ids[tokens.starts[i] : tokens.starts[i + 1]]]) for i in order]
    turned = iter(texts)
    again = tokenized([f"a{i}" for i in order], ["x"] * len(texts), lambda _: next(turned))
    second = tables_of(FOUR, again, articles.iloc[order].reset_index(drop=True))
    for name in first:
        pd.testing.assert_frame_equal(first[name], second[name], check_exact=False, rtol=1e-12)


# --- topics that go with a theme


def test_the_topic_that_goes_with_a_theme_is_found_and_an_excluded_one_is_not_named():
    tokens, articles = planted({"刊": {"农村": 0.03}, "报": {"农村": 0.03}})
    own = tables_of(FOUR, tokens, articles)  # only to learn that it runs without topics
    assert own["theme_topics"].empty
    counts = [
        (tokens.words[tokens.ids[a:b]] == "农村").mean() for a, b in zip(tokens.starts, tokens.starts[1:], strict=False)
    ]
    theta = np.column_stack([np.full(len(counts), 0.2), 2 * np.array(counts), 0.8 - 2 * np.array(counts)])
    topics = pd.DataFrame({"topic_id": [1, 2, 3], "label": ["甲", "乙", "丙"], "excluded": [False] * 3})
    long = pd.DataFrame(
        {
            "article_id": np.repeat(articles["article_id"], 3),
            "topic_id": np.tile([1, 2, 3], len(articles)),
            "share": theta.ravel(),
        }
    )
    table = tables_of(FOUR, tokens, articles, topics, long)["theme_topics"]
    # The constant topic has no correlation, the third one is opposed.
    assert table[["topic_id", "label", "rank"]].to_numpy().tolist() == [[2, "乙", 1]]
    assert table["correlation"].iloc[0] == pytest.approx(1)
    topics["excluded"] = [False, True, False]
    assert tables_of(FOUR, tokens, articles, topics, long)["theme_topics"].empty


# --- odd corpora


@pytest.mark.parametrize(
    "issues",
    [
        [("报", "", "")] * 3,  # no issue at all
        [("报", "1", "")] * 3,  # one source, one issue
        [("报", "1", ""), ("刊", "", ""), ("刊", "", "")],
        [(f"s{i:02d}", "1", "") for i in range(20)],
    ],
)
def test_odd_corpora_give_sentences_and_no_nan_in_them(issues, tmp_path):
    tokens = cut_at_bars(*["农村|好"] * len(issues))
    tables = tables_of(FOUR, tokens, articles_of(issues))
    assert len(tables["theme_shares"]) == 2 * len({s for s, *_ in issues})
    assert tables["theme_shares"]["share"].between(0.49, 0.51).all()
    told = in_words(tables)["theme_contrasts"]
    assert "nan" not in " ".join([*told["sentence"], *told["sentence_zh"]])
    shown(tables, tmp_path)


def test_a_corpus_without_words_or_without_a_single_hit_is_described(tmp_path):
    for text in ("", "，|。", "别|的"):
        tables = tables_of(FOUR, cut_at_bars(text, text), articles_of([("报", "1", ""), ("刊", "1", "")]))
        assert set(tables["themes"]["status"]) == {"does not occur"}
        html, _ = shown(tables, tmp_path)
        assert "4 of 4 terms add nothing" in html


def shown(tables, folder, weighting="article"):
    """The part of the report as HTML and Markdown, after a round through Parquet; the figure is drawn too."""
    tables = in_words(tables)
    for name, table in tables.items():
        write_parquet(table, folder / f"{name}.parquet")
        write_csv(table, folder / f"{name}.csv")
    tables = {name: read_parquet(folder / f"{name}.parquet") for name in tables}
    config = CONFIG | {"compare": CONFIG["compare"] | {"weighting": weighting}}
    save("themes", tables | {"weighting": weighting}, folder / "themes.png", folder / "themes.svg")
    return section_shown("themes", tables, config)[1:]


def test_without_a_table_all_is_empty_and_the_report_says_how_to_add_one(tmp_path):
    tokens, articles = planted({"刊": {"农村": 0.03}, "报": {"农村": 0.03}}, n_issues=2)
    tables = tables_of([], tokens, articles)
    assert all(table.empty for table in tables.values())
    html, markdown = shown(tables, tmp_path)
    for text in (html, markdown):
        assert "themes.tsv" in text and len(text.strip().splitlines()) <= 4 and "<table" not in text


def test_the_report_tells_the_claims_and_what_was_not_found(tmp_path):
    rates = {"刊": {"农村": 0.01, "农业": 0.01}, "报": {"农村": 0.08, "农业": 0.01}}
    rows = [*FOUR, ("经济", "农村"), ("经济", "市场")]
    tables = tables_of(rows, *planted(rates))
    for text in shown(tables, tmp_path):
        plain = " ".join(re.sub(r"<[^>]+>", "", text).replace("\\", "").split())
        assert "suggestive" in plain and "2 of 4" in plain and "96 articles" not in plain
        assert "Not in the text: 农民、粮食、市场." in plain and re.search(r"农村 \(三农、经济\)", plain)
        assert "times as many as in 刊" in plain


HOSTILE = ["<script>alert(1)</script>", "=SUM(A1)", "$x_1$ \\frac{1}{", "| a | b |\u202e", "{{ 7*7 }} %s", "名" * 40]


def test_hostile_names_and_terms_are_only_text(tmp_path):
    write(tmp_path, "theme\tterm\n" + "".join(f"{name}\t{t}\n" for name in HOSTILE for t in ("农村", "<b>农业", "$$")
                                             if any(c.isalnum() for c in t)))  # fmt: skip
    rows = [(row.theme, row.term) for row in read_themes(tmp_path)]
    sources = {"<i>刊</i>$": {"农村": 0.01}, "=报": {"农村": 0.08}}
    tables = tables_of(rows, *planted(sources))
    html, markdown = shown(tables, tmp_path)
    for text in (html, markdown):
        assert "<script" not in text and "<b>农业" not in text and "<i>刊" not in text and "49 %" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not any("| a | b |" in line.replace("\\|", "") for line in markdown.splitlines())
    cells = (tmp_path / "theme_shares.csv").read_text(encoding="utf-8-sig")
    assert "'=SUM(A1)" in cells and "\n=SUM" not in cells


@pytest.mark.parametrize(("n_sources", "n_themes"), [(2, 1), (3, 30), (12, 6)])
def test_the_figure_is_drawn_and_is_the_same_each_time(n_sources, n_themes, tmp_path):
    rng = np.random.default_rng(1)
    rows = [
        (f"主题{t}", f"s{s:02d}", w) for w in ("article", "token") for s in range(n_sources) for t in range(n_themes)
    ]
    table = pd.DataFrame(rows, columns=["theme", "source", "weighting"])
    table["share"] = rng.random(len(table)) / 50
    table["lower"], table["upper"] = table["share"] * 0.8, table["share"] * 1.2
    table.loc[::3, ["lower", "upper"]] = np.nan
    pictures = []
    for name in ("a", "b"):
        save(
            "themes",
            {"theme_shares": table, "weighting": "article"},
            tmp_path / f"{name}.png",
            tmp_path / f"{name}.svg",
        )
        pictures.append((tmp_path / f"{name}.png").read_bytes())
    assert pictures[0] == pictures[1] and len(pictures[0]) > 5_000
