"""Studies that must play alike, although their strategies have different names.

`plays_alike`
    Return whether two studies with the same random numbers must play alike.
`order_of`
    Return a key of how a group rings its members.
"""

from __future__ import annotations

from typing import Any

from ringsim.planning._study import Study
from ringsim.rules import ORDER_OPTIONS, WAVE_OPTIONS
from ringsim.scenario import Scenario

__all__ = ["order_of", "plays_alike"]


def plays_alike(one: Study, other: Study) -> bool:
    """Return whether two studies with the same random numbers must play alike.

    That is so if their scenarios are equal except for the strategies, and the strategies order
    members alike. Skill levels are ignored where all members have the same level.
    """
    if one is other:
        return True
    if list(one.dispatchers) != list(other.dispatchers):
        return False
    return _differ_in_strategies_alone(one, other) and all(
        order_of(one, number) == order_of(other, number) for number in one.dispatchers
    )


def _differ_in_strategies_alone(one: Study, other: Study) -> bool:
    """Return whether the scenarios of two studies are equal except for the strategies."""
    fields = [name for name in Scenario.model_fields if name != "groups"]
    return one.groups_without_strategies == other.groups_without_strategies and all(
        getattr(one.scenario, name) == getattr(other.scenario, name) for name in fields
    )


def order_of(study: Study, number: str) -> tuple[Any, ...]:
    """Return a key that is equal for dispatchers that ring the members of a group alike."""
    dispatcher = study.dispatchers[number]
    if not dispatcher.is_ordering:
        return type(dispatcher), vars(dispatcher)
    levels = {member.skill_level for member in study.scenario.group(number).members}
    fields = [
        field
        for field in dispatcher.order_by
        if len(levels) > 1 or field.removeprefix("-") != "skill_level"
    ]
    plan = study.daily[0].plan  # the rules of a week are the same on each day
    rules = plan.groups[plan.group_at[number]].rules
    waves = [getattr(rules, name) for name in WAVE_OPTIONS if name not in ORDER_OPTIONS]
    return fields, dispatcher.at_once, dispatcher.one_wave, dispatcher.auto_answer, waves
