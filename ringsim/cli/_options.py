"""Options that several commands share, in blocks that commands take as they are.

Nothing heavy is imported here, so that `--help` is fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from ringsim.errors import ConfigurationError

__all__ = ["Asked", "Group", "Metrics", "Output", "Plan", "Running", "Source"]

Group: TypeAlias = Annotated[str | None, typer.Option(help="Number of the group that it is about.")]
Metrics: TypeAlias = Annotated[
    list[str] | None, typer.Option("--metric", help="A metric to tell of; eight, if left out.")
]


@dataclass(frozen=True)
class Source:
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
class Asked:
    """How many days are played, and what counts as in time."""

    replications: Annotated[int, typer.Option(help="How many days to simulate.")] = 100
    seed: Annotated[int, typer.Option(help="Which random numbers.")] = 0
    within: Annotated[float, typer.Option(help="Threshold of the service level, in seconds.")] = (
        20.0
    )
    variant: Annotated[str, typer.Option(help="Which service level.")] = "offered"


@dataclass(frozen=True)
class Output:
    """What comes out of a plan."""

    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False
    csv: Annotated[Path | None, typer.Option(help="Also write the table to this .csv file.")] = None


@dataclass(frozen=True)
class Running:
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
class Plan:
    """What every command about plans takes."""

    asked: Asked
    output: Output
    source: Source
    running: Running
