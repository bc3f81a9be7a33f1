"""Assumptions of the model in words, and tables of the groups, callers and people of a scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ringsim.dispatch import Dispatcher, name_of
from ringsim.distributions import Constant
from ringsim.group import Action, RingGroup
from ringsim.scenario import Demand, Extension, Scenario

__all__ = ["ASSUMPTIONS", "Table", "callers", "groups", "people"]

ASSUMPTIONS = (
    "Calls arrive at random, at the rates given, independently of each other and of who is free.",
    "Callers who give up or are not answered do not call again.",
    "Each ring is answered independently of all others, with that person's own probability and "
    "delay; nobody answers later because others might answer.",
    "A member whose phone rings while they are busy can answer as soon as they are free; a phone "
    "that is picked up stops ringing.",
    "Whenever the phone system picks the next phones to ring, it checks again who is available; "
    "this takes no time.",
    "Talk times depend neither on who answers nor on how long the caller waited.",
    "A day starts with everybody free and no memory of earlier calls; callers who wait at the end "
    "of the day are still served. There is no warm-up and nothing is cut off.",
)


@dataclass(frozen=True)
class Table:
    """A table of text with headings; the first `left` columns are words, the others numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


def groups(scenario: Scenario, present: Mapping[str, Dispatcher]) -> Table:
    """Return a table with a row per ring group: members, strategy and no-answer rule."""
    headings = ("group", "strategy", "members", "rings", "on a call", "no answer")
    rows = (_group(group, present[group.extension_number], scenario) for group in scenario.groups)
    return Table(headings, tuple(rows), len(headings))


def _group(group: RingGroup, dispatcher: Dispatcher, scenario: Scenario) -> tuple[str, ...]:
    skill = dispatcher.looks_at("skill_level")
    members = [
        f"{member.extension_number} (level {member.skill_level})"
        if skill
        else member.extension_number
        for member in group.members
    ]
    return (
        f"{group.extension_number} {group.name}".strip(),
        name_of(dispatcher),
        ", ".join(members) or "none",
        f"{group.ring_time:g} s",
        "skipped" if group.skip_busy_member else "rung",
        _no_answer(group, scenario),
    )


def _no_answer(group: RingGroup, scenario: Scenario) -> str:
    rule = group.no_answer_forward_rule
    repeats = (scenario.rules(group.extension_number).passes or 1) - 1
    if rule.action is Action.REPEAT:
        return f"starts again, at most {repeats} more times"
    if rule.action is Action.FORWARD_TO_NUMBER:
        inside = rule.number in scenario.group_numbers
        return f"forwarded to {rule.number}{'' if inside else ', outside'}"
    return "voicemail" if rule.action is Action.FORWARD_TO_VOICEMAIL else "hung up on"


def callers(scenario: Scenario) -> Table:
    """Return a table with a row per group that is called: rates, durations and patience."""
    headings = ("group", "calls per hour", "talk time", "wrap-up time", "patience")
    rows = (
        (
            number,
            rates(demand),
            str(demand.talk_time),
            str(demand.wrap_up_time),
            _for_ever(demand),
        )
        for number, demand in scenario.demand.items()
    )
    return Table(headings, tuple(rows), len(headings))


def rates(demand: Demand) -> str:
    """Return the calls per hour in words: `40`, `25 to 95 by intervals of 1800 s`, ..."""
    if demand.arrives_at is not None:
        return f"{len(demand.arrives_at)} given calls"
    hourly = demand.hourly_rates
    if not isinstance(hourly, tuple):
        return f"{hourly:g}"
    low, high = min(hourly), max(hourly)
    return f"{low:g} to {high:g} by intervals of {demand.interval:g} s"


def _for_ever(demand: Demand) -> str:
    """Return the patience in words: "for ever" only if no caller ever gives up."""
    return "for ever" if demand.patience == Constant(math.inf) else str(demand.patience)


def people(scenario: Scenario) -> Table:
    """Return a table with a row per person: answers, time on duty and own calls."""
    headings = ("extension", "answers", "after", "on duty", "own calls")
    rows = (_person(scenario.extension(number)) for number in scenario.extension_numbers)
    return Table(headings, tuple(rows), len(headings))


def _person(person: Extension) -> tuple[str, ...]:
    own = person.own_calls
    return (
        person.extension_number,
        f"{100 * person.answer_probability:.12g} % of rings",
        str(person.answer_delay),
        _duty(person),
        "none" if own is None else f"{rates(own)} per hour, {own.talk_time}",
    )


def _duty(person: Extension) -> str:
    if person.on_duty is None:
        return "always"
    spans = (f"{_instant(start)} to {_instant(end)}" for start, end in person.on_duty)
    return ", ".join(spans) or "never"


def _instant(given: str | float) -> str:
    return given if isinstance(given, str) else f"{given:g} s"
