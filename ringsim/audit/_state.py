"""State of people and groups at an instant, derived from the rows of a log.

`Person`
    The state of a person, shared by all groups.
`Seat`
    A member's place in one group, with the memory of that group (S7).
`Group`
    A group with its record, its dispatcher and its seats.
`people_of`, `groups_of`
    The people and the groups of a scenario before the first call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    "is_not_derived",
    "people_of",
]


NEVER = -math.inf
# Drawn at each pick, and a log does not tell how many picks there were; moved when waves end
NOT_DERIVED = ("redrawn", "weighted", "rotation")


@dataclass(slots=True)
class Person:
    """The state of a person: their hours of duty, calls and ringing phones.

    Without a workload, `answer_delay` and `random` are None: unknown. `may_be_away` is true if
    spells away are unknown too, and `away` has those that are known: their starts and lengths.
    """

    number: str
    duty: tuple[Span, ...] | None
    answer_delay: Callable[[int, int], float] | None
    random: Callable[[int], float] | None
    away: tuple[tuple[float, float], ...] = ()
    may_be_away: bool = False
    on_call_until: float = NEVER
    free_at: float = NEVER
    n_ringing: int = 0

    def is_on_duty(self, at: float) -> bool:
        """Return whether the instant is in [start, end) of a span of duty (S12)."""
        return self.duty is None or any(start <= at < end for start, end in self.duty)

    def why_on_call(self, at: float) -> str:
        """Return in words why the person counts as on a call."""
        return f"on a call until {self.on_call_until!r}" if at < self.on_call_until else "ringing"

    def is_free(self, at: float) -> bool:
        """Return whether the person is neither on a call nor in wrap-up (S6)."""
        return at >= self.free_at

    def leaves(self, at: float, lasting: float) -> None:
        """Begin a spell away (S15)."""
        self.free_at = max(self.free_at, at + lasting)

    def talks(self, at: float, talk_time: float, wrap_up_time: float = 0.0) -> None:
        """Begin a call (S6, S10, S15); a wrap-up that is already running continues."""
        hangs_up_at = at + talk_time
        self.on_call_until = max(self.on_call_until, hangs_up_at)
        self.free_at = max(self.free_at, hangs_up_at + wrap_up_time)


@dataclass(slots=True)
class Latest:
    """Positions of the members of one group who rang last and who answered last, if any."""

    rung: int | None = None
    answered: int | None = None


@dataclass(slots=True)
class Seat:
    """A member's place in one group, with the memory that a dispatcher may sort by (S7)."""

    position: int
    skill_level: int
    person: Person
    ringing_is_busy: bool
    latest: Latest = field(default_factory=Latest)
    last_rung_at: float = NEVER
    last_answered_at: float = NEVER
    talks_until: float = NEVER
    completed_before: float = NEVER
    n_rung: int = 0
    n_answered: int = 0
    talked_time: float = 0.0

    def is_on_call(self, at: float) -> bool:
        """Return whether the member counts as on a call (S3).

        That is in [answer, answer + talk) and, with `ringing_is_busy`, while their phone rings.
        """
        rings = self.ringing_is_busy and self.person.n_ringing > 0
        return at < self.person.on_call_until or rings

    def rings(self, at: float) -> None:
        """Record a ring at its start, answered or not."""
        self.latest.rung = self.position
        self.last_rung_at = at
        self.n_rung += 1

    def answers(self, at: float, talk_time: float) -> None:
        """Record an answer, also to a page, with its planned talk time."""
        self.latest.answered = self.position
        self.last_answered_at = at
        self.n_answered += 1
        self.talked_time += talk_time
        self.completed_before, self.talks_until = self.talks_until, at + talk_time

    def as_candidate(self, now: float, call: int) -> Candidate:
        """Return the candidate that a dispatcher sees now, for this call."""
        draw = self.person.random
        has_ended = self.talks_until <= now
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
            last_completed_at=self.talks_until if has_ended else self.completed_before,
            n_completed=self.n_answered - (not has_ended),
            idle_since=min(self.person.on_call_until, now),
            extension_number=self.person.number,
        )


@dataclass
class Group:
    """A group with its record, its dispatcher, and its seats in the configured order.

    Every option of `rules` is set. `order_is_known` is false if the dispatcher uses random draws
    and there is no workload, or fields that the audit does not derive.
    """

    record: RingGroup
    rules: Rules
    dispatcher: Dispatcher
    seats: list[Seat]
    forward_to: str | None
    order_is_known: bool
    latest: Latest

    @property
    def number(self) -> str:
        """Extension number of the group."""
        return self.record.extension_number

    def seat_of(self, member: str) -> Seat | None:
        """Return the seat of a member by extension number; None for a non-member."""
        return self._by_number.get(member)

    @cached_property
    def _by_number(self) -> dict[str, Seat]:
        return {seat.person.number: seat for seat in self.seats}

    @property
    def action(self) -> Action:
        """Action of the no-answer rule."""
        return self.record.no_answer_forward_rule.action

    @property
    def max_passes(self) -> int:
        """Largest number of passes of one call through the group (S9)."""
        return int(self.rules.passes or 1)  # finite: endless passes are an option


def people_of(scenario: Scenario, workload: Workload | None) -> dict[str, Person]:
    """Return all people by number, in their state before the first call."""
    spells = _spells(workload)
    return {
        number: Person(
            number=number,
            duty=scenario.duty(number),
            answer_delay=None if workload is None else workload.phones.answer_delay_of(number),
            random=None if workload is None else workload.phones.random_of(number),
            away=spells.get(number, ()),
            may_be_away=workload is None and scenario.extension(number).away is not None,
        )
        for number in scenario.extension_numbers
    }


def is_not_derived(dispatcher: Dispatcher) -> bool:
    """Return whether an ordering sorts by a field that the audit does not derive."""
    return dispatcher.is_ordering and any(map(dispatcher.looks_at, NOT_DERIVED))


def _spells(workload: Workload | None) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return the starts and lengths of the spells away in a workload, by extension number."""
    found: dict[str, tuple[tuple[float, float], ...]] = {}
    if workload is not None:
        away = workload.away
        rows = zip(away.extension, away.at.tolist(), away.talk_time.tolist(), strict=True)
        for number, at, lasting in rows:
            found[number] = (*found.get(number, ()), (at, lasting))
    return found


def groups_of(
    scenario: Scenario,
    people: Mapping[str, Person],
    dispatchers: Mapping[str, Dispatcher],
    *,
    draws_are_known: bool,
) -> dict[str, Group]:
    """Return all groups by number, with empty memories."""
    found = {}
    for record in scenario.groups:
        rule, dispatcher = record.no_answer_forward_rule, dispatchers[record.extension_number]
        forwards = rule.action is Action.FORWARD_TO_NUMBER
        rules, latest = scenario.rules(record.extension_number), Latest()
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
                    latest,
                )
                for position, member in enumerate(record.members)
            ],
            forward_to=rule.number if forwards and rule.number in dispatchers else None,
            order_is_known=not is_not_derived(dispatcher)
            and (draws_are_known or not dispatcher.looks_at("random")),
            latest=latest,
        )
    return found
