"""The chosen model for other tools, read back as those tools read it."""

import gzip
import io
import json
from collections import Counter
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest
from baokan.tables import read_parquet
from baokan.topics.exports import (
    gensim_model,
    mallet_lines,
    phi_table,
    pyldavis_json,
    save_gensim,
    theta_table,
    topic_terms_table,
    write_exports,
    write_gzip,
    write_json,
)
from baokan.topics.folding_in import infer
from planted import planted
from scipy import sparse

ALPHA = 0.1
# Three topics of four words in three articles of 40, 20 and 20 words; each number by hand or by pyLDAvis 3.4.1.
PHI = np.array([[0.5, 0.3, 0.15, 0.05], [0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.4, 0.1]])
THETA = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]])
LENGTHS = np.array([40, 20, 20])
TERMS = ["春耕", "水库", "学校", "渔船"]
HOSTILE = ["New York", "C#", '"引', "it's", "百%20", "行\n尾", "列\t间", "全　角", "=1+1", "</script>", "\u2028界"]


@pytest.fixture(scope="module")
def press():
    """A planted model, the shares that it gives its articles, and their counts; the last article is empty."""
    truth = planted(k=3, n_docs=60, length=80, seed=4)
    counts = sparse.vstack([truth.counts, sparse.csr_matrix((1, truth.counts.shape[1]), dtype=np.int32)]).tocsr()
    return truth.phi, infer(truth.phi, ALPHA, counts), counts, truth.terms, [f"报/{i}.txt:1" for i in range(61)]


def state(lines):
    """A state as the tutorials of MALLET read it: the columns of the first line, two lines of priors skipped."""
    return pd.read_csv(io.StringIO("".join(lines)), sep=" ", skiprows=[1, 2], keep_default_na=False)


def lines_of(phi, theta, counts, terms=None, ids=None, seed=1, alpha=ALPHA):
    terms = terms or [f"词{i}" for i in range(phi.shape[1])]
    return list(mallet_lines(phi, theta, alpha, counts, terms, ids or [f"a{i}" for i in range(len(theta))], seed))


# --- tables


def test_the_terms_of_a_topic_are_ranked_and_ties_stand_in_the_order_of_the_terms():
    table = topic_terms_table(PHI, [1, 4, 7], TERMS, n=3)
    assert table["topic_id"].tolist() == [1, 1, 1, 4, 4, 4, 7, 7, 7]
    assert table["rank"].tolist() == [1, 2, 3] * 3
    assert table["term"].tolist() == ["春耕", "水库", "学校", "渔船", "学校", "水库", "学校", "春耕", "水库"]
    assert table["phi"].tolist() == [0.5, 0.3, 0.15, 0.4, 0.3, 0.2, 0.4, 0.25, 0.25]


def test_more_terms_than_there_are_is_all_of_them():
    assert len(topic_terms_table(PHI, [1, 2, 3], TERMS, n=50)) == 12


def test_wide_tables_have_a_column_for_each_topic_under_its_own_number():
    table = phi_table(PHI, [1, 4, 7], TERMS)
    assert list(table.columns) == ["term", "topic_1", "topic_4", "topic_7"]
    assert table.set_index("term").loc["渔船"].tolist() == [0.05, 0.4, 0.1]
    theta = theta_table(np.vstack([THETA, np.full(3, np.nan)]), [1, 4, 7], ["甲", "乙", "丙", "空"])
    assert theta.set_index("article_id").loc["乙"].tolist() == [0.1, 0.8, 0.1]
    assert theta.iloc[3, 1:].isna().all()


# --- MALLET


def test_a_state_has_each_word_as_often_as_it_was_counted(press):
    phi, theta, counts, terms, ids = press
    read = state(lines_of(phi, theta, counts, terms, ids))
    assert list(read.columns) == ["#doc", "source", "pos", "typeindex", "type", "topic"]
    back = sparse.coo_matrix((np.ones(len(read)), (read["#doc"], read["typeindex"])), shape=counts.shape)
    assert (back.toarray() == counts.toarray()).all()
    assert (read["type"] == np.array(terms)[read["typeindex"]]).all()
    assert (read["source"] == np.array(ids)[read["#doc"]]).all()
    assert (read["pos"] == read.groupby("#doc").cumcount()).all()


def test_words_are_assigned_as_theta_says_within_the_error_of_drawing(press):
    phi, theta, counts, *_ = press
    read = state(lines_of(phi, theta, counts))
    n = np.asarray(counts.sum(axis=1))[:-1]
    drawn = pd.crosstab(read["#doc"], read["topic"]).to_numpy()
    # theta is where the expected assignments and the prior together put it: so are they found back.
    expected = theta[:-1] * (n + 3 * ALPHA) - ALPHA
    assert (np.abs(drawn - expected) < 5 * np.sqrt(n) / 2 + 0.1).all()
    assert np.abs(drawn.sum(axis=0) - expected.sum(axis=0)).max() < 4 * np.sqrt(n.sum()) / 2
    # Words of one topic alone go to that topic.
    assert (read.loc[read["typeindex"] < 12, "topic"] == 0).all()


def test_a_word_that_topics_share_is_drawn_by_its_weight_in_them_and_by_theirs_in_the_article():
    read = state(lines_of(PHI, THETA, sparse.csr_matrix(np.full((3, 4), 2000))))
    for doc, word in ((0, 0), (1, 0), (2, 3)):
        here = read[(read["#doc"] == doc) & (read["typeindex"] == word)]
        drawn = np.bincount(here["topic"], minlength=3) / 2000
        weights = THETA[doc] * PHI[:, word]
        assert drawn == pytest.approx(weights / weights.sum(), abs=0.05)  # more than four standard errors


def test_the_priors_are_read_back_as_tutorials_read_them(press):
    phi, theta, counts, *_ = press
    _, alpha, beta = lines_of(phi, theta, counts, alpha=np.array([0.1, 0.3, 0.1]))[:3]
    assert [float(x) for x in alpha.strip().split(":")[1].split(" ")[1:]] == [0.1, 0.3, 0.1]
    assert float(beta.split(":")[1]) > 0


def test_the_same_seed_draws_the_same_and_another_does_not(press):
    phi, theta, counts, *_ = press
    assert lines_of(phi, theta, counts) == lines_of(phi, theta, counts)
    assert lines_of(phi, theta, counts) != lines_of(phi, theta, counts, seed=2)


def test_counts_whose_columns_are_unsorted_give_the_same_state(press):
    phi, theta, counts, *_ = press
    mixed = counts.copy()
    for start, end in zip(mixed.indptr[:-1], mixed.indptr[1:], strict=True):
        mixed.indices[start:end] = mixed.indices[start:end][::-1].copy()
        mixed.data[start:end] = mixed.data[start:end][::-1].copy()
    mixed.has_sorted_indices = False
    assert lines_of(phi, theta, mixed) == lines_of(phi, theta, counts)


def test_nothing_that_stands_in_a_term_or_a_name_breaks_the_columns():
    n = len(HOSTILE)
    phi, theta = np.full((2, n), 1 / n), np.full((1, 2), 0.5)
    lines = lines_of(phi, theta, sparse.csr_matrix(np.full((1, n), 2)), HOSTILE, ["日报 1期#2.txt:1"])
    assert all(len(line.split(" ")) == 6 and line.count("\n") == 1 for line in lines[3:])
    read = state(lines)
    assert Counter(map(unquote, read["type"])) == dict.fromkeys(HOSTILE, 2)
    assert set(map(unquote, read["source"])) == {"日报 1期#2.txt:1"}
    assert lines[3].split(" ")[1] == "日报%201期%232.txt:1"


def test_articles_without_shares_and_words_of_no_topic_are_left_out():
    phi = np.array([[0.5, 0.5, 0.0], [0.2, 0.8, 0.0]])
    theta = np.array([[0.6, 0.4], [np.nan, np.nan], [0.5, 0.5]])
    read = state(lines_of(phi, theta, sparse.csr_matrix([[2, 1, 5], [0, 0, 4], [0, 3, 0]])))
    assert Counter(zip(read["#doc"], read["typeindex"], strict=True)) == {(0, 0): 2, (0, 1): 1, (2, 1): 3}


def test_a_word_of_none_of_an_articles_topics_is_drawn_all_the_same():
    phi, theta = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    assert state(lines_of(phi, theta, sparse.csr_matrix([[1, 1]])))["topic"].tolist() == [0, 1]


def test_a_model_of_one_topic_and_a_corpus_without_words():
    phi = np.array([[0.25, 0.75]])
    assert set(state(lines_of(phi, np.ones((2, 1)), sparse.csr_matrix([[1, 2], [3, 0]])))["topic"]) == {0}
    empty = lines_of(phi, np.full((2, 1), np.nan), sparse.csr_matrix((2, 2)))
    assert len(empty) == 3


def test_a_gzip_has_the_lines_and_neither_date_nor_name(tmp_path):
    write_gzip(iter(["甲\n", "乙\udcff\n"]), tmp_path / "new/a.gz")
    write_gzip(iter(["甲\n", "乙\udcff\n"]), tmp_path / "b.gz")
    with gzip.open(tmp_path / "new/a.gz", "rt", encoding="utf-8") as file:
        assert file.read() == "甲\n乙?\n"
    data = (tmp_path / "new/a.gz").read_bytes()
    assert data == (tmp_path / "b.gz").read_bytes()
    assert data[3:8] == bytes(5)  # flags: no name; date: none (RFC 1952)


# --- LDAvis


def test_a_worked_example_of_ldavis():
    found = pyldavis_json(PHI, THETA, LENGTHS, TERMS, shown=2, step=0.5)
    # 40 * 0.7 + 20 * 0.1 + 20 * 0.3 = 36 of 80 words
    assert found["mdsDat"]["Freq"] == pytest.approx([45, 37.5, 17.5])
    assert np.abs(found["mdsDat"]["x"]) == pytest.approx([0.0825274, 0.0855070, 0.0029796], abs=1e-6)
    bars = pd.DataFrame(found["tinfo"])
    assert bars["Category"].tolist() == ["Default"] * 2 + ["Topic1"] * 2 + ["Topic2"] * 2 + ["Topic3"] * 3
    assert bars["Term"].tolist() == ["学校", "渔船", "春耕", "水库", "渔船", "学校", "学校", "水库", "春耕"]
    # Of topic 1: 36 words, half of them 春耕, which has 36 * 0.5 + 30 * 0.1 + 14 * 0.25 in all; lift 0.5 / (24.5 / 80)
    first = bars.iloc[2]
    assert (first["Freq"], first["Total"]) == (pytest.approx(18), pytest.approx(24.5))
    assert (first["logprob"], first["loglift"]) == (-0.6931, 0.4902)
    assert bars["Freq"].tolist()[:2] == [20, 15]
    table = pd.DataFrame(found["token.table"])
    assert table.loc[table["Term"] == "渔船", "Freq"].tolist() == pytest.approx([2 / 15.2, 12 / 15.2, 1 / 15.2])
    rest = {key: found[key] for key in ("R", "lambda.step", "topic.order")}
    assert rest == {"R": 2, "lambda.step": 0.5, "topic.order": [1, 2, 3]}


def test_topics_that_share_words_lie_near_each_other_and_the_map_does_not_turn():
    phi = np.array([[0.6, 0.4, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5], [0.2, 0.2, 0.3, 0.3]])
    found = pyldavis_json(phi, np.full((1, 4), 0.25), [100], TERMS)["mdsDat"]
    at = np.array([found["x"], found["y"]]).T
    apart = np.linalg.norm(at[:, None] - at, axis=2)
    assert apart[0, 1] < apart[3, 0] < apart[2, 0]
    assert all(axis[np.argmax(np.abs(axis))] > 0 for axis in at.T)


@pytest.mark.parametrize(("k", "v", "shown", "step"), [(6, 80, 30, 0.01), (2, 12, 30, 0.1), (4, 40, 5, 0.05)])
def test_the_numbers_are_those_of_pyldavis(k, v, shown, step):
    real = pytest.importorskip("pyLDAvis", reason="pyLDAvis is not installed: only the worked example is checked")
    rng = np.random.default_rng(v)
    phi, theta = rng.dirichlet(np.full(v, 0.2), k) + 1e-6, rng.dirichlet(np.full(k, 0.3), 50)
    phi /= phi.sum(axis=1, keepdims=True)
    lengths, terms = rng.integers(5, 300, 50), [f"词{i}" for i in range(v)]
    ours = pyldavis_json(phi, theta, lengths, terms, shown, step)
    options = {"sort_topics": False, "n_jobs": 1, "R": shown, "lambda_step": step}
    theirs = json.loads(real.prepare(phi, theta, lengths, terms, np.ones(v), **options).to_json())
    assert list(ours) == list(theirs)
    for name in ("tinfo", "token.table", "mdsDat"):
        for column, values in theirs[name].items():
            if isinstance(values[0], str):
                assert ours[name][column] == values
            elif column in ("x", "y"):
                turned = np.sign(np.dot(ours[name][column], values)) or 1
                assert turned * np.array(ours[name][column]) == pytest.approx(values, abs=1e-9)
            else:
                assert ours[name][column] == pytest.approx(values, abs=1e-9)
    assert all(ours[name] == theirs[name] for name in ("R", "lambda.step", "plot.opts", "topic.order"))


def test_articles_without_shares_and_words_of_no_topic_change_nothing_of_ldavis():
    more = np.hstack([PHI, np.zeros((3, 1))])
    theta = np.vstack([THETA, np.full(3, np.nan)])
    assert pyldavis_json(more, theta, [*LENGTHS, 9], [*TERMS, "无"]) == pyldavis_json(PHI, THETA, LENGTHS, TERMS)


def test_one_topic_is_drawn_in_the_middle_and_a_word_that_it_lacks_has_a_number(tmp_path):
    found = pyldavis_json(np.array([[0.7, 0.3]]), np.ones((2, 1)), [10, 20], ["甲甲", "乙乙"])
    assert (found["mdsDat"]["x"], found["mdsDat"]["y"], found["mdsDat"]["Freq"]) == ([0.0], [0.0], [100.0])
    write_json(pyldavis_json(np.eye(2), np.full((1, 2), 0.5), [4], ["甲甲", "乙乙"]), tmp_path / "v.json")
    assert "Infinity" not in (tmp_path / "v.json").read_text(encoding="utf-8")


def test_no_term_can_end_the_script_that_the_json_stands_in(tmp_path):
    terms = [*HOSTILE[:2], "</script>", "甲\udcff"]
    write_json(pyldavis_json(PHI, THETA, LENGTHS, terms), tmp_path / "v.json")
    text = (tmp_path / "v.json").read_text(encoding="utf-8")
    assert "<" not in text
    assert {"New York", "C#", "</script>"} < set(json.loads(text)["tinfo"]["Term"])


# --- gensim


def loaded(model, folder):
    from gensim.models import LdaModel

    save_gensim(model, folder)
    return LdaModel.load(str(folder / "lda.gensim"))


def test_gensim_loads_the_model_and_has_the_same_topics(press, tmp_path):
    phi, _, _, terms, _ = press
    model = loaded(gensim_model(phi, ALPHA, terms), tmp_path / "new/gensim")
    assert np.abs(model.get_topics() - phi).max() < 1e-7
    assert model.id2word.doc2bow([terms[5], "别处", terms[5]]) == [(5, 2)]
    assert model.show_topic(1, 3)[0][0] == terms[phi[1].argmax()]
    assert model.alpha == pytest.approx([ALPHA] * 3)


def test_gensim_finds_the_topics_of_an_article_that_the_report_finds(press, tmp_path):
    phi, theta, counts, terms, _ = press
    model = loaded(gensim_model(phi, ALPHA, terms), tmp_path)
    for doc in range(20):
        bag = list(zip(counts[doc].indices.tolist(), counts[doc].data.tolist(), strict=True))
        shares = [share for _, share in model.get_document_topics(bag, minimum_probability=0)]
        assert shares == pytest.approx(theta[doc], abs=0.02)


def test_gensim_bears_a_word_of_no_topic_one_topic_and_a_prior_for_each(tmp_path):
    model = loaded(gensim_model(np.array([[0.5, 0.5, 0.0]]), 0.1, TERMS[:3]), tmp_path / "one")
    assert model.get_document_topics([(0, 2), (2, 1)]) == [(0, pytest.approx(1))]
    lacking = loaded(gensim_model(np.array([[1, 0, 0], [0, 1, 0]]), 0.1, TERMS[:3]), tmp_path / "lacking")
    assert lacking.get_topics().ravel() == pytest.approx([1, 0, 0, 0, 1, 0], abs=1e-7)
    assert dict(lacking.get_document_topics([(0, 2), (2, 1)]))[0] > 0.9
    assert np.isfinite(lacking.log_perplexity([[(0, 2), (2, 1)]]))
    merged = loaded(gensim_model(PHI, np.array([0.1, 0.3, 0.1]), TERMS), tmp_path / "merged")
    assert merged.alpha == pytest.approx([0.1, 0.3, 0.1])


# --- all of them


def test_all_exports_are_written_twice_with_the_same_bytes_and_disarmed(tmp_path):
    terms = ["=1+1", "水库", "New York", "渔船"]
    files = {"phi": "phi.parquet", "theta": "theta.parquet", "phi_csv": "phi.csv", "theta_csv": "theta.csv"}
    files |= {"top_terms": "top_terms.csv", "state": "state.gz", "ldavis": "ldavis.json", "gensim": "gensim"}
    theta, ids = np.vstack([THETA, np.full(3, np.nan)]), ["@甲", "乙", "丙", "空"]
    counts = sparse.csr_matrix([[20, 12, 6, 2], [2, 4, 6, 8], [5, 5, 8, 2], [0, 0, 0, 0]])
    for run in ("a", "b"):
        paths = {name: str(tmp_path / run / file) for name, file in files.items()}
        write_exports(paths, PHI, theta, ALPHA, [1, 2, 3], terms, counts, ids, seed=1912)
    written = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert {str(p.parts[0]) for p in written} == set(files.values())
    assert all((tmp_path / "a" / p).read_bytes() == (tmp_path / "b" / p).read_bytes() for p in written)
    read = {
        name: pd.read_csv(tmp_path / "a" / name, encoding="utf-8-sig")
        for name in ("top_terms.csv", "phi.csv", "theta.csv")
    }
    assert "'=1+1" in set(read["top_terms.csv"]["term"]) and read["phi.csv"]["term"][0] == "'=1+1"
    assert read["theta.csv"]["article_id"][0] == "'@甲"
    assert read["theta.csv"].iloc[3, 1:].isna().all()
    # Parquet is for programs: nothing is put before what it holds.
    assert read_parquet(tmp_path / "a/phi.parquet")["term"][0] == "=1+1"
