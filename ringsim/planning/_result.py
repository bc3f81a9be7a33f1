"""Result of many replications of a scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

from ringsim._checks import is_integer
from ringsim._sentences import counted
from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.confidence import FEW_EVENTS, Estimate
from ringsim.dispatch import name_of
from ringsim.errors import ConfigurationError
from ringsim.metrics import (
    Layout,
    Observations,
    Tables,
    Thresholds,
    default_metrics,
)
from ringsim.planning._control import Floats, excess_talk_time, set_control
from ringsim.planning._html import as_html, estimates_table
from ringsim.planning._join import joined_logs, joined_observations
from ringsim.planning._playing import Job
from ringsim.planning._precision import Precision, half_width
from ringsim.planning._runner import Runner
from ringsim.planning._study import Study

__all__ = ["Result"]

MAX_CACHED = 4  # layouts whose observations are kept
CONTROLLED = (
    "Rates and means are corrected by how much more, or less, the callers of these days would "
    "have talked than is expected."
)


class Result(Tables):
    """Metrics of many replications of a scenario.

    Attributes
    ----------
    scenario : Scenario
        The simulated scenario.
    replications, seed : int
        Number of replications, and the seed of their random numbers. If the scenario has
        several `days`, each is a week; `on("mon")` is the result of one of its days.
    replication_numbers : sequence of int
        Number of each replication, in rising order: from 0 on, unless the study was split.
    warm_up : float
        Instant [s] of arrival from which calls count.
    dispatchers : dict of str to str
        Name of each group's strategy, or of the dispatcher that replaced it, by group number.
    logs : tuple of CallLog or WeekLog
        The log of every replication if `keep_logs` was set, else empty.
    until : Precision or None
        The precision asked for in place of a number of replications.
    reached : bool or None
        Whether that precision was reached; None if none was asked for.

    Notes
    -----
    A result holds the sums of each replication for the thresholds that it was made with: 20 s
    and 5 s by `simulate`, or those of `until`. For other thresholds, or intervals of arrival,
    all replications are played again, on threads of this process.
    """

    def __init__(
        self,
        study: Study,
        observations: Observations,
        *,
        spans: Sequence[range] = (),
        workers: int | None = None,
        logs: tuple[CallLog | WeekLog, ...] = (),
        until: Precision | None = None,
        reached: bool | None = None,
    ) -> None:
        self.study = study
        self.scenario = study.scenario
        self.seed = study.seed
        self.warm_up = study.warm_up
        self.replications = observations.replications
        self.spans = tuple(spans) or (range(self.replications),)
        self.dispatchers = {number: name_of(chosen) for number, chosen in study.dispatchers.items()}
        self.logs = logs
        self.until = until
        self.reached = reached
        self._observed = {observations.layout: self._with_control(observations)}
        self._runner = Runner(workers)
        self._workers = workers
        self._by_day: dict[str, Result] = {}

    def on(self, day: str) -> Result:
        """Return the result of one weekday: that of simulating `scenario.on(day)`.

        Raises
        ------
        ConfigurationError
            If it is not one of the scenario's `days`.
        """
        self.scenario.on(day)
        if not self.study.is_week:
            return self
        if day not in self._by_day:
            at = self.scenario.days.index(day)
            first, *more = (each.daily[at] for each in self._observed.values())
            logs = tuple(log.on(day) for log in self.logs if isinstance(log, WeekLog))
            found = Result(
                self.study.daily[at], first, spans=self.spans, workers=self._workers, logs=logs
            )
            found._observed |= {each.layout: each for each in more}
            self._by_day[day] = found
        return self._by_day[day]

    def observed(self, layout: Layout) -> Observations:
        """Return the sums of all replications in a layout; play them again if it is new."""
        if layout not in self._observed:
            played = self._runner.play([Job(self.study, layout, span) for span in self.spans])
            if len(self._observed) >= MAX_CACHED:
                del self._observed[list(self._observed)[1]]
            joined = Observations.joined([each.observations for each in played])
            self._observed[layout] = self._with_control(joined)
        return self._observed[layout]

    @cached_property
    def _excess_talk_time(self) -> Floats:
        return excess_talk_time(self.study, self.spans)

    def _with_control(self, observations: Observations) -> Observations:
        if self.study.control and observations.excess_talk_time is None:
            set_control(observations, self._excess_talk_time)
        return observations

    @classmethod
    def join(cls, *results: Result) -> Result:
        """Return the result of all replications of parts of one study.

        Parameters
        ----------
        *results : Result
            Results of `simulate` with the same scenario, seed, dispatchers and warm-up, and
            with different `first_replication`, in any order. Each may be the result of an
            earlier join.

        Returns
        -------
        Result
            The same, bit for bit, as the result of one run of all their replications. It has
            logs if all parts have them, and no `until`.

        Raises
        ------
        ConfigurationError
            If there are no results, or they belong to different studies or share replications.

        Examples
        --------
        See `simulate`.
        """
        observations, spans = joined_observations(results)
        logs = joined_logs(results) if all(result.logs for result in results) else ()
        joined = cls(results[0].study, observations[0], spans=spans, logs=logs)
        joined._observed |= {each.layout: joined._with_control(each) for each in observations}
        return joined

    @property
    def cached_layouts(self) -> list[Layout]:
        """Layouts whose sums are kept, the first one first."""
        return list(self._observed)

    @property
    def replication_numbers(self) -> Sequence[int]:
        """Number of each replication, in rising order."""
        one = len(self.spans) == 1
        return self.spans[0] if one else tuple(chain.from_iterable(self.spans))

    @property
    def latest(self) -> float:
        """Latest given instant of a call [s]; 0 if no instants are given."""
        return self.study.latest

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the precision reached, on unknown fields of the scenario, and on assumptions."""
        own = (self.note,) if self.note else ()
        corrected = (CONTROLLED,) if self.study.control else ()
        return (*own, *corrected, *self.scenario.notes, *self.scenario.assumptions)

    @property
    def note(self) -> str:
        """A sentence on the precision reached; empty if none was asked for."""
        if self.until is None:
            return ""
        asked = self.until
        found = self.figure(asked.metric, asked.group, asked.question).estimate(asked.level)
        wanted = f"{asked.half_width:g}{' of it' if asked.relative else ''}"
        days = counted(self.replications, "replication")
        if math.isnan(found.estimate):
            return (
                f"{asked.metric} did not reach a half width of {wanted} in {days}: it has no value"
            )
        return (
            f"{asked.metric} {'reached' if self.reached else 'did not reach'} a half width of "
            f"{wanted} in {days}: {found.estimate:.4g}, "
            f"half width {half_width(found):.3g}"
            f"{'' if self.reached or found.is_trusted else f', {FEW_EVENTS}'}"
        )

    def replay(self, replication: int) -> CallLog | WeekLog:
        """Play one replication again and return its log: that of a week for several `days`.

        Parameters
        ----------
        replication : int
            Number of the replication, one of `replication_numbers`: from 0, unless the study
            was split.

        Raises
        ------
        ConfigurationError
            If there is no such replication.
        """
        if not is_integer(replication) or replication not in self.replication_numbers:
            played = " or ".join(f"{span[0]} to {span[-1]}" for span in self.spans)
            raise ConfigurationError(
                "replication", f"must be a whole number from {played}", replication
            )
        return self.study.replay(int(replication))

    def _repr_html_(self) -> str:
        observed = next(iter(self._observed))
        thresholds = Thresholds(within=observed.within, short=observed.short)
        numbers = self.scenario.group_numbers
        columns = {} if len(numbers) == 1 else {"all calls": self._estimates(None, thresholds)}
        columns |= {number: self._estimates(number, thresholds) for number in numbers}
        days = counted(self.replications, "replication")
        heading = (
            f"{self.scenario.name or 'Scenario'}: {days}, seed {self.seed}; "
            f"service level within {thresholds.within:g} s{self._shortfall}"
        )
        return as_html(heading, [estimates_table(columns)])

    def _estimates(self, group: str | None, thresholds: Thresholds) -> dict[str, Estimate]:
        return {
            name: self.figure(name, group, thresholds).estimate(thresholds.level)
            for name in self._default_metrics(group)
        }

    def _default_metrics(self, group: str | None) -> tuple[str, ...]:
        return default_metrics(self.scenario, group, counts_callers=self.counts_callers)

    @property
    def counts_callers(self) -> bool:
        """True if callers may try again, so that tables have metrics of callers, too."""
        return self.study.counts_callers

    def __repr__(self) -> str:
        offered = next(iter(self._observed.values())).waits.n
        days, calls = counted(self.replications, "replication"), counted(offered, "call")
        return f"<Result of {days}, {calls}, seed {self.seed}{self._shortfall}>"

    @property
    def _shortfall(self) -> str:
        """Note after a semicolon if the precision was not reached, and otherwise nothing."""
        return f"; {self.note}" if self.until is not None and not self.reached else ""
