"""Comparisons of the figures of several studies with the same random numbers.

`compare_with_baseline`
    Differences from a baseline, with simultaneous intervals and tests.
`equivalent_to_baseline`
    Figures that differ from a baseline by less than a margin, with confidence.
`compare_with_best`
    Figures that may be the best, and how far the others fall short.
`holm`
    Holm's test of several hypotheses.

No variance is pooled over pairs: with common random numbers, the variances of different pairs
have little to do with each other.
"""

from __future__ import annotations

import math
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
    "equivalent_to_baseline",
    "holm",
]


class BaselineComparison(NamedTuple):
    """The difference of a figure from a baseline, and whether it is significant."""

    difference: Estimate
    differs: bool


def compare_with_baseline(
    baseline: Influence, others: Sequence[Influence], *, level: float = LEVEL
) -> list[BaselineComparison]:
    """Return the difference of each figure from the baseline.

    Parameters
    ----------
    baseline : Influence
        The figure that all others are compared with.
    others : sequence of Influence
        Figures from the same replications.
    level : float, default 0.95
        Confidence that all intervals contain the truth, and probability that no equal figure
        is called different.

    Notes
    -----
    Each of m intervals has level 1 - (1 - level) / m (Bonferroni). Significance comes from
    Holm's step-down test of the same differences. It finds at least all differences whose
    intervals exclude 0, and has no intervals of its own.
    """
    found = [paired(other, baseline) for other in others]
    each = 1 - (1 - level) / max(len(found), 1)
    differ = holm([pair.p_value for pair in found], level=level)
    return [
        BaselineComparison(pair.estimate(each), differs)
        for pair, differs in zip(found, differ, strict=True)
    ]


def equivalent_to_baseline(
    baseline: Influence, others: Sequence[Influence], margin: float, *, level: float = LEVEL
) -> list[bool]:
    """Return which figures differ from the baseline by less than a margin.

    Parameters
    ----------
    baseline : Influence
        The figure that all others are compared with.
    others : sequence of Influence
        Figures from the same replications.
    margin : float
        Largest difference that does not matter; above 0.
    level : float, default 0.95
        Confidence that no figure that is returned as equivalent differs by the margin or more.

    Notes
    -----
    Two one-sided tests for each of m figures, each with an error of (1 - level) / m, are the same
    as an interval of level 1 - 2 (1 - level) / m inside the margin (Schuirmann, A comparison of
    the two one-sided tests procedure and the power approach, Journal of Pharmacokinetics and
    Biopharmaceutics 15, 1987). A difference that few replications carry is equivalent only if
    its interval can allow for unseen days.
    """
    both = max(0.0, 1 - 2 * (1 - level) / max(len(others), 1))
    found = []
    for other in others:
        pair = paired(other, baseline)
        low, high = pair.bounds(both)
        is_sure = pair.is_trusted or not math.isnan(pair.reach)
        found.append(is_sure and -margin < low and high < margin)
    return found


def holm(p_values: Sequence[float], *, level: float = LEVEL) -> list[bool]:
    """Return which of m hypotheses are rejected.

    The probability that any true hypothesis is rejected is at most 1 - level.

    Notes
    -----
    The least p-value is compared with (1 - level) / m, the next with (1 - level) / (m - 1),
    and so on; the first that is greater ends the test (Holm, A simple sequentially rejective
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
    """The interval of a figure minus the best of the others, and whether it may be the best."""

    low: float
    high: float
    may_be_best: bool


def compare_with_best(
    figures: Sequence[Influence], *, greatest: bool = True, level: float = LEVEL
) -> list[BestComparison]:
    """Compare each figure with the best of the others (multiple comparisons with the best).

    Parameters
    ----------
    figures : sequence of Influence
        Figures from the same replications.
    greatest : bool, default True
        Whether the greatest figure is the best, or the least.
    level : float, default 0.95
        Confidence that all intervals contain the truth, and that the best figure is among
        those that may be the best.

    Returns
    -------
    list of BestComparison
        One per figure; every interval contains 0. The interval of a figure that cannot be the
        best extends only to the worse side of 0. If only one figure may be the best, its
        interval extends only to the better side.

    Notes
    -----
    Constrained intervals (Hsu, Constrained simultaneous confidence intervals for multiple
    comparisons with the best, Annals of Statistics 12, 1984; Multiple Comparisons, 1996,
    chapter 4). Let d_ij be the difference of two figures and w_ij the half-width of its
    interval. Figure i may be the best if no d_ij + w_ij is negative. Its upper bound is the
    least d_ij + w_ij, its lower bound the least d_ij - w_ij, both cut off at 0. A d_ij that is
    not significant by its test excludes no figure. (Hsu takes the lower bound over all j that
    may be best, which is the same here, as half-widths obey the triangle inequality.) The
    intervals rest on the k - 1 one-sided comparisons of the true best with the others alone;
    each comparison has level 1 - (1 - level) / (k - 1) and the variance of its own pair
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
    is_significant = np.array([[pair.p_value <= 1 - two_sided for pair in row] for row in pairs])
    high = np.where(is_significant, high, np.maximum(high, 0.0))
    may_be_best = ~(high < 0).any(axis=1)
    others = ~np.eye(k, dtype=bool)
    least = np.min(high, axis=1, where=others, initial=np.inf)
    short = np.min(low, axis=1, where=others, initial=0.0)
    bounds = np.sort(sign * np.array([short, np.maximum(least, 0.0)]), axis=0) + 0.0  # no -0.0
    return [
        BestComparison(float(low), float(high), bool(may))
        for low, high, may in zip(*bounds, may_be_best, strict=True)
    ]
