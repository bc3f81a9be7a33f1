"""Numbers, trunks, the tenant and the PBX itself."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx._times import written_time
from ringsim.pbx.twin._access import System, TheTwin
from ringsim.pbx.twin._collections import Collection, query_of, row_of
from ringsim.pbx.twin._errors import Json
from ringsim.pbx.twin._filters import BOOLEAN, NUMBER, TEXT
from ringsim.pbx.twin._tables import CDRS, NUMBERS, PROVIDERS, RING_GROUPS, TENANTS, USERS

__all__ = ["router"]

router = APIRouter()

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
    order=(),
)


@router.get("/extension_numbers/{number}")
async def number_owner(number: str, twin: TheTwin, user: System) -> Response:
    """Say who owns a number."""
    columns = (NUMBERS.c.owner_id, NUMBERS.c.number, NUMBERS.c.type)
    with twin.store.read() as connection:
        owner = row_of(
            connection,
            select(*columns, func.coalesce(RING_GROUPS.c.name, USERS.c.display_name).label("name"))
            .select_from(
                NUMBERS.outerjoin(RING_GROUPS, RING_GROUPS.c.id == NUMBERS.c.owner_id).outerjoin(
                    USERS, USERS.c.id == NUMBERS.c.owner_id
                )
            )
            .where(NUMBERS.c.tenant_id == user.tenant_id, NUMBERS.c.number == number),
        )
    return Json(
        {
            "id": owner.owner_id,
            "extension_number": owner.number,
            "name": owner.name or "",
            "type": owner.type,
        }
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
