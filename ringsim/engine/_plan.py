"""A scenario prepared for the engines, with indices instead of names and all options set.

Both engines start from a `Plan`. It refers to groups and extensions by their index in its
tuples. Each group has its dispatcher, and its no-answer rule has the index of the group that it
forwards to. `Places` holds the indices of the groups and people that a workload refers to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._log_arrays import (
    ANSWERED,
    FORWARD_TO_NUMBER,
    FORWARD_TO_VOICEMAIL,
    HANGUP,
    CallArrays,
    Floats,
    Ints,
    OwnCallArrays,
)
from ringsim._rule_conflicts import check_ordering
from ringsim.dispatch import Dispatcher
from ringsim.dispatch._registry import DispatcherChoice, dispatchers_of, has_own_order
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import Action, RingGroup
from ringsim.rules import DEFAULTS, PLAIN_OPTIONS
from ringsim.scenario import Demand, Scenario, Span
from ringsim.workload import Batch, OwnCalls, Workload

__all__ = [
    "GroupPlan",
    "Places",
    "Plan",
    "PlayedCalls",
    "TooManyRingsError",
    "call_arrays",
    "check_attempts",
    "check_ended",
    "check_rings",
    "most_rings",
    "own_call_arrays",
    "places_of",
    "plan_of",
]

NOWHERE = -1

# Ring limit of a replication: max(100 per phone, 1,000) per call, plus 1,000,000; at most 250
# million rings, whose rows take 8 gigabytes
MOST_RINGS_OF_ONE, MOST_RINGS_OF_A_CALL, MOST_RINGS_BESIDE = 100, 1_000, 1_000_000
MOST_RINGS = 250_000_000

# Limit of later attempts in a replication: 1,000 per caller, plus 1,000,000; at most 50 million
MOST_ATTEMPTS_OF_ONE, MOST_ATTEMPTS_BESIDE, MOST_ATTEMPTS = 1_000, 1_000_000, 50_000_000

# Limits of one call, which only a caller reaches who would wait for ever
MOST_PASSES, MOST_LOOKS = 100_000, 10_000_000

OVERFLOW_ACTIONS = {
    Action.FORWARD_TO_NUMBER: FORWARD_TO_NUMBER,
    Action.FORWARD_TO_VOICEMAIL: FORWARD_TO_VOICEMAIL,
}  # other actions hang up, REPEAT after its last repeat


class TooManyRingsError(Exception):
    """Several runs have too many rings for one table; play them one by one."""


PRESENT_FIELDS = (
    *("last_hung_up_at", "random", "last_completed_at", "n_completed", "idle_since"),
    *("rotation", "redrawn", "weighted"),
)


@dataclass(frozen=True)
class GroupPlan:
    """One group, prepared for an engine.

    `rules` has every option set; the three that S1 to S15 have are fields here, too. The last
    four fields have the options of each member.
    """

    place: int
    members: tuple[int, ...]
    skill_levels: tuple[int, ...]
    ring_time: float
    skip_busy: bool
    dispatcher: Dispatcher
    overflow_action: int  # code of ACTIONS for a call that ends unanswered
    forward_to: int
    ringing_is_busy: bool
    passes: float
    repeat_delay: float
    rules: Any  # `Rules`, of which no field is None
    priority: float
    ring_delays: tuple[float, ...]
    ring_times: tuple[float, ...]
    skips_busy: tuple[bool, ...]
    wrap_ups: tuple[float | str, ...]

    @property
    def looks_at_present(self) -> bool:
        """True if the group's ring order depends on the current instant or the current call."""
        return any(map(self.dispatcher.looks_at, PRESENT_FIELDS))

    @cached_property
    def has_options(self) -> bool:
        """True if an option departs from rules S1 to S15."""
        n = len(self.members)
        others = {key: value for key, value in DEFAULTS.items() if key not in PLAIN_OPTIONS}
        return (
            any(getattr(self.rules, name) != value for name, value in others.items())
            or self.passes == math.inf
            or any(map(self.dispatcher.looks_at, PRESENT_FIELDS[2:]))
            or self.ring_delays != (0,) * n
            or self.ring_times != (self.ring_time,) * n
            or self.skips_busy != (self.skip_busy,) * n
            or any(self.wrap_ups)
        )


@dataclass(frozen=True)
class Plan:
    """A scenario prepared for an engine; `duty` has the spans of each extension [s]."""

    group_numbers: tuple[str, ...]
    groups: tuple[GroupPlan, ...]
    extensions: tuple[str, ...]
    duty: tuple[tuple[Span, ...] | None, ...]

    def has_duty(self, group: GroupPlan) -> bool:
        """Return True if a member of a group is not always on duty."""
        return any(self.duty[extension] is not None for extension in group.members)

    @cached_property
    def group_at(self) -> dict[str, int]:
        """Index of each group by its number."""
        return {number: index for index, number in enumerate(self.group_numbers)}

    @cached_property
    def extension_at(self) -> dict[str, int]:
        """Index of each person by their number."""
        return {number: index for index, number in enumerate(self.extensions)}

    @property
    def has_options(self) -> bool:
        """True if a group has an option that departs from rules S1 to S15."""
        return any(group.has_options for group in self.groups)

    @cached_property
    def has_lines(self) -> bool:
        """True if callers can stand in line in a group."""
        return any(group.rules.wait_in_line for group in self.groups)

    @cached_property
    def has_pauses(self) -> bool:
        """True if a group pauses members who miss rings."""
        return any(group.rules.auto_pause_after < math.inf for group in self.groups)

    @property
    def is_of_orderings(self) -> bool:
        """True if every dispatcher is an ordering."""
        return all(group.dispatcher.is_ordering for group in self.groups)


class PlayedCalls(NamedTuple):
    """Columns of a workload for all calls that were played, attempts from the second on too."""

    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats


class Places(NamedTuple):
    """Indices in a plan: the group of each call, the person of each own call and spell away."""

    group_of: Ints
    own_extension: Ints
    away_extension: Ints


def plan_of(scenario: Scenario, dispatcher: DispatcherChoice) -> Plan:
    """Prepare a scenario for both engines.

    Raises
    ------
    ConfigurationError
        If a dispatcher is invalid, or the scenario has several days.
    """
    scenario = scenario.one_day
    group_at = {number: index for index, number in enumerate(scenario.group_numbers)}
    extension_at = {number: index for index, number in enumerate(scenario.extension_numbers)}
    dispatchers = dispatchers_of(scenario, dispatcher)
    return Plan(
        group_numbers=scenario.group_numbers,
        groups=tuple(
            _group_plan(
                group,
                _played_rules(scenario, group, dispatchers[group.extension_number]),
                group_at,
                extension_at,
                dispatchers[group.extension_number],
                scenario.demand.get(group.extension_number),
            )
            for group in scenario.groups
        ),
        extensions=scenario.extension_numbers,
        duty=tuple(scenario.duty(number) for number in scenario.extension_numbers),
    )


def places_of(plan: Plan, workload: Workload | Batch) -> Places:
    """Return the indices of the groups and people that a workload refers to.

    Raises
    ------
    ConfigurationError
        If the workload refers to a group or a person that the plan does not have.
    """
    sources = (workload.phones, workload.declines)
    named = [item for source in sources if source for item in source.named.items()]
    for number, subject in named:
        _index(number, plan.extension_at, subject)
    return Places(
        _group_of(workload, plan.group_at),
        _extension_of(workload.own_calls, plan.extension_at, "own_calls"),
        _extension_of(workload.away, plan.extension_at, "away"),
    )


def _played_rules(scenario: Scenario, group: RingGroup, dispatcher: Dispatcher) -> Any:
    """Return a group's rules; without those that order its members if a dispatcher does so."""
    if has_own_order(group, dispatcher):
        return scenario.rules(group.extension_number)
    return group.played_rules(ringing_is_busy=scenario.ringing_is_busy, another_order=True)


def _group_plan(
    group: RingGroup,
    rules: Any,
    group_at: Mapping[str, int],
    extension_at: Mapping[str, int],
    dispatcher: Dispatcher,
    demand: Demand | None,
) -> GroupPlan:
    rule, members = group.no_answer_forward_rule, group.members
    try:
        check_ordering(
            rules,
            dispatcher,
            getattr(dispatcher.at_once, "value", dispatcher.at_once),
            [member.ring_delay for member in members],
        )
    except ConfigurationError as wrong:
        raise wrong.inside(f"groups.{group.extension_number}") from None
    forwards = rule.action is Action.FORWARD_TO_NUMBER
    return GroupPlan(
        place=group_at[group.extension_number],
        members=tuple(extension_at[member.extension_number] for member in group.members),
        skill_levels=tuple(member.skill_level for member in group.members),
        ring_time=float(group.ring_time),
        skip_busy=group.skip_busy_member,
        dispatcher=dispatcher,
        overflow_action=OVERFLOW_ACTIONS.get(rule.action, HANGUP),
        forward_to=group_at.get(rule.number, NOWHERE) if forwards else NOWHERE,
        ringing_is_busy=rules.ringing_is_busy,
        passes=rules.passes,
        repeat_delay=rules.repeat_delay,
        rules=rules,
        priority=0.0 if demand is None else float(demand.priority),
        ring_delays=tuple(float(member.ring_delay) for member in members),
        ring_times=tuple(float(_or(member.ring_time, group.ring_time)) for member in members),
        skips_busy=tuple(_or(member.skip_busy, group.skip_busy_member) for member in members),
        wrap_ups=tuple(_or(member.enforced_wrap_up, rules.enforced_wrap_up) for member in members),
    )


def _or(own: Any, common: Any) -> Any:
    """Return a member's own setting, or the group's if the member has none."""
    return common if own is None else own


def check_rings(plan: Plan, calls: int, rings: int) -> None:
    """Check that the number of rings of one replication is within `most_rings`.

    Without a limit, a simulation could take practically for ever: callers who never give up
    call a group that repeats ten thousand times and whose members do not answer.

    Raises
    ------
    ConfigurationError
        If there are more rings.
    """
    if rings > (most := most_rings(plan, calls)):
        raise ConfigurationError(
            "number of rings",
            f"must be at most {most:,} in a replication of {calls:,} calls",
            hint="Give callers a patience, lower max_repeats, or play less at a time.",
        )


def check_attempts(callers: int, attempts: int) -> None:
    """Check that the number of later attempts of one replication is within a limit.

    Without a limit, callers who always try again, and whom nobody answers, would do so for ever.

    Raises
    ------
    ConfigurationError
        If there are more attempts.
    """
    most = min(MOST_ATTEMPTS_OF_ONE * callers + MOST_ATTEMPTS_BESIDE, MOST_ATTEMPTS)
    if attempts > most:
        raise ConfigurationError(
            "number of attempts",
            f"must be at most {most:,} in a replication of {callers:,} callers",
            hint="Give redial.max_attempts, or lower redial.probability.",
        )


def check_ended(plan: Plan, waits: bool) -> None:
    """Check that no caller is left in line when nothing can happen any more.

    Raises
    ------
    ConfigurationError
        If one is.
    """
    if waits:
        endless = [
            number
            for number, group in zip(plan.group_numbers, plan.groups, strict=True)
            if group.rules.wait_in_line or group.passes == math.inf
        ]
        raise ConfigurationError(
            f"groups.{endless[0]}.rules.max_wait_time",
            "must be given, as a caller would wait for ever",
            hint="Or give callers a patience.",
        )


def most_rings(plan: Plan, calls: int) -> int:
    """Return the ring limit of one replication."""
    phones = sum(len(group.members) for group in plan.groups)
    of_a_call = max(MOST_RINGS_OF_ONE * phones, MOST_RINGS_OF_A_CALL)
    return min(of_a_call * calls + MOST_RINGS_BESIDE, MOST_RINGS)


def call_arrays(
    places: Places,
    workload: Workload | Batch | PlayedCalls,
    *,
    outcome: Ints,
    wait: Floats,
    answered_by: Ints,
    n_rings: Ints,
    ended_in: Ints,
    action: Ints,
) -> CallArrays:
    """Return the table of calls, from an engine's results and the workload."""
    return CallArrays(
        group=places.group_of,
        arrives_at=workload.arrives_at,
        outcome=outcome,
        wait=wait,
        answered_by=answered_by,
        talk_time=np.where(outcome == ANSWERED, workload.talk_time, np.nan),
        wrap_up_time=workload.wrap_up_time,
        patience=workload.patience,
        n_rings=n_rings,
        ended_in=ended_in,
        action=action,
    )


def own_call_arrays(
    places: Places, workload: Workload | Batch, taken: NDArray[np.bool_]
) -> OwnCallArrays:
    """Return the table of own calls; `taken` marks those that took place."""
    own = workload.own_calls
    return OwnCallArrays(
        extension=places.own_extension,
        started_at=own.at,
        talk_time=own.talk_time,
        taken=taken,
    )


def _group_of(workload: Workload | Batch, group_at: Mapping[str, int]) -> Ints:
    """Return the index of the group of each call, the only group by default."""
    names, at = workload.called
    n = len(workload)
    if not names and at is None and n and len(group_at) != 1:
        raise ConfigurationError(
            "group", f"must be given for each call, as the scenario has {len(group_at)} groups"
        )
    indices = np.array([_index(name, group_at, "group") for name in names] or [0], dtype=np.int32)
    return np.full(n, indices[0]) if len(indices) == 1 else indices[at]


def _extension_of(own: OwnCalls, extension_at: Mapping[str, int], argument: str) -> Ints:
    for person, number in enumerate(own.people):
        if number not in extension_at:
            first = int(np.argmax(own.whose == person))
            _index(number, extension_at, f"{argument}[{first}].extension")
    indices = [extension_at[number] for number in own.people]
    return np.array(indices, dtype=np.int32)[own.whose]


def _index(number: str, index_of: Mapping[str, int], subject: str) -> int:
    if number not in index_of:
        raise ConfigurationError(
            subject, "must be a number of the scenario", number, did_you_mean(number, index_of)
        )
    return index_of[number]
