"""The tables of documents, articles, furniture, doubts and corrections."""

import pandas as pd
from baokan.articles.cut import (
    ARTICLE_TYPES,
    CORRECTION_TYPES,
    DOCUMENT_COLUMNS,
    DOUBT_TYPES,
    FURNITURE_TYPES,
    cut_documents,
    with_missing,
)
from baokan.articles.offsets import document_offset, unflat
from baokan.corpus.corrections import APPLIED, Correction
from baokan.reading.rows import COLUMNS

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
        "format": "txt", "encoding": "utf-8", "status": "ok", "n_chars": 0, "marks": [], "page_starts": [],
    }  # fmt: skip
    frame = [base | {"document_id": f"newspaper/{i}.txt"} | row for i, row in enumerate(rows)]
    frame = pd.DataFrame([row | {"n_chars": len(row["text"])} for row in frame], columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def cut_tables(*rows):
    tables = cut_documents(documents(*rows), {})
    return tables["documents"], tables["articles"], tables["furniture"]


def test_articles_keep_the_lineage_of_their_document():
    table, articles, furniture = cut_tables({"text": PAGE})
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
    _, articles, furniture = cut_tables({"text": text})
    assert list(furniture["article_id"]) == list(articles["article_id"]) == ["newspaper/0.txt:1"]


def test_repairs_are_counted_by_document():
    table, *_ = cut_tables({"text": f"石 阶\n本报记者 方小满\n{STEPS.replace('，', ',')}"})
    assert (table["blanks_removed"].iloc[0], table["marks_widened"].iloc[0]) == (1, STEPS.count("，"))


def test_settings_reach_the_cutting():
    articles = cut_documents(documents({"text": PAGE}), {"cut_articles": False})["articles"]
    assert len(articles) == 1


def test_a_document_without_articles_is_kept_with_its_problem():
    failed = {"text": "", "status": "failed", "problem": "it cannot be read"}
    table, articles, furniture = cut_tables({"text": "第一版 要闻\n— 1 —"}, failed)
    assert list(table["problem"]) == ["no article text was found, only page furniture", "it cannot be read"]
    assert list(table["n_articles"]) == [0, 0]
    assert len(articles) == 0
    assert len(furniture) == 2


def test_a_second_problem_is_added_to_the_first():
    table, *_ = cut_tables({"text": "— 1 —", "problem": "3 characters are damaged"})
    assert table["problem"].iloc[0] == ("3 characters are damaged; no article text was found, only page furniture")


def test_a_record_with_a_title_is_one_article():
    _, articles, _ = cut_tables({"text": f"{STEPS}\n\n渡船\n\n{FERRY}", "title": "两则"})
    assert list(articles["title"]) == ["两则"]


def test_tables_have_their_columns_and_types_even_without_rows():
    tables = cut_documents(documents(), {})
    assert list(tables["documents"].columns) == DOCUMENT_COLUMNS
    assert "text" not in tables["documents"]
    types = {
        "articles": ARTICLE_TYPES, "furniture": FURNITURE_TYPES, "doubts": DOUBT_TYPES, "corrections": CORRECTION_TYPES,
    }  # fmt: skip
    assert {name: tables[name].dtypes.astype(str).to_dict() for name in types} == types


def test_progress_is_told_document_by_document():
    seen = []
    cut_documents(documents({"text": PAGE}, {"text": ""}), {}, progress=seen.append)
    assert seen == [1, 2]


def test_the_text_of_an_article_leads_back_to_the_file():
    text = f"石阶修好了\n本报记者 方小满\n{STEPS[:60]}\n图为渡口的石阶。\n{STEPS[60:]}".replace("，", ",")
    (article,) = cut_tables({"text": text})[1].itertuples()
    place = article.text.index("石匠，")
    assert article.text[place:].startswith("石匠，一级一级")
    runs = unflat(article.offset_map)
    there = "".join(text[document_offset(runs, i)] for i in range(place, place + 10))
    assert there.replace(",", "，") == article.text[place : place + 10]
    assert [text[origin : origin + length] for _, origin, length in runs] == [
        STEPS[:60].replace("，", ","),
        STEPS[60:].replace("，", ","),
    ]


def test_an_article_knows_its_page():
    text = f"石阶修好了\n本报记者 方小满\n{STEPS}\n\n渡船改班\n本报记者 田有禾\n{FERRY}\n"
    _, articles, _ = cut_tables({"text": text, "page_starts": [0, text.index("渡船改班")]})
    assert list(articles["page"]) == [1, 2]
    assert cut_tables({"text": text})[1]["page"].tolist() == [0, 0]


def test_what_is_doubted_is_in_a_table_with_its_place_and_its_article():
    text = f"{STEPS}\n{FERRY}修桥 and 修路，修船 of 渡口\n".replace("满满的。", "满满的，")
    tables = cut_documents(documents({"text": text}), {})
    doubts = tables["doubts"]
    assert list(doubts["kind"]) == ["breaks off", "no headline", "slip repaired", "slip left"]
    assert set(doubts["article_id"]) == {"newspaper/0.txt:1"}
    assert [text[d.start : d.end].strip() for d in doubts.itertuples()][2:] == ["and", "of"]
    assert tables["documents"]["n_doubts"].tolist() == [4]
    assert "修桥和修路，修船 of 渡口" in tables["articles"]["text"].iloc[0]


def test_a_signed_and_dated_document_does_not_break_off():
    text = f"关于修渡口石阶的通知\n青政发〔2019〕8号\n{STEPS}\n青杨镇人民政府\n2019年5月6日\n"
    assert cut_documents(documents({"text": text}), {})["doubts"].empty


def test_corrections_reach_their_document_and_the_others_are_reported():
    rows = [
        Correction("newspaper/0.txt", "渡船改班", "title", "渡船", 3),
        Correction("newspaper/9.txt", "", "drop", "", 2),
        Correction("newspaper/0.txt", "无", "drop", "", 4),
    ]
    tables = cut_documents(documents({"text": PAGE}), {}, rows)
    assert tables["articles"]["title"].tolist() == ["石阶修好了", "渡船"]
    outcomes = tables["corrections"]
    assert outcomes["row"].tolist() == [2, 3, 4]
    assert outcomes["outcome"].tolist() == [
        "does not apply: there is no such document",
        APPLIED,
        "does not apply: no article has the title or begins with “无”",
    ]


def test_a_document_is_as_legible_as_its_articles():
    table, articles, _ = cut_tables({"text": PAGE})
    expected = (articles["in_words"] * articles["n_chars"]).sum() / articles["n_chars"].sum()
    assert abs(table["in_words"].iloc[0] - expected) < 1e-12
    assert 0.4 < table["in_words"].iloc[0] < 1


def test_files_that_are_named_and_not_there_get_a_row():
    table, *_ = cut_tables({"text": PAGE})
    assert with_missing(table, []) is table
    longer = with_missing(table, ["newspaper/9.txt"])
    pd.testing.assert_frame_equal(longer.iloc[:1], table)
    assert longer.dtypes.equals(table.dtypes)
    row = longer.iloc[1]
    assert (row["document_id"], row["status"], row["n_articles"]) == ("newspaper/9.txt", "missing", 0)
    assert row["problem"]
