"""Erlang's formulas once more, in exact or very long arithmetic, straight from the definitions.

`losses`, `lost`, `ordered`
    Erlang B by its recursion, and what each member of a hunt carries; as exact as what is given.
`line`
    A line of callers, summed state by state with 320 digits; the law of the wait from how many of
    those ahead have left.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

Exact = TypeVar("Exact", Decimal, Fraction)

DIGITS = 320  # of probabilities: those that are compared are above 1e-280
ENOUGH = Decimal(10) ** -40


def losses(n: int, load: Exact) -> list[Exact]:
    """Erlang B of 0 to n members."""
    blocked = [type(load)(1)]
    for k in range(1, n + 1):
        blocked.append(load * blocked[-1] / (k + load * blocked[-1]))
    return blocked


def lost(n: int, load: Exact) -> Exact:
    """Erlang B."""
    return losses(n, load)[-1]


def ordered(n: int, load: Exact) -> list[Exact]:
    """Load carried by each member of an ordered hunt: what one more of them does not lose."""
    return [load * (fewer - more) for fewer, more in pairwise(losses(n, load))]


def line(n: int, load: float, patience: float, places: float, within: float) -> dict[str, float]:
    """Figures of a line, handle times being 1.

    Without a limit of places, states that come to 1e-40 of the others are left out.

    Notes
    -----
    A caller with j ahead in the line is in time when more than j have left it by then. With
    k gone, the next goes at the rate n + (m - k) r, m being the number that there were; so the
    number gone is negative binomial, of which each probability follows from the one before.
    """
    with localcontext() as context:
        context.prec = DIGITS
        a, t = Decimal(load), Decimal(within)
        r = Decimal(0) if patience == math.inf else 1 / Decimal(patience)
        weight, at_once = Decimal(1), Decimal(0)
        for k in range(1, n + 1):
            at_once += weight
            weight *= a / k
        height = (1 - (-r * t).exp()) / r if r else t
        gone = gone_so_far = (-(n + r) * t).exp()
        waiting = answered = waits = answered_waits = in_time = mean = Decimal(0)
        position = 0
        while n + position < places and not (
            places == math.inf
            and weight < ENOUGH * waiting
            and a < (n + position * r) * Decimal("0.99")
        ):
            position += 1
            rate = n + position * r
            share = weight * n / rate
            mean += 1 / rate
            waiting += weight
            answered += share
            waits += weight * position / rate
            answered_waits += share * mean
            in_time += share * (1 - gone_so_far)
            gone *= rate * height / position
            gone_so_far += gone
            weight *= a / rate
        full = weight if places < math.inf else Decimal(0)
        total = at_once + waiting + full
        exact = {
            "waiting": waiting / total,
            "overflow_rate": full / total,
            "answer_rate": (at_once + answered) / total,
            "abandonment_rate": r * waits / total,
            "mean_wait": waits / total,
            "mean_speed_of_answer": answered_waits / (at_once + answered),
            "service_level": (at_once + in_time) / total,
        }
        return {name: float(figure) for name, figure in exact.items()}
