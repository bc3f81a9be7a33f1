"""Hypothesis strategy for workloads of any scenario.

Calls are drawn without reading the scenario: plain integers stand for its groups and people.
So the calls stay the same while the scenario shrinks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ringsim._checks import is_integer
from ringsim.errors import ConfigurationError
from ringsim.scenario import Scenario
from ringsim.testing._times import LONGEST, Times, made_by, several
from ringsim.workload import Workload

__all__ = ["Sizes", "checked_sizes", "workload_fields", "workloads"]

FEWEST_PHONES = 4  # least maximum length of a list of phones, even with fewer people
MOST_REDIALS = 3
OUTCOMES = (None, "abandoned", "overflowed")  # that another attempt may follow; None: both
INDICES = st.integers(0, 9999)  # taken modulo the number of groups or people


class _Phone(NamedTuple):
    """One person's delays for the first and later rings of one call, and a draw."""

    first_delay: float
    later_delay: float
    random: float
    first_decline: float = math.inf
    later_decline: float = math.inf


class _Call(NamedTuple):
    """One call, with its phones in the order of the people; a missing phone never answers."""

    arrives_at: float
    group: int
    talk_time: float
    wrap_up_time: float
    patience: float
    phones: list[_Phone]
    priority: int
    max_wait_time: float | None
    redials: list[_Redial]


class _Redial(NamedTuple):
    """Pause of a caller before the next attempt, and their patience in it."""

    delay: float
    patience: float


class Sizes(NamedTuple):
    """Numbers of calls, own calls and spells away, and whether calls have more than S1 to S15."""

    min_calls: int
    max_calls: int
    max_own_calls: int
    max_spells: int
    options: bool = False
    redials: bool = False


def checked_sizes(min_calls: int, max_calls: int, *further: Any) -> Sizes:
    """Return sizes; raise `ConfigurationError` unless the numbers of calls are a range."""
    if not is_integer(min_calls) or min_calls < 0:
        raise ConfigurationError("min_calls", "must be a whole number, at least 0", min_calls)
    if not is_integer(max_calls) or max_calls < min_calls:
        constraint = f"must be a whole number, at least min_calls, which is {min_calls}"
        raise ConfigurationError("max_calls", constraint, max_calls)
    return Sizes(min_calls, max_calls, *further)


class _OwnCall(NamedTuple):
    """One own call, or one spell away of the length `talk_time`."""

    at: float
    person: int
    talk_time: float


def workloads(
    scenario: Scenario,
    *,
    min_calls: int = 0,
    max_calls: int = 8,
    max_own_calls: int = 2,
    max_spells: int = 2,
    options: bool = False,
    redials: bool = False,
    ties: bool = True,
    zero: bool = True,
    infinite: bool = True,
    longest: float = LONGEST,
) -> st.SearchStrategy[Workload]:
    """Return a strategy for workloads: calls, answer delays, own calls and random draws.

    Parameters
    ----------
    scenario : Scenario
        The groups to call and the people who answer. Without groups there are no calls.
    min_calls, max_calls : int, default 0 and 8
        Number of calls.
    max_own_calls, max_spells : int, default 2
        Largest numbers of own calls, and of spells away, of all people together.
    options : bool, default False
        If true, people decline rings, and callers have priorities in line and limits of their
        own on the time in the group.
    redials : bool, default False
        If true, some callers try again, up to three times.
    ties : bool, default True
        If true, times are whole seconds, so that many events coincide; otherwise any floats.
    zero : bool, default True
        If true, talk, wrap-up, patience and answer delays may be 0.
    infinite : bool, default True
        If true, they may be inf: people who never answer, callers who never give up, calls
        that never end.
    longest : float, default 8
        Upper bound [s] of all finite times, at least 1.

    Returns
    -------
    SearchStrategy of Workload
        Shrinks to few calls at instant 0 that nobody answers.

    Raises
    ------
    ConfigurationError
        If `max_calls` is less than `min_calls`, or one of them is no number of calls.

    Examples
    --------
    >>> from hypothesis import given
    >>> import ringsim as rs
    >>> scenario = Scenario(groups=[{"extension_number": "600", "members": ["201", "202"]}])
    >>> @given(workloads(scenario, infinite=False))
    ... def test_no_call_lasts_for_ever(workload):
    ...     assert rs.play(scenario, workload).calls["wait"].max() < 100 or not len(workload)
    >>> test_no_call_lasts_for_ever()
    """
    times = Times(ties, zero, infinite, longest)
    sizes = checked_sizes(min_calls, max_calls, max_own_calls, max_spells, options, redials)
    fields = workload_fields(scenario, times, sizes)
    return made_by(Workload, fields)


def workload_fields(
    scenario: Scenario, times: Times, sizes: Sizes
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for the arguments of `Workload`, without those that have their default."""
    n_people = len(scenario.extension_numbers)
    drawn = _drawn(
        times,
        Sizes(
            sizes.min_calls if scenario.groups else 0,
            sizes.max_calls if scenario.groups else 0,
            sizes.max_own_calls if n_people else 0,
            sizes.max_spells if n_people else 0,
            sizes.options,
            sizes.redials,
        ),
        max(FEWEST_PHONES, n_people),
    )
    silent = math.inf if times.infinite else times.longest
    after = st.sampled_from(OUTCOMES) if sizes.redials else st.just(None)
    return st.tuples(drawn, after).map(
        lambda drawn: _fields(scenario, *drawn[0], _Phone(silent, silent, 0.0), drawn[1])
    )


@cache
def _drawn(
    times: Times, sizes: Sizes, max_phones: int
) -> st.SearchStrategy[tuple[list[_Call], list[_OwnCall], list[_OwnCall]]]:
    delays = times.durations
    draws = st.sampled_from([0.0, 0.25, 0.5, 0.75])
    never = st.just(math.inf)
    declines = never | times.pauses if sizes.options else never
    phones = st.tuples(delays, delays, draws, declines, declines).map(_Phone._make)
    redials = st.tuples(never | times.pauses, times.patience).map(_Redial._make)
    calls = st.tuples(
        times.instants,
        INDICES,
        delays,
        delays,
        times.patience,
        st.lists(phones, max_size=max_phones),
        st.integers(0, 2 if sizes.options else 0),
        st.none() | times.pauses if sizes.options else st.none(),
        st.lists(redials, max_size=MOST_REDIALS if sizes.redials else 0),
    ).map(_Call._make)
    own_calls = st.tuples(times.instants, INDICES, delays).map(_OwnCall._make)
    return st.tuples(
        several(calls, min_size=sizes.min_calls, max_size=sizes.max_calls),
        several(own_calls, min_size=0, max_size=sizes.max_own_calls),
        several(own_calls, min_size=0, max_size=sizes.max_spells),
    )


def _fields(
    scenario: Scenario,
    calls: Sequence[_Call],
    own_calls: Sequence[_OwnCall],
    spells: Sequence[_OwnCall],
    silent: _Phone,
    redial_after: Any,
) -> dict[str, Any]:
    groups, people = scenario.group_numbers, scenario.extension_numbers
    fields: dict[str, Any] = {
        "arrives_at": [call.arrives_at for call in calls],
        "talk_time": [call.talk_time for call in calls],
    }
    if len(groups) > 1:
        fields["group"] = [groups[call.group % len(groups)] for call in calls]
    if any(call.wrap_up_time for call in calls):
        fields["wrap_up_time"] = [call.wrap_up_time for call in calls]
    if any(call.patience < math.inf for call in calls):
        fields["patience"] = [call.patience for call in calls]
    if any(call.priority for call in calls):
        fields["priority"] = [call.priority for call in calls]
    limits = [call.max_wait_time for call in calls if call.max_wait_time is not None]
    if limits:
        longest = max(limits)
        fields["max_wait_time"] = [
            longest if call.max_wait_time is None else call.max_wait_time for call in calls
        ]
    fields |= _redial_fields(calls, redial_after)
    columns = {
        number: [call.phones[k] if k < len(call.phones) else silent for call in calls]
        for k, number in enumerate(people)
    }
    fields |= _phone_fields(columns)
    for name, drawn in (("own_calls", own_calls), ("away", spells)):
        if drawn:
            fields[name] = [
                (own.at, people[own.person % len(people)], own.talk_time) for own in drawn
            ]
    return fields


def _redial_fields(calls: Sequence[_Call], after: Any) -> dict[str, Any]:
    """Return the fields for attempts after the first; empty if nobody tries again."""
    columns = max((len(call.redials) for call in calls), default=0)
    if not columns:
        return {}
    nothing = _Redial(math.inf, math.inf)
    rows = [call.redials + [nothing] * (columns - len(call.redials)) for call in calls]
    fields: dict[str, Any] = {"redial_delay": [[each.delay for each in row] for row in rows]}
    if after is not None:
        fields["redial_after"] = after
    if any(each.patience < math.inf for row in rows for each in row):
        fields["redial_patience"] = [[each.patience for each in row] for row in rows]
    return fields


def _phone_fields(columns: Mapping[str, Sequence[_Phone]]) -> dict[str, Any]:
    """Return the arguments that are by person, without people who have the defaults."""
    delays = _by_person(columns, lambda phone: (phone.first_delay, phone.later_delay))
    declines = _by_person(columns, lambda phone: (phone.first_decline, phone.later_decline))
    random = {
        number: [phone.random for phone in phones]
        for number, phones in columns.items()
        if any(phone.random for phone in phones)
    }
    fields = {"answer_delay": delays, "decline_delay": declines, "random": random}
    return {name: given for name, given in fields.items() if given}


def _by_person(
    columns: Mapping[str, Sequence[_Phone]], delays_of: Callable[[_Phone], tuple[float, float]]
) -> dict[str, list[Any]]:
    """Return the delays of people who have any: one per call, or per call and ring."""
    delays = {number: list(map(delays_of, phones)) for number, phones in columns.items()}
    return {
        number: [first for first, _ in given]
        if all(first == later for first, later in given)
        else list(map(list, given))
        for number, given in delays.items()
        if any(min(pair) < math.inf for pair in given)
    }
