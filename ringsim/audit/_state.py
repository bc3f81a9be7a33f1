"""Who was on a call, ringing or on duty, and what groups remember: state told by a log's rows.

`Person`
    The person behind a number, shared by all groups.
`Seat`
    A person as one group knows them: rule S7.
`Group`
    A group, what its record says, and its seats in the configured order.
`groups_of`
    The groups of a scenario, and what picks whom they ring.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ringsim.dispatch import Candidate, Dispatcher
from ringsim.group import Action, RingGroup
from ringsim.rules import Rules
from ringsim.scenario import Scenario, Span
from ringsim.workload import Workload

__all__ = [
    "Group",
    "Person",
    "Seat",
    "groups_of",
    "people_of",
]


NEVER = -math.inf


@dataclass(slots=True)
class Person:
    """The person behind a number.

    Without a workload nobody knows when they would answer, and `answer_delay` is None.
    """

    number: str
    duty: tuple[Span, ...] | None
    answer_delay: Callable[[int, int], float] | None
    random: Callable[[int], float] | None
    on_call_until: float = NEVER
    free_at: float = NEVER
    n_ringing: int = 0

    def is_on_duty(self, at: float) -> bool:
        """S12: in [start, end) of a span."""
        return self.duty is None or any(start <= at < end for start, end in self.duty)

    def why_on_call(self, at: float) -> str:
        """The same in words."""
        return f"on a call until {self.on_call_until!r}" if at < self.on_call_until else "ringing"

    def is_free(self, at: float) -> bool:
        """S6: neither on a call nor in wrap-up, whatever rings."""
        return at >= self.free_at

    def talks(self, at: float, talk_time: float, wrap_up_time: float = 0.0) -> None:
        """S6, S10, S15: a call begins; a wrap-up that runs already goes on beside it."""
        hangs_up_at = at + talk_time
        self.on_call_until = max(self.on_call_until, hangs_up_at)
        self.free_at = max(self.free_at, hangs_up_at + wrap_up_time)


@dataclass(slots=True)
class Seat:
    """A person as one group knows them: what a dispatcher may order by (rule S7)."""

    position: int
    skill_level: int
    person: Person
    ringing_is_busy: bool
    last_rung_at: float = NEVER
    last_answered_at: float = NEVER
    talks_until: float = NEVER
    n_rung: int = 0
    n_answered: int = 0
    talked_time: float = 0.0

    def is_on_call(self, at: float) -> bool:
        """S3: in [answer, answer + talk); with `ringing_is_busy`, while the phone rings too."""
        rings = self.ringing_is_busy and self.person.n_ringing > 0
        return at < self.person.on_call_until or rings

    def rings(self, at: float) -> None:
        """A ring counts from its start, answered or not."""
        self.last_rung_at = at
        self.n_rung += 1

    def answers(self, at: float, talk_time: float) -> None:
        """An answer, that of a page too, counts with all its planned talk."""
        self.last_answered_at = at
        self.n_answered += 1
        self.talked_time += talk_time
        self.talks_until = at + talk_time

    def as_candidate(self, now: float, call: int) -> Candidate:
        """The same, for a dispatcher that is asked now, for this call."""
        draw = self.person.random
        return Candidate(
            position=self.position,
            skill_level=self.skill_level,
            last_rung_at=self.last_rung_at,
            last_answered_at=self.last_answered_at,
            last_hung_up_at=min(self.talks_until, now),
            n_rung=self.n_rung,
            n_answered=self.n_answered,
            talked_time=self.talked_time,
            random=draw(call) if draw else 0.0,
        )


@dataclass
class Group:
    """A group: its record, its dispatcher, and its members in the configured order.

    Every option of its rules is set.

    Without a workload nobody knows whom a dispatcher picks that looks at its random draws,
    and `order_is_known` is false.
    """

    record: RingGroup
    rules: Rules
    dispatcher: Dispatcher
    seats: list[Seat]
    forward_to: str | None
    order_is_known: bool

    @property
    def number(self) -> str:
        """What is dialled to reach it."""
        return self.record.extension_number

    def seat_of(self, member: str) -> Seat | None:
        """That of a person; nobody else has one."""
        return self._by_number.get(member)

    @cached_property
    def _by_number(self) -> dict[str, Seat]:
        return {seat.person.number: seat for seat in self.seats}

    @property
    def action(self) -> Action:
        """What its no-answer rule does."""
        return self.record.no_answer_forward_rule.action

    @property
    def most_passes(self) -> int:
        """S9: how many passes one call may have here."""
        return self.rules.passes or 1


def people_of(scenario: Scenario, workload: Workload | None) -> dict[str, Person]:
    """Everybody, by number; nobody has been rung yet."""
    return {
        number: Person(
            number=number,
            duty=scenario.duty(number),
            answer_delay=None if workload is None else workload.phones.answer_delay_of(number),
            random=None if workload is None else workload.phones.random_of(number),
        )
        for number in scenario.extension_numbers
    }


def groups_of(
    scenario: Scenario,
    people: Mapping[str, Person],
    dispatchers: Mapping[str, Dispatcher],
    *,
    draws_are_known: bool,
) -> dict[str, Group]:
    """Every group, by number, remembering nothing yet."""
    found = {}
    for record in scenario.groups:
        rule, dispatcher = record.no_answer_forward_rule, dispatchers[record.extension_number]
        forwards = rule.action is Action.FORWARD_TO_NUMBER
        rules = scenario.rules(record.extension_number)
        found[record.extension_number] = Group(
            record=record,
            rules=rules,
            dispatcher=dispatcher,
            seats=[
                Seat(
                    position,
                    member.skill_level,
                    people[member.extension_number],
                    bool(rules.ringing_is_busy),
                )
                for position, member in enumerate(record.members)
            ],
            forward_to=rule.number if forwards and rule.number in dispatchers else None,
            order_is_known=draws_are_known or not dispatcher.looks_at("random"),
        )
    return found
