"""The rules of calls, one function each: S1, S9 and S15.

Each yields the violations of what its name says: what these rows must be, given the rows before
them, asked when what it speaks of happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ringsim.testing._audit_facts import Ending, Story
from ringsim.testing._audit_people import Person
from ringsim.testing._audit_rows import OwnCallRow, Violation, VisitRow, must

__all__ = [
    "s1_ends",
    "s9_enters",
    "s9_goes_on",
    "s9_leaves",
    "s9_no_ring_is_left",
    "s15_own_call",
]

Violations: TypeAlias = Iterator[Violation]


def s9_enters(visit: VisitRow, following: str | None, story: Story) -> Violations:
    """S1, S9: first the group called, then those forwarded to, each when the last is left."""
    rule = "S9" if story.entered else "S1"
    if following is None:
        said = f"group must not be entered, as the call ended at {story.now!r}"
        yield Violation.of(visit, rule, f"{said}, got {visit.group!r}")
    else:
        yield from must(visit, rule, "group", following)
        yield from must(visit, rule, "entered_at", story.now, slack=story.slack)


def s9_leaves(visit: VisitRow, story: Story, passes: int, n_rings: int) -> Violations:
    """S9: after as many passes as the rule wants, at the instant at which the last one ended."""
    yield from must(visit, "S9", "passes", passes)
    yield from must(visit, "S9", "left_at", story.now, slack=story.slack)
    yield from must(visit, "S9", "n_rings", n_rings, "rings of this visit")


def s9_goes_on(story: Story, following: str) -> Violations:
    """S9: a call that is to enter a group enters it, and a call enters at least one."""
    said = f"call must enter {following} at {story.now!r}, got no row in visits"
    yield Violation.of(story.call, "S9" if story.entered else "S1", said)


def s9_no_ring_is_left(story: Story) -> Violations:
    """S6, S8, S9: no phone rings for a call that has ended, or in a group that it has left."""
    ring = story.next_ring
    if ring is not None:
        said = f"must not ring for call {ring.call} in {ring.group} any more, at {story.now!r}"
        yield Violation.of(ring, "S9", f"{ring.member} {said}, got {ring.started_at!r}")


def s1_ends(story: Story, ending: Ending) -> Violations:
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
