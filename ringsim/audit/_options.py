"""Audit of a log whose groups have options of other phone systems.

`has_options`
    Return whether a log has to be audited so.
`check_option_rows`
    Check every row of a log against the rules with options.
`unchecked_of`
    The rules that these checks do not cover.

Rows are not played again: each is checked against the state that follows from all other rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Any

import pandas as pd

from ringsim.audit._frames import Frames
from ringsim.audit._option_call_rules import ON_CALL
from ringsim.audit._option_found import first_look_finds_its_candidates
from ringsim.audit._option_line_rules import ON_LINE, line_has_its_length
from ringsim.audit._option_log import option_groups
from ringsim.audit._option_order import Order
from ringsim.audit._option_order_rules import members_ring_in_order
from ringsim.audit._option_pass_counts import passes_are_counted
from ringsim.audit._option_pass_rules import ON_PASSES
from ringsim.audit._option_ring_rules import ON_RING
from ringsim.audit._option_row_order import rings_are_in_order
from ringsim.audit._option_rows import Pause
from ringsim.audit._option_state import Timeline
from ringsim.audit._option_unchecked import unchecked_options
from ringsim.audit._option_waiting import ON_WAITING
from ringsim.audit._option_wave_rules import ON_WAVES, rings_are_at_once
from ringsim.audit._rows import Tables, Violation
from ringsim.audit._state import is_not_derived
from ringsim.dispatch import Dispatcher
from ringsim.scenario import Scenario
from ringsim.workload import Workload

__all__ = ["check_option_rows", "has_options", "unchecked_of"]

ON_VISIT = (
    *(*ON_WAVES, *ON_PASSES, *ON_LINE, *ON_WAITING),
    *(passes_are_counted, first_look_finds_its_candidates),
)
# Checks that need instants between which time passes to differ
NEED_INSTANTS = frozenset(
    {
        *(rings_are_at_once, rings_are_in_order, line_has_its_length),
        *(passes_are_counted, first_look_finds_its_candidates),
    }
)
OF_LINES = ("line_length", "lined_up_at")
FIRST_RUNG_AT = "first_rung_at"


def has_options(
    scenario: Scenario,
    dispatchers: Mapping[str, Dispatcher],
    tables: Tables,
    workload: Workload | None,
) -> bool:
    """Return whether a group or a call departs from rules S1 to S15, or rings are declined."""
    if any(map(is_not_derived, dispatchers.values())):
        return True
    if any(group.departures for group in scenario.groups):
        return True
    if workload is not None:
        return workload.declines is not None or workload.max_wait_time is not None
    return any(ring.result == "declined" for ring in tables.rings)


def check_option_rows(
    tables: Tables,
    log: Frames | Mapping[str, pd.DataFrame],
    scenario: Scenario,
    dispatchers: Mapping[str, Dispatcher],
    workload: Workload | None,
    tolerance: float,
) -> Iterator[Violation]:
    """Yield the rows that break a rule, by call."""
    pauses = _pauses_of(_frame(log, "pauses"))
    line = Timeline(tables, scenario, dispatchers, workload, tolerance, pauses)
    _add_lines(line, _frame(log, "visits"))
    for row in line.strangers:
        said = f"{row.member} in {row.group} must be of a group that call {row.call} entered"
        yield Violation.of(row, "S2", said)
    missing = {call.call for call in tables.calls} - line.of_call.keys()
    for call in sorted(missing):
        said = "call must enter a group, got no row in visits"
        yield Violation.of(tables.calls[call], "S1", said)
    order = Order(line)
    are_seen = all(group.durations_are_seen for group in line.groups.values())
    on_call = [e for e in (*ON_CALL, rings_are_in_order) if are_seen or e not in NEED_INSTANTS]
    on_visit = [e for e in ON_VISIT if are_seen or e not in NEED_INSTANTS]
    for visits in line.of_call.values():
        for of_call in on_call:
            yield from of_call(line, visits)
        for visit in visits:
            for of_visit in on_visit:
                yield from of_visit(line, visit)
            yield from members_ring_in_order(line, order, visit)
            for ring in visit.rings:
                for of_ring in ON_RING:
                    yield from of_ring(line, ring)
    yield from _own_calls(line, tables)
    if pauses is not None:
        yield from _pauses(line, pauses)


def unchecked_of(
    scenario: Scenario,
    dispatchers: Mapping[str, Dispatcher],
    log: Frames | Mapping[str, pd.DataFrame],
    workload: Workload | None,
) -> Iterator[tuple[str, str, str]]:
    """Yield rule, part and reason of what `check_option_rows` does not check."""
    return unchecked_options(
        option_groups(scenario, dispatchers).values(),
        _frame(log, "visits").columns,
        has_pauses=len(_frame(log, "pauses").columns) > 0,
        has_workload=workload is not None,
    )


def _frame(log: Any, name: str) -> pd.DataFrame:
    """Return a frame of a log, empty if the log does not have it."""
    frame = log.get(name) if isinstance(log, Mapping) else getattr(log, name, None)
    return frame if isinstance(frame, pd.DataFrame) else pd.DataFrame()


def _add_lines(line: Timeline, visits: pd.DataFrame) -> None:
    """Add what the log tells of the line to the visits; without it nobody stands in line."""
    if {*OF_LINES} <= {*visits}:
        line.tells_of_lines = True
        for visit in line.visits:
            visit.line_length, visit.lined_up_at = (
                float(visits[column].iloc[visit.row.row]) for column in OF_LINES
            )
    if FIRST_RUNG_AT in visits:
        for visit in line.visits:
            visit.first_rung_at = float(visits[FIRST_RUNG_AT].iloc[visit.row.row])


def _own_calls(line: Timeline, tables: Tables) -> Iterator[Violation]:
    """S15: an own call is taken if the person is free and on duty."""
    for own in tables.own_calls:
        at, who = own.started_at, own.extension
        itself = (at, at + own.talk_time)
        others = [one for one in line.busy[who] if one.call >= 0 or one[2:4] != itself]
        is_busy = any(line.surely(at, one.at, one.free_at) for one in others)
        if own.taken and (is_busy or line.is_surely_off_duty(who, at)):
            said = f"taken must be False, as {who} is not free or off duty at {at!r}"
            yield Violation.of(own, "S15", said)
        spans = line.duty[who]
        slack = line.slack
        may_be_off = spans is not None and not any(
            start + slack <= at < end - slack for start, end in spans
        )
        may_be_busy = any(one.at - slack <= at <= one.free_at + slack for one in line.busy[who])
        away_is_known = line.workload is not None
        if not own.taken and away_is_known and not (may_be_off or may_be_busy):
            said = f"taken must be True, as {who} is free and on duty at {at!r}"
            yield Violation.of(own, "S15", said)


def _pauses_of(frame: pd.DataFrame) -> list[Pause] | None:
    """Return the pauses of a log by group and person, None if it does not tell of pauses."""
    if not len(frame.columns):
        return None
    named = frame["group"].astype(object).where(frame["group"].notna(), "").tolist()
    rows = zip(
        named, frame["extension"].tolist(), frame["started_at"], frame["ended_at"], strict=True
    )
    return [Pause(str(group), str(who), at, until) for group, who, at, until in rows]


def _pauses(line: Timeline, got: Sequence[Pause]) -> Iterator[Violation]:
    """Option 15: the pauses of the log are those that follow from its missed rings."""
    found, wanted = (sorted(each, key=Pause.key) for each in (got, line.pauses.surely))
    pairs = [*zip(found, wanted, strict=False)]
    alike = len(got) == len(wanted) and all(map(Pause.is_like, found, wanted, repeat(line.slack)))
    if not alike:
        row = next((i for i, (one, two) in enumerate(pairs) if one.key() != two.key()), len(pairs))
        said = f"pauses must be the {len(wanted)} that follow from missed rings, got {len(got)}"
        yield Violation("pauses", row, "auto_pause_after", said)
        return
    for row, (before, after) in enumerate(pairwise(got if line.is_exact else ()), 1):
        if after.at < before.at:
            said = f"started_at must not be before the row before, {before.at!r}, got {after.at!r}"
            yield Violation("pauses", row, "S13", said)
            return
