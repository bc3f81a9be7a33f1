"""Checks of the rules of calls (S1, S9 and S15), one function per check.

Each function yields the violations of the rule in its name. The log reader calls it at the event
that the rule is about, with the state that follows from the rows before.

The functions that compare a log with its workload (`s1_all_calls_are_there`,
`s1_calls_are_the_workloads` and `s15_own_calls_are_the_workloads`) run before any row is read,
because the workload alone fixes the arrival, the group, the talk time and the patience of a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ringsim.audit._calls import CallHistory, Outcome
from ringsim.audit._rows import OwnCallRow, Tables, Violation, VisitRow, must
from ringsim.audit._state import Person
from ringsim.errors import ConfigurationError
from ringsim.scenario import Scenario
from ringsim.workload import Workload

__all__ = [
    "s1_all_calls_are_there",
    "s1_calls_are_the_workloads",
    "s1_ends",
    "s9_enters",
    "s9_goes_on",
    "s9_leaves",
    "s9_no_ring_is_left",
    "s15_own_call",
    "s15_own_calls_are_the_workloads",
]

Violations: TypeAlias = Iterator[Violation]


def s9_enters(visit: VisitRow, following: str | None, history: CallHistory) -> Violations:
    """S1, S9: a call enters the group called, then each next group when it leaves the last."""
    rule = "S9" if history.entered else "S1"
    if following is None:
        said = f"group must not be entered, as the call ended at {history.now!r}"
        yield Violation.of(visit, rule, f"{said}, got {visit.group!r}")
    else:
        yield from must(visit, rule, "group", following)
        yield from must(visit, rule, "entered_at", history.now, slack=history.slack)


def s9_leaves(visit: VisitRow, history: CallHistory, passes: int, n_rings: int) -> Violations:
    """S9: a call leaves after the number of passes of the rule, when the last pass ends."""
    yield from must(visit, "S9", "passes", passes)
    yield from must(visit, "S9", "left_at", history.now, slack=history.slack)
    yield from must(visit, "S9", "n_rings", n_rings, "rings of this visit")


def s9_goes_on(history: CallHistory, following: str) -> Violations:
    """S1, S9: the visit to the next group must not be missing."""
    said = f"call must enter {following} at {history.now!r}, got no row in visits"
    yield Violation.of(history.call, "S9" if history.entered else "S1", said)


def s9_no_ring_is_left(history: CallHistory) -> Violations:
    """S6, S8, S9: no phone rings for a call that has ended or has left the group."""
    ring = history.next_ring
    if ring is not None:
        said = f"must not ring for call {ring.call} in {ring.group} any more, at {history.now!r}"
        yield Violation.of(ring, "S9", f"{ring.member} {said}, got {ring.started_at!r}")


def s1_ends(history: CallHistory, ending: Outcome) -> Violations:
    """S1, S6, S9, S10, S14: outcome, wait, answering member, talk time, rings and action."""
    call = history.call
    yield from must(call, "S1", "outcome", ending.outcome)
    wait = history.now - call.arrives_at
    yield from must(call, "S14", "wait", wait, "instant - arrives_at", 1.5 * history.slack)
    yield from must(call, "S6", "answered_by", ending.answered_by)
    if ending.outcome != "answered":
        yield from must(call, "S6", "talk_time", None)
    elif call.talk_time is None:
        yield Violation.of(call, "S6", "talk_time must be given if answered, got nothing")
    yield from must(call, "S1", "n_rings", len(history.rings), "rows of rings")
    yield from must(call, "S1", "ended_in", history.entered[-1])
    yield from must(call, "S9", "action", ending.action)


def s15_own_call(own: OwnCallRow, person: Person) -> Violations:
    """S15: an own call is taken if the person is free and on duty at its start.

    If the person may be away, and nobody knows when, a call need not be taken.
    """
    at = own.started_at
    if own.taken or not person.may_be_away:
        yield from must(own, "S15", "taken", person.is_free(at) and person.is_on_duty(at))


def s1_all_calls_are_there(tables: Tables, workload: Workload) -> Iterator[Violation]:
    """S1, S15: the log has as many calls and own calls as the workload."""
    for rule, frame, expected in (
        ("S1", "calls", len(workload)),
        ("S15", "own_calls", len(workload.own_calls)),
    ):
        got = len(getattr(tables, frame))
        if got != expected:
            said = f"{frame} must have the workload's {expected} rows, got {got}"
            yield Violation(frame, min(got, expected), rule, said)


def s1_calls_are_the_workloads(
    tables: Tables, workload: Workload, scenario: Scenario, slack: float = 0.0
) -> Iterator[Violation]:
    """S1: arrivals, groups and times of calls equal those of the workload.

    The talk time is compared only if the log has one, as for an answered call.
    """
    groups = _groups(workload, scenario)
    columns = ("arrives_at", "talk_time", "wrap_up_time", "patience")
    planned = zip(*(getattr(workload, column).tolist() for column in columns), strict=True)
    for call, group, values in zip(tables.calls, groups, planned, strict=True):
        yield from must(call, "S1", "group", group, "the workload's group")
        for column, value in zip(columns, values, strict=True):
            if column != "talk_time" or call.talk_time is not None:
                yield from must(call, "S1", column, value, f"the workload's {column}", slack)


def s15_own_calls_are_the_workloads(
    tables: Tables, workload: Workload, slack: float = 0.0
) -> Iterator[Violation]:
    """S15: own calls are those of the workload, in its order, taken or not."""
    own = workload.own_calls
    columns = ("extension", "started_at", "talk_time")
    planned = zip(own.extension, own.at.tolist(), own.talk_time.tolist(), strict=True)
    for row, values in zip(tables.own_calls, planned, strict=True):
        for column, value in zip(columns, values, strict=True):
            why = f"the workload's {column}"
            yield from must(row, "S15", column, value, why, 0.0 if column == "extension" else slack)


def _groups(workload: Workload, scenario: Scenario) -> tuple[str, ...]:
    """Return the group that each call arrives at; by default the only group of the scenario.

    Raises
    ------
    ConfigurationError
        If the workload names no group although the scenario does not have exactly one.
    """
    given, known = workload.group, scenario.group_numbers
    if isinstance(given, tuple):
        return given
    if not len(workload):
        return ()
    if given is None and len(known) != 1:
        raise ConfigurationError(
            "group", f"must be given for each call, as the scenario has {len(known)} groups"
        )
    return (given or known[0],) * len(workload)
