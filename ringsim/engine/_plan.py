"""A scenario prepared for the engines: indices in place of names, every option set.

Both engines start from a `Plan`. Groups and extensions are indices of its tuples, each group has
its dispatcher, and the no-answer rule has the index of the group that it forwards to. `Places`
are the indices of the groups and people that a workload names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

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
from ringsim.dispatch import Dispatcher
from ringsim.dispatch._registry import DispatcherChoice, dispatchers_of
from ringsim.errors import ConfigurationError
from ringsim.group import Action, RingGroup
from ringsim.rules import Rules
from ringsim.scenario import Scenario, Span
from ringsim.workload import Batch, Workload

__all__ = [
    "GroupPlan",
    "Places",
    "Plan",
    "TooManyRingsError",
    "call_arrays",
    "check_rings",
    "most_rings",
    "own_call_arrays",
    "places_of",
    "plan_of",
]

NOWHERE = -1

# Ring limit of a replication: max(100 per phone, 1,000) per call, plus 1,000,000; at most 250
# million, which are 8 gigabytes of rows
MOST_RINGS_OF_ONE, MOST_RINGS_OF_A_CALL, MOST_RINGS_BESIDE = 100, 1_000, 1_000_000
MOST_RINGS = 250_000_000

OVERFLOW_ACTIONS = {
    Action.FORWARD_TO_NUMBER: FORWARD_TO_NUMBER,
    Action.FORWARD_TO_VOICEMAIL: FORWARD_TO_VOICEMAIL,
}  # a repeat that is over hangs up


class TooManyRingsError(Exception):
    """Several runs have too many rings for one table, and must be played one by one."""


@dataclass(frozen=True)
class GroupPlan:
    """One group, ready to be played; the last fields are the options of its `Rules`."""

    place: int
    members: tuple[int, ...]
    skill_levels: tuple[int, ...]
    ring_time: float
    skip_busy: bool
    dispatcher: Dispatcher
    overflow_action: int  # what it does with a call that it ends: a code of ACTIONS
    forward_to: int
    ringing_is_busy: bool
    passes: int
    repeat_delay: float

    @property
    def looks_at_present(self) -> bool:
        """Whether its order depends on the present instant and the present call."""
        return any(map(self.dispatcher.looks_at, ("last_hung_up_at", "random")))


@dataclass(frozen=True)
class Plan:
    """A scenario, ready to be played."""

    group_numbers: tuple[str, ...]
    groups: tuple[GroupPlan, ...]
    extensions: tuple[str, ...]
    duty: tuple[tuple[Span, ...] | None, ...]

    def has_duty(self, group: GroupPlan) -> bool:
        """Whether somebody in a group is on duty at times only."""
        return any(self.duty[extension] is not None for extension in group.members)

    @cached_property
    def group_at(self) -> dict[str, int]:
        """Index of each group by its number."""
        return {number: place for place, number in enumerate(self.group_numbers)}

    @cached_property
    def extension_at(self) -> dict[str, int]:
        """Index of each person by their number."""
        return {number: place for place, number in enumerate(self.extensions)}

    @property
    def is_of_orderings(self) -> bool:
        """Whether every dispatcher is an ordering."""
        return all(group.dispatcher.is_ordering for group in self.groups)


class Places(NamedTuple):
    """Indices in a plan of what a workload names: a group per call, a person per own call."""

    group_of: Ints
    own_extension: Ints


def plan_of(scenario: Scenario, dispatcher: DispatcherChoice) -> Plan:
    """Return the scenario as both engines need it.

    Raises
    ------
    ConfigurationError
        If a dispatcher is invalid.
    """
    group_at = {number: place for place, number in enumerate(scenario.group_numbers)}
    extension_at = {number: place for place, number in enumerate(scenario.extension_numbers)}
    dispatchers = dispatchers_of(scenario, dispatcher)
    return Plan(
        group_numbers=scenario.group_numbers,
        groups=tuple(
            _group_plan(
                group,
                scenario.rules(group.extension_number),
                group_at,
                extension_at,
                dispatchers[group.extension_number],
            )
            for group in scenario.groups
        ),
        extensions=scenario.extension_numbers,
        duty=tuple(scenario.duty(number) for number in scenario.extension_numbers),
    )


def places_of(plan: Plan, workload: Workload | Batch) -> Places:
    """Return the indices of the groups and people that a workload, or a batch of them, names.

    Raises
    ------
    ConfigurationError
        If the workload names a group or a person that the plan does not have.
    """
    return Places(_group_of(workload, plan.group_at), _own_extension(workload, plan.extension_at))


def _group_plan(
    group: RingGroup,
    rules: Rules,
    group_at: Mapping[str, int],
    extension_at: Mapping[str, int],
    dispatcher: Dispatcher,
) -> GroupPlan:
    rule = group.no_answer_forward_rule
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
        **rules.given(),
    )


def check_rings(plan: Plan, calls: int, rings: int) -> None:
    """Raise an error if phones ring too often for the calls of one replication.

    Callers who never give up, in a group that repeats ten thousand times and whose members do
    not answer, would ring phones for longer than anybody can wait.

    Raises
    ------
    ConfigurationError
        If there are more rings than `most_rings`.
    """
    if rings > (most := most_rings(plan, calls)):
        raise ConfigurationError(
            "number of rings",
            f"must be at most {most:,} in a replication of {calls:,} calls",
            hint="Give callers a patience, lower max_repeats, or play less at a time.",
        )


def most_rings(plan: Plan, calls: int) -> int:
    """Return the ring limit of one replication."""
    phones = sum(len(group.members) for group in plan.groups)
    of_a_call = max(MOST_RINGS_OF_ONE * phones, MOST_RINGS_OF_A_CALL)
    return min(of_a_call * calls + MOST_RINGS_BESIDE, MOST_RINGS)


def call_arrays(
    places: Places,
    workload: Workload | Batch,
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
    """Return the table of own calls; `taken` tells which took place."""
    own = workload.own_calls
    return OwnCallArrays(
        extension=places.own_extension,
        started_at=own.at,
        talk_time=own.talk_time,
        taken=taken,
    )


def _group_of(workload: Workload | Batch, group_at: Mapping[str, int]) -> Ints:
    """Return the index of the group that each call arrives at."""
    names, at = workload.called
    n = len(workload)
    if not names and at is None and n and len(group_at) != 1:
        raise ConfigurationError(
            "group", f"must be given for each call, as the scenario has {len(group_at)} groups"
        )
    places = np.array([_place(name, group_at, "group") for name in names] or [0], dtype=np.int32)
    return np.full(n, places[0]) if len(places) == 1 else places[at]


def _own_extension(workload: Workload | Batch, extension_at: Mapping[str, int]) -> Ints:
    own = workload.own_calls
    for place, number in enumerate(own.people):
        if number not in extension_at:
            first = int(np.argmax(own.whose == place))
            _place(number, extension_at, f"own_calls[{first}].extension")
    places = [extension_at[number] for number in own.people]
    return np.array(places, dtype=np.int32)[own.whose]


def _place(number: str, places: Mapping[str, int], subject: str) -> int:
    if number not in places:
        raise ConfigurationError(subject, "must be a number of the scenario", number)
    return places[number]
