"""The office of `cases` with the options of other PBXs, one scenario per group of options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import bare_simpy
from cases import CALLS_A_DAY, office
from scipy import stats

import ringsim as rs

__all__ = ["OPTIONS"]

ROTATION: Final = {"order_by": ["rotation"], "rotation": "rung"}
LINE: Final = {"wait_in_line": True, "ringing_is_busy": True, "passes": 10}


def _with_rules(strategy: str = "CYCLIC_HUNT", **rules: Any) -> rs.Scenario:
    scenario = office(strategy)
    return scenario.replace(groups=[scenario.groups[0].replace(rules=rules)])


def _with_member_times() -> rs.Scenario:
    """Every second phone of a fan-out starts 10 s later than the others, and rings for 15 s."""
    scenario = office("RING_SIMULTANEOUSLY")
    (group,) = scenario.groups
    members = [
        member.replace(ring_delay=10, ring_time=15) if place % 2 else member
        for place, member in enumerate(group.members)
    ]
    return scenario.replace(groups=[group.replace(members=members)])


def _with_declines() -> rs.Scenario:
    """Members decline one call in ten, and pause for five minutes after two missed rings."""
    scenario = _with_rules(auto_pause_after=2, auto_pause_time=300, declined_rest=5)
    people = [person.replace(decline_probability=0.1) for person in scenario.extensions]
    return scenario.replace(extensions=people)


def _with_weights() -> rs.Scenario:
    """Two groups of the same members, with half of the calls each, and a line each."""
    scenario = office()
    (group,), (demand,) = scenario.groups, scenario.demand.values()
    groups = [
        group.replace(extension_number=number, rules={**LINE, "queue_weight": weight})
        for number, weight in (("600", 0), ("601", 10))
    ]
    return scenario.replace(
        groups=groups, demand={one.extension_number: demand.scaled(0.5) for one in groups}
    )


def _with_redial() -> rs.Scenario:
    """Callers who are not answered try again after two minutes in seven of ten cases."""
    redial = rs.Redial(probability=0.7, delay=stats.expon(scale=120))
    scenario = office(calls=CALLS_A_DAY)
    demand = {number: each.replace(redial=redial) for number, each in scenario.demand.items()}
    return scenario.replace(demand=demand)


OPTIONS: Final[Mapping[str, Callable[[], rs.Scenario]]] = MappingProxyType(
    {
        "line": lambda: _with_rules(**LINE),
        "rotation": lambda: _with_rules(**ROTATION),
        "line and rotation": lambda: _with_rules(**LINE, **ROTATION),
        "waves with steps": lambda: _with_rules(
            memory_hunt="ring_on", wave_step=bare_simpy.RING_TIME / 2
        ),
        "ring times and delays of members": _with_member_times,
        "declines and pauses": _with_declines,
        "levels that open with time": lambda: _with_rules(
            "SKILL_BASED_ROUTING_CYCLIC_HUNT", **LINE, level_rules=[(0, 1, 1), (10, 1, 2)]
        ),
        "weights of two lines": _with_weights,
        "callers who try again": _with_redial,
    }
)
