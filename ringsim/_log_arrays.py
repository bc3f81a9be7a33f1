"""What happened, as arrays: what engines write and metrics read.

`LogArrays`
    Four tables of columns: calls, rings, visits and own calls.
`Borders`
    Where the rows of each run begin, where tables hold several runs.
`OUTCOMES`, `ACTIONS`, `RESULTS`
    What the codes in their columns stand for; -1 stands for nothing.

Groups and extensions are places in `groups` and `extensions`. Rows are ordered by call,
then time, then configured order; own calls as in the workload.
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
    "Borders",
    "CallArrays",
    "Floats",
    "Ints",
    "LogArrays",
    "OwnCallArrays",
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
)
RING_ANSWERED, RING_NO_ANSWER, ANSWERED_ELSEWHERE, CALLER_GAVE_UP, PAGED = range(5)

NOBODY: Final = -1
NO_ACTION: Final = -1


@dataclass(frozen=True)
class CallArrays:
    """A row per call."""

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
class RingArrays:
    """A row per phone that rang for a call."""

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
    """A row per group that a call entered."""

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
    """A row per call that somebody had of their own."""

    extension: Ints
    started_at: Floats
    talk_time: Floats
    taken: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.extension)


@dataclass(frozen=True)
class LogArrays:
    """One run, or several between `Borders`; these in the order of events, not of calls."""

    groups: tuple[str, ...]
    extensions: tuple[str, ...]
    calls: CallArrays
    rings: RingArrays
    visits: VisitArrays
    own_calls: OwnCallArrays


class Borders(NamedTuple):
    """Where the rows of each of R runs begin in the tables of a log: four of shape (R + 1,)."""

    calls: NDArray[np.int64]
    rings: NDArray[np.int64]
    visits: NDArray[np.int64]
    own_calls: NDArray[np.int64]

    @classmethod
    def of_one(cls, log: LogArrays) -> Borders:
        """Of a log that is one run."""
        tables = (log.calls, log.rings, log.visits, log.own_calls)
        return cls(*(np.array([0, len(table)]) for table in tables))
