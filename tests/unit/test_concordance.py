"""The concordance as pages: what they show, where they lead, and that texts stay texts."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from baokan.reporting import concordance as module
from baokan.reporting.concordance import write_concordance

REPORT = Path(__file__).parents[2] / "workflow" / "report"
HOSTILE = "<script>alert('x')</script><img src=x onerror=\"y\">&amp;"


class Page(HTMLParser):
    """The ids, links, tags and text of a page."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.tags, self.words = [], [], [], []
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


def context(word, source="报", n=0, **other):
    return {
        "word": word, "source": source, "article_id": f"{source}/{n}", "document_id": f"{source}/{n}.txt", "start": 5,
        "document_start": 1234, "date": "2023-01-02", "issue": "1", "title": "题", "left": "左边", "keyword": word,
        "right": "右边",
    } | other  # fmt: skip


def known(**words):
    """A vocabulary of words with their occurrences in the sources 报 and 刊."""
    return pd.DataFrame(
        [
            {"term": w, "status": "kept", "kind": "", "n_tokens": a + b, "n_articles": 1}
            | {"occurrences_报": a, "occurrences_刊": b, "articles_报": a, "articles_刊": b}
            for w, (a, b) in words.items()
        ]
    )


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A function that writes the concordance beside a folder data/0, and returns {file name: page} and the places."""
    monkeypatch.setattr(module, "subset_font", lambda text: "")

    def write(contexts, vocabulary, shown=("报/0.txt",)):
        data = tmp_path / "data" / "0"
        data.mkdir(parents=True)
        (data / "index.json").write_text(json.dumps({d: f"1.html#d{i}" for i, d in enumerate(shown, 1)}), "utf-8")
        (data / "1.html").write_text("".join(f'<p id="d{i}">' for i, _ in enumerate(shown, 1)), "utf-8")
        (tmp_path / "data" / "index.html").touch()
        (tmp_path / "report.html").touch()
        places, folder = tmp_path / "words" / "places.json", tmp_path / "contexts"
        css, template = REPORT / "report.css", REPORT / "contexts.html.j2"
        table = pd.DataFrame(contexts, columns=list(context("")))
        write_concordance(table, vocabulary, {0: str(data)}, "样本", template, css, folder, places)
        return {p.name: Page(p) for p in sorted(folder.glob("*.html"))}, json.loads(places.read_text("utf-8"))

    return write


def test_every_word_that_has_contexts_is_listed_with_its_counts_and_place(written):
    pages, places = written([context("渠"), context("水"), context("无名")], known(渠=(3, 0), 水=(5, 2), 地=(9, 9)))
    assert places == {"水": "1.html#w1", "渠": "1.html#w2"}
    assert list(pages) == ["1.html", "index.html"]
    assert "水 7 1 5 2 yes" in re.sub(" +", " ", " ".join(pages["index.html"].words).replace("\n", " "))
    assert "地" not in pages["index.html"].text and "无名" not in pages["index.html"].text


def test_a_page_shows_the_contexts_by_source_and_in_the_order_of_dates(written):
    rows = [
        context("水", "报", 1, left="其二", date="2023-05"),
        context("水", "报", 0, left="其一", date="2023-01"),
        context("水", "报", 2, left="其三", date=""),
        context("水", "刊", 0, left="其他", start=-1),
    ]
    pages, _ = written(rows, known(水=(5, 2)))
    text = pages["1.html"].text
    assert [text.index(x) for x in ("其他", "其一", "其二", "其三")] == sorted(
        text.index(x) for x in ("其他", "其一", "其二", "其三")
    )
    assert "报3 of 5" in text and "刊1 of 2" in text and "报/0.txt, 1234" in text
    assert text.count("headline") == 1


def test_a_source_without_the_word_and_a_word_that_is_not_counted_are_told(written):
    vocabulary = known(水=(5, 0), 的=(99, 9)).assign(status=["kept", "stopword list"])
    pages, places = written([context("的"), context("水")], vocabulary)
    assert "none in 刊" in pages["1.html"].text and "not counted: stopword list" in pages["1.html"].text
    assert places == {"水": "1.html#w1", "的": "1.html#w2"}  # the counted ones first


def test_every_link_leads_somewhere(written, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PAGE_WORDS", 2)
    words = {chr(0x4E00 + i): (9 - i, 1) for i in range(5)}
    pages, places = written([context(w, n=n) for w in words for n in (0, 1)], known(**words), ["报/0.txt", "刊/0.txt"])
    assert len(pages) == 4 and list(places.values())[2] == "2.html#w1"
    links = [(name, link) for name, page in pages.items() for link in page.links]
    for name, link in [*links, *(("index.html", place) for place in places.values())]:
        target, _, anchor = link.partition("#")
        path = tmp_path / "contexts" / (target or name)
        assert path.exists(), link
        assert not anchor or anchor in Page(path).ids, link
    assert ("1.html", "../data/0/1.html#d1") in links
    assert not any("d2" in link for _, link in links)  # a document that has no context
    for word, place in places.items():
        assert word in pages[place.partition("#")[0]].text


def test_texts_of_documents_stay_texts(written):
    bad = dict.fromkeys(("left", "right", "keyword", "title", "document_id", "date"), HOSTILE)
    pages, places = written([context(HOSTILE, HOSTILE) | bad], known(**{HOSTILE: (1, 0)}))
    for page in pages.values():
        assert not {"script", "img"} & set(page.tags)
        assert "default-src 'none'" in page.source
    assert pages["1.html"].text.count(HOSTILE) >= 6 and list(places) == [HOSTILE]


def test_the_same_bytes_for_the_same_rows_in_any_order(written, tmp_path):
    rows = [context("水", n=n) for n in range(4)] + [context("渠", "刊")]
    pages, _ = written(rows, known(水=(5, 0), 渠=(5, 0)))
    (tmp_path / "data" / "0" / "index.json").unlink()
    (tmp_path / "data" / "0" / "1.html").unlink()
    (tmp_path / "data" / "0").rmdir()
    again, _ = written(rows[::-1], known(渠=(5, 0), 水=(5, 0)))
    assert {n: p.source for n, p in pages.items()} == {n: p.source for n, p in again.items()}


def test_no_word_at_all(written):
    pages, places = written([], known(水=(1, 1)))
    assert list(pages) == ["index.html"] and places == {} and "No word has a context" in pages["index.html"].text


def test_the_font_has_the_characters_of_all_pages(written, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "subset_font", lambda text: asked.append(text) or "AAAA")
    monkeypatch.setattr(module, "PAGE_WORDS", 1)
    written([context("水", left="甲"), context("渠", right="乙")], known(水=(2, 0), 渠=(1, 0)))
    assert len(asked) == 1 and set("水渠甲乙…") <= set(asked[0])
