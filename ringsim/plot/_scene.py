"""Data of a ring chart: the waits and the bars in a window of time.

Each member of each group has a row. A member of two groups has two rows; a call for one of the
groups, and an own call, appear in the row of the other too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ringsim.calllog import CallLog
from ringsim.plot._window import Window, call_numbers, window_of
from ringsim.scenario import Scenario, Span

__all__ = ["Bar", "Row", "Scene", "Wait", "assign_lanes", "scene_of"]

OF_GROUP = ("ringing", "paged", "talking")  # kinds of bars that make a group appear in the chart


class Bar(NamedTuple):
    """A state of a phone over a span of time.

    `kind` is `ringing`, `paged`, `talking`, `wrap_up`, `elsewhere` (on a call of another group)
    or `own`; `name` identifies the row of the log, and `result` is that of a ring.
    """

    kind: str
    name: str
    call: int
    group: str
    member: str
    starts_at: float
    ends_at: float
    result: str


class Wait(NamedTuple):
    """A call from its arrival to its outcome.

    `forwards` are the groups that the call entered later, with instants. `action` is the action
    of the no-answer rule that ended the call, and `number` the number that rule forwards to.
    """

    call: int
    arrives_at: float
    ends_at: float
    outcome: str
    action: str
    number: str
    forwards: list[tuple[float, str]]


@dataclass
class Row:
    """Row of a phone in its group; `lanes` has the lane of each bar, 0 for calls."""

    group: str
    member: str
    off_duty: list[Span]
    bars: list[Bar] = field(default_factory=list)
    lanes: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Scene:
    """Data of a ring chart; `coloured` are the calls shown in colour, ordered by arrival."""

    window: Window
    coloured: list[int]
    waits: list[Wait]
    rows: list[Row]


def scene_of(
    log: CallLog, calls: Collection[int] | None, start: float | None, end: float | None
) -> Scene:
    """Choose the window, and return the waits and bars in it."""
    wanted = call_numbers(calls, len(log.calls))
    window = window_of(log, wanted, start, end)
    waits = _waits(log, window)
    bars = [bar for bar in _bars(log) if window.sees(bar.starts_at, bar.ends_at)]
    seen = {wait.call for wait in waits} | {bar.call for bar in bars if bar.kind != "own"}
    arrivals = log.calls["arrives_at"]
    coloured = sorted(wanted or seen, key=lambda call: (arrivals[call], call))
    return Scene(window, coloured, waits, _rows(log, window, bars))


def assign_lanes(spans: Sequence[Span], first: Sequence[Span] = ()) -> list[int]:
    """Return a lane for each span of time: the first lane in which it overlaps no other span.

    The spans of `first` occupy lane 0 from the beginning.

    Examples
    --------
    >>> assign_lanes([(0, 20), (10, 30), (20, 40)])
    [0, 1, 0]
    """
    lanes: list[list[Span]] = [list(first)]
    chosen = []
    for start, end in spans:
        free = (
            lane
            for lane, taken in enumerate(lanes)
            if not any(start < other_end and begin < end for begin, other_end in taken)
        )
        lane = next(free, len(lanes))
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((start, end))
        chosen.append(lane)
    return chosen


def _rows(log: CallLog, window: Window, bars: Sequence[Bar]) -> list[Row]:
    """Return the rows of the groups that have calls in the window; of all groups if none has."""
    visits = log.visits
    visited = visits["group"][window.sees(visits["entered_at"], visits["left_at"])]
    seen = {*visited, *(bar.group for bar in bars if bar.kind in OF_GROUP)}
    rows = {
        (group.extension_number, member.extension_number): Row(
            group.extension_number,
            member.extension_number,
            _off_duty(log, member.extension_number, window),
        )
        for group in log.scenario.groups
        if not seen or group.extension_number in seen
        for member in group.members
    }
    for bar in bars:
        if (bar.group, bar.member) in rows:
            rows[bar.group, bar.member].bars.append(bar)
    for row in rows.values():
        _order_bars(row)
    return list(rows.values())


def _order_bars(row: Row) -> None:
    """Sort the bars of a row and give them lanes: calls lane 0, rings the first free one."""
    row.bars.sort(key=lambda bar: (bar.kind == "ringing", bar.starts_at, bar.ends_at, bar.call))
    spans = [(bar.starts_at, bar.ends_at) for bar in row.bars]
    n_calls = sum(bar.kind != "ringing" for bar in row.bars)
    row.lanes = [0] * n_calls + assign_lanes(spans[n_calls:], spans[:n_calls])


def _off_duty(log: CallLog, number: str, window: Window) -> list[Span]:
    """Return the parts of the window in which a person is not on duty."""
    duty = log.scenario.duty(number)
    if duty is None:
        return []
    edges = [window.start, *(edge for span in duty for edge in span), window.end]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    inside = [(max(start, window.start), min(end, window.end)) for start, end in gaps]
    return [(start, end) for start, end in inside if start < end]


def _waits(log: CallLog, window: Window) -> list[Wait]:
    calls = log.calls.assign(ends_at=lambda calls: calls["arrives_at"] + calls["wait"])
    seen = calls[window.sees(calls["arrives_at"], calls["ends_at"])]
    visits = log.visits
    entered: dict[int, list[tuple[float, str]]] = {}
    of_these = visits[visits["call"].isin(seen["call"])]
    for call, at, group in _tuples(of_these, "call", "entered_at", "group"):
        entered.setdefault(call, []).append((at, group))
    columns = ("call", "arrives_at", "ends_at", "outcome", "action", "ended_in")
    found = [
        Wait(
            call,
            arrives_at,
            ends_at,
            outcome,
            action,
            log.scenario.group(ended_in).no_answer_forward_rule.number,
            entered[call][1:],
        )
        for call, arrives_at, ends_at, outcome, action, ended_in in _tuples(seen, *columns)
    ]
    return sorted(found, key=lambda wait: (wait.arrives_at, wait.call))


def _bars(log: CallLog) -> Iterator[Bar]:
    """Yield the bars of all phones."""
    groups = _groups(log.scenario)
    times_of = {
        call: times for call, *times in _tuples(log.calls, "call", "talk_time", "wrap_up_time")
    }
    for row, (call, group, member, start, end, result) in enumerate(_tuples(log.rings)):
        kind = "paged" if result == "paged" else "ringing"
        ring = Bar(kind, f"ring-{row}", call, group, member, start, end, result)
        yield ring
        for bar in _call_and_wrap_up(ring, *times_of[call]):
            yield bar
            yield from _copies_in_other_groups(bar, groups[member])
    for row, (member, start, talk_time, taken) in enumerate(_tuples(log.own_calls)):
        for group in groups[member] if taken else ():
            yield Bar("own", f"own-{row}-{group}", -1, group, member, start, start + talk_time, "")


def _groups(scenario: Scenario) -> dict[str, list[str]]:
    """Return the numbers of the groups of each person."""
    groups: dict[str, list[str]] = {number: [] for number in scenario.extension_numbers}
    for group in scenario.groups:
        for member in group.members:
            groups[member.extension_number].append(group.extension_number)
    return groups


def _call_and_wrap_up(ring: Bar, talk_time: float, wrap_up_time: float) -> Iterator[Bar]:
    """Yield bars for the talk and wrap-up after a ring; a page has no wrap-up."""
    if ring.result not in ("answered", "paged"):
        return
    row = ring.name.removeprefix("ring-")
    hangs_up = ring.ends_at + talk_time
    yield ring._replace(
        kind="talking", name=f"talk-{row}", starts_at=ring.ends_at, ends_at=hangs_up
    )
    if ring.result == "answered" and wrap_up_time > 0:
        yield ring._replace(
            kind="wrap_up",
            name=f"wrap-up-{row}",
            starts_at=hangs_up,
            ends_at=hangs_up + wrap_up_time,
        )


def _copies_in_other_groups(bar: Bar, groups: Sequence[str]) -> Iterator[Bar]:
    """Yield copies of a bar for the other groups of the member."""
    kind = "elsewhere" if bar.kind == "talking" else bar.kind
    for group in groups:
        if group != bar.group:
            yield bar._replace(kind=kind, name=f"{bar.name}-{group}", group=group)


def _tuples(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a frame as tuples, with None for missing categories."""
    values = (frame[column] for column in columns or frame.columns)
    lists = (
        column.astype("object").where(column.notna(), None).tolist()
        if column.dtype == "category"
        else column.tolist()
        for column in values
    )
    return zip(*lists, strict=True)
