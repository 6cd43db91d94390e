"""How well files are cut into articles: `PYTHONPATH=workflow python benchmarks/cutting.py`.

Boundaries, titles, and the characters on the wrong side of the line between articles and page furniture, on the sample,
whose articles are known (data/sample/truth.tsv), and the speed of it. The rules were read against this same sample, so
these figures say what was reached on it; on other papers expect less.

Text that the rules have not met: name JSONL files of records with title and text, one article each. Every record is laid
out as a page (title, blank line, text) and cut; what is cut into more than one article, or loses its headline, is counted.
Then five records at a time are laid out as one page, in three ways: a paragraph a line; broken at 18 characters with
indents; the same without indents and with a blank line after every line, as some PDF extracts have it. Articles begin
after a wider gap, with nothing else to tell them by: bylines, datelines and end marks only where the text has them.

    PYTHONPATH=workflow python benchmarks/cutting.py press.jsonl

Pages whose articles a person has marked by reading: name the folder of the files that benchmarks/marks.tsv is about (it
holds offsets and no text; the files are not ours to give). The reader did not know these rules.

    PYTHONPATH=workflow python benchmarks/cutting.py folder
"""

import csv
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from baokan.articles.document import cut
from baokan.decoding import decode

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
MARKS = Path(__file__).parent / "marks.tsv"
ROUNDS = 3  # the fastest counts


def read_truth(path: Path) -> dict[str, list[tuple[str, int, int]]]:
    """{file: (title, start, end) of each stretch of an article}. An article that jumps has several, its start first."""
    stretches = defaultdict(list)
    with path.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            stretches[row["file"]].append((row["title"], int(row["start"]), int(row["end"])))
    return dict(stretches)


def read_marks(path: Path) -> dict[str, list[tuple[str, int, int]]]:
    """{file: (number, start, end) of each stretch of an article}, as read_truth gives them, of a reader's marks."""
    stretches = defaultdict(list)
    with path.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            if row["article"] != "0":
                stretches[row["document"]].append((row["article"], int(row["start"]), int(row["end"])))
    return {file: sorted(found, key=lambda s: (int(s[0]), s[1])) for file, found in stretches.items()}


def score(text: str, stretches: list[tuple[str, int, int]]) -> dict[str, int]:
    """Counts of one file: articles found, true and right (the start is exact), titles right, characters of articles
    lost to furniture and of furniture left in articles, and all characters of either."""
    articles, pieces, *_ = cut(text, "2023-01-01")
    starts = {}
    for title, start, _ in stretches:
        if title not in starts.values():
            starts[start] = title
    true = bytearray(len(text))
    found = bytearray(len(text))
    for _, start, end in stretches:
        true[start:end] = b"\1" * (end - start)
    for start, end in [span for article in articles for span in article["spans"]]:
        found[start:end] = b"\1" * (end - start)
    for piece in pieces:
        found[piece["start"] : piece["end"]] = b"\0" * (piece["end"] - piece["start"])
    marks = [(true[i], found[i]) for i, char in enumerate(text) if not char.isspace() and char != "\ufeff"]
    right = [article for article in articles if article["start"] in starts]
    return {
        "found": len(articles),
        "true": len(starts),
        "right": len(right),
        "titled": sum(article["title"] == starts[article["start"]] for article in right),
        "lost": marks.count((1, 0)),
        "left": marks.count((0, 1)),
        "in_articles": sum(in_article for in_article, _ in marks),
        "outside": sum(not in_article for in_article, _ in marks),
    }


def measure(sample: Path = SAMPLE) -> dict[str, dict[str, float]]:
    """{source: figures} of the sample, and of "all" of it."""
    totals = {}
    for path, stretches in read_truth(sample / "truth.tsv").items():
        text = decode((sample / path).read_bytes()).text
        seconds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            cut(text, "2023-01-01")
            seconds.append(time.perf_counter() - began)
        counts = score(text, stretches) | {"seconds": min(seconds), "characters": len(text)}
        for name in (path.split("/")[0], "all"):
            total = totals.setdefault(name, dict.fromkeys(counts, 0))
            for key, count in counts.items():
                total[key] += count
    return {name: _figures(total) for name, total in totals.items()}


def _figures(total: dict[str, float]) -> dict[str, float]:
    return {
        "articles": total["true"],
        "precision": total["right"] / max(1, total["found"]),
        "recall": total["right"] / max(1, total["true"]),
        "titles right": total["titled"] / max(1, total["right"]),
        "text lost": total["lost"] / max(1, total["in_articles"]),
        "furniture left": total["left"] / max(1, total["outside"]),
        "characters/s": total["characters"] / total["seconds"],
    }


def marked(folder: Path) -> dict[str, dict[str, float]]:
    """{file: figures} of the files of `folder` that a reader has marked, and of "all" of them; titles are not marked."""
    totals = {}
    for path, stretches in read_marks(MARKS).items():
        text = decode((folder / path).read_bytes()).text
        counts = score(text, stretches) | {"seconds": 1, "characters": len(text)}
        for name in (path, "all"):
            total = totals.setdefault(name, dict.fromkeys(counts, 0))
            for key, count in counts.items():
                total[key] += count
    drop = ("titles right", "characters/s")
    return {name: {k: v for k, v in _figures(t).items() if k not in drop} for name, t in totals.items()}


def single_articles(path: Path) -> dict[str, float]:
    """Of records that are one article each: how many, the share cut into more than one, the share whose headline is not
    the title of the article, and the share of text characters taken for furniture."""
    n = split = headless = taken = characters = 0
    with path.open(encoding="utf-8") as records:
        for record in map(json.loads, records):
            title, text = record.get("title") or "", record["text"]
            if not title or not text:
                continue
            articles, pieces, *_ = cut(f"{title}\n\n{text}", record.get("date") or "")
            n += 1
            split += len(articles) > 1
            headless += not articles or not articles[0]["title"]
            taken += sum(p["end"] - p["start"] for p in pieces)
            characters += len(title) + len(text)
    return {"records": n, "split": split / n, "headline lost": headless / n, "taken as furniture": taken / characters}


def _wrapped(paragraph: str, width: int, indent: str) -> str:
    """`paragraph` broken as typesetters break it: no mark that closes begins a line, none that opens ends one."""
    lines, line = [], indent
    for place, char in enumerate(paragraph):
        following = paragraph[place + 1 : place + 2]
        line += char
        full = len(line) >= width and not (following and following in "，。、；：！？”’）》」』】")
        if full and char not in "“‘（《「『【":
            lines.append(line)
            line = ""
    return "\n".join([*lines, line] if line else lines)


LAYOUTS = {
    "a paragraph a line": lambda title, paras: "\n".join([title, *paras]) + "\n\n",
    "columns with indents": lambda title, paras: "\n".join([title, *(_wrapped(p, 18, "　　") for p in paras)]) + "\n\n",
    "columns, every line apart": lambda title, paras: (
        "\n\n".join([title, *(line for p in paras for line in _wrapped(p, 18, "").split("\n"))]) + "\n\n\n"
    ),
}


def pages_of_records(path: Path, together: int = 5) -> dict[str, dict[str, float]]:
    """{layout: how many pages and articles, precision and recall of the places at which articles begin}."""
    with path.open(encoding="utf-8") as lines:
        records = [r for r in map(json.loads, lines) if (r.get("title") or "").strip() and len(r["text"]) > 100]
    figures = {}
    for name, layout in LAYOUTS.items():
        found = true = right = pages = 0
        for first in range(0, len(records) - together + 1, together):
            page, starts = "", set()
            for record in records[first : first + together]:
                starts.add(len(page))
                page += layout(record["title"].strip(), [p.strip() for p in record["text"].split("\n") if p.strip()])
            begins = {article["start"] for article in cut(page, records[first].get("date") or "").articles}
            found, true, right, pages = found + len(begins), true + len(starts), right + len(begins & starts), pages + 1
        figures[name] = {
            "pages": pages,
            "articles": true,
            "precision": right / max(1, found),
            "recall": right / max(1, true),
        }
    return figures


def main() -> None:
    if sys.argv[1:]:
        for path in map(Path, sys.argv[1:]):
            if path.is_dir():
                _print(marked(path))
                continue
            row = single_articles(path)
            print(f"{path.name}\t" + "\t".join(f"{k} {v:,.4g}" for k, v in row.items()))
            for layout, row in pages_of_records(path).items():
                print(f"{path.name}, {layout}\t" + "\t".join(f"{k} {v:,.4g}" for k, v in row.items()))
        return
    _print(measure())


def _print(figures: dict[str, dict[str, float]]) -> None:
    names = list(figures["all"])
    print("\t".join(["source", *names]))
    for source, row in figures.items():
        if source != "all":
            print(_line(source, row))
    print(_line("all", figures["all"]))


def _line(source: str, row: dict[str, float]) -> str:
    cells = [f"{value:,.0f}" if name in ("articles", "characters/s") else f"{value:.4f}" for name, value in row.items()]
    return "\t".join([source, *cells])


if __name__ == "__main__":
    main()
