"""The commands and the options of each.

Only what `--help` needs is imported here; each command imports the rest when it runs.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ringsim import __version__
from ringsim.cli import _options as on
from ringsim.cli._blocks import in_blocks

__all__ = ["Goals", "Shown", "SizeAsked", "SizePlan", "Staffed", "app"]

app = typer.Typer(
    name="ringsim",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    help="Simulate the ring groups of a phone system.",
)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        typer.echo(f"ringsim {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@dataclass(frozen=True)
class Shown:
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


@app.command()
@in_blocks
def simulate(
    *,
    strategy: Annotated[
        list[str] | None,
        typer.Option(help="Ring by this strategy instead, or 600=NAME for one group."),
    ] = None,
    asked: on.Asked,
    shown: Shown,
    source: on.Source,
    running: on.Running,
) -> None:
    """Play days of calls; show what callers and members experienced."""
    from ringsim.cli import _simulate

    _simulate.run(source, strategy or (), asked, shown, running)


@app.command()
@in_blocks
def compare(
    *,
    group: on.Group = None,
    strategy: Annotated[
        list[str] | None,
        typer.Option(help="A strategy to compare; the seven that people answer, if left out."),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(help="A variant by a name of yours, NAME:PATH=VALUE: short:ring_time=10."),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="The variant that the others are compared with.")
    ] = None,
    metric: on.Metrics = None,
    plan: on.Plan,
) -> None:
    """Compare strategies, or other variants, on the same callers; say what was found."""
    from ringsim.cli import _compare

    _compare.run(
        plan,
        group,
        strategies=strategy or (),
        what_if=what_if or (),
        baseline=baseline,
        metrics=metric or (),
    )


@app.command()
@in_blocks
def sweep(
    *,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting and its values, PATH=V,V: ring_time=10,15,20."),
    ] = None,
    group: on.Group = None,
    metric: on.Metrics = None,
    plan: on.Plan,
) -> None:
    """Try all combinations of settings; a row for each."""
    from ringsim.cli import _sweep

    _sweep.run(plan, group, settings=setting or (), metrics=metric or ())


@dataclass(frozen=True)
class Goals:
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
class Staffed:
    """How a group may be staffed."""

    candidates: Annotated[
        str | None, typer.Option(help="Who may be members, 201,202,203, in this order.")
    ] = None
    most: Annotated[int | None, typer.Option(help="The largest number that is tried.")] = None
    width: Annotated[
        float | None, typer.Option(help="By intervals of the day, this many seconds wide.")
    ] = None
    shrinkage: Annotated[
        float | None, typer.Option(help="Share of working time not on duty, for the head count.")
    ] = None


@dataclass(frozen=True)
class SizeAsked(on.Asked):
    """How many days are played at most, and what counts as in time."""

    replications: Annotated[int, typer.Option(help="How many days at most, for each number.")] = (
        2000
    )


@dataclass(frozen=True)
class SizePlan(on.Plan):
    """A plan whose days are as many as it takes."""

    asked: SizeAsked


@app.command()
@in_blocks
def size(*, group: on.Group = None, goals: Goals, staffed: Staffed, plan: SizePlan) -> None:
    """Find the smallest number of members that meets a target, all day or by interval."""
    from ringsim.cli import _size

    _size.run(plan, group, goals, staffed)


@app.command()
@in_blocks
def report(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the page is written.")
    ] = Path("report.html"),
    group: on.Group = None,
    plan: on.Plan,
) -> None:
    """Compare the strategies of a group and write one page to hand over."""
    from ringsim.cli import _report

    _report.run(plan, group, output)


@app.command()
def strategies() -> None:
    """List the strategies: their rules, and their names in other PBXs."""
    from ringsim.cli import _strategies

    _strategies.run()


@app.command()
def example() -> None:
    """Print a commented scenario to start from: ringsim example > my-office.toml."""
    from ringsim.cli._input import example_text

    sys.stdout.write(example_text())
