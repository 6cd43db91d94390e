"""Articles printed more than once: the same text, or nearly, within a source and across sources.

Three steps. (1) `fingerprints`, shard by shard: each text as a small set of hashes. (2) `candidates`: the pairs of texts
that share unusual hashes. (3) `alignment`: the texts of these pairs side by side, character by character; only what aligns
is called a repeat. The first two steps may be wrong both ways at little cost; only the third decides.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from baokan.duplicates.alignment import Aligned, align
from baokan.duplicates.candidates import candidates
from baokan.duplicates.fingerprints import normalise

# A repeat: so much of the shorter text aligns ...
LEAST_OF_SHORTER = 0.65  # a reprint with half as much of new text still passes; quoting a speech does not
# ... so much of the longer, lest a notice that stands alone join all pages on which it also stands ...
LEAST_OF_LONGER = 0.25
# ... with so many of its characters equal (two prints of which OCR misread a tenth each) ...
LEAST_IDENTITY = 0.8
# ... and, unless it is nearly the whole of the shorter, so many characters: two short items may share their longest
# sentence.
LEAST_ALIGNED = 50
# ... and damaged rather than reworded. Misread characters stand alone: at 10 % in both prints the differences are 1.2
# characters long in the mean, and at most 1.3. Other names, dates and figures in the same formula (approvals,
# appointments, the laws of two cities) make it 1.8 to 2.3. With hardly any difference there is nothing to be reworded.
LONGEST_MEAN_GAP = 1.5
SURE_IDENTITY = 0.97
# An article is left out as a duplicate only if so much of *its own* text stands in the one that is kept.
LEAST_OF_DUPLICATE = 0.8
# Unless nearly the whole of both texts aligns, they must also share this part of the hashes of the shorter, those of stock
# passages left aside.
LEAST_OF_OWN = 0.25
BATCH_TEXTS = 2000  # texts of candidates held at a time: a bound of memory

PAIR_TYPES = {
    "article_a": "str", "article_b": "str", "source_a": "str", "source_b": "str", "date_a": "str", "date_b": "str",
    "same_source": "bool", "kind": "str", "aligned": "int64", "share": "float64", "share_a": "float64",
    "share_b": "float64", "identity": "float64",
}  # fmt: skip


def _by_length(a: int, b: int, found: Aligned) -> tuple[float, float]:
    """Aligned share of the shorter and of the longer of two texts of `a` and `b` characters; of the second if equal."""
    shares = found.of_a / float(a), found.of_b / float(b)
    return shares if a < b else shares[::-1]


class _Texts:
    """The distinct texts, by number in the order of their first printing, and how they align. One that repeats nothing
    costs no more than its number."""

    def __init__(self, ids: list[str], lengths: np.ndarray, hashes: list[np.ndarray], text_of: Callable):
        self.ids, self.lengths, self.hashes, self.text_of = ids, lengths, hashes, text_of
        self._stock = np.zeros(0, dtype=np.uint32)
        self.found: dict[tuple[int, int], Aligned] = {}
        self.near: dict[int, list[int]] = defaultdict(list)  # texts of which enough aligns, repeats or not
        self._unlike: set[tuple[int, int]] = set()
        self._held: dict[int, str] = {}

    def align_all(self) -> None:
        """Align all candidates; at most BATCH_TEXTS texts are held at a time."""
        pairs, self._stock = candidates(self.hashes)
        batch: list[tuple[int, int]] = []
        needed: set[int] = set()
        for pair in pairs.tolist():
            if len(needed) > BATCH_TEXTS - 2:
                self._align(batch, needed)
                batch, needed = [], set()
            batch.append(pair)
            needed.update(pair)
        self._align(batch, needed)

    def _align(self, batch: list[tuple[int, int]], needed: Iterable[int]) -> None:
        missing = sorted(t for t in needed if t not in self._held)
        if len(self._held) + len(missing) > BATCH_TEXTS:
            self._held = {t: self._held[t] for t in needed if t in self._held}
        texts = self.text_of([self.ids[t] for t in missing]) if missing else {}
        self._held |= {t: normalise(texts[self.ids[t]]) for t in missing}
        for early, late in batch:
            result = align(self._held[early], self._held[late])
            if self._enough(early, late, result):
                self.found[early, late] = result
                self.near[early].append(late)
                self.near[late].append(early)

    def _enough(self, early: int, late: int, result: Aligned) -> bool:
        shorter, longer = _by_length(self.lengths[early], self.lengths[late], result)
        whole = shorter >= LEAST_OF_DUPLICATE
        if not whole and min(result.of_a, result.of_b) < LEAST_ALIGNED:
            return False
        if result.identity < LEAST_IDENTITY or shorter < LEAST_OF_SHORTER:
            return False
        if whole and longer >= LEAST_OF_DUPLICATE:
            return True
        shorter, longer = (early, late) if self.lengths[early] < self.lengths[late] else (late, early)
        own = np.setdiff1d(self.hashes[shorter], self._stock, assume_unique=True)
        shared = np.intersect1d(own, self.hashes[longer], assume_unique=True)
        return len(shared) > 0 and len(shared) >= LEAST_OF_OWN * len(own)

    def alignment(self, a: int, b: int) -> Aligned:
        """How `a` and `b` align, all 0 if not enough does. Done now if it has not been."""
        early, late = min(a, b), max(a, b)
        if (early, late) not in self.found and (early, late) not in self._unlike:
            self._align([(early, late)], {early, late})
            if (early, late) not in self.found:
                self._unlike.add((early, late))
        found = self.found.get((early, late), Aligned(0, 0, 0.0, 0.0))
        return found if a < b else found._replace(of_a=found.of_b, of_b=found.of_a)

    def kind(self, a: int, b: int) -> str:
        """repeat, variant (reworded), excerpt (a small part of the longer), "" if not enough aligns."""
        found = self.alignment(a, b)
        _, longer = _by_length(self.lengths[a], self.lengths[b], found)
        if not longer:
            return ""
        if longer < LEAST_OF_LONGER:
            return "excerpt"
        return "variant" if found.identity < SURE_IDENTITY and found.gap > LONGEST_MEAN_GAP else "repeat"

    def is_repeat(self, a: int, b: int) -> bool:
        return self.kind(a, b) == "repeat"

    def covers(self, whole: int, part: int) -> bool:
        """Whether nearly all of `part` stands in `whole`."""
        return (
            self.is_repeat(whole, part) and self.alignment(whole, part).of_b / self.lengths[part] >= LEAST_OF_DUPLICATE
        )


def mark_repeats(
    articles: pd.DataFrame, signed: pd.DataFrame, text_of: Callable[[list[str]], dict[str, str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(articles with their repeats marked, table of pairs).

    articles: article_id (no two alike), source, date, document_id, position; other columns are kept, none is changed.
    signed: rows of `signatures` of these articles, in any order. text_of: {article_id: text} for a list of ids; asked for
    at most BATCH_TEXTS at a time, and only for candidates.

    Order of printing: by date, no date last, then document and position. The *original* is the first.

    duplicate_of: the article of the same source that stands for this one, else "". It is the first in which nearly all of
    this one's text stands (LEAST_OF_DUPLICATE). So the first printed is kept and a later copy, whole or cut, is not; but
    where a cut one came first, the later and longer one is kept and the first is its duplicate: whichever is dropped,
    nearly all of its words stay. No article is a duplicate of a duplicate.

    reprint_group: one name for a text that several sources print, else "". Every member aligns with the group's original:
    in the order of printing, an article joins the first original that it repeats, or is one itself. (Joining whatever is
    linked would put unlike articles together by way of a third.) The name is a hash of the original's id.

    Pairs, a row for each pair that aligned, article_a the one printed first: source and date of both; same_source; kind;
    aligned (characters of the shorter); share (of the shorter), share_a, share_b and identity, all in [0, 1]. Kinds:
    repeat; and two that are neither grouped nor duplicates, variant (the same wording with other names or figures) and
    excerpt (less than LEAST_OF_LONGER of the longer). Of n articles with exactly the same text, each is paired with the
    first only; of many that are nearly the same, not all pairs are there.
    """
    out = articles.reset_index(drop=True)
    order = _order_of_printing(out)
    signed = signed.set_index("article_id").reindex(out["article_id"].iloc[order])
    row_of = order[signed["digest"].notna().to_numpy()]
    signed = signed[signed["digest"].notna()]
    # Equal texts are one text, which has the number of its first printing.
    number, firsts = pd.factorize(signed["digest"])
    first = np.unique(number, return_index=True)[1] if len(number) else np.zeros(0, dtype=np.int64)
    ids = out["article_id"].to_numpy()
    lengths, hashes = signed["n_normal"].to_numpy().astype(np.int64), signed["hashes"].to_numpy()
    texts = _Texts([ids[r] for r in row_of[first]], lengths[first], [hashes[i] for i in first], text_of)
    texts.align_all()
    group = _groups(texts, len(firsts))
    sources = out["source"].to_numpy()
    duplicate, reprint = np.full(len(out), "", dtype=object), np.full(len(out), "", dtype=object)
    links = {(row_of[first[a]], row_of[first[b]]): (a, b) for a, b in list(texts.found)}
    for source in pd.unique(sources[row_of]):
        own = np.flatnonzero(sources[row_of] == source)
        for place, original in _duplicates(texts, own, number).items():
            duplicate[row_of[place]] = ids[row_of[original]]
            links[row_of[original], row_of[place]] = number[original], number[place]
    seen = defaultdict(set)
    for place, text in enumerate(number):
        seen[group[text]].add(sources[row_of[place]])
        if place != first[text]:
            links[row_of[first[text]], row_of[place]] = text, text
    for place, text in enumerate(number):
        if len(seen[group[text]]) > 1:
            reprint[row_of[place]] = _group_name(texts.ids[group[text]])
    out["duplicate_of"], out["reprint_group"] = pd.array(duplicate, "str"), pd.array(reprint, "str")
    out.index = articles.index
    rank = np.empty(len(out), dtype=np.int64)
    rank[order] = np.arange(len(out))
    return out, _pair_table(out, texts, links, rank)


def _order_of_printing(articles: pd.DataFrame) -> np.ndarray:
    """Rows by date (none last), document, position; the id decides between equals."""
    keys = articles[["date", "document_id", "position", "article_id"]].assign(_undated=articles["date"] == "")
    keys = keys.sort_values(["_undated", "date", "document_id", "position", "article_id"], kind="stable")
    return keys.index.to_numpy()


def _groups(texts: _Texts, n: int) -> list[int]:
    """For each of `n` texts, the original that it repeats; its own number if none."""
    group: list[int] = []
    for text in range(n):
        originals = sorted({group[other] for other in texts.near.get(text, ()) if other < text})
        group.append(next((o for o in originals if texts.is_repeat(o, text)), text))
    return group


def _duplicates(texts: _Texts, places: np.ndarray, number: np.ndarray) -> dict[int, int]:
    """{place of a duplicate: place of the article kept for it} among the articles of one source, at `places` in the
    order of printing. number: text at each place."""
    first: dict[int, int] = {}  # text -> where this source prints it first
    kept: dict[int, int] = {}  # text -> text that stands for it
    followers: dict[int, list[int]] = defaultdict(list)
    for place in places.tolist():
        text = int(number[place])
        if text in first:
            continue
        first[text] = place
        near = sorted({kept[t] for t in texts.near.get(text, ()) if t in kept}, key=first.__getitem__)
        kept[text] = next((t for t in near if texts.covers(t, text)), text)
        if kept[text] != text:
            followers[kept[text]].append(text)
            continue
        for shorter in near:
            if not texts.covers(text, shorter):
                continue
            for follower in [shorter, *followers.pop(shorter, [])]:
                kept[follower] = text if follower == shorter or texts.covers(text, follower) else follower
                if kept[follower] == text:
                    followers[text].append(follower)
    return {
        place: first[kept[text]]
        for place, text in zip(places.tolist(), number[places].tolist(), strict=True)
        if place != first[kept[text]]
    }


def _group_name(article_id: str) -> str:
    return f"reprint-{hashlib.sha256(article_id.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _pair_table(articles: pd.DataFrame, texts: _Texts, links: dict, rank: np.ndarray) -> pd.DataFrame:
    """The table of pairs, see `mark_repeats`. links: {(row, row): (text, text)}."""
    ids, sources, dates = (articles[c].to_numpy() for c in ("article_id", "source", "date"))
    rows = []
    for early, late, a, b in _ordered(links, rank):
        n_a, n_b = int(texts.lengths[a]), int(texts.lengths[b])
        found = Aligned(n_a, n_b, 1.0, 0.0) if a == b else texts.alignment(a, b)
        share, _ = _by_length(n_a, n_b, found)
        rows.append(
            {"article_a": ids[early], "article_b": ids[late], "source_a": sources[early], "source_b": sources[late]}
            | {"date_a": dates[early], "date_b": dates[late], "same_source": sources[early] == sources[late]}
            | {"kind": "repeat" if a == b else texts.kind(a, b)}
            | {"aligned": found.of_a if n_a < n_b else found.of_b, "share": share}
            | {"share_a": found.of_a / n_a, "share_b": found.of_b / n_b, "identity": found.identity}
        )
    return pd.DataFrame(rows, columns=list(PAIR_TYPES)).astype(PAIR_TYPES)


def _ordered(links: dict, rank: np.ndarray) -> Iterator[tuple[int, int, int, int]]:
    """(earlier row, later row, text of each), each pair of rows once, in the order of printing."""
    oriented = {}
    for (x, y), (a, b) in links.items():
        oriented[(x, y) if rank[x] < rank[y] else (y, x)] = (a, b) if rank[x] < rank[y] else (b, a)
    for early, late in sorted(oriented, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
        yield early, late, *oriented[early, late]


def texts_of(articles: pd.DataFrame) -> Callable[[list[str]], dict[str, str]]:
    """The `text_of` of a table held in memory: article_id, text."""
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    return lambda ids: {i: texts[i] for i in ids}
