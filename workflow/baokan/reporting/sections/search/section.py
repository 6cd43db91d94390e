"""How the number of topics and the reported fit were chosen."""

import pandas as pd

from baokan.reporting.run import Run
from baokan.reporting.sections.topics.section import is_shaky

MEASURES = ("npmi", "c_v", "u_mass", "exclusivity", "diversity", "stability", "score", "held_out", "held_out_error")


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: search, topics. reason: why this K; rows: means over the fits of each K; n_fits: of all K; median: stability of the
    topics; n_checked, n_shaky: topics that the other engine finds, that return in less than half of the fits."""
    search, topics = tables["search"], tables["topics"]
    by_k = search[search["score"].notna()].groupby("k")
    means = by_k[list(MEASURES)].mean()
    return {
        "reason": run.chosen["reason"],
        "rows": [
            {"k": int(k), "n": int(n), "chosen": k == run.chosen["k"], **means.loc[k].to_dict()}
            for k, n in by_k.size().items()
        ],
        "n_fits": len(search),
        "n_topics": len(topics),
        "median": float(topics["stability"].median()),
        "n_checked": int((topics["check"] > 0).sum()),
        "n_shaky": int(is_shaky(topics).sum()),
    }
