"""Sentences about the defaults that a scenario relies on.

`assumptions`
    Returns a sentence for each default that affects the simulation, and for each constant
    duration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from ringsim._sentences import listed
from ringsim.distributions import Constant
from ringsim.group import Action, RingGroup
from ringsim.presets import preset
from ringsim.rules import Rules

if TYPE_CHECKING:
    from ringsim.scenario._demand import Demand
    from ringsim.scenario._extension import Extension
    from ringsim.scenario._scenario import Scenario

__all__ = ["assumptions"]

MOST_NAMED = 4  # extension numbers listed in a sentence
GROUP_DEFAULTS = {
    "ring_strategy": "All members of {} ring at once (RING_SIMULTANEOUSLY), as no ring_strategy "
    "is given.",
    "ring_time": "Each phone of {} rings for 20 s, as no ring_time is given.",
    "skip_busy_member": "Members of {} are skipped while on a call, as no skip_busy_member is "
    "given.",
    "no_answer_forward_rule": "Calls that nobody in {} answers are hung up, as no "
    "no_answer_forward_rule is given.",
}
DEMAND_DEFAULTS = {
    "patience": "Callers of {} wait for ever, as no patience is given.",
    "wrap_up_time": "There is no wrap-up after calls of {}, as no wrap_up_time is given.",
}
PERSON_DEFAULTS = {
    "answer_delay": "They answer after 6 s on average (gamma), as no answer_delay is given: {}.",
    "answer_probability": "They answer every ring (answer_probability 1 is not given): {}.",
    "on_duty": "They are always on duty, as no on_duty is given: {}.",
    "own_calls": "They have no calls of their own, as no own_calls are given: {}.",
}
BEYOND_THE_RULES = (
    "There is no wrap-up after calls of {} beyond the one that the rules enforce, as no "
    "wrap_up_time is given."
)
DEMAND_CONSTANTS = {
    "patience": "Every caller of {} hangs up at exactly {}: patience is a constant.",
    "talk_time": "Every call of {} lasts exactly {}: talk_time is a constant.",
    "wrap_up_time": "Wrap-up after every call of {} lasts exactly {}: wrap_up_time is a constant.",
}


def assumptions(scenario: Scenario, dispatched: Collection[str] = ()) -> tuple[str, ...]:
    """Return a sentence for each assumption of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario; fields that it leaves out are assumptions.
    dispatched : collection of str, default none
        Numbers of groups whose strategy is replaced by a dispatcher, so that the default of
        `ring_strategy` does not matter.
    """
    return (
        *_about_hours(scenario),
        *_about_groups(scenario, dispatched),
        *_by_day(scenario, _about_demand),
        *_by_day(scenario, _about_people),
    )


def _by_day(scenario: Scenario, about: Callable[[Scenario], Iterator[str]]) -> Iterator[str]:
    """Yield the sentences about each day; those that are not for every day name their days."""
    days_of: dict[str, list[str]] = {}
    for each in scenario.daily:
        for sentence in about(each):
            days_of.setdefault(sentence, []).append(*each.days[:1] or ("",))
    for sentence, days in days_of.items():
        yield sentence if len(days) == len(scenario.daily) else f"{_some(days)}: {sentence}"


def _about_hours(scenario: Scenario) -> Iterator[str]:
    if "hours" not in scenario.model_fields_set:
        yield "Calls arrive for 8 hours, as no hours are given."
    by_scenario = any(group.rules.ringing_is_busy is None for group in scenario.groups)
    given = "ringing_is_busy" in scenario.model_fields_set
    if not given and by_scenario and len(scenario.extension_numbers):
        yield "A ringing phone may ring for another call too, as no ringing_is_busy is given."


def _about_groups(scenario: Scenario, dispatched: Collection[str]) -> Iterator[str]:
    groups = {group.extension_number: group for group in scenario.groups if group.members}
    all_groups = list(groups)
    for field, sentence in GROUP_DEFAULTS.items():
        left_out = [
            number
            for number, group in groups.items()
            if field not in group.model_fields_set
            and field not in _set_by_preset(group)
            and not (field == "ring_strategy" and number in dispatched)
        ]
        if left_out:
            yield sentence.format(_groups(left_out, all_groups))
    for number, group in groups.items():
        yield from _about_preset(group, _groups([number], all_groups))
    repeating = [
        number
        for number, group in groups.items()
        if group.no_answer_forward_rule.action is Action.REPEAT
        and "max_repeats" not in group.model_fields_set
    ]
    if repeating:
        groups_that_repeat = _groups(repeating, all_groups)
        yield f"A call of {groups_that_repeat} has 3 repeats at most, as no max_repeats is given."
    if night := [number for number, group in groups.items() if group.enable_night_mode is True]:
        yield f"Calls of {_groups(night, all_groups)} are played as outside night mode."


def _set_by_preset(group: RingGroup) -> Collection[str]:
    """Return the fields of a group that its preset stands for."""
    return () if group.preset is None else ("ring_strategy", *preset(group.preset).fields)


def _about_preset(group: RingGroup, named: str) -> Iterator[str]:
    if group.preset is None:
        return
    yield f"The rules of {named} are those of the preset {group.preset}."
    own = group.own_rules.given()
    opened = [
        cell.option
        for cell in preset(group.preset).to_give()
        if cell.option in Rules.model_fields and cell.option not in own
    ]
    if opened:
        yield f"The preset of {named} has no value of its PBX for {_some(opened)}."


def _about_demand(scenario: Scenario) -> Iterator[str]:
    called = scenario.demand
    enforced = {n for n in called if scenario.group(n).rules.enforced_wrap_up}
    for field, sentence in DEMAND_DEFAULTS.items():
        left_out = [n for n, demand in called.items() if field not in demand.model_fields_set]
        apart = enforced if field == "wrap_up_time" else set()
        if others := [n for n in left_out if n not in apart]:
            yield sentence.format(_some(others))
        if ruled := [n for n in left_out if n in apart]:
            yield BEYOND_THE_RULES.format(_some(ruled))
    for field, sentence in DEMAND_CONSTANTS.items():
        constants: dict[float, list[str]] = {}
        for number, demand in called.items():
            if (value := _constant(demand, field)) is not None:
                constants.setdefault(value, []).append(number)
        for value, numbers in constants.items():
            yield sentence.format(_some(numbers), f"{value:g} s")
    if assumed := [n for n, demand in called.items() if _interval_is_assumed(demand)]:
        yield f"Calls of {_some(assumed)} are by intervals of 1800 s, as no interval is given."
    hours = scenario.hours
    if cut := [n for n, demand in called.items() if _hours_with_calls(demand) > hours]:
        yield f"Calls of {_some(cut)} after the {hours:g} h of the day are left out."
    if ended := [n for n, demand in called.items() if _hours_listed(demand) < hours]:
        yield f"Nobody calls {_some(ended)} after the last of the listed intervals."


def _constant(demand: Demand, field: str) -> float | None:
    """Return the value of a duration that is constant, finite and not 0, else None."""
    given = getattr(demand, field)
    return given.value if isinstance(given, Constant) and 0 < given.value < math.inf else None


def _interval_is_assumed(demand: Demand) -> bool:
    return isinstance(demand.hourly_rates, tuple) and "interval" not in demand.model_fields_set


def _hours_listed(demand: Demand) -> float:
    """Return the end of the last interval with a given rate [h]; inf for a single rate."""
    rates = demand.hourly_rates
    if demand.arrives_at is not None or not isinstance(rates, tuple):
        return math.inf
    return len(rates) * demand.interval / 3600


def _hours_with_calls(demand: Demand) -> float:
    """Return the start of the last interval with calls [h]; 0 if calls are not listed."""
    rates = demand.hourly_rates
    if not isinstance(rates, tuple):
        return 0.0
    last = max((place for place, rate in enumerate(rates) if rate), default=0)
    return last * demand.interval / 3600


def _about_people(scenario: Scenario) -> Iterator[str]:
    people = [scenario.extension(number) for number in scenario.extension_numbers]

    def named(which: Callable[[Extension], bool]) -> str:
        chosen = [person.extension_number for person in people if which(person)]
        return "all members" if len(chosen) == len(people) > 1 else _some(chosen)

    for field, sentence in PERSON_DEFAULTS.items():
        numbers = named(lambda person, field=field: field not in person.model_fields_set)  # type: ignore[misc]
        if numbers:
            yield sentence.format(numbers)
    if never := named(lambda person: _is_never_on_duty(scenario, person)):
        yield f"They are not on duty at any time of the {scenario.hours:g} h: {never}."
    constants = {
        person.answer_delay.value
        for person in people
        if isinstance(person.answer_delay, Constant) and math.isfinite(person.answer_delay.value)
    }
    for value in sorted(constants):
        numbers = named(lambda person, value=value: person.answer_delay == Constant(value))  # type: ignore[misc]
        yield f"They answer after exactly {value:g} s, answer_delay being a constant: {numbers}."


def _is_never_on_duty(scenario: Scenario, person: Extension) -> bool:
    """Return True if a person has hours of duty, and none of them is within the day."""
    spans = scenario.duty(person.extension_number) if person.on_duty else None
    return spans is not None and all(start >= 3600 * scenario.hours for start, _ in spans)


def _some(names: Sequence[str]) -> str:
    return listed(names, MOST_NAMED)


def _groups(numbers: Sequence[str], everyone: Sequence[str]) -> str:
    if len(numbers) == len(everyone) > 1:
        return "every group"
    return f"group {_some(numbers)}"
