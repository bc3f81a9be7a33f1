"""What staffing a day finds, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ringsim.metrics import Observations, metric_named
from ringsim.planning._evidence import Evidence, evidence_of
from ringsim.planning._goals import Errors, Goal, GroupView, Meets, overall_verdict
from ringsim.planning._search import ERROR
from ringsim.planning._sizing import Sizing, as_columns, head_count
from ringsim.planning._target import Target
from ringsim.scenario import DAY, Scenario, clock_seconds, clock_text

__all__ = ["Staffing"]

ERRORS = Errors(ERROR, ERROR)  # of an interval, for itself


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
    longest : callable
        The longest mean speed of answer of a day, by the limit that is asked for.
    shrinkage : float or None
        As it was given.
    """

    target: Target
    sizings: tuple[Sizing, ...]
    scenario: Scenario
    observations: Observations
    longest: Callable[[float], float]
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
        target then, `yes`, `no` or `undecided`. One in which nobody calls does. Bounds and
        verdicts hold with 95 % for each interval for itself, and allow for one more day as
        bad as a day can be, as in `Sizing.table`.
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
            "offered_load": sizing.formulas.load,
            "members": sizing.closest,
            "decided": sizing.decided and sizing.members is not None,
            "erlang_members": sizing.erlang_members,
        }
        if self.shrinkage is not None:
            row["head_count"] = head_count(sizing.closest, self.shrinkage)
        return row

    def _played(self, place: int) -> dict[str, Any]:
        goals, question = self.target.goals, self.target.question
        group = self.observations.layout.group
        seen = GroupView(self.observations, group, [place], self.longest)
        evidence = {goal.name: goal.evidence(seen) for goal in goals}
        level = metric_named("service_level").figure(seen.calls, question)
        shown = {"service_level": level, "occupancy": seen.occupancy}
        evidence |= {name: evidence_of(figure, 1.0) for name, figure in shown.items()}
        row: dict[str, Any] = {"offered": seen.offered / self.observations.replications}
        for name, each in evidence.items():
            row |= as_columns(name, each.bounds(*ERRORS))
        met = overall_verdict(
            [self._verdict(goal, evidence[goal.name], seen.offered) for goal in goals]
        )
        return row | {"meets": met if seen.offered else "yes"}

    def _verdict(self, goal: Goal, evidence: Evidence, offered: float) -> Meets:
        """Return whether an interval meets a goal; several goals share the error of a `no`."""
        errors = Errors(ERROR, ERROR / len(self.target.goals))
        return goal.verdict(evidence, offered, errors).meets

    def __str__(self) -> str:
        return "\n".join(_sentences(self))

    def __repr__(self) -> str:
        members = ", ".join(str(sizing.closest) for sizing in self.sizings)
        return f"<Staffing of group {self.sizings[0].group}: {members}>"


def _sentences(staffing: Staffing) -> Iterator[str]:
    """What the plan misses, if anything, then what it is."""
    table, group = staffing.table, staffing.sizings[0].group
    yield from _missed(staffing, table)
    least, most = table["members"].min(), table["members"].max()
    number = f"{least}" if least == most else f"{least} to {most}"
    yield (
        f"Group {group} needs {number} members on duty, {staffing.member_hours:g} member "
        f"hours, for {staffing.target} in each of {len(table)} intervals of {staffing.width:g} s."
    )
    met = int((table["meets"] == "yes").sum())
    days = staffing.observations.replications
    yield f"In {days} days played with them, {met} intervals meet the target."
    if (table["meets"] == "undecided").any():
        at = _starts(staffing, table[table["meets"] == "undecided"])
        yield f"It may or may not be met {at}: these days do not tell."


def _missed(staffing: Staffing, table: pd.DataFrame) -> Iterator[str]:
    """What cannot be met, and what is not met."""
    short = [sizing.members is None for sizing in staffing.sizings]
    missed = table["meets"] == "no"
    if missed.any():
        yield (
            f"The plan misses the target in {int(missed.sum())} of {len(table)} intervals, "
            f"{_starts(staffing, table[missed])}."
        )
    if any(short):
        yield f"No number of members was found that is enough {_starts(staffing, table[short])}."


def _starts(staffing: Staffing, rows: pd.DataFrame) -> str:
    """The intervals of some rows: `from 09:00, 09:30`."""
    opens_at = staffing.scenario.opens_at
    return f"from {', '.join(_clock(start, opens_at) for start in rows.index)}"


def _clock(start: float, opens_at: str | None) -> str:
    """A time of day, on whatever day, or seconds from the start."""
    if opens_at is None:
        return f"{start:g} s"
    return clock_text(round(clock_seconds(opens_at) + start) % DAY)
