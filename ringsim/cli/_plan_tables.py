"""Tables of `sweep`, `size`, `optimize` and `stress`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ringsim.cli._cells import (
    INTERVALS,
    STAR,
    cell_of,
    cells_of,
    metric_title,
    narrow,
    periods_of,
    unit_of,
)
from ringsim.cli._screen import Grid
from ringsim.confidence import FEW_EVENTS
from ringsim.metrics import METRICS, Thresholds, few_events, format_figure
from ringsim.planning import Optimum, Sizing, Staffing, StressTest
from ringsim.scenario import Scenario, time_text

__all__ = [
    "combinations",
    "events",
    "goal_cells",
    "goal_titles",
    "optima",
    "sizes",
    "staffed",
]

MOST_OPTIMA = 20  # rows


def combinations(frame: pd.DataFrame, thresholds: Thresholds, scenario: Scenario) -> Grid:
    """Return the table of `sweep`, with a row per combination of settings."""
    periods = periods_of(scenario)
    metrics = [str(name) for name in frame.columns if f"{name}_low" in frame]
    settings = list(frame.columns[: frame.columns.get_loc(metrics[0])])
    rows = [
        [*(str(row[path]) for path in settings), *cells_of(row, metrics)]
        for row in frame.to_dict("records")
    ]
    return Grid(
        "",
        [*settings, *(narrow(metric_title(name, thresholds, periods)) for name in metrics)],
        rows,
        keys=len(settings),
        caption=f"Means per replication with {INTERVALS};{STAR}",
    )


def events(found: StressTest) -> Grid:
    """Return the table of `stress`, with a row per event from the worst one on."""
    comparison = found.comparison
    metrics, thresholds = comparison.metrics, comparison.question
    rows = []
    for event in (comparison.baseline, *found.order):
        figures = [(METRICS[name].unit, comparison.row(event, name)) for name in metrics]
        cells = [
            cell_of(row._asdict(), "", unit, row.difference != 0 and FEW_EVENTS in row.note)
            for unit, row in figures
        ]
        rows.append([event, *cells])
    periods = periods_of(comparison.scenario)
    titles = [narrow(metric_title(name, thresholds, periods)) for name in metrics]
    caption = f"The worst event first. Means per replication with {INTERVALS};{STAR}"
    if any(event.kind == "burst" for event in found.events.values()):
        caption += (
            " The calls of a burst are not counted among the group's own, only their effect on "
            "these; its visits and rings are."
        )
    return Grid("", ["event", *titles], rows, caption=caption)


def sizes(sizing: Sizing) -> Grid:
    """Return the table of `size`, with a row per number of members."""
    goals = [goal.name for goal in sizing.target.goals]
    periods = periods_of(sizing.scenario)
    columns = ["members", *goal_titles(goals, sizing.target.question), "meets", periods]
    columns += ["occupancy", "Erlang B\nblocking", "Erlang C"]
    rows = []
    for count, row in zip(sizing.table.index, sizing.table.to_dict("records"), strict=True):
        first, *others = goals
        figures = [cell_of(row, "estimate", unit_of(first)), *goal_cells(row, others)]
        shares = ("occupancy", "erlang_b_blocking", "erlang_c_service_level")
        rows.append(
            [
                f"{count}",
                *figures,
                row["meets"],
                f"{row['replications']}",
                *(format_figure(row[name], "rate") for name in shares),
            ]
        )
    caption = "Bounds of all sizes hold together with 95 % confidence; Erlang C: service level."
    return Grid("", columns, rows, caption=caption)


def optima(optimum: Optimum) -> Grid:
    """Return the table of `optimize`: the choice and the combinations on the frontier."""
    frame = optimum.frontier[optimum.frontier["on_frontier"]]
    if optimum.chosen is not None and optimum.chosen.index not in frame.index:
        frame = pd.concat([optimum.table.loc[[optimum.chosen.index]], frame])
    figures = [each for each in optimum.figures if f"{each.name}_low" in frame]
    periods = periods_of(optimum.space.scenario)
    rows = [
        [
            *(f"{row[path]}" for path in optimum.space.settings),
            *(
                cell_of(row, each.name, each.unit, few_events(row["note"], each.name))
                for each in figures
            ),
            row["feasible"],
            row["state"],
            f"{row['replications']}",
        ]
        for row in frame.head(MOST_OPTIMA).to_dict("records")
    ]
    columns = [
        *optimum.space.settings,
        *(narrow(metric_title(each.name, optimum.thresholds, periods)) for each in figures),
        "meets\ntarget",
        "state",
        periods,
    ]
    more = len(frame) - len(rows)
    left_out = f" {more} more are not shown." if more > 0 else ""
    if any(row[-2] == "beaten" for row in rows):
        left_out += " Beaten: surely not the best by what is optimized."
    return Grid(
        "Combinations that no other one beats in all figures",
        columns,
        rows,
        keys=len(optimum.space.settings),
        caption=f"Means per replication with {INTERVALS}, of each row alone;{STAR}{left_out}",
    )


def staffed(found: Staffing, title: str = "") -> Grid:
    """Return the table of `size --width`, with a row per interval of the day."""
    goals = [goal.name for goal in found.target.goals]
    columns = ["from", "to", "members", "Erlang\nmembers", "calls", "meets"]
    columns += [*goal_titles(goals, found.target.question), "occupancy"]
    opens_at = found.scenario.opens_at
    rows = []
    for start, row in zip(found.table.index, found.table.to_dict("records"), strict=True):
        erlang = row["erlang_members"]
        rows.append(
            [
                time_text(float(start), opens_at),
                time_text(float(row["ends_at"]), opens_at),
                f"{row['members']}" + ("" if row["decided"] else "?"),
                "-" if pd.isna(erlang) else f"{erlang:g}",
                format_figure(row["offered"], "calls"),
                row["meets"],
                *goal_cells(row, goals),
                format_figure(row["occupancy"], "rate"),
            ]
        )
    caption = "Each interval's bounds hold with 95 % confidence; ? undecided whether fewer do."
    return Grid(title, columns, rows, keys=2, caption=caption)


def goal_titles(goals: Sequence[str], thresholds: Thresholds) -> Iterator[str]:
    return (
        "service level" if name == "service_level" else narrow(metric_title(name, thresholds))
        for name in goals
    )


def goal_cells(row: Mapping[Any, Any], goals: Sequence[str]) -> list[str]:
    return [cell_of(row, name, unit_of(name)) for name in goals]
