"""Audit of attempts: callers who try again, when, and how often.

A log whose callers may try again has the columns `caller` and `attempt`. Once these are checked,
attempts are audited like calls that arrive at the instants that the workload gives them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ringsim._checks import is_integer
from ringsim.audit._frames import Frames
from ringsim.audit._rows import CallRow, Tables, Violation
from ringsim.errors import ConfigurationError
from ringsim.workload import Redials, Workload

__all__ = ["Attempts", "attempts_of"]

COLUMNS = ("caller", "attempt")


class Attempts(NamedTuple):
    """The attempts in a log.

    Attributes
    ----------
    workload : Workload
        The workload in which they are calls.
    malformed : list of Violation
        Rows whose caller or number cannot be; if there are any, `workload` must not be used.
    violations : list of Violation
        Attempts that must not be there, and those that are missing.
    """

    workload: Workload
    malformed: list[Violation]
    violations: list[Violation]


def attempts_of(
    log: Frames | Mapping[str, pd.DataFrame], tables: Tables, workload: Workload
) -> Attempts:
    """Return the attempts of a log, given its workload.

    Raises
    ------
    ConfigurationError
        If callers may try again, and the frame of calls has no `caller` or no `attempt`.
    """
    if workload.redials is None:
        return Attempts(workload, [], [])
    calls = log["calls"] if isinstance(log, Mapping) else log.calls
    for column in COLUMNS:
        if column not in calls:
            raise ConfigurationError(
                "log.calls", f"must have a column {column!r}", list(calls.columns)
            )
    caller, attempt = (calls[column].tolist() for column in COLUMNS)
    chain = _Chain(tables.calls, caller, attempt, len(workload))
    malformed = list(chain.malformed())
    if malformed:
        return Attempts(workload, malformed, [])
    ends = {call.row: call.arrives_at + call.wait for call in tables.calls}
    ends |= {visit.call: visit.left_at for visit in tables.visits}  # the last visit of each call
    arrives_at = [
        workload.arrives_at[whose]
        if number == 1
        else ends[chain.before(row)] + workload.redial_delay(whose, number - 1)
        for row, (whose, number) in enumerate(zip(caller, attempt, strict=True))
    ]
    played = workload.with_attempts(
        np.array(caller, dtype=np.int64),
        np.array(attempt, dtype=np.int64),
        np.array(arrives_at, dtype=np.float64),
    )
    violations = [*chain.forbidden(workload), *chain.missing(workload)]
    return Attempts(played, [], violations)


class _Chain:
    """The attempts of each caller, one after another."""

    def __init__(
        self, calls: list[CallRow], caller: list[Any], attempt: list[Any], callers: int
    ) -> None:
        self._calls = calls
        self._caller, self._attempt = caller, attempt
        self._callers = callers
        self._rows: dict[tuple[int, int], int] = {}

    def before(self, row: int) -> int:
        """Return the row of the attempt before another one."""
        return self._rows[self._caller[row], self._attempt[row] - 1]

    def malformed(self) -> Iterator[Violation]:
        """Yield rows whose caller and attempt do not continue those of earlier rows."""
        if len(self._calls) < self._callers:
            said = f"calls must have the workload's {self._callers} callers"
            yield Violation("calls", len(self._calls), "S1", f"{said}, got {len(self._calls)} rows")
            return
        for row, key in enumerate(zip(self._caller, self._attempt, strict=True)):
            if not all(map(is_integer, key)):
                yield Violation("calls", row, "", f"caller and attempt must be whole, got {key}")
                return
            if row < self._callers and key != (row, 1):
                said = f"caller and attempt must be {row} and 1, got {key[0]} and {key[1]}"
                yield Violation("calls", row, "S1", said)
                return
            is_new = key not in self._rows
            if row >= self._callers and not (is_new and (key[0], key[1] - 1) in self._rows):
                said = f"must be the next attempt of a caller, got attempt {key[1]} of {key[0]}"
                yield Violation("calls", row, "S1", said)
                return
            self._rows[key] = row

    def forbidden(self, workload: Workload) -> Iterator[Violation]:
        """Yield attempts of callers who do not try again."""
        for row in range(self._callers, len(self._calls)):
            before = self.before(row)
            why = self._reason_to_stop(workload, before)
            if why:
                whose, number = self._caller[row], self._attempt[row]
                said = f"caller {whose} must not make attempt {number}, as {why}"
                yield Violation("calls", row, "S1", said)

    def missing(self, workload: Workload) -> Iterator[Violation]:
        """Yield attempts that callers must make and did not."""
        for (whose, number), row in self._rows.items():
            if (whose, number + 1) in self._rows or self._reason_to_stop(workload, row):
                continue
            said = f"caller {whose} must make attempt {number + 1} after call {row}, and makes none"
            yield Violation("calls", len(self._calls), "S1", said)

    def _reason_to_stop(self, workload: Workload, row: int) -> str:
        """Return the reason for which no attempt follows a call, or ""."""
        call, whose, number = self._calls[row], self._caller[row], self._attempt[row]
        if workload.redials is None or not _is_followed(workload.redials, workload, whose, call):
            return f"call {row} was {call.outcome}"
        if workload.redial_delay(whose, number) == math.inf:
            return f"the workload gives no delay after attempt {number}"
        return ""


def _is_followed(redials: Redials, workload: Workload, caller: int, call: CallRow) -> bool:
    kind = int(redials.kind_of(workload.called, len(workload))[caller])
    return call.outcome in redials.outcomes_of(kind)
