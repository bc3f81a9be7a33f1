"""Sentences on the staffing of a day: the plan, its price, and the intervals that it misses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ringsim._sentences import all_of, counted
from ringsim.metrics import Observations, default_metrics
from ringsim.planning._goals import GroupView
from ringsim.planning._metric_changes import changes_between, describe_step, gain_and_price
from ringsim.scenario import DAY, clock_seconds, clock_text

if TYPE_CHECKING:
    from ringsim.planning._staffing import Staffing

__all__ = ["clock", "member_hours", "sentences"]

SOME = 0.05  # attempts a day, which are shown with one decimal


def sentences(staffing: Staffing) -> Iterator[str]:
    """Yield sentences on the intervals that miss the target, then on the plan and its price."""
    table, group = staffing.table, staffing.sizings[0].group
    least, most = table["members"].min(), table["members"].max()
    members = counted(most, "member") if least == most else f"{least} to {most} members"
    if any(sizing.has_calls for sizing in staffing.sizings):
        yield from _plan(staffing, table, members)
    else:
        there = f" Members of other groups stay on duty: {most}." if most else ""
        yield f"No calls arrive at group {group}: it needs nobody.{there}"
    if staffing.present is not None:
        yield from _price(staffing, staffing.present)


def _plan(staffing: Staffing, table: pd.DataFrame, members: str) -> Iterator[str]:
    """Yield sentences on the plan of a day with calls, and on the days played with it."""
    group = staffing.sizings[0].group
    yield from _missed(staffing, table)
    hours = counted(staffing.member_hours, "member hour")
    each = f"{staffing.target} in {all_of(len(table), 'interval', 'each of')}"
    if any(_is_short(staffing)) or (table["meets"] == "no").any():
        aim = f"The plan of group {group} has {members} on duty, {hours}, to reach {each}"
    else:
        aim = f"Group {group} needs {members} on duty, {hours}, for {each}"
    yield f"{aim} of {staffing.width:g} s."
    met = int((table["meets"] == "yes").sum())
    days = counted(staffing.observations.replications, "day")
    meet = counted(met, "interval meets", "intervals meet")
    yield f"In {days} played with them, {meet} the target."
    if (table["meets"] == "undecided").any():
        at = _starts(staffing, table[table["meets"] == "undecided"])
        yield f"It may or may not be met {at}: these days do not tell."
    yield from _late(staffing)


def _price(staffing: Staffing, present: Observations) -> Iterator[str]:
    """Yield what the plan improves and worsens most beside the scenario as it was given."""
    played, thresholds = staffing.observations, staffing.target.question
    shown = default_metrics(staffing.scenario, staffing.sizings[0].group)
    place, cells = played.layout.group, range(played.layout.n_cells)
    before, after = (
        GroupView(seen, place, cells).influences(shown, thresholds) for seen in (present, played)
    )
    goals = [goal.name for goal in staffing.target.goals]
    gain, worse = gain_and_price(changes_between(before, after), goals)
    hours = member_hours(present)
    more = staffing.member_hours - hours
    gains = [] if gain is None else [gain.words]
    prices = [each.words for each in worse]
    if more:
        told = counted(abs(more), f"{'more' if more > 0 else 'fewer'} member hour")
        (prices if more > 0 else gains).insert(0, told)
    if gains or prices:
        step = f"Beside the scenario as it is, with {counted(hours, 'member hour')}"
        yield describe_step(step, gains, prices)


def _late(staffing: Staffing) -> Iterator[str]:
    """Yield a sentence on attempts after the last interval, of callers who try again."""
    played = staffing.observations
    calls = GroupView(played, played.layout.group, range(played.layout.n_cells)).calls
    attempts = calls.of_callers("attempts").mean() if played.roster.counts_callers else 0.0
    late = attempts - calls.of("offered").mean()
    if late >= SOME:
        yield (
            f"{late:.1f} of {attempts:.1f} attempts a day, of callers who try again, come after "
            "the last interval and are in none; the last members stay for them."
        )


def member_hours(observations: Observations) -> float:
    """Return the sum of the time on duty of a group's members within the hours of a day [h]."""
    roster = observations.roster
    people = roster.people_of(observations.layout.group)
    return float(roster.duty_time[people].sum()) / 3600


def _missed(staffing: Staffing, table: pd.DataFrame) -> Iterator[str]:
    """Yield sentences on the intervals that miss the target, or for which no number is enough."""
    short = _is_short(staffing)
    missed = table["meets"] == "no"
    if missed.any():
        yield (
            f"The plan misses the target in {int(missed.sum())} of "
            f"{counted(len(table), 'interval')}, {_starts(staffing, table[missed])}."
        )
    if any(short):
        yield f"No number of members was found that is enough {_starts(staffing, table[short])}."


def _is_short(staffing: Staffing) -> list[bool]:
    """Return for each interval whether no number of members was found that is enough."""
    return [sizing.members is None for sizing in staffing.sizings]


def _starts(staffing: Staffing, rows: pd.DataFrame) -> str:
    """Return the starts of some rows' intervals: `from 09:00, 09:30`."""
    opens_at = staffing.scenario.opens_at
    return f"from {', '.join(clock(start, opens_at) for start in rows.index)}"


def clock(start: float, opens_at: str | None) -> str:
    """Return a time of day without its date, or seconds if the opening time is unknown."""
    if opens_at is None:
        return f"{start:g} s"
    return clock_text(round(clock_seconds(opens_at) + start) % DAY)
