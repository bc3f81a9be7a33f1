"""Erlang's formulas in exact or 320-digit arithmetic, written from the definitions.

`losses`, `lost`, `ordered`
    Erlang B by its recursion, and the load of each member of an ordered hunt; exact for
    fractions.
`line`
    A queue of callers, summed over its states; the distribution of the wait follows from the
    number of callers ahead who have left.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

Exact = TypeVar("Exact", Decimal, Fraction)

DIGITS = 320  # the probabilities that tests compare are above 1e-280
ENOUGH = Decimal(10) ** -40


def losses(n: int, load: Exact) -> list[Exact]:
    """Return Erlang B for 0 to n members."""
    blocked = [type(load)(1)]
    for k in range(1, n + 1):
        blocked.append(load * blocked[-1] / (k + load * blocked[-1]))
    return blocked


def lost(n: int, load: Exact) -> Exact:
    """Return Erlang B for n members."""
    return losses(n, load)[-1]


def ordered(n: int, load: Exact) -> list[Exact]:
    """Return the load of each member of an ordered hunt: the loss that the member prevents."""
    return [load * (fewer - more) for fewer, more in pairwise(losses(n, load))]


def line(n: int, load: float, patience: float, places: float, within: float) -> dict[str, float]:
    """Return the figures of a queue with a mean handle time of 1.

    If `places` is infinite, states with a weight below 1e-40 of the others are omitted.

    Notes
    -----
    A caller with j others ahead in the queue is answered in time if more than j of the m = j + 1
    callers leave the queue within that time. When k have left, the next leaves at the rate
    n + (m - k) r. So the number that have left is negative binomial, and each of its
    probabilities follows from the one before.
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
