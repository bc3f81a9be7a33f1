"""Hypothesis strategy for workloads of any scenario.

Calls are drawn without reading the scenario: plain integers stand for its groups and people.
So the calls stay the same while the scenario shrinks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ringsim.scenario import Scenario
from ringsim.testing._times import LONGEST, Times, made_by, several
from ringsim.workload import Workload

__all__ = ["Sizes", "workload_fields", "workloads"]

FEWEST_PHONES = 4  # least maximum length of a list of phones, even with fewer people
INDICES = st.integers(0, 9999)  # taken modulo the number of groups or people


class _Phone(NamedTuple):
    """Answer delays of one person for the first and later rings of one call, and a draw."""

    first_delay: float
    later_delay: float
    random: float


class _Call(NamedTuple):
    """One call, with its phones in the order of the people; a missing phone never answers."""

    arrives_at: float
    group: int
    talk_time: float
    wrap_up_time: float
    patience: float
    phones: list[_Phone]


class Sizes(NamedTuple):
    """Numbers of calls, own calls and spells away."""

    min_calls: int
    max_calls: int
    max_own_calls: int
    max_spells: int


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
    sizes = Sizes(min_calls, max_calls, max_own_calls, max_spells)
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
        ),
        max(FEWEST_PHONES, n_people),
    )
    silent = math.inf if times.infinite else times.longest
    return drawn.map(lambda calls: _fields(scenario, *calls, _Phone(silent, silent, 0.0)))


@cache
def _drawn(
    times: Times, sizes: Sizes, max_phones: int
) -> st.SearchStrategy[tuple[list[_Call], list[_OwnCall], list[_OwnCall]]]:
    delays = times.durations
    draws = st.sampled_from([0.0, 0.25, 0.5, 0.75])
    phones = st.tuples(delays, delays, draws).map(_Phone._make)
    calls = st.tuples(
        times.instants,
        INDICES,
        delays,
        delays,
        times.patience,
        st.lists(phones, max_size=max_phones),
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


def _phone_fields(columns: Mapping[str, Sequence[_Phone]]) -> dict[str, Any]:
    """Return `answer_delay` and `random` by person, without people who have the defaults."""
    delays = {
        number: _delays(phones)
        for number, phones in columns.items()
        if any(min(phone.first_delay, phone.later_delay) < math.inf for phone in phones)
    }
    random = {
        number: [phone.random for phone in phones]
        for number, phones in columns.items()
        if any(phone.random for phone in phones)
    }
    fields = {"answer_delay": delays, "random": random}
    return {name: given for name, given in fields.items() if given}


def _delays(phones: Sequence[_Phone]) -> list[Any]:
    """Return one delay per call, or one per call and ring if the rings of a call differ."""
    if all(phone.first_delay == phone.later_delay for phone in phones):
        return [phone.first_delay for phone in phones]
    return [[phone.first_delay, phone.later_delay] for phone in phones]
