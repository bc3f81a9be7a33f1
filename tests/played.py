"""Calls made by hand, and what became of them in words that a test can compare.

`group`, `scene`, `script`
    A ring group, a scenario and a workload in a few words. Members are A, B, C, ...
`told`
    A log as `A 0-20, B 20-25; answered by B at 25`, a line for each call.
`cases`
    A table of such days: what it shows, scenario, workload, lines expected.
`rows`, `frames`, `talks`
    A log, or a part of it, as tuples that can be compared exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import pytest

import ringsim as rs

INF = math.inf
NUMBER = {letter: str(201 + place) for place, letter in enumerate("ABCDEFGHIJ")}
LETTER = {number: letter for letter, number in NUMBER.items()}

Rows = list[tuple[Any, ...]]


def group(
    members: str = "",
    strategy: str = "PRIORITIZED_HUNT",
    number: str = "600",
    *,
    action: str = "HANGUP",
    to: str | None = None,
    **fields: Any,
) -> rs.RingGroup:
    """A ring group of members such as `"A B C"`, or `"A1 B1 C2"` with skill levels.

    `to` is where it forwards calls that nobody answers.
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
    """A scenario of groups, a string being the members of a prioritized hunt."""
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
    random: Mapping[str, Any] | None = None,
    **delays: Any,
) -> rs.Workload:
    """Calls by their instants of arrival; `A=5` is how long A takes to answer."""
    return rs.Workload(
        arrives_at=list(arrives_at),
        talk_time=talk,
        wrap_up_time=wrap_up,
        patience=patience,
        group=to,
        answer_delay={NUMBER[letter]: delay for letter, delay in delays.items()},
        own_calls=[(at, NUMBER[letter], lasts) for at, letter, lasts in own],
        random={NUMBER[letter]: draw for letter, draw in (random or {}).items()},
    )


def told(log: rs.CallLog) -> list[str]:
    """What became of each call: whose phones rang when, then the outcome and its instant."""
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
    """The members whose phones rang for a call, in their order, such as `A B A`."""
    members = rows(log.rings[log.rings["call"] == call], "member")
    return " ".join(LETTER[member] for (member,) in members)


def results(log: rs.CallLog, call: int = 0) -> str:
    """How the rings of a call ended: `A ring_no_answer, B answered`."""
    ended = rows(log.rings[log.rings["call"] == call], "member", "result")
    return ", ".join(f"{LETTER[member]} {result}" for member, result in ended)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def cases(*table: tuple[str, rs.Scenario, rs.Workload, list[str]]) -> pytest.MarkDecorator:
    """Rows of what is shown, the scenario, the workload and what `told` must say."""
    return pytest.mark.parametrize(
        ("scenario", "workload", "expected"),
        [pytest.param(*row, id=shown) for shown, *row in table],
    )


def rows(frame: pd.DataFrame, *columns: str) -> Rows:
    """Rows of a frame as tuples of plain values, None where missing."""
    values = (frame[column].tolist() for column in columns or frame.columns)
    return list(zip(*([None if v != v else v for v in column] for column in values), strict=True))


def frames(log: rs.CallLog) -> dict[str, Rows]:
    """All of a log, to be compared exactly."""
    return {name: rows(getattr(log, name)) for name in ("calls", "rings", "visits", "own_calls")}


class Talk(NamedTuple):
    """A member on a call, in [starts_at, ends_at)."""

    starts_at: float
    ends_at: float
    free_at: float
    kind: str


def talks(log: rs.CallLog) -> dict[str, list[Talk]]:
    """Of each extension, the calls it was on, by their start: answered, paged and own."""
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
