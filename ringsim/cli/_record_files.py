"""Options of the commands that read call records, and the reading of their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

import typer

from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.group import RingGroup
    from ringsim.records import Records
    from ringsim.scenario import Scenario

__all__ = ["RecordFiles", "RecordOptions", "group_record", "members_of", "records_from"]

RecordFiles: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILES",
        help="Files of call records, folders or patterns; .gz is decompressed.",
        show_default=False,
    ),
]

UNKNOWN = "?"  # no number of a group: the error for it lists those of the records


@dataclass(frozen=True)
class RecordOptions:
    """The files of call records, and how to read them."""

    panel: ClassVar[str] = "Records"

    group: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Number or name of the group, as the records write it."
        ),
    ] = None
    format: Annotated[
        str,
        typer.Option(
            metavar="FORMAT",
            help="queue_log, asterisk_cdr, asterisk_cel, freeswitch_cdr, portsip, webex, 3cx or "
            "csv; auto recognises it.",
        ),
    ] = "auto"
    timezone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="Time zone of the phone system, for example Europe/Berlin."
        ),
    ] = None
    map: Annotated[
        Path | None, typer.Option(help="TOML file that names the columns of a table of your own.")
    ] = None
    members: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=201",
            help="Numbers of members by the names in the records, NAME=201; or the members in "
            "their configured order, 201,202.",
        ),
    ] = None
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATE", help="Date to leave out, for example 2024-12-25; repeat it for more."
        ),
    ] = None


def members_of(texts: Sequence[str]) -> dict[str, str] | tuple[str, ...] | None:
    """Return numbers by name (`NAME=201`), or the members in order (`201,202`).

    Raises
    ------
    ConfigurationError
        If some texts are of one form and some of the other.
    """
    parts = [part for text in texts for part in text.split(",") if part]
    named = [part for part in parts if "=" in part]
    if not parts:
        return None
    if not named:
        return tuple(parts)
    if len(named) < len(parts):
        raise ConfigurationError(
            "--members", "must be all numbers, or all NAME=NUMBER", ",".join(parts)
        )
    pairs = (part.rpartition("=") for part in named)
    return {name: number for name, _, number in pairs}


def records_from(
    files: Sequence[str], reading: RecordOptions, *, group: str | None = None
) -> Records:
    """Return the records in some files.

    Parameters
    ----------
    files : sequence of str
        Files, folders or patterns.
    reading : RecordOptions
        How to read them.
    group : str, optional
        Number of the group if no option names it.

    Raises
    ------
    ConfigurationError
        If there is no file or no group, or the files cannot be read.
    """
    number = reading.group or group
    if number is None:
        hint = _groups_in(files, reading) if files else ""
        must = "must be given: the number or name of the group"
        raise ConfigurationError("--group", must, hint=hint)
    if not files:
        raise ConfigurationError("FILE", "must name at least one file of call records")
    return _records_of(files, number, reading)


def _groups_in(files: Sequence[str], reading: RecordOptions) -> str:
    """Return a hint on the groups that some files name, "" if they cannot be read."""
    try:
        _records_of(files, UNKNOWN, reading)
    except ConfigurationError as wrong:
        return wrong.hint if wrong.subject == "group" else ""
    return ""


def _records_of(files: Sequence[str], group: str, reading: RecordOptions) -> Records:
    from ringsim.records import read_records

    return read_records(
        list(files),
        group=group,
        format=reading.format,
        timezone=reading.timezone,
        mapping=reading.map,
        members=members_of(reading.members or ()),
        exclude=reading.exclude or (),
    )


def group_record(path: str, number: str) -> RingGroup | Scenario:
    """Return a group from a file: a record as exported from the phone system, or a scenario.

    Raises
    ------
    ConfigurationError
        If the file cannot be read, or has several groups of which none has the number.
    """
    from ringsim import _files
    from ringsim.cli._scenario import is_scenario
    from ringsim.scenario import Scenario

    data = _files.read(path)
    try:
        return Scenario.from_file(data) if is_scenario(data) else _exported(data, number)
    except ConfigurationError as wrong:
        raise wrong.in_file(path) from None


def _exported(data: Any, number: str) -> RingGroup:
    from ringsim.group import RingGroup, read_groups

    if isinstance(data, Mapping) and "agents" in data and "items" not in data:
        return RingGroup.from_pbx(data)
    groups = read_groups(data)
    found = [each for each in groups if each.extension_number == number]
    if len(groups) == 1:
        found = list(groups)
    if not found:
        raise ConfigurationError(
            "group",
            "must be one of the file",
            number,
            f"Its groups are {', '.join(each.extension_number for each in groups) or 'none'}.",
        )
    return found[0]
