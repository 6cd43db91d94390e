"""How well repeats are found, and how fast: `PYTHONPATH=workflow python benchmarks/repeats.py`.

Made-up articles (100,000, about 800 characters each) with reprints planted in them: characters damaged as OCR damages them
(changed, lost, added, a third each), a part cut, in some a new lead added. The text has the word frequencies of jieba's
dictionary, topics, stock phrases and stock paragraphs that many articles share. Printed: the share of the planted found,
by damage and cut, and whatever else was called a repeat; seconds and peak memory. Beside it, what MinHash over the whole
text with the same shingles (128 hashes, 32 bands of 4) would have proposed.

Reprints planted in real text: name JSONL files of records with id, source, date and text. What is found there and was not
planted is listed, to be judged by eye.

    PYTHONPATH=workflow python benchmarks/repeats.py --articles 20000
    PYTHONPATH=workflow python benchmarks/repeats.py --records press.jsonl gazette.jsonl
"""

import argparse
import json
import multiprocessing
import re
import tempfile
import time
from itertools import product
from pathlib import Path

import jieba
import numpy as np
import pandas as pd
from baokan.duplicates.candidates import candidates
from baokan.duplicates.fingerprints import SHINGLE, SHORTEST_REPEAT, folded_codes, signatures
from baokan.duplicates.groups import mark_repeats, texts_of
from baokan.tables import read_parquet, write_parquet

NOISE = (0.01, 0.03, 0.05)
CUT = (0.1, 0.25, 0.5)
WHERE = ("beginning", "middle", "end")
SEED = 20240501
SHARDS = 16
PLANTED = 0.05
FRAMED = 0.3  # of the reprints have a new lead


class Writer:
    """Makes up articles: words by their frequency in jieba's dictionary, a third of them of the article's topic."""

    def __init__(self, rng: np.random.Generator):
        lines = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
        rows = [line.split()[:2] for line in lines]
        rows = [(w, int(n)) for w, n in rows if re.fullmatch(r"[\u4e00-\u9fff]+", w) and int(n) >= 20]
        self.words = np.array([w for w, _ in rows], dtype=object)
        weight = np.array([n for _, n in rows], dtype=float)
        self.rng, self.cdf = rng, np.cumsum(weight / weight.sum())
        singles = sorted(((n, w) for w, n in rows if len(w) == 1), reverse=True)
        self.common = [w for _, w in singles[:2500]]
        self.topics = [self._draw(400) for _ in range(200)]
        self.phrases = ["".join(self.words[self._draw(n)]) for n in rng.integers(5, 14, size=400)]
        self.leads = [self.sentences(int(n), 0) for n in rng.integers(60, 130, size=40)]

    def _draw(self, n: int) -> np.ndarray:
        return np.searchsorted(self.cdf, self.rng.random(n)).clip(max=len(self.words) - 1)

    def _popular(self, n: int) -> int:
        """A number below `n`, small ones far more often."""
        return int(n * self.rng.random() ** 3)

    def sentences(self, n_chars: int, topic: int) -> str:
        """About `n_chars` characters."""
        n = max(int(n_chars / 2.1), 8)
        index = self._draw(n)
        own = self.rng.random(n) < 1 / 3
        index[own] = self.rng.choice(self.topics[topic], size=own.sum())
        words = self.words[index]
        words[6::7] += "，"
        words[20::21] += "。\n"
        if hasattr(self, "phrases"):
            for place in np.flatnonzero(self.rng.random(n) < 0.02):
                words[place] = self.phrases[self._popular(len(self.phrases))]
        return "".join(words)

    def article(self) -> str:
        """800 characters in the mean; one in ten begins with a stock paragraph."""
        text = self.sentences(int(self.rng.lognormal(6.4, 0.75)), self._popular(len(self.topics)))
        return self.leads[self._popular(len(self.leads))] + "\n" + text if self.rng.random() < 0.1 else text


def reprint(text: str, noise: float, cut: float, where: str, common: list[str], rng: np.random.Generator) -> str:
    """`text` with a part `cut` from it and `noise` of its characters changed, lost or added."""
    size = round(len(text) * cut)
    begin = {"beginning": 0, "middle": (len(text) - size) // 2, "end": len(text) - size}[where]
    chars = list(text[:begin] + text[begin + size :])
    for place in np.flatnonzero(rng.random(len(chars)) < noise):
        other = common[rng.integers(len(common))]
        chars[place] = (other, "", chars[place] + other)[rng.integers(3)]
    return "".join(chars)


def plant(articles: pd.DataFrame, n: int, writer: Writer) -> pd.DataFrame:
    """`n` reprints of `articles`, evenly over NOISE, CUT and WHERE, with what they are in columns of their own."""
    rng, cells = writer.rng, list(product(NOISE, CUT, WHERE))
    han = articles["text"].str.count(r"[\u3400-\u9fff]")
    pool = rng.permutation(np.flatnonzero(han >= 3 * SHORTEST_REPEAT))
    names, rows = [*sorted(set(articles["source"])), "elsewhere"], []
    for i in range(n):
        origin = articles.iloc[pool[i % len(pool)]]
        noise, cut, where = cells[i % len(cells)]
        text = reprint(origin["text"], noise, cut, where, writer.common, rng)
        framed = rng.random() < FRAMED
        if framed:
            text = f"{writer.sentences(int(len(text) * rng.uniform(0.05, 0.2)), 0)}\n{text}"
        source = origin["source"] if rng.random() < 0.5 else names[rng.integers(len(names))]
        rows.append(
            {"source": source, "date": f"{origin['date']}~{i % 5}", "text": text, "origin": origin["article_id"]}
        )
        rows[-1] |= {"noise": noise, "cut": cut, "where": where, "framed": framed, "article_id": f"planted/{i}:1"}
    planted = pd.DataFrame(rows)
    return planted.assign(document_id=planted["article_id"], position=1)


def _sign(paths: tuple[Path, Path]) -> float:
    began = time.perf_counter()
    write_parquet(signatures(read_parquet(paths[0])), paths[1])
    return time.perf_counter() - began


def _gather(folder: Path, queue) -> None:
    """The global step, as the pipeline runs it, in a process of its own so that its memory is its own."""
    articles = read_parquet(*sorted(folder.glob("articles-*.parquet")))
    held = _memory("VmRSS")
    began = time.perf_counter()
    signed = read_parquet(*sorted(folder.glob("signed-*.parquet")))
    marked, pairs = mark_repeats(articles.drop(columns="text"), signed, texts_of(articles))
    seconds = time.perf_counter() - began
    write_parquet(marked, folder / "marked.parquet")
    write_parquet(pairs, folder / "pairs.parquet")
    queue.put((seconds, held, _memory("VmHWM")))


def _memory(name: str) -> float:
    """MB of this process: VmRSS now, VmHWM at most (Linux; getrusage would give the parent's as well)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024


def run(articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(marked, pairs) by shards in two processes, then the global step; prints seconds and memory."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        columns = ["article_id", "source", "date", "document_id", "position", "text"]
        jobs = []
        for shard in range(SHARDS):
            path = folder / f"articles-{shard:02}.parquet"
            write_parquet(articles.iloc[shard::SHARDS][columns], path)
            jobs.append((path, folder / f"signed-{shard:02}.parquet"))
        began = time.perf_counter()
        with context.Pool(2) as pool:
            shards = pool.map(_sign, jobs, chunksize=1)
        wall = time.perf_counter() - began
        size = sum(target.stat().st_size for _, target in jobs) / 2**20
        queue = context.Queue()
        process = context.Process(target=_gather, args=(folder, queue))
        process.start()
        seconds, held, peak = queue.get()
        process.join()
        print(f"\n{len(articles):,} articles, {articles['text'].str.len().sum() / 1e6:.1f} million characters")
        print(f"signatures: {wall:.1f} s in 2 processes ({sum(shards):.1f} s of work), {size:.0f} MB on disk")
        print(f"repeats:    {seconds:.1f} s in 1 process; peak memory {peak:.0f} MB, {held:.0f} MB of it the articles")
        return read_parquet(folder / "marked.parquet"), read_parquet(folder / "pairs.parquet")


def whole_text_minhash(pairs: list[tuple[str, str]], rng: np.random.Generator) -> np.ndarray:
    """For each pair of texts, whether MinHash over the whole of them (32 bands of 4) makes it a candidate."""
    factors = (rng.integers(1, 1 << 61, size=(128, 1), dtype=np.uint64) << np.uint64(1)) | np.uint64(1)

    def signature(text: str) -> np.ndarray:
        codes = folded_codes(text).astype(np.uint64)
        rolled = np.zeros(max(len(codes) - SHINGLE + 1, 1), dtype=np.uint64)
        for i in range(SHINGLE):
            rolled = (rolled ^ codes[i : i + len(rolled)]) * np.uint64(0x9E3779B97F4A7C15)
            rolled ^= rolled >> np.uint64(29)
        product = factors * rolled
        return (product ^ (product >> np.uint64(32))).min(axis=1).reshape(32, 4)

    return np.array([bool((signature(a) == signature(b)).all(axis=1).any()) for a, b in pairs])


def score(articles: pd.DataFrame, planted: pd.DataFrame, marked: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Prints the recall by damage and cut; gives the pairs that were not planted."""
    text = articles.set_index("article_id")["text"]
    origin = articles["article_id"].where(articles["origin"] == "", articles["origin"]).set_axis(articles["article_id"])
    repeats = pairs[pairs["kind"] == "repeat"]
    found = set(zip(repeats["article_a"], repeats["article_b"], strict=True))
    marks = marked.set_index("article_id")
    kept = marks["duplicate_of"].where(marks["duplicate_of"] != "", marks.index)
    planted = planted.copy()
    links = list(zip(planted["origin"], planted["article_id"], strict=True))
    planted["aligned"] = [(a, b) in found or (b, a) in found for a, b in links]
    planted["marked"] = [
        kept[a] == kept[b] or "" != marks["reprint_group"][a] == marks["reprint_group"][b] for a, b in links
    ]
    signed = signatures(articles[articles["article_id"].isin([i for link in links for i in link])])
    hashes = signed.set_index("article_id")["hashes"]
    proposed = [b in hashes and len(candidates([hashes[a], hashes[b]])[0]) > 0 for a, b in links]
    planted["proposed"] = proposed
    planted["whole-text MinHash"] = whole_text_minhash([(text[a], text[b]) for a, b in links], np.random.default_rng(1))
    columns = ["proposed", "aligned", "marked", "whole-text MinHash"]
    print("\nShare of the planted reprints that were proposed as candidates, aligned, and marked:\n")
    cells = planted.groupby(["noise", "cut", "where"])
    print(cells[columns].mean().assign(n=cells.size()).round(3).to_string())
    for by in (["noise", "cut"], ["framed"]):
        print("\n" + planted.groupby(by)[columns].mean().round(3).to_string())
    print("\nAll:", planted[columns].mean().round(4).to_dict())
    same = origin[pairs["article_a"]].to_numpy() == origin[pairs["article_b"]].to_numpy()
    print("\nPairs:", pairs.groupby(["kind", np.where(same, "planted", "not planted")]).size().to_dict())
    if missed := len(planted) - planted["aligned"].sum():
        lost = planted[~planted["aligned"]].assign(n_chars=lambda t: t["text"].str.len())
        shown = ["origin", "noise", "cut", "where", "framed", "n_chars"]
        print(f"\n{missed} not aligned, the first of them:\n{lost.head(12)[shown].to_string()}")
    if (~planted["marked"]).any():
        shown = ["origin", "article_id", "noise", "cut", "where", "framed"]
        print(f"\nNot marked:\n{planted.loc[~planted['marked'], shown].head(12).to_string()}")
    return pairs[~same]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000, help="made-up articles, the planted among them")
    parser.add_argument("--records", nargs="+", type=Path, help="JSONL files to plant in, in place of made-up articles")
    parser.add_argument("--show", type=int, default=20, help="unplanted pairs to list")
    options = parser.parse_args()
    writer = Writer(np.random.default_rng(SEED))
    if options.records:
        records = [json.loads(line) for path in options.records for line in path.open(encoding="utf-8")]
        rows = [{"article_id": r["id"]} | {k: r.get(k, "") for k in ("source", "date", "text")} for r in records]
        articles, n = pd.DataFrame(rows).drop_duplicates("article_id"), 27 * 40
    else:
        n = round(options.articles * PLANTED)
        rows = [
            {"article_id": f"made-up/{i}:1", "source": ("newspaper", "magazine", "gazette")[i % 3]}
            | {"date": f"19{50 + i % 50}-{1 + i % 12:02}", "text": writer.article()}
            for i in range(options.articles - n)
        ]
        articles = pd.DataFrame(rows)
    articles = articles.assign(document_id=articles["article_id"], position=1)
    planted = plant(articles, n, writer)
    articles = pd.concat([articles, planted], ignore_index=True).fillna({"origin": ""})
    marked, pairs = run(articles)
    others = score(articles, planted, marked, pairs)
    text = articles.set_index("article_id")["text"]
    columns = ["aligned", "share_a", "share_b", "identity", "kind"]
    for row in others.head(options.show).round(2).itertuples():
        print(f"\n{row.article_a} | {row.article_b} |", *(f"{c} {getattr(row, c)}" for c in columns))
        print(f"  {text[row.article_a][:150]!r}\n  {text[row.article_b][:150]!r}")


if __name__ == "__main__":
    main()
