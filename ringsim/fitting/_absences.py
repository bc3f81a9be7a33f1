"""Away spells of people, found beside their habits."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.estimators import Answering, Away, Exposure, answering, away

__all__ = ["Absences", "absences_of", "after_wrap_up"]

Floats: TypeAlias = NDArray[np.float64]

ENOUGH_RINGS = 200  # of a person, to look for away spells
CLUSTERED = 3.5  # standard errors of the correlation of misses, from which a person is looked at
SURE = 0.001  # p-value, shared by the people looked at, below which somebody is away at times
ALIKE = 0.5  # probability of being away, from which a ring does not count for the habit
OVER = 0.95  # probability that the wrap-up is over, from which a ring counts


class Absences(NamedTuple):
    """Away spells, and the habits of people while they are there.

    Attributes
    ----------
    found : dict of int to Away
        Away spells by seat; people who are never away are not in it.
    answering : Answering
        Habits from the rings at which nobody was away.
    """

    found: dict[int, Away]
    answering: Answering


def absences_of(
    rings: Exposure, habits: Answering, *, people: int, days: int, clock: float
) -> Absences:
    """Look for away spells, and estimate the habits again without the rings in them.

    Only people whose misses cluster in time are looked at, and only their rings after the
    wrap-up, which makes misses cluster too.

    Parameters
    ----------
    rings : Exposure
        Rings by seat.
    habits : Answering
        Habits by seat, if nobody is ever away.
    people, days, clock
        As in `answering`.
    """
    within, late = _within(rings, habits), after_wrap_up(rings, habits)
    suspects = [
        seat
        for seat in range(people)
        if habits.n_rings[seat] >= ENOUGH_RINGS
        and _correlation(rings, habits, within, late & (rings.member == seat)) > CLUSTERED
    ]
    rows = late & np.isin(rings.member, suspects)
    if not suspects or not rings.answered[rows].any():
        return Absences({}, habits)
    some = rings.of(rows)
    some = some.with_member(np.searchsorted(suspects, some.member))
    each = away(some, within[rows], people=len(suspects), days=days)
    found = {
        seat: one
        for seat, one in zip(suspects, each, strict=True)
        if one.p_value * len(suspects) < SURE
    }
    there = np.ones(len(rings), dtype=bool)
    for seat, one in found.items():
        there[rows & (rings.member == seat)] = one.is_away < ALIKE
    if not found:
        return Absences({}, habits)
    return Absences(found, answering(rings.of(there), people=people, days=days, clock=clock))


def after_wrap_up(rings: Exposure, habits: Answering) -> NDArray[np.bool_]:
    """Return which rings began when the wrap-up was over with 95 % probability."""
    over: NDArray[np.bool_] = habits.free_after(_since(rings)) >= OVER
    return over


def _since(rings: Exposure) -> Floats:
    return np.where(np.isfinite(rings.since), np.maximum(rings.since, 0.0), 1e9)


def _within(rings: Exposure, habits: Answering) -> Floats:
    """Return the probability, of each ring, that somebody who answers does so within it."""
    within = np.ones(len(rings))
    for seat in np.unique(rings.member):
        mine = rings.member == seat
        share = habits.answered_by(int(seat), rings.exposed[mine])
        within[mine] = share / habits.probability[seat].estimate
    by_end: Floats = within * habits.free_after(_since(rings) + rings.exposed)
    return by_end


def _correlation(
    rings: Exposure, habits: Answering, within: Floats, rows: NDArray[np.bool_]
) -> float:
    """Return the correlation of one person's successive rings, in standard errors.

    Each ring has a martingale residual: answered or not, less the cumulative hazard of its
    exposure. Without away spells, residuals of different rings are uncorrelated.
    """
    seat = rings.member[rows][:1]
    if not len(seat):
        return 0.0
    answered_by = habits.probability[int(seat[0])].estimate * within[rows]
    hazard = -np.log1p(-np.minimum(answered_by, 0.999))
    residual: Floats = rings.answered[rows] - hazard
    same_day = np.diff(rings.day[rows]) == 0
    total = float((residual[1:] * residual[:-1])[same_day].sum())
    of_total = float((hazard[1:] * hazard[:-1])[same_day].sum())
    return total / np.sqrt(of_total) if of_total > 0 else 0.0
