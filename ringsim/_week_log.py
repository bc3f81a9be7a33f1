"""Log of a week: the logs of its days, as data frames with a column `day`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ringsim._lazy import pd
from ringsim._log_arrays import OUTCOMES
from ringsim._sentences import counted
from ringsim.calllog import CallLog, LogFrames
from ringsim.errors import ConfigurationError
from ringsim.metrics import Layout, Observations
from ringsim.scenario import Scenario

__all__ = ["WeekLog", "first_day"]


class WeekLog(LogFrames):
    """Calls, rings, visits, own calls and pauses of one week, whose days are independent.

    Attributes
    ----------
    scenario : Scenario
        The scenario of the week.
    logs : tuple of CallLog
        The log of each day, in the order of the week.
    calls, rings, visits, own_calls, pauses : DataFrame
        The frames of `CallLog` for all days together, with one more column: `day`, the number
        of the day in the scenario's `days`, from 0. Times are seconds from the `opens_at` of
        that day. Calls are numbered through the week.

    Notes
    -----
    `on("mon")` returns the log of one day, in which calls are numbered from 0, for plots and
    audits.
    """

    def __init__(self, scenario: Scenario, logs: Sequence[CallLog]) -> None:
        expected = list(scenario.daily)
        if [log.scenario for log in logs] != expected:
            raise ConfigurationError(
                "logs", "must be one for each of the scenario's days", list(scenario.days)
            )
        self.scenario = scenario
        self.logs = tuple(logs)
        self.warm_up = self.logs[0].warm_up
        self._observed: Observations | None = None

    @property
    def calls(self) -> pd.DataFrame:
        """A row per call."""
        return self._together("calls")

    @property
    def rings(self) -> pd.DataFrame:
        """A row per phone that rang for a call."""
        return self._together("rings")

    @property
    def visits(self) -> pd.DataFrame:
        """A row per group that a call entered."""
        return self._together("visits")

    @property
    def own_calls(self) -> pd.DataFrame:
        """A row per own call of a person, taken or not."""
        return self._together("own_calls")

    @property
    def pauses(self) -> pd.DataFrame:
        """A row per automatic pause of a member."""
        return self._together("pauses")

    @property
    def has_declines(self) -> bool:
        """True if a ring was declined."""
        return any(log.has_declines for log in self.logs)

    def _together(self, name: str) -> pd.DataFrame:
        first = np.cumsum([0, *(len(log.arrays.calls) for log in self.logs)])
        frames = []
        for day, log in enumerate(self.logs):
            frame: pd.DataFrame = getattr(log, name)
            if "call" in frame:
                frame["call"] += first[day]
            frames.append(frame.assign(day=np.full(len(frame), day, dtype=np.int64)))
        return pd.concat(frames, ignore_index=True)

    def on(self, day: str) -> CallLog:
        """Return the log of one day.

        Raises
        ------
        ConfigurationError
            If it is not one of the scenario's `days`.
        """
        self.scenario.on(day)
        return self.logs[self.scenario.days.index(day)]

    def observed(self, layout: Layout) -> Observations:
        """Return the sums of the week for a layout; the last result is cached."""
        if self._observed is None or self._observed.layout != layout:
            daily = [log.observed(layout) for log in self.logs]
            self._observed = Observations.of_week(self.roster, daily)
        return self._observed

    @property
    def latest(self) -> float:
        """Last instant of arrival on any day [s]."""
        return max(log.latest for log in self.logs)

    def __repr__(self) -> str:
        outcome = np.concatenate([log.arrays.calls.outcome for log in self.logs])
        counts = (f"{int((outcome == code).sum()):,} {name}" for code, name in enumerate(OUTCOMES))
        return (
            f"<WeekLog of {counted(len(self.logs), 'day')}, {counted(len(outcome), 'call')}: "
            f"{', '.join(counts)}>"
        )


def first_day(log: CallLog | WeekLog) -> CallLog:
    """Return the log of the first day of a week; a log of one day unchanged."""
    return log.logs[0] if isinstance(log, WeekLog) else log
