"""Command `calibrate`: settings of a scenario that give known totals."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringsim._checks import number_or_duration
from ringsim.cli._durations import duration_option
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import Group, ScenarioOptions
from ringsim.cli._shares import percentage
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringsim.cli._screen import Grid
    from ringsim.fitting import Calibration

__all__ = ["calibrate"]


@with_option_groups
def calibrate(
    *,
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="Known figure, METRIC=VALUE; for example abandonment_rate=10% or "
            "mean_speed_of_answer=18s. Numbers of calls are of a day, or of a week if the scenario "
            "has days. Repeat the option for more."
        ),
    ] = None,
    free: Annotated[
        list[str] | None,
        typer.Option(
            help="Setting that may change: demand.600.patience, .talk_time, .wrap_up_time or "
            ".scale (number of calls), extensions.201.answer_probability or .answer_delay; * "
            "instead of 201 for all members alike. Repeat the option for more."
        ),
    ] = None,
    group: Group = None,
    within: Annotated[
        float,
        duration_option("--within", "Time within which a call should be answered."),
    ] = 20.0,
    replications: Annotated[
        int, typer.Option(help="Number of days to simulate, or weeks if the scenario has days.")
    ] = 40,
    seed: Annotated[int, typer.Option(help="Number that selects the random numbers.")] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write the scenario to.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", metavar="", help="Print JSON.")] = False,
    source: ScenarioOptions,
) -> None:
    """Find settings whose simulated days have known totals."""
    from ringsim import _files
    from ringsim.cli import _output, _screen
    from ringsim.cli._scenario import scenario_from
    from ringsim.cli._spreadsheets import check_suffix
    from ringsim.fitting import calibrate as find_settings

    if output is not None:
        check_suffix("--output", output, *_files.SUFFIXES)
        _files.check_writable(output)
    scenario, _ = scenario_from(source)
    found = find_settings(
        scenario,
        _targets(target or ()),
        free=list(free or ()),
        group=group,
        within=within,
        replications=replications,
        seed=seed,
    )
    if output is not None:
        found.scenario.dump(output)
    if as_json:
        about = _output.heading(
            "calibration",
            found.scenario,
            [],
            verdict=found.verdict,
            parameters=_output.rows(found.table),
            totals=_output.rows(found.reached),
        )
        sys.stdout.write(_output.json_text(about))
        return
    _screen.show([found.verdict, *_grids(found)])


def _targets(texts: Sequence[str]) -> dict[str, float]:
    """Return figures by metric from `METRIC=VALUE`; `10%` is 0.1, and `18s` is 18."""
    if not texts:
        raise ConfigurationError("--target", "must be given, such as abandonment_rate=10%")
    pairs = (text.partition("=") for text in texts)
    return {name.strip(): _target(name.strip(), value.strip()) for name, _, value in pairs}


def _target(name: str, text: str) -> float:
    """Return the known figure of a metric: a number, a percentage, or a duration of a time."""
    from ringsim.metrics import METRICS

    is_time = name in METRICS and METRICS[name].unit == "s"
    found = number_or_duration(text) if is_time else text
    if is_time and not isinstance(found, float):
        raise ConfigurationError(f"--target {name}", "must be a duration, such as 18s", text)
    return found if isinstance(found, float) else percentage(text, "--target")


def _value(setting: str, value: float) -> str:
    """Return a value of a setting in three digits, with its unit."""
    from ringsim.fitting import unit_of_parameter

    if math.isnan(value):
        return "-"
    return f"{float(f'{value:.3g}'):,.10g} {unit_of_parameter(setting)}".rstrip()


def _grids(found: Calibration) -> list[Grid]:
    from ringsim.cli._screen import Grid
    from ringsim.metrics import METRICS, format_figure

    names = ("start", "value", "low", "high")
    settings = [
        [
            row["parameter"],
            *(_value(row["parameter"], row[name]) for name in names),
        ]
        for row in found.table.to_dict("records")
    ]
    totals = [
        [
            row["metric"],
            *(
                format_figure(row[name], METRICS[row["metric"]].unit)
                for name in ("target", "reached")
            ),
        ]
        for row in found.reached.to_dict("records")
    ]
    return [
        Grid(
            "Settings",
            ["setting", "start", "found", "from", "to"],
            settings,
            caption="From, to: the range in which the totals are reached too."
            if found.table["low"].notna().all()
            else "",
        ),
        Grid("Totals", ["metric", "known", "simulated"], totals),
    ]
