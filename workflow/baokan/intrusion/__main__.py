"""Scores the intrusion sheets that readers filled in: python -m baokan.intrusion results/sample answers_a.csv answers_b.csv."""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from baokan.errors import UserError
from baokan.intrusion.answers import read_answers, read_key
from baokan.intrusion.items import OPTIONS
from baokan.intrusion.scores import ALL_TOPICS, scores
from baokan.numbers import percent
from baokan.registry import path_of
from baokan.tables import read_parquet, write_csv

NAMES = {"word": "Words that do not belong", "article": "Articles that do not belong"}


def score_files(results: str | Path, paths: list[str | Path]) -> pd.DataFrame:
    """The scores of the answers in `paths` by the key of a run, with the topics' labels, also written as
    validation/scores.csv. Raises UserError."""
    folder = Path(results) / "validation"
    table = scores(read_key(folder / "key.csv"), read_answers(paths))
    topics = Path(results) / path_of("topics")
    labels = read_parquet(topics).set_index("topic_id")["label"].to_dict() if topics.is_file() else {}
    table.insert(2, "label", [labels.get(t, "") for t in table["topic_id"]])
    write_csv(table, folder / "scores.csv")
    return table


def describe(table: pd.DataFrame) -> str:
    """The scores as lines for a terminal."""
    lines = []
    for kind, rows in table.groupby("kind", sort=False):
        whole = rows[rows["topic_id"] == ALL_TOPICS].iloc[0]
        lines += [
            f"{NAMES[kind]}: {OPTIONS[kind]} shown, a guess finds {percent(whole['chance'])}",
            f"{'topic':>6} {'answers':>8} {'right':>6} {'cannot tell':>12} {'precision':>10} {'95 %':>17}  above chance",
            *(_line(row) for row in rows.to_dict("records")),
            f"{_count(whole['n_annotators'], 'annotator')}, {_count(whole['n_items'], 'item')} of {len(rows) - 1} answered; "
            f"agreement (Krippendorff's alpha) {_alpha(whole['alpha'])}",
            "",
        ]
    lines += [
        "“Cannot tell” counts as not right. The interval over all topics is over items: more readers of the same items make it",
        "hardly narrower. That of a topic is over readers of its one item: with fewer than three it says nearly nothing.",
    ]
    return "\n".join(lines)


def _line(row: dict) -> str:
    topic = "all" if row["topic_id"] == ALL_TOPICS else str(row["topic_id"])
    interval = f"{percent(row['lower'])} to {percent(row['upper'])}" if row["n_answers"] else "n/a"
    verdict = "n/a" if not row["n_answers"] else "yes" if row["above_chance"] else "no"
    return (
        f"{topic:>6} {row['n_answers']:>8} {row['right']:>6} {row['n_cannot_tell']:>12} {percent(row['precision']):>10} "
        f"{interval:>17}  {verdict:<13} {row['label']}"
    ).rstrip()


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _alpha(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "n/a: it takes two who answer the same items, and not all alike"


def main(arguments: list[str] | None = None) -> int:
    """Score the sheets that the arguments name; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m baokan.intrusion", description="Score filled-in intrusion sheets.")
    parser.add_argument("results", help="the folder of the run, such as results/sample")
    parser.add_argument("answers", nargs="+", help="the CSV files that annotators sent back")
    given = parser.parse_args(arguments)
    try:
        table = score_files(given.results, given.answers)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    print(describe(table))
    print(f"\nWritten to {Path(given.results) / 'validation' / 'scores.csv'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
