"""`ringsim size`: how many members a group needs, all day or by interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ringsim.cli._commands import Goals, SizePlan, Staffed
from ringsim.cli._options import Asked
from ringsim.cli._plan import Planned
from ringsim.errors import ConfigurationError
from ringsim.planning import Sizing, Staffing, Target, size, staffing
from ringsim.scenario import Scenario

__all__ = ["run"]

SERVICE_LEVEL = 0.8  # unless something else is asked for


def run(plan: SizePlan, group: str | None, goals: Goals, staffed: Staffed) -> None:
    """Size the group and say how many members it needs."""
    planned = Planned.read(plan)
    number = _group(planned.scenario, group)
    given = {name: value for name, value in asdict(goals).items() if value is not None}
    found = _found(planned, number, _target(plan.asked, given), staffed)
    table = found.table.reset_index().to_string(index=False, float_format="{:.4g}".format)
    planned.tell(
        "size",
        found.table,
        [str(found), "", table],
        group=number,
        seed=plan.asked.seed,
        within=plan.asked.within,
        variant=plan.asked.variant,
        target=given,
        text=str(found),
        **_all_day(found),
    )


def _found(planned: Planned, group: str, target: Target, staffed: Staffed) -> Sizing | Staffing:
    """All day, or by interval where a width is given."""
    arguments: dict[str, Any] = {
        "candidates": _listed(staffed.candidates),
        "most": staffed.most,
        "shrinkage": staffed.shrinkage,
        "most_replications": planned.plan.asked.replications,
        "seed": planned.plan.asked.seed,
    }
    with planned.playing("Sizing") as where:
        if staffed.width is None:
            return size(planned.scenario, group, target, **arguments, **where)
        return staffing(planned.scenario, group, target, width=staffed.width, **arguments, **where)


def _all_day(found: Sizing | Staffing) -> dict[str, Any]:
    """The answer for the whole day, where that is asked."""
    if isinstance(found, Staffing):
        return {}
    return {
        "members": found.members,
        "decided": found.decided,
        "possible": list(found.possible),
        "erlang_members": found.erlang_members,
        "head_count": found.head_count,
    }


def _target(asked: Asked, given: dict[str, float]) -> Target:
    """What is to be reached; a service level of 80 % unless something else is asked for."""
    usual = {} if given.keys() - {"p_target_met"} else {"service_level": SERVICE_LEVEL}
    return Target(**given, **usual, within=asked.within, variant=asked.variant)


def _group(scenario: Scenario, group: str | None) -> str:
    """The one that is asked for, or the only one."""
    if group is not None:
        return scenario.group(group).extension_number
    if len(scenario.groups) != 1:
        raise ConfigurationError(
            "--group",
            f"must say which of the {len(scenario.groups)} groups it is",
            hint=f"Its groups are {', '.join(scenario.group_numbers)}.",
        )
    return scenario.group_numbers[0]


def _listed(text: str | None) -> Sequence[str] | None:
    return None if text is None else [part.strip() for part in text.split(",")]
