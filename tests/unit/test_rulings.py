"""What a person rules on topics: the table beside the corpus, and what becomes of it."""

import numpy as np
import pandas as pd
import pytest
from baokan.corpus.listing import CorpusError
from baokan.corpus.rulings import Ruling, read_rulings
from baokan.topics.rulings import partners, ruled, write_template
from hypothesis import given
from hypothesis import strategies as st

HEADER = "topic\tname\taction\tinto\tterms\n"
TERMS = [f"词{i}" for i in range(80)]
# Four topics of twenty terms of their own.
PHI = np.kron(np.eye(4), np.linspace(2, 1, 20)) + 1e-6
PHI /= PHI.sum(axis=1, keepdims=True)


def marks(topic, keep=20):
    """The terms of a topic, the first `keep` its own, the others strange."""
    own = TERMS[20 * (topic - 1) : 20 * topic]
    return "、".join([*own[:keep], *(f"别{i}" for i in range(20 - keep))])


def rules(topic, name="", action="", into="", terms=None, row=2):
    return Ruling(topic, name, action, into, marks(topic) if terms is None else terms, row)


def outcome(rulings):
    made = ruled(rulings, PHI, TERMS)
    return made, dict(zip(made.outcomes["row"], made.outcomes["outcome"], strict=True))


def test_the_table_is_read_as_a_spreadsheet_saves_it(tmp_path):
    table = "Topic\tName\tAction\tNote\n1\t洪水\t\tmine\n3\t\texclude\t\n4\t\t\t\n\n"
    (tmp_path / "topics.tsv").write_bytes(b"\xef\xbb\xbf" + table.encode())
    assert read_rulings(tmp_path) == [
        Ruling(1, "洪水", "", "", "", 2), Ruling(3, "", "exclude", "", "", 3), Ruling(4, "", "", "", "", 4)
    ]  # fmt: skip


def test_without_a_table_nothing_is_ruled(tmp_path):
    assert read_rulings(tmp_path) == []
    made = ruled([], PHI, TERMS)
    assert made.topic_ids.tolist() == [1, 2, 3, 4] and made.members == [[0], [1], [2], [3]]
    assert made.outcomes.empty


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x\t\t\t\t", "row 2: the topic 'x' is no number"),
        ("0\t\t\t\t", "row 2: the topic '0' is no number"),
        ("1\t\tdelete\t\t", "row 2: unknown action 'delete'. Allowed: merge, exclude, theme, style"),
        ("1\t\tmerge\t\t", "row 2: merge needs the number of a topic in the column into"),
        ("1\t\tmerge\t洪水\t", "found '洪水'"),
        ("1\t\tmerge\t1\t", "row 2: topic 1 cannot be merged into itself"),
        ("1\t\tstyle\t2\t", "row 2: the column into is for the action merge, found style"),
        ("1\t" + "长" * 41 + "\t\t\t", "row 2: the name has 41 characters"),
        ("1\t甲\t\t\t\n1\t乙\t\t\t", "row 3: topic 1 stands in row 2 too"),
    ],
)
def test_a_table_that_could_be_misread_stops_at_once_and_names_the_row(tmp_path, row, words):
    (tmp_path / "topics.tsv").write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_rulings(tmp_path)
    assert words in str(caught.value) and "topics.tsv" in str(caught.value)


def test_an_unknown_column_is_named(tmp_path):
    (tmp_path / "topics.tsv").write_text("topic\tlabels\n1\t洪水\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="unknown column labels"):
        read_rulings(tmp_path)


def test_the_template_comes_back_as_no_ruling_and_knows_its_topics(tmp_path):
    topics = pd.DataFrame({"topic_id": [1, 2], "label": ["洪水", "=壁画"], "mark_terms": [TERMS[:20], TERMS[20:40]]})
    write_template(topics, tmp_path / "topics.tsv")
    found = read_rulings(tmp_path)
    assert [(r.topic, r.name, r.action, r.terms) for r in found] == [(1, "", "", marks(1)), (2, "", "", marks(2))]
    assert "\t'=壁画\t" in (tmp_path / "topics.tsv").read_text(encoding="utf-8")  # no formula for a spreadsheet
    made, said = outcome(found)
    assert said == {} and made.names == [""] * 4


def test_a_ruling_follows_its_terms_to_another_number():
    made, said = outcome([rules(1, "洪水", terms=marks(3))])
    assert made.names == ["", "", "洪水", ""]
    assert said == {2: "applied; by its terms it is topic 3 now"}


def test_half_of_the_terms_are_enough_and_fewer_are_not():
    made, said = outcome([rules(2, "壁画", terms=marks(2, keep=10)), rules(4, "青稞", terms=marks(4, keep=9), row=3)])
    assert made.names == ["", "壁画", "", ""]
    assert said == {2: "applied", 3: "not applied: the topic is gone; the nearest, 4, has 9 of its 20 terms"}


def test_without_terms_the_number_counts_and_it_is_said():
    made, said = outcome([rules(2, "壁画", terms=""), rules(9, "无", terms="", row=3)])
    assert made.names == ["", "壁画", "", ""]
    assert said[2].startswith("applied by the number alone")
    assert said[3] == "not applied: there are 4 topics"


def test_two_rulings_of_one_topic_are_told_apart():
    made, said = outcome([rules(1, "甲", terms=marks(2)), rules(2, "乙", terms="", row=3)])
    assert made.names == ["", "甲", "", ""]
    assert said[3] == "not applied: row 2 rules on topic 2"


def test_merges_follow_the_numbers_of_the_table_and_their_terms():
    # In the table 1 goes into 2; by their terms these are topics 4 and 3 now.
    made, _ = outcome([rules(1, "", "merge", "2", marks(4)), rules(2, terms=marks(3), row=3)])
    assert made.topic_ids.tolist() == [1, 2, 3]
    assert made.members == [[0], [1], [2, 3]]


def test_a_chain_of_merges_ends_in_one_topic_and_a_ring_in_its_first():
    made, _ = outcome([rules(1, "", "merge", "2"), rules(2, "", "merge", "3", row=3), rules(3, "都", row=4)])
    assert made.topic_ids.tolist() == [3, 4]
    assert made.members == [[0, 1, 2], [3]] and made.names == ["都", ""]
    made, said = outcome([rules(3, "", "merge", "2"), rules(2, "", "merge", "3", row=3)])
    assert made.topic_ids.tolist() == [1, 2, 4] and made.members == [[0], [1, 2], [3]]
    assert said == {2: "applied", 3: "applied"}


def test_a_merge_into_a_topic_that_is_gone_is_not_made():
    made, said = outcome([rules(1, "洪水", "merge", "2"), rules(2, terms=marks(2, keep=3), row=3)])
    assert made.topic_ids.tolist() == [1, 2, 3, 4]
    assert said[2] == "not applied: topic 2, into which it was to go, is not there now"


def test_the_last_topic_cannot_be_excluded():
    made, said = outcome([rules(t, "", "exclude", row=t + 1) for t in (1, 2, 3)])
    assert made.excluded.tolist() == [True, True, True, False]
    made, said = outcome([rules(t, "", "exclude", row=t + 1) for t in (1, 2, 3, 4)])
    assert not made.excluded.any()
    assert set(said.values()) == {"not applied: no topic would be left"}


def test_a_merged_topic_is_compared_as_a_whole_with_the_partners_of_its_parts():
    even = np.ones(4)
    # The same topics in another order.
    columns, alike = partners(PHI, PHI[[2, 0, 1, 3]], [[0, 3], [1], [2]], even)
    assert columns == [[1, 3], [2], [0]]
    np.testing.assert_allclose(alike, 1)
    # Where one part has another topic in its place, the other part stands for the whole, as far as it goes.
    strange = np.vstack([PHI[0], PHI[1], PHI[2], np.full((1, 80), 1 / 80)])
    columns, alike = partners(PHI, strange, [[0, 3], [1], [2]], even)
    assert columns == [[0], [1], [2]]
    assert 0.5 < alike[0] < 0.9 and alike[1] == pytest.approx(1)
    # Where the whole is one topic there, it is found, though no part is more than a half of it.
    one = np.vstack([PHI[0] / 2 + PHI[3] / 2, PHI[1], PHI[2]])
    columns, alike = partners(PHI, one, [[0, 3], [1], [2]], even)
    assert columns[0] == [0] and alike[0] == pytest.approx(1)
    # A topic by itself has its partner, however little alike.
    columns, alike = partners(PHI, strange, [[0], [1], [2], [3]], even)
    assert columns[3] == [3] and alike[3] < 0.5
    assert partners(PHI, PHI[:2], [[0], [1], [2], [3]], even)[0] == [[0], [1], [], []]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 6), st.sampled_from(["", "merge", "exclude", "theme", "style"]), st.integers(1, 6),
            st.sampled_from(["", *(marks(t) for t in range(1, 5))]),
        ),
        max_size=6, unique_by=lambda r: r[0],
    )
)  # fmt: skip
def test_whatever_is_ruled_every_topic_is_in_one_place_and_every_ruling_has_an_outcome(rows):
    rulings = [
        Ruling(topic, "", action, str(into) if action == "merge" else "", terms, number)
        for number, (topic, action, into, terms) in enumerate(rows, 2)
        if not (action == "merge" and topic == into)
    ]
    made = ruled(rulings, PHI, TERMS)
    assert sorted(t for own in made.members for t in own) == [0, 1, 2, 3]
    assert all(int(number) - 1 in own for number, own in zip(made.topic_ids, made.members, strict=True))
    assert not made.excluded.all()
    assert made.topic_ids.tolist() == sorted(made.topic_ids.tolist())
    assert len(made.outcomes) == sum(bool(r.action) for r in rulings) and made.outcomes["outcome"].ne("").all()
