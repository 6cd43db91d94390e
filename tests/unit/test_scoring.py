"""The shares of texts by the model of a run: new ones, and those of the corpus again."""

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from baokan.errors import UserError
from baokan.numbers import percent
from baokan.tables import write_parquet
from baokan.topics.folding_in import infer
from baokan.topics.scoring import UNKNOWN, document, known_in_corpus, main, score
from baokan.words.counting import article_counts
from baokan.words.lexicon import terms_in_force, word_lists
from baokan.words.segmentation import tokens_of
from baokan.words.vocabulary import kept_terms, words_tables
from planted import reported

RIVER = [
    "水库管理处昨天开闸放水，下游渔民把渔船靠岸，检查渔网。水位上涨，堤坝由民兵看守。",
    "渔民说，今年的渔船比去年多，水位也高。水库管理处要求渔船在洪水以前靠岸。",
    "堤坝加固工程完成，民兵和渔民一起运送石料。洪水过后水位下降，渔网晒满堤坝。",
    "洪水冲坏渔船，水库管理处发放石料，民兵加固堤坝，渔民修补渔网。",
]
SCHOOL = [
    "学校开学，老师带学生打扫教室，课本发到每个孩子。家长把粮食送到食堂。",
    "食堂的粮食由家长轮流送来，孩子在学校吃饭。老师说，教室不够，学生轮流上课。",
    "老师给孩子补课，学生在教室读课本。星沙洼小学的家长参加劳动，学校食堂扩建。",
    "家长来信说，星沙洼小学的课本太旧，学生两人合用。学校答复，老师已去领取课本。",
]
WORDS = {
    "engine": "rjieba", "simplify": True, "discover": "use", "parts_of_speech": "content", "min_length": 2,
    "min_articles": 2, "min_issues": 1, "max_article_share": 1.0, "max_issue_share": 1.0, "keep": [],
    "source_stopwords": {"刊": ["渔船"]}, "stopwords": ["config/stop.txt"], "terms": ["config/terms.txt"],
}  # fmt: skip
ALPHA = 0.1
IDS = [f"报/{i}.txt:1" for i in range(4)] + [f"刊/{i}.txt:1" for i in range(4)] + ["刊/空.txt:1"]
# By turns, so that both sources have both.
TEXTS = [text for pair in zip(RIVER, SCHOOL, strict=True) for text in pair] + ["！"]
TITLES = ["渔船靠岸", "", "", "学校食堂", "", "", "渔民来信", "", ""]


class Run:
    """A folder as a run leaves it: what scoring reads of it, and theta as the run has it."""

    def __init__(self, root: Path):
        self.root, self.results = root, root / "results" / "河报"
        (root / "config").mkdir()
        (root / "config/terms.txt").write_text("水库管理处  # 名\n", encoding="utf-8")
        (root / "config/stop.txt").write_text("昨天\n今年\n", encoding="utf-8")
        discovered = pd.DataFrame({"term": ["星沙洼小学", "老师说"], "status": ["kept", "too loose"]})
        terms = terms_in_force([root / "config/terms.txt"], discovered, "use")
        self.articles = pd.DataFrame(
            {
                "article_id": IDS, "title": TITLES, "text": TEXTS, "source": ["报"] * 4 + ["刊"] * 5,
                "issue_id": [str(i // 2) for i in range(9)], "document_id": IDS, "duplicate_of": "",
            }
        )  # fmt: skip
        lists = word_lists(terms, [root / "config/stop.txt"], WORDS, ["报", "刊"])
        tokens = tokens_of(self.articles, "rjieba", terms["term"], True)
        tables, counts = words_tables(self.articles, tokens, lists, WORDS, 300)
        self.vocabulary, by_article = tables["vocabulary"], article_counts(tables["chunks"], counts, IDS)
        self.terms = kept_terms(self.vocabulary)
        # Of two topics: one is of the words of the river, the other of those of the school.
        river = np.array([sum(term in text for text in RIVER) for term in self.terms]) + 0.02
        school = np.array([sum(term in text for text in SCHOOL) for term in self.terms]) + 0.02
        self.phi = np.array([river / river.sum(), school / school.sum()])
        self.theta = infer(self.phi, ALPHA, by_article)
        self.n_tokens = by_article.sum(axis=1).A1
        write_parquet(self.vocabulary, self.results / "words/vocabulary.parquet")
        write_parquet(discovered, self.results / "words/terms.parquet")
        self.save(self.phi, ["渔民、水库", "学校"])
        self.write_provenance()

    def save(self, phi, labels, parts=None):
        theta = np.full((len(IDS), len(labels)), np.nan)  # what the articles have is not asked of it
        model = reported(phi, theta, parts, alpha=ALPHA, terms=self.terms, labels=labels)
        model.save(self.results / "topics/model.npz")

    def write_provenance(self, **words):
        digest = hashlib.sha256((self.root / "config/terms.txt").read_bytes()).hexdigest()
        config = {"words": WORDS | words, "cleaning": {}}
        value = {"config": config, "word_lists": {"config/terms.txt": digest}}
        (self.results / "provenance.json").write_text(json.dumps(value), encoding="utf-8")

    def shares(self, texts, **options):
        table = score(self.results, texts, **options)
        return table["share"].to_numpy().reshape(-1, table["topic_id"].nunique())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return Run(tmp_path_factory.mktemp("project"))


@pytest.fixture
def own(tmp_path):
    """A run that a test may break."""
    return Run(tmp_path)


def csv_of(capfdbinary):
    return pd.read_csv(io.BytesIO(capfdbinary.readouterr().out), encoding="utf-8-sig")


# --- scoring


def test_articles_of_the_corpus_get_the_shares_that_the_run_gives_them(run):
    for source in ("报", "刊"):
        mine = (run.articles["source"] == source).to_numpy()
        texts = list(zip(run.articles["title"][mine], run.articles["text"][mine], strict=True))
        table = score(run.results, texts, list(run.articles["article_id"][mine]), source)
        assert np.allclose(table["share"].to_numpy().reshape(-1, 2), run.theta[mine], atol=1e-3, equal_nan=True)
        assert table.drop_duplicates("document")["n_tokens"].tolist() == run.n_tokens[mine].tolist()
        assert table["document"].tolist() == [i for i in run.articles["article_id"][mine] for _ in "12"]


def test_an_article_gets_the_same_shares_alone_as_among_others(run):
    together = run.shares(RIVER + SCHOOL)
    for text, shares in zip(RIVER + SCHOOL, together, strict=True):
        assert run.shares([text])[0] == pytest.approx(shares, abs=1e-3)


def test_new_texts_are_told_apart(run):
    table = score(run.results, ["渔民的渔船靠岸，渔网晒在堤坝。", ("开学", "学生领课本，老师在教室。")])
    assert list(table.columns) == ["document", "topic_id", "label", "share", "n_tokens", "known", "note"]
    assert table["document"].tolist() == ["1", "1", "2", "2"]
    assert table["label"].tolist() == ["渔民、水库", "学校"] * 2
    first, _, _, last = table["share"]
    assert first > 0.9 and last > 0.9
    assert table.groupby("document")["share"].sum().tolist() == pytest.approx([1, 1])
    assert (table["note"] == "").all()


def test_words_are_cut_as_the_run_cut_them(run):
    # A listed term and one that the corpus showed are one word each; without them they would be several or none.
    table = score(run.results, ["水库管理处水库管理处，星沙洼小学"])
    assert table["n_tokens"].tolist() == [3, 3]
    assert (run.shares(["漁船靠岸，學生領課本"]) == run.shares(["渔船靠岸，学生领课本"])).all()


def test_a_source_is_scored_without_the_words_that_it_drops(run):
    text = "渔民和渔船。"
    counted = [score(run.results, [text], source=source)["n_tokens"][0] for source in ("", "报", "刊")]
    assert counted == [2, 2, 1]
    with pytest.raises(UserError, match="no source '报社'; the sources of this corpus are"):
        score(run.results, [text], source="报社")


def test_known_tells_a_foreign_text_from_one_of_the_corpus(run):
    at_home, away, mixed = (
        score(run.results, [text])["known"][0]
        for text in ("渔民把渔船靠岸", "量子芯片制程突破，光刻设备交付客户", "渔民购买光刻设备")
    )
    assert at_home > 0.9 > mixed > away == 0
    # Stopwords, marks, numbers and words of kinds that are not counted tell nothing of it.
    assert score(run.results, ["昨天，今年，渔民！！1912"])["known"][0] == 1


def test_a_text_without_a_known_word_has_no_shares_and_says_so(run):
    table = score(run.results, ["量子芯片光刻", "", "  \n", "渔民", "\ufffd\ufffd渔民"])
    notes = table.drop_duplicates("document")["note"].tolist()
    assert notes == [UNKNOWN, UNKNOWN, UNKNOWN, "", "2 characters could not be read"]
    assert table["share"].isna().tolist() == [True] * 6 + [False] * 4
    assert table["known"].isna().tolist() == [False] * 2 + [True] * 4 + [False] * 4


def test_a_term_that_no_training_text_has_is_not_known(own):
    phi = own.phi.copy()
    phi[:, own.terms.index("渔民")] = 0
    own.save(phi / phi.sum(axis=1, keepdims=True), ["甲", "乙"])
    table = score(own.results, ["渔民"])
    assert (table["n_tokens"][0], table["known"][0], table["note"][0]) == (0, 0, UNKNOWN)


def test_topics_that_were_merged_have_the_shares_of_their_parts(own):
    phi = np.vstack([own.phi, own.phi[:1] * 0.5 + own.phi[1:] * 0.5])
    own.save(phi, ["甲", "乙", "丙"])
    apart = own.shares(RIVER)
    own.save(phi, ["甲", "乙"], [0, 1, 0])
    assert np.allclose(own.shares(RIVER), np.array([apart[:, 0] + apart[:, 2], apart[:, 1]]).T)


def test_no_texts_at_all_and_texts_that_come_one_by_one(run):
    assert score(run.results, []).empty
    assert run.shares(text for text in RIVER).shape == (4, 2)


def test_how_much_of_the_corpus_its_own_model_knows():
    table = pd.DataFrame(
        {"status": ["kept", "in fewer than 3 articles", "stopword list", "kept"], "n_tokens": [5, 4, 99, 3]}
    )
    assert known_in_corpus(table) == pytest.approx(8 / 12)


# --- what may be missing


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no folder of results .*nowhere"):
        score(tmp_path / "nowhere", RIVER)


def test_a_list_of_terms_that_is_gone_or_has_changed_is_named(own):
    listed = own.root / "config/terms.txt"
    listed.write_text("水库管理处\n渔民\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"config/terms\.txt has changed since the run"):
        score(own.results, RIVER)
    listed.unlink()
    with pytest.raises(UserError, match=r"config/terms\.txt cannot be read"):
        score(own.results, RIVER)


def test_terms_are_in_force_only_where_they_were_in_the_run(own):
    assert score(own.results, ["星沙洼小学"])["n_tokens"][0] == 1
    own.write_provenance(discover="list")
    assert score(own.results, ["星沙洼小学"])["n_tokens"][0] == 0
    assert score(own.results, ["水库管理处"])["n_tokens"][0] == 1
    own.write_provenance(terms=[])
    assert score(own.results, ["水库管理处"])["n_tokens"][0] == 0


@pytest.mark.parametrize(
    "name", ["provenance.json", "topics/model.npz", "words/terms.parquet", "words/vocabulary.parquet"]
)
@pytest.mark.parametrize("damage", ["gone", "damaged"])
def test_a_run_that_did_not_end_is_said_to_lack_what_it_lacks(own, name, damage):
    (own.results / name).unlink()
    if damage == "damaged":
        (own.results / name).write_bytes(b"[1]")
    with pytest.raises(UserError, match=name.replace(".", r"\.")):
        score(own.results, RIVER)


# --- files and the command line


def test_files_are_read_in_any_encoding_and_their_wrapped_lines_are_joined(run, tmp_path, capfdbinary):
    text = SCHOOL[2]
    wrapped = "\n".join(text[i : i + 11] for i in range(0, len(text), 11))
    for encoding in ("utf-8", "gb18030", "utf-16"):
        (tmp_path / f"{encoding}.txt").write_bytes(wrapped.encode(encoding))
    files = [str(tmp_path / f"{encoding}.txt") for encoding in ("utf-8", "gb18030", "utf-16")]
    assert main([str(run.results), *files]) == 0
    table = csv_of(capfdbinary)
    assert table["document"].tolist() == [name for name in files for _ in "12"]
    expected = run.shares([text])[0]
    assert all(share == pytest.approx(expected, abs=1e-3) for share in table["share"].to_numpy().reshape(3, 2))


def test_a_headline_is_the_title_of_the_file():
    data = "河东开学\n\n　　学校昨天开学，老师带学生打扫教室，课本发到每个孩子的手里。\n".encode()
    title, text = document(data, {})
    assert (title, text[:2]) == ("河东开学", "学校")


def test_a_file_is_one_article_whatever_stands_in_it():
    dispatches = [f"　　本报河东五月{day}日电 {text}" for day, text in zip("三四", RIVER[:2], strict=True)]
    _, text = document("\n\n".join(dispatches).encode(), {"cut_articles": True})
    assert RIVER[0][-9:] in text and RIVER[1][-9:] in text


def test_stdin_and_a_name_that_is_a_formula(run, tmp_path, capfdbinary, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("=1+1.txt").write_text(RIVER[0], encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SCHOOL[0].encode("gb18030"))))
    assert main([str(run.results), "--source", "报", "=1+1.txt", "-"]) == 0
    table = csv_of(capfdbinary)
    assert table["document"].tolist() == ["'=1+1.txt"] * 2 + ["'-"] * 2
    assert table["share"].tolist()[0] > 0.5 > table["share"].tolist()[2]


def test_what_the_corpus_itself_knows_is_said_beside_the_table(run, tmp_path, capfd):
    (tmp_path / "a.txt").write_text(RIVER[0], encoding="utf-8")
    assert main([str(run.results), str(tmp_path / "a.txt")]) == 0
    assert f"the model knows {percent(known_in_corpus(run.vocabulary))} of the words" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\xe3\x80\x80\n", "is empty"),
        (b"%PDF-1.7 ...", "is no text file: it looks binary"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_scored_is_named(run, tmp_path, capfd, data, said):
    if data is not None:
        (tmp_path / "x.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(RIVER[0], encoding="utf-8")
    assert main([str(run.results), str(tmp_path / "good.txt"), str(tmp_path / "x.txt")]) == 1
    out, err = capfd.readouterr()
    assert f"{tmp_path / 'x.txt'} {said}" in err and not out


def test_the_command_fails_without_a_traceback(tmp_path):
    call = [sys.executable, "-m", "baokan.topics.scoring", str(tmp_path / "nowhere"), "x.txt"]
    folder = Path(__file__).parents[2] / "workflow"
    done = subprocess.run(call, capture_output=True, text=True, cwd=folder, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"There is no folder of results {tmp_path / 'nowhere'}.\n"
