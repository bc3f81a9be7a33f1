"""Definitions of the metrics of members, and their table with a row per group and member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import compress
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim._frames import frame_of_figures
from ringsim._lazy import pd
from ringsim.confidence import (
    FEW_EVENTS,
    Count,
    Estimate,
    Estimates,
    Figure,
    Rate,
    Share,
    Unknown,
    estimate_together,
)
from ringsim.distributions import Constant
from ringsim.metrics._roster import Roster
from ringsim.metrics._sums import Observations

__all__ = [
    "MEMBER_METRICS",
    "columns_of",
    "estimate_columns",
    "few_events_note",
    "few_events_notes",
    "member_figures",
    "members",
    "notes_of",
    "occupancy",
    "occupancy_within",
    "side_by_side",
]

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


def occupancy(observations: Observations, group: int | None) -> Figure:
    """Return talk and wrap-up time of all members of a group as a share of their time on duty."""
    roster = observations.roster
    people = roster.people_of(group)
    busy = sum((observations.of_person(name)[:, people].sum(axis=1) for name in BUSY), np.zeros(1))
    return Share(busy, float(roster.duty_time[people].sum()))


def occupancy_within(observations: Observations, cells: Sequence[int]) -> Figure:
    """Return the occupancy within some intervals; `observations` must be by interval."""
    layout, roster = observations.layout, observations.roster
    people = roster.people_of(None if layout.group < 0 else layout.group)
    on_duty = roster.duty_time_by(layout.width, layout.n_cells, people)
    return Share(observations.busy[:, cells].sum(axis=1), float(on_duty[cells].sum()))


def members(observations: Observations, level: float) -> pd.DataFrame:
    """Return the table of `Result.members`."""
    roster = observations.roster
    shown, figures, is_few = member_figures(observations, level)
    index = _index_of(
        tuple((roster.groups[at], roster.extensions[who]) for at, who in roster.seats)
    )
    columns = [column for name in shown for column in columns_of(name)]
    return frame_of_figures(figures, few_events_notes(shown, is_few), columns, index.copy())


def member_figures(observations: Observations, level: float) -> tuple[list[str], Floats, Flags]:
    """Return the metrics shown, three columns for each, and which have few events; by seat."""
    roster = observations.roster
    needs = {name: OPTIONS_OF_MEMBERS.get(name, "") for name in MEMBER_METRICS}
    shown = [name for name, need in needs.items() if need in ("", *roster.options)]
    figures = np.empty((len(roster.seats), 3 * len(shown)))
    is_few = np.empty((len(roster.seats), len(shown)), dtype=np.bool_)
    for seats in _comparable_seats(roster):
        found = [MEMBER_METRICS[name][1](observations, seats) for name in shown]
        figures[seats], is_few[seats] = side_by_side(estimate_together(found, level))
    return shown, figures, is_few


@lru_cache(maxsize=64)  # takes a third of the time of a table
def _index_of(seats: tuple[tuple[str, str], ...]) -> pd.MultiIndex:
    """Return the index of a table of members; a caller who hands it out copies it."""
    return pd.MultiIndex.from_tuples(seats, names=["group", "member"])


def side_by_side(tables: Sequence[Estimates]) -> tuple[Floats, Flags]:
    """Return the columns of tables with the same rows, three for each, and their marks."""
    columns = np.column_stack([column for each in tables for column in each[:3]])
    return columns, np.column_stack([each.is_few for each in tables])


def notes_of(names: Sequence[str], is_few: Flags, index: pd.Index) -> pd.Series:
    """Return the notes of the rows of a table, given which metrics have few events."""
    return pd.Series(few_events_notes(names, is_few), index=index, dtype="str")


def few_events_notes(names: Sequence[str], is_few: Flags) -> list[str]:
    """Return the note of each row, given which metrics have few events."""
    return [few_events_note(list(compress(names, few))) for few in is_few]


def estimate_columns(estimates: Iterable[tuple[str, Estimate]]) -> dict[str, Any]:
    """Return a row with columns `x`, `x_low` and `x_high` for each metric `x`, and one `note`."""
    flat: dict[str, Any] = {}
    few = []
    for name, estimate in estimates:
        flat |= dict(zip(columns_of(name), estimate, strict=False))
        if not estimate.is_trusted:
            few.append(name)
    return flat | {"note": few_events_note(few)}


def columns_of(name: str) -> tuple[str, str, str]:
    """Return the names of a metric's three columns."""
    return name, f"{name}_low", f"{name}_high"


def few_events_note(names: Sequence[str]) -> str:
    """Return the note of a row that lists the metrics with few events."""
    return f"{FEW_EVENTS}: {', '.join(names)}" if names else ""


BUSY = ("talk_time", "wrap_up_time")

Seats = Sequence[int]
MemberFigure = Callable[[Observations, Seats], Figure]  # of seats that `_comparable_seats` returns


def _comparable_seats(roster: Roster) -> list[list[int]]:
    """Return the seats in parts whose rows one figure can have.

    People of a part have the same time on duty, and are all alone in their groups, or none is.
    """
    parts: dict[tuple[float, bool], list[int]] = {}
    sizes = Counter(at for at, _ in roster.seats)
    for seat, (at, who) in enumerate(roster.seats):
        parts.setdefault((float(roster.duty_time[who]), sizes[at] == 1), []).append(seat)
    return list(parts.values())


def _people_of(seen: Observations, seats: Seats) -> tuple[list[int], float]:
    """Return the people of some seats, and the time that each of them is on duty [s]."""
    people = [seen.roster.seats[seat][1] for seat in seats]
    return people, float(seen.roster.duty_time[people[0]])


def _of_seats(seen: Observations, name: str, seats: Seats) -> Floats:
    """Return one of the `SEAT_SUMS` of some seats, shape (seats, R)."""
    return seen.of_seat(name)[:, seats].T


def _count_of(name: str) -> MemberFigure:
    return lambda seen, seats: Count(_of_seats(seen, name, seats))


def _share_of(*names: str) -> MemberFigure:
    def figure(seen: Observations, seats: Seats) -> Figure:
        people, on_duty = _people_of(seen, seats)
        part = sum((seen.of_person(name)[:, people] for name in names), np.zeros((1, 1)))
        return Share(part.T, on_duty)

    return figure


def _wrap_up_share(seen: Observations, seats: Seats) -> Figure:
    demands = seen.roster.scenario.demand.values()
    never = all(demand.wrap_up_time == Constant(0) for demand in demands)
    return replace(_share_of("wrap_up_time")(seen, seats), is_fixed=never)


def _answer_share(seen: Observations, seats: Seats) -> Figure:
    roster = seen.roster
    groups = [roster.seats[seat][0] for seat in seats]
    colleagues = {at: roster.seats_of_group(at) for at in dict.fromkeys(groups)}
    by_all = {at: _of_seats(seen, "answered", all_of) for at, all_of in colleagues.items()}
    totals = {at: answered.sum(axis=0) for at, answered in by_all.items()}
    is_alone = len(colleagues[groups[0]]) == 1
    cases = np.array([totals[at] for at in groups])
    return Rate(_of_seats(seen, "answered", seats), cases, is_fixed=is_alone)


def _interruptions(seen: Observations, seats: Seats) -> Figure:
    hours = _people_of(seen, seats)[1] / 3600
    rings = _of_seats(seen, "interruptions", seats)
    return Count(rings, per=hours) if hours else Unknown(len(seats))


MEMBER_METRICS: dict[str, tuple[str, MemberFigure]] = {
    "rung": ("rings of this group on this phone, without pages", _count_of("rung")),
    "answered": ("rings that the member answered", _count_of("answered")),
    "ring_no_answer": ("rings that ran their full time unanswered", _count_of("ring_no_answer")),
    "paged": ("pages of this group that reached this phone", _count_of("paged")),
    "answer_share": ("answered / answered by all members of the group", _answer_share),
    "interruptions_per_hour": ("rings and pages within hours / hours on duty", _interruptions),
    "talk_share": (
        "share of duty on a call, of any group or their own",
        _share_of("talk_time"),
    ),
    "ring_share": ("share of duty in which the phone rings", _share_of("ring_time")),
    "wrap_up_share": ("share of duty in wrap-up and not on a call", _wrap_up_share),
    "occupancy": ("talk_share + wrap_up_share", _share_of(*BUSY)),
    "declined": ("rings that the member declined", _count_of("declined")),
    "pause_time": (
        "time on duty [s] that the member is paused for this group, within hours",
        _count_of("pause_time"),
    ),
}
OPTIONS_OF_MEMBERS = {"declined": "declines", "pause_time": "pauses"}  # see `Roster.options`
