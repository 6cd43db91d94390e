"""How fast and in how much memory documents are cleaned and cut: `PYTHONPATH=workflow python benchmarks/cleaning.py`.

Speed: characters a second of one core, through everything the stage does (furniture, line joining, repairs, articles,
offset maps, legibility), on the sample, whose newspaper has short lines and needs most work, and on single articles. Beside
it, on the same text and in the same run, the segmenter (rjieba), which any pipeline has to pay for.

Memory: the largest process of reading, cutting and gathering a corpus of 1, 4 and 16 times as many files, with as many
times the shards. The first must not grow with the corpus; what finds repeats over all shards holds signatures and may.

    PYTHONPATH=workflow python benchmarks/cleaning.py --files 200
"""

import argparse
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import pandas as pd
import rjieba
from baokan.articles.cut import cut_documents
from baokan.articles.document import cut
from baokan.articles.gathering import KEYS, gather, texts_in, with_repeats
from baokan.corpus.inventory import Inventory
from baokan.duplicates.fingerprints import signatures
from baokan.duplicates.groups import mark_repeats
from baokan.reading.shard import read_shard
from baokan.tables import read_parquet, write_parquet
from repeats import SEED, Writer

ROOT = Path(__file__).parents[1]
ROUNDS = 3  # the fastest counts
COPIES = 10  # of the sample, so that what tables cost at the least does not show
ARTICLES = 20  # in a made-up file
TABLES = ("documents", "articles", "furniture", "doubts", "corrections")


def speed() -> pd.DataFrame:
    """A row for each kind of text: characters; characters a second of cleaning and cutting, of the whole stage (with
    legibility, for which the text is segmented, and tables), and of rjieba; what the whole takes beside rjieba."""
    corpus = Inventory.of(ROOT / "data" / "sample", 1)
    sample = read_shard(corpus.root, corpus.by_shard[0], corpus.overrides)
    sample = pd.concat([sample] * COPIES, ignore_index=True)
    writer = Writer(np.random.default_rng(SEED))
    records = [{"document_id": f"r#{i}", "title": f"第{i}篇", "text": writer.article()} for i in range(1000)]
    plain = pd.DataFrame([sample.iloc[0].to_dict() | record for record in records])
    rows = []
    kinds = [(f"sample, {s}", sample[sample["source"] == s]) for s in sorted(sample["source"].unique())]
    for name, documents in [*kinds, ("records, one article each", plain)]:
        characters = int(documents["text"].str.len().sum())
        cutter, whole = rjieba.Jieba(), "\n".join(documents["text"])
        rows_ = list(documents[["text", "date", "title"]].itertuples(index=False))
        cleaned = _fastest(lambda rows=rows_: [cut(*row) for row in rows])
        stage = _fastest(lambda documents=documents: cut_documents(documents, {}))
        segmented = _fastest(lambda cutter=cutter, whole=whole: cutter.cut(whole))
        figures = characters / cleaned, characters / stage, len(whole) / segmented, stage / segmented
        rows.append((name, characters, *figures))
    columns = ["cleaned and cut, characters/s", "whole stage, characters/s", "rjieba, characters/s", "stage / rjieba"]
    return pd.DataFrame(rows, columns=["text", "characters", *columns])


def _fastest(work) -> float:
    """Processor seconds of the fastest of some rounds: this is about one core, whatever else the machine does."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def _process_shard(folder: Path, shard: int, shards: int) -> None:
    corpus = Inventory.of(folder / "corpus", shards)
    decoded = read_shard(corpus.root, corpus.by_shard[shard], corpus.overrides)
    tables = cut_documents(decoded, {})
    for name, table in (tables | {"signatures": signatures(tables["articles"])}).items():
        write_parquet(table, folder / name / f"{shard:04d}.parquet")


def _find_repeats(folder: Path) -> None:
    paths = sorted(map(str, (folder / "articles").glob("*.parquet")))
    signed = read_parquet(*sorted((folder / "signatures").glob("*.parquet")))
    marked, _ = mark_repeats(read_parquet(*paths, columns=KEYS), signed, texts_in(paths))
    write_parquet(marked[["article_id", "duplicate_of", "reprint_group"]], folder / "repeats.parquet")


def _gather(folder: Path) -> None:
    paths = sorted(map(str, (folder / "articles").glob("*.parquet")))
    marks = with_repeats(read_parquet(folder / "repeats.parquet"))
    gather(paths, ["document_id", "position"], folder / "all.parquet", marks)


def _measured(queue, work, arguments) -> None:
    work(*arguments)
    status = Path("/proc/self/status")  # of this program; what getrusage says includes the parent that started it
    if status.exists():
        queue.put(int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) / 1024)
    else:
        queue.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)  # macOS counts bytes


def peak(work, *arguments) -> float:
    """Peak memory in MB of a process of its own that does `work`."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_measured, args=(queue, work, arguments))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{work.__name__} failed (exit code {process.exitcode})")
    return queue.get()


def memory(files: int) -> pd.DataFrame:
    rows = []
    for times in (1, 4, 16):
        writer, shards = Writer(np.random.default_rng(SEED)), 4 * times
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (folder / "corpus" / "newspaper").mkdir(parents=True)
            characters = 0
            for number in range(files * times):
                page = "\n\n".join(
                    f"第{number}版第{i}条消息\n本报记者 方小满\n{writer.article()}" for i in range(ARTICLES)
                )
                characters += len(page)
                (folder / "corpus" / "newspaper" / f"{number:05d}.txt").write_text(page, encoding="utf-8")
            each = [
                peak(_process_shard, folder, shard, shards) for shard in Inventory.of(folder / "corpus", shards).shards
            ]
            rest = peak(_find_repeats, folder), peak(_gather, folder)
            rows.append((times, files * times, characters / 1e6, max(each), *rest))
    columns = ["times", "files", "million characters", "MB, a shard read and cut", "MB, repeats", "MB, gathered"]
    return pd.DataFrame(rows, columns=columns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=100, help="files of the smallest corpus of the memory table")
    arguments = parser.parse_args()
    print(speed().to_string(index=False, float_format=lambda v: f"{v:,.2f}" if v < 100 else f"{v:,.0f}"))
    print()
    print(memory(arguments.files).to_string(index=False, float_format=lambda v: f"{v:,.1f}"))


if __name__ == "__main__":
    main()
