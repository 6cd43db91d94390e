"""How fast terms are found, and which: `PYTHONPATH=workflow python benchmarks/discovery.py`.

A made-up corpus (`--characters`; words by their frequency in jieba's dictionary, topics, stock phrases) in which formulations
of two or three dictionary words are planted, each in PLANTED_IN articles. Printed: seconds of cutting and of finding terms
and peak memory, in one process on one core; the share of the planted that are kept, what became of the others, and how many
terms are kept in all, those of the stock phrases apart.

Real text: name JSONL files of records with id, source, date and text. The terms kept are listed, to be judged by eye.

    PYTHONPATH=workflow python benchmarks/discovery.py --characters 2000000
    PYTHONPATH=workflow python benchmarks/discovery.py --records press.jsonl gazette.jsonl
"""

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import rjieba
from baokan.words.discovery import KEPT, discover
from baokan.words.parts_of_speech import dictionary_tag
from baokan.words.segmentation import tokens_of
from baokan.words.wordlists import read_words
from repeats import SEED, Writer, _memory

FORMULATIONS, PLANTED_IN = 200, 30
STOPWORDS = Path(__file__).parents[1] / "config" / "stopwords"
TAGS = ("n", "vn", "v", "a")  # of the words of a formulation


def formulations(writer: Writer, n: int, stopwords: list[str]) -> list[str]:
    """`n` distinct ones of two or three words of two characters, drawn by their frequency, no stopwords among them."""
    taken = set(stopwords)
    found: dict[str, None] = {}
    while len(found) < n:
        words = [
            w for w in writer.words[writer._draw(40)] if len(w) == 2 and dictionary_tag(w) in TAGS and w not in taken
        ]
        size = 2 + len(found) % 2
        if len(set(words[:size])) == size:
            found["".join(words[:size])] = None
    return list(found)


def made_up(writer: Writer, characters: int, stopwords: list[str]) -> tuple[list[str], list[str]]:
    """(texts, planted formulations)."""
    texts, written = [], 0
    while written < characters:
        texts.append(writer.article())
        written += len(texts[-1])
    planted = formulations(writer, FORMULATIONS, stopwords)
    inserts: dict[int, list[str]] = {}
    for formulation in planted:
        for article in writer.rng.choice(len(texts), min(PLANTED_IN, len(texts)), replace=False).tolist():
            inserts.setdefault(article, []).append(formulation)
    cut = rjieba.Jieba().cut
    for article, new in inserts.items():
        words = cut(texts[article], hmm=False)
        for formulation in new:
            words.insert(int(writer.rng.integers(len(words) + 1)), formulation)
        texts[article] = "".join(words)
    return texts, planted


def run(texts: list[str], articles: pd.DataFrame, stopwords: list[str], min_articles: int) -> pd.DataFrame:
    """The table of `discover`; prints seconds and memory."""
    held = _memory("VmRSS")
    began = time.perf_counter()
    rows = zip(articles["article_id"], [""] * len(texts), texts, strict=True)
    tokens = tokens_of(rows, "rjieba", (), simplify=True, new_words=False)
    cut = time.perf_counter() - began
    after = _memory("VmHWM")
    began = time.perf_counter()
    table = discover(tokens, articles, stopwords, min_articles)
    seconds = time.perf_counter() - began
    characters = sum(map(len, texts)) / 1e6
    print(f"{len(texts):,} articles, {characters:.1f} million characters, {len(tokens.ids):,} tokens")
    print(f"cutting:  {cut:.1f} s; peak memory {after:.0f} MB, {held:.0f} MB of it the texts and the libraries")
    print(f"terms:    {seconds:.1f} s; peak memory {_memory('VmHWM'):.0f} MB")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=20_000_000, help="of the made-up corpus")
    parser.add_argument("--records", nargs="+", type=Path, help="JSONL files, in place of made-up text")
    parser.add_argument("--min-articles", type=int, default=3, help="articles a term must stand in")
    parser.add_argument("--show", type=int, default=100, help="kept terms to list, of real text")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    stopwords = read_words(sorted(STOPWORDS.glob("*.txt")))
    planted = []
    if options.records:
        records = [json.loads(line) for path in options.records for line in path.open(encoding="utf-8")]
        records = list({r["id"]: r for r in records}.values())
        texts = [r["text"] for r in records]
        rows = [(r["id"], r["source"], f"{r['source']} {r['date']}" if r.get("date") else "") for r in records]
    else:
        writer = Writer(np.random.default_rng(SEED))
        texts, planted = made_up(writer, options.characters, stopwords)
        rows = [
            (f"made-up/{i}:1", ("newspaper", "magazine", "gazette")[i % 3], f"{i // 20}") for i in range(len(texts))
        ]
    articles = pd.DataFrame(rows, columns=["article_id", "source", "issue_id"]).assign(duplicate_of="")
    table = run(texts, articles, stopwords, options.min_articles)
    kept = table[table["status"] == KEPT]
    print(f"kept:     {len(kept):,} {kept['kind'].value_counts().to_dict()}")
    why = table.loc[table["status"] != KEPT, "status"].str.replace(r"(with|holds) .*", r"\1 ...", regex=True)
    print(f"listed beside them: {why.value_counts().to_dict()}")
    if planted:
        status = table.set_index("term")["status"].reindex(planted).fillna("failed two tests, or is no candidate")
        print(f"recall:   {(status == KEPT).mean():.3f} of {len(planted)} planted formulations")
        for term, why in status[status != KEPT].items():
            print(f"  {term}: {why}")
        known = "\n".join([*writer.phrases, *writer.leads, *planted])
        print(f"neither planted nor of a stock phrase or paragraph: {[t for t in kept['term'] if t not in known]}")
    else:
        sources = [c for c in table if c.startswith("occurrences_")]
        columns = ["term", "kind", "pieces", "n_tokens", "n_articles", *sources, "association_lower", "entropy_lower"]
        print("\n" + kept.head(options.show)[columns].round(1).to_string())


if __name__ == "__main__":
    main()
