"""Whether the two segmenters cut alike: `PYTHONPATH=workflow python benchmarks/engines.py`, first part of `make calibrate`.

Paragraphs of made-up articles (words of jieba's dictionary by their frequency, so that any word may stand beside any other) and
of the sample, or of the JSONL files that are named (field text), are cut by rjieba and by jieba. Printed: how many paragraphs
and tokens differ, with a Chinese character in what differs and without one, and the most frequent of both. Ends with status 1
if stretches of common characters (U+4E00 to U+9FD5, which both know) are cut differently more often than once in 100,000
tokens: then one of the two has changed.

    PYTHONPATH=workflow python benchmarks/engines.py press.jsonl gazette.jsonl
"""

import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from baokan.words.segmentation import cutter
from baokan.words.segmentation_audit import differences
from baokan.words.tokens import tokenized
from repeats import SEED, Writer

ROOT = Path(__file__).parents[1]
PARAGRAPHS = 6000
SHOWN = 10
COMMON = re.compile(r"[\u4e00-\u9fd5|]+")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def paragraphs(records: list[Path]) -> list[str]:
    """Paragraphs of the records; without any, of the sample and of made-up articles, PARAGRAPHS or more."""
    if records:
        texts = [json.loads(line)["text"] for path in records for line in path.open(encoding="utf-8")]
        return [p for text in texts for p in text.split("\n") if p.strip()]
    files = sorted((ROOT / "data/sample").glob("*/*.txt"))
    found = [p for f in files for p in f.read_bytes().decode("utf-8", "ignore").split("\n") if HAN.search(p)]
    writer = Writer(np.random.default_rng(SEED))
    while len(found) < PARAGRAPHS:
        found += [p for p in writer.article().split("\n") if p.strip()]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="*", type=Path, help="JSONL files with a field text")
    texts = paragraphs(parser.parse_args().records)
    ids = [str(i) for i in range(len(texts))]
    rust, python = (tokenized(ids, texts, cutter(engine)) for engine in ("rjieba", "jieba"))
    found = differences(rust, python)
    table = found.table.assign(stretch=[re.sub(r"\|", "", h) for h in found.table["here"]])
    common = table["here"].str.fullmatch(COMMON) & table["there"].str.fullmatch(COMMON)
    chinese = table["here"].str.contains(HAN)
    print(f"{len(texts):,} paragraphs, {len(rust.ids):,} tokens by rjieba")
    print(f"{(found.changed > 0).sum():,} paragraphs and {found.changed.sum():,} tokens differ:\n")
    groups = (
        ("common Chinese characters only", common),
        ("with rare Chinese characters or other signs", chinese & ~common),
        ("without a Chinese character", ~chinese),
    )
    for name, rows in groups:
        part = table[rows].head(SHOWN)
        shown = "; ".join(
            f"{h} or {t} ({n})" for h, t, n in zip(part["here"], part["there"], part["places"], strict=True)
        )
        print(f"  {table.loc[rows, 'places'].sum():6,} places {name}{': ' + shown if shown else ''}")
    sys.exit(int(100_000 * table.loc[common, "places"].sum() > len(rust.ids)))


if __name__ == "__main__":
    main()
