"""Real days as workloads: the callers of a day, to be played with other rules or people.

What the records show is kept: arrivals, talk times, own calls, when somebody gave up, and how soon
each ring was answered. What they hide is drawn from the scenario, conditional on what was seen:
whoever waited 40 s has more patience than that, and a phone that rang 12 s in vain would not have
been answered within 12 s.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from ringsim._checks import is_integer
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.records._aligned import within_hours
from ringsim.records._extract import Floats
from ringsim.records._records import Records
from ringsim.records._tables import rows_of
from ringsim.scenario import Demand, Scenario
from ringsim.workload import Workload

__all__ = ["workload"]

MOST_TRIES: Final = 200  # draws until one agrees with what was seen


def workload(records: Records, scenario: Scenario, *, day: int = 0, seed: int = 0) -> Workload:
    """Return the callers of a real day, for `play`, `simulate` and `compare`.

    Parameters
    ----------
    records : Records
        Real days.
    scenario : Scenario
        Patience, wrap-up and people's answer delays, from which hidden values are drawn; its
        demand for the group must be given, and its rates are ignored. If it has `days`, the
        day's weekday must be one of them: play the workload with `scenario.on(weekday)`.
    day : int, default 0
        Number of the day.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    Workload
        One call per call of the day, all to the group, at the same time of day: seconds count from
        the `opens_at` of the scenario. Calls outside its hours are left out. If either has no
        `opens_at`, both are taken to open at the same time.

    Raises
    ------
    ConfigurationError
        If there is no such day, no call of it lies within the hours of the scenario, or the
        scenario lacks the group or its demand.

    Notes
    -----
    The day of a date is in `records.days`. A day happened once, but what it hides can be drawn many
    times: `compare(scenario, workload=[records.workload(scenario, day=3, seed=seed) for seed in
    range(50)])` has intervals that show how much the answer depends on that.

    Each hidden value is the first of a row of independent draws that agrees with what was seen,
    so that its distribution is the conditional one. If none of 200 agrees, the patience ends with
    the wait that was seen, and the phone is never answered.
    """
    records = records.only([day])
    if not is_integer(seed) or seed < 0:
        raise ConfigurationError("seed", "must be a whole number, at least 0", seed)
    scenario = records.scenarios(scenario)[0]
    scenario.group(records.group)
    demand = scenario.demand.get(records.group)
    if demand is None:
        raise ConfigurationError(
            f"demand.{records.group}", "must be given: patience and wrap-up are drawn from it"
        )
    log = within_hours(records, scenario).log(0)
    calls = log.calls
    if not len(calls):
        raise ConfigurationError(
            "day", "must have a call within the hours of the scenario", str(records.dates[0])
        )
    draws = _Draws(scenario, records.group, demand, calls["arrives_at"].tolist(), seed)
    answered = (calls["outcome"] == "answered").to_numpy()
    gave_up = (calls["outcome"] == "abandoned").to_numpy()
    talk_time = draws.first("talk_time", lambda drawn: np.ones(len(drawn), bool))
    known_talk = answered & (calls["talk_time"].to_numpy() > 0)
    wait = calls["wait"].to_numpy()
    patience = draws.first("patience", lambda drawn: drawn >= wait)
    patience = np.where(np.isnan(patience), wait, patience)
    own = log.own_calls
    return Workload(
        arrives_at=calls["arrives_at"].to_numpy(),
        talk_time=np.where(known_talk, calls["talk_time"].to_numpy(), talk_time),
        wrap_up_time=draws.first("wrap_up_time", lambda drawn: np.ones(len(drawn), bool)),
        patience=np.where(gave_up, wait, patience),
        group=records.group,
        answer_delay=_answer_delays(log, records.group, scenario, draws),
        own_calls=[
            (float(row.started_at), str(row.extension), float(row.talk_time))
            for row in rows_of(own)
        ],
    )


class _Draws:
    """Workloads of the same arrivals, drawn one after another when they are needed."""

    def __init__(
        self, scenario: Scenario, group: str, demand: Demand, arrives_at: list[float], seed: int
    ) -> None:
        fields = {name: getattr(demand, name) for name in ("talk_time", "wrap_up_time", "patience")}
        callers = Demand(arrives_at=arrives_at, **fields)
        people = [each.replace(own_calls=None) for each in scenario.extensions]
        self._scenario = scenario.replace(demand={group: callers}, extensions=people)
        self._seed = seed
        self._n = len(arrives_at)
        self._drawn: list[Workload] = []

    def at(self, number: int) -> Workload:
        """Return one of the workloads, by its number from 0."""
        while len(self._drawn) <= number:
            new = Workload.draw(self._scenario, self._seed, len(self._drawn))
            self._drawn.append(new)
        return self._drawn[number]

    def first(self, name: str, agrees: Callable[[Any], Any]) -> Any:
        """Return for each call the first draw of a column that agrees, NaN if none does."""
        found = np.full(self._n, np.nan)
        for number in range(MOST_TRIES):
            missing = np.isnan(found)
            if not missing.any():
                break
            drawn = getattr(self.at(number), name)
            found = np.where(missing & agrees(drawn), drawn, found)
        return found

    def delays(self, extension: str, ring: int, longer_than: Floats) -> Floats:
        """Return for each call the first answer delay [s] that is longer; infinity if none is."""
        found = np.full(self._n, math.inf)
        missing = np.arange(self._n)
        for number in range(MOST_TRIES):
            if not len(missing):
                break
            delay_of = self.at(number).phones.answer_delay_of(extension)
            drawn = np.array([delay_of(call, ring) for call in missing.tolist()])
            agrees = drawn > longer_than[missing]
            found[missing[agrees]] = drawn[agrees]
            missing = missing[~agrees]
        return found


def _answer_delays(
    log: CallLog, group: str, scenario: Scenario, draws: _Draws
) -> dict[str, Floats]:
    """Return the delays of every member by call and ring: those seen, and one ring more."""
    rings, calls = log.rings, log.calls
    call, member = rings["call"].to_numpy(np.int64), rings["member"].to_numpy(object)
    nth = rings.groupby(["call", "member"], observed=True).cumcount().to_numpy(np.int64)
    length = (rings["ended_at"] - rings["started_at"]).to_numpy(np.float64)
    won = (rings["result"] == "answered").to_numpy(np.bool_)
    shape = (len(calls), 2 + int(nth.max(initial=-1)))
    answered_by = calls["answered_by"].to_numpy(object)
    delays = {}
    for number in (each.extension_number for each in scenario.group(group).members):
        mine = member == number
        longer_than, seen = np.full(shape, -1.0), np.full(shape, np.nan)
        longer_than[call[mine], nth[mine]] = length[mine]
        seen[call[mine & won], nth[mine & won]] = length[mine & won]
        unrecorded = (answered_by == number) & (longer_than[:, 0] < 0)
        seen[unrecorded, 0] = calls["wait"].to_numpy()[unrecorded]
        longer_than[~np.isnan(seen)] = -1.0
        drawn = [draws.delays(number, ring, after) for ring, after in enumerate(longer_than.T)]
        delays[number] = np.where(np.isnan(seen), np.transpose(drawn), seen)
    return delays
