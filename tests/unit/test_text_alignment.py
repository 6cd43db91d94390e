"""Two texts side by side: what of them is the same."""

from baokan.duplicates import alignment
from baokan.duplicates.alignment import LEAST_STRETCH, align
from baokan.duplicates.fingerprints import normalise
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reprints import cut, damaged, prose


def test_paragraphs_in_another_order_still_align():
    paragraphs = [prose(150, i) for i in range(3)]
    a, b = normalise("".join(paragraphs)), normalise("".join(paragraphs[::-1]))
    found = align(a, b)
    assert found.of_a >= 0.95 * len(a)
    assert found.identity == 1.0


def test_long_texts_align_between_anchors_as_they_do_directly(monkeypatch):
    a = normalise(prose(9000, 1))
    b = normalise(damaged(cut(a[:6000] + a[3000:], 0.2, "middle"), 0.05, 1))
    directly = align(a, b)
    monkeypatch.setattr(alignment, "DIRECT", 1 << 20)
    monkeypatch.setattr(alignment, "ANCHORS_APART", 500)
    between = align(a, b)
    assert abs(between.of_a - directly.of_a) < 0.01 * directly.of_a
    assert abs(between.identity - directly.identity) < 0.005
    assert align(a, normalise(prose(9000, 2))).of_a == 0


@settings(max_examples=60, deadline=None)  # the first call makes a table
@given(st.text("渡口石阶青苔", max_size=80), st.text("渡口石阶青苔", max_size=80))
def test_alignment_keeps_within_the_texts(a, b):
    found = align(a, b)
    assert 0 <= found.of_a <= len(a)
    assert 0 <= found.of_b <= len(b)
    assert 0 <= found.identity <= 1
    assert align(a, a) == ((len(a), len(a), 1.0, 0.0) if len(a) >= LEAST_STRETCH else (0, 0, 0.0, 0.0))
