"""The calibration (benchmarks/end_to_end.py, pretend.py): corpora are what they say, runs are kept, counts are right."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from baokan.tables import write_parquet
from baokan.topics.reported import ReportedModel
from scipy.stats import chisquare


def _loaded(name: str):
    path = Path(__file__).parents[2] / f"benchmarks/{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_before = list(sys.path)
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
# The benchmarks have a module of a name that the tests have too: neither may get the other's.
_planted = sys.modules.pop("planted", None)
# Under the name that pretend imports it by, so that both are the same module.
sys.modules["end_to_end"] = end_to_end = _loaded("end_to_end")
pretend = _loaded("pretend")
sys.path[:] = _before
sys.modules.pop("planted", None)
if _planted is not None:
    sys.modules["planted"] = _planted

Cell, SHARES, PLANTED, BALANCE = end_to_end.Cell, end_to_end.SHARES, end_to_end.PLANTED, end_to_end.BALANCE
K = len(SHARES)
NULL, EIGHT = Cell(), end_to_end.CELLS["ratio8"]


# What is planted.


@pytest.mark.parametrize("lasting", [0.0, 0.4])
def test_prevalences_have_the_mean_the_spread_and_the_autocorrelation_that_they_say(lasting):
    n = 40_000
    drawn = end_to_end.prevalences(np.random.default_rng(1), SHARES, n, 0.13, lasting)
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    # The variance of a Dirichlet of the precision 1 / alike - 1 is p (1 - p) alike; that of a mean of issues of which each
    # repeats the one before with probability r is (1 + r) / (1 - r) times that over n.
    variance = SHARES * (1 - SHARES) * 0.13
    error = np.sqrt(variance * (1 + lasting) / (1 - lasting) / n)
    assert (np.abs(drawn.mean(axis=0) - SHARES) < 4 * error).all()
    # The kurtosis of these shares is up to 10: the relative standard error of a variance is sqrt((10 - 1) / n), times
    # sqrt((1 + r) / (1 - r)): 2.3 %.
    np.testing.assert_allclose(drawn.var(axis=0), variance, rtol=0.1)
    centred = drawn - drawn.mean(axis=0)
    for lag in (1, 2, 3):
        found = (centred[lag:] * centred[:-lag]).mean(axis=0) / centred.var(axis=0)
        # Its standard error is 1 / sqrt(n) of normal series, and some 1.7 times that of such skewed ones: 0.009.
        np.testing.assert_allclose(found, lasting**lag, atol=0.04)


def test_articles_of_an_issue_are_as_alike_as_planted():
    rng, n, m = np.random.default_rng(2), 6_000, 8
    for alike in (0.04, 0.13):
        prevalence = end_to_end.prevalences(rng, SHARES, n, alike, 0.0)
        subject, _ = end_to_end.mixtures(rng, prevalence, m)
        found = []
        for topic in range(K):
            x = (subject == topic).astype(float)
            between, within = m * x.mean(axis=1).var(ddof=1), x.var(axis=1, ddof=1).mean()
            found.append((between - within) / (between + (m - 1) * within))
        # The intra-class correlation of a one-way analysis of variance (Fisher 1925); its standard error is about
        # sqrt(2 / (n m (m - 1))) (1 - r) (1 + (m - 1) r) = 0.004 of normal data, twice that of what is rare.
        np.testing.assert_allclose(found, alike, atol=0.03)
        assert np.mean(found) == pytest.approx(alike, abs=0.01)


def test_mixtures_are_around_their_subject_and_their_mean_is_the_prevalence():
    rng = np.random.default_rng(3)
    prevalence = np.tile(SHARES, (4_000, 1))
    subject, theta = end_to_end.mixtures(rng, prevalence, 5)
    np.testing.assert_allclose(theta.sum(axis=2), 1)
    n = subject.size
    assert (np.abs(theta.mean(axis=(0, 1)) - SHARES) < 4 * np.sqrt(SHARES * (1 - SHARES) / n)).all()
    own = np.take_along_axis(theta, subject[:, :, None], axis=2).ravel()
    # FOCUS and what the background adds to it; a share has a standard deviation below 0.2.
    expected = end_to_end.FOCUS + (1 - end_to_end.FOCUS) * (SHARES**2).sum()
    assert own.mean() == pytest.approx(expected, abs=4 * 0.2 / np.sqrt(n))


@pytest.mark.parametrize("ratio", [1, 2, 4, 8])
def test_a_planted_ratio_is_of_two_topics_only_and_leaves_ten_per_cent(ratio):
    a, b = end_to_end.shares_of(ratio)
    assert (a.sum(), b.sum()) == (pytest.approx(1), pytest.approx(1))
    assert a[PLANTED] / b[PLANTED] == pytest.approx(ratio)
    assert a[PLANTED] + b[PLANTED] == pytest.approx(0.2)
    others = [k for k in range(K) if k not in (PLANTED, BALANCE)]
    np.testing.assert_array_equal(a[others], b[others])
    assert (np.stack([a, b]) > 0.01).all()


def test_sources_have_the_prevalences_of_their_cell():
    cell = Cell(issues=(3_000, 1_500), articles=8, ratio=4)
    made = end_to_end.planted_mixtures(cell, np.random.default_rng(4))
    for (subject, theta), n, shares in zip(made, cell.issues, end_to_end.shares_of(4), strict=True):
        assert subject.shape == (n, 8)
        # Eight articles of an issue count as 8 / (1 + 7 x 0.13) that have nothing to do with each other.
        error = np.sqrt(shares * (1 - shares) * (1 + 7 * end_to_end.ALIKE) / (8 * n))
        assert (np.abs(np.bincount(subject.ravel(), minlength=K) / subject.size - shares) < 4 * error).all()
        assert (np.abs(theta.mean(axis=(0, 1)) - shares) < 4 * error).all()


@pytest.fixture(scope="module")
def small():
    return end_to_end.corpus(Cell(issues=(24, 12), articles=6, ratio=4), 5)


def test_a_corpus_has_its_issues_days_and_articles(small):
    truth = small.truth
    assert truth.groupby("source")["file"].nunique().to_dict() == {"a": 24, "b": 12}
    assert (truth.groupby("file").size() == 6).all()
    assert len(small.theta) == len(truth) == 216
    days = {s: sorted(Path(f).stem for f in rows["file"]) for s, rows in truth.groupby("source")}
    assert (days["a"][0], days["a"][-1]) == (days["b"][0], days["b"][-1])
    apart = Cell(issues=(3, 2), apart=True)
    assert end_to_end.days(apart, 0)[-1] < end_to_end.days(apart, 1)[0]
    assert [len(set(end_to_end.days(apart, place))) for place in (0, 1)] == [3, 2]


def test_words_in_the_text_are_drawn_from_the_mixtures(small):
    counts, place = np.zeros(len(small.words)), {word: i for i, word in enumerate(small.words)}
    for row in small.truth.itertuples():
        text, n, i = small.files[row.file][row.start : row.end], 0, 0
        while i < len(text):
            if text[i : i + 2] in place:
                counts[place[text[i : i + 2]]] += 1
                n, i = n + 1, i + 2
            else:
                assert text[i] in {*end_to_end.JOINTS, *"，。\n　"}
                i += 1
        assert n == row.n_words
    expected = (small.truth["n_words"].to_numpy() @ small.theta) @ small.phi
    # Rare words together: a chi-squared test needs five of each.
    many = expected >= 5
    found = [*counts[many], counts[~many].sum()]
    assert chisquare(found, [*expected[many], expected[~many].sum()]).pvalue > 0.001
    # And not from another's: with topics exchanged they do not fit.
    wrong = ((small.truth["n_words"].to_numpy() @ small.theta) @ np.roll(small.phi, 1, axis=0)).clip(1e-9)
    wrong = np.array([*wrong[many], wrong[~many].sum()])
    assert chisquare(found, wrong * sum(found) / wrong.sum()).pvalue < 1e-6


def test_the_same_run_has_the_same_text_and_another_another():
    cell = Cell(issues=(2, 2), articles=2)
    one, again, other = (end_to_end.corpus(cell, run) for run in (1, 1, 2))
    assert one.files == again.files
    assert one.files.keys() == other.files.keys()
    assert all(one.files[f] != other.files[f] for f in one.files)
    assert end_to_end.corpus(cell._replace(lasting=0.4), 1).files != one.files


# What is kept.


def test_what_is_kept_is_not_made_again(tmp_path):
    path, calls = tmp_path / "deep" / "run.json", []

    def make():
        calls.append(1)
        return {"a": [1, None, "字"]}

    assert end_to_end.kept(path, make) == end_to_end.kept(path, make) == {"a": [1, None, "字"]}
    assert len(calls) == 1


def test_a_run_that_fails_leaves_nothing_behind(tmp_path):
    def fails():
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        end_to_end.kept(tmp_path / "run.json", fails)
    assert not (tmp_path / "run.json").exists()
    assert end_to_end.kept(tmp_path / "run.json", lambda: {"made": 1}) == {"made": 1}


def test_a_key_changes_with_cell_run_text_and_code_and_with_nothing_else():
    cell = Cell(issues=(2, 2), articles=2)
    made = end_to_end.corpus(cell, 1)
    first, name = next(iter(made.files)), end_to_end.key(cell, 1, made, "code")
    assert name == end_to_end.key(cell, 1, end_to_end.corpus(cell, 1), "code")
    others = {
        end_to_end.key(cell._replace(apart=True), 1, made, "code"),
        end_to_end.key(cell, 2, made, "code"),
        end_to_end.key(cell, 1, made._replace(files=made.files | {first: "别的"}), "code"),
        end_to_end.key(cell, 1, made, "other code"),
    }
    assert len({name, *others}) == 5


@pytest.fixture
def calibration(monkeypatch, tmp_path, capsys):
    """Runs the command with a pipeline that is none; gives what was printed and which runs were made."""
    made = []

    def ran(project, cell, run, corpus):
        made.append((cell, run))
        return told_run(cell, run=run)

    monkeypatch.setattr(end_to_end, "copied_project", lambda target: target)
    monkeypatch.setattr(end_to_end, "ran", ran)

    def command(*arguments):
        made.clear()
        monkeypatch.setattr(sys, "argv", ["end_to_end.py", "--out", str(tmp_path), *arguments])
        end_to_end.main()
        return capsys.readouterr().out, list(made)

    return command


def test_an_interrupted_calibration_goes_on_where_it_was(calibration, monkeypatch, tmp_path):
    printed, made = calibration("--runs", "2", "--cells", "null")
    assert sorted(run for _, run in made) == [0, 1]
    assert len(list(tmp_path.glob("*.json"))) == 2
    again, made = calibration("--runs", "2", "--cells", "null")
    assert made == []
    assert again == printed
    _, made = calibration("--runs", "3", "--cells", "null", "apart")
    assert sorted(made) == sorted(
        [(end_to_end.CELLS["null"], 2), *((end_to_end.CELLS["apart"], run) for run in range(3))]
    )
    monkeypatch.setattr(end_to_end, "digest", lambda *modules, extra=(): "changed code")
    _, made = calibration("--runs", "1", "--cells", "null")
    assert len(made) == 1


# What is read of a run.


def test_a_finished_run_is_read_against_what_was_planted(tmp_path):
    # Two planted topics; the run has three articles: of the second, the first, and of no planted article; it lost the third.
    truth = pd.DataFrame({"file": ["a/1.txt", "a/1.txt", "b/1.txt"], "start": [10, 60, 10], "end": [50, 90, 50]})
    theta = np.array([[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]])
    made = end_to_end.Corpus({}, truth, theta, np.eye(2), ["百姓", "地产"])
    articles = pd.DataFrame(
        {"document_id": ["a/1.txt", "a/1.txt", "b/1.txt"], "spans": [[[52, 90]], [[0, 45], [88, 90]], [[0, 8]]]}
    )
    # Found topics are the planted ones, but topic 1 is the second of the model.
    found = np.array([[0.25, 0.75], [0.75, 0.25], [0.1, 0.9]])
    for name in ("corpus", "topics", "compare"):
        (tmp_path / name).mkdir()
    write_parquet(articles, tmp_path / "corpus/articles.parquet")
    two = np.arange(2)
    of_topics = ["甲", "乙"], two + 1, ["", ""], two > 1, ["", ""]  # terms, and what is said of the topics
    ReportedModel(0, 0.1, np.eye(2), np.ones(2), two, found, *of_topics).save(tmp_path / "topics/model.npz")
    write_parquet(pd.DataFrame({"topic_id": [2, 1]}), tmp_path / "topics/topics.parquet")
    rows = pd.DataFrame({name: [0.5, np.nan] for name in end_to_end.KEPT})
    rows = rows.assign(
        topic_id=[2, 1], weighting="article", eligible=[True, False], grade="descriptive", grade_reasons=""
    )
    write_parquet(rows, tmp_path / "compare/contrasts.parquet")
    said = json.loads(json.dumps(end_to_end.measured(tmp_path, made), allow_nan=False))
    assert said["lost"] == 1
    np.testing.assert_allclose(said["weights"], [[0, 1], [1, 0]], atol=1e-5)
    # cosine of (0.75, 0.25) and (0.25, 0.75): 0.375 / 0.625
    np.testing.assert_allclose(said["cosine"], [[0.6, 1], [1, 0.6]], atol=1e-4)
    assert said["contrasts"]["topic_id"] == [1, 2]
    assert said["contrasts"]["p"] == [None, 0.5]


def told_run(cell: Cell = NULL, grades: dict[int, str] | None = None, run: int = 0, **more) -> dict:
    """A run whose topics are the planted ones. grades: of topics that are not descriptive; more: by column, values by topic."""
    a, b = end_to_end.shares_of(cell.ratio)
    table = {"topic_id": list(range(1, K + 1)), "weighting": ["article"] * K, "eligible": [True] * K}
    table |= {"difference": list(a - b), "lower": list(a - b - 0.05), "upper": list(a - b + 0.05)}
    table["grade"] = [(grades or {}).get(k, "descriptive") for k in range(K)]
    for name, values in more.items():
        for topic, value in values.items():
            table[name][topic] = value
    same = {"cosine": np.eye(K).tolist(), "weights": np.eye(K).tolist()}
    return {"cell": json.loads(json.dumps(cell)), "run": run, "seconds": 20.0, "lost": 0, "contrasts": table, **same}


SURE, MAYBE = "established", "suggestive"


def test_claims_about_topics_without_a_difference_are_false():
    quiet, loud = end_to_end.verdict(told_run()), end_to_end.verdict(told_run(NULL, {2: MAYBE, PLANTED: SURE}))
    assert (quiet.false, quiet.false_sure, quiet.claims, quiet.covers_none) == (0, 0, 0, 1.0)
    assert (loud.false, loud.false_sure, loud.claims) == (2, 1, 2)
    # Where something is planted, the planted topic and the one that makes room for it differ: no false claims.
    right = end_to_end.verdict(told_run(EIGHT, {PLANTED: SURE, BALANCE: MAYBE, 7: MAYBE}))
    assert (right.false, right.false_sure, right.claims) == (1, 0, 3)
    assert (right.found, right.sign, right.grade, right.covers) == (True, True, SURE, True)


def test_what_is_wrong_with_the_planted_topic_is_seen():
    a, b = end_to_end.shares_of(8)
    planted = (a - b)[PLANTED]
    missed = end_to_end.verdict(told_run(EIGHT, lower={PLANTED: planted + 0.01}, upper={PLANTED: planted + 0.2}))
    assert (missed.grade, missed.covers, missed.covers_none) == ("descriptive", False, 1.0)
    assert not end_to_end.verdict(told_run(EIGHT, difference={PLANTED: -planted})).sign
    refused = end_to_end.verdict(
        told_run(EIGHT, eligible={PLANTED: False}, lower={PLANTED: None}, upper={PLANTED: None})
    )
    assert refused.covers is None
    run = told_run(EIGHT)
    run["cosine"][PLANTED][PLANTED] = 0.1
    assert not end_to_end.verdict(run).found
    # Two planted topics in one found: not the planted one alone.
    run["cosine"][PLANTED][3], run["cosine"][3][3] = 0.8, 0.9
    assert not end_to_end.verdict(run).found


def test_a_topic_that_holds_a_part_of_the_planted_one_is_not_without_a_difference():
    run = told_run(EIGHT, {2: SURE})
    assert end_to_end.verdict(run).false_sure == 1
    run["weights"][PLANTED][2] = 0.5
    assert end_to_end.verdict(run).false_sure == 0


def test_coverage_of_no_difference_counts_eligible_topics():
    # Of ten topics one is refused and two of nine intervals miss 0.
    run = told_run(eligible={0: False}, lower={1: 0.01, 0: 0.01}, upper={2: -0.01})
    assert end_to_end.verdict(run).covers_none == pytest.approx(7 / 9)


def test_intervals_of_proportions_are_those_of_newcombe():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    for hits, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        assert end_to_end.wilson(hits, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert end_to_end.wilson(0, 0) == (0, 1)


def summed(**runs: list[dict]) -> tuple[list[list[str]], str]:
    """Cells of the table by row, and the rest of the summary."""
    table, _, rest = end_to_end.summary(runs).partition("\n\n")
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in table.split("\n")], rest


def test_the_summary_counts_runs_by_cell():
    planted = [
        told_run(EIGHT, {PLANTED: SURE}),
        told_run(EIGHT, {PLANTED: MAYBE, 3: MAYBE}),
        told_run(EIGHT),
        told_run(EIGHT, {PLANTED: MAYBE}, difference={PLANTED: -0.1}, lower={PLANTED: -0.2}, upper={PLANTED: -0.01}),
        told_run(EIGHT, {PLANTED: SURE}),
    ]
    planted[-1]["cosine"][PLANTED][PLANTED] = 0.1
    rows, _ = summed(
        null=[told_run(), told_run(NULL, {1: MAYBE})], apart=[told_run(end_to_end.CELLS["apart"])] * 2, ratio8=planted
    )
    by_cell = {row[0]: row[1:] for row in rows}
    assert rows[0] == end_to_end.HEAD
    assert by_cell["null"][1:5] == ["2", "50 [9, 91]", "0 [0, 66]", "50"]
    assert by_cell["all null"][:3] == ["4", "25 [5, 70]", "0 [0, 49]"]
    # One of five runs says something false, a half of its claims: a tenth of claims on average.
    assert by_cell["ratio8"][1:6] == ["5", "20 [4, 62]", "0 [0, 43]", "10", "100.0"]
    # The fifth did not find the planted topic: the rest is told of four.
    assert [cell.split()[0] for cell in by_cell["ratio8"][6:]] == ["80", "75", "50", "25", "75"]


def test_a_broken_promise_is_said():
    assert end_to_end.most(100) == pytest.approx(0.065 + 2 * np.sqrt(0.065 * 0.935 / 100))
    # Of 100 runs up to 11.4 % may be false.
    for n, broken in [(11, False), (12, True)]:
        _, rest = summed(null=[told_run(NULL, {1: MAYBE})] * n + [told_run()] * (100 - n))
        assert ("No promise is seen to be broken" not in rest) == broken
        assert ("null: a false claim in 12.0%" in rest) == broken
    _, rest = summed(ratio8=[told_run(EIGHT, {PLANTED: SURE, 1: SURE})] * 20)
    assert "ratio8: something false established" in rest
    _, rest = summed(
        apart=[told_run(end_to_end.CELLS["apart"], {1: SURE})] + [told_run(end_to_end.CELLS["apart"])] * 99
    )
    assert "apart: sources of different periods" in rest
    # Few runs show little, and the summary says how little: 0.065 + 2 sqrt(0.065 x 0.935 / 4) = 0.3115.
    _, rest = summed(null=[told_run()] * 4, apart=[told_run(end_to_end.CELLS["apart"])] * 9)
    assert "The fewest runs of a cell are 4, of which up to 31% may be false and pass" in rest
    assert end_to_end.summary({"null": []}) == "no runs"


# Real text: issues of one source dealt out to two.


def test_splits_are_what_they_are_called():
    found = pretend.splits(20, 50, 1)
    as_text = {kind: {"".join("ba"[int(one)] for one in mask) for mask in masks} for kind, masks in found.items()}
    assert as_text["odd and even"] == {"ab" * 10}
    assert as_text["first half and second"] == {"a" * 10 + "b" * 10}
    assert as_text["two periods, cut anywhere"] == {"a" * i + "b" * (20 - i) for i in range(6, 15)}
    assert "aaaaabbbbbaaaaabbbbb" in as_text["blocks of 5"]
    assert as_text["blocks of 2"] == {"aabb" * 5, "abba" * 5}
    assert "blocks of 10" not in found
    assert found["at random"].shape == (50, 20)
    assert (found["at random"].sum(axis=1) == 10).all()
    assert (np.abs(found["at random"].mean(axis=0) - 0.5) < 4 * 0.5 / np.sqrt(50)).all()


@pytest.mark.parametrize("n", [2, 11, 12, 13, 373])
def test_every_split_leaves_enough_issues_on_both_sides(n):
    for masks in pretend.splits(n, 5, 1).values():
        sizes = masks.sum(axis=1)
        assert len(masks)
        assert (np.minimum(sizes, n - sizes) >= pretend.MIN_ISSUES).all()
    assert bool(pretend.splits(n, 5, 1)) == (n >= 12)


def pressed(shares: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Daily issues of twenty articles, with the shares, shape (n, K)."""
    days = pd.date_range("2021-01-01", periods=len(shares)).strftime("%Y-%m-%d")
    table = pd.DataFrame(
        {"source": "paper", "publication": "", "issue_id": [f"paper//{d}" for d in days], "date": days}
    )
    return table.assign(n_articles=20), shares


def noisy(mean: np.ndarray, seed: int = 0) -> np.ndarray:
    """Shares of three topics around the share `mean`, shape (n,), of the first."""
    first = (mean + np.random.default_rng(seed).normal(0, 0.02, len(mean))).clip(0.01, 0.9)
    return np.column_stack([first, 0.6 * (1 - first), 0.4 * (1 - first)])


def test_a_drift_is_at_most_suggestive_and_says_source_and_period():
    place = np.arange(40)
    issues, shares = pressed(noisy(np.where(place < 20, 0.4, 0.1)))
    said = pretend.compared(issues, shares, place < 20, 1)
    assert said["topics"] == said["p_old"] == 3
    assert said["claims"] == said["period"] == said["any_new"] * 3
    assert said["established"] == 0


def test_a_difference_at_the_same_time_may_be_established_and_speaks_of_no_period():
    place = np.arange(40)
    issues, shares = pressed(noisy(np.where(place % 2 == 0, 0.4, 0.1)))
    said = pretend.compared(issues, shares, place % 2 == 0, 1)
    assert said["claims"] == said["established"] == said["p_new"] == said["p_old"] == 3
    assert said["period"] == 0


def test_the_allowance_takes_claims_from_blocks_of_alike_issues_and_adds_none():
    old = new = p_old = p_new = 0
    place = np.arange(40)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        slow = np.zeros(40)
        for i in range(1, 40):
            slow[i] = 0.7 * slow[i - 1] + rng.normal(0, 0.05)
        issues, shares = pressed(noisy(0.3 + slow, seed))
        said = pretend.compared(issues, shares, place < 20, seed)
        assert said["p_new"] <= said["p_old"]
        assert said["family_new"] <= said["family_old"] <= said["any_old"]
        old, new = old + said["any_old"], new + said["any_new"]
        p_old, p_new = p_old + said["p_old"], p_new + said["p_new"]
    assert old >= 12
    assert new <= old / 2
    assert p_old >= 3 * old  # three topics that go together
    assert p_new <= p_old / 2


def test_nothing_eligible_is_nothing_claimed():
    issues, shares = pressed(noisy(np.full(12, 0.3)))
    said = pretend.compared(issues.assign(n_articles=1), shares, np.arange(12) < 6, 1)
    assert set(said) == set(pretend.COUNTED)
    assert not any(said.values())


def test_the_table_of_a_source_counts_its_splits():
    lines = pretend.table_of(*pressed(noisy(np.full(12, 0.3))), random=3).split("\n")
    assert lines[1].split()[:3] == ["at", "random", "3"]
    # Twelve issues: cut in the middle only, and blocks of two and three from each start that leaves six.
    assert [line.split("  ")[0] for line in lines[2:]] == [
        "first half and second", "two periods, cut anywhere", "odd and even", "blocks of 2", "blocks of 3",
    ]  # fmt: skip


def test_without_records_it_says_that_it_needs_some(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["pretend.py"])
    pretend.main()
    assert "no records were named" in capsys.readouterr().out


def test_issues_stand_in_order_of_time_whatever_their_publication():
    issues = pd.DataFrame({"publication": ["z", "a", "z"], "date": ["2021-01-01", "2021-01-02", ""]})
    issues = issues.assign(source="s", issue_id=["s/z/1", "s/a/2", "s/z/3"])
    ordered, shares = pretend.in_time(issues, np.array([[1.0], [2.0], [3.0]]))
    assert ordered["issue_id"].tolist() == ["s/z/3", "s/z/1", "s/a/2"]
    assert shares.ravel().tolist() == [3, 1, 2]


def test_a_path_that_is_nothing_is_refused_in_words(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["pretend.py", str(tmp_path / "absent.jsonl")])
    with pytest.raises(SystemExit):
        pretend.main()
    assert "neither a file of records nor the folder of a finished run" in capsys.readouterr().err


def test_the_copy_that_runs_are_made_in_is_a_whole_workflow(tmp_path):
    project = end_to_end.copied_project(tmp_path / "project")
    (project / "corpus/daily").mkdir(parents=True)
    (project / "corpus/daily/2023-01-01.txt").write_text("水位退了。\n", encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--list-rules", "--config", "corpus=corpus"]
    environment = os.environ | {"PYTHONPATH": "workflow"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and "compare" in done.stdout.split(), done.stderr
