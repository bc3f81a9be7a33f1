"""Log of one run, as data frames that can be written to files.

`CallLog`
    The result of `ringsim.play`.
`LogFrames`
    Its base class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ringsim import _files
from ringsim._frames import frame_of_columns, is_short
from ringsim._lazy import pd
from ringsim._log_arrays import (
    ACTIONS,
    DECLINED,
    NO_LINE,
    OUTCOMES,
    RESULTS,
    LineArrays,
    LogArrays,
    PauseArrays,
)
from ringsim._sentences import counted
from ringsim.errors import RingsimError, check_choice
from ringsim.metrics import Layout, Observations, Observer, Tables, check_identity
from ringsim.scenario import Scenario

__all__ = ["FRAMES", "CallLog", "LogFrames"]

FRAMES = ("calls", "rings", "visits", "own_calls", "pauses")
Frame = Literal["calls", "rings", "visits", "own_calls", "pauses"]

_CODES, _TIMES = np.empty(0, dtype=np.int32), np.empty(0)
NO_PAUSES = PauseArrays(_CODES, _CODES, _TIMES, _TIMES, np.zeros(2, dtype=np.int64))


class LogFrames(Tables):
    """Base class of the logs of one day and of a week: frames that can be written to files."""

    def to_csv(self, path: str | Path, frame: Frame = "calls") -> None:
        """Write one of the frames to a CSV file, atomically.

        Parameters
        ----------
        path : str or Path
            File to write.
        frame : {"calls", "rings", "visits", "own_calls", "pauses"}, default "calls"
            Frame to write.

        Raises
        ------
        ConfigurationError
            If there is no such frame, or the file cannot be written.
        """
        with _files.replacing(path) as file:
            self._frame(frame).to_csv(file, index=False)

    def to_parquet(self, path: str | Path, frame: Frame = "calls") -> None:
        """Write one of the frames to a Parquet file, atomically.

        This needs the extra `ringsim[parquet]`. An empty frame loses its categories, because
        Parquet cannot store them without rows.

        Parameters
        ----------
        path : str or Path
            File to write.
        frame : {"calls", "rings", "visits", "own_calls", "pauses"}, default "calls"
            Frame to write.

        Raises
        ------
        RingsimError
            If pyarrow is not installed.
        ConfigurationError
            If there is no such frame, or the file cannot be written.
        """
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise RingsimError(
                "to_parquet() must have pyarrow. Install it with: pip install 'ringsim[parquet]'"
            ) from None
        table = self._frame(frame)
        with _files.replacing(path, binary=True) as file:
            table.to_parquet(file, index=False)

    def _frame(self, name: str) -> pd.DataFrame:
        check_choice("frame", name, FRAMES)
        frame: pd.DataFrame = getattr(self, name)
        return frame


class CallLog(LogFrames):
    """Calls, rings, visits, own calls and pauses of one run.

    Attributes
    ----------
    calls : DataFrame
        A row per call: `call`, `group` (where it arrived), `arrives_at`, `outcome`, `wait` (from
        arrival to outcome), `answered_by` (missing for pages), `talk_time` (if answered),
        `wrap_up_time`, `patience`, `n_rings`, `ended_in` (group) and `action` (of the no-answer
        rule, if it ended the call). `outcome` is `answered`, `abandoned` or `overflowed`. `action`
        is `HANGUP`, `FORWARD_TO_VOICEMAIL`, `FORWARD_TO_NUMBER` or `LOOP`, which is a forward that
        was refused. If callers may try again, there are also `caller`, the call of their first
        attempt, and `attempt`, from 1; calls from the second attempt on follow all others.
    rings : DataFrame
        A row per phone that rang for a call: `call`, `group`, `member`, `started_at`, `ended_at`
        and `result`. `result` is `answered`, `ring_no_answer`, `answered_elsewhere`,
        `caller_gave_up`, `paged` or `declined`.
    visits : DataFrame
        A row per group that a call entered: `call`, `group`, `entered_at`, `left_at`, `passes`,
        `n_rings` and `found` (number of candidates when the PBX first looked). If a group has a
        line, also `line_length` (callers found in line; missing without a line), `lined_up_at`
        (when the call took its place in line; missing if it got none) and `first_rung_at` (when
        the first phone of the visit rang; missing if none did).
    own_calls : DataFrame
        A row per own call of a member: `extension`, `started_at`, `talk_time` and `taken`.
    pauses : DataFrame
        A row per automatic pause of a member: `extension`, `group`, `started_at` and `ended_at`.
        `group` is missing if the pause counts in all groups of the person, and `ended_at` is
        infinite if the pause lasts to the end of the day. A pause may overlap with the next one.
    arrays : LogArrays
        The same data as arrays of numbers.
    warm_up : float
        Instant [s] from which the tables of metrics count; the frames have all calls.

    Notes
    -----
    Frames are created on access. Long ones share memory with the arrays until they are changed;
    changing a frame never changes the log.

    Times are seconds from the start of the scenario. Text columns are categoricals; a missing
    value is NaN. Rows are ordered by call: its visits as it entered them, its rings as they ended.
    Rings of a wave that one event ends are in the configured order. Own calls are in the order of
    the workload, pauses in the order of their starts. `wrap_up_time` and `patience` are the values
    of the workload, even if the call was not answered or the caller did not give up.
    """

    def __init__(self, scenario: Scenario, arrays: LogArrays, warm_up: float = 0.0) -> None:
        check_identity(arrays)
        self.scenario = scenario
        self.warm_up = warm_up
        self.arrays = arrays
        self._observed: Observations | None = None
        self._handed_out: set[str] = set()  # names of frames that were not kept
        self._kept: dict[str, pd.DataFrame] = {}

    @property
    def counts_callers(self) -> bool:
        """True if callers may try again, by the workload that was played."""
        return self.arrays.attempts is not None

    @property
    def calls(self) -> pd.DataFrame:
        """A row per call."""
        return self._frame_of("calls", self._calls)

    @property
    def rings(self) -> pd.DataFrame:
        """A row per phone that rang for a call."""
        return self._frame_of("rings", self._rings)

    @property
    def visits(self) -> pd.DataFrame:
        """A row per group that a call entered."""
        return self._frame_of("visits", self._visits)

    @property
    def own_calls(self) -> pd.DataFrame:
        """A row per own call of a person, taken or not."""
        return self._frame_of("own_calls", self._own_calls)

    @property
    def pauses(self) -> pd.DataFrame:
        """A row per automatic pause of a member, by start."""
        return self._frame_of("pauses", self._pauses)

    def _frame_of(self, name: str, columns: Callable[[], dict[str, Any]]) -> pd.DataFrame:
        """Return a frame that may be changed.

        The first one is not kept if it has copies of the arrays: most logs are asked for a frame
        once, and a shallow copy takes a quarter of the time to make the frame (measured). Further
        ones are shallow copies of a frame that is kept.
        """
        if name not in self._kept:
            frame = frame_of_columns(columns())
            if is_short(frame) and name not in self._handed_out:
                self._handed_out.add(name)
                return frame
            self._kept[name] = frame
        return self._kept[name].copy(deep=False)

    def _calls(self) -> dict[str, Any]:
        calls, log = self.arrays.calls, self.arrays
        attempts = {} if log.attempts is None else vars(log.attempts)
        return {
            "call": np.arange(len(calls), dtype=np.int64),
            "group": _categories(calls.group, log.groups),
            "arrives_at": calls.arrives_at,
            "outcome": _categories(calls.outcome, OUTCOMES),
            "wait": calls.wait,
            "answered_by": _categories(calls.answered_by, log.extensions),
            "talk_time": calls.talk_time,
            "wrap_up_time": calls.wrap_up_time,
            "patience": calls.patience,
            "n_rings": calls.n_rings.astype(np.int64),
            "ended_in": _categories(calls.ended_in, log.groups),
            "action": _categories(calls.action, ACTIONS),
            **{name: column.astype(np.int64) for name, column in attempts.items()},
        }

    def _rings(self) -> dict[str, Any]:
        rings, log = self.arrays.rings, self.arrays
        return {
            "call": rings.call.astype(np.int64),
            "group": _categories(rings.group, log.groups),
            "member": _categories(rings.member, log.extensions),
            "started_at": rings.started_at,
            "ended_at": rings.ended_at,
            "result": _categories(rings.result, RESULTS),
        }

    def _visits(self) -> dict[str, Any]:
        visits, lines, log = self.arrays.visits, self.arrays.lines, self.arrays
        in_line = {} if lines is None else _in_line(lines)
        return {
            "call": visits.call.astype(np.int64),
            "group": _categories(visits.group, log.groups),
            "entered_at": visits.entered_at,
            "left_at": visits.left_at,
            "passes": visits.passes.astype(np.int64),
            "n_rings": visits.n_rings.astype(np.int64),
            "found": visits.found.astype(np.int64),
            **in_line,
        }

    def _pauses(self) -> dict[str, Any]:
        log = self.arrays
        pauses = NO_PAUSES if log.pauses is None else log.pauses
        return {
            "extension": _categories(pauses.extension, log.extensions),
            "group": _categories(pauses.group, log.groups),
            "started_at": pauses.started_at,
            "ended_at": pauses.ended_at,
        }

    def _own_calls(self) -> dict[str, Any]:
        own, log = self.arrays.own_calls, self.arrays
        return {
            "extension": _categories(own.extension, log.extensions),
            "started_at": own.started_at,
            "talk_time": own.talk_time,
            "taken": own.taken,
        }

    def observed(self, layout: Layout) -> Observations:
        """Return the sums of the run for a layout; the last result is cached."""
        if self._observed is None or self._observed.layout != layout:
            observer = Observer(self.roster, layout, 1)
            observer.add(self.arrays)
            self._observed = observer.observations()
        return self._observed

    @property
    def has_declines(self) -> bool:
        """True if a ring was declined."""
        return bool((self.arrays.rings.result == DECLINED).any())

    @property
    def latest(self) -> float:
        """Last instant of arrival [s]."""
        arrives_at = self.arrays.calls.arrives_at
        return float(arrives_at.max()) if len(arrives_at) else 0.0

    def __repr__(self) -> str:
        calls = self.arrays.calls
        counts = (
            f"{int((calls.outcome == code).sum()):,} {name}" for code, name in enumerate(OUTCOMES)
        )
        return f"<CallLog of {counted(len(calls), 'call')}: {', '.join(counts)}>"


def _in_line(lines: LineArrays) -> dict[str, Any]:
    """Return the columns of visits that tell how calls stood in line."""
    lengths = lines.line_length.astype(np.float64)
    return {
        "line_length": np.where(lines.line_length == NO_LINE, np.nan, lengths),
        "lined_up_at": lines.lined_up_at,
        "first_rung_at": lines.first_rung_at,
    }


def _categories(codes: np.ndarray[Any, Any], names: Sequence[str]) -> pd.Categorical:
    # Without validation, which takes two thirds of the time; engines write only known codes
    codes = codes.astype(np.int64)  # a copy, as the type of the codes may be that of the log
    return pd.Categorical.from_codes(codes, dtype=_categorical(tuple(names)), validate=False)


@lru_cache(maxsize=64)
def _categorical(names: tuple[str, ...]) -> pd.CategoricalDtype:
    """Return the type of a column of names; to make one takes longer than a column (measured)."""
    return pd.CategoricalDtype(pd.Index(list(names), dtype="str"))
