"""The data that a reader extracts from the files of one phone system.

`Extract`
    Calls, rings and own calls of one group, at instants.
`Groups`
    Rows in groups, and the least, greatest or first value of each group.
`Request`
    What the caller of `read_records` asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ringsim._log_arrays import (
    ABANDONED,
    ANSWERED,
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    FORWARD_TO_NUMBER,
    FORWARD_TO_VOICEMAIL,
    HANGUP,
    OVERFLOWED,
    RING_ANSWERED,
    RING_NO_ANSWER,
)
from ringsim._sentences import listed
from ringsim.errors import ConfigurationError
from ringsim.records._clock import Clock
from ringsim.records._duty import events_of
from ringsim.records._sheet import Sheet

__all__ = [
    "ABANDONED",
    "ANSWERED",
    "ANSWERED_ELSEWHERE",
    "CALLER_GAVE_UP",
    "FORWARD_TO_NUMBER",
    "FORWARD_TO_VOICEMAIL",
    "GRADES",
    "HANGUP",
    "OVERFLOWED",
    "RING_ANSWERED",
    "RING_NO_ANSWER",
    "Extract",
    "Floats",
    "Groups",
    "Ints",
    "Mask",
    "Request",
    "epoch_in",
    "phone_of",
]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

GRADES: Final = ("A", "B", "C")

CHANNEL = re.compile(
    r"(?:PJSIP|SIP|IAX2|SCCP|DAHDI|Local|Agent|Custom|H323|Skinny|USER|SOFIA/[^/]+|user)/"
    r"(?:FMPR-|FMGL-|RG-\d+-)?([^@;/]+)",
    re.IGNORECASE,
)
MOST_NAMED = 12  # groups or files in a message
# Eight hexadecimal digits that are not a number of eight digits, as `acme-49301234` may end in one
UNIQUE_SUFFIX = re.compile(r"-(?=0|[0-9]*[a-f])[0-9a-f]{8}$", re.IGNORECASE)


def phone_of(channel: str) -> str:
    """Return the number or name in a channel or interface.

    Examples
    --------
    >>> [phone_of(text) for text in ("PJSIP/201-0000003c", "Local/201@from-queue/n", "Anna Smith")]
    ['201', '201', 'Anna Smith']

    Endpoints of several tenants have a hyphen of their own:

    >>> [phone_of(text) for text in ("PJSIP/acme-1001", "PJSIP/acme-1001-0000003c")]
    ['acme-1001', 'acme-1001']
    """
    found = CHANNEL.match(channel)
    return UNIQUE_SUFFIX.sub("", found[1]) if found else channel.strip()


def epoch_in(unique_id: str) -> float:
    """Return the epoch in a unique id of Asterisk, such as `pbx-1706369600.197`; NaN if none."""
    digits = unique_id.rpartition("-")[2].partition(".")[0]
    plain = digits.isascii() and digits.isdecimal() and len(digits) in (9, 10)
    return float(digits) if plain else np.nan


@dataclass(frozen=True)
class Request:
    """The arguments of `read_records`.

    Attributes
    ----------
    group : str
        Number or name of the group, as the records write it.
    clock : Clock
        Time zone of the phone system.
    mapping : dict
        Columns of a generic table, and settings of readers.
    members : dict of str to str
        Numbers of members by the names that the records use.
    """

    group: str
    clock: Clock
    mapping: Mapping[str, Any] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)

    def no_such_group(self, sheet: Sheet, named: Iterable[str]) -> ConfigurationError:
        """Return the error for a group that no row names; rows may have been left out before."""
        others = sorted({each for each in named if each})
        files = ", ".join(sheet.names[:MOST_NAMED])
        said = sheet.notes[-1] if sheet.notes else ""
        if not len(sheet):
            return ConfigurationError(files, "must have rows of calls, and has none", hint=said)
        hint = f"The records name {listed(others, MOST_NAMED)}." if others else said
        return ConfigurationError(
            "group", f"must be named in a row of {files or 'the records'}", self.group, hint
        )


@dataclass
class Extract:
    """Calls, rings and own calls of one group, at instants.

    Attributes
    ----------
    calls : DataFrame
        `arrived_at`, `ended_at` (of the wait), `outcome` and `action` (codes of a call log; -1 is
        no action), `answered_by` (text), `hung_up_at` (NaN if unknown), `row` (of `sheet`).
    rings : DataFrame
        `call` (row of `calls`), `member` (text), `started_at`, `ended_at`, `result` (code).
    own_calls : DataFrame
        `member`, `started_at`, `ended_at`, `row` (of `sheet`).
    sheet : Sheet
        Rows of the files, for messages.
    grade : str
        A, B or C.
    clock : float
        Resolution of the instants [s].
    notes : list of str
        What was left out or assumed, a sentence each.
    duty : DataFrame
        Sign-ins and pauses in the order of time, if the format has them: `member` (text; empty
        for a restart of the phone system), `at` and `event` (a code of `ringsim.records._duty`).
    callers_wait : bool
        Whether the group is a queue, in which callers wait until somebody is free.
    """

    calls: pd.DataFrame
    rings: pd.DataFrame
    own_calls: pd.DataFrame
    sheet: Sheet
    grade: str
    clock: float = 1.0
    notes: list[str] = field(default_factory=list)
    duty: pd.DataFrame = field(default_factory=events_of)
    callers_wait: bool = False

    def __post_init__(self) -> None:
        self.sheet = self.sheet.of(())  # whose columns take much memory

    @staticmethod
    def call_rows(**columns: Any) -> pd.DataFrame:
        """Return the table `calls`, with defaults for columns that are left out."""
        n = len(columns["arrived_at"])
        default = {
            "answered_by": np.full(n, "", dtype=object),
            "hung_up_at": np.full(n, np.nan),
            "action": np.full(n, -1),
            "row": np.zeros(n, np.int64),
        }
        return pd.DataFrame({**default, **columns})

    @staticmethod
    def no_rings() -> pd.DataFrame:
        """Return the table `rings` without rows."""
        return pd.DataFrame(
            {
                "call": np.empty(0, np.int64),
                "member": np.empty(0, object),
                "started_at": np.empty(0),
                "ended_at": np.empty(0),
                "result": np.empty(0, np.int64),
            }
        )

    @staticmethod
    def own_rows(
        member: Sequence[str] | NDArray[np.object_] = (),
        started_at: Sequence[float] | Floats = (),
        ended_at: Sequence[float] | Floats = (),
        row: Ints | None = None,
    ) -> pd.DataFrame:
        """Return the table `own_calls`."""
        return pd.DataFrame(
            {
                "member": np.asarray(member, dtype=object),
                "started_at": np.asarray(started_at, dtype=np.float64),
                "ended_at": np.asarray(ended_at, dtype=np.float64),
                "row": np.zeros(len(member), np.int64) if row is None else row,
            }
        )


class Groups:
    """Rows in groups by a code from 0 to n - 1."""

    def __init__(self, code: NDArray[Any], n: int) -> None:
        self.code = code
        self.n = n

    def least(self, values: Floats, rows: Mask | None = None) -> Floats:
        """Return the least value of each group, inf if it has none; NaN does not count."""
        return self._reduced(np.fmin, values, rows, np.inf)

    def greatest(self, values: Floats, rows: Mask | None = None) -> Floats:
        """Return the greatest value of each group, -inf if it has none; NaN does not count."""
        return self._reduced(np.fmax, values, rows, -np.inf)

    def has(self, rows: Mask) -> Mask:
        """Return which groups have some of the rows."""
        return np.bincount(self.code[rows], minlength=self.n) > 0

    def count(self, rows: Mask) -> Ints:
        """Return the number of the rows in each group."""
        return np.bincount(self.code[rows], minlength=self.n)

    def first(self, rows: Mask) -> Ints:
        """Return the first of the rows in each group, -1 if it has none."""
        found = np.full(self.n, -1, dtype=np.int64)
        at = np.flatnonzero(rows)[::-1]
        found[self.code[at]] = at
        return found

    def _reduced(self, function: Any, values: Floats, rows: Mask | None, start: float) -> Floats:
        result = np.full(self.n, start)
        chosen = slice(None) if rows is None else rows
        function.at(result, self.code[chosen], values[chosen])
        return result
