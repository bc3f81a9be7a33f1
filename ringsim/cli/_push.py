"""Command `push`: write the settings of a ring group to a PBX."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringsim import _files
from ringsim._sentences import listed
from ringsim.cli._durations import duration_option
from ringsim.cli._pbx_options import Authority, Insecure, Url, connected, trust_options
from ringsim.cli._spoken import spoken_as_options
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.group import RingGroup

__all__ = ["push"]


def push(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="Scenario, or record of a group, with the settings to write."
        ),
    ],
    url: Url,
    *,
    group: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="Number of the group; needed if the file has several."),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Ring strategy to write in place of the file's."),
    ] = None,
    ring_time: Annotated[
        float | None,
        duration_option("--ring-time", "Ring time to write in place of the file's."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    ca: Authority = None,
    insecure: Insecure = False,
) -> None:
    """Write the settings of a ring group to a PBX: show what changes, ask, write, read back.

    The former record is saved beside the file; pushing it undoes the change.
    """
    record = _record(file, group, strategy, ring_time)
    number = record.extension_number
    with connected(url, ca, insecure) as pbx:
        former = pbx.ring_group(number)
        changes = _changes(record, former)
        if not changes:
            print(f"{number} {former.name}: the PBX has these settings already.")
            _print_unwritable(record)
            return
        print(f"{number} {former.name} at {pbx.url}")
        for name, (old, new) in changes.items():
            print(f"  {name}: {_shown(old)} -> {_shown(new)}")
        _print_unwritable(record)
        if not (yes or _agreed()):
            print("Nothing was written.")
            return
        saved = _save(file, number, former.to_api())
        undo = ["ringsim", "push", str(saved), url, "--group", number, *trust_options(ca, insecure)]
        told = f"The former record is in {saved}. To undo: {shlex.join(undo)}"
        try:
            pbx.update(former, {name: new for name, (_, new) in changes.items()})
        except BaseException:  # the settings are written before the members
            print(f"Not all was written; the PBX may have a part of it. {told}")
            raise
    print("Written, read back and compared.")
    print(told)


def _record(
    file: str, group: str | None, strategy: str | None, ring_time: float | None
) -> RingGroup:
    """Return the record of the group to write, with the options applied."""
    from ringsim.cli._scenario import is_scenario
    from ringsim.group import read_groups
    from ringsim.pbx._group_records import as_group
    from ringsim.scenario import Scenario

    data = _files.read(file)
    try:
        groups: tuple[RingGroup, ...] = (
            Scenario.from_file(data).groups if is_scenario(data) else read_groups(data)
        )
    except ConfigurationError as wrong:
        raise wrong.in_file(file) from None
    numbers = [each.extension_number for each in groups]
    if group is None and len(groups) != 1:
        hint = f"Its groups are {', '.join(numbers) or 'none'}."
        raise ConfigurationError("--group", "must be given", hint=hint)
    chosen = next((each for each in groups if group in (None, each.extension_number)), None)
    if chosen is None or not chosen.extension_number:
        raise ConfigurationError(
            "--group",
            f"must be the number of a group in {file}",
            group,
            f"It has {', '.join(numbers)}.",
        )
    if numbers.count(chosen.extension_number) > 1:
        raise ConfigurationError(
            file, "must have one group of each number, and has several", chosen.extension_number
        )
    options = {"ring_strategy": strategy, "ring_time": ring_time}
    changes = {name: value for name, value in options.items() if value is not None}
    with spoken_as_options({"ring_strategy": "--strategy", "ring_time": "--ring-time"}):
        return as_group(chosen.replace(**changes))


def _changes(record: Any, former: Any) -> dict[str, tuple[Any, Any]]:
    """Return the fields that differ and that the API can write, with the old and new value."""
    from ringsim.pbx._group_records import body_of, differences, members_body

    wanted, found = record.to_api(), former.to_api()
    wanted.pop("extension_number", None)
    body = {name: value for name, value in body_of(wanted).items() if name in found}
    changes = {name: (old, new) for name, (new, old) in differences(body, found).items()}
    if "agents" in wanted:
        new, old = members_body(record.members), members_body(former.members)
        if new != old:
            changes["members"] = (old, new)
    return changes


def _shown(value: Any) -> str:
    """Return a value for people: members as numbers, with the skill level if it is not 1."""
    if isinstance(value, Mapping) and "action" in value:
        return " ".join(str(part) for part in (value["action"], value.get("number")) if part)
    if isinstance(value, list) and all("extension_number" in each for each in value):
        return (
            ", ".join(
                each["extension_number"]
                + (f" (level {each['skill_level']})" if each["skill_level"] != 1 else "")
                for each in value
            )
            or "nobody"
        )
    return "none" if value is None else str(value)


def _print_unwritable(record: RingGroup) -> None:
    """Print the options of ringsim in a record, which the PBX does not have."""
    from ringsim.group._parts import OPTIONS_OF_MEMBERS

    options = [f"rules.{name}" for name in record.own_rules.given()]
    options += [name for name in ("max_repeats", "repeat_delay") if name in record.model_fields_set]
    for member in record.members:
        given = [name for name in OPTIONS_OF_MEMBERS if name in member.model_fields_set]
        options += [f"{name} of {member.extension_number}" for name in given]
    if options:
        print(f"The PBX has no such options, and rings without them: {listed(options)}.")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "--yes", "must be given where nobody can be asked", hint="Nothing was written."
        )
    return typer.confirm("Write this to the PBX?")


def _save(file: str, number: str, record: Mapping[str, Any]) -> Path:
    """Write the former record beside the file; return its path."""
    beside = Path("." if file == "-" else file).resolve()
    folder = beside if beside.is_dir() else beside.parent
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for copy in count(1):  # an earlier record is never overwritten, not even in the same second
        path = folder / f"{number}-before-{stamp}{'' if copy == 1 else f'-{copy}'}.json"
        if not path.exists():
            break
    _files.write(path, record)
    return path
