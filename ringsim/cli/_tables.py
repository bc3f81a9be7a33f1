"""Tables on screen, made with rich; not truncated when piped."""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ringsim.confidence import FEW_EVENTS
from ringsim.dispatch import Dispatcher, registered
from ringsim.metrics import METRICS, Thresholds, few_events, format_estimate, format_figure
from ringsim.planning import Result
from ringsim.scenario import Scenario, time_text

__all__ = [
    "Part",
    "callers",
    "heading",
    "intervals",
    "members",
    "new_table",
    "print_strategies",
    "rule_and_aliases",
    "show",
]

Part: TypeAlias = "str | Table"

WIDEST = 10_000  # columns of a pipe
INTERVALS = "with 95 % intervals; * too few events to trust the interval."


def show(parts: Sequence[Part]) -> None:
    """Print texts and tables to standard output, texts without control characters."""
    terminal = sys.stdout.isatty()
    console = Console(
        file=sys.stdout if terminal else io.StringIO(),
        markup=False,
        highlight=False,
        emoji=False,
        width=None if terminal else WIDEST,
    )
    for part in parts:
        safe = part if isinstance(part, Table) else "\n".join(map(printable, part.split("\n")))
        console.print(safe)
    if isinstance(console.file, io.StringIO):
        lines = console.file.getvalue().splitlines()
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


def new_table(title: str, columns: Sequence[str], *, left: int = 1) -> Table:
    """Return an empty table; the first `left` columns are text, the others numbers."""
    new = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for i, column in enumerate(columns):
        new.add_column(printable(column), justify="left" if i < left else "right", overflow="fold")
    return new


def printable(text: str) -> str:
    """Return text with control characters replaced, as a terminal would execute them."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char
        for char in text
    )


def heading(result: Result) -> str:
    """Return a line that says what was simulated."""
    scenario = result.scenario
    name = printable(scenario.name) or "Scenario"
    opens = f" from {scenario.opens_at}" if scenario.opens_at else ""
    days = "1 replication" if result.replications == 1 else f"{result.replications} replications"
    return f"{name}: {scenario.hours:g} hours{opens}, {days}, seed {result.seed}\n"


def callers(columns: Mapping[str, pd.DataFrame], scenario: Scenario, question: Thresholds) -> Table:
    """Return the table of `simulate` with a row per metric and a column per group."""
    names = {group.extension_number: group.name for group in scenario.groups}
    titles = [f"{number} {names.get(number, '')}".strip() for number in columns]
    callers = new_table("What callers experienced", ["", *titles])
    titles_with_thresholds = {
        "service_level": f"service_level ({question.variant}, within {question.within:g} s)",
        "p_target_met": f"p_target_met (service level at least {question.target:g})",
        "short_abandon": f"short_abandon (within {question.short:g} s)",
    }
    for metric, about in METRICS.items():
        rows = [column.loc[metric].to_dict() for column in columns.values()]
        cells = [
            format_estimate(
                row["estimate"], row["low"], row["high"], about.unit, few=FEW_EVENTS in row["note"]
            )
            for row in rows
        ]
        callers.add_row(titles_with_thresholds.get(metric, metric), *cells)
    callers.caption = f"Means per replication {INTERVALS}"
    callers.caption_justify = "left"
    return callers


def members(frame: pd.DataFrame) -> Table:
    """Return the table of `simulate` with a row per group and member."""
    shares = {
        "answer_share": "answer share",
        "talk_share": "on a call",
        "ring_share": "ringing",
        "wrap_up_share": "wrap-up",
        "occupancy": "occupancy",
    }
    counts = {"rung": "rung", "answered": "answered", "ring_no_answer": "ring-no-answer"}
    if frame["paged"].any():
        counts["paged"] = "paged"
    per_hour = {"interruptions_per_hour": "interruptions/h"}
    columns = [*counts.values(), *per_hour.values(), *shares.values()]
    people = new_table("What members experienced", ["group", "member", *columns], left=2)
    for (group, member), row in zip(frame.index, frame.to_dict("records"), strict=True):
        people.add_row(
            group,
            member,
            *(format_figure(row[name], "calls") for name in (*counts, *per_hour)),
            *(format_figure(row[name], "rate") for name in shares),
        )
    people.caption = (
        "Rings and answers of the group, per replication; shares of the member's time on duty, "
        "over all groups and own calls."
    )
    people.caption_justify = "left"
    return people


def intervals(frame: pd.DataFrame, scenario: Scenario) -> Table:
    """Return the table of `simulate` with a row per interval of arrival."""
    shown = {
        "offered": "calls",
        "answered": "calls",
        "abandoned": "calls",
        "overflowed": "calls",
        "answer_rate": "rate",
        "service_level": "rate",
        "mean_speed_of_answer": "s",
    }
    day = new_table("By time of arrival", ["from", *(name.replace("_", " ") for name in shown)])
    for start, row in zip(frame.index, frame.to_dict("records"), strict=True):
        cells = [
            format_estimate(
                row[name],
                row[f"{name}_low"],
                row[f"{name}_high"],
                unit,
                few=few_events(row["note"], name),
            )
            for name, unit in shown.items()
        ]
        day.add_row(time_text(float(start), scenario.opens_at), *cells)
    day.caption = f"By interval of arrival, means per replication {INTERVALS}"
    day.caption_justify = "left"
    return day


def rule_and_aliases(dispatcher: type[Dispatcher]) -> tuple[str, str]:
    """Return the rule of a dispatcher in one sentence, and its names in other PBXs.

    They are the first line of its docstring and the paragraph that begins with `Elsewhere:`.
    """
    paragraphs = [" ".join(part.split()) for part in (dispatcher.__doc__ or "").split("\n\n")]
    rule = paragraphs[0] if paragraphs else ""
    elsewhere = next((part for part in paragraphs if part.startswith("Elsewhere: ")), "")
    return rule.replace("`", ""), elsewhere.removeprefix("Elsewhere: ")


def print_strategies() -> None:
    """Print the table of all strategies."""
    table = new_table("", ["strategy", "rule", "elsewhere"], left=3)
    table.show_lines = True
    for name, dispatcher in registered().items():
        table.add_row(*map(printable, (name, *rule_and_aliases(dispatcher))))
    show([table])
