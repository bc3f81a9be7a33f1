"""Sentences on a roster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ringsim._sentences import all_of, counted, listed
from ringsim.metrics import METRICS, format_estimate
from ringsim.planning._turns import RosterDay
from ringsim.scenario import DAY, clock_seconds, clock_text

if TYPE_CHECKING:
    from ringsim.planning._roster_result import Roster

__all__ = ["clock", "sentences"]

LIMITS = {
    "max_hours": "the maximum hours of the people",
    "max_days": "the maximum number of days of the people",
    "rest": "the rest between two days",
    "available": "the hours in which people are available",
}


def clock(day: RosterDay, instant: float) -> str:
    """Return an instant of a day without its date, or seconds if the day has no `opens_at`."""
    opens_at = day.scenario.opens_at
    if opens_at is None:
        return f"{instant:g} s"
    return clock_text(round(clock_seconds(opens_at) + instant) % DAY)


def sentences(roster: Roster) -> Iterator[str]:
    """Yield sentences: the roster with its cost, whether it meets the target, closed days."""
    yield _plan(roster)
    yield _verdict(roster)
    yield from _closed(roster)


def _plan(roster: Roster) -> str:
    table, targets = roster.table, roster.rounds.slots
    groups = "groups" if len(roster.groups) > 1 else "group"
    people, shifts = table["person"].nunique(), len(table)
    costs = "" if roster.cost == roster.hours else f" at a cost of {roster.cost:,.10g}"
    target = " or ".join(dict.fromkeys(str(slot.target) for slot in targets))
    of = counted(len(roster.rounds.team.people), "person", "people")
    return (
        f"{people} of {of} {'works' if people == 1 else 'work'} {counted(shifts, 'shift')}, "
        f"{counted(roster.hours, 'hour')}{costs}, in {groups} {' and '.join(roster.groups)} "
        f"for {target} in each interval of {counted(len(roster.days), 'day')}."
    )


def _verdict(roster: Roster) -> str:
    played = [each for slot in roster.chosen.played for each in slot if each.offered]
    days = max((each.observations.replications for each in played), default=0)
    if roster.meets == "yes":
        return (
            f"Played with other callers, up to {days} times a day, this roster meets the target "
            f"in {all_of(len(played), 'interval')} "
            "with calls, with 95 % confidence."
        )
    missed = sum(each.meets == "no" for each in played)
    doubtful = sum(each.meets == "undecided" for each in played)
    it = "it" if missed else "the target"
    counts = {"misses the target in": missed, f"is not shown to meet {it} in": doubtful}
    what = " and ".join(f"{verb} {n:,}" for verb, n in counts.items() if n)
    return (
        f"This roster {what} of {counted(len(played), 'interval')} with calls, {_worst(roster)}; "
        f"{_why(roster)}."
    )


def _closed(roster: Roster) -> Iterator[str]:
    """Yield a sentence on the days on which no calls arrive at a group, for each group."""
    for group in roster.groups:
        slots = [slot for slot in roster.rounds.slots if slot.group == group]
        closed = [roster.days[slot.day] for slot in slots if not slot.has_calls]
        if closed:
            yield f"No calls arrive at group {group} on {listed(closed)}: it needs nobody then."


def _worst(roster: Roster) -> str:
    """Return the interval that misses its target most: `most at 12:00 with service level 61 %`."""
    place, at = max(
        roster.chosen.missed,
        key=lambda key: max(
            each.shortfall(goal)
            for each in [roster.chosen.played[key[0]][key[1]]]
            for goal in each.target.goals
        ),
    )
    slot, each = roster.rounds.slots[place], roster.chosen.played[place][at]
    day = roster.rounds.team.days[slot.day]
    goal = max(each.target.goals, key=each.shortfall)
    unit = METRICS[goal.name].unit if goal.name in METRICS else "rate"
    named = f"{day.name} " if len(roster.days) > 1 else ""
    if len(roster.groups) > 1:
        named += f"group {slot.group} "
    found = format_estimate(*each.bounds(goal)[:3], unit)
    name = goal.name.replace("_", " ")
    return f"most at {named}{clock(day, at * day.width)} with {name} {found}"


def _why(roster: Roster) -> str:
    """Return what could show that the target is met, and which constraint binds."""
    if roster.meets != "undecided":
        return _constraint(roster)
    tell = "more days (replications_played) may show it"
    next_needs = roster.rounds.raised(roster.chosen)
    has_more = roster.rounds.covering(next_needs).is_coverable()
    return tell if has_more else f"{tell}; if not, {_constraint(roster)}"


def _constraint(roster: Roster) -> str:
    """Return which constraint binds."""
    binding = roster.binding
    if "max_rounds" in binding:
        return "more rounds (max_rounds) could raise its needs further"
    if "shifts" in binding:
        return "no number of people covers all needs with these shifts"
    limits = [LIMITS[name] for name in binding if name in LIMITS]
    people = binding["people"]
    more = counted(people or 0, "more person", "more people")
    why = f"what binds is {' or '.join(limits)}, or " if limits else ""
    return f"{why}at least {more} would be needed to cover all needs"
