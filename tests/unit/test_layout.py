"""Lines at their places to text in the order of reading."""

import random
import time

import pytest
from baokan.reading.pages.compose import compose
from baokan.reading.pages.geometry import Glyph, Line, Page
from baokan.reading.pages.glyphs import lines_of, text_of, without_overprint
from hypothesis import example, given
from hypothesis import strategies as st

SIZE, LEADING = 10.0, 15.0


def column(texts: str, x: float, y: float, size: float = SIZE, leading: float = LEADING) -> list[Line]:
    """A line for each word of `texts`; one that begins with > is two squares in."""
    lines = []
    for i, text in enumerate(texts.split()):
        left, text = x + 2 * size * text.startswith(">"), text.lstrip(">")
        lines.append(Line(text, left, y + i * leading, left + len(text) * size, y + i * leading + size, size))
    return lines


def page(*lines: list[Line], **more) -> Page:
    return Page(600, 800, tuple(line for group in lines for line in group), **more)


def text(*pages: Page, **options) -> str:
    return compose(list(pages), **options).text.rstrip("\n")


def marked(*pages: Page) -> list[tuple[str, str]]:
    composed = compose(list(pages))
    return [(mark.kind, composed.text[mark.start : mark.end]) for mark in composed.marks]


def test_nothing_gives_nothing():
    assert compose([]).text == ""
    assert compose([Page(600, 800)]).text == ""


def test_columns_are_read_one_after_another_and_a_paragraph_goes_on_in_the_next():
    both = page(
        column(">天地玄黄宇宙 洪荒日月盈昃辰 宿列张寒来暑", 50, 100),
        column("往秋收冬藏。 >闰余成岁律 吕调阳云腾致", 150, 100),
    )
    assert text(both) == "　　天地玄黄宇宙\n洪荒日月盈昃辰\n宿列张寒来暑\n往秋收冬藏。\n　　闰余成岁律\n吕调阳云腾致"


def test_a_last_line_of_two_characters_does_not_part_a_column():
    assert text(page(column(">天地玄黄宇 洪荒日月盈昃辰 宿。 >寒来暑往秋 收冬藏闰余成岁", 50, 100))).count("\n\n") == 0


def test_a_headline_stands_before_the_columns_under_it_and_not_before_others():
    lines = page(
        column("村里的桥修好了", 50, 100, 20),
        column("天地玄黄宇宙洪 荒日月盈昃辰宿", 50, 140), column("列张寒来暑往秋 收冬藏闰余成岁", 150, 140),
        column("小店开张", 250, 100, 16), column("律吕调阳云腾致 雨露结为霜金生", 250, 140),
    )  # fmt: skip
    order = text(lines).replace("\n", " ").split()
    assert order == [
        "村里的桥修好了", "天地玄黄宇宙洪", "荒日月盈昃辰宿", "列张寒来暑往秋", "收冬藏闰余成岁",
        "小店开张", "律吕调阳云腾致", "雨露结为霜金生",
    ]  # fmt: skip
    assert marked(lines) == [("heading1", "村里的桥修好了"), ("heading2", "小店开张")]


UPPER = "天地玄黄宇宙洪 荒日月盈昃辰宿"
LOWER = "闰余成岁律吕调 阳云腾致雨露结"


@pytest.mark.parametrize("border", ["rule", "headlines"])
def test_articles_above_a_border_are_read_before_those_below(border):
    left, right = (
        column(f"{UPPER} {LOWER}", 50, 100),
        column("列张寒来暑往秋 收冬藏为霜金生 丽水玉出昆冈剑 号巨阙珠称夜光", 150, 100),
    )
    lower = [Line(n.text, n.x0, n.y0 + 60, n.x1, n.y1 + 60, n.size) for n in left[2:] + right[2:]]
    heads, rules = [], []
    if border == "rule":
        rules = [(50.0, 145.0, 220.0, 146.0)]
    else:
        heads = column("夜校", 50, 160, 20) + column("渡口", 150, 160, 20)
    found = text(page(left[:2] + right[:2], heads, lower, rules=tuple(rules)))
    assert found.index("收冬藏为霜金生") < found.index("闰余成岁律吕调")
    if heads:
        assert found.index("夜校") < found.index("闰余") < found.index("渡口") < found.index("丽水")


def test_an_article_pushed_aside_by_another_goes_on_in_the_next_column():
    lines = page(
        column("春耕前开了一次会", 50, 60, 22),
        column("天地玄黄宇宙洪 荒日月盈昃辰宿", 50, 100),
        column("借雨衣", 50, 150, 18), column("金生丽水玉出昆 冈剑号巨阙珠称。", 50, 180),
        column("列张寒来暑往秋 收冬藏闰余成岁 律吕调阳云腾致 雨露结为霜真好 夜光果珍李柰菜 重芥姜海咸河淡。", 150, 100),
    )  # fmt: skip
    found = text(lines)
    assert found.index("荒日月盈昃辰宿") < found.index("列张") < found.index("借雨衣") < found.index("金生丽水")


def test_a_subheading_within_a_column_stays_there():
    lines = page(
        column("春耕前开了一次会", 50, 60, 22),
        column("天地玄黄宇宙洪 荒日月盈昃辰。", 50, 100),
        column("借雨衣", 50, 150, 14), column("金生丽水玉出昆 冈剑号巨阙珠称", 50, 180),
        column("列张寒来暑往秋 收冬藏闰余成岁 律吕调阳云腾致 雨露结为霜真好 夜光果珍李柰菜 重芥姜海咸河淡。", 150, 100),
    )  # fmt: skip
    found = text(lines)
    assert found.index("借雨衣") < found.index("金生丽水") < found.index("列张")


def test_a_caption_waits_until_the_paragraph_that_its_picture_interrupts_is_over():
    body = column(">天地玄黄宇宙 洪荒日月盈昃辰", 50, 100) + column("宿列张寒。 >来暑往秋收 冬藏闰余成岁律", 50, 300)
    caption = column("图为新修的桥", 50, 260, 8)
    lines = page(body, caption, figures=((50.0, 140.0, 120.0, 255.0),))
    assert (
        text(lines) == "　　天地玄黄宇宙\n洪荒日月盈昃辰\n宿列张寒。\n\n图为新修的桥\n\n　　来暑往秋收\n冬藏闰余成岁律"
    )
    assert marked(lines) == [("caption", "图为新修的桥")]


def test_what_comes_again_at_the_edge_is_furniture():
    def numbered(n: int, body: str) -> Page:
        return page(column("山乡月刊", 50, 20, 8), column(body, 50, 100), column(f"—{n}—", 290, 770, 9))

    pages = [numbered(7, "天地玄黄宇宙 洪荒日月盈昃"), numbered(8, "金生丽水玉出 昆冈剑号巨阙")]
    assert marked(*pages) == [
        ("furniture", "山乡月刊"),
        ("furniture", "—7—"),
        ("furniture", "山乡月刊"),
        ("furniture", "—8—"),
    ]
    composed = compose(pages)
    assert composed.text[composed.page_starts[1] :].startswith("山乡月刊")
    # One page says nothing of what comes again.
    assert marked(pages[0]) == []


def turned(lines: list[Line]) -> list[Line]:
    """Lines across as lines downwards on a page 600 points wide, the first one at the right."""
    return [Line(n.text, 600 - n.y1, n.x0, 600 - n.y0, n.x1, n.size, True) for n in lines]


def test_vertical_lines_are_read_from_the_right_tier_by_tier():
    lines = turned(
        column("省議會開會", 50, 30, 20)
        + column(">天地玄黃宇宙 洪荒日月盈昃辰", 50, 70)
        + column("宿列張寒來暑往 秋收冬藏閏餘成", 150, 70)
    )
    assert text(page(lines)) == "省議會開會\n\n　　天地玄黃宇宙\n洪荒日月盈昃辰\n宿列張寒來暑往\n秋收冬藏閏餘成"


numbers = st.floats(-1000, 5000, allow_nan=False)


@given(
    st.lists(
        st.tuples(numbers, numbers, st.floats(0, 300), st.floats(0, 60), st.floats(0.5, 200), st.booleans()),
        max_size=40,
    )
)
@example(
    [(0.0, 0.0, 0.0, 0.0, 1.0, False)] * 2
    + [(0.0, 0.0, 0.0, 0.0, 1.0, True)] * 2
    + [(0.0, 0.0, 1.0, 32.0, 1.0, True)]
    + [(0.0, 0.0, 72.0, 0.0, 2.0, True)] * 2
    + [(36.0, 0.0, 0.0, 0.0, 1.0, False)]
)  # two headlines whose middle is the place of a column
def test_no_line_is_lost_or_doubled_wherever_it_stands(places):
    lines = [
        Line(f"({i})", x, y, x + width, y + height, size, down)
        for i, (x, y, width, height, size, down) in enumerate(places)
    ]
    composed = compose([Page(600, 800, tuple(lines)), Page(600, 800, tuple(lines[:3]))])
    found = sorted(line.strip("\u3000") for line in composed.text.split("\n") if line)
    assert found == sorted(line.text for line in lines + lines[:3])
    assert all(a.end <= b.start for a, b in zip(composed.marks, composed.marks[1:], strict=False))


# --- characters to lines


def set_in_line(characters: str, x: float, y: float, size: float = SIZE, down: bool = False) -> list[Glyph]:
    """The characters side by side; _ leaves a square empty. Latin ones take half a square."""
    glyphs = []
    for c in characters:
        advance = size if ord(c) > 0x2000 or c == "_" else size / 2
        if c not in "_ ":
            glyphs.append(Glyph(c, x, y, x + advance, y + size, size))
        x, y = (x, y + size) if down else (x + advance, y)
    return glyphs


def test_blanks_are_those_of_the_print():
    assert [n.text for n in lines_of(set_in_line("新华社the old town电", 0, 0))] == ["新华社the old town电"]
    assert text_of(set_in_line("以身作则_率先垂范", 0, 0)) == "以身作则 率先垂范"
    assert text_of(set_in_line("通_知_书", 0, 0)) == "通知书"


def test_what_is_printed_twice_to_look_bold_is_read_once():
    once = set_in_line("天天向上一一", 0, 0)
    twice = [g for a in once for g in (a, Glyph(a.text, a.x0 + 0.5, a.y0, a.x1 + 0.5, a.y1, a.size))]
    assert "".join(g.text for g in without_overprint(twice)) == "天天向上一一"


def test_a_gutter_parts_lines_however_the_file_orders_them():
    rows = [set_in_line("天地玄黄宇宙__洪荒日月盈昃", 0, 15 * i) for i in range(6)]
    lines = lines_of([g for row in rows for g in row])
    assert sorted({(n.text, n.x0) for n in lines}) == [("天地玄黄宇宙", 0.0), ("洪荒日月盈昃", 80.0)]


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_direction_of_lines_is_seen(shuffled):
    glyphs = [g for i in range(6) for g in set_in_line("天地玄黃宇宙洪荒", 200 - 16 * i, 0, down=True)]
    if shuffled:
        glyphs = glyphs[::2][::-1] + glyphs[1::2]
    lines = lines_of(glyphs)
    assert {(n.text, n.vertical) for n in lines} == {("天地玄黃宇宙洪荒", True)}
    assert len(lines) == 6


@given(st.lists(st.tuples(st.sampled_from("天a。"), numbers, numbers, st.floats(1, 100)), max_size=60))
def test_no_character_is_lost_wherever_it_stands(places):
    glyphs = [Glyph(c, x, y, x + size, y + size, size) for c, x, y, size in places]
    found = "".join(line.text for line in lines_of(glyphs)).replace(" ", "")
    assert sorted(found) == sorted(g.text for g in without_overprint(glyphs))


def in_columns(text: str, n: int, per_line: int, rng: random.Random) -> list[Glyph]:
    """`text` in columns of 12 lines, side by side, with blanks, marks, raised figures and headlines here and there."""
    glyphs = set_in_line("天地玄黄宇宙", 20, 0, 20) + set_in_line("洪荒", 400, 0, 24, down=True)
    for column in range(n):
        for row in range(12):
            line = text[(column * 12 + row) * per_line :][: rng.randint(2, per_line)]
            x, y = column * (per_line * 10 + 13.0), 40 + 15.0 * row + column
            glyphs += set_in_line(line, x, y)
            if rng.random() < 0.2:
                glyphs.append(Glyph("3", x + len(line) * 10, y - 1, x + len(line) * 10 + 3, y + 5, 6.0))
    return glyphs


@pytest.mark.parametrize("down", [False, True])
def test_the_order_in_which_characters_are_drawn_does_not_matter(down):
    for seed in range(5):
        rng = random.Random(seed)
        letters = "".join(rng.choice("天地玄黄宇宙洪荒日月盈昃，。a1“") for _ in range(600))
        glyphs = in_columns(letters, 3, 12, rng)
        if down:
            glyphs = [Glyph(g.text, 400 - g.y1, g.x0, 400 - g.y0, g.x1, g.size) for g in glyphs]
        lines = lines_of(glyphs)
        assert len(lines) >= 37
        for _ in range(3):
            assert lines_of(rng.sample(glyphs, len(glyphs))) == lines


@given(
    st.lists(
        st.tuples(st.sampled_from("天a。1"), st.integers(0, 60), st.integers(0, 60), st.sampled_from([4, 10, 11, 25])),
        max_size=60,
        unique_by=lambda place: place[1:3],
    ),
    st.randoms(use_true_random=False),
)
def test_nor_does_it_where_they_stand_in_a_heap(places, rng):
    glyphs = [Glyph(c, 5 * x, 5 * y, 5 * x + size, 5 * y + size, size) for c, x, y, size in places]
    glyphs = list({(g.x, g.y): g for g in glyphs}.values())  # of those at one place the one drawn first comes first
    assert lines_of(rng.sample(glyphs, len(glyphs))) == lines_of(glyphs)


@given(
    st.lists(st.tuples(numbers, numbers, st.floats(1, 300), st.floats(1, 60), st.booleans()), max_size=30), st.randoms()
)
def test_nor_does_the_order_of_lines(places, rng):
    lines = [Line(f"({i})", x, y, x + w, y + h, 10.0, down) for i, (x, y, w, h, down) in enumerate(places)]
    assert compose([Page(600, 800, tuple(rng.sample(lines, len(lines))))]) == compose([Page(600, 800, tuple(lines))])


def test_parts_of_a_ligature_stay_in_the_order_in_which_they_are_drawn():
    glyphs = set_in_line("of", 0, 0) + [Glyph(c, 10, 0, 15, 10, SIZE) for c in "ffi"] + set_in_line("ce", 15, 0)
    ligature = [Glyph("ffi", 10, 0, 15, 10, SIZE)]
    assert [n.text for n in lines_of(glyphs[:1] + ligature + glyphs[5:])] == ["o ffice"]
    pair = [Glyph(c, 5, 0, 10, 10, SIZE) for c in "fi"]
    assert [n.text for n in lines_of([*set_in_line("ne", 10, 0), *pair])] == ["fine"]


def test_a_page_of_many_characters_takes_seconds_wherever_they_stand():
    rng = random.Random(1)
    heaps = [
        [Glyph("天", x, y, x + size, y + size, size) for x, y, size in places]
        for places in (
            [(rng.uniform(0, 800), rng.uniform(0, 1100), rng.choice((1, 3, 10, 30, 300))) for _ in range(8000)],
            [(rng.uniform(0, 8000), rng.uniform(0, 0.1), 10) for _ in range(8000)],
        )
    ]
    for heap in heaps:
        started = time.process_time()
        lines_of(heap)
        assert time.process_time() - started < 8
