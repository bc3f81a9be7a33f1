"""Sources of draws: the callers of a group, a person's own calls and spells away."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ringsim.scenario import Away, Demand, Scenario
from ringsim.workload._arrivals import Arrivals, Busyness, Durations, Keys
from ringsim.workload._batch import Floats, Ints
from ringsim.workload._jit_draws import merge, numbers
from ringsim.workload._keys import subject

__all__ = ["GroupCallers", "OwnCallsOf", "SpellsAway", "drawn"]


class CallSource:
    """A source of calls: arrivals and durations, each drawn from its own stream."""

    arrivals: Arrivals
    busyness: Busyness | None
    durations: Sequence[Durations]
    subjects: list[bytes]

    def draw(self, streams: Iterator[Keys], runs: int) -> tuple[list[Floats], Ints]:
        """Return the columns of R replications, and the first row of each; consume streams."""
        factors = self.busyness.draw(next(streams)) if self.busyness else np.ones(runs)
        instants, first = self.arrivals.draw(next(streams), factors)
        return [instants, *self._durations_of(streams, instants, first)], first

    def _durations_of(
        self, streams: Iterator[Keys], instants: Floats, first: Ints
    ) -> Iterator[Floats]:
        return (each.draw(next(streams), first, instants) for each in self.durations)


class GroupCallers(CallSource):
    """The callers of one group: arrivals and three durations."""

    quantities = ("talk_time", "wrap_up_time", "patience")

    def __init__(self, scenario: Scenario, number: str) -> None:
        demand = scenario.demand[number]
        self.arrivals = Arrivals(demand, scenario.hours)
        self.busyness = Busyness(demand.busyness) if demand.busyness else None
        self.durations = [
            Durations(getattr(demand, quantity), f"demand.{number}.{quantity}")
            for quantity in self.quantities
        ]
        self.subjects = [subject(quantity, number) for quantity in ("arrival", *self.quantities)]
        if self.busyness:
            about = () if scenario.shared_busyness else (number,)
            self.subjects.insert(0, subject("busyness", *about))


class OwnCallsOf(CallSource):
    """The own calls of one person: arrivals and talk times."""

    quantities = ("talk_time",)

    def __init__(self, demand: Demand, hours: float, number: str) -> None:
        self.arrivals = Arrivals(demand, hours)
        self.busyness = Busyness(demand.busyness) if demand.busyness else None
        self.durations = [Durations(demand.talk_time, f"{number}.own_calls.talk_time")]
        self.subjects = [subject("own_arrival", number), subject("own_talk_time", number)]
        if self.busyness:
            self.subjects.insert(0, subject("own_busyness", number))


class SpellsAway:
    """The spells of one person away from their phone."""

    def __init__(self, away: Away, hours: float, number: str) -> None:
        self._last = hours * 3600.0
        self._expected = away.expected_spells(hours)
        self._durations = [
            Durations(away.every, f"{number}.away.every"),
            Durations(away.lasting, f"{number}.away.lasting"),
        ]
        self.subjects = [subject("away_every", number), subject("away_lasting", number)]

    def draw(self, streams: Iterator[Keys], runs: int) -> tuple[list[Floats], Ints]:
        """Return instants and lengths [s] of the spells of R replications, and their first rows.

        Spells begin before the end of the hours. The sums are added up in the order of time, so
        that a longer day keeps the earlier spells.
        """
        keys = [next(streams), next(streams)]
        n = int(self._expected + 6 * math.sqrt(self._expected)) + 4
        while True:
            rows = np.arange(runs + 1) * n
            pairs = [
                each.draw(key, rows).reshape(runs, n)
                for each, key in zip(self._durations, keys, strict=True)
            ]
            begins = np.cumsum(np.stack(pairs, axis=2).reshape(runs, 2 * n), axis=1)[:, ::2]
            if not runs or (begins[:, -1] >= self._last).all():
                break
            n *= 2
        kept = begins < self._last
        first = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
        return [begins[kept], pairs[1][kept]], first


class Merged(NamedTuple):
    """Calls of several sources, sorted by instant within each replication."""

    first: Ints
    run: Ints
    source: Ints
    nth: Ints  # number of the call among those of its source in its run, from 0
    columns: list[Floats]  # instants, then durations [s]


def drawn(
    sources: Sequence[GroupCallers | OwnCallsOf | SpellsAway],
    streams: Iterator[Keys],
    runs: int,
    n_durations: int,
) -> Merged:
    """Draw the instants and durations of all sources, consuming the next streams."""
    if not sources:
        none, no_rows = np.empty(0, np.int64), np.zeros(runs + 1, np.int64)
        return Merged(no_rows, none, none, none, [np.empty(0)] * (1 + n_durations))
    parts, firsts = [], []
    for source in sources:
        columns, first = source.draw(streams, runs)
        parts.append(columns)
        firsts.append(first)
    if len(parts) == 1:
        [columns], [first] = parts, firsts
        run, nth = _numbered(first)
        return Merged(first, run, np.zeros(len(run), dtype=np.int64), nth, columns)
    return _merged(parts, firsts, runs, 1 + n_durations)


def _merged(
    parts: Sequence[Sequence[Floats]], firsts: Sequence[Ints], runs: int, n_columns: int
) -> Merged:
    """Merge the parts' rows by instant within each run."""
    columns = [np.concatenate([part[column] for part in parts]) for column in range(n_columns)]
    n, starts = len(columns[0]), np.cumsum([0, *(len(part[0]) for part in parts)])
    first = np.array(firsts, dtype=np.int64).reshape(len(parts), runs + 1)
    next_at = np.empty(len(parts))
    next_part, next_source = (np.empty(len(parts), dtype=np.int64) for _ in range(2))
    order, source, nth = (np.empty(n, dtype=np.int64) for _ in range(3))
    of_all = first + starts[:-1, np.newaxis]
    merge(columns[0], of_all, next_at, next_part, next_source, order, source, nth)
    first_of_all = first.sum(axis=0)
    run, _ = _numbered(first_of_all)
    return Merged(first_of_all, run, source, nth, [column[order] for column in columns])


def _numbered(first: Ints) -> tuple[Ints, Ints]:
    """Return the run of every row, and the number of the row in its run, from 0."""
    run, nth = (np.empty(int(first[-1]), dtype=np.int64) for _ in range(2))
    numbers(first, run, nth)
    return run, nth
