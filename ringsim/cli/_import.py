"""Command `import`: write the groups of a PBX's configuration files to a scenario file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ringsim import _files
from ringsim.cli._options import EngineOptions, ScenarioOptions
from ringsim.cli._scenario import with_scenario_options
from ringsim.cli._screen import show
from ringsim.cli._simulate_options import DayOptions, DisplayOptions
from ringsim.errors import ConfigurationError

__all__ = ["import_groups"]


def import_groups(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES",
            help="Configuration files that belong together, folders or patterns: queues.conf, "
            "queuerules.conf and extensions.conf of Asterisk, its tables or a dump of them; ring "
            "groups of FreePBX as a table or a backup, and its key store; callcenter.conf.xml of "
            "FreeSWITCH; the tables of FusionPBX.",
        ),
    ],
    *,
    queue: Annotated[
        list[str] | None,
        typer.Option(
            "--queue",
            "--group",
            metavar="NAME",
            help="Name or number of a queue or group; repeat the option for more. By default, all.",
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str,
        typer.Option(
            metavar="NAME",
            help="asterisk, freepbx, freeswitch or fusionpbx. By default, it is recognised.",
        ),
    ] = "auto",
    number: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=NUMBER",
            help="Extension number of a queue or person that has none in the files, for example "
            "sales=600; repeat the option for more. By default, it gets a free number.",
        ),
    ] = None,
    all_on_duty: Annotated[
        bool,
        typer.Option(
            "--all-on-duty", help="Count members who are paused or logged out as on duty."
        ),
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Scenario file to write.")
    ] = Path("office.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    calls_per_hour: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COUNT",
            help="Calls an hour, for example 30; 600=30 for one of several groups. Given it, the "
            "command also simulates the groups and shows the tables of `ringsim simulate`.",
        ),
    ] = None,
    talk_time: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Seconds from answer to hang-up. By default 180."),
    ] = None,
    patience: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Seconds until callers give up. By default 120."),
    ] = None,
) -> None:
    """Write the queues or ring groups of a PBX's configuration files to a scenario file."""
    from ringsim.cli._spreadsheets import check_suffix
    from ringsim.importers import read_pbx

    check_suffix("--output", output, *_files.SUFFIXES)
    if output.exists() and not force:
        raise ConfigurationError(
            "--output", "must not exist yet", str(output), "Give --force to replace it."
        )
    _files.check_writable(output)
    imported = read_pbx(
        files, format, group=queue or None, numbers=_numbers(number or ()), all_on_duty=all_on_duty
    )
    asked = ScenarioOptions(calls_per_hour=calls_per_hour, talk_time=talk_time, patience=patience)
    scenario = with_scenario_options(imported.scenario, asked)
    scenario.dump(output)
    parts = [str(imported), f"Wrote {output}."]
    if calls_per_hour:
        show(parts)
        print()
        _simulate(output)
        return
    example = scenario.group_numbers[0]
    option = f"{example}=30" if len(scenario.groups) > 1 else "30"
    show([*parts, f"Next: ringsim simulate {output} --calls-per-hour {option}"])


def _numbers(texts: Sequence[str]) -> dict[str, str]:
    numbers: dict[str, str] = {}
    for text in texts:
        name, equals, number = text.rpartition("=")
        if not equals or not name:
            raise ConfigurationError("--number", "must be NAME=NUMBER", text)
        numbers[name] = number
    return numbers


def _simulate(output: Path) -> None:
    """Print the tables of `ringsim simulate` for the file written."""
    from ringsim.cli import _simulate

    _simulate.run(
        ScenarioOptions(file=str(output)), (), DayOptions(), DisplayOptions(), EngineOptions()
    )
