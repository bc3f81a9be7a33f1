"""Command `serve`: a page to try settings on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ringsim.cli._pbx_options import Authority, Host, Insecure, Port, check_port, connected
from ringsim.cli._spoken import spoken_as_options
from ringsim.errors import RingsimError

if TYPE_CHECKING:
    from ringsim.scenario import Scenario

__all__ = ["serve"]

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with, not bound to


def serve(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|URL",
            help="Scenario file, or the address of a PBX or a twin. By default, the example "
            "office.",
        ),
    ] = None,
    *,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    ca: Authority = None,
    insecure: Insecure = False,
) -> None:
    """Open a page in the browser to try settings on, until Ctrl-C.

    The page shows results beside today's, on the same callers. It writes nothing anywhere.
    """
    from ringsim.pbx.page import create_page
    from ringsim.pbx.twin._serving import PLAIN, address_of, open_listener, run_here

    check_port(port)
    scenario = _scenario(source, ca, insecure)
    if not scenario.groups:
        raise RingsimError(f"{source} must have a ring group to try settings on")
    with spoken_as_options({"host": "--host", "port": "--port"}):
        listener = open_listener(host, port)
    address = address_of(listener, host, PLAIN)
    print(f"The page is at {address}. Press Ctrl-C to stop.")
    sys.stdout.flush()
    if browser:
        import webbrowser

        webbrowser.open(address)
    run_here(create_page(scenario, anywhere=host in ANYWHERE), listener)


def _scenario(source: str | None, ca: Authority, insecure: bool) -> Scenario:
    """Return the scenario of a file or a PBX, or the example."""
    from ringsim.scenario import Scenario, example

    if source is None:
        return example()
    if source.startswith(("http://", "https://")):
        with connected(source, ca, insecure) as pbx:
            return pbx.scenario()
    return Scenario.load(source)
