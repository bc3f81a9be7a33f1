"""Options and helpers of the commands that talk to a PBX."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from ringsim.cli._spoken import spoken_as_options
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.group import RingGroup
    from ringsim.pbx import PortSIP
    from ringsim.records import Records

__all__ = [
    "Authority",
    "Host",
    "Insecure",
    "Port",
    "Url",
    "check_port",
    "connected",
    "read_from_pbx",
    "trust_options",
]

Url: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="URL",
        help="Address of the PBX, such as https://pbx:8887. The account comes from "
        "RINGSIM_PBX_USERNAME, RINGSIM_PBX_PASSWORD and RINGSIM_PBX_DOMAIN, or from ~/.netrc.",
    ),
]
Authority: TypeAlias = Annotated[
    Path | None,
    typer.Option("--ca", help="Certificate of the authority that signed the PBX's."),
]
Insecure: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--insecure", help="Accept any certificate, although others could then read everything."
    ),
]
Port: TypeAlias = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")]
Host: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Address to listen on; with 0.0.0.0, other machines can connect.",
    ),
]


def check_port(port: int) -> None:
    """Raise `ConfigurationError` unless a server can listen on the port."""
    if not 0 <= port <= 65_535:
        raise ConfigurationError("--port", "must be from 0 to 65535", port)


def connected(url: str, authority: Path | None, insecure: bool) -> PortSIP:
    """Return a client of the PBX with credentials from the environment or the netrc file."""
    from ringsim.pbx import PortSIP

    logging.getLogger("stamina").addHandler(logging.NullHandler())  # it would print its retries
    if authority is not None and insecure:
        raise ConfigurationError("--ca", "must not be given beside --insecure", str(authority))
    with spoken_as_options({"verify": "--ca"}):
        return PortSIP(url, verify=not insecure if authority is None else authority)


def trust_options(authority: Path | None, insecure: bool) -> list[str]:
    """Return the options that `connected` was given, as words of a command."""
    return ["--insecure"] if insecure else [] if authority is None else ["--ca", str(authority)]


def read_from_pbx(
    url: str,
    group: str | None,
    days: int,
    timezone: str | None,
    *,
    authority: Path | None,
    insecure: bool,
) -> tuple[Records, RingGroup]:
    """Return the records of a group on the whole days before today, and the group's own record.

    Raises
    ------
    ConfigurationError
        If the number of days or the time zone is invalid.
    """
    if days < 1:
        raise ConfigurationError("--days", "must be at least 1", days)
    try:
        zone = ZoneInfo(timezone or "UTC")
    except (ValueError, ZoneInfoNotFoundError):
        raise ConfigurationError(
            "--timezone", "must be a time zone such as Europe/Berlin", timezone
        ) from None
    today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with connected(url, authority, insecure) as pbx:
        records = pbx.call_records(today - timedelta(days=days), today, group)
        number = records.group
        return records, pbx.scenario([number]).group(number)  # in a form that files can hold
