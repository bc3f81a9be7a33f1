"""Users: the directory, presence, and what belongs to the signed-in user."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row, select, update
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx.twin._access import Own, System, TheTwin
from ringsim.pbx.twin._bodies import PresenceChange, UserIds
from ringsim.pbx.twin._collections import Collection, query_of, row_of
from ringsim.pbx.twin._errors import Json, invalid, not_found
from ringsim.pbx.twin._filters import BOOLEAN, NUMBER, TEXT, TIME
from ringsim.pbx.twin._read_body import json_object, validated
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import AGENTS, RING_GROUPS, USERS
from ringsim.pbx.twin._version import Version

__all__ = ["router"]

router = APIRouter()

USER_KINDS = {
    "id": TEXT,
    "name": TEXT,
    "enabled": BOOLEAN,
    "email": TEXT,
    "display_name": TEXT,
    "role": TEXT,
    "role_id": TEXT,
    "role_name": TEXT,
    "mobile_phone": TEXT,
    "work_phone": TEXT,
    "home_phone": TEXT,
    "address": TEXT,
    "department": TEXT,
    "extension_number": TEXT,
    "created_at": TIME,
    "timezone": TEXT,
    "avatar_file_name": TEXT,
    "avatar_file_size": NUMBER,
    "avatar_file_url": TEXT,
    "sync_type": TEXT,
    "enable_cc": BOOLEAN,
    "enable_advanced": BOOLEAN,
}
USER_FIELDS_SINCE = {
    "role_id": "22.3",
    "role_name": "22.3",
    "timezone": "22.6",
    "enable_cc": "22.8",
    "enable_advanced": "22.8",
}


def users(version: Version) -> Collection:
    """Return the collection of users as a version of the PBX lists it."""
    kinds = {
        name: kind
        for name, kind in USER_KINDS.items()
        if version.since(USER_FIELDS_SINCE.get(name, ""))
    }
    return Collection(USERS, tuple(kinds), kinds, order=())


@router.get("/users")
async def list_users(request: Request, twin: TheTwin, user: System) -> Response:
    """List the users of the tenant who have an extension."""
    query = query_of(request)
    mine = (USERS.c.tenant_id == user.tenant_id) & USERS.c.extension_number.is_not(None)
    with twin.store.read() as connection:
        count, items = users(twin.version).page(connection, query, mine)
    return Json({"count": count, "items": items})


@router.get("/users/{identity}/status")
async def user_status(identity: str, twin: TheTwin, user: System) -> Response:
    """Show whether a user is there."""
    with twin.store.read() as connection:
        mine = USERS.c.tenant_id == user.tenant_id
        row = row_of(connection, select(USERS).where(USERS.c.id == identity, mine))
    return Json(_status(twin, row))


@router.post("/users/status/get_many")
async def many_statuses(request: Request, twin: TheTwin, user: System) -> Response:
    """Show whether users are there, in the order of their ids.

    The PBX's documents name this path only; its body is a choice of the twin's.
    """
    if not twin.version.since("22.3"):
        raise not_found()
    wanted = validated(UserIds, await json_object(request)).ids
    with twin.store.read() as connection:
        found = connection.execute(
            select(USERS).where(USERS.c.tenant_id == user.tenant_id, USERS.c.id.in_(wanted))
        )
        known = {row.id: row for row in found}
    faults = [
        (f"ids[{place}]", "no such user")
        for place, identity in enumerate(wanted)
        if identity not in known
    ]
    if faults:
        raise invalid(*faults)
    return Json({"items": [{"id": each, **_status(twin, known[each])} for each in wanted]})


@router.get("/user/status")
async def own_status(twin: TheTwin, user: Own) -> Response:
    """Show whether the signed-in user is there."""
    with twin.store.read() as connection:
        row = connection.execute(select(USERS).where(USERS.c.id == user.user_id)).one()
    return Json(_status(twin, row))


def _status(twin: Twin, row: Row[Any]) -> dict[str, Any]:
    newer = twin.version.since("22.3")
    busy = any(row.extension_number in call["talking"] for call in twin.live.values())
    status = ("OTHER_CALL" if newer else "ON_CALL") if busy else "ONLINE"
    presence = row.presence or "AVAILABLE"
    if presence == "AVAILABLE":
        available = "ONLINE" if newer else "AVAILABLE"
        presence = status if busy else available
    return {
        "status": status,
        "presence": presence,
        "presence_note": row.presence_note,
        "registration": [],
        "enable_dnd": row.presence == "DO_NOT_DISTURB",
        "enable_acb": False,
    }


@router.post("/user/presence")
async def set_presence(request: Request, twin: TheTwin, user: Own) -> Response:
    """Set the presence of the signed-in user."""
    body = validated(PresenceChange, await json_object(request, required=False))
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    if changes:
        with twin.store.write() as connection:
            connection.execute(update(USERS).where(USERS.c.id == user.user_id).values(**changes))
        await twin.hub.presence(user, body.presence, body.presence_note)
    return Response()


@router.get("/user/outbound_caller_ids")
async def own_caller_ids(twin: TheTwin, user: Own) -> Response:
    """List the caller ids of the signed-in user's ring groups."""
    with twin.store.read() as connection:
        kept = connection.execute(_own_groups(user, RING_GROUPS.c.outbound_caller_ids)).scalars()
        names = ["provider_id", "caller_id", "description"]
        names += ["display_name"] if twin.version.since("22.6") else []
        items = [{name: each.get(name) for name in names} for ids in kept for each in ids or []]
    return Json({"items": items})


@router.get("/user/ring_groups")
async def own_groups(twin: TheTwin, user: Own) -> Response:
    """List the ring groups of the signed-in user."""
    columns = (RING_GROUPS.c.id, RING_GROUPS.c.name, RING_GROUPS.c.extension_number)
    with twin.store.read() as connection:
        rows = connection.execute(_own_groups(user, *columns))
        return Json({"items": [row._asdict() for row in rows]})


def _own_groups(user: Own, *columns: Any) -> Any:
    member = AGENTS.c.extension_number == (user.extension_number or "")
    return (
        select(*columns)
        .select_from(RING_GROUPS.join(AGENTS, AGENTS.c.group_id == RING_GROUPS.c.id))
        .where(member, RING_GROUPS.c.tenant_id == user.tenant_id)
        .order_by(RING_GROUPS.c.id)
    )
