"""Figures of several studies of the same replications, compared.

`compare_with_baseline`
    Several, each against one: intervals that hold together, and which of them differ.
`compare_with_best`
    Several among each other: which may be the best, and by how much the others fall short.
`holm`
    Which of several hypotheses are rejected.

Nothing is pooled over pairs: under common random numbers their variances have little to do
with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ringsim.confidence._estimates import LEVEL, Estimate
from ringsim.confidence._figures import Influence
from ringsim.confidence._paired import paired

__all__ = [
    "BaselineComparison",
    "BestComparison",
    "compare_with_baseline",
    "compare_with_best",
    "holm",
]


class BaselineComparison(NamedTuple):
    """A figure against a baseline: the difference, and whether it is one."""

    difference: Estimate
    differs: bool


def compare_with_baseline(
    baseline: Influence, others: Sequence[Influence], *, level: float = LEVEL
) -> list[BaselineComparison]:
    """Each figure less the baseline.

    Parameters
    ----------
    baseline : Influence
        What all are compared with.
    others : sequence of Influence
        Of the same replications.
    level : float, default 0.95
        With which all intervals hold together; and with which no difference is claimed
        where there is none.

    Notes
    -----
    Each of m intervals has level 1 - (1 - level) / m (Bonferroni). Whether figures differ is
    told by Holm's step-down test of the same differences, which never finds fewer than the
    intervals that leave out 0, and has no intervals of its own.
    """
    found = [paired(other, baseline) for other in others]
    each = 1 - (1 - level) / max(len(found), 1)
    differ = holm([pair.p_value for pair in found], level=level)
    return [
        BaselineComparison(pair.estimate(each), differs)
        for pair, differs in zip(found, differ, strict=True)
    ]


def holm(p_values: Sequence[float], *, level: float = LEVEL) -> list[bool]:
    """Which of m hypotheses are rejected, so that a true one is with at most 1 - level.

    Notes
    -----
    The least p-value is compared with (1 - level) / m, the next with (1 - level) / (m - 1),
    and so on; the first that is greater ends it (Holm, A simple sequentially rejective
    multiple test procedure, Scandinavian Journal of Statistics 6, 1979).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, 0.005])
    [True, False, False, True]
    """
    rejected = [False] * len(p_values)
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    for left, place in zip(range(len(order), 0, -1), order, strict=True):
        if p_values[place] > (1 - level) / left:
            break
        rejected[place] = True
    return rejected


class BestComparison(NamedTuple):
    """A figure less the best of the others: the interval of it, and whether it may be best."""

    low: float
    high: float
    may_be_best: bool


def compare_with_best(
    figures: Sequence[Influence], *, greatest: bool = True, level: float = LEVEL
) -> list[BestComparison]:
    """Multiple comparisons with the best.

    Parameters
    ----------
    figures : sequence of Influence
        Of the same replications.
    greatest : bool, default True
        Whether the greatest is the best, or the least.
    level : float, default 0.95
        With which all intervals hold together, and with which the best is among those that
        may be it.

    Returns
    -------
    list of ToBest
        The intervals reach to 0. That of the only one that may be best does not reach to the
        side of those that fall short, that of one that cannot be best only to this side.

    Notes
    -----
    Constrained intervals (Hsu, Constrained simultaneous confidence intervals for multiple
    comparisons with the best, Annals of Statistics 12, 1984; Multiple Comparisons, 1996,
    chapter 4). With d_ij the difference of two figures and w_ij the half-width of its
    interval, figure i may be best when no d_ij + w_ij is negative; its upper bound is the
    least of them, its lower one the least d_ij - w_ij, both cut off at 0. A d_ij that is not
    trusted, or not told from 0 by its test, excludes nothing. (Hsu has the latter
    of all j that may be best, which is the same here: half-widths obey the triangle
    inequality.) They rest on the k - 1 one-sided comparisons of the true best with the others
    and on no more; each has level 1 - (1 - level) / (k - 1), and the variance of its own pair
    (Nelson and Matejcik, Using common random numbers for indifference-zone selection and
    multiple comparisons in simulation, Management Science 41, 1995).
    """
    k, sign = len(figures), 1.0 if greatest else -1.0
    if k < 2:
        return [BestComparison(0.0, 0.0, may_be_best=True)] * k
    two_sided = max(0.0, 1 - 2 * (1 - level) / (k - 1))
    pairs = [[paired(one, other) for other in figures] for one in figures]
    both = sign * np.array([[pair.bounds(two_sided) for pair in row] for row in pairs])
    low, high = np.moveaxis(np.sort(both, axis=2), 2, 0)
    is_told = np.array([[pair.p_value <= 1 - two_sided for pair in row] for row in pairs])
    high = np.where(is_told, high, np.maximum(high, 0.0))
    may_be_best = ~(high < 0).any(axis=1)
    others = ~np.eye(k, dtype=bool)
    least = np.min(high, axis=1, where=others, initial=np.inf)
    short = np.min(low, axis=1, where=others, initial=0.0)
    bounds = np.sort(sign * np.array([short, np.maximum(least, 0.0)]), axis=0) + 0.0  # no -0.0
    return [
        BestComparison(float(low), float(high), bool(may))
        for low, high, may in zip(*bounds, may_be_best, strict=True)
    ]
