"""Hypothesis strategy for small scenarios in which much can happen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ringsim.scenario import Scenario
from ringsim.testing._groups import (
    ACTIONS,
    ELSEWHERE,
    GROUPS,
    PEOPLE,
    STRATEGIES,
    Fields,
    FieldsStrategy,
    group_fields,
)
from ringsim.testing._times import LONGEST, Times, made_by, several

__all__ = ["scenarios"]

HOURS = 0.1
MOST_CALLS_PER_HOUR = 200
MOST_ATTEMPTS = 4


def scenarios(
    *,
    min_groups: int = 1,
    max_groups: int = 3,
    people: int = 5,
    min_members: int = 0,
    max_members: int = 5,
    skill_levels: int = 3,
    strategies: Sequence[str] = STRATEGIES,
    actions: Sequence[str] = ACTIONS,
    skip_busy_member: Sequence[bool] = (True, False),
    duty: bool = True,
    demand: bool = True,
    options: bool = False,
    redials: bool = False,
    ties: bool = True,
    zero: bool = True,
    infinite: bool = True,
    longest: float = LONGEST,
) -> st.SearchStrategy[Scenario]:
    """Return a strategy for scenarios of a few groups that share people and forward calls.

    Parameters
    ----------
    min_groups, max_groups : int, default 1 and 3
        Number of groups. Their numbers are `"600"`, `"601"`, and so on.
    people : int, default 5
        Number of people from whom members are chosen: `"201"`, `"202"`, and so on.
    min_members, max_members : int, default 0 and 5
        Number of members of a group; at most one per person.
    skill_levels, strategies, actions, skip_busy_member
        As for `groups`. `FORWARD_TO_NUMBER` forwards to any group, the same group included, or
        out of the scenario.
    options : bool, default False
        As for `groups`. With `demand`, callers also have priorities, and people decline rings.
    duty : bool, default True
        If true, some people have hours of duty; otherwise all are always on duty.
    demand : bool, default True
        If true, groups have a demand, and people have answer delays and calls of their own, as
        `Workload.draw` and `simulate` need them; `workloads` does not. The day then lasts six
        minutes, with at most twenty calls expected for each group or person.
    redials : bool, default False
        If true, some callers of the demand try again, up to three times.
    ties : bool, default True
        If true, times are whole seconds, so that many events coincide; otherwise any floats.
    zero, infinite : bool, default True
        If true, durations of people may be 0 (`zero`) or inf (`infinite`).
    longest : float, default 8
        Upper bound [s] of all finite times, at least 1. Only draws from an unbounded
        distribution may be longer.

    Returns
    -------
    SearchStrategy of Scenario
        Shrinks to few groups with few members and default settings.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> import ringsim as rs
    >>> @settings(deadline=None)
    ... @given(scenarios(strategies=["CYCLIC_HUNT"], min_members=2))
    ... def test_the_same_seed_gives_the_same_day(scenario):
    ...     one, two = (rs.play(scenario, rs.Workload.draw(scenario, 7)) for _ in range(2))
    ...     assert one.calls.equals(two.calls)
    >>> test_the_same_seed_gives_the_same_day()
    """
    group = group_fields(
        Times(ties=ties, longest=longest),
        people=PEOPLE[:people],
        min_members=min_members,
        max_members=max_members,
        skill_levels=skill_levels,
        strategies=strategies,
        actions=actions,
        forward_to=(ELSEWHERE, *GROUPS[:max_groups]),
        skip_busy_member=skip_busy_member,
        options=options,
    )
    times = Times(ties, zero, infinite, longest)
    person = _person_fields(times, PEOPLE[:people], duty=duty, demand=demand, options=options)
    callers = _caller_fields(times, options=options, redials=redials)
    fields = st.tuples(
        several(group, min_size=min_groups, max_size=max_groups),
        several(person, min_size=0, max_size=people, unique_by=lambda one: one["extension_number"]),
        st.booleans(),
        several(callers, min_size=0, max_size=max_groups) if demand else st.just([]),
    ).map(lambda drawn: _scenario(*drawn))
    return made_by(Scenario, fields)


def _person_fields(
    times: Times, people: Sequence[str], *, duty: bool, demand: bool, options: bool
) -> FieldsStrategy:
    optional: dict[str, st.SearchStrategy[Any]] = {}
    if duty:
        optional["on_duty"] = st.lists(times.instants, max_size=4).map(_spans)
    if demand:
        optional |= {
            "answer_delay": _distributions(times, times.durations),
            "answer_probability": st.sampled_from([1, 0, 0.5]),
            "own_calls": _demand_fields(times),
            "away": _away_fields(times),
        }
    if demand and options:
        optional |= {
            "decline_delay": _distributions(times, times.durations),
            "decline_probability": st.sampled_from([0, 0.5, 1]),
        }
    return st.fixed_dictionaries({"extension_number": st.sampled_from(people)}, optional=optional)


def _away_fields(times: Times) -> FieldsStrategy:
    """Return a strategy for spells away of a second or more, a second or more apart."""
    longer = replace(times, zero=False).durations.filter(lambda duration: duration >= 1)
    return st.fixed_dictionaries({"every": longer, "lasting": longer})


def _spans(instants: Sequence[float]) -> list[tuple[float, float]]:
    """Return spans from the first to the second instant, the third to the fourth, and so on.

    A last instant without a partner starts a span that never ends.
    """
    bounds = sorted(instants)
    if len(bounds) % 2:
        bounds.append(math.inf)
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [(start, end) for start, end in pairs if start < end]


def _caller_fields(times: Times, *, options: bool, redials: bool) -> FieldsStrategy:
    """Return a strategy for the demand of a group, with places in line and further attempts."""
    further: dict[str, st.SearchStrategy[Any]] = {}
    if options:
        further["priority"] = st.integers(0, 2)
    if redials:
        further["redial"] = _redial_fields(times)
    return st.tuples(_demand_fields(times), st.fixed_dictionaries({}, optional=further)).map(
        lambda drawn: drawn[0] | drawn[1]
    )


def _redial_fields(times: Times) -> FieldsStrategy:
    return st.fixed_dictionaries(
        {
            "probability": st.sampled_from([0, 0.5, 1]),
            "delay": _distributions(times, times.pauses),
            "max_attempts": st.integers(1, MOST_ATTEMPTS),
        },
        optional={
            "after": st.sampled_from(["abandoned", "overflowed"]),
            "patience_anew": st.just(True),
        },
    )


def _demand_fields(times: Times) -> FieldsStrategy:
    durations = _distributions(times, times.durations)
    arrivals = st.lists(times.instants, max_size=4).map(lambda at: ("arrives_at", at))
    rates = st.integers(0, MOST_CALLS_PER_HOUR).map(lambda rate: ("calls_per_hour", rate))
    counts = st.lists(st.integers(0, MOST_CALLS_PER_HOUR // 2), min_size=1, max_size=2).map(
        lambda calls: ("calls_per_interval", calls)
    )
    busyness = st.sampled_from([0, 0, 0.5])
    drawn = st.tuples(rates | counts, busyness).map(lambda given: (*given[0], given[1]))
    return st.tuples(
        arrivals.map(lambda given: (*given, 0)) | drawn,
        durations,
        durations,
        _distributions(times, times.patience),
    ).map(lambda drawn: _demand(*drawn))


def _demand(
    arrival: tuple[str, Any, float], talk_time: Any, wrap_up_time: Any, patience: Any
) -> Fields:
    name, calls, busyness = arrival
    fields: Fields = {name: calls}
    if busyness:
        fields["busyness"] = busyness
    fields["talk_time"] = talk_time
    if wrap_up_time != 0:
        fields["wrap_up_time"] = wrap_up_time
    if patience != math.inf:
        fields["patience"] = patience
    return fields


def _distributions(times: Times, constants: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Return a strategy for constants, samples and, without ties, continuous distributions."""
    samples = st.lists(times.durations, min_size=1, max_size=3).map(lambda of: {"samples": of})
    if times.ties:
        return constants | samples
    free = [{"mean": times.longest, "cv": 1}, {"dist": "gamma", "a": 2, "scale": times.longest / 2}]
    return constants | samples | st.sampled_from(free)


def _scenario(
    groups: Sequence[Fields],
    people: Sequence[Fields],
    ringing_is_busy: bool,
    demand: Sequence[Fields],
) -> Fields:
    numbered = [
        {"extension_number": number, **fields}
        for number, fields in zip(GROUPS, groups, strict=False)
    ]
    fields: Fields = {"groups": numbered}
    if people:
        fields["extensions"] = list(people)
    if ringing_is_busy:
        fields["ringing_is_busy"] = True
    if demand and groups:
        called = zip(GROUPS[: len(groups)], demand, strict=False)
        fields |= {"demand": dict(called), "hours": HOURS}
    return fields
