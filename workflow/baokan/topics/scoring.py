"""The topic shares of texts that were not in the corpus, by the reported model.

python -m baokan.topics.scoring results/sample new1.txt new2.txt > shares.csv
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from baokan.articles.document import cut
from baokan.decoding import NotText, decode
from baokan.errors import UserError
from baokan.folding import fold
from baokan.numbers import percent
from baokan.registry import path_of
from baokan.tables import read_parquet, write_csv
from baokan.topics.folding_in import infer
from baokan.topics.reported import MODEL, ReportedModel
from baokan.words.counting import word_counts
from baokan.words.lexicon import terms_in_force
from baokan.words.parts_of_speech import kinds
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import Tokens, lengths
from baokan.words.vocabulary import KEPT, counted_kinds

RARE = "in fewer than "  # so begins why a word is dropped that stands too seldom
UNKNOWN = "the model knows no word of it"


def score(
    results: str | Path,
    texts: Iterable[str | tuple[str, str]],
    ids: Sequence[str] | None = None,
    source: str = "",
) -> pd.DataFrame:
    """Topic shares of new texts by the model of a run, whose folder is `results`.

    texts: each a text, or (title, text), clean as the articles of the corpus are; `document` makes such of a file. ids:
    their names; without them, they are numbered from 1. source: one of the corpus's, if the texts are of it: words that
    the configuration drops in that source alone are then not counted.

    Text is cut as the run cut it: by its segmenter, folded to Simplified if that was, with the terms of its lists and those
    found in its corpus kept whole. phi stays as it is (`folding_in.infer`), so an article of the corpus gets the shares that
    the run gives it.

    A row for each text and topic: document, topic_id, label, share; and for the text: n_tokens, how many of its words the
    model counts; known, their share among these and the words of the kinds that are counted (long enough, on no list of
    stopwords) that are not in the corpus or too rare there; note. Where known is far below `known_in_corpus`, the
    text speaks of other things than the corpus, and its shares are of the little that it has in common with it. A text
    without a single word that the model knows has no shares: they are NaN, and note says so.

    Raises UserError if the run did not end, or if a list of its terms is missing or has changed since.
    """
    results = _results(results)
    model, provenance = ReportedModel.load(results / MODEL), _provenance(results)
    words, vocabulary = provenance["config"]["words"], _table(results, path_of("vocabulary"))
    simple = fold if words["simplify"] else str
    terms = _terms(results, words, provenance.get("word_lists", {}))
    tokens = tokens_of(_numbered(texts), words["engine"], terms, words["simplify"])
    counts, n_foreign = _counts(tokens, model, vocabulary, words, set(map(simple, terms)), source)
    n_tokens = np.asarray(counts.sum(axis=1)).ravel()
    per_text = pd.DataFrame(
        {
            "document": np.array(tokens.article_ids if ids is None else list(ids), dtype=object),
            "n_tokens": n_tokens.astype(int),
            "known": n_tokens / np.where(n_tokens + n_foreign > 0, n_tokens + n_foreign, np.nan),
            "note": [_note(n, lost) for n, lost in zip(n_tokens.tolist(), _lost(tokens), strict=True)],
        }
    )
    theta = model.shares(infer(model.fitted, model.alpha, counts))
    return _shares_table(per_text, theta, model)


def known_in_corpus(vocabulary: pd.DataFrame) -> float:
    """`known` of the corpus as a whole: what to hold that of a new text against. vocabulary: status, n_tokens."""
    kept = vocabulary.loc[vocabulary["status"] == KEPT, "n_tokens"].sum()
    rare = vocabulary.loc[vocabulary["status"].str.startswith(RARE), "n_tokens"].sum()
    return float(kept / (kept + rare)) if kept + rare else np.nan


def document(data: bytes, cleaning: dict) -> tuple[str, str]:
    """(title, text) of a file of plain text that holds one article: decoded and cleaned as the corpus was.

    cleaning: that part of the configuration. Raises NotText.
    """
    articles = cut(decode(data).text, settings=cleaning | {"cut_articles": False}).articles
    return (articles[0]["title"], articles[0]["text"]) if articles else ("", "")


def _numbered(texts: Iterable[str | tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for number, text in enumerate(texts, 1):
        yield (str(number), "", text) if isinstance(text, str) else (str(number), *text)


def _counts(
    tokens: Tokens, model: ReportedModel, vocabulary: pd.DataFrame, words: dict, terms: set[str], source: str
) -> tuple[sparse.csr_matrix, np.ndarray]:
    """(counts of the model's terms, shape (N, V); how many words of the kinds that are counted are foreign to it, (N,))."""
    held = model.fitted.sum(axis=0) > 0  # a term of no training text is as foreign as one that is not in the corpus
    place = {term: column for column, term in enumerate(model.terms) if held[column]}
    column = np.array([place.get(word, -1) for word in tokens.words], dtype=int)
    foreign = (column < 0) & _countable(tokens.words, vocabulary, words, terms)
    if source:
        local = _dropped_in(vocabulary, source)
        column[[word in local for word in tokens.words]] = -1
    counts = word_counts(tokens)
    known = np.flatnonzero(column >= 0)
    to = sparse.csr_matrix((np.ones(len(known), np.int64), (known, column[known])), (len(column), len(model.terms)))
    return (counts @ to).tocsr(), counts @ foreign.astype(np.int64)


def _countable(found: np.ndarray, vocabulary: pd.DataFrame, words: dict, terms: set[str]) -> np.ndarray:
    """Which words, shape (W,), would be counted if they stood in the corpus often enough."""
    left_out = vocabulary.loc[(vocabulary["status"] != KEPT) & ~vocabulary["status"].str.startswith(RARE), "term"]
    allowed = np.isin(np.array(kinds(found, terms), dtype=str), counted_kinds(words["parts_of_speech"]))
    return allowed & (lengths(found) >= words["min_length"]) & ~np.isin(found.astype(str), left_out.to_numpy(str))


def _dropped_in(vocabulary: pd.DataFrame, source: str) -> set[str]:
    """The words that are not counted in `source`. Raises UserError for a source that the corpus does not have."""
    known = [name.removeprefix("occurrences_") for name in vocabulary.columns if name.startswith("occurrences_")]
    if source not in known:
        raise UserError(f"There is no source {source!r}; the sources of this corpus are {', '.join(known)}.")
    return set(vocabulary.loc[[source in names.split(", ") for names in vocabulary["dropped_in"]], "term"])


def _lost(tokens: Tokens) -> np.ndarray:
    """How many characters of each text its encoding could not give back, shape (N,)."""
    return word_counts(tokens) @ np.array([word.count("\ufffd") for word in tokens.words], dtype=np.int64)


def _note(n_tokens: int, lost: int) -> str:
    notes = [] if n_tokens else [UNKNOWN]
    return "; ".join([*notes, *([f"{lost:,} characters could not be read"] if lost else [])])


def _shares_table(per_text: pd.DataFrame, theta: np.ndarray, model: ReportedModel) -> pd.DataFrame:
    """`per_text` (a row for each text) with a row for each topic. theta: shape (N, K')."""
    n, k = theta.shape
    table = per_text.loc[np.repeat(per_text.index, k)].reset_index(drop=True)
    table.insert(1, "topic_id", np.tile(np.array(model.topic_ids, dtype=int), n))
    table.insert(2, "label", np.tile(np.array(model.labels, dtype=object), n))
    table.insert(3, "share", theta.ravel())
    return table


# --- what a run leaves


def _results(path: str | Path) -> Path:
    if not Path(path).is_dir():
        raise UserError(f"There is no folder of results {path}.")
    return Path(path)


def _provenance(results: Path) -> dict:
    path = results / "provenance.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        _ = found["config"]["words"]["terms"], found["config"]["cleaning"]
        return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is missing or damaged: run the workflow to its end first.") from error


def _table(results: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    try:
        return read_parquet(results / name, columns=columns)
    except (OSError, pa.ArrowInvalid) as error:
        raise UserError(f"{results / name} is missing or damaged: run the workflow to its end first.") from error


def _terms(results: Path, words: dict, hashes: dict[str, str]) -> list[str]:
    """The terms that the run kept whole. Files of terms are named from the project's root, which is two folders above the
    results; as they are the reader's own, they may be elsewhere or have changed. hashes: of the lists as the run had them."""
    paths = []
    for name in words["terms"]:
        path = results.resolve().parent.parent / name
        path = path if path.exists() else Path(name)
        if path.exists() and hashes.get(name, sha := hashlib.sha256(path.read_bytes()).hexdigest()) != sha:
            raise UserError(
                f"The list of terms {name} has changed since the run, and its text would be cut in another way. "
                "Run the workflow again, or put the list back as it was."
            )
        paths.append(path)
    found = _table(results, path_of("terms"), ["term", "status"])
    return terms_in_force(paths, found, words["discover"])["term"].tolist()


# --- command line


def _read(name: str, cleaning: dict) -> tuple[str, str]:
    """(title, text) of the file `name`, or of what comes in for "-"."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"{name} cannot be read ({error.strerror}).") from error
    try:
        title, text = document(data, cleaning)
    except NotText as error:
        raise UserError(f"{name} is no text file: {error}. Save it as plain text first.") from error
    if not (title or text).strip():
        raise UserError(f"{name} is empty: there is nothing to score.")
    return title, text


def _to_stdout(table: pd.DataFrame) -> None:
    """As `write_csv` writes it: with a BOM, so that Excel shows Chinese, and formulas disarmed."""
    with tempfile.TemporaryDirectory() as folder:
        write_csv(table, Path(folder) / "shares.csv")
        sys.stdout.buffer.write((Path(folder) / "shares.csv").read_bytes())
        sys.stdout.buffer.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the topic shares of the texts that the arguments name; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m baokan.topics.scoring",
        description="Topic shares of new texts by the model of a run, as CSV.",
    )
    parser.add_argument("results", help="the folder of a run: results/<name>")
    parser.add_argument(
        "texts", nargs="+", help="files of plain text, one article each, in any encoding of Chinese; - reads stdin"
    )
    parser.add_argument(
        "--source", default="", help="the source of the corpus that the texts are of, if they are of one"
    )
    options = parser.parse_args(arguments)
    try:
        results = _results(options.results)
        cleaning = _provenance(results)["config"]["cleaning"]
        texts = [_read(name, cleaning) for name in options.texts]
        table = score(results, texts, options.texts, options.source)
        corpus = known_in_corpus(_table(results, path_of("vocabulary"), ["status", "n_tokens"]))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"Of the corpus itself, the model knows {percent(corpus)} of the words; hold the column known against it.",
        file=sys.stderr,
    )
    _to_stdout(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
