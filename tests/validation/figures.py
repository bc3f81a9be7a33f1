"""Figures of long runs that theory gives, and how far from theory a run is.

`Figure`
    One number of a run: what theory says it is, and how much it varies.
`Case`
    A ring group, its calls, and the figures that are known.
`errors_off`
    How many standard errors a run is off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from scipy import stats
from support.played import Span, standard_error

SEED = 7
BOUND = 4  # standard errors: see `family_wise`
PARTS = 40  # of a run, for batch means
EXACT = 1e-9  # what rounding may do to a figure that does not vary


class Figure(NamedTuple):
    """A number of a run.

    The figure of n calls has the standard deviation `deviation / sqrt(n)`, and is off by `bias` at
    most. Where no deviation is known, it is taken from batch means of the run itself.
    """

    name: str
    theory: float
    of: Callable[[Span], float]
    deviation: float | None = None
    bias: float = 0.0


class Case(NamedTuple):
    """A ring group whose figures are known; `play` plays so many calls on an engine."""

    name: str
    title: str
    n_calls: int
    play: Callable[[int, str], Span]
    figures: Sequence[Figure]


def errors_off(figure: Figure, run: Span) -> float:
    """Standard errors between a run and theory, beyond the known bias; 0 if exactly right.

    An error from batch means is itself an estimate: what is then Student's t is told as the
    normal deviate that is as rare.
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
    """Chance at most, by Bonferroni, that any figure of correct engines is beyond the bound."""
    varying = [figure for figure in figures if figure.deviation != 0]
    return float(n_engines * len(varying) * 2 * stats.norm.sf(BOUND))
