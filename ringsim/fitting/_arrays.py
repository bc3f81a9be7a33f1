"""Records as arrays for the estimators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ringsim.estimators import Exposure, Talks, exposure

if TYPE_CHECKING:
    from ringsim.group import RingGroup
    from ringsim.records import Records

__all__ = ["RecordArrays", "arrays_of"]

FINE = 0.1  # resolution of the likelihood if the records have exact times [s]


@dataclass(frozen=True)
class RecordArrays:
    """Columns of the records of one group, with people as codes of `people`.

    Rows of other people are left out.
    """

    records: Records
    people: tuple[str, ...]
    of_weekdays: bool = True  # whether weekdays may be told apart

    @property
    def n_days(self) -> int:
        return self.records.n_days

    @property
    def end(self) -> float:
        """Length of a day [s]."""
        return float(self.records.scenario.hours) * 3600

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Weekdays that can be told apart: those of the records, if each occurs twice or more."""
        names = self.records.weekday_of_days
        found = self.records.weekdays
        are_known = self.of_weekdays and len(found) > 1 and min(map(names.count, found)) > 1
        return found if are_known else ()

    @cached_property
    def weekday(self) -> NDArray[np.int64]:
        """Index of the weekday of each day."""
        found = self.records.weekdays
        return np.array([found.index(name) for name in self.records.weekday_of_days], np.int64)

    @cached_property
    def calls(self) -> pd.DataFrame:
        return self.records.calls

    @cached_property
    def clock(self) -> float:
        """Resolution of the times [s]: that of the records, else 1 s if all waits are whole."""
        if self.records.clock > 0:
            return max(self.records.clock, FINE)
        wait = self.wait
        return 1.0 if len(wait) and (wait == np.round(wait)).all() else FINE

    @cached_property
    def wait(self) -> NDArray[np.float64]:
        return self._floats(self.calls["wait"])

    @cached_property
    def gave_up(self) -> NDArray[np.bool_]:
        return (self.calls["outcome"] == "abandoned").to_numpy(dtype=bool)

    @cached_property
    def day(self) -> NDArray[np.int64]:
        return self.calls["day"].to_numpy(dtype=np.int64)

    @cached_property
    def arrives_at(self) -> NDArray[np.float64]:
        return self._floats(self.calls["arrives_at"])

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Answered calls of known length: `day, member, start, end`, `member` -1 for others."""
        calls = self.calls
        some = calls[
            (calls["outcome"] == "answered").to_numpy(dtype=bool)
            & calls["talk_time"].notna().to_numpy(dtype=bool)
        ]
        start = self._floats(some["arrives_at"]) + self._floats(some["wait"])
        return pd.DataFrame(
            {
                "day": some["day"].to_numpy(dtype=np.int64),
                "member": self._codes(some["answered_by"]),
                "start": start,
                "end": start + self._floats(some["talk_time"]),
            }
        )

    @cached_property
    def own(self) -> pd.DataFrame:
        """Own calls that took place: `day, member, start, end`."""
        frame = self.records.own_calls
        frame = frame[frame["taken"].to_numpy(dtype=bool)]
        start = self._floats(frame["started_at"])
        return _known(
            pd.DataFrame(
                {
                    "day": frame["day"].to_numpy(dtype=np.int64),
                    "member": self._codes(frame["extension"]),
                    "start": start,
                    "end": start + self._floats(frame["talk_time"]),
                }
            )
        )

    @cached_property
    def rings(self) -> pd.DataFrame:
        """Rings: `call, day, member, start, end, answered, timed_out`."""
        frame = self.records.rings
        result = frame["result"]
        return _known(
            pd.DataFrame(
                {
                    "call": frame["call"].to_numpy(dtype=np.int64),
                    "day": frame["day"].to_numpy(dtype=np.int64),
                    "member": self._codes(frame["member"]),
                    "start": self._floats(frame["started_at"]),
                    "end": self._floats(frame["ended_at"]),
                    "answered": (result == "answered").to_numpy(dtype=bool),
                    "timed_out": (result == "ring_no_answer").to_numpy(dtype=bool),
                }
            )
        )

    @cached_property
    def exposure(self) -> Exposure:
        """Exposure of people to rings."""
        rings = self.rings
        return exposure(
            *(rings[name].to_numpy() for name in ("day", "member", "start", "end", "answered")),
            talks=talks_of(_known(self.answers)),
            own=talks_of(self.own),
        )

    def _codes(self, numbers: Any) -> NDArray[np.int64]:
        return pd.Index(self.people).get_indexer(numbers.astype(object).to_numpy())

    @staticmethod
    def _floats(column: Any) -> NDArray[np.float64]:
        values: NDArray[np.float64] = column.to_numpy(dtype=np.float64)
        return values


def talks_of(frame: pd.DataFrame) -> Talks:
    """Return a table of calls of people in the form that `exposure` takes."""
    return Talks(*(frame[name].to_numpy() for name in Talks._fields))


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of people whose code is known."""
    return frame[frame["member"].to_numpy() >= 0].reset_index(drop=True)


def arrays_of(records: Records, group: RingGroup) -> RecordArrays:
    """Return the arrays of records, with the members of a group as its people."""
    return RecordArrays(records, tuple(member.extension_number for member in group.members))
