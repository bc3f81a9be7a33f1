"""Checks of calls to groups with options: outcome, rings and visits agree.

Each function yields the violations of its rule in a call, given the visits that it made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from ringsim.audit._option_rows import ROUNDING, Visit
from ringsim.audit._option_state import Timeline
from ringsim.audit._rows import Violation, must
from ringsim.group import Action

__all__ = ["ON_CALL"]

Violations: TypeAlias = Iterator[Violation]


def results_agree(line: Timeline, visits: Sequence[Visit]) -> Violations:
    """S1, S5, S6, S8: outcome, wait and number of rings agree with the rings of the call."""
    call, rings = visits[0].call, [ring for visit in visits for ring in visit.rings]
    slack = 2 * line.slack
    ends_at = call.arrives_at + call.wait
    answered = [ring for ring in rings if ring.row.result == "answered"]
    pages = [ring for ring in rings if ring.row.result == "paged"]
    yield from must(call, "S1", "n_rings", len(rings), "rows of rings")
    yield from must(call, "S1", "ended_in", visits[-1].row.group)
    if (call.outcome == "answered") != bool(answered or pages) or len(answered) > 1:
        said = f"outcome must agree with {len(answered)} answered rings"
        yield Violation.of(call, "S1", f"{said}, got {call.outcome}")
        return
    for ring in rings:
        result, end = ring.row.result, ring.row.ended_at
        if result in ("answered", "answered_elsewhere", "caller_gave_up", "paged"):
            if abs(end - ends_at) > slack + ROUNDING:
                said = f"ended_at must be the end of the call, {ends_at!r}, got {end!r}"
                yield Violation.of(ring.row, "S5", said)
        elif end > ends_at + slack + ROUNDING:
            said = f"ended_at must not be after the end of the call, {ends_at!r}, got {end!r}"
            yield Violation.of(ring.row, "S5", said)
        if (result == "answered_elsewhere" and not answered) or (
            result == "caller_gave_up" and call.outcome != "abandoned"
        ):
            said = f"result must agree with the outcome, {call.outcome}, got {result}"
            yield Violation.of(ring.row, "S5", said)
    if call.outcome == "abandoned":
        yield from must(call, "S8", "wait", call.patience, "patience", slack + ROUNDING)
    elif call.wait > call.patience + slack + ROUNDING:
        said = f"wait must be at most the patience {call.patience!r}, got {call.wait!r}"
        yield Violation.of(call, "S8", said)


def the_call_agrees(line: Timeline, visits: Sequence[Visit]) -> Violations:
    """S1, S6, S9, S10: group, answering member, talk time and action agree with the visits."""
    call, rings = visits[0].call, [ring.row for visit in visits for ring in visit.rings]
    by = next((ring.member for ring in rings if ring.result == "answered"), None)
    yield from must(call, "S1", "group", visits[0].row.group)
    yield from must(call, "S6", "answered_by", by)
    if call.outcome != "answered":
        yield from must(call, "S6", "talk_time", None)
    elif call.talk_time is None:
        yield Violation.of(call, "S6", "talk_time must be given if answered, got nothing")
    target = _target(line, visits[-1])
    if call.outcome != "overflowed":
        yield from must(call, "S9", "action", None)
    elif target is None:
        rule = visits[-1].group.record.no_answer_forward_rule.action
        hangs_up = rule is Action.REPEAT
        yield from must(call, "S9", "action", str(Action.HANGUP if hangs_up else rule))
    elif target in {visit.row.group for visit in visits}:
        yield from must(call, "S9", "action", "LOOP")
    else:
        yield Violation.of(call, "S9", f"call must enter group {target}, got an end as overflowed")


def _target(line: Timeline, visit: Visit) -> str | None:
    """Return the group to which the group of a visit forwards unanswered calls, if any."""
    rule = visit.group.record.no_answer_forward_rule
    forwards = rule.action is Action.FORWARD_TO_NUMBER and rule.number in line.groups
    return rule.number if forwards else None


def visits_follow_each_other(line: Timeline, visits: Sequence[Visit]) -> Violations:
    """S9: a call enters the next group when it leaves the one before; rings lie between."""
    slack = 2 * line.slack + ROUNDING
    for before, after in pairwise(visits):
        yield from must(after.row, "S9", "entered_at", before.row.left_at, slack=slack)
        yield from must(after.row, "S9", "group", _target(line, before))
    for place, visit in enumerate(visits):
        n = len(visit.rings)
        if visit.row.group in [earlier.row.group for earlier in visits[:place]]:
            said = f"group must not be entered a second time by call {visit.row.call}"
            yield Violation.of(visit.row, "S9", f"{said}, got {visit.row.group}")
        yield from must(visit.row, "S9", "n_rings", n, "rings of this visit")
        for ring in visit.rings:
            if not visit.row.entered_at - slack <= ring.row.started_at <= visit.row.left_at + slack:
                said = f"started_at must lie within the visit to {visit.row.group}"
                yield Violation.of(ring.row, "S9", f"{said}, got {ring.row.started_at!r}")
    first, last = visits[0], visits[-1]
    yield from must(first.row, "S1", "entered_at", first.call.arrives_at, slack=slack)
    ends_at = last.call.arrives_at + last.call.wait
    yield from must(last.row, "S9", "left_at", ends_at, "the end of the call", slack)


def columns_of_lines_agree(line: Timeline, visits: Sequence[Visit]) -> Violations:
    """wait_in_line: only a group with a line has lengths and places; a first ring is the first.

    `first_rung_at` is missing for a page.
    """
    for visit in visits:
        for column in ("line_length", "lined_up_at"):
            got = getattr(visit, column)
            if not visit.group.rules.wait_in_line and not math.isnan(got):
                said = f"{column} must be missing, as group {visit.row.group} has no line"
                yield Violation.of(visit.row, "wait_in_line", f"{said}, got {got!r}")
        if visit.first_rung_at is None:
            continue
        rung = [ring.row.started_at for ring in visit.rings if ring.row.result != "paged"]
        first, got = min(rung, default=math.nan), visit.first_rung_at
        if abs(got - first) > line.slack or math.isnan(got) != math.isnan(first):
            said = f"first_rung_at must be {first!r}, the start of the first ring, got {got!r}"
            yield Violation.of(visit.row, "wait_in_line", said)


ON_CALL: Final[tuple[Callable[[Timeline, Sequence[Visit]], Violations], ...]] = (
    results_agree,
    the_call_agrees,
    columns_of_lines_agree,
    visits_follow_each_other,
)
