"""Commands, their options, and how they end: 0, or 2 and one line that says why.

Only what `--help` needs is imported here; each command imports the rest when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ringsim import __version__
from ringsim.errors import RingsimError

__all__ = ["app", "main"]

WRONG, INTERRUPTED = 2, 130

app = typer.Typer(
    name="ringsim",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    help="Simulate the ring groups of a phone system.",
)

Texts = Annotated[list[str], typer.Option()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for what cannot be, 130 for Ctrl-C."""
    command = typer.main.get_command(app)
    try:
        status = command.main(
            args=list(sys.argv[1:] if arguments is None else arguments),
            prog_name="ringsim",
            standalone_mode=False,
        )
    except TyperException as wrong:
        return _complain(wrong.format_message())
    except RingsimError as wrong:
        return _complain(str(wrong))
    except KeyboardInterrupt:
        status = INTERRUPTED
    except SystemExit:  # typer's way out when `ringsim ... | head` has seen enough
        return 0
    if status == INTERRUPTED:
        print("ringsim: interrupted", file=sys.stderr)
    return status if isinstance(status, int) else 0


def _complain(message: str) -> int:
    print(f"ringsim: {' '.join(message.split())}", file=sys.stderr)
    return WRONG


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        typer.echo(f"ringsim {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def simulate(
    file: Annotated[
        str | None,
        typer.Argument(
            help="A scenario (TOML or JSON), or a ring group as the PBX returns it; - is standard "
            "input. The packaged example, if left out.",
            show_default=False,
        ),
    ] = None,
    strategy: Annotated[
        list[str] | None,
        typer.Option(help="Ring by this strategy instead, or 600=NAME for one group."),
    ] = None,
    replications: Annotated[int, typer.Option(help="How many days to simulate.")] = 100,
    seed: Annotated[int, typer.Option(help="Which random numbers.")] = 0,
    within: Annotated[
        float, typer.Option(help="Threshold of the service level, in seconds.")
    ] = 20.0,
    variant: Annotated[str, typer.Option(help="Which service level.")] = "offered",
    target: Annotated[float, typer.Option(help="Service level that a day should reach.")] = 0.8,
    intervals: Annotated[
        float | None,
        typer.Option(help="Also a row per interval of arrival, this many seconds wide."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
    calls: Annotated[
        Path | None, typer.Option(help="Write every call to this .csv or .parquet file.")
    ] = None,
    rings: Annotated[
        Path | None, typer.Option(help="Write every ring to this .csv or .parquet file.")
    ] = None,
    agents: Annotated[
        list[str] | None,
        typer.Option(help="File with the group's members as the PBX returns them, or 600=FILE."),
    ] = None,
    members: Annotated[
        list[str] | None, typer.Option(help="The members, 201,202,203, or 600=201,202.")
    ] = None,
    calls_per_hour: Annotated[
        list[str] | None, typer.Option(help="How many call the group, or 600=40.")
    ] = None,
    talk_time: Annotated[
        str | None,
        typer.Option(help="Seconds from answer to hang-up: 180, mean=180,cv=1.2 or a JSON table."),
    ] = None,
    patience: Annotated[
        str | None, typer.Option(help="Seconds until a caller gives up, in the same forms.")
    ] = None,
    hours: Annotated[float | None, typer.Option(help="How long calls arrive.")] = None,
    engine: Annotated[str, typer.Option(help="auto, simpy or compiled.")] = "auto",
) -> None:
    """Play days of calls; show what callers and members experienced."""
    from ringsim.cli import _simulate
    from ringsim.cli._input import Lacking, scenario_from

    lacking = Lacking(
        agents=tuple(agents or ()),
        members=tuple(members or ()),
        calls_per_hour=tuple(calls_per_hour or ()),
        talk_time=talk_time,
        patience=patience,
        hours=hours,
    )
    scenario, notes = scenario_from(file, lacking)
    _simulate.run(
        scenario,
        notes,
        _simulate.Wish(
            strategy=tuple(strategy or ()),
            replications=replications,
            seed=seed,
            within=within,
            variant=variant,
            target=target,
            intervals=intervals,
            as_json=as_json,
            calls=calls,
            rings=rings,
            engine=engine,
        ),
    )


@app.command()
def strategies() -> None:
    """List the strategies: their rules, and their names in other PBXs."""
    from ringsim.cli._strategies import run

    run()


@app.command()
def example() -> None:
    """Print a commented scenario to start from: ringsim example > my-office.toml."""
    from ringsim.cli._input import example_text

    sys.stdout.write(example_text())
