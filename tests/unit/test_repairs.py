"""Small repairs of a text: what each changes, what it leaves, and the way back to the document."""

import pytest
from baokan.articles.offsets import Mapped, document_offset
from baokan.articles.repairs import REPAIRS, forms, invisible, language_slips, marks, repaired, slips, spacing
from hypothesis import given
from hypothesis import strategies as st


def made(repair, text, prose=True):
    return Mapped.of(text, 0).edited(repair(text, prose)).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("4月 30日，渡口 有 42 级石阶", "4月30日，渡口有42级石阶"),
        ("船名叫 Long Ferry 二号", "船名叫 Long Ferry 二号"),
        ("石 阶　修 好 了", "石阶修好了"),
        ("（记者 方小满 田有禾） 石阶 修好", "（记者 方小满 田有禾）石阶修好"),
    ],
)
def test_blanks_in_prose(before, after):
    assert made(spacing, before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("通 知", "通知"),
        ("修 好 石 阶 方 便 两 岸", "修好石阶方便两岸"),
        ("石阶修好 渡船复航", "石阶修好 渡船复航"),
        ("关于 修 石 阶 的决定", "关于 修石阶 的决定"),
        ("关于　修　石　阶　的决定", "关于　修石阶　的决定"),
        ("通" + "　" * 40 + "知", "通知"),
        ("石阶修" + "　" * 40 + "好", "石阶修" + "　" * 40 + "好"),
        ("方小满 田 禾", "方小满 田 禾"),
        ("", ""),
    ],
)
def test_blanks_in_a_headline(before, after):
    assert made(spacing, before, prose=False) == after


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("石阶修好了,渡船复航.", "石阶修好了，渡船复航.", 1),
        ("一共1,000级,用了3:20的船", "一共1,000级，用了3:20的船", 1),
        ("Wang, L. (2019)", "Wang, L. (2019)", 0),
        ("石阶(四十二级)修好", "石阶（四十二级）修好", 2),
        ("(2019年5月6日)", "（2019年5月6日）", 2),
        ("渡船(Ferry),快", "渡船（Ferry），快", 3),
        ("PM(2.5)值", "PM（2.5）值", 2),
        ("f(x)", "f(x)", 0),
        ("(石阶", "（石阶", 1),
        ("真的吗?真的!", "真的吗？真的！", 2),
        ("合格率95%,上升", "合格率95%，上升", 1),
        ("全角，已经是了。", "全角，已经是了。", 0),
    ],
)
def test_half_width_marks(before, after, count):
    assert made(marks, before) == after
    assert len(marks(before)) == count


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("２０２３年，ＶＲ眼镜", "2023年，VR眼镜"),
        ("⼀⼆⽇", "一二日"),  # radicals for characters, as some PDFs have them
        ("\uf9dc車", "隆車"),  # a compatibility ideograph
        ("︽石階︾︵一︶", "《石階》（一）"),  # marks of vertical lines
        ("①㎡…％，。「」", "①㎡…％，。「」"),  # NFKC would take these apart
        ("ABC", "ABC"),
    ],
)
def test_one_form_for_one_character(before, after):
    assert made(forms, before) == after


def test_characters_without_width_go():
    assert made(invisible, "石\u200b阶\u00ad修\ufe0f好\ufeff") == "石阶修好"
    assert invisible("ASCII only") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("修石阶的思路 and 办法都定了", "修石阶的思路和办法都定了"),
        ("石阶and渡船，桥 and 路。", "石阶和渡船，桥和路。"),  # two clauses, one in each
        ("石阶 and 渡船 and 桥都修好了", "石阶 and 渡船 and 桥都修好了"),  # one of them is 、
        ("修好 of 石阶", "修好 of 石阶"),  # no one Chinese word
        ("他读《Pride and Prejudice》，石阶", "他读《Pride and Prejudice》，石阶"),
        ("乐队Q and A来过", "乐队Q and A来过"),
        ("石阶andy渡船", "石阶andy渡船"),
    ],
)
def test_slips_are_repaired_only_where_they_can_mean_one_thing(before, after):
    assert made(slips, before) == after


def test_every_slip_is_found_whether_it_can_be_repaired_or_not():
    assert [word for *_, word in language_slips("石阶 and 渡船 and 桥 of 河街")] == ["and", "and", "of"]
    assert language_slips("石阶，and 渡船") == []  # after a mark it may join sentences


def test_repairs_are_counted_and_each_can_be_switched_off():
    text = Mapped.of("石 阶２级,思路 and 办法\u200b", 100)
    counts: dict[str, int] = {}
    assert repaired(text, True, {}, counts).text == "石阶2级，思路和办法"
    assert counts == {
        "invisible_removed": 1, "forms_folded": 1, "slips_repaired": 1, "blanks_removed": 1, "marks_widened": 1,
    }  # fmt: skip
    for kind in REPAIRS:
        without: dict[str, int] = {}
        repaired(text, True, {kind.key: False}, without)
        assert kind.column not in without
    assert repaired(text, True, {kind.key: False for kind in REPAIRS}, {}) == text


ALPHABET = "石阶渡口，。,;:?!()（） \t　a1%２⼀︽\u200b"


@given(st.text(ALPHABET, max_size=60), st.booleans())
def test_a_repaired_text_leads_back_to_what_it_was_made_of(text, prose):
    """Each character that is left stands at its place in the document as it was, or in another form of itself."""
    fold = {
        "，": ",",
        "；": ";",
        "：": ":",
        "？": "?",
        "！": "!",
        "（": "(",
        "）": ")",
        "２": "2",
        "⼀": "一",
        "︽": "《",
    }
    result = repaired(Mapped.of(text, 7), prose, {}, {})
    for place, char in enumerate(result.text):
        origin = text[document_offset(result.runs, place) - 7]
        assert fold.get(origin, origin) == fold.get(char, char)
    kept = [document_offset(result.runs, place) for place in range(len(result.text))]
    assert kept == sorted(set(kept))
    gone = set(range(7, 7 + len(text))) - set(kept)
    assert all(text[i - 7].isspace() or text[i - 7] == "\u200b" for i in gone)
