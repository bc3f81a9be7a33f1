"""The application: routes, errors and limits around the state of a twin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ringsim.group import RingGroup
from ringsim.pbx.twin import (
    _routes_control,
    _routes_directory,
    _routes_events,
    _routes_groups,
    _routes_own_records,
    _routes_records,
    _routes_reports,
    _routes_sign_in,
    _routes_users,
)
from ringsim.pbx.twin._accounts import (
    MAX_RING_GROUPS,
    add_groups,
    add_tenant,
    add_user,
    has_user,
)
from ringsim.pbx.twin._clock import Clock, SystemClock
from ringsim.pbx.twin._errors import PbxError, invalid
from ringsim.pbx.twin._faults import DroppedConnectionError, FaultyApp
from ringsim.pbx.twin._limits import RateLimit
from ringsim.pbx.twin._play import scenario_parts
from ringsim.pbx.twin._state import Blank, Twin
from ringsim.pbx.twin._store import Store
from ringsim.pbx.twin._version import Version
from ringsim.scenario import Scenario

__all__ = ["create_app"]

NOT_ALLOWED = 405
API = (
    _routes_sign_in,
    _routes_groups,
    _routes_directory,
    _routes_users,
    _routes_records,
    _routes_own_records,
    _routes_reports,
)
ROUTERS = (
    *(("/api", part.router) for part in API),
    ("/_twin", _routes_control.router),
    ("", _routes_events.router),
)


def create_app(
    *,
    username: str = "admin",
    password: str,
    domain: str = "test.io",
    version: str = "22.6",
    groups: Iterable[RingGroup | Mapping[str, Any]] = (),
    extensions: Iterable[str] = (),
    database: str | Path | None = None,
    blank: Blank = "null",
    max_ring_groups: int = MAX_RING_GROUPS,
    rate_limit: int | None = None,
    clock: Clock | None = None,
    scenario: Scenario | None = None,
) -> FastAPI:
    """Return a twin of the PBX as an ASGI application.

    Parameters
    ----------
    username, password, domain : str
        The first administrator of the first tenant, and the tenant's SIP domain. An account
        that the database already has keeps its password.
    version : str, default "22.6"
        Version of the PBX to imitate, from 22.0 to 22.8.
    groups : list of RingGroup or dict
        Ring groups to add, with their members.
    extensions : list of str
        Numbers of further people.
    database : str or Path, optional
        File that keeps everything; in memory by default.
    blank : {"null", "empty"}, default "null"
        How times that did not happen are written: `null` or `""`.
    max_ring_groups : int, default 20
        Limit of ring groups of the tenant; raised to the number of `groups`.
    rate_limit : int, optional
        Requests a minute of one address; no limit by default.
    clock : Clock, optional
        What tells the time; the real time by default.
    scenario : Scenario, optional
        Its groups are added, and its callers and people are played if a play names no others.

    Returns
    -------
    FastAPI
        The application; `app.state.twin` is its `Twin`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or the database cannot be opened.
    """
    known = Version(version)
    records = [*groups, *(() if scenario is None else scenario.groups)]
    twin = Twin(
        Store(database),
        known,
        blank=blank,
        clock=clock or SystemClock(),
        rate_limit=rate_limit,
    )
    most = max(max_ring_groups, len(records))
    if scenario is not None:
        twin.played = scenario_parts(scenario)
        extensions = [*extensions, *scenario.extension_numbers]
    tenant = add_tenant(twin, domain, max_ring_groups=most)
    twin.is_new = not has_user(twin, tenant, username)
    add_user(twin, tenant, username, password=password, role="Admin", display_name="Administrator")
    for number in extensions:
        add_user(twin, tenant, number, number=number, display_name=f"Extension {number}")
    add_groups(twin, tenant, records)
    return _application(twin)


def _application(twin: Twin) -> FastAPI:
    app = FastAPI(
        openapi_url=None, redirect_slashes=False, lifespan=_lifespan, title="Twin of the PBX"
    )
    app.state.twin = twin  # `is_new` tells whether the first account was made now
    app.state.plays = set()
    app.state.last_code = None
    for prefix, part in ROUTERS:
        app.include_router(part, prefix=prefix)
    app.add_exception_handler(PbxError, _pbx_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unhandled)
    app.add_middleware(FaultyApp, faults=twin.faults)
    app.add_middleware(RateLimit, twin=twin)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    tasks = list(app.state.plays)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    app.state.twin.hub.close()


async def _pbx_error(_: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, PbxError)  # noqa: S101  # registered for this class
    return wrong.response()


async def _http_error(request: Request, wrong: Exception) -> Response:
    """Answer in the PBX's form to an unknown path or a wrong verb."""
    assert isinstance(wrong, HTTPException)  # noqa: S101
    if wrong.status_code == NOT_ALLOWED:
        allowed = ", ".join(sorted(_methods(request)))
        return PbxError(NOT_ALLOWED, "UNSUPPORTED", headers={"Allow": allowed}).response()
    return PbxError(wrong.status_code, "UNKNOWN").response()


def _methods(request: Request) -> set[str]:
    """Return every verb of a path; Starlette itself names those of one route only."""
    path = request.scope["path"]
    matching = [
        route
        for prefix, part in ROUTERS
        if path.startswith(prefix)
        for route in part.routes
        if isinstance(route, APIRoute) and route.path_regex.match(path.removeprefix(prefix))
    ]
    exact = [route for route in matching if path.endswith(route.path)]  # before `/{identity}`
    return {verb for route in exact or matching for verb in route.methods or ()}


async def _invalid(_: Request, __: Exception) -> Response:
    return invalid((None, "the request is invalid")).response()


async def _unhandled(_: Request, wrong: Exception) -> Response:
    if isinstance(wrong, DroppedConnectionError):
        raise wrong
    return PbxError(500, "UNKNOWN").response()
