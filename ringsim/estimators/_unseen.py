"""Answer delays and answer probabilities that a person's own rings do not show.

`losses`
    How much worse values of a parameter fit each person.
`has_vague_delay`
    Who may have a far longer answer delay.
`with_borrowed_delays`
    Estimates with the delay of the others where a person's own is vague.
`of_no_answer`
    Probability of answering of somebody who never did.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ringsim.estimators._answering_likelihood import LONGEST_DELAY
from ringsim.estimators._at_bounds import accepted_loss, held_at, unlikely
from ringsim.estimators._days import TAIL, Floats, Interval, Ints
from ringsim.estimators._likelihood import LogLikelihood, Maximum, Parameters, maximise

__all__ = ["has_vague_delay", "losses", "of_no_answer", "with_borrowed_delays"]

VAGUE = math.log(3.0)  # how much longer a delay may be, from which it is vague


def losses(
    function: LogLikelihood, found: Maximum, kind: int, values: Floats
) -> NDArray[np.float64]:
    """Return the loss of log-likelihood of each person with a parameter held at a value.

    The logit of the probability (kind 0) or the log mean delay (kind 1) of all people is held, and
    the other is found again; both at once for all people, which is quick. Shape and wrap-up are
    taken as known, so that the loss is larger than that of `Intervals`.
    """
    n = len(values)
    own = slice(n - kind * n, 2 * n - kind * n)

    def held(others: Floats) -> Floats:
        x = np.concatenate((values, values, found.x[2 * n :]))
        x[own] = others
        return function(x)

    best = maximise(held, Parameters(n, 1, 0), found.x[own], found.bounds[own])
    return np.asarray(function(found.x).sum(axis=1) - held(best.x).sum(axis=1))


def has_vague_delay(function: LogLikelihood, found: Maximum, n: int) -> NDArray[np.bool_]:
    """Return whose delay may be three times as long, of n people."""
    longer = np.minimum(found.x[n : 2 * n] + VAGUE, LONGEST_DELAY)
    return losses(function, found, 1, longer) <= accepted_loss()


def with_borrowed_delays(
    function: LogLikelihood,
    layout: Parameters,
    found: Maximum,
    n_answered: Ints,
    vague: NDArray[np.bool_],
) -> Maximum:
    """Return the maximum with vague delays held at that of the others, where it fits."""
    n = layout.units
    delays = found.x[n : 2 * n]
    if vague.all():
        return found
    usual = math.log(np.average(np.exp(delays[~vague]), weights=n_answered[~vague]))
    for person in np.flatnonzero(vague):
        borrowed = held_at(function, layout, found, n + int(person), usual)
        if not unlikely(borrowed.log_likelihood, found):
            found = borrowed
    return found


def of_no_answer(by_end: Floats, most: float) -> Interval:
    """Return the probability of answering of somebody who never did, at most that of the others.

    `by_end` has the probability of an answer by the end of each ring of somebody who answers all.
    """
    from scipy.optimize import bisect

    def at(chance: float) -> float:
        """Return the probability that leaves no answer a chance."""

        def excess(probability: float) -> float:
            with np.errstate(divide="ignore"):  # log 0 is -inf
                return float(np.log1p(-probability * by_end).sum()) - math.log(chance)

        return 1.0 if excess(1.0) >= 0 else float(bisect(excess, 0.0, 1.0))

    high = at(TAIL)
    estimate = min(at(0.5), most)
    return Interval(estimate, 0.0, high) if high < 1 else Interval(estimate)
