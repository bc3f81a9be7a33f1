"""Options and helpers of the commands that talk to a PBX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from ringsim.pbx import PortSIP

__all__ = ["Authority", "Insecure", "Url", "connected"]

Url: TypeAlias = Annotated[
    str,
    typer.Argument(
        help="Address of the PBX, such as https://pbx:8887. The account comes from "
        "RINGSIM_PBX_USERNAME, RINGSIM_PBX_PASSWORD and RINGSIM_PBX_DOMAIN, or from ~/.netrc."
    ),
]
Authority: TypeAlias = Annotated[
    Path | None, typer.Option("--ca", help="File of the authority that signed the certificate.")
]
Insecure: TypeAlias = Annotated[
    bool, typer.Option("--insecure", help="Accept any certificate; others may read along.")
]


def connected(url: str, authority: Path | None, insecure: bool) -> PortSIP:
    """Return a client of the PBX with credentials from the environment or the netrc file."""
    from ringsim.pbx import PortSIP

    verify: bool | str = not insecure if authority is None else str(authority)
    return PortSIP(url, verify=verify)
