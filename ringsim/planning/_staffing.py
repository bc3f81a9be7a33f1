"""What staffing a day finds, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ringsim.metrics import Observations, metric_named
from ringsim.planning._search import ERROR
from ringsim.planning._sizing import Sizing, as_columns, head_count
from ringsim.planning._target import Seen, Target, worst
from ringsim.scenario import Scenario
from ringsim.times import DAY, clock_seconds, clock_text

__all__ = ["Staffing"]

LEVEL = 1 - 2 * ERROR  # of two-sided intervals whose bounds are one-sided 95 % bounds


@dataclass(frozen=True, eq=False, repr=False)
class Staffing:
    """How many members a group needs over the day; `print` says it in words.

    Attributes
    ----------
    target : Target
        What was asked for, of each interval.
    sizings : tuple of Sizing
        How each interval was sized, for itself.
    scenario : Scenario
        The scenario with these members on duty; the last of them stay until all is over.
    observations : Observations
        What the days say that were played with them, by interval.
    shrinkage : float or None
        As it was given.
    """

    target: Target
    sizings: tuple[Sizing, ...]
    scenario: Scenario
    observations: Observations
    shrinkage: float | None = None

    @property
    def width(self) -> float:
        """Of the intervals [s]."""
        return self.observations.layout.width

    @property
    def member_hours(self) -> float:
        """Time on duty within the hours of the scenario, of all members together [h]."""
        roster = self.observations.roster
        people = roster.people_of(self.observations.layout.group)
        return float(roster.duty_time[people].sum()) / 3600

    @property
    def table(self) -> pd.DataFrame:
        """A row per interval, by `starts_at` [s], with `ends_at`.

        `offered` is the mean number of calls that arrive, `offered_load` [erlang] how many
        members they would keep busy. `members` is how many are on duty, `decided` whether
        that is surely the smallest number for calls that come all the time as in this
        interval, `erlang_members` what Erlang's formulas say; `head_count` is there where a
        shrinkage is.

        Of the days played follow the metrics of the target, the `service_level` and the
        `occupancy`, with one-sided 95 % bounds, and `meets`: whether the interval meets the
        target then, `yes`, `no` or `undecided`. One in which nobody calls does.
        """
        starts = pd.Index([at * self.width for at in range(len(self.sizings))], name="starts_at")
        return pd.DataFrame(
            [
                {"ends_at": start + self.width} | self._sized(sizing) | self._played(at)
                for at, (start, sizing) in enumerate(zip(starts, self.sizings, strict=True))
            ],
            index=starts,
        )

    def _sized(self, sizing: Sizing) -> dict[str, Any]:
        row: dict[str, Any] = {
            "offered_load": sizing.yardstick.load,
            "members": sizing.closest,
            "decided": sizing.decided and sizing.members is not None,
            "erlang_members": sizing.erlang_members,
        }
        if self.shrinkage is not None:
            row["head_count"] = head_count(sizing.closest, self.shrinkage)
        return row

    def _played(self, place: int) -> dict[str, Any]:
        seen = Seen(self.observations, self.observations.layout.group, [place])
        level = metric_named("service_level").figure(seen.calls, self.target.question)
        figures = {goal.name: goal.figure(seen) for goal in self.target.goals}
        figures |= {"service_level": level, "occupancy": seen.occupancy}
        estimates = {name: figure.estimate(LEVEL) for name, figure in figures.items()}
        row: dict[str, Any] = {"offered": seen.offered / self.observations.replications}
        for name, estimate in estimates.items():
            row |= as_columns(name, estimate)
        met = worst([goal.meets(estimates[goal.name], seen.offered) for goal in self.target.goals])
        return row | {"meets": met if seen.offered else "yes"}

    def __str__(self) -> str:
        return "\n".join(_sentences(self))

    def __repr__(self) -> str:
        members = ", ".join(str(sizing.closest) for sizing in self.sizings)
        return f"<Staffing of group {self.sizings[0].group}: {members}>"


def _sentences(staffing: Staffing) -> Iterator[str]:
    table, group = staffing.table, staffing.sizings[0].group
    least, most = table["members"].min(), table["members"].max()
    yield (
        f"Group {group} needs {least} to {most} members on duty, {staffing.member_hours:g} member "
        f"hours, for {staffing.target} in each of {len(table)} intervals of {staffing.width:g} s."
    )
    short = [sizing.members is None for sizing in staffing.sizings]
    if any(short):
        yield f"No number of members was found that is enough {_at(staffing, table[short])}."
    counts = table["meets"].value_counts()
    days = staffing.observations.replications
    yield f"In {days} days played with them, {counts.get('yes', 0)} intervals meet the target."
    for verdict, verb in (("no", "It is not met"), ("undecided", "It may or may not be met")):
        if verdict in counts:
            yield f"{verb} {_at(staffing, table[table['meets'] == verdict])}."


def _at(staffing: Staffing, rows: pd.DataFrame) -> str:
    """The intervals of some rows: `from 09:00, 09:30`."""
    opens_at = staffing.scenario.opens_at
    return f"from {', '.join(_clock(start, opens_at) for start in rows.index)}"


def _clock(start: float, opens_at: str | None) -> str:
    """A time of day, on whatever day, or seconds from the start."""
    if opens_at is None:
        return f"{start:g} s"
    return clock_text(round(clock_seconds(opens_at) + start) % DAY)
