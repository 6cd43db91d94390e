"""The search over K: merits of every fit, and the one that was chosen."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from baokan.catalogue import N_, translator
from baokan.reporting.looks import FAINT, GREY

PANELS = (
    ("npmi", N_("coherence (c_npmi)")),
    ("stability", N_("stability over seeds")),
    ("score", N_("score: coherence × stability")),
    ("held_out", N_("held-out, nats per word")),
    ("c_v", N_("coherence (C_v)")),
    ("u_mass", N_("coherence (UMass)")),
    ("exclusivity", N_("exclusivity")),
    ("diversity", N_("diversity")),
)
LINE, RING = "#0072B2", "#D55E00"


def figure(search: pd.DataFrame, language: str = "en", **_) -> Figure:
    """search: topics/search.parquet. A dot is a fit, the line the mean of a K, the ring the fit that is reported. Fits that
    were made once K was chosen have neither stability nor score, and no part in the means."""
    fig = Figure(figsize=(9.2, 4.6))
    axes = fig.subplots(2, len(PANELS) // 2).ravel()
    chosen, searched = search[search["chosen"]].iloc[0], search[search["score"].notna()]
    for ax, (column, title) in zip(axes, PANELS, strict=True):
        means = searched.groupby("k")[column].mean()
        if column == "held_out":
            errors = searched.groupby("k")["held_out_error"].first()
            ax.errorbar(means.index, means, yerr=errors, fmt="o-", color=LINE, lw=1.4, ms=3.5)
        else:
            ax.plot(search["k"], search[column], "o", color=GREY, ms=3.5, alpha=0.5)
            ax.plot(means.index, means, "-", color=LINE, lw=1.4)
            # A fit made once K was chosen has no stability: no ring is set, least of all at another measure.
            ax.plot(chosen["k"], chosen[column], "o", mfc="none", mec=RING, mew=1.8, ms=9)
        ax.axvline(chosen["k"], color=RING, lw=0.6, zorder=0)
        ax.set_title(translator(language).gettext(title), fontsize=8.5)
        ax.set_xticks(sorted(search["k"].unique()))
        ax.yaxis.set_major_locator(MaxNLocator(4))
        ax.tick_params(labelsize=8)
        ax.grid(axis="y", color=FAINT)
        ax.set_xlabel("K", fontsize=8)
    fig.tight_layout()
    return fig
