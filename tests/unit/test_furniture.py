"""Furniture: which lines are no article text, by themselves and by their neighbours."""

import pytest
from baokan.articles.furniture_by_words import compact, furniture_of, kind_of
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("青杨日报", "masthead"),
        ("《渡口周刊》", "masthead"),
        ("QINGYANG DAILY", "masthead"),
        ("2019年5月6日 星期一 农历己亥年四月初二", "masthead"),
        ("第3021期 今日八版", "masthead"),
        ("2019年第5期（总第88期）", "masthead"),
        ("2019 年增刊 总第 88 期", "masthead"),
        ("每月10日出版", "masthead"),
        ("本期共32页", "masthead"),
        ("青杨：多云 12℃～21℃ 东风二级", "masthead"),
        ("第二版 民生", "page_mark"),
        ("4版", "page_mark"),
        ("要闻版", "page_mark"),
        ("3 文化·副刊", "page_mark"),
        ("— 17 —", "page_mark"),
        ("B06", "page_mark"),
        ("2019.5　第12页", "page_mark"),
        ("下转第三版", "jump_to"),
        ("（转第4版）", "jump_to"),
        ("（上接第一版）", "jump_from"),
        ("紧接第一版", "jump_from"),
        ("图为修缮后的渡口石阶。", "caption"),
        ("图片说明：渡口的石阶。", "caption"),
        ("渡船靠岸 方小满 摄", "caption"),
        ("（方小满摄）", "caption"),
        ("责任编辑：方小满　校对：田有禾", "credits"),
        ("副 总 编：田 有 禾", "credits"),
        ("主办：青杨县文化馆", "colophon"),
        ("青杨县文化馆主办", "colophon"),
        ("青杨县文化馆编印", "colophon"),
        ("河街书局 出版", "colophon"),
        ("地址：青杨县河街二号", "colophon"),
        ("ISSN 1234-5678", "colophon"),
        ("欢迎投稿，稿件请寄河街二号", "notice"),
        ("天气与水位：渡口水位三米一", "notice"),
        ("扫码看渡口的老照片", "notice"),
        ("【河街】", "section"),
        ("◇◇◇", "ornament"),
        ("བོད་ཡིག", "masthead"),
    ],
)
def test_a_line_that_is_furniture_by_itself(line, kind):
    assert kind_of(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "",
        "渡口的石阶修好了",
        "十二面老墙",  # not "page twelve"
        "一面镜子照两岸",
        "三页旧信",
        "渡口老照片集出版",
        "2019年5月6日",  # the date below a signature, not a masthead
        "二〇一九年五月六日",
        "（2019年5月6日全体会议通过）",
        "本报记者 方小满 文／摄",  # a byline, not a caption
        "一、工作目标",
        "欢迎投稿的启事贴出去以后，河街上的人议论了好几天，有人说写不出来，有人说写得出来也没有人看，还有人连夜写了三页，第二天又拿回去改。",
        "天气暖和起来，渡口的人多了。",
        "渡" * 91,
    ],
)
def test_a_line_that_may_be_text(line):
    assert kind_of(line) == ""


def furniture(text):
    """{line: kind} of the lines of `text` that are furniture."""
    lines, blanks, gap = [], [], 0
    for line in text.strip("\n").split("\n"):
        if line.strip():
            lines.append(line.strip())
            blanks.append(gap)
            gap = 0
        else:
            gap += 1
    return {line: kind for line, kind in zip(lines, furniture_of(lines, blanks), strict=True) if kind}


def test_contents_end_before_the_first_headline():
    found = furniture("""
目 录
石阶修好了……………3
老船工的账本（河街）……9
卷尾语………………20

石阶修好了
青杨的石阶用了一个冬天才修好。
""")
    assert set(found) == {"目 录", "石阶修好了……………3", "老船工的账本（河街）……9", "卷尾语………………20"}
    assert set(found.values()) == {"contents"}


def test_contents_in_one_line():
    assert furniture("本期要目：石阶修好了 第3页\n渡船改班 第5页\n\n石阶修好了") == {
        "本期要目：石阶修好了 第3页": "contents",
        "渡船改班 第5页": "contents",
    }


def test_contents_without_a_heading_are_known_by_rising_page_numbers():
    found = furniture("""
责任编辑：方小满

卷首

1 石阶修好了

河街

4 老船工的账本 / 田有禾

9 渡船改班以后

/ 青杨县文化馆

15 一条街的四季

石阶修好了
""")
    assert "石阶修好了" not in found
    names = {
        "卷首",
        "河街",
        "1 石阶修好了",
        "4 老船工的账本 / 田有禾",
        "9 渡船改班以后",
        "/ 青杨县文化馆",
        "15 一条街的四季",
    }
    assert {line for line, kind in found.items() if kind == "contents"} == names


def test_the_items_of_a_list_are_no_contents():
    assert furniture("1 备好木料\n2 量好石阶\n3 先修下游\n4 再修上游\n5 请人来验收") == {}


def test_the_head_of_a_page_takes_its_slogan_and_date():
    found = furniture("青杨日报\n写给两岸的人\n2019年5月6日\n第3021期\n\n石阶修好了")
    assert set(found) == {"青杨日报", "写给两岸的人", "2019年5月6日", "第3021期"}


def test_an_imprint_takes_the_names_between_its_lines():
    found = furniture("""
主办：

青杨县文化馆

总 编：方 小 满

副 总 编：田 有 禾

卢 三 春

出版发行：河街书局

地址：河街二号

邮编：000000
""")
    assert {"青杨县文化馆", "卢 三 春"} <= set(found)


def test_a_headline_after_the_editor_of_the_last_article_is_kept():
    assert furniture("责任编辑：方小满\n\n石阶修好了\n\n责任编辑：方小满") == {"责任编辑：方小满": "credits"}


def test_a_caption_ends_with_its_sentence():
    found = furniture("石阶修了一个冬天。\n\n图为工匠在石阶上量\n\n第三块条石的长短。\n\n开春以后渡船恢复了。")
    assert found == {"图为工匠在石阶上量": "caption", "第三块条石的长短。": "caption"}


def test_the_line_above_a_photographer_is_a_caption_where_it_is_set_apart():
    assert furniture("石阶修了一个冬天。\n\n\n\n河街的傍晚\n\n方小满 / 摄\n\n开春以后渡船恢复了。") == {
        "河街的傍晚": "caption",
        "方小满 / 摄": "caption",
    }


def test_compact_takes_out_blanks_of_any_width():
    assert compact("青 杨　日\u00a0报\t") == "青杨日报"


@given(st.lists(st.tuples(st.text(min_size=1, max_size=30), st.integers(0, 3)), max_size=30))
def test_any_lines_get_a_kind_each(rows):
    lines = [line for line, _ in rows]
    assert len(furniture_of(lines, [gap for _, gap in rows])) == len(lines)


@pytest.mark.parametrize(
    "line",
    [
        "1974年4月1日星期一的清晨，渡口的人都还没有起身，雾从对岸漫过来。",
        "2021年5月，水库开始蓄水。",
        "2012年12月，调查组在现场作出这样的判断：",
    ],
)
def test_a_sentence_that_begins_with_a_date_is_text(line):
    assert kind_of(line) == ""


def test_a_heading_of_contents_within_contents_is_one_of_them():
    lines = [
        "目录",
        "石阶修好……1",
        "渡船复航……3",
        "要目",
        "桥梁开工……5",
        "码头扩建……8",
        "渡口今日复航，两岸往来更加方便。",
    ]
    kinds = furniture_of(lines, [0] * len(lines))
    assert kinds == ["contents"] * 6 + [""]
