"""Tables of real days: calls, rings, visits, own calls, hours of duty, and the days."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ringsim._log_arrays import OUTCOMES, Borders, LogArrays
from ringsim.calllog import CallLog
from ringsim.records._duty import DutyRecord
from ringsim.records._tables import day_of_rows
from ringsim.scenario import WEEKDAYS, Scenario

__all__ = ["RecordFrames", "weekday_numbers"]


def weekday_numbers(dates: Any) -> Any:
    """Return the weekday of a date, or of each of several: 0 for Monday."""
    return (dates.astype(np.int64) + 3) % 7  # day 0 of datetime64 is a Thursday


class RecordFrames:
    """Real days as tables; each row has the number and the date of its day."""

    scenario: Scenario
    arrays: LogArrays
    borders: Borders
    dates: NDArray[np.datetime64]
    duty_record: DutyRecord

    @property
    def n_days(self) -> int:
        """Number of days."""
        return len(self.dates)

    @cached_property
    def _log(self) -> CallLog:
        return CallLog(self.scenario, self.arrays)

    @property
    def calls(self) -> pd.DataFrame:
        """A row per call."""
        return self._dated(self._log.calls, self.borders.calls)

    @property
    def rings(self) -> pd.DataFrame:
        """A row per phone that rang for a call."""
        return self._dated(self._log.rings, self.borders.rings)

    @property
    def visits(self) -> pd.DataFrame:
        """A row per call: each enters the group once."""
        return self._dated(self._log.visits, self.borders.visits)

    @property
    def own_calls(self) -> pd.DataFrame:
        """A row per call of a member outside the group."""
        return self._dated(self._log.own_calls, self.borders.own_calls)

    @property
    def duty(self) -> pd.DataFrame:
        """A row per recorded spell of a member on duty, or paused."""
        frame = self.duty_record.frame
        date = self.dates[frame["day"].to_numpy(dtype=np.int64)].astype("datetime64[s]")
        return frame.assign(date=date)

    def _dated(self, frame: pd.DataFrame, borders: np.ndarray[Any, Any]) -> pd.DataFrame:
        day = day_of_rows(borders)
        return frame.assign(day=day, date=self.dates[day].astype("datetime64[s]"))

    @property
    def days(self) -> pd.DataFrame:
        """A row per day, with its date, weekday and numbers of calls."""
        outcome = self.arrays.calls.outcome
        day = day_of_rows(self.borders.calls)
        counts = {
            name: np.bincount(day[outcome == code], minlength=self.n_days)
            for code, name in enumerate(OUTCOMES)
        }
        return pd.DataFrame(
            {
                "day": np.arange(self.n_days, dtype=np.int64),
                "date": self.dates.astype("datetime64[s]"),
                "weekday": list(self.weekday_of_days),
                "offered": np.diff(self.borders.calls),
                **counts,
            }
        )

    @property
    def weekday_of_days(self) -> tuple[str, ...]:
        """Weekday of each day, such as `mon`."""
        return tuple(WEEKDAYS[number] for number in weekday_numbers(self.dates))

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Weekdays that occur, in the order of the week."""
        return tuple(sorted(set(self.weekday_of_days), key=WEEKDAYS.index))
