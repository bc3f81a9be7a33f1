"""Options that several commands share, as types of their parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = [
    "AgentFiles",
    "AsJson",
    "CallsPerHour",
    "Csv",
    "Engine",
    "File",
    "Group",
    "Hours",
    "Members",
    "Metrics",
    "Patience",
    "Replications",
    "Scheduler",
    "Seed",
    "TalkTime",
    "Target",
    "Variant",
    "Within",
    "Workers",
]

File: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        help="A scenario (TOML or JSON), or a ring group as the PBX returns it; - is standard "
        "input. The packaged example, if left out.",
        show_default=False,
    ),
]

# What a record of the PBX lacks
AgentFiles: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--agents", help="File with the group's members as the PBX returns them, or 600=FILE."
    ),
]
Members: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--members", help="The members, 201,202,203, or 600=201,202."),
]
CallsPerHour: TypeAlias = Annotated[
    list[str] | None, typer.Option("--calls-per-hour", help="How many call the group, or 600=40.")
]
TalkTime: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--talk-time",
        help="Seconds from answer to hang-up: 180, mean=180,cv=1.2 or a JSON table.",
    ),
]
Patience: TypeAlias = Annotated[
    str | None,
    typer.Option("--patience", help="Seconds until a caller gives up, in the same forms."),
]
Hours: TypeAlias = Annotated[float | None, typer.Option("--hours", help="How long calls arrive.")]

# What is asked
Group: TypeAlias = Annotated[
    str | None, typer.Option("--group", help="Number of the group that it is about.")
]
Within: TypeAlias = Annotated[
    float, typer.Option("--within", help="Threshold of the service level, in seconds.")
]
Variant: TypeAlias = Annotated[str, typer.Option("--variant", help="Which service level.")]
Metrics: TypeAlias = Annotated[
    list[str] | None, typer.Option("--metric", help="A metric to tell of; eight, if left out.")
]
Target: TypeAlias = Annotated[
    float, typer.Option("--target", help="Service level that a day should reach.")
]

# How it is played
Replications: TypeAlias = Annotated[
    int, typer.Option("--replications", help="How many days to simulate.")
]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", help="Which random numbers.")]
Engine: TypeAlias = Annotated[str, typer.Option("--engine", help="auto, simpy or compiled.")]
Workers: TypeAlias = Annotated[
    int | None,
    typer.Option("--workers", help="How many threads play; one per processor, if left out."),
]
Scheduler: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--scheduler", help="Address of a Dask scheduler whose cluster plays, tcp://host:8786."
    ),
]

# What comes out
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Csv: TypeAlias = Annotated[
    Path | None, typer.Option("--csv", help="Also write the table to this .csv file.")
]
