"""A scenario prepared for the engines, with indices instead of names and all options set.

Both engines start from a `Plan`. It refers to groups and extensions by their index in its
tuples. Each group has its dispatcher, and its no-answer rule has the index of the group that it
forwards to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ringsim._log_arrays import FORWARD_TO_NUMBER, FORWARD_TO_VOICEMAIL, HANGUP
from ringsim._rule_conflicts import check_ordering, check_ring_times
from ringsim.dispatch import Dispatcher
from ringsim.dispatch._played_rules import played_rules
from ringsim.dispatch._registry import DispatcherChoice, dispatchers_of
from ringsim.errors import ConfigurationError
from ringsim.group import Action, RingGroup
from ringsim.rules import DEFAULTS, PLAIN_OPTIONS
from ringsim.scenario import Demand, Scenario, Span

__all__ = ["GroupPlan", "Plan", "plan_of"]

NOWHERE = -1

# Limits of one call, which only a caller reaches who would wait for ever
MOST_PASSES, MOST_LOOKS = 100_000, 10_000_000

OVERFLOW_ACTIONS = {
    Action.FORWARD_TO_NUMBER: FORWARD_TO_NUMBER,
    Action.FORWARD_TO_VOICEMAIL: FORWARD_TO_VOICEMAIL,
}  # other actions hang up, REPEAT after its last repeat


# Fields of candidates that depend on the instant or the call: of talks, of draws, of pointers
TALK_FIELDS = ("last_hung_up_at", "last_completed_at", "n_completed", "idle_since")
DRAWN_FIELDS = ("random", "redrawn", "weighted")
PRESENT_FIELDS = (*TALK_FIELDS, *DRAWN_FIELDS, "rotation")
PLAIN_FIELDS = ("last_hung_up_at", "random")  # the loop without options computes them, too
OPTION_FIELDS = tuple(name for name in PRESENT_FIELDS if name not in PLAIN_FIELDS)

OTHER_DEFAULTS = {name: value for name, value in DEFAULTS.items() if name not in PLAIN_OPTIONS}


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
        return (
            any(getattr(self.rules, name) != value for name, value in OTHER_DEFAULTS.items())
            or self.passes == math.inf
            or any(map(self.dispatcher.looks_at, OPTION_FIELDS))
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

    @cached_property
    def reached(self) -> dict[str, tuple[int, ...]]:
        """People whom calls to each group may ring, there or where they are forwarded to."""
        return {number: self._reached_from(at) for at, number in enumerate(self.group_numbers)}

    def _reached_from(self, group: int) -> tuple[int, ...]:
        """Return the indices of people in rising order."""
        people: set[int] = set()
        entered: set[int] = set()
        while group != NOWHERE and group not in entered:
            entered.add(group)
            people |= set(self.groups[group].members)
            group = self.groups[group].forward_to
        return tuple(sorted(people))

    @cached_property
    def forms(self) -> dict[str, Any]:
        """Forms of the plan that an engine has made of it, kept for its next workload."""
        return {}

    @cached_property
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
                played_rules(scenario, group, dispatchers[group.extension_number]),
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
        check_ring_times(rules, [member.ring_time for member in members])
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
