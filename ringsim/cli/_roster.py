"""Command `roster`: who works which shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from ringsim._sentences import listed
from ringsim.cli import _options as on
from ringsim.cli._durations import duration_option
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import PlanOptions, StudyOptions
from ringsim.cli._spoken import items_spoken, read_from
from ringsim.cli._target_options import TargetOptions
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.cli._screen import Grid
    from ringsim.planning import Roster
    from ringsim.scenario import Scenario

__all__ = ["roster"]

STAFF_FIELDS = ("shifts", "people", "costs")
STAFF_FILE = "the tables shifts and people"
MOST_NAMED = 4  # people listed in a sentence


@dataclass(frozen=True)
class RosterStudyOptions(StudyOptions):
    """Largest number of simulated days, random numbers, and definition of the service level."""

    replications: Annotated[
        int,
        typer.Option(
            metavar="COUNT", help="Largest number of days to simulate for each day of the roster."
        ),
    ] = 2000


@dataclass(frozen=True)
class RosterPlanOptions(PlanOptions):
    """Options of `roster`, which simulates as many days as the verdict takes."""

    asked: RosterStudyOptions


@dataclass(frozen=True)
class RosterOptions:
    """Shifts, people and days of the roster."""

    panel: ClassVar[str] = "Roster"

    shift: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FROM-TO[,FROM-TO]",
            help="Shift that people can work, for example 08:00-16:30; after a comma, the window "
            "of a lunch of half an hour: 08:00-16:30,11:30-14:00. Repeat the option for more.",
        ),
    ] = None
    staff: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="TOML or JSON file with the tables shifts, people and costs of rs.roster. By "
            "default, the people are the members of the group.",
        ),
    ] = None
    days: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME",
            help="Days to plan: weekdays of the file, such as mon,tue; if it has none, names of "
            "several equal days.",
        ),
    ] = None
    width: Annotated[
        float,
        duration_option("--width", "Length of each interval that must meet the target."),
    ] = 1800.0
    ics: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the shifts to this iCalendar file."),
    ] = None
    starts_on: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Date of the first day in the iCalendar file, such as 2026-03-02."
        ),
    ] = None


@with_option_groups
def roster(
    *,
    group: on.Group = None,
    goals: TargetOptions,
    staffed: RosterOptions,
    plan: RosterPlanOptions,
) -> None:
    """Find the cheapest shifts of real people with which a group meets its target."""
    from ringsim import _files
    from ringsim.cli._plans import PlanCommand, limits_of, target_of, with_goals
    from ringsim.planning import roster as find_roster
    from ringsim.planning._calendar import dates_of
    from ringsim.scenario import named_group

    if staffed.starts_on is not None and staffed.ics is None:
        raise ConfigurationError("--starts-on", "must be given beside --ics", staffed.starts_on)
    plan, given = with_goals(plan, goals)
    planned = PlanCommand.read(plan)
    number = named_group(planned.scenario, group)
    days = None if staffed.days is None else [name.strip() for name in staffed.days.split(",")]
    people = _people(staffed)
    if staffed.ics is not None:
        _files.check_writable(staffed.ics)
        dates_of(days or planned.scenario.days or ["day"], staffed.starts_on)
    givers = ["--shift"] * len(staffed.shift or ())
    tables = [name for name in people if name != "shifts" or not givers]
    with (
        planned.playing("Planning") as where,
        read_from(staffed.staff, tables),
        items_spoken("shifts", givers),
    ):
        found = find_roster(
            planned.scenario,
            number,
            target_of(plan.asked, given),
            days=days,
            width=staffed.width,
            replications_played=plan.asked.replications,
            seed=plan.asked.seed,
            **people,
            **where,
        )
    if staffed.ics is not None:
        found.to_icalendar(staffed.ics, starts_on=staffed.starts_on)
    planned.assuming(_with_duty(found), [*_available(found, planned.scenario)]).print_decision(
        "roster",
        found.table,
        [
            planned.heading(number, at_most=True),
            str(found).replace("replications_played", "--replications"),
            _shifts(found),
            _needs(found),
        ],
        group=number,
        target=limits_of(given),
        text=str(found),
        meets=found.meets,
        cost=found.cost,
        hours=found.hours,
        binding=dict(found.binding),
        by_interval=found.by_interval.reset_index().to_dict("records"),
    )


def _people(staffed: RosterOptions) -> dict[str, Any]:
    """Return shifts, people and costs as arguments of `roster`."""
    from ringsim import _files
    from ringsim.errors import did_you_mean

    read: Any = {} if staffed.staff is None else _files.read(staffed.staff, STAFF_FILE)
    if not isinstance(read, Mapping):
        raise ConfigurationError(str(staffed.staff), f"must hold {STAFF_FILE}")
    for name in read:
        if name not in STAFF_FIELDS:
            raise ConfigurationError(
                f"{staffed.staff}: {name}",
                f"must be one of {', '.join(STAFF_FIELDS)}",
                hint=did_you_mean(name, STAFF_FIELDS),
            )
    if staffed.shift and "shifts" in read:
        raise ConfigurationError("--shift", "must not be given beside --staff with shifts")
    shifts = [_shift(text) for text in staffed.shift or ()] or read.get("shifts")
    if not shifts:
        raise ConfigurationError("--shift", "must be given, or --staff with shifts")
    return {**read, "shifts": shifts}


def _shift(text: str) -> dict[str, Any]:
    """Return a shift that is written as `08:00-16:30` or `08:00-16:30,11:30-14:00`."""
    hours, *lunch = (_span(part, text) for part in text.split(","))
    if len(lunch) > 1:
        raise ConfigurationError("--shift", "must have at most one lunch", text)
    start, end = hours
    return {"starts_at": start, "ends_at": end} | ({"lunch": lunch[0]} if lunch else {})


def _span(part: str, text: str) -> Sequence[str]:
    found = tuple(each.strip() for each in part.split("-"))
    if len(found) != 2:
        raise ConfigurationError("--shift", "must be such as 08:00-16:30", text)
    return found


def _with_duty(found: Roster) -> Scenario:
    """Return the scenario with the people on duty; the first of days that are no weekdays."""
    from ringsim.scenario import WEEKDAYS

    is_week = len(found.days) > 1 and set(found.days) <= set(WEEKDAYS)
    return found.scenario if is_week else found.scenarios[found.days[0]]


def _available(found: Roster, scenario: Scenario) -> Iterator[str]:
    """Yield a sentence on the people of whom nothing says when they can work."""
    given = {each.extension_number for each in scenario.extensions if each.on_duty is not None}
    people = found.rounds.team.people
    free = [
        person.extension_number
        for person in people
        if person.available is None and person.extension_number not in given
    ]
    if free:
        who = "all people" if len(free) == len(people) > 1 else listed(free, MOST_NAMED)
        yield f"They can work at any time, as no on_duty or available is given: {who}."


def _shifts(found: Roster) -> Grid:
    """Return the table of who works when, with a row per person and day."""
    from ringsim.cli._screen import Grid

    columns = ["person", "name", "day", "shift", "from", "to", "lunch", "hours"]
    rows = [
        [f"{row[name]:g}" if name == "hours" else str(row[name]) for name in columns]
        for row in found.table.to_dict("records")
    ]
    shown = [at for at, name in enumerate(columns) if name != "name" or any(row[1] for row in rows)]
    return Grid(
        "Shifts",
        [columns[at] for at in shown],
        [[row[at] for at in shown] for row in rows],
        keys=len(shown) - 4,
    )


def _needs(found: Roster) -> Grid:
    """Return the table of needs and of the days played, with a row per interval."""
    from ringsim.cli._plan_tables import goal_cells, goal_titles
    from ringsim.cli._screen import Grid
    from ringsim.scenario import time_text

    target = found.rounds.slots[0].target
    goals = [goal.name for goal in target.goals]
    columns = ["day", "from", "needed", "on duty", "meets", *goal_titles(goals, target.question)]
    rows = []
    for row in found.by_interval.reset_index().to_dict("records"):
        opens_at = found.scenarios[row["day"]].opens_at
        rows.append(
            [
                row["day"],
                time_text(float(row["starts_at"]), opens_at),
                *(f"{row['needed']}", f"{row['on_duty']}", row["meets"]),
                *goal_cells(row, goals),
            ]
        )
    caption = "All bounds hold together with 95 % confidence."
    return Grid("Needs and service", columns, rows, keys=2, caption=caption)
