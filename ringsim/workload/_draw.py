"""Drawing of workloads: prepares a scenario once and draws any number of replications."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringsim.scenario import Scenario, check_scenario
from ringsim.workload._arrivals import checked_expected
from ringsim.workload._batch import Batch, Called, Ints, OwnCalls, Replications, sealed
from ringsim.workload._call_sources import GroupCallers, OwnCallsOf, SpellsAway, drawn
from ringsim.workload._keys import keys, seed_of_day
from ringsim.workload._phones import DrawnPhones, PhoneSampler
from ringsim.workload._redials import RedialSampler

__all__ = ["MOST_CALLS", "Sampler"]

MOST_TOGETHER = 256  # replications
FEW_PEOPLE = 64  # with more people, their rings for a call take more memory than the call
KEYS_AS_A_CALL = 4  # keys that take about as much memory as a call

MOST_CALLS = 10_000_000  # default limit of the expected calls of one drawn workload


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
        self._callers = [GroupCallers(scenario, number) for number in self._numbers]
        own = {
            person.extension_number: person.own_calls
            for person in scenario.extensions
            if person.own_calls is not None
        }
        self._people = tuple(sorted(own))
        self._own = [OwnCallsOf(own[number], scenario.hours, number) for number in self._people]
        away = {
            person.extension_number: SpellsAway(
                person.away, scenario.hours, person.extension_number
            )
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
        calls = drawn(self._callers, streams, runs, len(GroupCallers.quantities))
        own = drawn(self._own, streams, runs, len(OwnCallsOf.quantities))
        away = drawn(self._away, streams, runs, 1)
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
