"""How the measures of legibility fall as text is misread: `PYTHONPATH=workflow python benchmarks/legibility.py`.

Chinese characters of the sample are replaced at random by others of it, as OCR misreads them. Name JSONL files of records
with a text to try other prose:

    PYTHONPATH=workflow python benchmarks/legibility.py press.jsonl
"""

import json
import random
import re
import sys
from pathlib import Path

import pandas as pd
from baokan.articles.legibility import legibility
from baokan.decoding import decode

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
RATES = (0.0, 0.01, 0.03, 0.05, 0.1, 0.2)
MOST = 300_000  # characters of a text
HAN = re.compile("[\u4e00-\u9fff]")


def misread(text: str, rate: float, rng: random.Random) -> str:
    """`text` with that share of its Chinese characters replaced by others of it."""
    common = HAN.findall(text)
    return HAN.sub(lambda match: rng.choice(common) if rng.random() < rate else match[0], text)


def texts(paths: list[str]) -> dict[str, str]:
    if paths:
        return {
            Path(path).name: "\n".join(json.loads(line)["text"] for line in Path(path).open(encoding="utf-8"))[:MOST]
            for path in paths
        }
    folders = sorted(p for p in SAMPLE.iterdir() if p.is_dir())
    return {f.name: "\n".join(decode(p.read_bytes()).text for p in sorted(f.glob("*.txt"))) for f in folders}


def main() -> None:
    rows = []
    for name, text in texts(sys.argv[1:]).items():
        clean = legibility(text)
        for rate in RATES:
            found = legibility(misread(text, rate, random.Random(rate)))
            fall = 100 * (clean.in_words - found.in_words) / (100 * rate) if rate else float("nan")
            rows.append((name, rate, found.in_words, found.single, found.odd, fall))
    columns = ["text", "misread", "in words", "single", "odd", "points lost for each 1 %"]
    print(pd.DataFrame(rows, columns=columns).to_string(index=False, float_format=lambda v: f"{v:.3f}"))


if __name__ == "__main__":
    main()
