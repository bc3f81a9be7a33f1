"""Options of the commands, in groups that several commands share.

Each option has a `metavar`, the form of its value in the help; that of a switch is "". This module
imports nothing heavy, so that `--help` is fast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, TypeAlias

import typer

from ringsim.cli._durations import duration_option
from ringsim.cli._option_groups import with_option_groups
from ringsim.errors import ConfigurationError

__all__ = [
    "All",
    "DayOptions",
    "DisplayOptions",
    "EngineOptions",
    "Group",
    "Metrics",
    "OptimizePlanOptions",
    "OptimizeStudyOptions",
    "OutputOptions",
    "PageOptions",
    "PlanOptions",
    "ScenarioOptions",
    "SizePlanOptions",
    "SizeStudyOptions",
    "StaffOptions",
    "StudyOptions",
    "TargetOptions",
    "completing",
    "preset_names",
    "strategy_names",
    "with_option_groups",
]

LANGUAGES = ("en", "de")
SECTIONS = (
    "variants",
    "callers",
    "members",
    "settings",
    "stress",
    "charts",
    "assumptions",
    "appendix",
)
ENGINES = ("auto", "simpy", "compiled")
VARIANTS = (
    "offered",
    "ignore_abandoned_within",
    "credit_abandoned_within",
    "answered_only",
    "short_excluded",
)


def strategy_names() -> list[str]:
    """Return the names of all strategies, for shell completion."""
    from ringsim.dispatch import registered

    return list(registered())


def preset_names() -> list[str]:
    """Return the names of all presets, for shell completion."""
    from ringsim.presets import names

    return list(names())


def metric_names() -> list[str]:
    """Return the names of all metrics, for shell completion."""
    from ringsim.metrics import METRICS

    return list(METRICS)


def completing(names: Callable[[], Sequence[str]]) -> Callable[[str], list[str]]:
    """Return a completion of the names that begin with the text typed so far."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return complete


complete_engine = completing(lambda: ENGINES)
complete_variant = completing(lambda: VARIANTS)
complete_language = completing(lambda: LANGUAGES)

Group: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NUMBER", help="Group to analyse. By default, the only group."),
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
            "a file of another one such as queues.conf (see `ringsim import`); - reads standard "
            "input. By default, the example that comes with ringsim.",
            show_default=False,
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
            "group, or 600=NAME for one. `ringsim presets` lists them. In compare and report, a "
            "strategy to compare.",
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
            "'3 min'. 120,180 has one for each interval. Or a JSON table or list.",
        ),
    ] = None
    patience: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Time until a caller gives up, written like the talk time: mean=60 varies from "
            "caller to caller, 60 is the same for all. Or abandoning=10%, the share who give up.",
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
class DayOptions(StudyOptions):
    """Days that `simulate` plays, and the part of them that it counts."""

    warm_up: Annotated[
        float,
        duration_option(
            "--warm-up", "Leave out of the figures the calls of this long at the start of the day."
        ),
    ] = 0.0
    first_replication: Annotated[
        int,
        typer.Option(
            metavar="NUMBER",
            help="Number of the first day, to play parts of a study on several machines.",
        ),
    ] = 0
    control: Annotated[
        bool,
        typer.Option(
            "--control",
            help="Correct rates and means by how much the callers of these days talk more, or "
            "less, than expected: narrower intervals from as many days.",
        ),
    ] = False


@dataclass(frozen=True)
class PlanOptions:
    """Options of every command that plans."""

    source: ScenarioOptions
    asked: StudyOptions
    output: OutputOptions
    running: EngineOptions


@dataclass(frozen=True)
class DisplayOptions(OutputOptions):
    """Output of `simulate`."""

    show_all: All = False
    target: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Service level that a day should reach: 0.8 is 80 %."),
    ] = 0.8
    intervals: Annotated[
        float | None,
        duration_option(
            "--intervals", "Also show the calls by time of arrival, in intervals of this length."
        ),
    ] = None
    calls: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a row for every call to this .csv or .parquet file."
        ),
    ] = None
    rings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a row for every ring to this .csv or .parquet file."
        ),
    ] = None


@dataclass(frozen=True)
class PageOptions:
    """The page of `report`."""

    panel: ClassVar[str] = "Page"

    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Title of the page. By default, the group."),
    ] = None
    logo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Picture at the top of the page.")
    ] = None
    language: Annotated[
        str,
        typer.Option(
            metavar="|".join(LANGUAGES),
            autocompletion=complete_language,
            help="Language of the page: English or German.",
        ),
    ] = "en"
    section: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help=f"Section below the recommendation: {', '.join(SECTIONS)}. Repeat the option for "
            "more. By default, all.",
        ),
    ] = None


@dataclass(frozen=True)
class TargetOptions:
    """The target that a group must meet."""

    panel: ClassVar[str] = "Target"

    service_level: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="At least this share of the calls answered within the threshold: 0.8, or 80/20 "
            "for 80 % within 20 s.",
        ),
    ] = None
    answer_rate: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="At least this share of the calls answered."),
    ] = None
    mean_speed_of_answer: Annotated[
        float | None,
        duration_option("--mean-speed-of-answer", "At most this long to the answer, on average."),
    ] = None
    occupancy: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="At most this share of the members' time in calls and wrap-up.",
        ),
    ] = None
    abandonment_rate: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="At most this share of callers who give up."),
    ] = None
    interruptions_per_hour: Annotated[
        float | None,
        typer.Option(metavar="COUNT", help="At most this many rings an hour on a member's phone."),
    ] = None
    p_target_met: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="At least this share of days reach the service level."),
    ] = None


@dataclass(frozen=True)
class StaffOptions:
    """Limits of the staffing of a group."""

    panel: ClassVar[str] = "Staffing"

    candidates: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBERS", help="People to choose members from, in this order: 201,202,203."
        ),
    ] = None
    max_members: Annotated[
        int | None, typer.Option(metavar="COUNT", help="Largest number of members to try.")
    ] = None
    width: Annotated[
        float | None,
        duration_option("--width", "Size the group for each interval of the day, of this length."),
    ] = None
    shrinkage: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Share of paid time away from the phone, to compute the head count: 0.3 is 30 %.",
        ),
    ] = None


@dataclass(frozen=True)
class SizeStudyOptions(StudyOptions):
    """Largest number of simulated days, random numbers, and definition of the service level."""

    replications: Annotated[
        int | None,
        typer.Option(
            metavar="COUNT",
            help="Largest number of days to simulate for each number of members. By default 2000, "
            "and fewer for the whole day of a group with more than 2,000 calls.",
        ),
    ] = None  # type: ignore[assignment]  # the library has a default


@dataclass(frozen=True)
class OptimizeStudyOptions(StudyOptions):
    """Largest number of simulated days, random numbers, and definition of the service level."""

    replications: Annotated[
        int,
        typer.Option(
            metavar="COUNT", help="Largest number of days to simulate for each combination."
        ),
    ] = 5000


@dataclass(frozen=True)
class OptimizePlanOptions(PlanOptions):
    """Options of `optimize`, which simulates as many days as the decision takes."""

    asked: OptimizeStudyOptions


@dataclass(frozen=True)
class SizePlanOptions(PlanOptions):
    """Options of `size`, which simulates as many days as the decision takes."""

    asked: SizeStudyOptions
