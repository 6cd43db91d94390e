"""Two sources brought to the same distribution over strata of a confound by weighting their articles: direct standardisation.

**The estimand.** A source's share of a topic is the mean over its issues of the issue's share, so an article j of issue i
has the weight b_j = w_j / W_i / n in it (w_j: 1, or its tokens; W_i: their sum in the issue; n: the source's issues). A
stratum g of a confound then has the part q(g), the sum of its b_j, of the source. Holding the confound equal keeps these
weights and multiplies them by r(g) / q(g), with one target r for both sources, so that

    share = sum over g of r(g) m(g),    m(g) = sum of b_j theta_j / sum of b_j over the articles of g.

This is direct standardisation of the very mean over issues that the contrasts compare: with r = q it is that mean, and with
one stratum as well. It is at once a weighted mean over issues, an issue weighing in proportion to the mass that its
articles get; an issue whose articles are all in strata that hardly count hardly counts. The mean over issues of re-weighted
shares, each issue counting the same, would look closer and is not taken: where issues have some strata empty it does not
make the sources alike (where each issue lies in one stratum it changes nothing at all).

**The target** is that of the overlap weights of Li, Morgan & Zaslavsky (2018, JASA 113, section 3.1), r(g) in proportion to
F_a(g) F_b(g) / (F_a(g) + F_b(g)), where F(g) = n q(g) counts a source's issues' worth of the stratum. Of all targets it has
the least variance where articles vary alike, an article's weight is bounded, and strata that one source does not have get
none (common support). It leans to the source with fewer issues. A stratum is shared if both sources have it in two issues.

**Interval and test.** Each issue gets its jackknife pseudo-value (Tukey 1958), the target held fixed. Without issue i the
share changes by sum over g of r(g) (s_ig - m(g) f_ig) / (F(g) - f_ig), with f_ig the part of the issue in g and s_ig its
part times the share there; (n - 1) times that, centred, is added to the estimate. So the mean of the pseudo-values is the
estimate, and their Welch statistic that of the re-weighted contrast, the noise of the weights included. The jackknife's
variance errs to the large side (Efron & Stein 1981).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from baokan.statistics.groups import group_sums


class Held(NamedTuple):
    """Two sources with one confound held equal; n issues are left, in the order in which they came."""

    values: np.ndarray  # shape (n, K): a pseudo-value for each issue, whose mean over a side is its share
    issues: np.ndarray  # shape (n,): which issues these are
    weights: np.ndarray  # shape (A,): of the articles, with the sum 1 on each side; 0 for those left out
    ess: tuple[float, float]  # effective numbers of issues (Kish 1965), of the first side and of the second
    n_strata: int  # shared by both
    n_left_out: int  # strata that are not


def held_equal(
    x: np.ndarray, weight: np.ndarray, issue: np.ndarray, side: np.ndarray, stratum: np.ndarray, least: int = 2
) -> Held | None:
    """Issues of two sources, re-weighted so that both have the same distribution over strata; None if no stratum is shared.

    x: shape (A, K), the articles' shares. weight: shape (A,), what each counts in its issue. issue: shape (A,), numbers of
    issues from 0 to n - 1. side: shape (n,), true for the issues of the first source. stratum: shape (A,), numbers from 0, or
    -1 for an article that is left out. least: in how many issues of each source a stratum must stand to be shared; with 1 the
    shares are sound, and the pseudo-values are not for testing. The estimand and the formulas are in the module's docstring.
    """
    n, n_strata = len(side), int(stratum.max(initial=-1)) + 1
    if not n_strata:
        return None
    chosen = (stratum >= 0) & (weight > 0)
    part = np.where(chosen, weight, 0.0)
    whole = np.bincount(issue, part, minlength=n)
    part = np.divide(part, whole[issue], out=np.zeros_like(part), where=chosen)
    place = np.where(chosen, stratum, 0)
    fraction = np.bincount(issue * n_strata + place, part, minlength=n * n_strata).reshape(n, n_strata)
    sides = [np.flatnonzero(side), np.flatnonzero(~side)]
    totals = [fraction[own].sum(axis=0) for own in sides]
    shared = np.logical_and(*[(fraction[own] > 0).sum(axis=0) >= least for own in sides])
    used = (fraction.sum(axis=0) > 0).sum()
    if not shared.any():
        return None
    target = np.divide(totals[0] * totals[1], totals[0] + totals[1], out=np.zeros(n_strata), where=shared)
    target /= target.sum()
    members = np.any(fraction[:, shared] > 0, axis=1)
    values, weights, ess = np.zeros((n, x.shape[1])), np.zeros(len(x)), []
    for own, total in zip(sides, totals, strict=True):
        own = own[members[own]]
        rows = np.flatnonzero(np.isin(issue, own) & chosen & shared[place])
        g, i = stratum[rows], issue[rows]
        density = np.divide(target, total, out=np.zeros(n_strata), where=shared)
        weights[rows] = part[rows] * density[g]
        means = group_sums(part[rows], g, n_strata) @ x[rows]
        means = np.divide(means, total[:, None], out=np.zeros_like(means), where=shared[:, None])
        estimate = target @ means
        # What the share loses without the issue; nothing is left of a stratum that no other issue has.
        rest = total[g] - fraction[i, g]
        change = np.divide(part[rows] * target[g], rest, out=np.zeros(len(rows)), where=rest > 1e-9 * total[g])
        deviation = (len(own) - 1) * (group_sums(change, i, n) @ (x[rows] - means[g]))[own]
        values[own] = estimate + deviation - deviation.mean(axis=0)
        mass = np.bincount(i, weights[rows], minlength=n)
        ess.append(float(mass.sum() ** 2 / (mass**2).sum()))
    kept = np.flatnonzero(members)
    return Held(values[kept], kept, weights, (ess[0], ess[1]), int(shared.sum()), int(used - shared.sum()))
