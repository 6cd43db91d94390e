"""How fast articles become counted words: `PYTHONPATH=workflow python benchmarks/words.py`.

Made-up articles (`--characters`), or the records of JSONL files (`--records`) with id, source, date, title and text.
Each figure is of a process of its own, all in turn on the same text, the best of ROUNDS; importing is not counted, nor is
loading a dictionary for the bare loops. Seconds are of the processor, so that what else the machine does counts little.

- rjieba: `cut` on one text after the other, the words thrown away: what any pipeline has to pay.
- tokens: the stage of the workflow (read an articles.parquet, load the dictionary, fold, keep the terms whole, cut, number
  the words, write two Parquet files).
- and filters: those files read, words counted by article, issue and source, all filters (kinds, stopwords, bounds), the
  vocabulary written.
- and chunks: long articles in windows, and the counts that the model takes, written.
- jieba.lcut and both taggers, on a part of the text, since they are slow.

Two cores: seconds on the clock of one process on one half of the text, against two at once on a half each; 2 is best.

    PYTHONPATH=workflow python benchmarks/words.py --records press.jsonl gazette.jsonl
"""

import argparse
import json
import multiprocessing
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from baokan.config import validated
from baokan.tables import article_texts, read_articles, write_parquet
from baokan.words.lexicon import terms_in_force, word_lists
from baokan.words.segmentation import tokens_of, whole_text
from baokan.words.tokens import read_tokens, write_tokens
from baokan.words.vocabulary import chunk_counts, vocabulary_table
from repeats import SEED, Writer, _memory
from scipy import sparse

ROOT = Path(__file__).parents[1]
ROUNDS = 3  # the fastest counts
SLOW = 1_500_000  # characters for jieba, a third of it for its tagger
NONE_FOUND = pd.DataFrame({"term": [], "status": []})
GOALS = {"tokens, filters / rjieba": 0.6, "tokens, filters / jieba": 8, "two cores": 1.8}


def _texts(path: Path, most: float = np.inf) -> list[str]:
    """What is cut of each article, or of some that lie evenly in the table, `most` characters in all."""
    texts = [whole_text(title, text) for _, title, text in article_texts(path)]
    return texts[:: max(1, int(np.ceil(sum(map(len, texts)) / most)))]


def loop(path: Path, which: str, most: float = np.inf) -> dict:
    """A bare loop over the texts: characters, processor seconds, seconds on the clock."""
    import jieba
    import jieba.posseg
    import rjieba

    jieba.setLogLevel("ERROR")
    rust = rjieba.Jieba()
    cut = {"rjieba": rust.cut, "rjieba.tag": rust.tag, "jieba": jieba.lcut, "jieba.posseg": jieba.posseg.lcut}[which]
    texts = _texts(path, most)
    cut("做好对口支援工作")
    clock, began = time.perf_counter(), time.process_time()
    for text in texts:
        cut(text)
    seconds = time.process_time() - began
    return {"characters": sum(map(len, texts)), which: seconds, "clock": time.perf_counter() - clock}


def stage(path: Path, folder: Path, whole: bool) -> dict:
    """The two stages as the workflow runs them, the second if `whole`: processor seconds to the end of each step."""
    settings = validated({})
    words = settings["words"]
    words |= {k: [str(ROOT / p) for p in words[k]] for k in ("terms", "stopwords")}
    held = _memory("VmRSS")
    clock, began = time.perf_counter(), time.process_time()
    terms = terms_in_force(words["terms"], NONE_FOUND, words["discover"])
    written = folder / "tokens.parquet", folder / "words.parquet"
    write_tokens(tokens_of(article_texts(path), words["engine"], terms["term"], words["simplify"]), *written)
    done = {"tokens": time.process_time() - began, "clock": time.perf_counter() - clock}
    done |= {"held": held, "MB, tokens": _memory("VmHWM")}
    if whole:
        articles = read_articles(path)
        tokens = read_tokens([written[0]], [written[1]], list(articles["article_id"]))
        lists = word_lists(terms, words["stopwords"], words, articles["source"])
        vocabulary, counted = vocabulary_table(tokens, articles, lists, words)
        write_parquet(vocabulary, folder / "vocabulary.parquet")
        done |= {"and filters": time.process_time() - began, "n_tokens": len(tokens.ids), "n_words": len(tokens.words)}
        sources = pd.Categorical(articles["source"], categories=sorted(articles["source"].unique())).codes
        chunks, counts = chunk_counts(tokens, sources, counted, vocabulary, settings["topics"]["chunk_tokens"])
        write_parquet(chunks, folder / "chunks.parquet")
        sparse.save_npz(folder / "counts.npz", counts)
        done |= {"and chunks": time.process_time() - began, "MB, all": _memory("VmHWM")}
    return done


def _reported(queue, barrier, work, arguments) -> None:
    barrier.wait(300)
    queue.put(work(*arguments))


def fresh(work, *calls: tuple) -> list[dict]:
    """What `work` gives, for each of `calls` (its arguments) in a process of its own, all begun at once."""
    context = multiprocessing.get_context("spawn")
    queue, barrier = context.Queue(), context.Barrier(len(calls))
    processes = [context.Process(target=_reported, args=(queue, barrier, work, call)) for call in calls]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"{work.__name__} failed (exit code {process.exitcode})")
    return [queue.get() for _ in calls]


def made_up(characters: int) -> pd.DataFrame:
    writer, rows, written = Writer(np.random.default_rng(SEED)), [], 0
    while written < characters:
        i = len(rows)
        rows.append((f"made-up/{i}:1", ("newspaper", "magazine", "gazette")[i % 3], f"{i // 60}", writer.article()))
        written += len(rows[-1][-1])
    articles = pd.DataFrame(rows, columns=["article_id", "source", "date", "text"])
    return articles.assign(title=articles["text"].str[:16])


def recorded(paths: list[Path]) -> pd.DataFrame:
    records = [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]
    records = list({r["id"]: r for r in records}.values())
    rows = [[r["id"], *(str(r.get(k) or "") for k in ("source", "date", "text", "title"))] for r in records]
    return pd.DataFrame(rows, columns=["article_id", "source", "date", "text", "title"])


def measure(articles: pd.DataFrame) -> None:
    rounds: list[dict] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{part}.parquet" for part in ("all", 0, 1)]
        for path, rows in zip(paths, (articles, articles.iloc[::2], articles.iloc[1::2]), strict=True):
            write_parquet(rows, path)
        places = [folder / "a", folder / "b"]
        for place in places:
            place.mkdir()
        for _ in range(ROUNDS):
            rounds.append({})
            for which, most in (("rjieba", np.inf), ("rjieba.tag", SLOW), ("jieba", SLOW), ("jieba.posseg", SLOW / 3)):
                (found,) = fresh(loop, (paths[0], which, most))
                rounds[-1] |= {which: found[which], f"characters, {which}": found["characters"]}
                if which == "rjieba":  # beside it in time, so that both find the machine alike
                    rounds[-1] |= fresh(stage, (paths[0], places[0], True))[0]
            for work, more in ((loop, ["rjieba"] * 2), (stage, [(p, False) for p in places])):
                calls = [(p, *([m] if work is loop else m)) for p, m in zip(paths[1:], more, strict=True)]
                one, two = (max(found["clock"] for found in fresh(work, *calls[:n])) for n in (1, 2))
                rounds[-1] |= {f"one, {work.__name__}": one, f"two, {work.__name__}": two}
    told = pd.DataFrame(rounds)
    best = told.min()
    print(f"{len(articles):,} articles, {best['characters, rjieba'] / 1e6:.1f} million characters, ", end="")
    print(f"{best['n_tokens']:,.0f} tokens of {best['n_words']:,.0f} words; best (and worst) of {ROUNDS} rounds\n")
    for steps in (["rjieba", "tokens", "and filters", "and chunks"], ["jieba", "rjieba.tag", "jieba.posseg"]):
        for step in steps:
            n = best.get(f"characters, {step}", best["characters, rjieba"])
            rates, bare = n / told[step], best["characters, rjieba"] / best["rjieba"]
            print(f"{step:14}{rates.max():>12,.0f} characters/s ({rates.min():,.0f}); ", end="")
            print(
                f"{rates.max() / bare:.3f} of rjieba, {rates.max() * best['jieba'] / best['characters, jieba']:.1f} of jieba"
            )
    ratios = {
        "tokens, filters / rjieba": best["rjieba"] / best["and filters"],
        "tokens, filters / jieba": best["characters, rjieba"]
        / best["and filters"]
        * best["jieba"]
        / best["characters, jieba"],
        "two cores": 2 * best["one, stage"] / best["two, stage"],
    }
    print()
    for name, goal in GOALS.items():
        print(f"{name:26}{ratios[name]:.2f}, goal {goal}")
    print(f"two cores, the bare loop  {2 * best['one, loop'] / best['two, loop']:.2f}")
    print(f"peak memory: tokens {told['MB, tokens'].max():.0f} MB, all {told['MB, all'].max():.0f} MB; ", end="")
    print(f"{told['held'].max():.0f} MB of it libraries")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=20_000_000, help="of the made-up articles")
    parser.add_argument("--records", nargs="+", type=Path, help="JSONL files, in place of made-up articles")
    options = parser.parse_args()
    articles = recorded(options.records) if options.records else made_up(options.characters)
    issue = np.where(articles["date"] != "", articles["source"] + " " + articles["date"], "")
    measure(articles.assign(document_id=articles["article_id"], issue_id=issue, duplicate_of=""))


if __name__ == "__main__":
    main()
