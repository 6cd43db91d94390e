"""How well a text was read."""

import random

import pytest
from baokan.articles.legibility import legibility

PRESS = (
    "各地坚持把农田水利建设作为重点工作，组织群众修筑堤坝，疏通河道，扩大灌溉面积。今年以来，全省新增有效灌溉面积十二万亩，"
    "改善除涝面积八万亩，粮食生产能力明显提高。有关部门负责人表示，下一步将继续加大投入，完善管理制度，确保工程长期发挥作用。"
)


def test_words_singles_and_odd_characters_of_a_worked_example():
    # 6 of 7 characters are in words, 的 is not; as 农田水利 or 农田, 水利 may be the words, 1 of 3 or 4 is single.
    result = legibility("农田水利建设的\ufffd")
    assert result.in_words == pytest.approx(6 / 7)
    assert result.odd == pytest.approx(1 / 8)
    assert result.quality == pytest.approx(7 / 8 * 6 / 7)
    assert result.single in (1 / 3, 1 / 4)


def test_nothing_to_count_is_zero_and_no_division():
    for text in ("", " \n　", "123", "abc，。"):
        assert legibility(text).in_words == 0
        assert legibility(text).single == 0


def test_damaged_text_scores_lower_step_by_step():
    rng = random.Random(7)
    common = "的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事"
    scores = []
    for rate in (0.0, 0.05, 0.15, 0.4):
        damaged = "".join(rng.choice(common) if rng.random() < rate else c for c in PRESS * 10)
        scores.append(legibility(damaged))
    assert [s.in_words for s in scores] == sorted((s.in_words for s in scores), reverse=True)
    assert [s.single for s in scores] == sorted(s.single for s in scores)
    assert scores[0].in_words > 0.8 > scores[3].in_words


def test_traditional_text_is_as_legible_as_the_same_in_simplified():
    import opencc

    traditional = opencc.OpenCC("s2t").convert(PRESS)
    assert traditional != PRESS
    assert legibility(traditional) == legibility(PRESS)


def test_text_in_the_wrong_encoding_is_odd():
    assert legibility(PRESS.encode("gb18030").decode("latin-1")).odd > 0.5
    assert legibility(PRESS).odd == 0
