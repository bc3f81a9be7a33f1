"""Options of the commands, in groups that several commands share.

This module imports nothing heavy, so that `--help` is fast.
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

Group: TypeAlias = Annotated[str | None, typer.Option(help="Group to analyse, by number.")]
Metrics: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--metric", help="Metric to show; repeat the option for more. By default, eight metrics."
    ),
]


@dataclass(frozen=True)
class ScenarioOptions:
    """The scenario: a file, and values that complete or replace those of the file."""

    file: Annotated[
        str | None,
        typer.Argument(
            help="Scenario file (TOML or JSON), or a ring group as exported from the phone system; "
            "- reads standard input. By default, the example that comes with ringsim.",
            show_default=False,
        ),
    ] = None
    agents: Annotated[
        list[str] | None,
        typer.Option(
            help="File with the members of the group as exported from the phone system; 600=FILE "
            "for one of several groups."
        ),
    ] = None
    members: Annotated[
        list[str] | None,
        typer.Option(
            help="Members of the group, for example 201,202,203; 600=201,202 for one of several "
            "groups."
        ),
    ] = None
    calls_per_hour: Annotated[
        list[str] | None,
        typer.Option(help="Calls an hour, for example 40; 600=40 for one of several groups."),
    ] = None
    calls_per_interval: Annotated[
        list[str] | None,
        typer.Option(
            help="Calls in each interval of the day, for example 18,25,30; 600=18,25,30 for one of "
            "several groups."
        ),
    ] = None
    interval: Annotated[
        float | None,
        typer.Option(
            help="Seconds in an interval of --calls-per-interval. By default 1800, half an hour."
        ),
    ] = None
    talk_time: Annotated[
        str | None,
        typer.Option(
            help="Seconds from answer to hang-up: mean=180 varies from call to call (exponential), "
            "mean=180,cv=1.2 too (lognormal), 180 is the same for every call. Or a JSON table."
        ),
    ] = None
    patience: Annotated[
        str | None,
        typer.Option(
            help="Seconds until a caller gives up, written like the talk time: mean=60 varies from "
            "caller to caller, 60 is the same for all."
        ),
    ] = None
    hours: Annotated[
        float | None, typer.Option(help="Length of the day: hours during which calls arrive.")
    ] = None


@dataclass(frozen=True)
class StudyOptions:
    """Number of simulated days, random numbers, and definition of the service level."""

    replications: Annotated[int, typer.Option(help="Number of days to simulate.")] = 100
    seed: Annotated[int, typer.Option(help="Number that selects the random numbers.")] = 0
    within: Annotated[
        float, typer.Option(help="Seconds within which a call should be answered.")
    ] = 20.0
    variant: Annotated[
        str,
        typer.Option(
            help="How the service level counts lost calls: offered, ignore_abandoned_within, "
            "credit_abandoned_within, answered_only or short_excluded."
        ),
    ] = "offered"


@dataclass(frozen=True)
class OutputOptions:
    """Output of the commands that plan."""

    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False
    csv: Annotated[Path | None, typer.Option(help="Also write the table to this .csv file.")] = None


@dataclass(frozen=True)
class EngineOptions:
    """The engine that simulates, and the threads or the cluster that it runs on."""

    engine: Annotated[
        str,
        typer.Option(
            help="Engine that simulates: auto, simpy or compiled. The results are the same."
        ),
    ] = "auto"
    workers: Annotated[
        int | None, typer.Option(help="Number of threads. By default, one per processor.")
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Address of a Dask scheduler, to simulate on its cluster; for example "
            "tcp://host:8786."
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

    asked: StudyOptions
    output: OutputOptions
    source: ScenarioOptions
    running: EngineOptions


def with_option_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with its option groups replaced by their options, for typer.

    Parameters
    ----------
    command : callable
        A parameter may be an option group: a dataclass whose fields are options with their
        defaults, or option groups again.

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
    """Yield the options of a command or option group, in order."""
    hints = get_type_hints(taker, include_extras=True)
    for name, parameter in inspect.signature(taker).parameters.items():
        if is_dataclass(hints[name]):
            yield from _flat_parameters(hints[name])
        else:
            keyword = inspect.Parameter.KEYWORD_ONLY
            yield parameter.replace(kind=keyword, annotation=hints[name])


def _call_with(taker: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call a command or option group with its options and return the result."""
    hints = get_type_hints(taker, include_extras=True)
    return taker(
        **{
            name: _call_with(hints[name], given) if is_dataclass(hints[name]) else given[name]
            for name in inspect.signature(taker).parameters
        }
    )


@dataclass(frozen=True)
class DisplayOptions:
    """Output of `simulate`."""

    target: Annotated[
        float, typer.Option(help="Service level that a day should reach: 0.8 is 80 %.")
    ] = 0.8
    intervals: Annotated[
        float | None,
        typer.Option(
            help="Also show the calls by time of arrival, in intervals of this many seconds."
        ),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False
    calls: Annotated[
        Path | None, typer.Option(help="Write a row for every call to this .csv or .parquet file.")
    ] = None
    rings: Annotated[
        Path | None, typer.Option(help="Write a row for every ring to this .csv or .parquet file.")
    ] = None


@dataclass(frozen=True)
class TargetOptions:
    """The target that a group must meet."""

    service_level: Annotated[
        float | None,
        typer.Option(
            help="At least this share of the calls answered within the threshold. 0.8 if no target "
            "is given."
        ),
    ] = None
    answer_rate: Annotated[
        float | None, typer.Option(help="At least this share of the calls answered.")
    ] = None
    mean_speed_of_answer: Annotated[
        float | None, typer.Option(help="At most this many seconds to the answer, on average.")
    ] = None
    occupancy: Annotated[
        float | None,
        typer.Option(help="At most this share of the members' time in calls and wrap-up."),
    ] = None
    p_target_met: Annotated[
        float | None, typer.Option(help="At least this share of days reach the service level.")
    ] = None


@dataclass(frozen=True)
class StaffOptions:
    """Limits of the staffing of a group."""

    candidates: Annotated[
        str | None, typer.Option(help="People to choose members from, in this order: 201,202,203.")
    ] = None
    max_members: Annotated[int | None, typer.Option(help="Largest number of members to try.")] = (
        None
    )
    width: Annotated[
        float | None,
        typer.Option(help="Size the group for each interval of the day, of this many seconds."),
    ] = None
    shrinkage: Annotated[
        float | None,
        typer.Option(
            help="Share of paid time away from the phone, to compute the head count: 0.3 is 30 %."
        ),
    ] = None


@dataclass(frozen=True)
class SizeStudyOptions(StudyOptions):
    """Largest number of simulated days, random numbers, and definition of the service level."""

    replications: Annotated[
        int, typer.Option(help="Largest number of days to simulate for each number of members.")
    ] = 2000


@dataclass(frozen=True)
class SizePlanOptions(PlanOptions):
    """Options of `size`, which simulates as many days as the decision takes."""

    asked: SizeStudyOptions
