"""Options of `simulate` and `import`: the days to play, and what to show of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ringsim.cli._durations import duration_option
from ringsim.cli._options import All, OutputOptions, StudyOptions

__all__ = [
    "DayOptions",
    "DisplayOptions",
]


@dataclass(frozen=True)
class DayOptions(StudyOptions):
    """Days that `simulate` plays, and the part of them that it counts."""

    warm_up: Annotated[
        float,
        duration_option("--warm-up", "Time at the start of each day whose calls do not count."),
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
            help="Correct rates and means for callers who talk longer or shorter than expected on "
            "these days: narrower intervals from as many days.",
        ),
    ] = False


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
