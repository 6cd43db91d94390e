"""The chosen model for other tools: tables of phi and theta, MALLET's state, LDAvis' JSON, a model of gensim.

Each is made of the phi, theta and counts that the report rests on. Tables have topic_id; the other formats number topics by
their place in the table of topics, from 0 (MALLET, gensim) or from 1 (LDAvis), and where topics were merged into others,
topic_id leaves gaps that these do not have.
"""

import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.tables import write_csv, write_parquet
from baokan.topics.term_ranking import top_terms

TOP_TERMS = 50
# MALLET's own default for the prior of a topic's words: readers of a state smooth counts with it.
BETA = 0.01
SHOWN_TERMS, LAMBDA_STEP = 30, 0.01  # LDAvis' defaults
SMALLEST = 1e-300  # what has no probability at all still has a logarithm


# --- tables


def topic_terms_table(
    phi: np.ndarray, topic_ids: Sequence[int], terms: Sequence[str], n: int = TOP_TERMS
) -> pd.DataFrame:
    """The `n` most probable terms of each topic: topic_id, rank (from 1, ties in the order of `terms`), term, phi (the
    probability of the term in the topic). phi: shape (K, V), rows sum to 1."""
    top = top_terms(phi, n)
    return pd.DataFrame(
        {
            "topic_id": np.repeat(np.asarray(topic_ids, int), top.shape[1]),
            "rank": np.tile(np.arange(1, top.shape[1] + 1), len(top)),
            "term": np.array(terms, dtype=object)[top.ravel()],
            "phi": np.take_along_axis(phi, top, axis=1).ravel(),
        }
    )


def phi_table(phi: np.ndarray, topic_ids: Sequence[int], terms: Sequence[str]) -> pd.DataFrame:
    """term, and for each topic a column topic_<topic_id> with the term's probability in it: columns sum to 1.
    phi: shape (K, V)."""
    return _wide("term", terms, topic_ids, np.transpose(phi))


def theta_table(theta: np.ndarray, topic_ids: Sequence[int], article_ids: Sequence[str]) -> pd.DataFrame:
    """article_id, and for each topic a column topic_<topic_id> with its share of the article: rows sum to 1. An article
    without a counted word has no shares (NaN, an empty cell in CSV). theta: shape (A, K)."""
    return _wide("article_id", article_ids, topic_ids, theta)


def _wide(name: str, keys: Sequence[str], topic_ids: Sequence[int], values: np.ndarray) -> pd.DataFrame:
    columns = {f"topic_{topic}": values[:, place] for place, topic in enumerate(topic_ids)}
    return pd.DataFrame({name: np.array(keys, dtype=object)} | columns)


# --- MALLET


def mallet_lines(
    phi: np.ndarray,
    theta: np.ndarray,
    alpha: float | np.ndarray,
    counts: sparse.csr_matrix,
    terms: Sequence[str],
    article_ids: Sequence[str],
    seed: int,
    beta: float = BETA,
) -> Iterator[str]:
    """The lines of a sampling state as `mallet train-topics --output-state` writes it (printState in MALLET's
    ParallelTopicModel.java): three of a head (columns, alpha, beta), then one for each token: doc, source, pos, typeindex,
    type, topic. All numbers begin at 0: topic is the place of the topic in `phi`, doc the row of the article, typeindex the
    column of the term.

    A model of means has no one state of a sampler. Each token's topic is drawn here, with `seed`, of what the model says
    of it: p(k | d, w), which goes as theta_dk phi_kw. Counts of these draws differ from theta and phi by chance; use the
    tables where the shares themselves are meant. Tokens stand in the order of terms, not of the text: pos is a running
    number. Tokens of a term that no topic has, and articles without theta, are left out. `beta` is for readers that smooth
    counts, and was not estimated.

    Columns are parted by one blank, and readers take quotes and # for marks of their own: in terms and article ids these,
    other blanks, control characters and % are written as in a URL ("New York" is New%20York, "C#" is C%23).

    phi: shape (K, V); theta: shape (A, K); alpha: weight of each topic in the prior, a number or of shape (K,); counts: by
    article, shape (A, V).
    """
    yield "#doc source pos typeindex type topic\n"
    yield f"#alpha : {''.join(f'{weight} ' for weight in np.broadcast_to(alpha, len(phi)).tolist())}\n"
    yield f"#beta : {float(beta)}\n"
    rng = np.random.default_rng([seed, 3])
    counts, by_term = sparse.csr_matrix(counts).sorted_indices(), np.ascontiguousarray(phi.T, dtype=float)
    names, held = [_column(term) for term in terms], phi.sum(axis=0) > 0
    for doc in np.flatnonzero(~np.isnan(theta).any(axis=1)).tolist():
        part = slice(counts.indptr[doc], counts.indptr[doc + 1])
        columns, often = counts.indices[part], counts.data[part].astype(np.int64)
        columns, often = columns[held[columns]], often[held[columns]]
        topics = _drawn(_of_token(by_term[columns], theta[doc]), often, rng)
        tokens = zip(np.repeat(columns, often).tolist(), topics.tolist(), strict=True)
        source = _column(article_ids[doc])
        yield from (f"{doc} {source} {pos} {w} {names[w]} {k}\n" for pos, (w, k) in enumerate(tokens))


def _of_token(terms: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """p(k | d, w), shape (n, K), of terms of a document. terms: their phi, shape (n, K); shares: shape (K,)."""
    weights = terms * shares
    # Where the article has none of the topics that have the term, the term alone decides.
    weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, terms)
    return weights / weights.sum(axis=1, keepdims=True)


def _drawn(chances: np.ndarray, often: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A topic for each of `often` tokens of each term, term by term. chances: shape (n, K), rows sum to 1."""
    n, k = chances.shape
    # One search for all: the ranges of the terms' topics lie end to end, that of term i from i to i + 1.
    ends = (np.cumsum(chances, axis=1) + np.arange(n)[:, None]).ravel()
    row = np.repeat(np.arange(n), often)
    return np.clip(np.searchsorted(ends, row + rng.random(len(row)), side="right") - k * row, 0, k - 1)


def _column(text: str) -> str:
    """`text` without what parts columns or begins a quote or a comment; urllib.parse.unquote undoes it."""
    return "".join(_percent(c) if c in "%#\"'`" or c.isspace() or not c.isprintable() else c for c in text)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))


def write_gzip(lines: Iterable[str], path: str | Path) -> None:
    """Lines as UTF-8 in a gzip file without a date and a name: the same lines, the same bytes."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with (
        Path(path).open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", errors="replace", newline="\n") as file,
    ):
        file.writelines(lines)


# --- LDAvis


def pyldavis_json(
    phi: np.ndarray,
    theta: np.ndarray,
    doc_lengths: np.ndarray,
    terms: Sequence[str],
    shown: int = SHOWN_TERMS,
    step: float = LAMBDA_STEP,
) -> dict:
    """What LDAvis draws (Sievert & Shirley 2014), with the keys and numbers of `pyLDAvis.prepare(...,
    sort_topics=False).to_dict()` of pyLDAvis 3.4. Topics are numbered from 1 by their place in `phi`: LDAvis knows no gaps.

    Terms of a topic are those first by relevance, lambda log phi_kw + (1 - lambda) log(phi_kw / p_w), for any lambda from
    0 to 1 in steps of `step`; of no topic, those first by saliency, p_w sum_k p(k | w) log(p(k | w) / p_k) (Chuang et al.
    2012). The map lays out topics by the Jensen-Shannon divergence of their terms, by classical scaling. How often a
    term stands is, as in pyLDAvis, what the model expects, not what was counted: so no counts of terms are asked for.

    Beyond pyLDAvis: articles without theta and terms that no topic has are left out instead of refused; a direction of
    the map, which is arbitrary, is the one in which its farthest topic is on the positive side; ties are in the order of
    `terms`; one topic is drawn, in the middle.

    phi: shape (K, V); theta: shape (A, K); doc_lengths: counted words of each article, shape (A,).
    """
    told, held = ~np.isnan(theta).any(axis=1), phi.sum(axis=0) > 0
    words = np.array(terms, dtype=object)[held]
    phi = phi[:, held] / phi[:, held].sum(axis=1, keepdims=True)
    sizes = np.asarray(doc_lengths, float)[told] @ theta[told]
    share = sizes / sizes.sum()
    expected = phi * sizes[:, None]
    total = expected.sum(axis=0)
    shown = min(shown, len(words))
    default = np.argsort(-_saliency(phi, share, total), kind="stable")[:shown]
    logs, lifts = _logs(phi), _logs(phi) - _logs(total / total.sum())
    of_topics = [_relevant(*rows, shown, step) for rows in zip(logs, lifts, strict=True)]
    return {
        "mdsDat": _map(phi, share),
        "tinfo": _term_info(default, of_topics, words, expected, total, logs, lifts),
        "token.table": _token_table(np.unique(np.concatenate([default, *of_topics])), words, expected, total),
        "R": shown,
        "lambda.step": step,
        "plot.opts": {"xlab": "PC1", "ylab": "PC2"},
        "topic.order": list(range(1, len(phi) + 1)),
    }


def _logs(values: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(values, SMALLEST))


def _saliency(phi: np.ndarray, share: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Saliency of terms, shape (V,). p(k | w) is of topics of one size, as in pyLDAvis, though p_k is of their own."""
    given = phi / phi.sum(axis=0)
    return total / total.sum() * (given * (_logs(given) - _logs(share)[:, None])).sum(axis=0)


def _relevant(log: np.ndarray, lift: np.ndarray, n: int, step: float) -> np.ndarray:
    """Terms of a topic that are among its `n` most relevant for some lambda, as they first come with rising lambda."""
    found: dict[int, None] = {}
    for weight in np.arange(0, 1 + step, step):
        relevance = weight * log + (1 - weight) * lift
        least = np.partition(relevance, len(relevance) - n)[len(relevance) - n]
        best = np.flatnonzero(relevance >= least)
        found |= dict.fromkeys(best[np.argsort(-relevance[best], kind="stable")][:n].tolist())
    return np.array(list(found), dtype=int)


def _term_info(
    default: np.ndarray,
    of_topics: list[np.ndarray],
    terms: np.ndarray,
    expected: np.ndarray,
    total: np.ndarray,
    logs: np.ndarray,
    lifts: np.ndarray,
) -> dict[str, list]:
    """The bars of the terms: those of no topic, whose logarithms are only ranks, then those of each topic."""
    ranks = np.arange(len(default), 0, -1.0)
    columns = [(terms[default], np.floor(total[default]), np.floor(total[default]), ranks, ranks)]
    for topic, of_topic in enumerate(of_topics):
        rounded = (values[topic, of_topic].round(4) for values in (logs, lifts))
        columns.append((terms[of_topic], expected[topic, of_topic], total[of_topic], *rounded))
    term, freq, whole, log, lift = (np.concatenate(parts).tolist() for parts in zip(*columns, strict=True))
    names = ["Default", *(f"Topic{topic}" for topic in range(1, len(of_topics) + 1))]
    category = [name for name, part in zip(names, columns, strict=True) for _ in part[0]]
    return {"Term": term, "Freq": freq, "Total": whole, "Category": category, "logprob": log, "loglift": lift}


def _token_table(shown: np.ndarray, terms: np.ndarray, expected: np.ndarray, total: np.ndarray) -> dict[str, list]:
    """For each term that may be shown, its share of each topic in which half a token of it is expected."""
    order = shown[np.argsort(terms[shown], kind="stable")]
    places, topics = np.nonzero(expected[:, order].T >= 0.5)
    columns = order[places]
    return {
        "Topic": (topics + 1).tolist(),
        "Freq": (np.round(expected[topics, columns]) / total[columns]).tolist(),
        "Term": terms[columns].tolist(),
    }


def _map(phi: np.ndarray, share: np.ndarray) -> dict[str, list]:
    k = len(phi)
    x, y = _scaled(_divergences(phi)).T
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "topics": list(range(1, k + 1)),
        "cluster": [1] * k,
        "Freq": (100 * share).tolist(),
    }


def _divergences(phi: np.ndarray) -> np.ndarray:
    """Jensen-Shannon divergence of each two rows, in nats, shape (K, K)."""
    value = np.zeros((len(phi), len(phi)))
    for i, p in enumerate(phi):
        for j, q in enumerate(phi[:i]):
            m = _logs((p + q) / 2)
            value[i, j] = value[j, i] = (p * (_logs(p) - m) + q * (_logs(q) - m)).sum() / 2
    return value


def _scaled(distances: np.ndarray) -> np.ndarray:
    """Points in a plane, shape (K, 2), whose distances are near to `distances` (classical scaling, Torgerson 1952)."""
    k = len(distances)
    centre = np.eye(k) - 1 / k
    values, vectors = np.linalg.eigh(-centre @ distances**2 @ centre / 2)
    plane = np.zeros((k, 2))
    for axis, place in enumerate(np.argsort(-values)[:2]):
        # What is left of a direction that is none is noise of the last digits.
        length = 0.0 if np.isclose(values[place], 0) else max(values[place], 0.0)
        vector = vectors[:, place] * np.sqrt(length)
        plane[:, axis] = vector * np.sign(vector[np.argmax(np.abs(vector))])
    return plane.round(10) + 0.0


def write_json(value: dict, path: str | Path) -> None:
    """`value` on one line, with "<" written so that the file can stand within a <script> of a page."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text + "\n", encoding="utf-8", errors="replace")


# --- gensim

# Words that a topic of gensim's stands for. Its inference uses exp(E[log phi]), which nears phi as they grow: with these, a
# term of one in a million words is weighed to within 0.1%.
WORDS = 1e9
NOT_HELD = 1e-3  # of them, for every term: gensim's topics are Dirichlet distributions, in which none may have none


def gensim_model(phi: np.ndarray, alpha: float | np.ndarray, terms: Sequence[str]):
    """A gensim LdaModel, with a Dictionary of `terms` as id2word, whose get_topics() is `phi` but for the last digits of
    float32, and which infers the topics of any bag of words. phi: shape (K, V); alpha: a number or of shape (K,).

    Its shares are near those of the report but not the same: gensim's are the mean of a variational posterior, the report's
    the maximum of the posterior. The model is for reading and scoring; trained on, it would hardly move.
    """
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    dictionary = Dictionary()
    dictionary.token2id = {term: number for number, term in enumerate(terms)}
    model = LdaModel(
        id2word=dictionary,
        num_topics=len(phi),
        alpha=np.broadcast_to(alpha, len(phi)).tolist(),
        eta=NOT_HELD,
        iterations=1000,
        gamma_threshold=1e-4,
        random_state=0,
    )
    model.state.sstats = (phi * WORDS).astype(np.float32)  # to which gensim adds eta
    model.sync_state()
    return model


def save_gensim(model, folder: str | Path) -> None:
    """Write `model` as `folder`/lda.gensim and the files beside it that LdaModel.load(...) looks for.

    The same model gives the same bytes: gensim's journal, with dates and the machine's name, is left out, and so is an order
    of names that hangs on Python's hashes.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    model.lifecycle_events = model.state.lifecycle_events = None
    model.save(str(Path(folder) / "lda.gensim"), ignore=())


# --- all of them


def write_exports(
    paths: Mapping[str, str],
    phi: np.ndarray,
    theta: np.ndarray,
    alpha: float | np.ndarray,
    topics: Sequence[int],
    terms: Sequence[str],
    counts: sparse.csr_matrix,
    article_ids: Sequence[str],
    seed: int,
) -> None:
    """Write the exports to `paths`: phi, theta (Parquet), phi_csv, theta_csv, top_terms (CSV), state, ldavis, and gensim (a
    folder).

    phi: of the topics that are reported, shape (K, V); theta: shape (A, K); alpha: a number or of shape (K,); topics: their
    topic_ids; counts: by article, shape (A, V).
    """
    tables = {"phi": phi_table(phi, topics, terms), "theta": theta_table(theta, topics, article_ids)}
    for name, table in tables.items():
        write_parquet(table, paths[name])
        write_csv(table, paths[f"{name}_csv"])
    write_csv(topic_terms_table(phi, topics, terms), paths["top_terms"])
    write_gzip(mallet_lines(phi, theta, alpha, counts, terms, article_ids, seed), paths["state"])
    write_json(pyldavis_json(phi, theta, np.asarray(counts.sum(axis=1)).ravel(), terms), paths["ldavis"])
    save_gensim(gensim_model(phi, alpha, terms), paths["gensim"])
