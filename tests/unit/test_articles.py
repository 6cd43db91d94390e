"""The tables of documents, articles and furniture, and repeats among the articles."""

import pandas as pd
import pytest
from baokan.articles import (
    ARTICLE_TYPES,
    DOCUMENT_COLUMNS,
    FURNITURE_TYPES,
    SHORTEST_REPEAT,
    cut_documents,
    mark_repeats,
    quality,
    with_missing,
)
from baokan.reading import COLUMNS

STEPS = (
    "渡口的石阶一共四十二级，最下面的六级常年在水里，长着青苔。去年入冬以后水退下去，文化馆请了五个石匠，"
    "一级一级撬起来重新垫平，碎了的换新石头，旧石头堆在柳树底下。"
)
FERRY = (
    "渡船从立夏这天起改为每半个钟头一班，末班船晚上九点从对岸开。船工卢三春说，原来一个钟头一班，赶集的日子站得满满的。"
)
PAGE = f"第一版 要闻\n\n石阶修好了\n本报记者 方小满\n{STEPS}\n责任编辑：卢三春\n\n渡船改班\n本报记者 田有禾\n{FERRY}\n"


def documents(*rows):
    """A table of documents as the reading stage gives it; each row states what differs from a plain newspaper."""
    base = dict.fromkeys(COLUMNS, "") | {
        "source": "newspaper", "publication": "青杨日报", "issue": "2019-05-06", "date": "2019-05-06",
        "format": "txt", "encoding": "utf-8", "status": "ok", "n_chars": 0,
    }  # fmt: skip
    frame = [base | {"document_id": f"newspaper/{i}.txt"} | row for i, row in enumerate(rows)]
    frame = pd.DataFrame([row | {"n_chars": len(row["text"])} for row in frame], columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def test_articles_keep_the_lineage_of_their_document():
    table, articles, furniture = cut_documents(documents({"text": PAGE}), {})
    assert list(articles["article_id"]) == ["newspaper/0.txt:1", "newspaper/0.txt:2"]
    assert list(articles["position"]) == [1, 2]
    assert list(articles["title"]) == ["石阶修好了", "渡船改班"]
    for name in ("source", "publication", "issue", "date"):
        assert set(articles[name]) == {table[name].iloc[0]}
    assert articles["issue_id"].nunique() == 1
    assert list(articles["n_chars"]) == [len(STEPS), len(FERRY)]
    first = articles.iloc[0]
    assert "".join(PAGE[start:end] for start, end in first["spans"]) == f"石阶修好了\n本报记者 方小满\n{STEPS}"
    assert list(furniture["text"]) == ["第一版 要闻", "责任编辑：卢三春"]
    assert list(furniture["article_id"]) == ["", ""]
    row = table.iloc[0]
    assert (row["n_articles"], row["furniture_chars"], row["problem"]) == (2, len("第一版 要闻责任编辑：卢三春"), "")


def test_furniture_within_an_article_names_it():
    text = f"石阶修好了\n本报记者 方小满\n{STEPS}\n图为渡口的石阶。\n{FERRY}"
    _, articles, furniture = cut_documents(documents({"text": text}), {})
    assert list(furniture["article_id"]) == list(articles["article_id"]) == ["newspaper/0.txt:1"]


def test_repairs_are_counted_by_document():
    table, _, _ = cut_documents(documents({"text": f"石 阶\n本报记者 方小满\n{STEPS.replace('，', ',')}"}), {})
    assert (table["blanks_removed"].iloc[0], table["marks_widened"].iloc[0]) == (1, STEPS.count("，"))


def test_settings_reach_the_cutting():
    _, articles, _ = cut_documents(documents({"text": PAGE}), {"cut_articles": False})
    assert len(articles) == 1


def test_a_document_without_articles_is_kept_with_its_problem():
    rows = documents({"text": "第一版 要闻\n— 1 —"}, {"text": "", "status": "failed", "problem": "it cannot be read"})
    table, articles, furniture = cut_documents(rows, {})
    assert list(table["problem"]) == ["no article text was found, only page furniture", "it cannot be read"]
    assert list(table["n_articles"]) == [0, 0]
    assert len(articles) == 0
    assert len(furniture) == 2


def test_a_second_problem_is_added_to_the_first():
    table, _, _ = cut_documents(documents({"text": "— 1 —", "problem": "3 characters are damaged"}), {})
    assert table["problem"].iloc[0] == ("3 characters are damaged; no article text was found, only page furniture")


def test_a_record_with_a_title_is_one_article():
    _, articles, _ = cut_documents(documents({"text": f"{STEPS}\n\n渡船\n\n{FERRY}", "title": "两则"}), {})
    assert list(articles["title"]) == ["两则"]


def test_tables_have_their_columns_and_types_even_without_rows():
    table, articles, furniture = cut_documents(documents(), {})
    assert list(table.columns) == DOCUMENT_COLUMNS
    assert "text" not in table
    assert articles.dtypes.astype(str).to_dict() == ARTICLE_TYPES
    assert furniture.dtypes.astype(str).to_dict() == FURNITURE_TYPES


def test_progress_is_told_document_by_document():
    seen = []
    cut_documents(documents({"text": PAGE}, {"text": ""}), {}, seen.append)
    assert seen == [1, 2]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (STEPS, 1.0, 1.0),
        ("渡船叫 Long Ferry，35元一张（两人）。", 1.0, 1.0),
        ("", 0.0, 0.0),
        (" \n　", 0.0, 0.0),
        ("渡口\ufffd\ufffd的石阶", 0.6, 0.8),
        ("ÐÂ»ªÉç±±¾©", 0.0, 0.2),
    ],
)
def test_quality_is_the_share_of_what_belongs_in_print(text, low, high):
    assert low <= quality(text) <= high


def articles_of(*rows):
    """A table of articles from (source, date, text); the documents are numbered."""
    return pd.DataFrame(
        [
            {"article_id": f"{source}/{i}.txt:1", "document_id": f"{source}/{i}.txt", "position": 1}
            | {"source": source, "date": date, "text": text}
            for i, (source, date, text) in enumerate(rows)
        ]
    )


def test_a_repeat_in_the_same_source_names_the_first():
    marked = mark_repeats(
        articles_of(
            ("newspaper", "2019-05-07", STEPS),
            ("newspaper", "2019-05-06", STEPS.replace("，", " , ")),  # only the Chinese characters count
            ("newspaper", "2019-05-06", FERRY),
            ("newspaper", "", STEPS),  # undated: not the original
        )
    )
    assert list(marked["duplicate_of"]) == ["newspaper/1.txt:1", "", "", "newspaper/1.txt:1"]
    assert set(marked["reprint_group"]) == {""}


def test_a_text_in_several_sources_is_a_reprint_and_the_original_of_each():
    marked = mark_repeats(
        articles_of(
            ("newspaper", "2019-05-06", STEPS),
            ("gazette", "2019-05-07", STEPS),
            ("gazette", "2019-05-08", STEPS),
            ("gazette", "2019-05-08", FERRY),
        )
    )
    assert list(marked["duplicate_of"]) == ["", "", "gazette/1.txt:1", ""]
    (group,) = set(marked["reprint_group"]) - {""}
    assert list(marked["reprint_group"]) == [group, group, group, ""]


def test_equal_short_texts_are_no_repeats():
    phrase = "渡" * (SHORTEST_REPEAT - 1)
    assert set(mark_repeats(articles_of(*[("newspaper", "", phrase)] * 2))["duplicate_of"]) == {""}
    assert set(mark_repeats(articles_of(*[("newspaper", "", phrase + "口")] * 2))["duplicate_of"]) != {""}


def test_within_one_date_the_order_is_that_of_documents_and_positions():
    rows = articles_of(*[("newspaper", "2019-05-06", STEPS)] * 3)
    rows["document_id"] = "newspaper/0.txt"
    rows["position"] = [10, 2, 9]
    assert list(mark_repeats(rows)["duplicate_of"]) == ["newspaper/1.txt:1", "", "newspaper/1.txt:1"]


def test_marking_changes_no_other_column_and_not_its_argument():
    rows = articles_of(("newspaper", "2019-05-06", STEPS), ("newspaper", "2019-05-07", STEPS))
    before = rows.copy()
    marked = mark_repeats(rows)
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(marked[before.columns], before)
    assert list(marked.columns) == [*before.columns, "duplicate_of", "reprint_group"]


def test_no_articles_have_no_repeats():
    _, articles, _ = cut_documents(documents(), {})
    assert list(mark_repeats(articles).columns) == [*ARTICLE_TYPES, "duplicate_of", "reprint_group"]


def test_files_that_are_named_and_not_there_get_a_row():
    table, _, _ = cut_documents(documents({"text": PAGE}), {})
    assert with_missing(table, []) is table
    longer = with_missing(table, ["newspaper/9.txt"])
    pd.testing.assert_frame_equal(longer.iloc[:1], table)
    assert longer.dtypes.equals(table.dtypes)
    row = longer.iloc[1]
    assert (row["document_id"], row["status"], row["n_articles"]) == ("newspaper/9.txt", "missing", 0)
    assert row["problem"]
