"""Numbers, users, trunks, the tenant and the PBX itself."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row, func, select, update
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx._times import written_time
from ringsim.pbx.twin._access import Own, System, TheTwin
from ringsim.pbx.twin._bodies import PresenceChange, UserIds, json_object, validated
from ringsim.pbx.twin._collections import Collection, query_of
from ringsim.pbx.twin._errors import Json, invalid, not_found
from ringsim.pbx.twin._filters import BOOLEAN, NUMBER, TEXT, TIME
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import (
    AGENTS,
    CDRS,
    NUMBERS,
    PROVIDERS,
    RING_GROUPS,
    TENANTS,
    USERS,
)
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
PROVIDER_KINDS = {
    "id": TEXT,
    "name": TEXT,
    "enabled": BOOLEAN,
    "brand": TEXT,
    "hostname": TEXT,
    "port": NUMBER,
    "did_numbers": TEXT,
    "shared": BOOLEAN,
}
PROVIDERS_PAGED = Collection(
    table=PROVIDERS,
    fields=tuple(PROVIDER_KINDS),
    kinds=PROVIDER_KINDS,
    searched=("name", "brand", "hostname", "did_numbers"),
    order=(),
)


def users(version: Version) -> Collection:
    """Return the collection of users as a version of the PBX lists it."""
    kinds = {
        name: kind
        for name, kind in USER_KINDS.items()
        if version.since(USER_FIELDS_SINCE.get(name, ""))
    }
    searched = ("name", "display_name", "extension_number", "email")
    return Collection(USERS, tuple(kinds), kinds, searched, order=())


@router.get("/extension_numbers/{number}")
async def number_owner(number: str, twin: TheTwin, user: System) -> Response:
    """Say who owns a number."""
    columns = (NUMBERS.c.owner_id, NUMBERS.c.number, NUMBERS.c.type)
    with twin.store.read() as connection:
        owner = connection.execute(
            select(*columns, func.coalesce(RING_GROUPS.c.name, USERS.c.display_name).label("name"))
            .select_from(
                NUMBERS.outerjoin(RING_GROUPS, RING_GROUPS.c.id == NUMBERS.c.owner_id).outerjoin(
                    USERS, USERS.c.id == NUMBERS.c.owner_id
                )
            )
            .where(NUMBERS.c.tenant_id == user.tenant_id, NUMBERS.c.number == number)
        ).one_or_none()
    if owner is None:
        raise not_found()
    return Json(
        {
            "id": owner.owner_id,
            "extension_number": owner.number,
            "name": owner.name or "",
            "type": owner.type,
        }
    )


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
        row = connection.execute(
            select(USERS).where(USERS.c.id == identity, USERS.c.tenant_id == user.tenant_id)
        ).one_or_none()
    if row is None:
        raise not_found()
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


@router.get("/providers")
async def list_providers(request: Request, twin: TheTwin, user: System) -> Response:
    """List the trunks of the tenant."""
    query = query_of(request)
    with twin.store.read() as connection:
        count, items = PROVIDERS_PAGED.page(
            connection, query, PROVIDERS.c.tenant_id == user.tenant_id
        )
    return Json({"count": count, "items": items})


@router.get("/info")
async def info() -> Response:
    """Answer without a token; the PBX's documents promise no field, and no version."""
    return Json({})


@router.get("/tenant")
async def tenant(twin: TheTwin, user: System) -> Response:
    """Show the tenant and its limit of ring groups."""
    with twin.store.read() as connection:
        row = connection.execute(select(TENANTS).where(TENANTS.c.id == user.tenant_id)).one()
    return Json(row._asdict())


@router.get("/tenant/status")
async def tenant_status(twin: TheTwin, user: System) -> Response:
    """Show the version of the PBX and the counts of the tenant."""
    with twin.store.read() as connection:

        def count(table: Any, *conditions: Any) -> int:
            found: int = connection.execute(
                select(func.count())
                .select_from(table)
                .where(table.c.tenant_id == user.tenant_id, *conditions)
            ).scalar_one()
            return found

        people = count(USERS, USERS.c.extension_number.is_not(None))
        now = twin.clock.now()
        hours = [now - 3600 * (24 - hour) for hour in range(25)]
        spans = [(written_time(start), written_time(end)) for start, end in pairwise(hours)]
        status = {
            "version": twin.version.text,
            "licensed_users": max(people, 1000),
            "current_users": people,
            "online_users": people,
            "current_calls": len(twin.live),
            "current_queues": 0,
            "current_conference_rooms": 0,
            "current_ring_groups": count(RING_GROUPS),
            "current_ivrs": 0,
            "current_trunks": count(PROVIDERS),
            "calls_in_24_hours": [
                {
                    "time": start,
                    "count": count(CDRS, CDRS.c.started_at >= start, CDRS.c.started_at < end),
                }
                for start, end in spans
            ],
        }
    return Json(status)
