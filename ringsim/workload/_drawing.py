"""A scenario made ready to be drawn from: what is the same in every replication, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ringsim.keyed import keys, subject
from ringsim.people import Demand
from ringsim.scenario import Scenario
from ringsim.workload._drawn_calls import Arrivals, Durations, Key, check_expected
from ringsim.workload._drawn_phones import DrawnPhones, Habits
from ringsim.workload._parts import Called, Floats, Ints, OwnCalls, Phones, sealed

__all__ = ["MOST_CALLS", "Drawing", "Drawn"]

MOST_CALLS = 10_000_000  # expected calls of one drawn workload, unless asked for more


class Drawn(NamedTuple):
    """One replication: the attributes of a `Workload`."""

    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    called: Called
    own_calls: OwnCalls
    phones: Phones


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

    def draw(self, streams: Key) -> list[Floats]:
        """Instants of arrival, then the durations."""
        arrives_at = self.arrivals.draw(streams[0])
        n = len(arrives_at)
        drawn = zip(self.durations, streams[1:], strict=True)
        return [arrives_at, *(durations.draw(key, n) for durations, key in drawn)]


class _Own:
    """The calls of one person's own."""

    def __init__(self, demand: Demand, hours: float, number: str) -> None:
        self.number = number
        self.arrivals = Arrivals(demand, hours)
        self.talks = Durations(demand.talk_time, f"{number}.own_calls.talk_time")
        self.subjects = [subject("own_arrival", number), subject("own_talk_time", number)]

    def draw(self, streams: Key) -> tuple[Floats, Floats]:
        """Instants at which they would begin, and how long they would last."""
        begins = self.arrivals.draw(streams[0])
        return begins, self.talks.draw(streams[1], len(begins))


class Drawing:
    """Draws replications of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Whose demand and people are drawn for.
    most_calls : float, default 10 million
        Expected number of calls up to which it is drawn.

    Raises
    ------
    ConfigurationError
        When more than `most_calls` are expected, before anything is drawn.
    """

    def __init__(self, scenario: Scenario, most_calls: float = MOST_CALLS) -> None:
        check_expected(scenario, most_calls)
        self._numbers = tuple(sorted(scenario.demand))
        self._callers = [_Caller(scenario, number) for number in self._numbers]
        own = {
            person.extension_number: person.own_calls
            for person in scenario.extensions
            if person.own_calls is not None
        }
        self._own = [_Own(demand, scenario.hours, number) for number, demand in sorted(own.items())]
        self._habits = Habits(scenario, self._numbers)
        self._subjects = [
            *(each for caller in self._callers for each in caller.subjects),
            *(each for own in self._own for each in own.subjects),
        ]

    def draw(self, seed: int, replication: int) -> Drawn:
        """One replication: calls by instant of arrival, then by number of the group."""
        streams = keys(seed, replication, self._subjects)
        of_callers = len(_Caller.quantities) + 1
        drawn = [
            caller.draw(streams[of_callers * place : of_callers * (place + 1)])
            for place, caller in enumerate(self._callers)
        ]
        group_of, nth, columns = _merged(drawn)
        arrives_at, talk_time, wrap_up_time, patience = map(sealed, columns)
        return Drawn(
            arrives_at,
            talk_time,
            wrap_up_time,
            patience,
            called=Called(self._numbers, group_of.astype(np.int32)),
            own_calls=self._own_calls(streams[of_callers * len(self._callers) :]),
            phones=DrawnPhones(self._habits, seed, replication, group_of, nth),
        )

    def _own_calls(self, streams: Key) -> OwnCalls:
        """Own calls of everybody, by instant, then by number."""
        drawn = [own.draw(streams[2 * place :][:2]) for place, own in enumerate(self._own)]
        whose = [own.number for own, (at, _) in zip(self._own, drawn, strict=True) for _ in at]
        begins = np.concatenate([at for at, _ in drawn]) if drawn else np.empty(0)
        talks = np.concatenate([talk for _, talk in drawn]) if drawn else np.empty(0)
        order = np.argsort(begins, kind="stable")
        return OwnCalls(
            at=sealed(begins[order]),
            extension=tuple(whose[place] for place in order.tolist()),
            talk_time=sealed(talks[order]),
        )


def _merged(parts: Sequence[Sequence[Floats]]) -> tuple[Ints, Ints, list[Floats]]:
    """Which part each call comes from, its number there, and the columns of all calls."""
    if len(parts) == 1:
        n = len(parts[0][0])
        return np.zeros(n, dtype=np.int64), np.arange(n), list(parts[0])
    counts = [len(part[0]) for part in parts]
    source = np.repeat(np.arange(len(parts)), counts)
    nth = np.concatenate([np.arange(0), *map(np.arange, counts)])
    columns = [
        np.concatenate([np.empty(0), *(part[place] for part in parts)])
        for place in range(1 + len(_Caller.quantities))
    ]
    order = np.argsort(columns[0], kind="stable")
    return source[order], nth[order], [column[order] for column in columns]
