"""Arrays of a call log, which engines write and metrics read.

`LogArrays`
    Four tables of columns: calls, rings, visits and own calls; and, if there are any, lines,
    pauses and attempts.
`Borders`
    The first row of each run, in tables that hold several runs.
`OUTCOMES`, `ACTIONS`, `RESULTS`
    Names of the codes in the columns; the code -1 means none.

Columns refer to groups and extensions by their index in `groups` and `extensions`. Rows are
ordered by call: its visits as it entered them, its rings as they ended, and rings that one event
ends in the configured order. Own calls are ordered as in the workload.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ACTIONS",
    "OUTCOMES",
    "RESULTS",
    "AttemptArrays",
    "Borders",
    "CallArrays",
    "Floats",
    "Ints",
    "LineArrays",
    "LogArrays",
    "OwnCallArrays",
    "PauseArrays",
    "RingArrays",
    "VisitArrays",
]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]

OUTCOMES: Final = ("answered", "abandoned", "overflowed")
ANSWERED, ABANDONED, OVERFLOWED = range(3)

ACTIONS: Final = ("HANGUP", "FORWARD_TO_VOICEMAIL", "FORWARD_TO_NUMBER", "LOOP")
HANGUP, FORWARD_TO_VOICEMAIL, FORWARD_TO_NUMBER, LOOP = range(4)

RESULTS: Final = (
    "answered",
    "ring_no_answer",
    "answered_elsewhere",
    "caller_gave_up",
    "paged",
    "declined",
)
RING_ANSWERED, RING_NO_ANSWER, ANSWERED_ELSEWHERE, CALLER_GAVE_UP, PAGED, DECLINED = range(6)

NOBODY: Final = -1
NO_ACTION: Final = -1
NO_LINE: Final = -1  # a visit to a group without a line
EVERY_GROUP: Final = -1  # a pause that counts in all groups of a person


@dataclass(frozen=True)
class CallArrays:
    """One row per call."""

    group: Ints
    arrives_at: Floats
    outcome: Ints
    wait: Floats
    answered_by: Ints
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    n_rings: Ints
    ended_in: Ints
    action: Ints

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True)
class AttemptArrays:
    """One row per call of a run in which callers may try again."""

    caller: Ints  # first attempt of the caller, counted from the first row of its run
    attempt: Ints  # from 1

    def __len__(self) -> int:
        return len(self.caller)


@dataclass(frozen=True)
class RingArrays:
    """One row per phone that rang for a call."""

    call: Ints
    group: Ints
    member: Ints
    started_at: Floats
    ended_at: Floats
    result: Ints

    def __len__(self) -> int:
        return len(self.call)


@dataclass(frozen=True)
class VisitArrays:
    """One row per group that a call entered."""

    call: Ints
    group: Ints
    entered_at: Floats
    left_at: Floats
    passes: Ints
    n_rings: Ints
    found: Ints

    def __len__(self) -> int:
        return len(self.call)


@dataclass(frozen=True)
class OwnCallArrays:
    """One row per own call of a person, taken or not."""

    extension: Ints
    started_at: Floats
    talk_time: Floats
    taken: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.extension)


@dataclass(frozen=True)
class LineArrays:
    """One row per visit, in the order of the visits: how the call stood in line."""

    line_length: Ints  # callers found in line; `NO_LINE` if the group has none
    lined_up_at: Floats  # NaN if the call got no place in line
    first_rung_at: Floats  # NaN if no phone rang

    def __len__(self) -> int:
        return len(self.line_length)


@dataclass(frozen=True)
class PauseArrays:
    """One row per automatic pause of a member, by start; `first` has the first row of each run."""

    extension: Ints
    group: Ints  # `EVERY_GROUP` if the pause counts in all groups
    started_at: Floats
    ended_at: Floats  # may be infinite
    first: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.extension)


@dataclass(frozen=True)
class LogArrays:
    """Tables of one run, or of several runs separated by `Borders`.

    With several runs, the rows of rings and visits are in the order of events, not of calls.
    `attempts` is None if nobody may try again.
    """

    groups: tuple[str, ...]
    extensions: tuple[str, ...]
    calls: CallArrays
    rings: RingArrays
    visits: VisitArrays
    own_calls: OwnCallArrays
    lines: LineArrays | None = None  # if a group has a line
    pauses: PauseArrays | None = None  # if a group pauses members
    attempts: AttemptArrays | None = None


class Borders(NamedTuple):
    """The first row of each of R runs in the four tables of a log, arrays of shape (R + 1,)."""

    calls: NDArray[np.int64]
    rings: NDArray[np.int64]
    visits: NDArray[np.int64]
    own_calls: NDArray[np.int64]

    @classmethod
    def of_one(cls, log: LogArrays) -> Borders:
        """Return the borders of a log of one run."""
        tables = (log.calls, log.rings, log.visits, log.own_calls)
        return cls(*(np.array([0, len(table)]) for table in tables))
