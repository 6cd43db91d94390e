"""A person's corrections of the cut: made, kept, and reported where they no longer apply."""

import pytest
from baokan.articles.document import cut
from baokan.corpus.corrections import APPLIED, Correction, read_corrections
from baokan.corpus.listing import CorpusError

STEPS = "渡口的石阶一共四十二级，最下面的六级常年在水里，长着青苔。去年入冬以后水退下去，石匠一级一级撬起来重新垫平。"
FERRY = "渡船每半个钟头一班，早上六点开，晚上七点收。赶集的日子码头上站得满满的，有人等不及，绕十里路走桥。"
SCHOOL = "河街小学的操场边上有一棵老槐树，树龄比学校还长。开学第一天，校长领着新生围着树走了一圈。"
PAGE = f"四十二级石阶修好了\n本报记者 方小满\n{STEPS}\n{FERRY}\n\n老槐树下开学\n本报记者 田有禾\n{SCHOOL}\n"


def corrected(*rows, text=PAGE, **options):
    """The articles and outcomes of `text` under corrections of (article, action, value)."""
    rows = [Correction("p.txt", *row, number) for number, row in enumerate(rows, 2)]
    result = cut(text, "2019-05-06", corrections=rows, **options)
    pieces = [(s, e) for a in result.articles for s, e in a["spans"]] + [
        (f["start"], f["end"]) for f in result.furniture
    ]
    covered = sorted(i for s, e in pieces for i in range(s, e) if not text[i].isspace())
    assert covered == [i for i, c in enumerate(text) if not c.isspace()]  # whatever is moved, nothing is lost or twice
    return result.articles, result.outcomes


def titles(articles):
    return [a["title"] for a in articles]


def test_the_page_without_corrections():
    articles, outcomes = corrected()
    assert titles(articles) == ["四十二级石阶修好了", "老槐树下开学"]
    assert outcomes == []


def test_fields_are_replaced():
    articles, outcomes = corrected(
        ("四十二级石阶修好了", "title", "石阶四十二级"),
        ("四十二级石阶修好了", "date", "2019-05-01"),
        ("老槐树", "byline", "田有禾"),
        ("老槐树", "kind", "letter"),
    )
    assert outcomes == [APPLIED] * 4
    assert [(a["title"], a["byline"], a["date"], a["kind"]) for a in articles] == [
        ("石阶四十二级", "本报记者 方小满", "2019-05-01", "article"),
        ("老槐树下开学", "田有禾", "2019-05-06", "letter"),
    ]


def test_an_article_is_split_where_the_words_say_even_within_a_paragraph():
    articles, outcomes = corrected(("四十二级石阶修好了", "split", "渡船每半个钟头一班"))
    assert outcomes == [APPLIED]
    assert [a["text"] for a in articles] == [STEPS, FERRY, SCHOOL]
    articles, outcomes = corrected(("四十二级石阶", "split", "赶集的日子码头上"))
    assert outcomes == [APPLIED]
    assert [a["text"] for a in articles][1] == FERRY[FERRY.index("赶集") :]


def test_a_headline_found_within_an_article_becomes_the_title_of_the_part_that_is_split_off():
    page = f"四十二级石阶修好了\n本报记者 方小满\n{STEPS}\n渡船改班\n{FERRY}\n"
    assert titles(corrected(text=page)[0]) == ["四十二级石阶修好了"]
    articles, outcomes = corrected(("四十二级石阶修好了", "split", "渡船改班"), text=page)
    assert outcomes == [APPLIED]
    assert [(a["title"], a["text"]) for a in articles] == [("四十二级石阶修好了", STEPS), ("渡船改班", FERRY)]


def test_words_that_stand_in_the_contents_too_are_meant_where_they_are_text():
    page = f"目录\n渡船改了班……3\n老槐树下……4\n\n四十二级石阶修好了\n本报记者 方小满\n{STEPS}\n渡船改了班\n{FERRY}\n"
    articles, outcomes = corrected(("四十二级石阶修好了", "split", "渡船改了班"), text=page)
    assert outcomes == [APPLIED]
    assert titles(articles) == ["四十二级石阶修好了", "渡船改了班"]


def test_two_articles_become_one_and_the_second_headline_a_heading():
    (article,), outcomes = corrected(("四十二级石阶修好了", "merge", "老槐树下开学"))
    assert outcomes == [APPLIED]
    assert article["title"] == "四十二级石阶修好了"
    assert article["text"] == f"{STEPS}\n{FERRY}\n老槐树下开学\n{SCHOOL}"


def test_boundaries_move_both_ways():
    articles, outcomes = corrected(("老槐树下开学", "begins", "渡船每半个钟头一班"))
    assert outcomes == [APPLIED]
    assert [a["text"] for a in articles] == [STEPS, f"{FERRY}\n{SCHOOL}"]
    articles, outcomes = corrected(("四十二级石阶修好了", "ends", "重新垫平"))
    assert outcomes == [APPLIED]
    assert [a["text"] for a in articles] == [STEPS, f"{FERRY}\n{SCHOOL}"]
    articles, outcomes = corrected(("四十二级石阶修好了", "ends", "树龄比学校还长"))
    assert outcomes == [APPLIED]
    assert articles[0]["text"].endswith("还长。")
    assert articles[1]["text"].startswith("开学第一天")


def test_what_is_dropped_or_called_furniture_is_furniture_and_the_other_way_round():
    articles, outcomes = corrected(("老槐树下开学", "drop", ""))
    assert (titles(articles), outcomes) == (["四十二级石阶修好了"], [APPLIED])
    articles, outcomes = corrected(("", "furniture", "渡船每半个钟头一班"))
    assert (articles[0]["text"], outcomes) == (STEPS, [APPLIED])
    page = f"四十二级石阶修好了\n\n{STEPS}\n责任编辑：卢三春\n"
    assert "卢三春" not in cut(page).articles[0]["text"]
    articles, outcomes = corrected(("", "text", "责任编辑卢三春"), text=page)
    assert articles[0]["text"].endswith("责任编辑：卢三春")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("没有这一篇", "title", "石阶"), "no article has the title or begins with “没有这一篇”"),
        (("", "title", "石阶"), "2 articles are meant"),
        (("四十二级石阶修好了", "split", "从来没有写过的话"), "stand nowhere in the document"),
        (("四十二级石阶修好了", "split", "本报记者"), "more than once"),
        (("四十二级石阶修好了", "split", "开学第一天"), "not in the text of that article"),
        (("老槐树下开学", "merge", "老槐树"), "both are the same article"),
    ],
)
def test_a_correction_that_does_not_apply_says_why_and_changes_nothing(row, reason):
    articles, (outcome,) = corrected(row)
    assert outcome.startswith("does not apply: ")
    assert reason in outcome
    assert [a["text"] for a in articles] == [a["text"] for a in cut(PAGE, "2019-05-06").articles]


def test_words_are_found_through_line_breaks_blanks_and_marks():
    page = PAGE.replace("赶集的日子", "赶 集\n的日子").replace("，", ",")
    articles, outcomes = corrected(("四十二级石阶修好了", "split", "赶集的日子码头上站得满满的，有人"), text=page)
    assert outcomes == [APPLIED]
    assert len(articles) == 3


def test_a_record_may_be_named_without_words():
    articles, outcomes = corrected(("", "title", "石阶"), text=STEPS, title="石阶修好")
    assert (titles(articles), outcomes) == (["石阶"], [APPLIED])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("document\taction\na.txt\tremove\n", "row 2: unknown action 'remove'. Allowed actions: title, byline, date"),
        ("document\taction\tvalue\na.txt\tdate\t5月6日\n", "row 2: the date '5月6日' is not understood"),
        ("document\taction\tvalue\na.txt\tkind\tpoem\n", "unknown kind 'poem'. Allowed kinds: article, dispatch"),
        ("document\taction\na.txt\tsplit\n", "row 2: the action split needs a value"),
        ("document\taction\n\tdrop\n", "row 2: the document is empty"),
        ("document\tdo\na.txt\tdrop\n", "unknown column do"),
        ("document\tvalue\na.txt\tx\n", "the column action is missing"),
    ],
)
def test_a_table_that_could_be_misread_stops_the_run(tmp_path, table, message):
    (tmp_path / "corrections.tsv").write_text(table, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"corrections\.tsv") as error:
        read_corrections(tmp_path)
    assert message in str(error.value)


def test_no_table_no_corrections_and_rows_keep_their_number(tmp_path):
    assert read_corrections(tmp_path) == []
    table = "document\tarticle\taction\tvalue\tnote\n\na.txt\t石阶\ttitle\t石阶修好\tseen in the print\n"
    (tmp_path / "corrections.tsv").write_text(table, encoding="utf-8")
    assert read_corrections(tmp_path) == [Correction("a.txt", "石阶", "title", "石阶修好", 3)]
