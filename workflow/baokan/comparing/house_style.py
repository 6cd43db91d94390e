"""Topics that look like the house style of one source rather than like a theme, and what a topic tells of its source.

articles and theta are as in `baokan.comparing.shares`, the rows of theta mixtures of topics.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from baokan.comparing.shares import checked_articles
from baokan.statistics.groups import group_sums

STYLE_MEDIAN = 0.10
STYLE_MOST = 0.5
STYLE_RATIO = 2.0


def topic_source_information(articles: pd.DataFrame, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mutual information between the topic and the source of a token, in bits, topic by topic.

    With p(k, s) the fraction of all tokens that belong to topic k and stand in source s (n_tokens x theta, summed), the
    first array (n_topics,) is sum_s p(k, s) log2 [p(k, s) / (p(k) p(s))]. Its terms are never negative and their sum
    over topics is the mutual information I(topic; source) (Cover & Thomas 2006, eq. 2.28). The second array is the
    same divided by p(k), the Kullback-Leibler divergence of p(s | k) from p(s): what one token of the topic tells about
    its source; 0 for a topic without tokens.
    """
    table, theta, usable = checked_articles(articles, theta, mixtures=True)
    table, theta = table[usable], theta[usable]
    sources, codes = np.unique(table["source"].to_numpy(dtype=str), return_inverse=True)
    weights = table["n_tokens"].to_numpy(dtype=float)
    mass = group_sums(weights, codes, len(sources)) @ theta
    total = mass.sum()
    if total <= 0:
        return np.zeros(theta.shape[1]), np.zeros(theta.shape[1])
    joint = mass / total
    by_topic, by_source = joint.sum(axis=0), joint.sum(axis=1)
    independent = by_source[:, None] * by_topic[None, :]
    quotient = np.divide(joint, independent, out=np.ones_like(joint), where=(joint > 0) & (independent > 0))
    information = np.maximum((joint * np.log2(quotient)).sum(axis=0), 0.0)
    return information, np.divide(information, by_topic, out=np.zeros_like(information), where=by_topic > 0)


def house_style(
    articles: pd.DataFrame,
    theta: np.ndarray,
    *,
    min_median: float = STYLE_MEDIAN,
    max_median: float = STYLE_MOST,
    min_ratio: float = STYLE_RATIO,
) -> pd.DataFrame:
    """Topics that look like the house style of one source rather than like a theme.

    A style is spread thinly over most articles of one source; a theme is concentrated in few. So the median share tells
    them apart. One row per topic: topic; source, the one with the highest median
    share (then the highest mean, then the first name); median, its median; median_elsewhere, the median over all
    articles of all other sources (NaN with a single source); information and information_per_token, in bits, from
    `topic_source_information`; flag.

    The flag is set when ``min_median`` <= median < ``max_median`` and median >= ``min_ratio`` x median_elsewhere: a topic
    that takes half or more of most articles is not thin, it is what the source is about. With one source there is
    nothing to compare with and no flag. The flag caps a claim, it does not remove the topic.
    """
    table, checked, usable = checked_articles(articles, theta, mixtures=True)
    table, checked = table[usable], checked[usable]
    labels = table["source"].to_numpy(dtype=str)
    sources = np.unique(labels)
    n_topics = checked.shape[1]
    information, per_token = topic_source_information(articles, theta)
    best = np.full(n_topics, "", dtype=object)
    median = np.full(n_topics, np.nan)
    elsewhere = np.full(n_topics, np.nan)
    if len(sources):
        medians = np.stack([np.median(checked[labels == source], axis=0) for source in sources])
        means = np.stack([checked[labels == source].mean(axis=0) for source in sources])
        for topic in range(n_topics):
            top = min(range(len(sources)), key=lambda s: (-medians[s, topic], -means[s, topic], s))
            best[topic], median[topic] = str(sources[top]), medians[top, topic]
            others = labels != sources[top]
            if others.any():
                elsewhere[topic] = np.median(checked[others, topic])
    return pd.DataFrame(
        {
            "topic": np.arange(n_topics),
            "source": best.astype(str),
            "median": median,
            "median_elsewhere": elsewhere,
            "information": information,
            "information_per_token": per_token,
            "flag": (median >= min_median) & (median < max_median) & (median >= min_ratio * elsewhere),
        }
    )
