"""The commands of the command line, and `main`, which runs them.

This module imports only what `--help` needs; each command imports the rest when it runs.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ringsim._version import __version__
from ringsim.cli import _options as on
from ringsim.cli._added import ADDED, add_command, add_commands
from ringsim.cli._completion import completing, metric_names, strategy_names
from ringsim.cli._page_options import PageOptions
from ringsim.cli._plain_help import PlainGroup
from ringsim.cli._process import one_command
from ringsim.cli._running import interrupts_kept
from ringsim.cli._simulate_options import DayOptions, DisplayOptions
from ringsim.cli._streams import any_text, drop_output
from ringsim.cli._target_options import SizePlanOptions, StaffOptions, TargetOptions
from ringsim.cli._usage import usage_sentence
from ringsim.errors import RingsimError

__all__ = ["app", "main"]

EXIT_ERROR, EXIT_INTERRUPTED = 2, 130
FULL = (errno.ENOSPC, errno.EDQUOT)  # the disk, and the user's share of it

app = typer.Typer(
    name="ringsim",
    cls=PlainGroup,
    add_completion=True,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    help="Simulate the ring groups of a phone system.",
)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"ringsim {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@add_command(app)
def simulate(
    *,
    strategy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completing(strategy_names),
            help="Use this ring strategy instead of the configured one: NAME for every group, or "
            "600=NAME for one. `ringsim strategies` lists the names; mine.py:CLASS is your own "
            "dispatcher in a file.",
        ),
    ] = None,
    source: on.ScenarioOptions,
    asked: DayOptions,
    shown: DisplayOptions,
    running: on.EngineOptions,
) -> None:
    """Simulate days of calls; show what callers and members experience."""
    from ringsim.cli import _simulate

    _simulate.run(source, strategy or (), asked, shown, running)


@add_command(app)
def compare(
    *,
    group: on.Group = None,
    strategy: on.Strategies = None,
    what_if: on.WhatIf = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Strategy or variant that all others are compared with. By default, the group as "
            "it is configured.",
        ),
    ] = None,
    metric: on.Metrics = None,
    show_all: on.All = False,
    equivalent_within: Annotated[
        str | None,
        typer.Option(
            metavar="MARGIN",
            help="Difference that does not matter: 0.02 is two points of a rate, and 2 % of other "
            "figures; or by metric, answer_rate=0.02,occupancy=0.05.",
        ),
    ] = None,
    plan: on.PlanOptions,
) -> None:
    """Compare strategies or settings on the same callers; say which differ and which is best."""
    from ringsim.cli import _compare

    _compare.run(
        plan,
        group,
        strategies=strategy or (),
        what_if=what_if or (),
        baseline=baseline,
        metrics=_metrics(metric, show_all),
        equivalent_within=equivalent_within,
    )


@add_command(app)
def sweep(
    *,
    group: on.Group = None,
    metric: on.Metrics = None,
    show_all: on.All = False,
    plan: on.PlanOptions,
) -> None:
    """Simulate every combination of the values of `--set`; show a table with a row for each."""
    from ringsim.cli import _sweep

    _sweep.run(plan, group, metrics=_metrics(metric, show_all))


@add_command(app)
def size(
    *, group: on.Group = None, goals: TargetOptions, staffed: StaffOptions, plan: SizePlanOptions
) -> None:
    """Find how many members a group needs to meet a target, all day or by interval."""
    from ringsim.cli import _size

    _size.run(plan, group, goals, staffed)


@add_command(app)
def report(
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="File to write the report to."),
    ] = Path("report.html"),
    group: on.Group = None,
    strategy: on.Strategies = None,
    what_if: on.WhatIf = None,
    page: PageOptions,
    plan: on.PlanOptions,
) -> None:
    """Compare strategies or settings and write a report, one web page to hand on."""
    from ringsim.cli import _report

    _report.run(plan, group, output, strategies=strategy or (), what_if=what_if or (), page=page)


@add_command(app)
def check(*, source: on.ScenarioOptions) -> None:
    """Say in words what a file means: groups, people, callers, and what is assumed."""
    from ringsim.cli import _check

    _check.run(source)


@add_command(app)
def strategies(*, output: on.OutputOptions) -> None:
    """List the ring strategies: how each rings, and its name in other phone systems."""
    from ringsim.cli import _strategies

    _strategies.run(output)


@add_command(app)
def example(
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it to this new file, in UTF-8."),
    ] = None,
) -> None:
    """Print an example scenario to edit, or write it: ringsim example --output my-office.toml."""
    from ringsim.cli import _example

    _example.run(output)


add_commands(app, ADDED)


def _metrics(chosen: list[str] | None, show_all: bool) -> list[str] | None:
    """Return the metrics to show; None for the default ones."""
    return metric_names() if show_all else chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for invalid input, 130 for Ctrl-C.

    Without arguments, it is the command of this process, which ends with it.
    """
    if arguments is not None:
        return _run(arguments)
    with one_command():
        return _run(sys.argv[1:])


def _run(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with any_text(), interrupts_kept():
            status = command.main(
                args=list(arguments),
                prog_name="ringsim",
                standalone_mode=False,
            )
    except TyperException as wrong:
        return _print_error(usage_sentence(wrong, arguments))
    except RingsimError as wrong:
        return _print_error(str(wrong))
    except OSError as wrong:
        if wrong.errno not in FULL:
            raise
        drop_output()
        why = os.strerror(wrong.errno).lower()
        return _print_error(f"output must be written whole: {why}.")
    except Exception as wrong:
        told = _error_in_file(wrong)
        if told is None:
            raise
        return _print_error(str(told))
    except KeyboardInterrupt:
        status = EXIT_INTERRUPTED
    except SystemExit:  # raised by typer when `ringsim ... | head` closes the pipe
        return 0
    if status == EXIT_INTERRUPTED:
        print("ringsim: interrupted", file=sys.stderr)
    return status if isinstance(status, int) else 0


def _error_in_file(wrong: Exception) -> RingsimError | None:
    """Return the error of a dispatcher in a local file, or None for other errors."""
    if "ringsim.cli._strategy_files" not in sys.modules:
        return None
    from ringsim.cli._strategy_files import error_in_file

    return error_in_file(wrong)


def _print_error(message: str) -> int:
    print(f"ringsim: {' '.join(message.split())}", file=sys.stderr)
    return EXIT_ERROR
