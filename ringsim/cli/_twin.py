"""Command `twin`: run a twin of the PBX."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ringsim._sentences import counted
from ringsim.cli._pbx_options import Host, Port, check_port
from ringsim.cli._spoken import spoken_as_options
from ringsim.errors import ConfigurationError

__all__ = ["twin"]


def twin(
    *,
    port: Port = 8887,
    host: Host = "127.0.0.1",
    database: Annotated[
        Path | None, typer.Option(help="File that keeps everything; in memory by default.")
    ] = None,
    load: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Scenario whose groups to add, and whose callers to play."
        ),
    ] = None,
    play_days: Annotated[
        int, typer.Option(help="Days of calls to play at the start; their records are in the past.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the calls that are played.")] = 0,
    version: Annotated[
        str,
        typer.Option(metavar="VERSION", help="Version of the PBX to imitate, from 22.0 to 22.8."),
    ] = "22.6",
    certificate: Annotated[
        Path | None, typer.Option(help="PEM file with a certificate, to serve https.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="PEM file with its key, if that is another file.")
    ] = None,
    username: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the first administrator.")
    ] = "admin",
    domain: Annotated[
        str, typer.Option(metavar="DOMAIN", help="SIP domain of the first tenant.")
    ] = "test.io",
) -> None:
    """Run a twin of the PBX: a server that behaves as its REST API does, until Ctrl-C.

    The first start makes a random password and prints it once, unless RINGSIM_PBX_PASSWORD is set.
    """
    from ringsim.pbx.twin._play import MAX_DAYS
    from ringsim.pbx.twin._serving import address_of, encryption, open_listener, run_here
    from ringsim.pbx.twin._tokens import new_password
    from ringsim.pbx.twin._version import Version
    from ringsim.scenario import Scenario

    check_port(port)
    if play_days and load is None:
        raise ConfigurationError("--play-days", "must be given with --load")
    if not 0 <= play_days <= MAX_DAYS:
        raise ConfigurationError("--play-days", f"must be from 0 to {MAX_DAYS}", play_days)
    with spoken_as_options({"certificate": "--certificate", "key": "--key"}):
        encrypted = encryption(certificate, key)
    given = os.environ.get("RINGSIM_PBX_PASSWORD")
    password = given or new_password()
    scenario = None if load is None else Scenario.load(load)

    from ringsim.pbx.twin import create_app

    # Before the database: if the port is taken, a new one would keep a password never shown
    with spoken_as_options({"host": "--host", "port": "--port"}):
        listener = open_listener(host, port)

    with listener:
        app = create_app(
            username=username,
            password=password,
            domain=domain,
            version=version,
            database=database,
            scenario=scenario,
            rate_limit=Version(version).requests_a_minute,
        )
        state = app.state.twin
        address = address_of(listener, host, encrypted)
        print(f"A twin of the PBX, version {version}, listens at {address}")
        if state.is_new and not given:
            print(f"Sign in as {username}, domain {domain}, password {password} (shown only now).")
        else:
            print(f"Sign in as {username}, domain {domain}, with the password you know.")
        if play_days:
            played = counted(_played(state, domain, play_days, seed), "call")
            print(f"Played {played} on {counted(play_days, 'day')}.")
        print(
            "pull, push, fit and serve take the account from RINGSIM_PBX_USERNAME, _PASSWORD, "
            "_DOMAIN."
        )
        print("Press Ctrl-C to stop.")
        sys.stdout.flush()
        run_here(app, listener, encrypted)


def _played(state: object, domain: str, days: int, seed: int) -> int:
    from ringsim.pbx.twin._accounts import add_tenant
    from ringsim.pbx.twin._play import read_order, record_days
    from ringsim.pbx.twin._state import Twin

    assert isinstance(state, Twin)  # noqa: S101  # for the type checker
    order = read_order({"days": days, "seed": seed}, state.clock.now(), state.played)
    return record_days(state, add_tenant(state, domain), order)
