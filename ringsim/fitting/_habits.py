"""Habits of people: how likely and how soon they answer, and when they are away."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim.distributions import Empirical
from ringsim.estimators import (
    Answering,
    Away,
    Exposure,
    Interval,
    answering,
    eagerness,
)
from ringsim.fitting._absences import absences_of
from ringsim.fitting._arrays import RecordArrays
from ringsim.fitting._rows import Row, row

__all__ = ["FEW_RINGS", "Habit", "habits_of"]

FEW_RINGS = 50  # below which people are drawn together


DELAY_SAMPLES = 200
LEAST = 1e-12  # distance of probabilities from 0 and 1, so that logarithms stay finite


class Habit(NamedTuple):
    """Answers of one person.

    Attributes
    ----------
    fields : dict
        Fields of `Extension`.
    rows : list of Row
    has_borrowed : bool
        Whether the answer delay is that of the others.
    """

    fields: dict[str, Any]
    rows: list[Row]
    has_borrowed: bool = False


def habits_of(arrays: RecordArrays, rings: Exposure) -> tuple[Answering, list[Habit]]:
    """Return the estimates of people with many rings, and the habit of everybody."""
    n = len(arrays.people)
    n_rings = np.bincount(rings.member, minlength=n)
    many = np.flatnonzero(n_rings >= FEW_RINGS)
    if not rings.of(np.isin(rings.member, many)).answered.any():
        many = many[:0]
    seat = np.full(n, -1)
    seat[many] = np.arange(len(many))
    options: dict[str, Any] = {"days": arrays.n_days, "clock": arrays.clock}
    everybody = None
    if len(many) < n:
        everybody = answering(rings.with_member(np.zeros(len(rings), dtype=np.int64)), **options)
    found = everybody
    spells: dict[int, Away] = {}
    if len(many):
        some = rings.of(np.isin(rings.member, many))
        some, options["people"] = some.with_member(seat[some.member]), len(many)
        spells, found = absences_of(some, answering(some, **options), **options)
    assert found is not None  # noqa: S101  # either there are many rings, or all are together
    shrunk = _shrunk(arrays, rings, everybody, n_rings) if everybody else {}
    habits = [
        shrunk[code]
        if seat[code] < 0
        else _own_habit(arrays, code, int(seat[code]), found, spells.get(int(seat[code])))
        for code in range(n)
    ]
    return found, habits


def _own_habit(
    arrays: RecordArrays, code: int, seat: int, found: Answering, spells: Away | None
) -> Habit:
    path = f"extensions.{arrays.people[code]}"
    shape, delay = found.shape.estimate, found.delay[seat]
    probability, within = found.probability[seat], found.within[seat]
    n_rings, n_answered = int(found.n_rings[seat]), int(found.n_answered[seat])
    naive_p, naive_delay = _naive(arrays, code)
    fields = {
        "answer_probability": min(1.0, probability.estimate),
        "answer_delay": {"dist": "gamma", "a": shape, "scale": delay.estimate / shape},
    }
    method, has_borrowed = "episodes, gamma", bool(found.borrowed[seat])
    of_delay = "episodes, delay of the others" if has_borrowed else method
    rows = [
        row(f"{path}.answer_probability", probability, naive_p, n_rings, method),
        row(f"{path}.answer_delay", delay, naive_delay, n_answered, of_delay),
        row(f"{path}.answers within {found.horizon:g} s", within, naive_p, n_rings, method),
    ]
    if spells is not None:
        n = int((spells.is_away > 0.5).sum())
        method = f"hidden state, p = {spells.p_value:.2g}"
        rows += [
            row(f"{path}.away.every", spells.every, np.inf, n, method),
            row(f"{path}.away.lasting", spells.lasting, 0.0, n, method),
        ]
        fields |= _away_fields(spells)
    return Habit(fields, rows, has_borrowed)


def _away_fields(spells: Away) -> dict[str, Any]:
    """Return the field `away` of `Extension`, with exponential times."""
    every, lasting = ({"mean": each.estimate} for each in (spells.every, spells.lasting))
    return {"away": {"every": every, "lasting": lasting}}


def _naive(arrays: RecordArrays, code: int) -> tuple[float, float]:
    """Return answered over rung, and the mean delay of answered rings."""
    rings = arrays.rings
    mine = rings[(rings["member"] == code).to_numpy()]
    taken = mine[mine["answered"].to_numpy()]
    if not len(taken):
        return (0.0 if len(mine) else math.nan), math.nan
    return len(taken) / len(mine), float((taken["end"] - taken["start"]).mean())


def _shrunk(
    arrays: RecordArrays, rings: Exposure, pooled: Answering, n_rings: NDArray[np.int64]
) -> dict[int, Habit]:
    """Return the habits of people with few rings, drawn towards the habit of all people."""
    n = len(arrays.people)
    answered = pooled.answered_by(0, rings.exposed)
    since = np.where(np.isfinite(rings.since), np.maximum(rings.since, 0), 1e9)
    free = pooled.free_after(since + rings.exposed)
    hazard = -np.log1p(-np.minimum(answered * free, 0.999))
    expected = np.bincount(rings.member, hazard, minlength=n)
    answers = np.bincount(rings.member[rings.answered], minlength=n)
    factors = eagerness(answers, expected)
    return {
        code: _eager_habit(arrays, code, pooled, factors, int(n_rings[code]))
        for code in range(n)
        if n_rings[code] < FEW_RINGS
    }


def _eager_probability(pooled: Interval, factors: Any, code: int) -> Interval:
    """Return 1 - (1 - p)^z of one person, with the errors of p, by days, and of z.

    The two add up as squares on the scale of the logarithm of -z log(1 - p). Bounds are unknown
    if those of p are.
    """
    p, p_low, p_high = np.clip(pooled, LEAST, 1 - LEAST)
    of_all, lowest, highest = np.log(-np.log1p(-np.array([p, p_low, p_high])))
    middle, low, high = (
        math.log(each[code]) for each in (factors.factor, factors.low, factors.high)
    )
    down = math.hypot(middle - low, of_all - lowest)
    up = math.hypot(high - middle, highest - of_all)
    log_hazards = of_all + middle + np.array([0.0, -down, up])
    return Interval(*(-np.expm1(-np.exp(log_hazards))).tolist())


def _eager_habit(
    arrays: RecordArrays, code: int, pooled: Answering, factors: Any, n_rings: int
) -> Habit:
    """Return a habit with the pooled hazard times a factor: 1 - (1 - p F(t))^z."""
    from scipy.special import gammaincinv

    path = f"extensions.{arrays.people[code]}"
    p, shape = pooled.probability[0].estimate, pooled.shape.estimate
    z = factors.factor[code]
    probability = _eager_probability(pooled.probability[0], factors, code)
    u = (np.arange(DELAY_SAMPLES) + 0.5) / DELAY_SAMPLES * probability.estimate
    reached = (1 - (1 - u) ** (1 / z)) / p
    delays = gammaincinv(shape, np.minimum(reached, 1 - 1e-12)) * pooled.delay[0].estimate / shape
    naive_p, naive_delay = _naive(arrays, code)
    method = f"eagerness, few rings ({n_rings})"
    return Habit(
        {
            "answer_probability": probability.estimate,
            "answer_delay": Empirical([round(each, 3) for each in delays.tolist()]),
        },
        [
            row(f"{path}.answer_probability", probability, naive_p, n_rings, method),
            row(
                f"{path}.answer_delay",
                Interval(float(delays.mean())),
                naive_delay,
                int(factors.factor[code] > 0 and n_rings),
                method,
            ),
        ],
    )
