"""Options in groups that most commands share.

Each option has a `metavar`, the form of its value in the help; that of a switch is "". This module
imports nothing heavy, so that `--help` is fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, TypeAlias

import typer

from ringsim._choices import ENGINES
from ringsim._service_levels import VARIANTS
from ringsim.cli._completion import (
    complete_engine,
    complete_variant,
    completing,
    metric_names,
    preset_names,
    strategy_names,
)
from ringsim.cli._durations import duration_option
from ringsim.errors import ConfigurationError

__all__ = [
    "All",
    "EngineOptions",
    "Group",
    "Metrics",
    "OutputOptions",
    "PlanOptions",
    "ScenarioOptions",
    "Strategies",
    "StudyOptions",
    "WhatIf",
]

Group: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NUMBER", help="Group to analyse. By default, the only group."),
]
Strategies: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        autocompletion=completing(strategy_names),
        help="Strategy to compare; repeat the option for more. mine.py:CLASS is your own "
        "dispatcher in a file. By default, all strategies but paging.",
    ),
]
WhatIf: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SETTING=VALUES",
        help="Settings to compare: ring_time=10,15,20, or NAME:SETTING=VALUE under a name of "
        "your choice, such as fewer:members=201,202. Repeat the option for more.",
    ),
]
Metrics: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="NAME",
        autocompletion=completing(metric_names),
        help="Metric to show, such as answer_rate; repeat the option for more. By default, eight "
        "metrics.",
    ),
]
All: TypeAlias = Annotated[
    bool, typer.Option("--all", metavar="", help="Show all metrics, not just eight.")
]


@dataclass(frozen=True)
class ScenarioOptions:
    """The scenario: a file, and values that complete or replace those of the file."""

    panel: ClassVar[str] = "Scenario"

    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="Scenario file (TOML or JSON), a ring group as exported from the phone system, or "
            "a file of another system, such as queues.conf (see `ringsim import`); - reads "
            "standard input. By default, the example that comes with ringsim.",
            show_default=False,
        ),
    ] = None
    queue: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Name or number of a queue or ring group to read from a file such as queues.conf; "
            "repeat the option for more. By default, all.",
        ),
    ] = None
    agents: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="File with the members of the group as exported from the phone system; 600=FILE "
            "for one of several groups.",
        ),
    ] = None
    members: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NUMBERS",
            help="Members of the group, for example 201,202,203; 600=201,202 for one of several "
            "groups.",
        ),
    ] = None
    preset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completing(preset_names),
            help="Rules of another phone system, such as asterisk-queue/rrmemory: NAME for every "
            "group, or 600=NAME for one. `ringsim presets` lists them. In compare and report, "
            "it is one of the strategies to compare.",
        ),
    ] = None
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="SETTING=VALUE",
            help="Any other setting of the file: ring_time=15 or rules.wait_in_line=true of the "
            "only group, groups.600.ring_time=15 of one of several, "
            "extensions.201.answer_delay=8, opens_at=09:00. Repeat the option for more. "
            "`ringsim sweep` takes several values: ring_time=10,15,20.",
        ),
    ] = None
    calls_per_hour: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COUNT",
            help="Calls an hour, for example 40; 600=40 for one of several groups.",
        ),
    ] = None
    calls_per_interval: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COUNTS",
            help="Calls in each interval of the day, for example 18,25,30; 600=18,25,30 for one of "
            "several groups.",
        ),
    ] = None
    interval: Annotated[
        float | None,
        duration_option(
            "--interval",
            "Length of an interval of --calls-per-interval. By default half an hour.",
        ),
    ] = None
    talk_time: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Time from answer to hang-up: mean=180 varies from call to call (exponential), "
            "mean=180,cv=1.2 too (lognormal), 180 is the same for every call; seconds, 3:00 or "
            "'3 min'. 120,180 gives one for each interval. It may also be JSON.",
        ),
    ] = None
    patience: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Time until a caller gives up, written like the talk time: mean=60 varies from "
            "caller to caller, 60 is the same for all. abandoning=10% finds the "
            "patience with which that share gives up.",
        ),
    ] = None
    redial: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELDS",
            help="Callers whom nobody answered try again: 'probability=0.4 delay=300', and "
            "optionally max_attempts=3 after=abandoned patience_anew=true. The delay is written "
            "like the talk time. '600=probability=0.4 delay=300' for one of several groups.",
        ),
    ] = None
    hours: Annotated[
        float | None,
        typer.Option(metavar="HOURS", help="Length of the day: hours during which calls arrive."),
    ] = None
    day: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="One weekday of the scenario, such as mon; by default the whole week, if the "
            "scenario has days.",
        ),
    ] = None


@dataclass(frozen=True)
class StudyOptions:
    """Number of simulated days, random numbers, and definition of the service level."""

    panel: ClassVar[str] = "Simulation"

    replications: Annotated[
        int, typer.Option(metavar="COUNT", help="Number of days to simulate.")
    ] = 100
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", help="Number that selects the random numbers.")
    ] = 0
    within: Annotated[
        float,
        duration_option("--within", "Time within which a call should be answered."),
    ] = 20.0
    variant: Annotated[
        str,
        typer.Option(
            metavar="VARIANT",
            autocompletion=complete_variant,
            help=f"How the service level counts lost calls: {', '.join(VARIANTS)}.",
        ),
    ] = "offered"


@dataclass(frozen=True)
class OutputOptions:
    """Output of the commands that print a table."""

    panel: ClassVar[str] = "Output"

    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print JSON, for scripts.")
    ] = False
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the table to this .csv file.")
    ] = None
    xlsx: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the table to this .xlsx workbook."),
    ] = None
    separator: Annotated[
        str,
        typer.Option(
            metavar="CHARACTER",
            help="Separator of the .csv file: a comma, a semicolon or a tab. A semicolon comes "
            "with decimal commas.",
        ),
    ] = ","


@dataclass(frozen=True)
class EngineOptions:
    """The engine that simulates, and the threads or the cluster that it runs on."""

    panel: ClassVar[str] = "Computing"

    engine: Annotated[
        str,
        typer.Option(
            metavar="|".join(ENGINES),
            autocompletion=complete_engine,
            help="Engine that simulates. The results are the same.",
        ),
    ] = "auto"
    workers: Annotated[
        int | None,
        typer.Option(metavar="COUNT", help="Number of threads. By default, one per processor."),
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Address of a Dask scheduler, to simulate on its cluster; for example "
            "tcp://host:8786.",
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.scheduler is not None:
            raise ConfigurationError(
                "--workers", "must not be given beside --scheduler", self.workers
            )


@dataclass(frozen=True)
class PlanOptions:
    """Options of every command that plans."""

    source: ScenarioOptions
    asked: StudyOptions
    output: OutputOptions
    running: EngineOptions
