"""Command `size`: find how many members a group needs, all day or by interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ringsim.cli import _plan_tables
from ringsim.cli._plans import PlanCommand, limits_of, target_of, with_goals
from ringsim.cli._screen import Part
from ringsim.cli._spreadsheets import by_the_clock
from ringsim.cli._target_options import SizePlanOptions, StaffOptions, TargetOptions
from ringsim.planning import Sizing, Staffing, Target, WeekStaffing, size, staffing
from ringsim.scenario import named_group

__all__ = ["run"]


def run(
    plan: SizePlanOptions, group: str | None, goals: TargetOptions, staffed: StaffOptions
) -> None:
    """Size the group and print how many members it needs."""
    plan, given = with_goals(plan, goals)
    planned = PlanCommand.read(plan)
    number = named_group(planned.scenario, group)
    found = _size_or_staff(planned, number, target_of(plan.asked, given), staffed)
    duty = planned if isinstance(found, Sizing) else planned.assuming(found.scenario)
    duty.print_decision(
        "size",
        by_the_clock(found.table, planned.scenario.opens_at),
        [planned.heading(number, at_most=True), str(found), *_grids(found)],
        group=number,
        target=limits_of(given),
        text=str(found),
        **_day_figures(found),
    )


def _grids(found: Sizing | Staffing | WeekStaffing) -> Iterator[Part]:
    """Yield the table of a sizing, or of each day of a week."""
    if isinstance(found, Sizing):
        yield _plan_tables.sizes(found)
    elif isinstance(found, Staffing):
        yield _plan_tables.staffed(found)
    else:
        for day, plan in found.by_day.items():
            yield _plan_tables.staffed(plan, day)


def _size_or_staff(
    planned: PlanCommand, group: str, target: Target, staffed: StaffOptions
) -> Sizing | Staffing | WeekStaffing:
    """Size the group for the whole day, or by interval if a width is given."""
    arguments: dict[str, Any] = {
        "candidates": _split_list(staffed.candidates),
        "max_members": staffed.max_members,
        "shrinkage": staffed.shrinkage,
        "seed": planned.plan.asked.seed,
    }
    if planned.plan.asked.replications is not None:
        arguments["max_replications"] = planned.plan.asked.replications
    with planned.playing("Sizing") as where:
        if staffed.width is None:
            return size(planned.scenario, group, target, **arguments, **where)
        return staffing(planned.scenario, group, target, width=staffed.width, **arguments, **where)


def _day_figures(found: Sizing | Staffing | WeekStaffing) -> dict[str, Any]:
    """Return the JSON fields of a sizing for the whole day; none for one by interval."""
    if not isinstance(found, Sizing):
        return {}
    return {
        "members": found.members,
        "decided": found.decided,
        "possible": list(found.possible),
        "erlang_members": found.erlang_members,
        "head_count": found.head_count,
    }


def _split_list(text: str | None) -> Sequence[str] | None:
    return None if text is None else [part.strip() for part in text.split(",")]
