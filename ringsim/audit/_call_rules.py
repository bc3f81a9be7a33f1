"""The rules of calls, one function each: S1, S9 and S15.

Each yields the violations of what its name says: what these rows must be, given the rows before
them, asked when what it speaks of happens.

Rules S1 and S15: the calls of a log are those of the workload.

Whatever comes of a call, the workload says when it comes, to which group, and how long it
would talk and wait; so these are asked before anything is read.
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


def s9_enters(visit: VisitRow, following: str | None, story: CallHistory) -> Violations:
    """S1, S9: first the group called, then those forwarded to, each when the last is left."""
    rule = "S9" if story.entered else "S1"
    if following is None:
        said = f"group must not be entered, as the call ended at {story.now!r}"
        yield Violation.of(visit, rule, f"{said}, got {visit.group!r}")
    else:
        yield from must(visit, rule, "group", following)
        yield from must(visit, rule, "entered_at", story.now, slack=story.slack)


def s9_leaves(visit: VisitRow, story: CallHistory, passes: int, n_rings: int) -> Violations:
    """S9: after as many passes as the rule wants, at the instant at which the last one ended."""
    yield from must(visit, "S9", "passes", passes)
    yield from must(visit, "S9", "left_at", story.now, slack=story.slack)
    yield from must(visit, "S9", "n_rings", n_rings, "rings of this visit")


def s9_goes_on(story: CallHistory, following: str) -> Violations:
    """S9: a call that is to enter a group enters it, and a call enters at least one."""
    said = f"call must enter {following} at {story.now!r}, got no row in visits"
    yield Violation.of(story.call, "S9" if story.entered else "S1", said)


def s9_no_ring_is_left(story: CallHistory) -> Violations:
    """S6, S8, S9: no phone rings for a call that has ended, or in a group that it has left."""
    ring = story.next_ring
    if ring is not None:
        said = f"must not ring for call {ring.call} in {ring.group} any more, at {story.now!r}"
        yield Violation.of(ring, "S9", f"{ring.member} {said}, got {ring.started_at!r}")


def s1_ends(story: CallHistory, ending: Outcome) -> Violations:
    """S1, S6, S9, S10, S14: one outcome, and what goes with it."""
    call = story.call
    yield from must(call, "S1", "outcome", ending.outcome)
    wait = story.now - call.arrives_at
    yield from must(call, "S14", "wait", wait, "instant - arrives_at", 1.5 * story.slack)
    yield from must(call, "S6", "answered_by", ending.answered_by)
    if ending.outcome != "answered":
        yield from must(call, "S6", "talk_time", None)
    elif call.talk_time is None:
        yield Violation.of(call, "S6", "talk_time must be given if answered, got nothing")
    yield from must(call, "S1", "n_rings", len(story.rings), "rows of rings")
    yield from must(call, "S1", "ended_in", story.entered[-1])
    yield from must(call, "S9", "action", ending.action)


def s15_own_call(own: OwnCallRow, person: Person) -> Violations:
    """S15: takes place if the person is free and on duty at that instant."""
    at = own.started_at
    yield from must(own, "S15", "taken", person.is_free(at) and person.is_on_duty(at))


def s1_all_calls_are_there(tables: Tables, workload: Workload) -> Iterator[Violation]:
    """S1, S15: as many calls and own calls as the workload has."""
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
    """S1: a call arrives at its group at `arrives_at`; its talk is known if it is answered."""
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
    """S15: own calls are there in the order of the workload, taken or not."""
    own = workload.own_calls
    columns = ("extension", "started_at", "talk_time")
    planned = zip(own.extension, own.at.tolist(), own.talk_time.tolist(), strict=True)
    for row, values in zip(tables.own_calls, planned, strict=True):
        for column, value in zip(columns, values, strict=True):
            why = f"the workload's {column}"
            yield from must(row, "S15", column, value, why, 0.0 if column == "extension" else slack)


def _groups(workload: Workload, scenario: Scenario) -> tuple[str, ...]:
    """The group that each call arrives at; the only one there is needs no naming.

    Raises
    ------
    ConfigurationError
        When there are several, and none is named.
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
