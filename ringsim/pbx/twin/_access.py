"""Access control: the dependencies of the handlers.

A role opens areas: `own` is one's own data, `records` the call records of the tenant,
`system` the phone system. A user of one tenant never sees another tenant's data.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, WebSocket
from starlette.requests import HTTPConnection, Request

from ringsim.pbx.twin._errors import PbxError, unauthorized
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tokens import Principal

__all__ = ["Own", "Records", "SignedIn", "System", "TheTwin", "access_token", "areas", "twin_of"]

AREAS = {
    "Admin": frozenset({"own", "records", "system"}),
    "SystemAdmin": frozenset({"own", "records", "system"}),
    "QueueManager": frozenset({"own", "records"}),
}
OWN_ONLY = frozenset({"own"})


def areas(principal: Principal) -> frozenset[str]:
    """Return the areas that are open to a user."""
    if principal.tenant_id is None:  # a system administrator who has not chosen a tenant
        return frozenset()
    return AREAS.get(principal.role, OWN_ONLY)


def twin_of(connection: HTTPConnection) -> Twin:
    """Return the twin that answers a connection."""
    twin: Twin = connection.app.state.twin
    return twin


async def _the_twin(request: Request = None, socket: WebSocket = None) -> Twin:  # type: ignore[assignment]
    return twin_of(request or socket)


TheTwin = Annotated[Twin, Depends(_the_twin)]


def access_token(request: Request) -> str:
    """Return the bearer token of a request, or `""`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _signed_in(request: Request) -> Principal:
    pair = twin_of(request).tokens.pair(access_token(request))
    if pair is None:
        raise unauthorized()
    return pair.principal


SignedIn = Annotated[Principal, Depends(_signed_in)]


def _allowed(area: str) -> Any:
    async def check(principal: SignedIn) -> Principal:
        if area not in areas(principal):
            raise PbxError(403, "DENIED")
        return principal

    return Depends(check)


Own = Annotated[Principal, _allowed("own")]
Records = Annotated[Principal, _allowed("records")]
System = Annotated[Principal, _allowed("system")]
