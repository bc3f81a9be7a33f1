"""Estimates of people: answering, wrap-up, duty and own calls."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._words import Said
from ringsim.distributions import Empirical
from ringsim.errors import ConfigurationError
from ringsim.estimators import (
    Answering,
    Away,
    Exposure,
    Interval,
    answering,
    duty,
    duty_by_weekday,
    eagerness,
    rate_per_hour,
)
from ringsim.estimators._duty import CELL
from ringsim.fitting._absences import absences_of
from ringsim.fitting._arrays import RecordArrays
from ringsim.fitting._callers import quantile_samples
from ringsim.fitting._recorded_duty import (
    pause_habit,
    recorded_hours,
    recorded_limits,
    recorded_time,
)
from ringsim.fitting._rows import Row, row
from ringsim.fitting._steadiness import steadiness
from ringsim.records._spans import Spans, length
from ringsim.scenario import Demand, Extension

__all__ = ["People", "duty_of_answers", "duty_of_weekdays", "on_duty", "people_of"]

UNSTEADY = 0.05  # p-value below which hours differ in how eagerly members answer
FEW_RINGS = 50  # below which people are drawn together
OWN_SAMPLES = 30  # own calls, below which the talk times of everybody's own calls are used
DELAY_SAMPLES = 200


class People(NamedTuple):
    """Estimates of people.

    Attributes
    ----------
    extensions : list of Extension
    wrap_up_time : float or dict
        Wrap-up time as a table for a scenario file.
    rows : list of Row
    limits : list of str
    answering : Answering
        Habits of the people with at least 50 rings; of all together if there is none.
    weekdays : tuple of str
        Weekdays on which somebody has a duty of their own; empty if all days are alike.
    """

    extensions: list[Extension]
    wrap_up_time: Any
    rows: list[Row]
    limits: list[str]
    answering: Answering
    weekdays: tuple[str, ...] = ()


class _Habit(NamedTuple):
    """How one person answers: fields of `Extension`, and rows."""

    fields: dict[str, Any]
    rows: list[Row]


def people_of(arrays: RecordArrays, number: str, *, together: bool) -> People:
    """Estimate the people of a group from its records.

    Parameters
    ----------
    arrays : RecordArrays
        Records.
    number : str
        Number of the group.
    together : bool
        Whether all phones ring together.
    """
    rings = arrays.exposure
    if not rings.answered.any():
        raise ConfigurationError(
            "records",
            "must have a ring that a member answered",
            len(rings),
            "Without one, nothing is known of how members answer.",
        )
    found, habits = _habits(arrays, rings)
    weekly = duty_of_weekdays(arrays, together=together)
    spans = [_longest(each) for each in weekly]
    differ: list[str] = []
    extensions, rows, limits = [], [], []
    for code, person in enumerate(arrays.people):
        path = f"extensions.{person}"
        fields, own_rows = _own_calls(arrays, code, weekly[code], found, path)
        by_day = [on_duty(each, arrays.end) for each in weekly[code]]
        fields["on_duty"] = on_duty(spans[code], arrays.end)
        if any(each != by_day[0] for each in by_day):
            whole = [(0.0, math.inf)]
            spans_of = (whole if each is None else each for each in by_day)
            fields["on_duty"] = dict(zip(arrays.weekdays, spans_of, strict=True))
            differ.append(person)
        rows += [*habits[code].rows, _duty_row(arrays, code, weekly[code], path), *own_rows]
        if (pauses := pause_habit(arrays, person, weekly[code])) is not None:
            rows += pauses.rows(path)
            fields["away"] = pauses.beside(habits[code].fields.pop("away", None))
        extensions.append(Extension(person, **habits[code].fields, **fields))
    limits += [*_limits(arrays, rings, spans, found), *recorded_limits(arrays, weekly)]
    wrapped = row(
        f"demand.{number}.wrap_up_time",
        found.wrap_up_time,
        0.0,
        found.n_episodes,
        f"episodes, {found.wrap_up}",
    )
    if differ:
        limits.append(Said("limits.duty_differs", who=", ".join(differ)))
    weekdays = arrays.weekdays if differ else ()
    return People(extensions, found.wrap_up_dist, [wrapped, *rows], limits, found, weekdays)


# Answering


def _habits(arrays: RecordArrays, rings: Exposure) -> tuple[Answering, list[_Habit]]:
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
) -> _Habit:
    path = f"extensions.{arrays.people[code]}"
    shape, delay = found.shape.estimate, found.delay[seat]
    probability, within = found.probability[seat], found.within[seat]
    n_rings, n_answered = int(found.n_rings[seat]), int(found.n_answered[seat])
    naive_p, naive_delay = _naive(arrays, code)
    fields = {
        "answer_probability": min(1.0, probability.estimate),
        "answer_delay": {"dist": "gamma", "a": shape, "scale": delay.estimate / shape},
    }
    method = "episodes, gamma"
    rows = [
        row(f"{path}.answer_probability", probability, naive_p, n_rings, method),
        row(f"{path}.answer_delay", delay, naive_delay, n_answered, method),
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
    return _Habit(fields, rows)


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
) -> dict[int, _Habit]:
    """Return the habits of people with few rings, drawn towards that of all."""
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


def _eager_habit(
    arrays: RecordArrays, code: int, pooled: Answering, factors: Any, n_rings: int
) -> _Habit:
    """Return a habit with the pooled hazard times a factor: 1 - (1 - p F(t))^z."""
    from scipy.special import gammaincinv

    path = f"extensions.{arrays.people[code]}"
    p, shape = pooled.probability[0].estimate, pooled.shape.estimate
    z = factors.factor[code]
    probability = Interval(
        *(1 - (1 - p) ** each[code] for each in (factors.factor, factors.low, factors.high))
    )
    u = (np.arange(DELAY_SAMPLES) + 0.5) / DELAY_SAMPLES * probability.estimate
    reached = (1 - (1 - u) ** (1 / z)) / p
    delays = gammaincinv(shape, np.minimum(reached, 1 - 1e-12)) * pooled.delay[0].estimate / shape
    naive_p, naive_delay = _naive(arrays, code)
    method = f"eagerness, few rings ({n_rings})"
    return _Habit(
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


# Duty


def duty_of_weekdays(arrays: RecordArrays, *, together: bool) -> list[list[Spans]]:
    """Return the spans of duty of each person on each weekday.

    They follow from recorded sign-ins, and from the phones that rang if there are none. If
    weekdays cannot be told apart, each person has one list of spans, that of all days.
    """
    rings, calls = arrays.rings, arrays.arrives_at
    kinds = arrays.weekday if arrays.weekdays else np.zeros(arrays.n_days, dtype=np.int64)
    found = []
    for code, person in enumerate(arrays.people):
        if person in arrays.records.duty_record.signing:
            found.append(recorded_hours(arrays, person))
            continue
        mine = rings[(rings["member"] == code).to_numpy()]
        if together:
            rung = mine["call"].unique()
            rang, on = calls[rung], arrays.day[rung]
            could = _could_ring(arrays, code)
        else:
            rang, on = mine["start"].to_numpy(), mine["day"].to_numpy(dtype=np.int64)
            could = np.ones(len(calls), dtype=bool)
        counts = [
            (
                _by_cell(arrays, rang[kinds[on] == kind]),
                _by_cell(arrays, calls[could & (kinds[arrays.day] == kind)]),
            )
            for kind in range(int(kinds.max()) + 1)
        ]
        if len(counts) == 1:
            found.append([duty(*counts[0])])
        else:
            rung_at, called_at = zip(*counts, strict=True)
            found.append(duty_by_weekday(rung_at, called_at))
    return found


def _longest(weekly: list[Spans]) -> Spans:
    """Return the spans of the weekday on which a person is on duty for longest."""
    return max(weekly, key=length)


def _time_on_duty(arrays: RecordArrays, code: int, weekly: list[Spans]) -> NDArray[np.float64]:
    """Return a person's time on duty on each day [s], as recorded if it is."""
    if arrays.people[code] in arrays.records.duty_record.signing:
        return recorded_time(arrays, arrays.people[code])
    lengths = np.array([length(spans) for spans in weekly])
    return lengths[arrays.weekday] if len(weekly) > 1 else np.full(arrays.n_days, lengths[0])


def duty_of_answers(arrays: RecordArrays) -> list[Spans]:
    """Return the spans of duty of each person, from the calls that they answered."""
    answers, calls = arrays.answers, _by_cell(arrays, arrays.arrives_at)
    starts = answers["start"].to_numpy()
    mine = [(answers["member"] == code).to_numpy() for code in range(len(arrays.people))]
    return [duty(_by_cell(arrays, starts[rows]), calls) for rows in mine]


def _by_cell(arrays: RecordArrays, instants: Any) -> NDArray[np.float64]:
    """Return the number of instants in each cell of the day, over all days."""
    n_cells = math.ceil(arrays.end / CELL)
    cells = (np.asarray(instants, dtype=np.float64) // CELL).astype(np.int64)
    inside = cells[(cells >= 0) & (cells < n_cells)]
    return np.bincount(inside, minlength=n_cells).astype(np.float64)


def _could_ring(arrays: RecordArrays, code: int) -> NDArray[np.bool_]:
    """Return the calls on which some phone rang while a person was not on the phone, or theirs."""
    rang = np.zeros(len(arrays.wait), dtype=bool)
    rang[arrays.rings["call"].to_numpy()] = True
    theirs = arrays.rings["call"].to_numpy()[(arrays.rings["member"] == code).to_numpy()]
    free = np.ones(len(rang), dtype=bool)
    for talks in (arrays.answers, arrays.own):
        mine = talks[(talks["member"] == code).to_numpy()]
        for day in np.unique(mine["day"]):
            today = mine[(mine["day"] == day).to_numpy()].sort_values("start")
            rows = np.flatnonzero(arrays.day == day)
            start, end = today["start"].to_numpy(), today["end"].to_numpy()
            last = np.searchsorted(start, arrays.arrives_at[rows], side="right") - 1
            on_call = (last >= 0) & (end[np.maximum(last, 0)] > arrays.arrives_at[rows])
            free[rows[on_call]] = False
    free[theirs] = True
    return rang & free


def on_duty(spans: Spans, end: float) -> Spans | None:
    """Return spans for a scenario; None if they cover the whole day."""
    covers = len(spans) == 1 and spans[0][0] == 0 and spans[0][1] >= end
    return None if covers else spans


def _duty_row(arrays: RecordArrays, code: int, weekly: list[Spans], path: str) -> Row:
    hours = float(_time_on_duty(arrays, code, weekly).mean()) / 3600
    person, duty = arrays.people[code], arrays.records.duty_record
    n, method = int((arrays.rings["member"] == code).sum()), "phones that rang, hours"
    if person in duty.signing:
        n, method = int((duty.frame["extension"] == person).sum()), "sign-ins, hours"
    return row(f"{path}.on_duty", Interval(hours), arrays.end / 3600, n, method)


# Own calls


def _own_calls(
    arrays: RecordArrays, code: int, weekly: list[Spans], found: Answering, path: str
) -> tuple[dict[str, Any], list[Row]]:
    own = arrays.own[(arrays.own["member"] == code).to_numpy()]
    if not len(own) or not any(weekly):
        return {}, []
    days = np.arange(arrays.n_days)
    duty_time = _time_on_duty(arrays, code, weekly)
    busy = _time_by_day(own, arrays.n_days)
    mine = arrays.answers[(arrays.answers["member"] == code).to_numpy()]
    busy += _time_by_day(mine, arrays.n_days)
    busy += found.wrap_up_time.estimate * np.bincount(mine["day"], minlength=arrays.n_days)
    counts = np.bincount(own["day"], minlength=len(days))
    rate = rate_per_hour(counts, np.maximum(duty_time - busy, 60.0))
    naive = len(own) / (float(duty_time.sum()) / 3600)
    talked = (own["end"] - own["start"]).to_numpy(dtype=np.float64)
    everybody = (arrays.own["end"] - arrays.own["start"]).to_numpy(dtype=np.float64)
    talk = quantile_samples(talked if len(talked) >= OWN_SAMPLES else everybody)
    demand = Demand(calls_per_hour=rate.estimate, talk_time=talk)
    name = f"{path}.own_calls.calls_per_hour"
    return {"own_calls": demand}, [row(name, rate, naive, len(own), "per free hour on duty")]


def _time_by_day(talks: Any, n_days: int) -> NDArray[np.float64]:
    length = (talks["end"] - talks["start"]).to_numpy(dtype=np.float64)
    return np.bincount(talks["day"], length, minlength=n_days).astype(np.float64)


# Limits


def _limits(
    arrays: RecordArrays, rings: Exposure, spans: list[Spans], found: Answering
) -> list[str]:
    n_rings = np.bincount(rings.member, minlength=len(arrays.people))
    off = [person for person, span in zip(arrays.people, spans, strict=True) if not span]
    never = [person for person in off if not n_rings[arrays.people.index(person)]]
    rarely = [person for person in off if person not in never]
    n_answers = np.bincount(rings.member[rings.answered], minlength=len(arrays.people))
    few = [person for code, person in enumerate(arrays.people) if 0 < n_rings[code] < FEW_RINGS]
    silent = [
        person
        for code, person in enumerate(arrays.people)
        if n_answers[code] == 0 and n_rings[code]
    ]
    limits: list[str] = [Said("limits.long_rings", horizon=f"{found.horizon:.0f}")]
    for name, people in (
        ("never_rang", never),
        ("rarely_on_duty", rarely),
        ("few_rings", few),
        ("never_answered", silent),
    ):
        if people:
            limits.append(Said(f"limits.{name}", who=", ".join(people), n=FEW_RINGS))
    hours = steadiness(rings)
    if hours.p_value < UNSTEADY:
        least, most = (f"{each:.2g}" for each in (hours.least, hours.most))
        p_value = hours.p_value
        chance = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"
        limits.append(Said("limits.unsteady", least=least, most=most, chance=chance))
    if not len(arrays.own):
        limits.append(Said("limits.no_own_calls"))
    return limits
