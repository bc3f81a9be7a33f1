"""Definitions of the metrics of members, and their table with a row per group and member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ringsim._lazy import pd
from ringsim.confidence import FEW_EVENTS, Count, Estimate, Figure, Rate, Share, Unknown
from ringsim.distributions import Constant
from ringsim.metrics._sums import Observations

__all__ = [
    "MEMBER_METRICS",
    "columns_of",
    "estimate_columns",
    "few_events_note",
    "members",
    "occupancy",
    "occupancy_within",
]


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
    needs = {name: OPTIONS_OF_MEMBERS.get(name, "") for name in MEMBER_METRICS}
    shown = [name for name, need in needs.items() if need in ("", *roster.options)]
    rows = [
        estimate_columns(
            (name, MEMBER_METRICS[name][1](observations, seat, at, who).estimate(level))
            for name in shown
        )
        for seat, (at, who) in enumerate(roster.seats)
    ]
    index = pd.MultiIndex.from_tuples(
        [(roster.groups[at], roster.extensions[who]) for at, who in roster.seats],
        names=["group", "member"],
    )
    columns = [column for name in shown for column in columns_of(name)]
    figures = np.array([[row[name] for name in columns] for row in rows], dtype=np.float64)
    frame = pd.DataFrame(figures.reshape(len(rows), len(columns)), index=index, columns=columns)
    frame["note"] = pd.Series([row["note"] for row in rows], index=index, dtype="str")
    return frame


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

MemberFigure = Callable[[Observations, int, int, int], Figure]


def _count_of(name: str) -> MemberFigure:
    return lambda seen, seat, at, who: Count(seen.of_seat(name)[:, seat])


def _share_of(*names: str) -> MemberFigure:
    def figure(seen: Observations, seat: int, at: int, who: int) -> Figure:
        part = sum((seen.of_person(name)[:, who] for name in names), np.zeros(1))
        return Share(part, float(seen.roster.duty_time[who]))

    return figure


def _wrap_up_share(seen: Observations, seat: int, at: int, who: int) -> Figure:
    demands = seen.roster.scenario.demand.values()
    never = all(demand.wrap_up_time == Constant(0) for demand in demands)
    return replace(_share_of("wrap_up_time")(seen, seat, at, who), is_fixed=never)


def _answer_share(seen: Observations, seat: int, at: int, who: int) -> Figure:
    answered, seats = seen.of_seat("answered"), seen.roster.seats_of_group(at)
    by_all = answered[:, seats].sum(axis=1)
    return Rate(answered[:, seat], by_all, is_fixed=len(seats) == 1)


def _interruptions(seen: Observations, seat: int, at: int, who: int) -> Figure:
    hours = float(seen.roster.duty_time[who]) / 3600
    return Count(seen.of_seat("interruptions")[:, seat], per=hours) if hours else Unknown()


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
