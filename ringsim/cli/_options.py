"""Options of the commands, in groups that several commands share.

Nothing heavy is imported here, so that `--help` is fast.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeAlias, get_type_hints

import typer

from ringsim.errors import ConfigurationError

__all__ = [
    "DisplayOptions",
    "EngineOptions",
    "Group",
    "Metrics",
    "OutputOptions",
    "PlanOptions",
    "ScenarioOptions",
    "SizePlanOptions",
    "SizeStudyOptions",
    "StaffOptions",
    "StudyOptions",
    "TargetOptions",
    "with_option_groups",
]

Group: TypeAlias = Annotated[str | None, typer.Option(help="Number of the group that it is about.")]
Metrics: TypeAlias = Annotated[
    list[str] | None, typer.Option("--metric", help="A metric to tell of; eight, if left out.")
]


@dataclass(frozen=True)
class ScenarioOptions:
    """Where the scenario comes from: a file, and what a record of the PBX lacks."""

    file: Annotated[
        str | None,
        typer.Argument(
            help="A scenario (TOML or JSON), or a ring group as the PBX returns it; - is standard "
            "input. The packaged example, if left out.",
            show_default=False,
        ),
    ] = None
    agents: Annotated[
        list[str] | None,
        typer.Option(help="File with the group's members as the PBX returns them, or 600=FILE."),
    ] = None
    members: Annotated[
        list[str] | None, typer.Option(help="The members, 201,202,203, or 600=201,202.")
    ] = None
    calls_per_hour: Annotated[
        list[str] | None, typer.Option(help="How many call the group, or 600=40.")
    ] = None
    calls_per_interval: Annotated[
        list[str] | None,
        typer.Option(help="How many call in each interval, 18,25,30, or 600=18,25,30."),
    ] = None
    interval: Annotated[
        float | None,
        typer.Option(help="Seconds of the intervals of --calls-per-interval; 1800, if left out."),
    ] = None
    talk_time: Annotated[
        str | None,
        typer.Option(
            help="Seconds from answer to hang-up: 180 (always), mean=180 (exponential), "
            "mean=180,cv=1.2 (lognormal) or a JSON table."
        ),
    ] = None
    patience: Annotated[
        str | None,
        typer.Option(
            help="Seconds until a caller gives up, in the same forms: mean=60 varies, with 60 all "
            "hang up at the same second."
        ),
    ] = None
    hours: Annotated[float | None, typer.Option(help="How long calls arrive.")] = None


@dataclass(frozen=True)
class StudyOptions:
    """How many days are played, and what counts as in time."""

    replications: Annotated[int, typer.Option(help="How many days to simulate.")] = 100
    seed: Annotated[int, typer.Option(help="Which random numbers.")] = 0
    within: Annotated[float, typer.Option(help="Threshold of the service level, in seconds.")] = (
        20.0
    )
    variant: Annotated[str, typer.Option(help="Which service level.")] = "offered"


@dataclass(frozen=True)
class OutputOptions:
    """What comes out of a plan."""

    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False
    csv: Annotated[Path | None, typer.Option(help="Also write the table to this .csv file.")] = None


@dataclass(frozen=True)
class EngineOptions:
    """What plays: an engine, on threads or on a cluster."""

    engine: Annotated[str, typer.Option(help="auto, simpy or compiled.")] = "auto"
    workers: Annotated[
        int | None, typer.Option(help="How many threads play; one per processor, if left out.")
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler whose cluster plays, tcp://host:8786."),
    ] = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.scheduler is not None:
            raise ConfigurationError(
                "--workers", "must not be given beside --scheduler", self.workers
            )


@dataclass(frozen=True)
class PlanOptions:
    """What every command about plans takes."""

    asked: StudyOptions
    output: OutputOptions
    source: ScenarioOptions
    running: EngineOptions


def with_option_groups(command: Callable[..., None]) -> Callable[..., None]:
    """The same command as typer reads it, without blocks.

    Parameters
    ----------
    command : callable
        Any of its parameters may be a block: a dataclass whose fields are options, with
        their defaults, or blocks again. The options of a block stand in its place.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Place:
    ...     street: str
    ...     number: int = 1
    >>> @with_option_groups
    ... def show(*, name: str, place: Place) -> None:
    ...     print(name, place)
    >>> list(inspect.signature(show).parameters)
    ['name', 'street', 'number']
    >>> show(name="Office", street="Elm", number=7)
    Office Place(street='Elm', number=7)
    """

    @wraps(command)
    def flat(**given: Any) -> None:
        _call_with(command, given)

    parameters = list(_flat_parameters(command))
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {option.name: option.annotation for option in parameters}
    return flat


def _flat_parameters(taker: Callable[..., Any]) -> Iterator[inspect.Parameter]:
    """The options of a command or block, in order."""
    hints = get_type_hints(taker, include_extras=True)
    for name, parameter in inspect.signature(taker).parameters.items():
        if is_dataclass(hints[name]):
            yield from _flat_parameters(hints[name])
        else:
            keyword = inspect.Parameter.KEYWORD_ONLY
            yield parameter.replace(kind=keyword, annotation=hints[name])


def _call_with(taker: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """A command or block called with its options."""
    hints = get_type_hints(taker, include_extras=True)
    return taker(
        **{
            name: _call_with(hints[name], given) if is_dataclass(hints[name]) else given[name]
            for name in inspect.signature(taker).parameters
        }
    )


@dataclass(frozen=True)
class DisplayOptions:
    """What is shown and written of the days that were simulated."""

    target: Annotated[float, typer.Option(help="Service level that a day should reach.")] = 0.8
    intervals: Annotated[
        float | None,
        typer.Option(help="Also a row per interval of arrival, this many seconds wide."),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False
    calls: Annotated[
        Path | None, typer.Option(help="Write every call to this .csv or .parquet file.")
    ] = None
    rings: Annotated[
        Path | None, typer.Option(help="Write every ring to this .csv or .parquet file.")
    ] = None


@dataclass(frozen=True)
class TargetOptions:
    """What a group is to reach."""

    service_level: Annotated[
        float | None,
        typer.Option(help="At least this share answered within the threshold; 0.8, if all is out."),
    ] = None
    answer_rate: Annotated[
        float | None, typer.Option(help="At least this share of the calls answered.")
    ] = None
    mean_speed_of_answer: Annotated[
        float | None, typer.Option(help="At most this many seconds to an answer, on average.")
    ] = None
    occupancy: Annotated[
        float | None, typer.Option(help="At most this share of their time in calls and wrap-up.")
    ] = None
    p_target_met: Annotated[
        float | None, typer.Option(help="At least this share of days that reach the service level.")
    ] = None


@dataclass(frozen=True)
class StaffOptions:
    """How a group may be staffed."""

    candidates: Annotated[
        str | None, typer.Option(help="Who may be members, 201,202,203, in this order.")
    ] = None
    max_members: Annotated[int | None, typer.Option(help="The largest number that is tried.")] = (
        None
    )
    width: Annotated[
        float | None, typer.Option(help="By intervals of the day, this many seconds wide.")
    ] = None
    shrinkage: Annotated[
        float | None, typer.Option(help="Share of working time not on duty, for the head count.")
    ] = None


@dataclass(frozen=True)
class SizeStudyOptions(StudyOptions):
    """How many days are played at most, and what counts as in time."""

    replications: Annotated[int, typer.Option(help="How many days at most, for each number.")] = (
        2000
    )


@dataclass(frozen=True)
class SizePlanOptions(PlanOptions):
    """A plan whose days are as many as it takes."""

    asked: SizeStudyOptions
