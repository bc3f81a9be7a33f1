"""Comparison of long runs with theory.

`Figure`
    One figure of a run: its theoretical value and its standard deviation.
`Case`
    A ring group, its calls, and the figures known from theory.
`errors_off`
    The difference between a run and theory in standard errors.
`family_wise`
    The probability that a correct engine fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from scipy import stats

from support.played import Span, standard_error

SEED = 7
BOUND = 4  # standard errors: see `family_wise`
PARTS = 40  # batches of a run, for batch means
EXACT = 1e-9  # largest rounding error of a figure that does not vary


class Figure(NamedTuple):
    """A figure of a run, with its theoretical value.

    Over n calls it has the standard deviation `deviation / sqrt(n)` and a bias of at most `bias`.
    If `deviation` is None, the standard error comes from batch means of the run.
    """

    name: str
    theory: float
    of: Callable[[Span], float]
    deviation: float | None = None
    bias: float = 0.0


class Case(NamedTuple):
    """A ring group with figures known from theory; `play(n, engine)` plays n calls."""

    name: str
    title: str
    n_calls: int
    play: Callable[[int, str], Span]
    figures: Sequence[Figure]


def errors_off(figure: Figure, run: Span) -> float:
    """Return the difference from theory beyond the bias, in standard errors; 0 if exact.

    A standard error from batch means is itself an estimate, so the ratio is Student's t. It is
    converted to the normal deviate of the same tail probability.
    """
    off = figure.of(run) - figure.theory
    beyond = max(0.0, abs(off) - figure.bias)
    if figure.deviation == 0:
        z = 0.0 if abs(off) <= EXACT else math.inf
    elif figure.deviation is None:
        t = beyond / standard_error(figure.of, run, PARTS)
        z = float(stats.norm.isf(stats.t.sf(t, PARTS - 1)))
    else:
        z = beyond / (figure.deviation / math.sqrt(len(run)))
    return math.copysign(z, off)


def family_wise(figures: Sequence[Figure], n_engines: int) -> float:
    """Return the Bonferroni bound of the probability that correct engines exceed the bound."""
    varying = [figure for figure in figures if figure.deviation != 0]
    return float(n_engines * len(varying) * 2 * stats.norm.sf(BOUND))
