"""Drawing of workloads: prepares a scenario once and draws any number of replications."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ringsim.scenario import Away, Demand, Scenario, check_scenario
from ringsim.workload._arrivals import Arrivals, Busyness, Durations, Keys, checked_expected
from ringsim.workload._batch import Batch, Called, Floats, Ints, OwnCalls, Replications, sealed
from ringsim.workload._jit_draws import merge, numbers
from ringsim.workload._keys import keys, seed_of_day, subject
from ringsim.workload._phones import DrawnPhones, PhoneSampler
from ringsim.workload._redials import RedialSampler

__all__ = ["MOST_CALLS", "Sampler", "answer_alike", "draw_alike"]

MOST_TOGETHER = 256  # replications
FEW_PEOPLE = 64  # with more people, their rings for a call take more memory than the call
KEYS_AS_A_CALL = 4  # keys that take about as much memory as a call

MOST_CALLS = 10_000_000  # default limit of the expected calls of one drawn workload


class _Source:
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


class _Caller(_Source):
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


class _Own(_Source):
    """The own calls of one person: arrivals and talk times."""

    quantities = ("talk_time",)

    def __init__(self, demand: Demand, hours: float, number: str) -> None:
        self.arrivals = Arrivals(demand, hours)
        self.busyness = Busyness(demand.busyness) if demand.busyness else None
        self.durations = [Durations(demand.talk_time, f"{number}.own_calls.talk_time")]
        self.subjects = [subject("own_arrival", number), subject("own_talk_time", number)]
        if self.busyness:
            self.subjects.insert(0, subject("own_busyness", number))


class _Spells:
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


class _Merged(NamedTuple):
    """Calls of several sources, sorted by instant within each replication."""

    first: Ints
    run: Ints
    source: Ints
    nth: Ints  # number of the call among those of its source in its run, from 0
    columns: list[Floats]  # instants, then durations [s]


class Sampler:
    """A scenario prepared for drawing replications.

    Parameters
    ----------
    scenario : Scenario
        Its demand and people determine the distributions.
    max_calls : float, default 10 million
        Limit of the expected number of calls.

    Attributes
    ----------
    expected_calls : float
        Expected number of calls of one replication, own calls included.

    Raises
    ------
    ConfigurationError
        If more than `max_calls` are expected, or the scenario has several days. Nothing is
        drawn before this check.
    """

    def __init__(self, scenario: Scenario, max_calls: float = MOST_CALLS) -> None:
        check_scenario(scenario)
        scenario = scenario.one_day
        self._days = scenario.days
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
        away = {
            person.extension_number: _Spells(person.away, scenario.hours, person.extension_number)
            for person in scenario.extensions
            if person.away is not None
        }
        self._absent = tuple(sorted(away))
        self._away = [away[number] for number in self._absent]
        self._habits = PhoneSampler(scenario, self._numbers)
        declines = any(person.decline_probability > 0 for person in scenario.extensions)
        self._declines = PhoneSampler(scenario, self._numbers, "decline") if declines else None
        self._redials = RedialSampler(scenario, self._numbers) if scenario.redials else None
        self._subjects = (
            *(each for caller in self._callers for each in caller.subjects),
            *(each for own in self._own for each in own.subjects),
            *(each for away in self._away for each in away.subjects),
        )

    def together(self, calls: int) -> int:
        """Return the number of replications to draw in one batch of about `calls` calls.

        The number is smaller with many people, each of whom has keys and may ring for every
        call. It is 1 if answer delays must be evaluated beforehand for all rings of all calls.
        """
        sources = (self._habits, self._declines, self._redials)
        if not all(source.are_fast for source in sources if source):
            return 1
        people = len(self._habits.scenario.extension_numbers)
        keyed = people * len(self._numbers) / KEYS_AS_A_CALL
        each = max(self.expected_calls, 1) * max(people / FEW_PEOPLE, 1) + keyed
        return min(max(1, int(calls / each)), MOST_TOGETHER)

    def draw(self, seed: int, replications: Replications) -> Batch:
        """Draw replications; calls are sorted by instant of arrival, then by group number."""
        seed = seed_of_day(seed, self._days)
        runs = len(replications)
        by_stream = keys(seed, replications, self._subjects).swapaxes(0, 1)
        streams = iter(np.ascontiguousarray(by_stream))
        calls = _drawn(self._callers, streams, runs, len(_Caller.quantities))
        own = _drawn(self._own, streams, runs, len(_Own.quantities))
        away = _drawn(self._away, streams, runs, 1)
        arrives_at, talk_time, wrap_up_time, patience = calls.columns
        own_at, own_talk_time = own.columns
        away_at, away_lasting = map(sealed, away.columns)
        key_row = calls.run * len(self._numbers) + calls.source
        phones, declines = self._phones(seed, replications, key_row, calls.nth)
        return Batch(
            first=calls.first,
            first_own=own.first,
            arrives_at=arrives_at,
            talk_time=talk_time,
            wrap_up_time=wrap_up_time,
            patience=patience,
            called=Called(self._numbers, calls.source.astype(np.int32)),
            own_calls=OwnCalls(own_at, self._people, own.source.astype(np.int32), own_talk_time),
            phones=phones,
            declines=declines,
            redials=None
            if self._redials is None
            else self._redials.draw(seed, replications, key_row, calls.nth),
            priority=None,
            max_wait_time=None,
            order=np.arange(len(arrives_at)),
            own_order=np.arange(len(own_at)),
            away=OwnCalls(away_at, self._absent, away.source.astype(np.int32), away_lasting),
            first_away=away.first,
        )

    def with_own_phones(self, batch: Batch, seed: int, replications: Replications) -> Batch:
        """Return calls that another sampler drew, with the phones of this scenario's people.

        The scenarios must `draw_alike`. The result is what `draw` returns.
        """
        seed = seed_of_day(seed, self._days)
        phones, declines = self._phones(seed, replications, *batch.phones.places)
        return replace(batch, phones=phones, declines=declines)

    def _phones(
        self, seed: int, replications: Replications, key_row: Ints, nth: Ints
    ) -> tuple[DrawnPhones, DrawnPhones | None]:
        """Return the sources of answers, and of declines if anybody declines."""
        drawn_by = (seed, replications, key_row, nth)
        declines = None if self._declines is None else DrawnPhones(self._declines, *drawn_by)
        return DrawnPhones(self._habits, *drawn_by), declines


def draw_alike(one: Scenario, other: Scenario) -> bool:
    """Return True if two scenarios draw the same calls under the same seed.

    Their groups, people and answer behaviour may differ, but not their hours, their demand, or
    the own calls and spells away of anybody. Records of demand are compared by identity: those
    that a change of a scenario left alone are kept.
    """
    mine, theirs = one.demand, other.demand
    return (
        (one.hours, one.days, one.shared_busyness)
        == (other.hours, other.days, other.shared_busyness)
        and mine.keys() == theirs.keys()
        and all(mine[number] is theirs[number] for number in mine)
        and _away_from_groups(one) == _away_from_groups(other)
    )


def answer_alike(one: Scenario, other: Scenario) -> bool:
    """Return True if two scenarios have the same records of people, by identity."""
    same_number = len(one.extensions) == len(other.extensions)
    return same_number and all(map(operator.is_, one.extensions, other.extensions))


def _away_from_groups(scenario: Scenario) -> dict[str, tuple[Demand | None, Away | None]]:
    """Return the own calls and spells away of the people who have some, by their number."""
    return {
        person.extension_number: (person.own_calls, person.away)
        for person in scenario.extensions
        if person.own_calls is not None or person.away is not None
    }


def _drawn(
    sources: Sequence[_Caller | _Own | _Spells],
    streams: Iterator[Keys],
    runs: int,
    n_durations: int,
) -> _Merged:
    """Draw the instants and durations of all sources, consuming the next streams."""
    if not sources:
        none, no_rows = np.empty(0, np.int64), np.zeros(runs + 1, np.int64)
        return _Merged(no_rows, none, none, none, [np.empty(0)] * (1 + n_durations))
    parts, firsts = [], []
    for source in sources:
        columns, first = source.draw(streams, runs)
        parts.append(columns)
        firsts.append(first)
    if len(parts) == 1:
        [columns], [first] = parts, firsts
        run, nth = _numbered(first)
        return _Merged(first, run, np.zeros(len(run), dtype=np.int64), nth, columns)
    return _merged(parts, firsts, runs, 1 + n_durations)


def _merged(
    parts: Sequence[Sequence[Floats]], firsts: Sequence[Ints], runs: int, n_columns: int
) -> _Merged:
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
    return _Merged(first_of_all, run, source, nth, [column[order] for column in columns])


def _numbered(first: Ints) -> tuple[Ints, Ints]:
    """Return the run of every row, and the number of the row in its run, from 0."""
    run, nth = (np.empty(int(first[-1]), dtype=np.int64) for _ in range(2))
    numbers(first, run, nth)
    return run, nth
