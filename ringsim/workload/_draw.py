"""A scenario made ready to be drawn from: what is the same in every replication, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ringsim.scenario import Demand, Scenario
from ringsim.workload._arrivals import Arrivals, Durations, Keys, checked_expected
from ringsim.workload._batch import Batch, Called, Floats, Ints, OwnCalls, Replications
from ringsim.workload._jit_draws import merge, numbers
from ringsim.workload._keys import keys, subject
from ringsim.workload._phones import DrawnPhones, PhoneSampler

__all__ = ["MOST_CALLS", "Sampler"]

MOST_TOGETHER = 256  # replications
FEW_PEOPLE = 64  # with more, rings of all of them for a call outweigh the call
KEYS_AS_A_CALL = 4  # that take about its room

MOST_CALLS = 10_000_000  # expected calls of one drawn workload, unless asked for more


class _Caller:
    """Who calls one group: arrivals and three durations, each with a stream of its own."""

    quantities = ("talk_time", "wrap_up_time", "patience")

    def __init__(self, scenario: Scenario, number: str) -> None:
        demand = scenario.demand[number]
        self.arrivals = Arrivals(demand, scenario.hours)
        self.durations = [
            Durations(getattr(demand, quantity), f"demand.{number}.{quantity}")
            for quantity in self.quantities
        ]
        self.subjects = [subject(quantity, number) for quantity in ("arrival", *self.quantities)]


class _Own:
    """The calls of one person's own."""

    quantities = ("talk_time",)

    def __init__(self, demand: Demand, hours: float, number: str) -> None:
        self.arrivals = Arrivals(demand, hours)
        self.durations = [Durations(demand.talk_time, f"{number}.own_calls.talk_time")]
        self.subjects = [subject("own_arrival", number), subject("own_talk_time", number)]


class _Merged(NamedTuple):
    """Calls of several sources, in the order of their instants within each replication."""

    first: Ints
    run: Ints
    source: Ints
    nth: Ints  # of the calls of its source in its run
    columns: list[Floats]  # instants, then durations


class Sampler:
    """Draws replications of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Whose demand and people are drawn for.
    max_calls : float, default 10 million
        Expected number of calls up to which it is drawn.

    Attributes
    ----------
    expected_calls : float
        Of one replication, own calls among them.

    Raises
    ------
    ConfigurationError
        When more than `max_calls` are expected, before anything is drawn.
    """

    def __init__(self, scenario: Scenario, max_calls: float = MOST_CALLS) -> None:
        self.expected_calls = checked_expected(scenario, max_calls)
        self._numbers = tuple(sorted(scenario.demand))
        self._callers = [_Caller(scenario, number) for number in self._numbers]
        own = {
            person.extension_number: person.own_calls
            for person in scenario.extensions
            if person.own_calls is not None
        }
        self._people = tuple(sorted(own))
        self._own = [_Own(own[number], scenario.hours, number) for number in self._people]
        self._habits = PhoneSampler(scenario, self._numbers)
        self._subjects = (
            *(each for caller in self._callers for each in caller.subjects),
            *(each for own in self._own for each in own.subjects),
        )

    def together(self, calls: int) -> int:
        """How many replications to draw at once, to have about so many calls.

        Fewer of many people, each of whom has keys and may ring for every call; one where
        answer delays are laid out for all rings of all calls.
        """
        if not self._habits.are_fast:
            return 1
        people = len(self._habits.scenario.extension_numbers)
        keyed = people * len(self._numbers) / KEYS_AS_A_CALL
        each = max(self.expected_calls, 1) * max(people / FEW_PEOPLE, 1) + keyed
        return min(max(1, int(calls / each)), MOST_TOGETHER)

    def draw(self, seed: int, replications: Replications) -> Batch:
        """Some replications: calls by instant of arrival, then by number of the group."""
        runs = len(replications)
        by_stream = keys(seed, replications, self._subjects).swapaxes(0, 1)
        streams = iter(np.ascontiguousarray(by_stream))
        calls = _drawn(self._callers, streams, runs, len(_Caller.quantities))
        own = _drawn(self._own, streams, runs, len(_Own.quantities))
        arrives_at, talk_time, wrap_up_time, patience = calls.columns
        own_at, own_talk_time = own.columns
        key_row = calls.run * len(self._numbers) + calls.source
        return Batch(
            first=calls.first,
            first_own=own.first,
            arrives_at=arrives_at,
            talk_time=talk_time,
            wrap_up_time=wrap_up_time,
            patience=patience,
            called=Called(self._numbers, calls.source.astype(np.int32)),
            own_calls=OwnCalls(own_at, self._people, own.source.astype(np.int32), own_talk_time),
            phones=DrawnPhones(self._habits, seed, replications, key_row, calls.nth),
            order=np.arange(len(arrives_at)),
            own_order=np.arange(len(own_at)),
        )


def _drawn(
    sources: Sequence[_Caller | _Own], streams: Iterator[Keys], runs: int, n_durations: int
) -> _Merged:
    """Instants and durations of all sources, from the streams that come next."""
    parts, firsts = [], []
    for source in sources:
        instants, first = source.arrivals.draw(next(streams))
        parts.append([instants, *(each.draw(next(streams), first) for each in source.durations)])
        firsts.append(first)
    if len(parts) == 1:
        [columns], [first] = parts, firsts
        run, nth = _numbered(first)
        return _Merged(first, run, np.zeros(len(run), dtype=np.int64), nth, columns)
    return _merged(parts, firsts, runs, 1 + n_durations)


def _merged(
    parts: Sequence[Sequence[Floats]], firsts: Sequence[Ints], runs: int, n_columns: int
) -> _Merged:
    """Parts of one kind, in one order within each of the runs."""
    columns = [
        np.concatenate([np.empty(0), *(part[place] for part in parts)])
        for place in range(n_columns)
    ]
    n, starts = len(columns[0]), np.cumsum([0, *(len(part[0]) for part in parts)])
    first = np.array(firsts, dtype=np.int64).reshape(len(parts), runs + 1)
    next_at = np.empty(len(parts))
    next_part, next_source = (np.empty(len(parts), dtype=np.int64) for _ in range(2))
    order, source, nth = (np.empty(n, dtype=np.int64) for _ in range(3))
    of_all = first + starts[:-1, np.newaxis]
    merge(columns[0], of_all, next_at, next_part, next_source, order, source, nth)
    first_of_all = first.sum(axis=0)
    run, _ = _numbered(first_of_all)
    return _Merged(first_of_all, run, source, nth, [column[order] for column in columns])


def _numbered(first: Ints) -> tuple[Ints, Ints]:
    """Of every row, its run and which row of the run it is."""
    run, nth = (np.empty(int(first[-1]), dtype=np.int64) for _ in range(2))
    numbers(first, run, nth)
    return run, nth
