"""Short notation for scripted calls and for their logs, and figures of long runs.

`group`, `scene`, `script`
    A ring group, a scenario and a workload in one line. Members are A, B, C, ...
`told`
    A log as text, one line per call: `A 0-20, B 20-25; answered by B at 25`.
`cases`, `table`
    Parametrize a test by rows of scenario, workload and expected lines, or by any columns.
`rows`, `frames`, `talks`
    A log, or a part of it, as tuples that can be compared exactly.
`Columns`, `Span`, `standard_error`
    Figures of a long run, and their standard errors.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import ringsim as rs

INF = math.inf
NUMBER = {letter: str(201 + place) for place, letter in enumerate("ABCDEFGHIJ")}
LETTER = {number: letter for letter, number in NUMBER.items()}

Rows: TypeAlias = list[tuple[Any, ...]]
Floats: TypeAlias = NDArray[np.float64]


def group(
    members: str = "",
    strategy: str = "PRIORITIZED_HUNT",
    number: str = "600",
    *,
    action: str = "HANGUP",
    to: str | None = None,
    **fields: Any,
) -> rs.RingGroup:
    """Return a ring group of members such as `"A B C"`, or `"A1 B1 C2"` with skill levels.

    `to` is the group to which unanswered calls are forwarded.
    """
    rule = {"action": action} if to is None else {"action": "FORWARD_TO_NUMBER", "number": to}
    return rs.RingGroup(
        extension_number=number,
        ring_strategy=strategy,
        members=[
            rs.Member(NUMBER[name[0]], skill_level=int(name[1:] or 1)) for name in members.split()
        ],
        no_answer_forward_rule=rule,
        **fields,
    )


def scene(
    *groups: rs.RingGroup | str,
    duty: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    **fields: Any,
) -> rs.Scenario:
    """Return a scenario of groups; a string stands for a prioritized hunt of these members."""
    return rs.Scenario(
        groups=[group(given) if isinstance(given, str) else given for given in groups],
        extensions=[
            rs.Extension(NUMBER[letter], on_duty=spans) for letter, spans in (duty or {}).items()
        ],
        **fields,
    )


def script(
    *arrives_at: float,
    talk: Any = 30,
    wrap_up: Any = 0,
    patience: Any = INF,
    to: str | Sequence[str] | None = None,
    own: Iterable[tuple[float, str, float]] = (),
    away: Iterable[tuple[float, str, float]] = (),
    random: Mapping[str, Any] | None = None,
    **delays: Any,
) -> rs.Workload:
    """Return a workload of calls at these instants; `A=5` is the answer delay of A."""
    return rs.Workload(
        arrives_at=list(arrives_at),
        talk_time=talk,
        wrap_up_time=wrap_up,
        patience=patience,
        group=to,
        answer_delay={NUMBER[letter]: delay for letter, delay in delays.items()},
        own_calls=[(at, NUMBER[letter], lasts) for at, letter, lasts in own],
        away=[(at, NUMBER[letter], lasts) for at, letter, lasts in away],
        random={NUMBER[letter]: draw for letter, draw in (random or {}).items()},
    )


def told(log: rs.CallLog) -> list[str]:
    """Return one line per call: the rings with their instants, then the outcome and its instant."""
    rings: dict[int, list[str]] = defaultdict(list)
    for call, member, start, end in rows(log.rings, "call", "member", "started_at", "ended_at"):
        rings[call].append(f"{LETTER[member]} {_number(start)}-{_number(end)}")
    ends = dict(rows(log.visits, "call", "left_at"))
    return [
        "; ".join(filter(None, [", ".join(rings[call]), f"{said} at {_number(ends[call])}"]))
        for call, said in enumerate(_outcomes(log))
    ]


def _outcomes(log: rs.CallLog) -> Iterable[str]:
    for outcome, answered_by, action in rows(log.calls, "outcome", "answered_by", "action"):
        if answered_by is not None:
            yield f"{outcome} by {LETTER[answered_by]}"
        elif action not in (None, "HANGUP"):
            yield f"{outcome} ({action})"
        else:
            yield outcome


def rung(log: rs.CallLog, call: int = 0) -> str:
    """Return the members whose phones rang for a call, in order, such as `A B A`."""
    members = rows(log.rings[log.rings["call"] == call], "member")
    return " ".join(LETTER[member] for (member,) in members)


def results(log: rs.CallLog, call: int = 0) -> str:
    """Return the results of the rings of a call, such as `A ring_no_answer, B answered`."""
    ended = rows(log.rings[log.rings["call"] == call], "member", "result")
    return ", ".join(f"{LETTER[member]} {result}" for member, result in ended)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def table(columns: str, *cells: tuple[Any, ...]) -> pytest.MarkDecorator:
    """Parametrize a test by rows: the name of the case, then one cell per column."""
    params = [pytest.param(*row, id=shown) for shown, *row in cells]
    return pytest.mark.parametrize(columns.split(), params)


def cases(*cells: tuple[str, rs.Scenario, rs.Workload, list[str]]) -> pytest.MarkDecorator:
    """Parametrize a test by rows: name, scenario, workload and the expected lines of `told`."""
    return table("scenario workload expected", *cells)


def rows(frame: pd.DataFrame, *columns: str) -> Rows:
    """Return the rows of a frame as tuples of plain values, None if missing."""
    values = (frame[column].tolist() for column in columns or frame.columns)
    return list(zip(*([None if v != v else v for v in column] for column in values), strict=True))


def frames(log: rs.CallLog) -> dict[str, Rows]:
    """Return the rows of all frames of a log, for exact comparison."""
    return {name: rows(getattr(log, name)) for name in ("calls", "rings", "visits", "own_calls")}


class Talk(NamedTuple):
    """A call of a member: talk in [starts_at, ends_at), then wrap-up until `free_at`."""

    starts_at: float
    ends_at: float
    free_at: float
    kind: str


def talks(log: rs.CallLog) -> dict[str, list[Talk]]:
    """Return the answered, paged and own calls of each extension, sorted by their start."""
    lengths = dict(rows(log.calls, "call", "talk_time"))
    wrap_ups = dict(rows(log.calls, "call", "wrap_up_time"))
    found: dict[str, list[Talk]] = defaultdict(list)
    for call, member, at, result in rows(log.rings, "call", "member", "ended_at", "result"):
        if result in ("answered", "paged"):
            ends_at = at + lengths[call]
            wrap_up = wrap_ups[call] if result == "answered" else 0.0
            found[member].append(Talk(at, ends_at, ends_at + wrap_up, result))
    for extension, at, talk_time, taken in rows(log.own_calls):
        if taken:
            found[extension].append(Talk(at, at + talk_time, at + talk_time, "own"))
    return {extension: sorted(calls) for extension, calls in found.items()}


# Figures of long runs, with their standard errors


@dataclass(frozen=True)
class Columns:
    """A time span of a long run: what arrives in it, as arrays of equal length."""

    starts_at: float
    ends_at: float
    arrives_at: Floats

    def __len__(self) -> int:
        return len(self.arrives_at)

    def part(self, starts_at: float, ends_at: float) -> Self:
        """Return the part of the span in [starts_at, ends_at)."""
        inside = (starts_at <= self.arrives_at) & (self.arrives_at < ends_at)
        columns = [getattr(self, field.name)[inside] for field in fields(self)[2:]]
        return type(self)(starts_at, ends_at, *columns)


@dataclass(frozen=True)
class Span:
    """A time span of a long run: the calls that arrive in it, and all talk times."""

    starts_at: float
    ends_at: float
    arrives_at: Floats
    outcome: NDArray[np.object_]
    wait: Floats
    answered_by: NDArray[np.object_]
    n_rings: NDArray[np.int64]
    talks: Mapping[str, Floats]
    overflow: Floats
    own_started_at: Floats
    own_taken: NDArray[np.bool_]

    @classmethod
    def of(cls, log: rs.CallLog, workload: rs.Workload) -> Span:
        """Return the span from 0 s to the last arrival; calls must be in the order of arrival."""
        calls = log.calls
        overflowed = (calls["outcome"] == "overflowed").to_numpy()
        began = workload.arrives_at[overflowed]
        return cls(
            starts_at=0.0,
            ends_at=float(workload.arrives_at[-1]),
            arrives_at=workload.arrives_at,
            outcome=calls["outcome"].to_numpy(dtype=object),
            wait=calls["wait"].to_numpy(),
            answered_by=calls["answered_by"].to_numpy(dtype=object),
            n_rings=calls["n_rings"].to_numpy(),
            talks=_talk_times(log),
            overflow=np.column_stack([began, began + workload.talk_time[overflowed]]),
            own_started_at=log.own_calls["started_at"].to_numpy(),
            own_taken=log.own_calls["taken"].to_numpy(),
        )

    def __len__(self) -> int:
        return len(self.arrives_at)

    def part(self, starts_at: float, ends_at: float) -> Span:
        """Return the part of the span in [starts_at, ends_at)."""
        inside = (starts_at <= self.arrives_at) & (self.arrives_at < ends_at)
        own = (starts_at <= self.own_started_at) & (self.own_started_at < ends_at)
        return replace(
            self,
            starts_at=starts_at,
            ends_at=ends_at,
            arrives_at=self.arrives_at[inside],
            outcome=self.outcome[inside],
            wait=self.wait[inside],
            answered_by=self.answered_by[inside],
            n_rings=self.n_rings[inside],
            own_started_at=self.own_started_at[own],
            own_taken=self.own_taken[own],
        )

    def ended(self, outcome: str) -> NDArray[np.bool_]:
        """Return for each call whether it had this outcome."""
        return self.outcome == outcome

    def occupancy(self, number: str) -> float:
        """Return the fraction of the time that a member talks."""
        inside = np.clip(self.talks[number], self.starts_at, self.ends_at)
        return float((inside[:, 1] - inside[:, 0]).sum() / (self.ends_at - self.starts_at))

    def between_overflows(self) -> Floats:
        """Return the times from one overflowed call to the next [s]."""
        return np.diff(self.arrives_at[self.ended("overflowed")])

    def overflow_group(self) -> tuple[float, float]:
        """Return the time mean and variance of calls in progress if an infinite group took them."""
        inside = np.clip(self.overflow, self.starts_at, self.ends_at)
        instants = np.concatenate([inside[:, 0], inside[:, 1]])
        order = np.argsort(instants, kind="stable")
        in_progress = np.cumsum(np.repeat([1, -1], len(inside))[order])
        lasts = np.diff(instants[order], append=self.ends_at)
        mean, square = (
            float((in_progress**power * lasts).sum() / (self.ends_at - self.starts_at))
            for power in (1, 2)
        )
        return mean, square - mean**2


def _talk_times(log: rs.CallLog) -> dict[str, Floats]:
    """Return start and end of the calls of each extension; fast for hundreds of thousands."""
    rings = log.rings[log.rings["result"].isin(["answered", "paged"])]
    own = log.own_calls[log.own_calls["taken"]]
    lasts = np.concatenate([log.calls["talk_time"].to_numpy()[rings["call"]], own["talk_time"]])
    began = np.concatenate([rings["ended_at"], own["started_at"]])
    who = np.concatenate([rings["member"].to_numpy(object), own["extension"].to_numpy(object)])
    spans = np.column_stack([began, began + lasts])
    return {number: spans[who == number] for number in set(who.tolist())}


def standard_error(figure: Callable[[Span], float], run: Span, parts: int = 40) -> float:
    """Return the standard error of a figure from batch means: parts of equal length."""
    edges = np.linspace(run.starts_at, run.ends_at, parts + 1).tolist()
    values = [figure(run.part(start, end)) for start, end in pairwise(edges)]
    return float(np.std(values, ddof=1) / math.sqrt(parts))
