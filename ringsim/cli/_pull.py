"""Command `pull`: write the ring groups of a PBX to a scenario file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringsim import _files
from ringsim._sentences import counted
from ringsim.cli._pbx_options import Authority, Insecure, Url, connected
from ringsim.errors import ConfigurationError, RingsimError

__all__ = ["pull"]


def pull(
    url: Url,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Scenario file to write.")] = Path(
        "office.toml"
    ),
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NUMBER",
            help="Number of a group; repeat the option for more. By default, all groups.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    ca: Authority = None,
    insecure: Insecure = False,
) -> None:
    """Write the ring groups of a PBX to a scenario file, with members and overflow targets."""
    from ringsim.cli._spreadsheets import check_suffix

    check_suffix("--output", output, *_files.SUFFIXES)
    _files.check_writable(output)
    if output.exists() and not force:
        raise ConfigurationError(
            "--output", "must not exist yet", str(output), "Give --force to replace it."
        )
    with connected(url, ca, insecure) as pbx:
        scenario = pbx.scenario(group)
    if not scenario.groups:
        raise RingsimError(
            f"the PBX at {pbx.url} must have ring groups, and shows this account none"
        )
    scenario.dump(output)
    for each in scenario.groups:
        number, members = each.extension_number, counted(len(each.members), "member")
        print(f"{number} {each.name}: {each.ring_strategy}, {each.ring_time:g} s, {members}")
    for note in scenario.notes:
        print(note)
    print(
        f"Wrote {output}. It has no callers yet: add them under [demand], or fit them to records."
    )
