"""Tables of metrics of real days, without the figures that records cannot show."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from ringsim._log_arrays import ANSWERED, LogArrays
from ringsim.metrics import Layout, Observations, Observer, Roster, Tables
from ringsim.records._frames import RecordFrames
from ringsim.records._unknown_metrics import time_on_duty, unknown_metrics, unknown_of_members

__all__ = ["RecordTables"]

BOUNDS: Final = ("", "_low", "_high")  # columns of a metric


class RecordTables(RecordFrames, Tables):
    """Tables of real days: those of their calls, and those of their metrics.

    A day is one replication. Metrics that the records cannot show are NaN.
    """

    grade: str
    rings_are_worked_out: bool
    all_days = "all"  # a replication is a day here, not a week
    _observed: Observations | None = None

    @cached_property
    def roster(self) -> Roster:
        """Group, members and their mean time on duty, which counts as always if not recorded."""
        always = 3600 * float(self.scenario.hours)
        people = self.scenario.extension_numbers
        hours = time_on_duty(self.duty_record, people, self.n_days, always)
        return Roster(self.scenario, of_real_days=True, time_on_duty=hours)

    @property
    def member_numbers(self) -> tuple[str, ...]:
        """Numbers of the members, in the configured order if that is known."""
        return tuple(member.extension_number for member in self.scenario.groups[0].members)

    @property
    def rings_are_complete(self) -> bool:
        """True if every ring is known, recorded or worked out."""
        return self.grade == "A" or self.rings_are_worked_out

    @property
    def latest(self) -> float:
        """Last instant of arrival on any day [s]."""
        return float(self.arrays.calls.arrives_at.max(initial=0.0))

    @cached_property
    def _played(self) -> LogArrays:
        """Arrays with 0 for unknown talk and wrap-up and infinity for unknown patience."""
        calls = self.arrays.calls
        unknown = (calls.outcome == ANSWERED) & np.isnan(calls.talk_time)
        calls = replace(
            calls,
            talk_time=np.where(unknown, 0.0, calls.talk_time),
            wrap_up_time=np.nan_to_num(calls.wrap_up_time, nan=0.0),
            patience=np.where(np.isnan(calls.patience), np.inf, calls.patience),
        )
        return replace(self.arrays, calls=calls)

    def observed(self, layout: Layout) -> Observations:
        """Return the sums of the days for a layout; the last result is cached."""
        if self._observed is None or self._observed.layout != layout:
            observer = Observer(self.roster, layout, self.n_days)
            observer.add(self._played, self.borders)
            self._observed = observer.observations()
        return self._observed

    def summary(self, *args: Any, **kwargs: Any) -> pd.DataFrame:
        """Return the table of `Result.summary`, with a day as one replication.

        Metrics that the records cannot show are NaN, with the reason in `note`.
        """
        table = super().summary(*args, **kwargs)
        for name, why in self._unknown().items():
            table.loc[name, ["estimate", "low", "high"]] = np.nan
            table.loc[name, "note"] = why
        return table

    def by_day(self, *args: Any, **kwargs: Any) -> pd.DataFrame:
        """Return the table of `Result.by_day`: a row for each weekday that occurs, then `all`.

        A day is one replication, so that `all` is the mean of all days.
        """
        table = super().by_day(*args, **kwargs)
        table[[name + bound for name in self._unknown() for bound in BOUNDS]] = np.nan
        return table

    def _unknown(self) -> dict[str, str]:
        """Return the metrics that the records cannot show, each with the reason."""
        return unknown_metrics(
            self.grade,
            all_rings=self.rings_are_complete,
            all_hours=set(self.member_numbers) <= set(self.duty_record.signing),
        )

    def members(self, *, day: str | None = None, level: float = 0.95) -> pd.DataFrame:
        """Return the table of `Result.members`, with a day as one replication.

        Metrics that the records cannot show are NaN: those that need rings or hours on duty that
        are not recorded, and those of wrap-up, which no phone system records.
        """
        table = super().members(day=day, level=level)
        for row in table.index:
            unknown = unknown_of_members(
                self.grade,
                all_rings=self.rings_are_complete,
                has_hours=row[1] in self.duty_record.signing,
            )
            table.loc[row, [name + bound for name in unknown for bound in BOUNDS]] = np.nan
        return table
