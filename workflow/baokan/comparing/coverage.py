"""Which issues are held and when: a calendar of issues, the rhythm of publications, gaps in it, and the time sources share.

Dates are ISO strings of an issue: a day, a month (1950-06) or a year (1950), which stand for all their days; "" is unknown.
An issue stands at the middle of its date. Everything here counts issues, and an issue is held if one article of it is,
even one that repeats another.

Rhythm and gaps, for each publication of a source (a publication is what the corpus names so, often one per source):

- The dates are taken once each, in order; a rhythm needs RHYTHM_DATES different ones. Its step m is the median distance of
  consecutive dates, and s = 1.4826 x the median absolute deviation from m (Hampel 1974), so that neither is moved by a few
  gaps.
- A publication with a median distance below DENSE days is measured in its usual weekdays: those that hold at least a
  quarter as many dates as its fullest weekday. A paper that never appears on Sundays has no gap on Sundays. (All weekdays
  are usual where there are fewer than WEEKDAY_DATES dates, or dates that are no days.)
- A distance is a gap if it exceeds both 1.75 m and m + 5 s, and, for a dense publication, if 3 or more of its usual days
  are missing in a row. 1.75, because one missing number doubles a distance, while a late one makes it half as long again.
- In a gap of length d the rhythm would expect round(d / m) - 1 dates, times the median number of issues on a date. An
  irregular publication (s above a quarter of m) has gaps, but no number of issues can be expected in them.

A gap is one in what is held. Whether the publication did not appear, printed a double number, or is merely not in the
corpus, nothing here can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.comparing.dates import days, iso, overlap
from baokan.comparing.reasons import reason, stored
from baokan.corpus.ids import issue_id

RHYTHM_DATES = 4
WEEKDAY_DATES = 14
DENSE = 4
GAP_FACTOR, GAP_DEVIATIONS, GAP_USUAL_DAYS = 1.75, 5.0, 4
IRREGULAR = 0.25  # of the step: a robust spread above it is called irregular
SAME_ISSUE = 0.5  # of the articles of both issues stand in the other one too
STANDING = 50  # a text in more issues than this is standing matter, and no sign that two issues are the same

CALENDAR = [
    "source", "publication", "issue", "issue_id", "date", "first", "last", "n_articles", "n_repeats",
]  # fmt: skip
COVERAGE = [
    "source", "n_publications", "n_issues", "n_dated", "n_undated", "n_articles_without_issue", "first", "last",
    "rhythm", "rhythm_days", "n_gaps", "missing", "n_shared_dates", "period", "n_unplaced", "reason",
    "first_date", "last_date",
]  # fmt: skip
GAPS = ["source", "publication", "from", "to", "days", "expected", "reason"]
OVERLAPS = [
    "source_a", "source_b", "first", "last", "days", "share_a", "share_b", "months_a", "months_b", "months_both",
    "overlap", "same_issues",
]  # fmt: skip


class Rhythm(NamedTuple):
    """How a publication appears, as `rhythm_of` sees it."""

    days: float  # median distance of consecutive dates, in days
    step: float  # the same in the unit of `distances`: days, or usual weekdays of a dense publication
    limit: float  # a distance above it is a gap (and, for a dense one, of GAP_USUAL_DAYS or more)
    distances: np.ndarray  # shape (D - 1,): of consecutive dates
    weekdays: tuple[int, ...]  # usual ones, Monday is 0; () where distances are in days
    dense: bool
    regular: bool
    per_date: float  # median number of issues on a date


def calendar(articles: pd.DataFrame) -> pd.DataFrame:
    """One row per issue, with the columns CALENDAR, sorted by source, publication, date and issue_id.

    articles: source, publication, issue, issue_date and, if there is one, duplicate_of. date is the earliest of an issue's
    articles; first and last are the days that it stands for ("" where it is unknown or no date); n_articles counts articles
    that are no repeats, n_repeats the repeats.
    """
    table = _texts(articles)
    table = table[table["issue_id"] != ""]
    found = (
        table.assign(date=table["date"].mask(table["date"].map(days).isna()), repeat=table["repeat"].astype(int))
        .groupby("issue_id", sort=True)
        .agg(
            source=("source", "first"), publication=("publication", "first"), issue=("issue", "first"),
            date=("date", "min"), n=("repeat", "size"), n_repeats=("repeat", "sum"),
        )
        .reset_index()
    )  # fmt: skip
    found["date"] = found["date"].fillna("").astype(str)
    spans = [days(value) for value in found["date"]]
    found["first"] = ["" if s is None else iso(s[0]) for s in spans]
    found["last"] = ["" if s is None else iso(s[1]) for s in spans]
    found["n_articles"] = found["n"] - found["n_repeats"]
    order = ["source", "publication", "date", "issue_id"]
    return found.sort_values(order, kind="stable", ignore_index=True)[CALENDAR]


def rhythm_of(spans: Sequence[tuple[int, int]]) -> Rhythm | None:
    """The rhythm of issues with these dates (first day, last day), in any order; None with fewer than RHYTHM_DATES
    different dates. How it is found stands in the module's docstring."""
    distinct = sorted(set(spans), key=lambda s: (s[0] + s[1], s))
    if len(distinct) < RHYTHM_DATES:
        return None
    middle = np.array([(first + last) / 2 for first, last in distinct])
    in_days = float(np.median(np.diff(middle)))
    dense, place = in_days < DENSE, middle
    weekdays: tuple[int, ...] = ()
    if dense and len(distinct) >= WEEKDAY_DATES and all(first == last for first, last in distinct):
        ordinals = middle.astype(int)
        counts = np.bincount((ordinals + 6) % 7, minlength=7)
        usual = counts * 4 >= counts.max()
        weekdays = tuple(int(w) for w in np.flatnonzero(usual))
        place = (ordinals + 6) // 7 * usual.sum() + np.cumsum(usual)[(ordinals + 6) % 7]
    distances = np.diff(place).astype(float)
    step = max(float(np.median(distances)), 0.5)
    spread = 1.4826 * float(np.median(np.abs(distances - step)))
    return Rhythm(
        days=in_days,
        step=step,
        limit=max(GAP_FACTOR * step, step + GAP_DEVIATIONS * spread),
        distances=distances,
        weekdays=weekdays,
        dense=dense,
        regular=spread <= IRREGULAR * step,
        per_date=float(np.median(np.unique(np.array(sorted(spans)), axis=0, return_counts=True)[1])),
    )


def gaps_of(spans: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int], float]]:
    """Gaps between issues with these dates: (date before, date after, issues that the rhythm would expect between them, NaN
    where the publication is irregular)."""
    rhythm = rhythm_of(spans)
    if rhythm is None:
        return []
    distinct = sorted(set(spans), key=lambda s: (s[0] + s[1], s))
    wide = rhythm.distances > rhythm.limit
    if rhythm.dense:
        wide &= rhythm.distances >= GAP_USUAL_DAYS
    return [(distinct[i], distinct[i + 1], _expected(rhythm, i)) for i in np.flatnonzero(wide).tolist()]


def _expected(rhythm: Rhythm, i: int) -> float:
    if not rhythm.regular:
        return np.nan
    return float(max(1, round((round(rhythm.distances[i] / rhythm.step) - 1) * rhythm.per_date)))


def coverage_tables(articles: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables calendar (a row per issue), coverage (per source), gaps (per gap) and overlaps (per pair of sources).

    articles: as for `calendar`; reprint_group, if there is one, tells issues that two sources both hold. Columns:
    CALENDAR, COVERAGE, GAPS, OVERLAPS; first_date and last_date are the dates of the first and the last issue as they are given;
    share_a and share_b are shares of a source's dated issues that lie within the shared time. The columns period and n_unplaced
    of coverage are left to `baokan.comparing.timeline.time_tables`.
    """
    table, held = _texts(articles), calendar(articles)
    loose = table[table["issue_id"] == ""].groupby("source").size()
    gap_rows, rows = [], []
    for source in sorted(table["source"].unique()):
        own = held[held["source"] == source]
        spans = _spans(own)
        rhythms, missing, n_gaps, shared = {}, 0, 0, 0
        for publication, part in own.groupby("publication", sort=True):
            parts = _spans(part)
            shared += sum(n > 1 for n in pd.Series(parts, dtype=object).value_counts())
            rhythm, found = rhythm_of(parts), gaps_of(parts)
            n_gaps += len(found)
            missing += int(np.nansum([n for _, _, n in found]))
            if rhythm is not None:
                rhythms[publication] = rhythm
                missing += _scattered(rhythm)
            named = dict(zip(parts, part.loc[part["first"] != "", "date"], strict=True))
            gap_rows += [
                (
                    source,
                    publication,
                    named[before],
                    named[after],
                    after[0] - before[1] - 1,
                    expected,
                    "" if expected == expected else stored(reason("irregular")),
                )
                for before, after, expected in found
            ]
        row = {
            "source": source,
            "n_publications": own["publication"].nunique(),
            "n_issues": len(own),
            "n_dated": len(spans),
            "n_undated": len(own) - len(spans),
            "n_articles_without_issue": int(loose.get(source, 0)),
            "first": iso(min(s[0] for s in spans)) if spans else "",
            "last": iso(max(s[1] for s in spans)) if spans else "",
            "rhythm": _rhythms(rhythms),
            "rhythm_days": float(np.median([r.days for r in rhythms.values()])) if rhythms else np.nan,
            "n_gaps": n_gaps,
            "missing": missing,
            "n_shared_dates": shared,
            "period": "",
            "n_unplaced": 0,
            "reason": "" if rhythms else stored(reason("dates for a rhythm", needed=RHYTHM_DATES)),
        }
        ends = (
            [f(zip(spans, own.loc[own["first"] != "", "date"], strict=True))[1] for f in (min, max)]
            if spans
            else ["", ""]
        )
        rows.append(row | dict(zip(("first_date", "last_date"), ends, strict=True)))
    return {
        "calendar": held,
        "coverage": pd.DataFrame(rows, columns=COVERAGE),
        "gaps": pd.DataFrame(gap_rows, columns=GAPS).astype({"days": int, "expected": float}),
        "overlaps": _overlaps(held, _same_issues(table, held)),
    }


def _texts(articles: pd.DataFrame) -> pd.DataFrame:
    """source, publication, issue, issue_id, date, repeat and reprint_group of the articles, gaps as ""."""
    table = pd.DataFrame(index=range(len(articles)))
    for name, column in (
        ("source", "source"), ("publication", "publication"), ("issue", "issue"), ("date", "issue_date"),
        ("repeat", "duplicate_of"), ("reprint_group", "reprint_group"),
    ):  # fmt: skip
        values = articles[column] if column in articles else [""] * len(articles)
        table[name] = pd.Series(["" if pd.isna(v) else str(v) for v in values], dtype=object)
    keys = zip(table["source"], table["publication"], table["issue"], strict=True)
    table["issue_id"] = pd.Series([issue_id(*key) for key in keys], dtype=object)
    table["repeat"] = table["repeat"] != ""
    return table


def _spans(issues: pd.DataFrame) -> list[tuple[int, int]]:
    return [span for span in map(days, issues["date"]) if span is not None]


def _scattered(rhythm: Rhythm) -> int:
    """Issues that a regular rhythm misses outside of gaps: single days of a paper."""
    if not rhythm.regular or not rhythm.dense:
        return 0
    small = (rhythm.distances < GAP_USUAL_DAYS) & (rhythm.distances > GAP_FACTOR * rhythm.step)
    return round(float((np.round(rhythm.distances[small] / rhythm.step) - 1).sum()) * rhythm.per_date)


def _rhythms(rhythms: dict[str, Rhythm]) -> str:
    """The rhythms of publications, by name, as `baokan.comparing.reasons` stores values; "" for none."""
    return stored(
        *(
            reason(
                "rhythm", publication=publication, days=rhythm.days, weekdays=len(rhythm.weekdays), regular=rhythm.regular,
                per_date=rhythm.per_date,
            )
            for publication, rhythm in sorted(rhythms.items())
        )
    )  # fmt: skip


def _months(issues: pd.DataFrame) -> set[str]:
    """Calendar months in which an issue is dated; a date that is only a year has none."""
    return {value[:7] for value, first in zip(issues["date"], issues["first"], strict=True) if first and len(value) > 4}


def _overlaps(held: pd.DataFrame, same: dict[tuple[str, str], int]) -> pd.DataFrame:
    spans, months = {}, {}
    for source, own in held.groupby("source", sort=True):
        spans[source] = np.array(_spans(own), dtype=float).reshape(-1, 2)
        months[source] = _months(own)
    rows = []
    for a, b in combinations(sorted(spans), 2):
        dated = len(spans[a]) > 0 and len(spans[b]) > 0
        start = end = np.nan
        if dated:
            start, end = (
                max(spans[a][:, 0].min(), spans[b][:, 0].min()),
                min(spans[a][:, 1].max(), spans[b][:, 1].max()),
            )
        meet = dated and start <= end
        within = [
            float(((s.mean(axis=1) >= start) & (s.mean(axis=1) <= end)).mean()) if meet else 0.0 if dated else np.nan
            for s in (spans[a], spans[b])
        ]
        ends = pd.DataFrame(
            [(s, iso(int(day))) for s in (a, b) if dated for day in (spans[s][:, 0].min(), spans[s][:, 1].max())],
            columns=["source", "date"],
        )
        row = {
            "source_a": a, "source_b": b,
            "first": iso(int(start)) if meet else "", "last": iso(int(end)) if meet else "",
            "days": int(end - start) + 1 if meet else 0,
            "share_a": within[0], "share_b": within[1],
            "months_a": len(months[a]), "months_b": len(months[b]), "months_both": len(months[a] & months[b]),
            "overlap": overlap(ends, a, b),
            "same_issues": same.get((a, b), 0),
        }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows, columns=OVERLAPS)


def _same_issues(table: pd.DataFrame, held: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Issues that two sources seem both to hold, by pair: the same named publication with the same issue, unless their
    dates are apart, or with the same whole date; or issues of which at least SAME_ISSUE of the articles of both, and two
    or more, are printed in the other one (by reprint_group)."""
    pairs: set[tuple[str, str]] = set()
    named = held[held["publication"] != ""]
    for key, known in (("issue", named), ("date", named[named["date"].str.len() == 10])):
        both = _across(known[["source", "issue_id", "first", "last", "publication", key]], ["publication", key])
        dated = (both["first_a"] != "") & (both["first_b"] != "")
        apart = (both["first_a"] > both["last_b"]) | (both["first_b"] > both["last_a"])
        both = both[~(dated & apart)]
        pairs |= set(zip(both["issue_id_a"], both["issue_id_b"], strict=True))
    own = table[(table["issue_id"] != "") & ~table["repeat"]]
    groups = own[own["reprint_group"] != ""].drop_duplicates(["issue_id", "reprint_group"])
    groups = groups[groups.groupby("reprint_group")["issue_id"].transform("size") <= STANDING]
    both = _across(groups[["source", "issue_id", "reprint_group"]], ["reprint_group"])
    size = own.groupby("issue_id").size()
    for (a, b), n in both.groupby(["issue_id_a", "issue_id_b"]).size().items():
        if n >= 2 and n >= SAME_ISSUE * max(size[a], size[b]):
            pairs.add((a, b))
    source = dict(zip(held["issue_id"], held["source"], strict=True))
    sides: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for a, b in pairs:
        of_a, of_b = sides.setdefault((source[a], source[b]), (set(), set()))
        of_a.add(a)
        of_b.add(b)
    return {pair: min(len(of_a), len(of_b)) for pair, (of_a, of_b) in sides.items()}


def _across(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of two sources that agree in `keys`, the first source by name as _a and the other as _b."""
    both = rows.merge(rows, on=keys, suffixes=("_a", "_b"))
    return both[both["source_a"] < both["source_b"]]
