"""Call reports and the files that they end in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection, delete, insert, select, update
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx._times import written_time
from ringsim.pbx.twin._access import Records, System, TheTwin
from ringsim.pbx.twin._collections import Collection, query_of, row_of
from ringsim.pbx.twin._errors import Json, PbxError
from ringsim.pbx.twin._filters import NUMBER, TEXT, TIME
from ringsim.pbx.twin._read_body import json_object, validated
from ringsim.pbx.twin._report_bodies import ReportCreate, ReportUpdate
from ringsim.pbx.twin._reports import report_file
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import BLOBS, COMPLETED_REPORTS, REPORTS
from ringsim.pbx.twin._text_search import with_folded
from ringsim.pbx.twin._tokens import new_token

__all__ = ["router"]

router = APIRouter()

ORDER_KINDS = dict.fromkeys(("id", "name", "type", "cron_expr", "status"), TEXT)
ORDERED = Collection(REPORTS, tuple(ORDER_KINDS), ORDER_KINDS, (REPORTS.c.created_at.desc(),))
COMPLETED_KINDS = {
    **dict.fromkeys(("id", "name", "type", "format"), TEXT),
    "completed_at": TIME,
    "file_name": TEXT,
    "file_size": NUMBER,
    "file_url": TEXT,
}
COMPLETED = Collection(
    COMPLETED_REPORTS,
    tuple(COMPLETED_KINDS),
    COMPLETED_KINDS,
    (COMPLETED_REPORTS.c.completed_at.desc(),),
)
DETAIL = (
    "id",
    "name",
    "type",
    "email",
    "format",
    "range",
    "started_at",
    "ended_at",
    "cron_expr",
    "filter",
    "status",
)


@router.get("/call_reports")
async def list_orders(request: Request, twin: TheTwin, user: Records) -> Response:
    """List reports that are running or scheduled."""
    query = query_of(request)
    with twin.store.read() as connection:
        count, items = ORDERED.page(connection, query, REPORTS.c.tenant_id == user.tenant_id)
    return Json({"count": count, "items": items})


@router.post("/call_reports")
async def order(request: Request, twin: TheTwin, user: System) -> Response:
    """Order a report; without a schedule it is made at once."""
    body = validated(ReportCreate, await json_object(request))
    identity, now = twin.new_id(), twin.clock.now()
    record = _record(body) | {"id": identity, "status": "SCHEDULED"}
    with twin.store.write() as connection:
        if record.get("cron_expr") is not None:
            connection.execute(
                insert(REPORTS).values(
                    **record, tenant_id=user.tenant_id, created_at=written_time(now)
                )
            )
        else:
            _complete(connection, str(user.tenant_id), record, now)
    return Json({"id": identity}, status_code=201)


def _record(body: ReportUpdate) -> dict[str, Any]:
    """Return the given fields of an order."""
    given = body.model_dump(exclude_unset=True)
    if "filter" in given:
        given["filter"] = body.filter.model_dump(by_alias=True, exclude_unset=True)
    return given


def _complete(connection: Connection, tenant: str, record: dict[str, Any], now: float) -> None:
    name, content = report_file(connection, tenant, record, now)
    digest = new_token(31)
    connection.execute(insert(BLOBS).values(digest=digest, file_name=name, content=content))
    connection.execute(
        insert(COMPLETED_REPORTS).values(
            id=record["id"],
            name=record["name"],
            type=record["type"],
            format=record["format"],
            completed_at=written_time(now),
            file_name=name,
            file_size=len(content),
            file_url=f"/api/blobs/{digest}",
            tenant_id=tenant,
        )
    )


@router.get("/call_reports/{identity}")
async def show_order(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show one ordered report."""
    with twin.store.read() as connection:
        row = row_of(
            connection,
            select(*(REPORTS.c[name] for name in DETAIL)).where(
                REPORTS.c.id == identity, REPORTS.c.tenant_id == user.tenant_id
            ),
        )
    shown = row._asdict()
    for name in ("started_at", "ended_at"):
        shown[name] = twin.blank_time if shown[name] is None else shown[name]
    return Json(shown)


@router.post("/call_reports/{identity}")
async def change_order(identity: str, request: Request, twin: TheTwin, user: System) -> Response:
    """Change an ordered report."""
    mine = (REPORTS.c.id == identity) & (REPORTS.c.tenant_id == user.tenant_id)
    data = await json_object(request)
    with twin.store.write() as connection:
        former = row_of(connection, select(REPORTS).where(mine))
        changes = _record(validated(ReportUpdate, data))
        if changes:
            changes = with_folded(REPORTS, former, changes)
            connection.execute(update(REPORTS).where(mine).values(**changes))
    return Response()


@router.post("/call_reports/{identity}/destroy")
async def destroy_order(identity: str, twin: TheTwin, user: System) -> Response:
    """Delete an ordered report."""
    return _destroy(twin, REPORTS, identity, str(user.tenant_id))


@router.get("/completed_call_reports")
async def list_completed(request: Request, twin: TheTwin, user: Records) -> Response:
    """List finished reports."""
    query = query_of(request)
    with twin.store.read() as connection:
        mine = COMPLETED_REPORTS.c.tenant_id == user.tenant_id
        count, items = COMPLETED.page(connection, query, mine)
    return Json({"count": count, "items": items})


@router.get("/completed_call_reports/{identity}")
async def show_completed(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show one finished report."""
    table = COMPLETED_REPORTS
    with twin.store.read() as connection:
        row = row_of(
            connection,
            select(*(table.c[name] for name in COMPLETED_KINDS)).where(
                table.c.id == identity, table.c.tenant_id == user.tenant_id
            ),
        )
    return Json(row._asdict())


@router.post("/completed_call_reports/{identity}/destroy")
async def destroy_completed(identity: str, twin: TheTwin, user: System) -> Response:
    """Delete a finished report and its file."""
    return _destroy(twin, COMPLETED_REPORTS, identity, str(user.tenant_id))


def _destroy(twin: Twin, table: Any, identity: str, tenant: str) -> Response:
    mine = (table.c.id == identity) & (table.c.tenant_id == tenant)
    with twin.store.write() as connection:
        row = connection.execute(select(table).where(mine)).one_or_none()
        if row is None:
            raise PbxError(400, "UNKNOWN", message="invalid report ID")
        connection.execute(delete(table).where(mine))
        if table is COMPLETED_REPORTS:
            digest = row.file_url.rpartition("/")[2]
            connection.execute(delete(BLOBS).where(BLOBS.c.digest == digest))
    return Response(status_code=204)


@router.get("/blobs/{digest}")
async def download(digest: str, twin: TheTwin) -> Response:
    """Return a file; its digest is secret, so no token is needed."""
    with twin.store.read() as connection:
        blob = row_of(connection, select(BLOBS).where(BLOBS.c.digest == digest))
    headers = {
        "Content-Disposition": f'attachment; filename="{blob.file_name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(blob.content, media_type="application/octet-stream", headers=headers)
