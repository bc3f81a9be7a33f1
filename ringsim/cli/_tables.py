"""Heading of every command, and the tables of `simulate`.

`group_lines`, `heading`
    What was simulated: hours, replications, and a line for each group.
`callers`, `members`, `intervals`, `by_day`
    Tables with figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ringsim._sentences import counted
from ringsim.cli._cells import INTERVALS, STAR, cell_of, cells_of, metric_title, narrow, periods_of
from ringsim.cli._screen import Grid
from ringsim.confidence import FEW_EVENTS
from ringsim.metrics import METRICS, Thresholds, format_figure
from ringsim.scenario import Scenario, time_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "by_day",
    "callers",
    "group_lines",
    "heading",
    "intervals",
    "members",
]

LONGEST_NAME = 20  # characters of a group's name in a heading; the lines above have all of it


def heading(scenario: Scenario, replications: str, seed: int, groups: Sequence[str]) -> str:
    """Return lines that say what was simulated; `replications` may be empty."""
    name = scenario.name or "Scenario"
    opens = f" from {scenario.opens_at}" if scenario.opens_at else ""
    days = f" on {', '.join(scenario.days)}" if scenario.days else ""
    studied = ", ".join(part for part in (replications, f"seed {seed}") if part)
    first = f"{name}: {counted(scenario.hours, 'hour')}{opens}{days}, {studied}"
    return "\n".join([first, *groups])


def group_lines(
    scenario: Scenario,
    numbers: Collection[str],
    dispatchers: Mapping[str, str] | None = None,
    now: str = "",
) -> list[str]:
    """Return a line for each group: its strategy, ring time and members.

    Parameters
    ----------
    scenario : Scenario
        The scenario with the groups.
    numbers : collection of str
        Numbers of the groups to list.
    dispatchers : mapping of str to str, optional
        Name of the strategy that is played, by group, where it is not the group's own.
    now : str, default ""
        Words after the name of the group, such as " today" where results are about changes.
    """
    lines = []
    for group in scenario.groups:
        number = group.extension_number
        if number in numbers:
            title = f"{number} {group.name or ''}".strip()
            strategy = (dispatchers or {}).get(number, group.preset or str(group.ring_strategy))
            lines.append(
                f"{title}{now}: {strategy}, ring time {group.ring_time:g} s, "
                f"{counted(len(group.members), 'member')}"
            )
    return lines


def callers(
    columns: Mapping[str, Mapping[str, Mapping[str, Any]]],
    scenario: Scenario,
    thresholds: Thresholds,
    metrics: Collection[str],
) -> Grid:
    """Return the table of `simulate` with a row per metric and a column per group.

    `columns` has, by group and metric, the `estimate`, `low`, `high` and `note`.
    """
    names = {group.extension_number: group.name or "" for group in scenario.groups}
    titles = [
        f"{number} {name}".strip() if len(name) <= LONGEST_NAME else number
        for number, name in ((each, names.get(each, "")) for each in columns)
    ]
    rows = []
    for metric in (name for name in METRICS if name in metrics):
        found = [summary[metric] for summary in columns.values()]
        cells = [cell_of(row, "", METRICS[metric].unit, FEW_EVENTS in row["note"]) for row in found]
        rows.append([metric_title(metric, thresholds, periods_of(scenario)), *cells])
    variant = "" if thresholds.variant == "offered" else f" Service level: {thresholds.variant}."
    return Grid(
        "What callers experienced",
        ["", *titles],
        rows,
        caption=f"Means per replication with {INTERVALS};{STAR}{variant}",
    )


def members(found: Sequence[Mapping[str, Any]], *, every: bool = False) -> Grid:
    """Return the table of `simulate` with a row per group and member.

    With `every`, the table has all shares of the members' time.
    """
    counts = {"rung": "rung", "answered": "answered", "ring_no_answer": "ring-no-\nanswer"}
    if any(row["paged"] > 0 for row in found):
        counts["paged"] = "paged"
    counts["interruptions_per_hour"] = "interruptions\nper hour"
    shares = {"answer_share": "answer\nshare", "occupancy": "occupancy"}
    if every:
        shares |= {"talk_share": "on a call", "ring_share": "ringing", "wrap_up_share": "wrap-up"}
    rows = [
        [
            row["group"],
            row["member"],
            *(format_figure(row[name], "calls") for name in counts),
            *(format_figure(row[name], "rate") for name in shares),
        ]
        for row in found
    ]
    return Grid(
        "What members experienced",
        ["group", "member", *counts.values(), *shares.values()],
        rows,
        keys=2,
        caption="Rings and answers of the group, per replication; shares of the member's time on "
        "duty, over all groups and own calls.",
    )


def intervals(
    frame: pd.DataFrame, scenario: Scenario, thresholds: Thresholds, metrics: Collection[str]
) -> Grid:
    """Return the table of `simulate` with a row per interval of arrival, on each day."""
    shown = [name for name in metrics if METRICS[name].of_any_calls]
    places = [at if isinstance(at, tuple) else ("", at) for at in frame.index]
    rows = [
        [f"{day} {time_text(float(start), scenario.opens_at)}".strip(), *cells_of(row, shown)]
        for (day, start), row in zip(places, frame.to_dict("records"), strict=True)
    ]
    return Grid(
        "By time of arrival",
        ["from", *(narrow(metric_title(name, thresholds)) for name in shown)],
        rows,
        caption=f"Calls of all groups, means per replication with {INTERVALS};{STAR}",
    )


def by_day(frame: pd.DataFrame, thresholds: Thresholds, metrics: Collection[str]) -> Grid:
    """Return the table of `simulate` with a row per weekday, and one for the week."""
    rows = [
        [str(day), *cells_of(row, list(metrics))]
        for day, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    return Grid(
        "By weekday",
        ["day", *(narrow(metric_title(name, thresholds, "days or weeks")) for name in metrics)],
        rows,
        caption=f"Calls of all groups, means per replication with {INTERVALS};{STAR}",
    )
