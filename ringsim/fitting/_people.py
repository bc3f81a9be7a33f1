"""Estimates of people: answering, wrap-up, duty and own calls."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._words import Said
from ringsim.errors import ConfigurationError
from ringsim.estimators import (
    Answering,
    Exposure,
    Interval,
    rate_per_hour,
)
from ringsim.fitting._absences import after_wrap_up
from ringsim.fitting._arrays import RecordArrays
from ringsim.fitting._callers import quantile_samples
from ringsim.fitting._duty_hours import duty_of_weekdays, on_duty, time_on_duty
from ringsim.fitting._habits import FEW_RINGS, Habit, habits_of
from ringsim.fitting._recorded_duty import (
    pause_habit,
    recorded_limits,
)
from ringsim.fitting._rows import Row, row, unit_of_parameter
from ringsim.fitting._steadiness import steadiness
from ringsim.records._spans import Spans, length
from ringsim.scenario import Demand, Extension

__all__ = ["People", "people_of"]

UNSTEADY = 0.05  # p-value below which hours differ in how eagerly members answer
OWN_SAMPLES = 30  # own calls, below which the talk times of everybody's own calls are used


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
    found, habits = habits_of(arrays, rings)
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
    wrapped = row(
        f"demand.{number}.wrap_up_time",
        found.wrap_up_time,
        0.0,
        found.n_episodes,
        f"episodes, {found.wrap_up}",
    )
    rows = [wrapped, *rows]
    limits += [*_limits(arrays, rings, spans, found), *_one_sided_limits(arrays, habits, rows)]
    limits += recorded_limits(arrays, weekly)
    if differ:
        limits.append(Said("limits.duty_differs", who=", ".join(differ)))
    weekdays = arrays.weekdays if differ else ()
    return People(extensions, found.wrap_up_dist, rows, limits, found, weekdays)


# Answering


# Duty


def _longest(weekly: list[Spans]) -> Spans:
    """Return the spans of the weekday on which a person is on duty for longest."""
    return max(weekly, key=length)


def _duty_row(arrays: RecordArrays, code: int, weekly: list[Spans], path: str) -> Row:
    hours = float(time_on_duty(arrays, code, weekly).mean()) / 3600
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
    duty_time = time_on_duty(arrays, code, weekly)
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
    hours = steadiness(rings.of(after_wrap_up(rings, found)))
    if hours.p_value < UNSTEADY:
        least, most = (f"{each:.2g}" for each in (hours.least, hours.most))
        p_value = hours.p_value
        chance = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"
        limits.append(Said("limits.unsteady", least=least, most=most, chance=chance))
    if not len(arrays.own):
        limits.append(Said("limits.no_own_calls"))
    return limits


def _one_sided_limits(arrays: RecordArrays, habits: list[Habit], rows: list[Row]) -> list[str]:
    """Return sentences on figures of which the rings tell nothing, or only that they are large."""
    limits: list[str] = []
    who = [
        person for person, habit in zip(arrays.people, habits, strict=True) if habit.has_borrowed
    ]
    if who:
        limits.append(Said("limits.borrowed_delay", who=", ".join(who)))
    large = [each for each in rows if math.isinf(each.high)]
    if large:
        what = (
            f"{each.parameter} ≥ {each.low:.3g} {unit_of_parameter(each.parameter)}".rstrip()
            for each in large
        )
        limits.append(Said("limits.from_below", what=", ".join(what)))
    return limits
