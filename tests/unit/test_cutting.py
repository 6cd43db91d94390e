"""Cutting: the layouts of the press, what holds for any text, and the sample with its known boundaries."""

import csv
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from baokan.articles.document import cut
from baokan.articles.lines import BLANKS
from baokan.decoding import decode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
REAL = ROOT.parent / "shared" / "seeds"  # real press files that are not published with the project

# Sentences of an invented town's paper, long enough to be prose.
STEPS = (
    "渡口的石阶一共四十二级，最下面的六级常年在水里，长着青苔。去年入冬以后水退下去，文化馆请了五个石匠，"
    "一级一级撬起来重新垫平，碎了的换新石头，旧石头堆在柳树底下。"
)
FERRY = (
    "渡船从立夏这天起改为每半个钟头一班，末班船晚上九点从对岸开。船工卢三春说，原来一个钟头一班，赶集的日子码头上"
    "站得满满的，有人等不及，绕十里路走桥。"
)
SCHOOL = (
    "河街小学的操场边上有一棵老槐树，树龄比学校还长。开学第一天，校长领着新生围着树走了一圈，告诉他们夏天在树下"
    "可以上课，冬天不许折枝，掉下来的枝子要交到门房去。"
)


def titles(text, **options):
    return [article["title"] for article in cut(text, "2019-05-06", **options)[0]]


def one(text, **options):
    (article,) = cut(text, "2019-05-06", **options)[0]
    return article


def wrapped(text, size=20, indent="　　"):
    first = size - len(indent)
    return "\n".join([indent + text[:first], *(text[i : i + size] for i in range(first, len(text), size))])


def check_conservation(text, articles, pieces):
    """Every character that is no blank is in one article or one piece of furniture, and spans are in order."""
    covers = [0] * len(text)
    for article in articles:
        spans = article["spans"]
        assert article["start"] == spans[0][0]
        assert article["end"] == spans[-1][1]
        assert all(start < end for start, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert [a["start"] for a in articles] == sorted(a["start"] for a in articles)
    ranges = [span for article in articles for span in article["spans"]]
    ranges += [(piece["start"], piece["end"]) for piece in pieces]
    for start, end in ranges:
        for i in range(start, end):
            covers[i] += 1
    assert max(covers, default=0) <= 1
    assert [c for c, n in zip(text, covers, strict=True) if not n and c not in BLANKS] == []
    for piece in pieces:
        assert -1 <= piece["article"] < len(articles)
        if piece["article"] >= 0:
            owner = articles[piece["article"]]
            assert owner["start"] <= piece["start"] < owner["end"]


# Layouts


def test_a_newspaper_page_in_columns():
    text = "\n".join(
        [
            "青杨日报",
            "2019年5月6日 星期一",
            "第一版 要闻",
            "",
            "四十二级石阶修好了",
            "本报记者 方小满",
            wrapped(STEPS),
            wrapped(FERRY),
            "",
            "渡船半个钟头一班",
            wrapped("本报讯（记者 田有禾）" + FERRY),
            "责任编辑：卢三春",
        ]
    )
    articles, pieces, repairs, *_ = cut(text, "2019-05-06")
    first, second = articles
    assert (first["title"], first["byline"], first["kind"]) == ("四十二级石阶修好了", "本报记者 方小满", "article")
    assert first["text"] == f"{STEPS}\n{FERRY}"
    assert (second["title"], second["dateline"], second["kind"]) == ("渡船半个钟头一班", "本报讯", "dispatch")
    assert [p["kind"] for p in pieces] == ["masthead", "masthead", "page_mark", "credits"]
    texts = (STEPS, FERRY, second["text"])
    assert repairs["lines_joined"] == sum(wrapped(paragraph).count("\n") for paragraph in texts)
    check_conservation(text, articles, pieces)


@pytest.mark.parametrize("spaced", [False, True])
def test_columns_without_indents_and_a_blank_line_after_every_line(spaced):
    lines = ["四十二级石阶修好了", "本报记者 方小满", wrapped(STEPS, indent=""), wrapped(SCHOOL, indent="")]
    text = "\n".join(lines)
    article = one(text.replace("\n", "\n\n") if spaced else text)
    assert article["title"] == "四十二级石阶修好了"
    assert article["text"].replace("\n", "") == STEPS + SCHOOL


def test_a_paragraph_per_line_with_a_page_break_within_a_sentence():
    text = "\n\n".join(["四十二级石阶修好了", "文／方小满", STEPS, FERRY[:40], FERRY[40:], SCHOOL])
    article = one(text)
    assert article["byline"] == "文／方小满"
    assert article["text"] == f"{STEPS}\n{FERRY}\n{SCHOOL}"


def test_a_caption_in_the_middle_of_an_article_parts_its_span_and_not_its_paragraph():
    head, tail = wrapped(STEPS).rsplit("\n", 2)[0], "\n".join(wrapped(STEPS).rsplit("\n", 2)[1:])
    caption = "图为石匠在渡口垫石阶。方小满摄"
    text = f"四十二级石阶修好了\n本报记者 方小满\n{head}\n{caption}\n{tail}\n{wrapped(FERRY)}"
    (article,), (piece,), *_ = cut(text)
    assert article["text"] == f"{STEPS}\n{FERRY}"
    assert len(article["spans"]) == 2
    assert (text[piece["start"] : piece["end"]], piece["kind"], piece["article"]) == (caption, "caption", 0)


def test_an_unmarked_caption_where_a_page_broke_a_sentence():
    text = "\n\n".join(["四十二级石阶修好了", "■ 方小满", STEPS, FERRY[:50], "\n河街的傍晚", FERRY[50:] + SCHOOL])
    (article,), (piece,), *_ = cut(text)
    assert article["text"] == f"{STEPS}\n{FERRY}{SCHOOL}"
    assert piece["kind"] == "caption"


def test_a_caption_between_an_article_and_the_page_mark_is_in_neither_article():
    text = f"""四十二级石阶修好了
文／方小满
{STEPS}

{FERRY}


修好的石阶，水退到第四十级
— 12 —

槐树下的操场
文／田有禾
{SCHOOL}
"""
    articles, pieces, *_ = cut(text)
    assert [a["title"] for a in articles] == ["四十二级石阶修好了", "槐树下的操场"]
    assert [p["kind"] for p in pieces] == ["loose", "page_mark"]


def test_a_jump_line_is_joined_to_its_start():
    text = f"""第一版 要闻

四十二级石阶修好了
本报记者 方小满
{STEPS}
（下转第二版）

渡船半个钟头一班
本报记者 田有禾
{FERRY}

第二版 综合
（上接第一版）
{SCHOOL}
"""
    articles, pieces, *_ = cut(text)
    assert [a["title"] for a in articles] == ["四十二级石阶修好了", "渡船半个钟头一班"]
    assert articles[0]["text"] == f"{STEPS}\n{SCHOOL}"
    assert len(articles[0]["spans"]) == 2
    assert {"jump_to", "jump_from"} <= {p["kind"] for p in pieces}
    check_conservation(text, articles, pieces)


def test_a_jump_within_the_text_finds_the_article_whose_headline_is_repeated():
    text = f"""四十二级石阶修好了
本报记者 方小满
{STEPS}（下转第三版）

渡船半个钟头一班
本报记者 田有禾
{FERRY}（下转第三版）

第三版 综合

渡船半个钟头一班

（上接第一版）{SCHOOL}
"""
    first, second = cut(text)[0]
    assert first["text"] == STEPS
    assert (second["title"], second["text"]) == ("渡船半个钟头一班", f"{FERRY}\n{SCHOOL}")
    assert [text[a:b] for a, b in second["spans"]] == [
        "渡船半个钟头一班\n本报记者 田有禾\n" + FERRY,
        "渡船半个钟头一班",
        SCHOOL,
    ]


def test_a_continuation_without_its_start_is_an_article_of_its_own():
    text = f"四十二级石阶修好了\n本报记者 方小满\n{STEPS}\n\n（上接第一版）{SCHOOL}"
    articles = cut(text)[0]
    assert [(a["title"], a["text"]) for a in articles] == [("四十二级石阶修好了", STEPS), ("", SCHOOL)]


def test_headlines_below_their_dispatches():
    # Without spaces between the columns: text, then its headline, then the next text.
    text = "\n\n".join(
        [
            wrapped(f"本报青杨5月5日讯（记者 方小满）{STEPS}", indent=""),
            "四十二级石阶修好了",
            wrapped(f"本报青杨5月5日讯（记者 田有禾）{FERRY}", indent=""),
            "渡船半个钟头一班",
        ]
    )
    first, second = cut(text, "2019-05-06")[0]
    assert (first["title"], first["dateline"], first["date"]) == (
        "四十二级石阶修好了",
        "本报青杨5月5日讯",
        "2019-05-05",
    )
    assert second["title"] == "渡船半个钟头一班"


def test_a_page_that_begins_with_the_rest_of_an_article_keeps_headlines_with_the_text_below():
    text = "\n\n".join(
        [FERRY, "（新华社青杨5月5日电）", "四十二级石阶修好了", STEPS, "（来源：河街）", "操场边的老槐树", SCHOOL]
    )
    assert titles(text) == ["", "四十二级石阶修好了", "操场边的老槐树"]
    assert cut(text)[0][1]["text"].startswith(STEPS)


def test_a_page_that_begins_with_text_and_has_headlines_below():
    text = "\n\n".join(
        [STEPS, "（新华社青杨5月5日电）", "四十二级石阶修好了", f"新华社河街5月5日电 {FERRY}", "渡船半个钟头一班"]
    )
    assert titles(text) == ["四十二级石阶修好了", "渡船半个钟头一班"]


def test_spaced_headlines_and_half_width_marks():
    text = f"修 好 石 阶 方 便 两 岸\n本报记者 方 小 满\n{STEPS.replace('，', ',')}\n他们问:“好走吗?”答:“好走!”"
    article = one(text)
    assert article["title"] == "修好石阶方便两岸"
    assert article["text"] == f"{STEPS}\n他们问：“好走吗？”答：“好走！”"


def test_repairs_are_counted_and_can_be_turned_off():
    text = f"修 好 石 阶\n本报记者 方小满\n{STEPS[:60]}\n\n{STEPS[60:]}".replace("，", ",")
    off = {"join_wrapped_lines": False, "remove_spacing": False, "full_width_marks": False}
    articles, _, repairs, *_ = cut(text, settings=off)
    assert set(repairs.values()) == {0}
    assert articles[0]["title"] == "修 好 石 阶"
    assert articles[0]["text"].count("\n") == 1
    (article,), _, repairs, *_ = cut(text)
    made = {"lines_joined": 1, "blanks_removed": 3, "marks_widened": STEPS.count("，")}
    assert {name: count for name, count in repairs.items() if count} == made
    assert article["text"] == STEPS


def test_traditional_characters():
    text = "\n".join(
        [
            "第二版 綜合",
            "",
            "四十二級石階修好了",
            "本報記者 方小滿",
            "渡口的石階一共四十二級，最下面的六級常年在水裏，長着青苔。去年入冬以後水退下去，請了五個石匠。",
            "責任編輯：盧三春",
            "",
            "渡船半個鐘頭一班",
            "本報訊（記者 田有禾）渡船從立夏這天起改爲每半個鐘頭一班，末班船晚上九點從對岸開。",
        ]
    )
    articles, pieces, *_ = cut(text)
    assert [(a["title"], a["byline"], a["dateline"]) for a in articles] == [
        ("四十二級石階修好了", "本報記者 方小滿", ""),
        ("渡船半個鐘頭一班", "", "本报讯"),
    ]
    assert [p["kind"] for p in pieces] == ["page_mark", "credits"]


def test_documents_with_a_number_and_a_dated_signature():
    text = f"""青杨县公报
2019年第5期

关于修缮渡口石阶的通知
青政发〔2019〕8号
各乡镇人民政府：
　　{STEPS}
　　一、水位高于三米不施工。
　　二、条石一律顺纹。
青杨县人民政府
2019年5月6日

关于渡船改班的通知
青政发〔2019〕9号
各乡镇人民政府：
　　{FERRY}
青杨县人民政府
2019年5月7日
"""
    articles, pieces, *_ = cut(text)
    assert [(a["title"], a["kind"]) for a in articles] == [
        ("关于修缮渡口石阶的通知", "document"),
        ("关于渡船改班的通知", "document"),
    ]
    assert articles[0]["text"].endswith("二、条石一律顺纹。\n青杨县人民政府\n2019年5月6日")
    assert [p["kind"] for p in pieces] == ["masthead", "masthead"]


def test_a_speech_with_its_day_and_speaker():
    article = one(f"在渡口石阶完工时的讲话\n\n（2019年5月6日）\n方小满\n\n各位乡亲：\n\n{STEPS}")
    assert (article["title"], article["byline"]) == ("在渡口石阶完工时的讲话", "（2019年5月6日）；方小满")


def test_a_contents_page_is_no_article():
    text = f"""河街月刊
2019·5
目录
四十二级石阶（河街）……3
操场边的老槐树（校园）……11
渡船改班以后（水上）……20

四十二级石阶
文／方小满
{STEPS}
"""
    articles, pieces, *_ = cut(text)
    assert [a["title"] for a in articles] == ["四十二级石阶"]
    assert [p["kind"] for p in pieces].count("contents") == 4


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("本报记者 方小满", "本报记者 方小满"),
        ("□ 方小满", "方小满"),
        ("■ 青杨县文化馆", "青杨县文化馆"),
        ("○ 新华社记者", "新华社记者"),
        ("文／方小满", "文／方小满"),
        ("整理：方小满", "整理：方小满"),
        ("本报通讯员 方小满 田有禾", "本报通讯员 方小满 田有禾"),
        ("本报评论员", "本报评论员"),
        ("本报记者 方小满 文／摄", "本报记者 方小满 文／摄"),
        ("方小满", "方小满"),
        ("田 禾", "田禾"),
    ],
)
def test_byline_forms(line, byline):
    article = one(f"四十二级石阶修好了\n{line}\n{STEPS}\n{FERRY}")
    assert (article["title"], article["byline"]) == ("四十二级石阶修好了", byline)
    assert article["text"] == f"{STEPS}\n{FERRY}"


def test_a_byline_below_its_article():
    text = f"四十二级石阶修好了\n\n{STEPS}\n\n{FERRY}\n\n本报记者 方小满\n\n\n\n槐树下的操场\n\n{SCHOOL}"
    articles = cut(text)[0]
    assert [(a["title"], a["byline"]) for a in articles] == [
        ("四十二级石阶修好了", "本报记者 方小满"),
        ("槐树下的操场", ""),
    ]


def test_a_bylined_article_whose_headline_was_lost_begins_after_the_editors():
    text = f"四十二级石阶修好了\n■ 方小满\n{STEPS}\n责任编辑：卢三春\n■ 田有禾\n{SCHOOL}"
    assert [(a["title"], a["byline"]) for a in cut(text)[0]] == [("四十二级石阶修好了", "方小满"), ("", "田有禾")]


def test_bullets_are_no_bylines():
    text = "\n\n".join(["渡口大事", "本报记者 方小满", STEPS, "●石阶", STEPS, "●渡船", FERRY, "●学校", SCHOOL])
    article = one(text)
    assert article["byline"] == "本报记者 方小满"
    assert "●渡船" in article["text"]


@pytest.mark.parametrize("subhead", ["修前先量水位", "一、量水位", "（二）换条石", "“下去容易上来难”"])
def test_subheads_begin_no_article(subhead):
    text = f"四十二级石阶修好了\n本报记者 方小满\n{wrapped(STEPS)}\n{subhead}\n{wrapped(FERRY)}\n{wrapped(SCHOOL)}"
    article = one(text)
    assert subhead in article["text"]


def test_subheads_in_a_paragraph_per_line_begin_no_article():
    rows = ["四十二级石阶修好了", "本报记者 方小满", STEPS, "先量水位", FERRY, "再换条石", SCHOOL]
    assert titles("\n\n".join(rows)) == ["四十二级石阶修好了"]


def test_a_subtitle_stays_with_the_text():
    article = one(f"四十二级石阶\n——一个冬天的修缮\n本报记者 方小满\n{STEPS}")
    assert (article["title"], article["text"]) == ("四十二级石阶", f"——一个冬天的修缮\n{STEPS}")


def test_a_letter():
    articles = cut(f"四十二级石阶\n本报记者 方小满\n{STEPS}\n\n能不能加一班渡船\n编辑同志：\n{FERRY}\n读者 田有禾")[0]
    assert [(a["title"], a["kind"]) for a in articles] == [("四十二级石阶", "article"), ("能不能加一班渡船", "letter")]


def test_a_headline_that_points_to_another_page_is_furniture():
    text = f"四十二级石阶修好了\n本报记者 方小满\n{STEPS}\n（来源：河街）\n\n\n操场边的老槐树\n\nA05"
    articles, pieces, *_ = cut(text)
    assert [a["title"] for a in articles] == ["四十二级石阶修好了"]
    assert [p["kind"] for p in pieces] == ["teaser", "page_mark"]


def test_a_file_of_nothing_but_headlines_is_still_an_article():
    assert titles("四十二级石阶修好了") == ["四十二级石阶修好了"]


def test_a_wrapped_line_that_begins_like_furniture_is_text():
    # "启事" begins a notice, but here it begins a line within a paragraph.
    lines = [
        "　　石匠老卢在柳树上贴了一张招人的",
        "启事，写明每天管两顿饭，工钱按级数",
        "算，修完一级算一级。第二天就来了七",
        "个人，他挑了四个。",
    ]
    article = one("\n".join(["四十二级石阶修好了", "本报记者 方小满", *lines]))
    assert article["text"] == "".join(lines).strip()


def test_a_paragraph_that_begins_like_furniture_is_text():
    lines = ["　　征集旧石头的消息传开以后，下游几", "个村子都有人送来，有的还带着字。"]
    article = one("\n".join(["四十二级石阶修好了", "本报记者 方小满", wrapped(STEPS, 18), *lines]))
    assert article["text"] == f"{STEPS}\n{''.join(lines).strip()}"


def test_a_record_with_a_title_is_one_article():
    text = f"本报讯 {STEPS}\n\n槐树下的操场\n本报记者 田有禾\n{SCHOOL}"
    article = one(text, title="两则")
    assert article["title"] == "两则"
    assert "槐树下的操场" in article["text"]


def test_a_file_is_one_article_where_cutting_is_off():
    text = f"四十二级石阶修好了\n本报记者 方小满\n{STEPS}\n\n槐树下的操场\n本报记者 田有禾\n{SCHOOL}\n责任编辑：卢三春"
    (article,), (piece,), *_ = cut(text, settings={"cut_articles": False})
    assert SCHOOL in article["text"]
    assert piece["kind"] == "credits"


@pytest.mark.parametrize(
    ("dateline", "date", "expected"),
    [
        ("本报青杨5月5日讯", "2019-05-06", "2019-05-05"),
        ("本报青杨12月31日讯", "2019-01-02", "2018-12-31"),
        ("本报青杨5月5日讯", "2019", "2019-05-05"),
        ("本报青杨5月5日讯", "", ""),
        ("本报青杨2月30日讯", "2019-03-01", "2019-03-01"),
        ("本报青杨5月5日讯", "民国八年", "民国八年"),
        ("本报讯", "2019-05-06", "2019-05-06"),
    ],
)
def test_the_day_of_a_dateline(dateline, date, expected):
    ((article,), *_) = cut(f"石阶修好了\n{dateline}（记者 方小满）{STEPS}", date)
    assert (article["dateline"], article["date"]) == (dateline, expected)


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff", "— 12 —", "\ud800", "\x00", "青杨日报\n第一版 要闻"])
def test_texts_without_articles_or_of_odd_characters(text):
    articles, pieces, *_ = cut(text)
    check_conservation(text, articles, pieces)


# What holds for any text

PIECES = [
    *["\n", "\n\n", "\n\n\n\n", "　　", " ", "\x0c", "\r", "\u2028", "\ufeff", "\ud800", "\x00"],
    *[STEPS, FERRY[:20], SCHOOL[:33], "石阶", "修好了石阶", "修 好 石 阶", "。", "，", "：", "”", "■", "a1", "2019.5"],
    *["本报讯", "本报青杨5月5日讯", "（新华社青杨5月5日电）", "本报记者 方小满", "■ 方小满", "●石阶", "——副题"],
    *[
        "第二版",
        "— 4 —",
        "12",
        "B06",
        "图为石阶",
        "方小满 / 摄",
        "责任编辑：卢三春",
        "【河街】",
        "地址：河街",
        "青杨日报",
    ],
    *[
        "下转第二版",
        "（下转第3版）",
        "（上接第一版）",
        "上接第一版",
        "目录",
        "石阶……3",
        "4 渡船",
        "9 槐树",
        "20 操场",
        "35 河街",
    ],
    *[
        "青政发〔2019〕8号",
        "2019年5月6日",
        "（2019年5月6日）",
        "一、",
        "问：",
        "编辑同志：",
        "2019年第5期",
        "（来源：河街）",
    ],
]
MADE_UP = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
OPTIONS = st.fixed_dictionaries({}, optional={k: st.booleans() for k in ("cut_articles", "join_wrapped_lines")})


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(MADE_UP | st.text(max_size=200), st.sampled_from(["", "", "两则"]), OPTIONS)
def test_nothing_is_lost_and_nothing_is_twice(text, title, options):
    articles, pieces, repairs, *_ = cut(text, "2019-01-06", title, options)
    check_conservation(text, articles, pieces)
    assert min(repairs.values()) >= 0


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(MADE_UP)
def test_no_line_of_furniture_is_in_an_article(text):
    articles, pieces, *_ = cut(text, settings={"join_wrapped_lines": False})
    lines = [line.strip(BLANKS) for line in text.split("\n")]
    in_articles = {line for article in articles for line in article["text"].split("\n")}
    for piece in pieces:
        line = text[piece["start"] : piece["end"]]
        assert line not in in_articles or lines.count(line) > 1


# What the file's format says


def marked(*blocks):
    """(text, marks) of blocks (kind, text), a blank line between them; kind "" is text."""
    text, marks = "", []
    for kind, block in blocks:
        if kind:
            marks.append({"start": len(text), "end": len(text) + len(block), "kind": kind})
        text += block + "\n\n"
    return text, marks


def test_headings_of_the_topmost_level_that_is_repeated_begin_articles():
    text, marks = marked(
        ("heading1", "河街上的事情"), ("heading2", "石阶"), ("", STEPS), ("heading3", "凿石头"), ("", STEPS),
        ("heading2", "渡船今年从立夏这天起改为每半个钟头一班，末班船晚上九点从对岸开出，请大家互相转告"), ("", FERRY),
    )  # fmt: skip
    articles, furniture, *_ = cut(text, marks=marks)
    assert [(f["kind"], text[f["start"] : f["end"]]) for f in furniture] == [("masthead", "河街上的事情")]
    assert [a["title"] for a in articles] == ["石阶", text[marks[3]["start"] : marks[3]["end"]]]
    assert articles[0]["text"] == f"{STEPS}\n凿石头\n{STEPS}"


def test_a_page_of_one_article_is_not_cut_at_its_sections():
    text, marks = marked(
        ("heading1", "石阶修好了"),
        ("", STEPS),
        ("heading2", "凿石头"),
        ("", FERRY),
        ("heading2", "垫石头"),
        ("", STEPS),
    )
    (article,) = cut(text, marks=marks).articles
    assert (article["title"], article["text"]) == ("石阶修好了", f"{STEPS}\n凿石头\n{FERRY}\n垫石头\n{STEPS}")


def test_captions_and_margins_are_furniture_whatever_their_words():
    text, marks = marked(
        ("furniture", "首页 新闻 河街"), ("heading1", "石阶修好了"), ("", STEPS), ("caption", "一块石头"), ("", FERRY)
    )
    (article,), furniture, *_ = cut(text, marks=marks)
    assert article["text"] == f"{STEPS}\n{FERRY}"
    assert [(f["kind"], text[f["start"] : f["end"]]) for f in furniture] == [
        ("margin", "首页 新闻 河街"),
        ("caption", "一块石头"),
    ]


def test_every_heading_of_a_page_begins_an_article():
    text, marks = marked(("heading1", "石阶修好了"), ("", STEPS), ("heading2", "渡船改班"), ("", FERRY))
    assert [a["title"] for a in cut(text, marks=marks, paged=True).articles] == ["石阶修好了", "渡船改班"]


# Pull quotes, jumps within a sentence, slips


def test_a_sentence_printed_again_to_catch_the_eye_is_no_text():
    quote = "一级一级撬起来重新垫平，碎了的换新石头，旧石头堆在柳树底下。"
    source = f"渡口的石阶一共四十二级。{quote}去年入冬以后水退下去，文化馆请了五个石匠来看。"
    text = f"石阶修好了\n■ 方小满\n\n{quote.replace('，', ',')}\n\n{source}\n\n{FERRY}\n\n{SCHOOL}\n"
    (article,), furniture, *_ = cut(text)
    assert article["text"] == f"{source}\n{FERRY}\n{SCHOOL}"
    assert [f["kind"] for f in furniture] == ["pull_quote"]
    (article,), furniture, *_ = cut(text, settings={"remove_pull_quotes": False})
    assert article["text"].startswith(quote)


def test_a_refrain_is_no_pull_quote():
    refrain = "一级一级撬起来，一级一级垫平。"
    text = f"石阶谣\n本报记者 方小满\n{refrain}\n{STEPS}\n{refrain}\n{FERRY}\n{refrain}\n"
    assert one(text)["text"].count(refrain) == 3


def test_a_sentence_that_a_jump_breaks_off_is_put_together():
    text = f"""石阶修好了
本报记者 方小满
{STEPS[:40]}（下转第三版）

渡船改班
本报记者 田有禾
{FERRY}

第三版 综合

（上接第一版）{STEPS[40:]}
{SCHOOL}
"""
    first, second = cut(text).articles
    assert first["text"] == f"{STEPS}\n{SCHOOL}"
    assert second["text"] == FERRY
    assert [text[a:b] for a, b in first["spans"]] == [text[: text.index("（下转")], f"{STEPS[40:]}\n{SCHOOL}"]


# The sample and the real files


def sample_files():
    """(path, text, {start: title}) of each file of the sample. Of the rows of one title, the first is its start."""
    starts = defaultdict(dict)
    with (SAMPLE / "truth.tsv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            starts[row["file"]].setdefault(row["title"], int(row["start"]))
    for path, by_title in sorted(starts.items()):
        yield path, decode((SAMPLE / path).read_bytes()).text, {start: title for title, start in by_title.items()}


def test_the_boundaries_of_the_sample(capsys):
    right = found = true = titled = 0
    for _, text, truth in sample_files():
        articles, pieces, *_ = cut(text, "2023-01-01")
        check_conservation(text, articles, pieces)
        starts = {a["start"]: a["title"] for a in articles}
        right += len(starts.keys() & truth.keys())
        titled += sum(starts[start] == truth[start] for start in starts.keys() & truth.keys())
        found, true = found + len(starts), true + len(truth)
    with capsys.disabled():
        print(f"\nsample: precision {right / found:.3f}, recall {right / true:.3f}, titles {titled} of {right}")
    assert right / found >= 0.90
    assert right / true >= 0.90
    assert titled / right >= 0.95


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real press files beside the project: {REAL} is not there")
def test_no_character_of_real_files_is_lost():
    files = sorted(REAL.glob("*/*.txt"))
    assert files
    for path in files:
        text = decode(path.read_bytes()).text
        articles, pieces, *_ = cut(text)
        check_conservation(text, articles, pieces)
        assert articles, path


def test_cutting_takes_time_in_proportion():
    """Far below what was measured (above 500,000 characters a second), to hold on a slow machine: a guard against
    quadratic time, not a benchmark."""
    page = f"四十二级石阶修好了\n本报记者 方小满\n{wrapped(STEPS)}\n{wrapped(FERRY)}\n责任编辑：卢三春\n\n"
    text = page * (200_000 // len(page))
    began = time.process_time()
    articles, *_ = cut(text)
    assert len(articles) == 200_000 // len(page)
    assert time.process_time() - began < 5
