"""Shares over time in each source for the topics that change or differ most; lines break where issues are missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from baokan.catalogue import translator
from baokan.reporting.figures import percent_axis, shorten
from baokan.reporting.looks import FAINT, source_colour
from baokan.reporting.time_axis import NO_DATES, SMEAR, TimeAxis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_TOPICS, MOST_SOURCES, MOST_COLUMNS = 6, 6, 4
PANELS_WIDE = 2


def figure(
    timeline: pd.DataFrame,
    changes: pd.DataFrame,
    coverage: pd.DataFrame,
    topics: pd.DataFrame,
    weighting: str,
    language: str = "en",
    **_,
) -> Figure:
    """timeline, changes, coverage: of compare/; topics: topics.parquet. coverage names the sources without a date too, so that
    each has the same colour in all figures.

    A panel per topic of `shown_topics` with a line per source; where one time axis would squeeze a source to a smear
    (`layout`), a row per topic and a column per source. A dot is a period, or an issue where a source has few; the band is
    its interval over issues. Lines join neighbours of one stretch.
    """
    from matplotlib.figure import Figure

    say = translator(language)
    rows = timeline[timeline["weighting"] == weighting]
    chosen = shown_topics(timeline, changes, topics, weighting)
    if rows.empty or not chosen:
        fig = Figure(figsize=(7, 1))
        fig.text(
            0.02, 0.5, say.gettext(NO_DATES) if rows.empty else say.gettext("There is no topic to be shown over time.")
        )
        return fig
    everyone = sorted(coverage["source"])
    sources, apart = layout(timeline, weighting)
    rows = rows[rows["source"].isin(sources)]
    rows = rows.assign(low=rows["first"].map(_day), high=rows["last"].map(_day))
    parts = dict(list(rows.groupby(["topic_id", "source"])))
    label_of = dict(zip(topics["topic_id"], topics["label"], strict=True))
    # Intervals of three issues can be so wide that the shares would lie flat: then they run off the panel.
    highest = rows.groupby("topic_id")[["share", "upper"]].max().fillna(0.0)
    tops = (
        (1.06 * highest["share"])
        .clip(lower=1.04 * highest["upper"].clip(upper=1.8 * highest["share"]))
        .clip(lower=1e-4)
    )
    colours = {source: source_colour(everyone, source) for source in sources}
    if apart:
        fig = Figure(figsize=(9.2, 1.45 * len(chosen) + 0.7))
        axes = fig.subplots(len(chosen), len(sources), squeeze=False, sharey="row", sharex="col")
        for j, source in enumerate(sources):
            axis = _axis(rows[rows["source"] == source])
            for i, topic in enumerate(chosen):
                ax = axes[i, j]
                _line(ax, parts[topic, source], axis, colours[source])
                _dress(
                    ax, axis, f"{topic}  {shorten(label_of[topic], 30)}" if j == 0 else "", max(2, 9 // len(sources))
                )
                ax.set_ylim(0, tops[topic])
                ax.tick_params(labelbottom=i == len(chosen) - 1)
    else:
        wide = min(PANELS_WIDE, len(chosen))
        high = int(np.ceil(len(chosen) / wide))
        fig = Figure(figsize=(4.6 * wide + (2.4 if wide == 1 else 0), 2.1 * high + 0.7))
        axes = fig.subplots(high, wide, squeeze=False, sharex=True)
        axis = _axis(rows)
        for place, ax in enumerate(axes.ravel()):
            if place >= len(chosen):
                ax.set_visible(False)
                continue
            for source in sources:
                _line(ax, parts[chosen[place], source], axis, colours[source])
            _dress(ax, axis, f"{chosen[place]}  {shorten(label_of[chosen[place]], 24)}", 5)
            ax.set_ylim(0, tops[chosen[place]])
            ax.tick_params(labelbottom=place + wide >= len(chosen))
    for source in sources:
        axes[0, 0].plot([], [], "o-", color=colours[source], label=shorten(source, 18), ms=4)
    fig.tight_layout(rect=(0, 0, 1, 1 - 0.3 / fig.get_figheight()))
    fig.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="upper left", ncols=len(sources), fontsize=8.5, handlelength=1.6
    )
    return fig


def layout(timeline: pd.DataFrame, weighting: str) -> tuple[list[str], bool]:
    """(sources that are shown, whether each needs a time axis of its own).

    Shown are the sources with most dated issues, by name: MOST_SOURCES on one axis, for more lines could not be told apart;
    MOST_COLUMNS side by side, where on one axis a source with several periods would have less than SMEAR of it.
    """
    rows = timeline[timeline["weighting"] == weighting].drop_duplicates(["source", "period"])
    if rows.empty:
        return [], False
    held = rows.groupby("source")["n_issues"].sum()
    ranked = sorted(held.index, key=lambda s: (-held[s], s))[:MOST_SOURCES]
    rows = rows[rows["source"].isin(ranked)]
    rows = rows.assign(low=rows["first"].map(_day), high=rows["last"].map(_day))
    axis = _axis(rows)
    ends = rows.groupby("source").agg(low=("low", "min"), high=("high", "max"), n=("low", "size"))
    width = axis.at(ends["high"] + 1.0) - axis.at(ends["low"].astype(float))
    apart = len(ranked) > 1 and bool(((width < SMEAR) & (ends["n"] > 2)).any())
    return sorted(ranked[:MOST_COLUMNS] if apart else ranked), apart


def shown_topics(timeline: pd.DataFrame, changes: pd.DataFrame, topics: pd.DataFrame, weighting: str) -> list[int]:
    """Ids of the topics that a figure has room for: first those that change (beyond what neighbours alike make, then the
    smallest corrected p, then the largest difference between before and after), then those on which the sources' means
    lie furthest apart, or, with one source, the largest. Topics that the user excluded are not shown."""
    kept = topics.loc[~topics["excluded"].astype(bool), "topic_id"].tolist()
    moved = changes[(changes["weighting"] == weighting) & changes["changed"].astype(bool)]
    moved = moved.assign(size=(moved["after"] - moved["before"]).abs())
    moved = moved.sort_values(
        ["beyond_neighbours", "p_corrected", "size", "topic_id"], ascending=[False, True, False, True], kind="stable"
    )
    first = list(dict.fromkeys(moved["topic_id"]))
    rows = timeline[(timeline["weighting"] == weighting) & timeline["topic_id"].isin(kept)]
    if rows.empty:
        return []
    means = rows.groupby(["topic_id", "source"])["share"].mean().unstack()
    apart = means.max(axis=1) - means.min(axis=1) if means.shape[1] > 1 else means.iloc[:, 0]
    rest = sorted(kept, key=lambda topic: (-float(apart.get(topic, 0.0)), topic))
    return [int(t) for t in dict.fromkeys([*(t for t in first if t in kept), *rest])][:MOST_TOPICS]


def _axis(rows: pd.DataFrame) -> TimeAxis:
    return TimeAxis(sorted(set(zip(rows["low"], rows["high"], strict=True))))


def _line(ax: Axes, own: pd.DataFrame, axis: TimeAxis, colour: str) -> None:
    """One topic of one source: dots, bands, and lines within stretches."""
    middle = ((own["low"] + own["high"] + 1) / 2).to_numpy()
    x = axis.at(middle)
    share, lower, upper = (own[c].to_numpy(float) for c in ("share", "lower", "upper"))
    single = bool((own["unit"] == "issue").all())
    cut = np.array([axis.piece(day) for day in middle])  # a cut of the axis breaks a line as well
    for stretch, piece in sorted(set(zip(own["stretch"], cut, strict=True))):
        part = np.flatnonzero((own["stretch"].to_numpy() == stretch) & (cut == piece))
        ax.plot(x[part], share[part], "-", color=colour, lw=0.9 if single else 1.5, alpha=0.45 if single else 0.95)
        for run in _known(part, lower):
            if len(run) == 1:
                ax.vlines(x[run], lower[run], upper[run], color=colour, lw=1.2, alpha=0.5)
            else:
                ax.fill_between(x[run], lower[run], upper[run], color=colour, alpha=0.16, lw=0)
    size = 3.6 if len(own) <= 60 else 2.4 if len(own) <= 200 else 1.4
    bounded = np.isfinite(lower) | single
    filled, hollow = {"mfc": colour, "mew": 0}, {"mfc": "white", "mec": colour, "mew": 0.9}
    for some, look in ((bounded, filled), (~bounded, hollow)):
        if some.any():  # unclipped, so that a dot on the axis is shown whole
            (dots,) = ax.plot(x[some], share[some], "o", ms=size, clip_on=False)
            dots.set(**look, in_layout=False)


def _dress(ax: Axes, axis: TimeAxis, title: str, labels: int) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.set_title(title, fontsize=9.5)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    percent_axis(ax.yaxis)
    ax.tick_params(labelsize=8, length=0)
    ax.grid(axis="y", color=FAINT)
    axis.dress(ax, labels=labels, size=8)


def _known(part: np.ndarray, lower: np.ndarray) -> list[np.ndarray]:
    """Runs of neighbours with an interval."""
    inside = part[np.isfinite(lower[part])]
    return np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1) if len(inside) else []


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()
