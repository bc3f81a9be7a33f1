"""Stateful test: an office changes step by step, and both engines play its calls now and then.

Hypothesis chooses the steps: set up a group, change its settings, let a person join or leave, set
hours of duty, add own calls, add and remove calls. At each step that plays the calls, both
engines must give the same log, and the log must satisfy `LAWS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    precondition,
    rule,
)

import ringsim as rs
from ringsim.testing import Ordering, audit, dispatchers, groups
from support.played import frames, rows, talks
from support.profiles import PROFILE

GROUPS = ["600", "601", "602"]
PEOPLE = ["201", "202", "203", "204"]
INSTANTS = st.integers(0, 20).map(float) | st.floats(0, 20)
DURATIONS = st.sampled_from([5.0, 0.0, math.inf]) | st.integers(0, 20).map(float) | st.floats(0, 20)

ANY_GROUP = st.one_of(
    [
        groups(people=PEOPLE, min_members=1, forward_to=[*GROUPS, "999"], ties=ties)
        for ties in (True, False)
    ]
)
CALLS = st.fixed_dictionaries(
    {
        "arrives_at": INSTANTS,
        "talk_time": DURATIONS,
        "wrap_up_time": DURATIONS,
        "patience": st.just(math.inf) | DURATIONS,
        "delays": st.fixed_dictionaries(dict.fromkeys(PEOPLE, DURATIONS)),
    }
)

# Laws of every log


def every_call_has_an_outcome_and_its_rings(scenario: rs.Scenario, log: rs.CallLog) -> None:
    calls = rows(log.calls, "outcome", "answered_by", "n_rings")
    rings = rows(log.rings, "call", "member", "result")
    for call, (outcome, answered_by, n_rings) in enumerate(calls):
        rang = [(member, result) for number, member, result in rings if number == call]
        answers = [member for member, result in rang if result == "answered"]
        paged = any(result == "paged" for _, result in rang)
        assert outcome in ("answered", "abandoned", "overflowed")
        assert n_rings == len(rang)
        assert answers == ([] if answered_by is None else [answered_by])
        assert (outcome == "answered") == (bool(answers) or paged)
    assert sum(log.visits["n_rings"]) == len(rings)


def nobody_is_on_two_calls(scenario: rs.Scenario, log: rs.CallLog) -> None:
    """Nobody answers in wrap-up either, except a page."""
    for calls in talks(log).values():
        for one, following in pairwise(calls):
            begins_at = one.ends_at if following.kind == "paged" else one.free_at
            assert begins_at <= following.starts_at


def phones_ring_within_ring_time_and_patience(scenario: rs.Scenario, log: rs.CallLog) -> None:
    gives_up_at = [at + patience for at, patience in rows(log.calls, "arrives_at", "patience")]
    for call, number, member, start, end, _ in rows(log.rings):
        group = scenario.group(number)
        assert member in [member.extension_number for member in group.members]
        assert start <= end <= min(start + group.ring_time, gives_up_at[call])


def people_are_rung_and_called_on_duty(scenario: rs.Scenario, log: rs.CallLog) -> None:
    own_calls = rows(log.own_calls[log.own_calls["taken"]], "extension", "started_at")
    for number, at in rows(log.rings, "member", "started_at") + own_calls:
        duty = scenario.duty(number)
        assert duty is None or any(start <= at < end for start, end in duty)


LAWS: list[Callable[[rs.Scenario, rs.CallLog], None]] = [
    every_call_has_an_outcome_and_its_rings,
    nobody_is_on_two_calls,
    phones_ring_within_ring_time_and_patience,
    people_are_rung_and_called_on_duty,
]


class Office(RuleBasedStateMachine):
    """State machine that builds a scenario and a workload."""

    numbers = Bundle("numbers")  # of groups
    callers = Bundle("callers")

    def __init__(self) -> None:
        super().__init__()
        self.groups: dict[str, rs.RingGroup] = {}
        self.dispatchers: dict[str, Ordering] = {}
        self.duty: dict[str, list[tuple[float, float]]] = {}
        self.ringing_is_busy = False
        self.calls: dict[int, dict[str, Any]] = {}
        self.own_calls: list[tuple[float, str, float]] = []

    # Groups

    @initialize(target=numbers, group=ANY_GROUP)
    def set_up_the_first_group(self, group: rs.RingGroup) -> str:
        return self.set_up_a_group(group)

    @precondition(lambda self: len(self.groups) < len(GROUPS))
    @rule(target=numbers, group=ANY_GROUP)
    def set_up_another_group(self, group: rs.RingGroup) -> str:
        return self.set_up_a_group(group)

    def set_up_a_group(self, group: rs.RingGroup) -> str:
        number = GROUPS[len(self.groups)]
        self.groups[number] = group.replace(extension_number=number)
        return number

    @rule(
        number=numbers,
        group=ANY_GROUP,
        names=st.sets(
            st.sampled_from(
                ["ring_time", "ring_strategy", "skip_busy_member", "no_answer_forward_rule"]
            ),
            min_size=1,
        ),
    )
    def change_settings(self, number: str, group: rs.RingGroup, names: set[str]) -> None:
        changes = {name: getattr(group, name) for name in sorted(names)}
        self.groups[number] = self.groups[number].replace(**changes)

    @rule(number=numbers, dispatcher=st.none() | dispatchers())
    def set_or_remove_a_dispatcher(self, number: str, dispatcher: Ordering | None) -> None:
        self.dispatchers.pop(number, None)
        if dispatcher:
            self.dispatchers[number] = dispatcher

    @rule(number=numbers, person=st.sampled_from(PEOPLE), level=st.integers(1, 2))
    def join_or_leave(self, number: str, person: str, level: int) -> None:
        group = self.groups[number]
        others = [member for member in group.members if member.extension_number != person]
        joins = len(others) == len(group.members)
        joined = [rs.Member(person, skill_level=level)] if joins else []
        self.groups[number] = group.replace(members=[*others, *joined])

    # People

    @rule(person=st.sampled_from(PEOPLE), start=INSTANTS, length=st.integers(1, 20))
    def be_on_duty_only(self, person: str, start: float, length: float) -> None:
        self.duty[person] = [(start, start + length)]

    @rule(person=st.sampled_from(PEOPLE))
    def be_on_duty_always(self, person: str) -> None:
        self.duty.pop(person, None)

    @precondition(lambda self: len(self.own_calls) < 3)
    @rule(at=INSTANTS, person=st.sampled_from(PEOPLE), talk_time=DURATIONS)
    def add_an_own_call(self, at: float, person: str, talk_time: float) -> None:
        self.own_calls.append((at, person, talk_time))

    @rule(is_busy=st.booleans())
    def count_ringing_as_busy(self, is_busy: bool) -> None:
        self.ringing_is_busy = is_busy

    # Callers

    @rule(target=callers, calls=st.lists(CALLS, min_size=1, max_size=4), group=numbers)
    def call(self, calls: list[dict[str, Any]], group: str) -> MultipleResults[int]:
        first = max(self.calls, default=-1) + 1
        new = {first + k: {**call, "group": group} for k, call in enumerate(calls)}
        self.calls |= new
        return multiple(*new)

    @rule(caller=consumes(callers))
    def remove_a_call(self, caller: int) -> None:
        del self.calls[caller]

    # Playing

    @property
    def scenario(self) -> rs.Scenario:
        return rs.Scenario(
            groups=list(self.groups.values()),
            extensions=[rs.Extension(number, on_duty=self.duty.get(number)) for number in PEOPLE],
            ringing_is_busy=self.ringing_is_busy,
        )

    @property
    def workload(self) -> rs.Workload:
        calls = list(self.calls.values())
        return rs.Workload(
            **{
                name: [call[name] for call in calls]
                for name in ("group", "arrives_at", "talk_time", "wrap_up_time", "patience")
            },
            answer_delay={number: [call["delays"][number] for call in calls] for number in PEOPLE},
            own_calls=self.own_calls,
        )

    @precondition(lambda self: self.calls or self.own_calls)
    @rule()
    def play(self) -> None:
        scenario, workload = self.scenario, self.workload
        log, compiled = (
            rs.play(scenario, workload, engine, dispatcher=self.dispatchers)
            for engine in ("simpy", "compiled")
        )
        assert frames(log) == frames(compiled)
        for law in LAWS:
            law(scenario, log)
        audit(scenario, log, workload, dispatcher=self.dispatchers).check()

    def teardown(self) -> None:
        self.play()


Office.TestCase.settings = settings(max_examples=PROFILE.examples * 3 // 2, stateful_step_count=30)
TestOffice = Office.TestCase
