"""Tables of the commands, and the heading above them.

`group_lines`, `heading`
    What was simulated: hours, replications, and a line for each group.
`callers`, `members`, `intervals`, `combinations`, `sizes`, `staffed`, `optima`
    Tables with figures, as `simulate`, `sweep`, `size` and `optimize` print them.
`metric_title`
    The name of a metric in words, with its threshold.
`rule_and_aliases`
    The rule of a strategy, and its names in other phone systems.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ringsim.cli._screen import Grid
from ringsim.confidence import FEW_EVENTS
from ringsim.dispatch import Dispatcher
from ringsim.metrics import METRICS, Thresholds, few_events, format_estimate, format_figure
from ringsim.planning import Optimum, Sizing, Staffing, StressTest
from ringsim.scenario import Scenario, time_text

__all__ = [
    "by_day",
    "callers",
    "combinations",
    "events",
    "goal_cells",
    "goal_titles",
    "group_lines",
    "heading",
    "intervals",
    "members",
    "metric_title",
    "optima",
    "rule_and_aliases",
    "sizes",
    "staffed",
]

LONGEST_NAME = 20  # characters of a group's name in a heading; the lines above have all of it
WIDTH_OF_TITLE = 16
MOST_OPTIMA = 20  # rows
INTERVALS = "95 % intervals"
STAR = " * too few events to trust the interval."


def heading(scenario: Scenario, replications: str, seed: int, groups: Sequence[str]) -> str:
    """Return lines that say what was simulated; `replications` may be empty."""
    name = scenario.name or "Scenario"
    opens = f" from {scenario.opens_at}" if scenario.opens_at else ""
    days = f" on {', '.join(scenario.days)}" if scenario.days else ""
    studied = ", ".join(part for part in (replications, f"seed {seed}") if part)
    first = f"{name}: {scenario.hours:g} hours{opens}{days}, {studied}"
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
            n = len(group.members)
            lines.append(
                f"{title}{now}: {strategy}, ring time {group.ring_time:g} s, "
                f"{n} {'member' if n == 1 else 'members'}"
            )
    return lines


def metric_title(metric: str, question: Thresholds) -> str:
    """Return the name of a metric in words, with the threshold that it depends on."""
    titles = {
        "service_level": f"service level within {question.within:g} s",
        "p_target_met": f"days that reach {question.target * 100:g} %",
        "short_abandon": f"abandoned within {question.short:g} s",
    }
    return titles.get(metric, metric.replace("_", " "))


def _narrow(title: str) -> str:
    """Return a title in lines that are no wider than most figures."""
    return textwrap.fill(title, WIDTH_OF_TITLE, break_long_words=False)


def callers(
    columns: Mapping[str, pd.DataFrame],
    scenario: Scenario,
    question: Thresholds,
    metrics: Collection[str],
) -> Grid:
    """Return the table of `simulate` with a row per metric and a column per group."""
    names = {group.extension_number: group.name or "" for group in scenario.groups}
    titles = [
        f"{number} {name}".strip() if len(name) <= LONGEST_NAME else number
        for number, name in ((each, names.get(each, "")) for each in columns)
    ]
    rows = []
    for metric in (name for name in METRICS if name in metrics):
        found = [frame.loc[metric].to_dict() for frame in columns.values()]
        cells = [_cell(row, "", METRICS[metric].unit, FEW_EVENTS in row["note"]) for row in found]
        rows.append([metric_title(metric, question), *cells])
    variant = "" if question.variant == "offered" else f" Service level: {question.variant}."
    return Grid(
        "What callers experienced",
        ["", *titles],
        rows,
        caption=f"Means per replication with {INTERVALS};{STAR}{variant}",
    )


def members(frame: pd.DataFrame, *, every: bool = False) -> Grid:
    """Return the table of `simulate` with a row per group and member.

    With `every`, the table has all shares of the members' time.
    """
    counts = {"rung": "rung", "answered": "answered", "ring_no_answer": "ring-no-\nanswer"}
    if frame["paged"].any():
        counts["paged"] = "paged"
    counts["interruptions_per_hour"] = "interruptions\nper hour"
    shares = {"answer_share": "answer\nshare", "occupancy": "occupancy"}
    if every:
        shares |= {"talk_share": "on a call", "ring_share": "ringing", "wrap_up_share": "wrap-up"}
    rows = [
        [
            group,
            member,
            *(format_figure(row[name], "calls") for name in counts),
            *(format_figure(row[name], "rate") for name in shares),
        ]
        for (group, member), row in zip(frame.index, frame.to_dict("records"), strict=True)
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
    frame: pd.DataFrame, scenario: Scenario, question: Thresholds, metrics: Collection[str]
) -> Grid:
    """Return the table of `simulate` with a row per interval of arrival, on each day."""
    shown = [name for name in metrics if METRICS[name].of_any_calls]
    places = [at if isinstance(at, tuple) else ("", at) for at in frame.index]
    rows = [
        [f"{day} {time_text(float(start), scenario.opens_at)}".strip(), *_cells(row, shown)]
        for (day, start), row in zip(places, frame.to_dict("records"), strict=True)
    ]
    return Grid(
        "By time of arrival",
        ["from", *(_narrow(metric_title(name, question)) for name in shown)],
        rows,
        caption=f"Calls of all groups, means per replication with {INTERVALS};{STAR}",
    )


def by_day(frame: pd.DataFrame, question: Thresholds, metrics: Collection[str]) -> Grid:
    """Return the table of `simulate` with a row per weekday, and one for the week."""
    rows = [
        [str(day), *_cells(row, list(metrics))]
        for day, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    return Grid(
        "By weekday",
        ["day", *(_narrow(metric_title(name, question)) for name in metrics)],
        rows,
        caption=f"Calls of all groups, means per replication with {INTERVALS};{STAR}",
    )


def combinations(frame: pd.DataFrame, question: Thresholds) -> Grid:
    """Return the table of `sweep`, with a row per combination of settings."""
    metrics = [str(name) for name in frame.columns if f"{name}_low" in frame]
    settings = list(frame.columns[: frame.columns.get_loc(metrics[0])])
    rows = [
        [*(str(row[path]) for path in settings), *_cells(row, metrics)]
        for row in frame.to_dict("records")
    ]
    return Grid(
        "",
        [*settings, *(_narrow(metric_title(name, question)) for name in metrics)],
        rows,
        keys=len(settings),
        caption=f"Means per replication with {INTERVALS};{STAR}",
    )


def events(found: StressTest) -> Grid:
    """Return the table of `stress`, with a row per event from the worst one on."""
    comparison = found.comparison
    metrics, question = comparison.metrics, comparison.question
    rows = []
    for event in (comparison.baseline, *found.order):
        figures = [(METRICS[name].unit, comparison.row(event, name)) for name in metrics]
        cells = [
            _cell(row._asdict(), "", unit, row.difference != 0 and FEW_EVENTS in row.note)
            for unit, row in figures
        ]
        rows.append([event, *cells])
    titles = [_narrow(metric_title(name, question)) for name in metrics]
    caption = f"The worst event first. Means per replication with {INTERVALS};{STAR}"
    return Grid("", ["event", *titles], rows, caption=caption)


def sizes(sizing: Sizing) -> Grid:
    """Return the table of `size`, with a row per number of members."""
    goals = [goal.name for goal in sizing.target.goals]
    columns = ["members", *goal_titles(goals, sizing.target.question), "meets", "days"]
    columns += ["occupancy", "Erlang B\nblocking", "Erlang C"]
    rows = []
    for count, row in zip(sizing.table.index, sizing.table.to_dict("records"), strict=True):
        first, *others = goals
        figures = [_cell(row, "estimate", _unit(first)), *goal_cells(row, others)]
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
    question = Thresholds() if optimum.target is None else optimum.target.question
    rows = [
        [
            *(f"{row[path]}" for path in optimum.space.settings),
            *(
                _cell(row, each.name, each.unit, few_events(row["note"], each.name))
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
        *(_narrow(metric_title(each.name, question)) for each in figures),
        "meets\ntarget",
        "state",
        "days",
    ]
    more = len(frame) - len(rows)
    left_out = f" {more} more are not shown." if more > 0 else ""
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


def goal_titles(goals: Sequence[str], question: Thresholds) -> Iterator[str]:
    return (
        "service level" if name == "service_level" else _narrow(metric_title(name, question))
        for name in goals
    )


def goal_cells(row: Mapping[Any, Any], goals: Sequence[str]) -> list[str]:
    return [_cell(row, name, _unit(name)) for name in goals]


def _unit(metric: str) -> str:
    return METRICS[metric].unit if metric in METRICS else "rate"


def _cells(row: Mapping[Any, Any], metrics: Sequence[str]) -> list[str]:
    """Return the figures of a row whose `note` lists the metrics with few events."""
    return [_cell(row, name, METRICS[name].unit, few_events(row["note"], name)) for name in metrics]


def _cell(row: Mapping[Any, Any], name: str, unit: str, few: bool = False) -> str:
    """Return a figure with its interval; without a name, from `estimate`, `low` and `high`.

    A figure that is unknown but for an upper bound is `at most` that.
    """
    plain = name in ("", "estimate")
    low, high = ("low", "high") if plain else (f"{name}_low", f"{name}_high")
    estimate, most = row[name or "estimate"], row[high]
    if math.isnan(estimate) and not math.isnan(most):
        return f"at most {format_figure(most, unit)}"
    return format_estimate(estimate, row[low], most, unit, few=few)


def rule_and_aliases(dispatcher: type[Dispatcher]) -> tuple[str, str]:
    """Return the rule of a dispatcher in one sentence, and its names in other PBXs.

    They are the first line of its docstring and the paragraph that begins with `Elsewhere:`.
    """
    paragraphs = [" ".join(part.split()) for part in (dispatcher.__doc__ or "").split("\n\n")]
    rule = paragraphs[0] if paragraphs else ""
    elsewhere = next((part for part in paragraphs if part.startswith("Elsewhere: ")), "")
    return rule.replace("`", ""), elsewhere.removeprefix("Elsewhere: ")
