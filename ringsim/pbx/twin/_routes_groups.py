"""Ring groups and their members."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy import Connection, Row, delete, insert, select, update
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx.twin._access import System, TheTwin
from ringsim.pbx.twin._accounts import take_number
from ringsim.pbx.twin._bodies import AgentList, RingGroupCreate, RingGroupUpdate
from ringsim.pbx.twin._collections import Collection, query_of, row_of
from ringsim.pbx.twin._errors import Json, PbxError, invalid, not_found
from ringsim.pbx.twin._filters import BOOLEAN, NUMBER, TEXT
from ringsim.pbx.twin._group_faults import agent_faults, number_faults, provider_faults, room_faults
from ringsim.pbx.twin._read_body import faults_of, json_object, validated
from ringsim.pbx.twin._tables import AGENTS, NUMBERS, PROVIDERS, RING_GROUPS, USERS
from ringsim.pbx.twin._text_search import with_folded
from ringsim.pbx.twin._version import GROUP_FIELDS, Version

__all__ = ["group_detail", "members_of", "router"]

router = APIRouter()

KINDS = {
    **dict.fromkeys(("id", "name", "extension_number", "ring_strategy"), TEXT),
    "ring_time": NUMBER,
    **dict.fromkeys(
        (
            "skip_busy_member",
            "enable_paid",
            "enable_prid",
            "extension_number_as_to_header",
            "enable_night_mode",
            "enable_audio_recording",
        ),
        BOOLEAN,
    ),
}


def collection(version: Version) -> Collection:
    """Return the collection of ring groups as a version of the PBX lists it."""
    fields = version.listed_group_fields
    return Collection(
        table=RING_GROUPS,
        fields=fields,
        kinds={name: kind for name, kind in KINDS.items() if name in fields},
        order=(),
    )


@router.get("/ring_groups")
async def list_groups(request: Request, twin: TheTwin, user: System) -> Response:
    """List ring groups."""
    query = query_of(request)
    with twin.store.read() as connection:
        mine = RING_GROUPS.c.tenant_id == user.tenant_id
        count, items = collection(twin.version).page(connection, query, mine)
    return Json({"count": count, "items": items})


@router.post("/ring_groups")
async def create_group(request: Request, twin: TheTwin, user: System) -> Response:
    """Create a ring group; every fault is listed at once."""
    data = _known(await json_object(request), twin.version)
    faults: list[tuple[str | None, str]] = []
    try:
        body = RingGroupCreate.model_validate(data)
    except ValidationError as wrong:
        faults += faults_of(wrong)
    identity, tenant = twin.new_id(), str(user.tenant_id)
    with twin.store.write() as connection:
        faults += number_faults(connection, tenant, data.get("extension_number"))
        faults += provider_faults(connection, tenant, data.get("outbound_caller_ids"))
        faults += room_faults(connection, tenant)
        if faults:
            raise invalid(*faults)
        headers = twin.version.identity_headers
        values = {**body.model_dump(), "enable_paid": headers, "enable_prid": headers}
        values |= _given(body)
        take_number(connection, tenant, body.extension_number, "RING_GROUP", identity)
        connection.execute(insert(RING_GROUPS).values(id=identity, tenant_id=tenant, **values))
    return Json({"id": identity})


@router.get("/ring_groups/{identity}")
async def show_group(identity: str, twin: TheTwin, user: System) -> Response:
    """Show one ring group."""
    with twin.store.read() as connection:
        row = _found(connection, str(user.tenant_id), identity)
        return Json(group_detail(connection, row, twin.version))


@router.post("/ring_groups/{identity}")
async def update_group(identity: str, request: Request, twin: TheTwin, user: System) -> Response:
    """Change the given fields of a ring group, and no others."""
    tenant = str(user.tenant_id)
    with twin.store.read() as connection:
        _found(connection, tenant, identity)
    data = _known(await json_object(request, required=False), twin.version)
    faults: list[tuple[str | None, str]] = []
    try:
        changes = _given(RingGroupUpdate.model_validate(data))
    except ValidationError as wrong:
        faults += faults_of(wrong)
    with twin.store.write() as connection:
        faults += provider_faults(connection, tenant, data.get("outbound_caller_ids"))
        if faults:
            raise invalid(*faults)
        former = _found(connection, tenant, identity)
        if changes:
            changes = with_folded(RING_GROUPS, former, changes)
            connection.execute(
                update(RING_GROUPS).where(RING_GROUPS.c.id == identity).values(**changes)
            )
    return Response()


@router.post("/ring_groups/{identity}/destroy")
async def destroy_group(identity: str, twin: TheTwin, user: System) -> Response:
    """Delete a ring group."""
    with twin.store.write() as connection:
        mine = (RING_GROUPS.c.id == identity) & (RING_GROUPS.c.tenant_id == user.tenant_id)
        if not connection.execute(delete(RING_GROUPS).where(mine)).rowcount:
            raise PbxError(400, "UNKNOWN", message="invalid ring group ID")
        connection.execute(delete(AGENTS).where(AGENTS.c.group_id == identity))
        connection.execute(delete(NUMBERS).where(NUMBERS.c.owner_id == identity))
    return Response(status_code=204)


@router.get("/ring_groups/{identity}/agents")
async def list_agents(identity: str, twin: TheTwin, user: System) -> Response:
    """List the members of a group in their configured order."""
    with twin.store.read() as connection:
        _found(connection, str(user.tenant_id), identity)
        return Json({"items": members_of(connection, str(user.tenant_id), identity)})


@router.post("/ring_groups/{identity}/agents")
async def set_agents(identity: str, request: Request, twin: TheTwin, user: System) -> Response:
    """Replace the member list of a group."""
    tenant = str(user.tenant_id)
    with twin.store.read() as connection:
        _found(connection, tenant, identity)
    body = validated(AgentList, await json_object(request))
    numbers = [agent.extension_number for agent in body.items]
    with twin.store.write() as connection:
        _found(connection, tenant, identity)
        if faults := list(agent_faults(connection, tenant, numbers)):
            raise invalid(*faults)
        connection.execute(delete(AGENTS).where(AGENTS.c.group_id == identity))
        rows = [
            {"group_id": identity, "position": position, **agent.model_dump()}
            for position, agent in enumerate(body.items)
        ]
        if rows:
            connection.execute(insert(AGENTS), rows)
    return Response()


@router.get("/ring_groups/{identity}/agents/{number}")
async def show_agent(identity: str, number: str, twin: TheTwin, user: System) -> Response:
    """Show one member of a group."""
    with twin.store.read() as connection:
        _found(connection, str(user.tenant_id), identity)
        for member in members_of(connection, str(user.tenant_id), identity):
            if member["extension_number"] == number:
                return Json(member)
    raise not_found()


def group_detail(connection: Connection, row: Row[Any], version: Version) -> dict[str, Any]:
    """Return the JSON of one ring group."""
    values = row._asdict()
    detail = {name: values[name] for name in version.group_fields}
    detail["outbound_caller_ids"] = [
        _caller_id(connection, each, version) for each in detail["outbound_caller_ids"] or []
    ]
    return detail


def _caller_id(connection: Connection, kept: dict[str, Any], version: Version) -> dict[str, Any]:
    shown = {name: kept.get(name) for name in ("provider_id", "caller_id", "description")}
    if version.since("22.6"):
        shown["display_name"] = kept.get("display_name")
    if version.since("22.8"):
        columns = (PROVIDERS.c.name, PROVIDERS.c.brand, PROVIDERS.c.did_numbers)
        provider = connection.execute(
            select(*columns).where(PROVIDERS.c.id == kept.get("provider_id"))
        ).one_or_none()
        name, brand, numbers = provider or (None, None, None)
        shown |= {
            "provider_name": name,
            "provider_brand": brand,
            "provider_did_numbers": numbers,
        }
    return shown


def members_of(connection: Connection, tenant: str, identity: str) -> list[dict[str, Any]]:
    """Return the members of a group in their configured order."""
    named = (USERS.c.extension_number == AGENTS.c.extension_number) & (USERS.c.tenant_id == tenant)
    rows = connection.execute(
        select(AGENTS.c.extension_number, USERS.c.display_name, AGENTS.c.skill_level)
        .select_from(AGENTS.outerjoin(USERS, named))
        .where(AGENTS.c.group_id == identity)
        .order_by(AGENTS.c.position)
    )
    return [row._asdict() for row in rows]


def _found(connection: Connection, tenant: str, identity: str) -> Row[Any]:
    """Return the row of a group of the tenant, or answer 404."""
    mine = RING_GROUPS.c.tenant_id == tenant
    return row_of(connection, select(RING_GROUPS).where(RING_GROUPS.c.id == identity, mine))


def _known(data: dict[str, Any], version: Version) -> dict[str, Any]:
    """Return the fields that this version of the PBX reads."""
    return {
        name: value
        for name, value in data.items()
        if name in GROUP_FIELDS and version.since(GROUP_FIELDS[name])
    }


def _given(body: RingGroupUpdate) -> dict[str, Any]:
    """Return the fields that the request gave, with inner records whole."""
    whole = body.model_dump()
    return {name: whole[name] for name in whole if name in body.model_fields_set}
