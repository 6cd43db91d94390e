"""Words in context: which places are chosen, and that what is shown stands there."""

import pandas as pd
import pytest
from baokan.folding import fold
from baokan.tables import write_parquet
from baokan.words import contexts as module
from baokan.words.contexts import SHOWN, article_rows, contexts_table, places, with_text
from baokan.words.segmentation import whole_text
from baokan.words.tokens import tokenized
from hypothesis import given, settings
from hypothesis import strategies as st


def articles_of(*rows):
    """Articles of (source, issue, title, text), each of a document of its own in which its text begins at 10."""
    table = pd.DataFrame(rows, columns=["source", "issue", "title", "text"], dtype=object)
    names = pd.Series([f"{source}/{number}" for number, source in enumerate(table["source"])], dtype=object)
    return table.assign(
        article_id=names,
        document_id=names,
        issue_id=[f"{s}/{i}" if i else "" for s, i in zip(table["source"], table["issue"], strict=True)],
        date="2023",
        start=7,
        offset_map=[[0, 10, len(text)] if text else [] for text in table["text"]],
        duplicate_of="",
    )


def tokens_of(articles, cut=lambda text: list(fold(text))):
    """Tokens, of one character each unless `cut` says otherwise."""
    texts = [whole_text(t, x) for t, x in zip(articles["title"], articles["text"], strict=True)]
    return tokenized(list(articles["article_id"]), texts, cut)


def rows_of(articles):
    return lambda ids: articles[articles["article_id"].isin(ids)][module.COLUMNS]


def chosen(articles, wanted=("水",), per_source=5):
    return places(tokens_of(articles), articles, list(wanted), per_source)


def issues_of(found, articles):
    return list(articles.set_index("article_id").loc[found["article_id"], "issue"])


def test_each_issue_gives_one_before_any_gives_a_second():
    articles = articles_of(
        ("报", "1", "", "水" * 30), ("报", "2", "", "水水"), ("报", "3", "", "水"), ("报", "4", "", "渠")
    )
    assert sorted(issues_of(chosen(articles, per_source=3), articles)) == ["1", "2", "3"]
    assert sorted(issues_of(chosen(articles, per_source=5), articles)) == ["1", "1", "2", "2", "3"]
    assert sorted(issues_of(chosen(articles, per_source=7), articles)) == ["1"] * 4 + ["2"] * 2 + ["3"]


def test_within_an_issue_each_article_gives_one_before_any_gives_a_second():
    articles = articles_of(*(("报", "1", "", "水" * n) for n in (30, 1, 2)))
    counts = chosen(articles, per_source=4)["article_id"].value_counts()
    assert dict(counts) in ({"报/0": 2, "报/1": 1, "报/2": 1}, {"报/0": 1, "报/1": 1, "报/2": 2})


def test_each_source_and_word_has_its_own_places():
    articles = articles_of(("报", "1", "", "水渠水"), ("刊", "1", "", "水"), ("刊", "", "", "渠"))
    found = chosen(articles, ["渠", "水", "无", "水"], per_source=9)
    assert list(zip(found["word"], found["source"], found["article_id"], found["offset"], strict=True)) == [
        ("渠", "刊", "刊/2", 1),
        ("渠", "报", "报/0", 2),
        ("水", "刊", "刊/1", 1),
        ("水", "报", "报/0", 1),
        ("水", "报", "报/0", 3),
    ]


def test_an_issue_of_one_name_in_two_sources_is_two():
    articles = articles_of(("报", "1", "", "水水"), ("刊", "1", "", "水水")).assign(issue_id="1")
    assert dict(chosen(articles, per_source=2)["source"].value_counts()) == {"报": 2, "刊": 2}


def test_an_article_that_stands_for_nothing_of_its_own_is_left_out():
    articles = articles_of(("报", "1", "", "水"), ("报", "1", "", "水")).assign(duplicate_of=["", "报/0"])
    assert list(chosen(articles)["article_id"]) == ["报/0"]


def test_the_same_places_whatever_else_is_wanted_and_in_whatever_order_the_articles_are():
    articles = articles_of(*(("报", str(n % 7), "", "水渠水地" * (1 + n % 3)) for n in range(40)))
    alone = chosen(articles, ["水"])
    among = chosen(articles, ["地", "渠", "水"])
    turned = chosen(articles[::-1].reset_index(drop=True), ["水"])
    pd.testing.assert_frame_equal(among[among["word"] == "水"].reset_index(drop=True), alone)
    assert {*turned.itertuples(index=False)} == {*alone.itertuples(index=False)}


def test_neither_the_first_issues_nor_the_leads_of_articles_are_preferred():
    articles = articles_of(*(("报", f"{n:03}", "", "水。" * 50) for n in range(200)))
    found = chosen(articles, per_source=40)
    assert 70 < pd.to_numeric(pd.Series(issues_of(found, articles))).mean() < 130
    assert 35 < found["offset"].mean() < 65


@pytest.mark.parametrize("wanted", [[], ["无"]])
def test_a_table_without_rows_keeps_its_columns(wanted):
    articles = articles_of(("报", "1", "", "水"))
    table = contexts_table(tokens_of(articles), articles, wanted, 5, rows_of(articles))
    assert list(table.columns) == SHOWN and table.empty


def test_no_articles():
    articles = articles_of()
    assert contexts_table(tokens_of(articles), articles, ["水"], 5, rows_of(articles)).empty


def test_a_context_is_the_original_text_within_its_paragraph():
    articles = articles_of(("报", "1", "標題", "前段。\n東邊的水渠很長。\n後段"))
    found = contexts_table(tokens_of(articles), articles, ["渠"], 5, rows_of(articles)).iloc[0]
    assert (found["left"], found["keyword"], found["right"]) == ("東邊的水", "渠", "很長。")
    assert (found["start"], found["document_start"]) == (8, 18)
    folded = contexts_table(tokens_of(articles), articles, ["东"], 5, rows_of(articles)).iloc[0]
    assert (folded["word"], folded["keyword"]) == ("东", "東")


def test_a_context_in_the_title_points_to_the_article():
    articles = articles_of(("报", "1", "水渠", "通了"))
    found = contexts_table(tokens_of(articles), articles, ["渠"], 5, rows_of(articles)).iloc[0]
    assert (found["left"], found["right"], found["start"], found["document_start"]) == ("水", "", -1, 7)


def test_a_context_is_no_wider_than_asked():
    articles = articles_of(("报", "1", "", "一" * 50 + "水" + "二" * 50))
    found = with_text(chosen(articles), rows_of(articles), width=3).iloc[0]
    assert (found["left"], found["right"]) == ("一一一", "二二二")


def test_the_place_in_the_document_passes_over_what_was_cut_out():
    articles = articles_of(("报", "1", "", "一水")).assign(offset_map=[[0, 10, 1, 1, 90, 1]])
    assert contexts_table(tokens_of(articles), articles, ["水"], 5, rows_of(articles))["document_start"][0] == 90


def test_blocks_of_articles_give_the_same_table(monkeypatch):
    articles = articles_of(*(("报", str(n), "题", "水渠" * n) for n in range(9)))
    arguments = tokens_of(articles), articles, ["渠", "水"], 7, rows_of(articles)
    whole = contexts_table(*arguments)
    monkeypatch.setattr(module, "BLOCK", 2)
    pd.testing.assert_frame_equal(contexts_table(*arguments), whole)


def test_rows_are_read_from_the_file(tmp_path):
    articles = articles_of(("报", "1", "题", "水"), ("报", "2", "", "渠"))
    write_parquet(articles, tmp_path / "articles.parquet")
    rows = article_rows(tmp_path / "articles.parquet")
    assert list(rows(["报/1"])["text"]) == ["渠"]
    read = contexts_table(tokens_of(articles), articles, ["水", "渠"], 5, rows)
    pd.testing.assert_frame_equal(
        read, contexts_table(tokens_of(articles), articles, ["水", "渠"], 5, rows_of(articles))
    )


TEXT = st.text(st.sampled_from("水渠東長。\n 𠮷a"), max_size=60)
ARTICLES = st.lists(
    st.tuples(st.sampled_from("报刊"), st.sampled_from(["", "1", "2"]), TEXT.map(lambda t: t.replace("\n", "")), TEXT),
    max_size=8,
)


def pairs(text):
    """Words of two characters, so that some reach over the end of a title or a paragraph."""
    text = fold(text)
    return [text[i : i + 2] for i in range(0, len(text), 2)]


@settings(deadline=None, max_examples=150)
@given(ARTICLES, st.integers(1, 6), st.integers(0, 8))
def test_what_is_shown_stands_in_the_text(rows, per_source, width):
    articles = articles_of(*rows)
    tokens = tokens_of(articles, pairs)
    wanted = sorted(w for w in tokens.words if "\n" not in w)
    found = places(tokens, articles, wanted, per_source)
    table = with_text(found, rows_of(articles), width)
    by_id = articles.set_index("article_id")
    for row in table.itertuples():
        article = by_id.loc[row.article_id]
        assert fold(row.keyword) == row.word
        line = row.left + row.keyword + row.right
        assert line in article["title" if row.start < 0 else "text"]
        assert max(len(row.left), len(row.right)) <= width
        if row.start >= 0:
            assert article["text"][row.start : row.start + len(row.keyword)] == row.keyword
            assert article["text"][: row.start].endswith(row.left)
            assert row.document_start == row.start + 10
    assert not found.duplicated().any()
    sizes = found.groupby(["word", "source"]).size()
    assert (sizes <= per_source).all()
    owner = dict(zip(articles["article_id"], articles["source"], strict=True))
    for word in wanted:  # all are found where there are few
        for source in set(owner.values()):
            n = sum(pairs(whole_text(r.title, r.text)).count(word) for r in articles.itertuples() if r.source == source)
            assert sizes.get((word, source), 0) == min(n, per_source)
