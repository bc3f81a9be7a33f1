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
from ringsim.cli import _options as on
from ringsim.cli._ctrl_c import heeded
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for what cannot be, 130 for Ctrl-C."""
    command = typer.main.get_command(app)
    try:
        with heeded():
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
    file: on.File = None,
    strategy: Annotated[
        list[str] | None,
        typer.Option(help="Ring by this strategy instead, or 600=NAME for one group."),
    ] = None,
    replications: on.Replications = 100,
    seed: on.Seed = 0,
    within: on.Within = 20.0,
    variant: on.Variant = "offered",
    target: on.Target = 0.8,
    intervals: Annotated[
        float | None,
        typer.Option(help="Also a row per interval of arrival, this many seconds wide."),
    ] = None,
    as_json: on.AsJson = False,
    calls: Annotated[
        Path | None, typer.Option(help="Write every call to this .csv or .parquet file.")
    ] = None,
    rings: Annotated[
        Path | None, typer.Option(help="Write every ring to this .csv or .parquet file.")
    ] = None,
    agents: on.AgentFiles = None,
    members: on.Members = None,
    calls_per_hour: on.CallsPerHour = None,
    talk_time: on.TalkTime = None,
    patience: on.Patience = None,
    hours: on.Hours = None,
    engine: on.Engine = "auto",
    workers: on.Workers = None,
    scheduler: on.Scheduler = None,
) -> None:
    """Play days of calls; show what callers and members experienced."""
    from ringsim.cli import _simulate
    from ringsim.cli._cluster import running
    from ringsim.cli._input import Lacking, scenario_from

    lacking = Lacking.of(agents, members, calls_per_hour, talk_time, patience, hours)
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
            running=running(workers, scheduler),
        ),
    )


@app.command()
def compare(
    file: on.File = None,
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
    replications: on.Replications = 100,
    seed: on.Seed = 0,
    within: on.Within = 20.0,
    variant: on.Variant = "offered",
    as_json: on.AsJson = False,
    csv: on.Csv = None,
    agents: on.AgentFiles = None,
    members: on.Members = None,
    calls_per_hour: on.CallsPerHour = None,
    talk_time: on.TalkTime = None,
    patience: on.Patience = None,
    hours: on.Hours = None,
    engine: on.Engine = "auto",
    workers: on.Workers = None,
    scheduler: on.Scheduler = None,
) -> None:
    """Compare strategies, or other variants, on the same callers; say what was found."""
    from ringsim.cli._cluster import running
    from ringsim.cli._compare import Asked, run_compare
    from ringsim.cli._input import Lacking, scenario_from

    lacking = Lacking.of(agents, members, calls_per_hour, talk_time, patience, hours)
    scenario, notes = scenario_from(file, lacking)
    asked = Asked(
        group=group,
        metrics=metric or (),
        replications=replications,
        seed=seed,
        within=within,
        variant=variant,
        engine=engine,
        running=running(workers, scheduler),
        as_json=as_json,
        csv=csv,
    )
    run_compare(
        scenario,
        notes,
        asked,
        strategies=strategy or (),
        what_if=what_if or (),
        baseline=baseline,
    )


@app.command()
def sweep(
    file: on.File = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting and its values, PATH=V,V: ring_time=10,15,20."),
    ] = None,
    group: on.Group = None,
    metric: on.Metrics = None,
    replications: on.Replications = 100,
    seed: on.Seed = 0,
    within: on.Within = 20.0,
    variant: on.Variant = "offered",
    as_json: on.AsJson = False,
    csv: on.Csv = None,
    agents: on.AgentFiles = None,
    members: on.Members = None,
    calls_per_hour: on.CallsPerHour = None,
    talk_time: on.TalkTime = None,
    patience: on.Patience = None,
    hours: on.Hours = None,
    engine: on.Engine = "auto",
    workers: on.Workers = None,
    scheduler: on.Scheduler = None,
) -> None:
    """Try all combinations of settings; a row for each."""
    from ringsim.cli._cluster import running
    from ringsim.cli._compare import Asked, run_sweep
    from ringsim.cli._input import Lacking, scenario_from

    lacking = Lacking.of(agents, members, calls_per_hour, talk_time, patience, hours)
    scenario, notes = scenario_from(file, lacking)
    asked = Asked(
        group=group,
        metrics=metric or (),
        replications=replications,
        seed=seed,
        within=within,
        variant=variant,
        engine=engine,
        running=running(workers, scheduler),
        as_json=as_json,
        csv=csv,
    )
    run_sweep(scenario, notes, asked, setting or ())


@app.command()
def size(
    file: on.File = None,
    group: on.Group = None,
    service_level: Annotated[
        float | None,
        typer.Option(help="At least this share answered within the threshold; 0.8, if all is out."),
    ] = None,
    answer_rate: Annotated[
        float | None, typer.Option(help="At least this share of the calls answered.")
    ] = None,
    mean_speed_of_answer: Annotated[
        float | None, typer.Option(help="At most this many seconds to an answer, on average.")
    ] = None,
    occupancy: Annotated[
        float | None, typer.Option(help="At most this share of their time in calls and wrap-up.")
    ] = None,
    p_target_met: Annotated[
        float | None, typer.Option(help="At least this share of days that reach the service level.")
    ] = None,
    candidates: Annotated[
        str | None, typer.Option(help="Who may be members, 201,202,203, in this order.")
    ] = None,
    most: Annotated[int | None, typer.Option(help="The largest number that is tried.")] = None,
    width: Annotated[
        float | None, typer.Option(help="By intervals of the day, this many seconds wide.")
    ] = None,
    shrinkage: Annotated[
        float | None, typer.Option(help="Share of working time not on duty, for the head count.")
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", help="How many days at most, for each number.")
    ] = 2000,
    seed: on.Seed = 0,
    within: on.Within = 20.0,
    variant: on.Variant = "offered",
    as_json: on.AsJson = False,
    csv: on.Csv = None,
    agents: on.AgentFiles = None,
    members: on.Members = None,
    calls_per_hour: on.CallsPerHour = None,
    talk_time: on.TalkTime = None,
    patience: on.Patience = None,
    hours: on.Hours = None,
    engine: on.Engine = "auto",
    workers: on.Workers = None,
    scheduler: on.Scheduler = None,
) -> None:
    """Find the smallest number of members that meets a target, all day or by interval."""
    from ringsim.cli import _size
    from ringsim.cli._cluster import running
    from ringsim.cli._compare import Asked
    from ringsim.cli._input import Lacking, scenario_from

    lacking = Lacking.of(agents, members, calls_per_hour, talk_time, patience, hours)
    scenario, notes = scenario_from(file, lacking)
    asked = Asked(
        group=group,
        metrics=(),
        replications=replications,
        seed=seed,
        within=within,
        variant=variant,
        engine=engine,
        running=running(workers, scheduler),
        as_json=as_json,
        csv=csv,
    )
    goals = {
        "service_level": service_level,
        "answer_rate": answer_rate,
        "mean_speed_of_answer": mean_speed_of_answer,
        "occupancy": occupancy,
        "p_target_met": p_target_met,
    }
    wanted = _size.Wanted(goals, candidates, most, shrinkage, width)
    _size.run(scenario, notes, asked, wanted)


@app.command()
def report(
    file: on.File = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the page is written.")
    ] = Path("report.html"),
    group: on.Group = None,
    replications: on.Replications = 100,
    seed: on.Seed = 0,
    within: on.Within = 20.0,
    variant: on.Variant = "offered",
    as_json: on.AsJson = False,
    csv: on.Csv = None,
    agents: on.AgentFiles = None,
    members: on.Members = None,
    calls_per_hour: on.CallsPerHour = None,
    talk_time: on.TalkTime = None,
    patience: on.Patience = None,
    hours: on.Hours = None,
    engine: on.Engine = "auto",
    workers: on.Workers = None,
    scheduler: on.Scheduler = None,
) -> None:
    """Compare the strategies of a group and write one page to hand over."""
    from ringsim.cli import _report
    from ringsim.cli._cluster import running
    from ringsim.cli._compare import Asked
    from ringsim.cli._input import Lacking, scenario_from

    lacking = Lacking.of(agents, members, calls_per_hour, talk_time, patience, hours)
    scenario, notes = scenario_from(file, lacking)
    asked = Asked(
        group=group,
        metrics=(),
        replications=replications,
        seed=seed,
        within=within,
        variant=variant,
        engine=engine,
        running=running(workers, scheduler),
        as_json=as_json,
        csv=csv,
    )
    _report.run(scenario, notes, asked, output)


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
