"""Intrusion sheets for human readers, and what their answers say of the topics.

python -m baokan.reporting.validation results/sample answers_a.csv answers_b.csv
"""

import argparse
import base64
import csv
import hashlib
import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from baokan.decoding import NotText, decode
from baokan.errors import UserError
from baokan.numbers import percent
from baokan.registry import path_of
from baokan.reporting.rendering import write_page
from baokan.tables import article_texts, read_articles, read_parquet, write_csv
from baokan.topics.intrusion import (
    ALL_TOPICS,
    EXCERPT,
    OPTIONS,
    article_items,
    fingerprint,
    scores,
    sheet_key,
    word_items,
)

KEY_COLUMNS = ["item", "kind", "topic_id", "answer", "fingerprint"]
NAMES = {"word": "Words that do not belong", "article": "Articles that do not belong"}


# --- the sheet


def write_sheets(
    phi: np.ndarray,
    theta: np.ndarray,
    articles: pd.DataFrame,
    terms: list[str],
    topic_ids: list[int],
    seed: int,
    name: str,
    template: str | Path,
    css: str | Path,
    sheet: str | Path,
    key: str | Path,
) -> None:
    """The sheet as one HTML file, which does not hold the answers, and its key as CSV.

    phi: shape (K, V); theta: shape (A, K); rows of articles, terms and topic_ids as in intrusion.word_items and
    article_items; name: of the corpus. The same bytes for the same input.
    """
    words = word_items(phi, terms, topic_ids, seed)
    texts = article_items(theta, articles, topic_ids, seed)
    shown = {"words": _groups(words, ["word"]), "articles": _groups(texts, ["title", "excerpt"])}
    write_page(template, sheet, css, **shown, name=name, fingerprint=fingerprint(words, texts), digest=_digest)
    write_csv(sheet_key(words, texts), key)


def _groups(items: pd.DataFrame, columns: list[str]) -> list[dict]:
    """Each item with what is shown of it, in the order of the sheet. Nothing else may come to the page."""
    return [
        {"item": item, "options": rows[["position", *columns]].to_dict("records")}
        for item, rows in items.groupby("item", sort=False)
    ]


def _digest(script: str) -> str:
    """What a Content-Security-Policy calls a script by: its SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(str(script).encode("utf-8")).digest()).decode("ascii")


def read_openings(path: str | Path) -> pd.DataFrame:
    """The articles of a corpus with as much of their texts as a sheet may show: memory need not hold the rest."""
    texts = [text[: 4 * EXCERPT] for _, _, text in article_texts(path)]
    return read_articles(path).assign(text=texts)


# --- what came back


def read_answers(paths: list[str | Path]) -> pd.DataFrame:
    """The answers of all files: their columns, file, and row as a spreadsheet counts them. Files may have been saved again
    by a spreadsheet: UTF-8, GB18030 or UTF-16, with commas, semicolons or tabs. Raises UserError."""
    return pd.concat([_table(path) for path in paths], ignore_index=True)


def read_key(path: str | Path) -> pd.DataFrame:
    """The key of a sheet. Raises UserError if there is none or if it has been changed."""
    if not Path(path).is_file():
        raise UserError(f"{path}: there is no such key. Name the folder of a finished run, such as results/sample.")
    key = _table(path)
    try:
        sound = (
            (key["item"].is_unique)
            and key["kind"].isin(OPTIONS).all()
            and (key["answer"].astype(int) >= 1).all()
            and (key["answer"].astype(int) <= key["kind"].map(OPTIONS)).all()
        )
        key = key[KEY_COLUMNS].astype({"topic_id": int, "answer": int})
    except (KeyError, ValueError):
        sound = False
    if not sound:
        raise UserError(f"{path}: this key has been changed and is of no use. Delete it and run the pipeline again.")
    return key


def _table(path: str | Path) -> pd.DataFrame:
    """The rows of a CSV file as text, with `file` and `row`."""
    try:
        text = _decoded(Path(path).read_bytes())
    except OSError as error:
        raise UserError(
            f"{path}: it cannot be read ({error.strerror}). Name the CSV files that annotators sent back."
        ) from None
    except NotText as error:
        raise UserError(f"{path}: {error}. In the spreadsheet choose “Save as” and “CSV UTF-8”.") from None
    try:
        rows = _rows(text.lstrip("\ufeff"))
    except csv.Error as error:
        raise UserError(f"{path}: it is no CSV ({error}). Take the file as the sheet saved it.") from None
    if not rows:
        raise UserError(f"{path}: the file is empty. Save the answers again in the sheet.")
    (_, names), *rows = rows
    names = [name.strip().lower() for name in names]
    records = [
        dict.fromkeys(names, "") | dict(zip(names, cells, strict=False)) | {"file": str(path), "row": n}
        for n, cells in rows
    ]
    return pd.DataFrame(records, columns=[*dict.fromkeys(n for n in names if n), "file", "row"])


def _decoded(data: bytes) -> str:
    """The text of a CSV file. Raises NotText.

    Names are too few characters to tell GB18030 from Big5 or UTF-16 by how they read, so what is valid GB18030 is taken for
    it. In Big5 a name would then look odd, but no separator would be lost.
    """
    found = decode(data)
    if found.encoding in ("big5", "utf-16-le", "utf-16-be") and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("gb18030").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            pass
    return found.text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(number, cells) of all rows that are not blank, by the separator that the first of them has most of."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    said = first[4:5] if first.lower().startswith("sep=") else ""
    separator = said or max(",;\t", key=first.count)
    rows = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1)
    filled = [(n, cells) for n, cells in rows if any(cell.strip() for cell in cells)]
    return filled[1:] if said else filled


# --- the scores


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
    parser = argparse.ArgumentParser(
        prog="python -m baokan.reporting.validation", description="Score filled-in intrusion sheets."
    )
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
