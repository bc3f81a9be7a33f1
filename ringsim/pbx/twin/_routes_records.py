"""Call records: sessions, their legs, calls in progress and recordings."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import ColumnElement, select
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx._times import written_time
from ringsim.pbx.twin._access import Records, TheTwin
from ringsim.pbx.twin._collections import Collection, query_of, row_of
from ringsim.pbx.twin._errors import Json, not_found
from ringsim.pbx.twin._filters import NUMBER, TEXT, TIME
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import CDRS, LEGS, RECORDINGS
from ringsim.pbx.twin._tokens import Principal

__all__ = ["SESSIONS", "legs_of", "page", "reach", "router"]

router = APIRouter()

TIMES = ("started_at", "rang_at", "answered_at", "ended_at")
NUMBERS = ("status_code", "duration")
REACH_SECONDS = 5 * 365.25 * 86_400  # since 22.5 no query reaches back further


def _kinds(table: Any, left_out: tuple[str, ...]) -> dict[str, str]:
    names = [column.name for column in table.columns if column.name not in left_out]
    return {name: TIME if name in TIMES else NUMBER if name in NUMBERS else TEXT for name in names}


HIDDEN = ("tenant_id", "sequence", "position", "folded")
CDR_KINDS = _kinds(CDRS, HIDDEN)
CALL_LOG_KINDS = _kinds(LEGS, (*HIDDEN, "cost", "billed_account"))
CALL_FIELDS = tuple(name for name in CDR_KINDS if name != "id")
LEG_FIELDS = (*CALL_FIELDS, "cost", "billed_account")

SESSIONS = Collection(CDRS, tuple(CDR_KINDS), CDR_KINDS, (CDRS.c.started_at.desc(),))
CALL_LOGS = Collection(LEGS, tuple(CALL_LOG_KINDS), CALL_LOG_KINDS, (LEGS.c.started_at.desc(),))
RECORDING_KINDS = {"id": TEXT, "caller": TEXT, "callee": TEXT, "started_at": TIME, "ended_at": TIME}
RECORDED = Collection(
    RECORDINGS,
    tuple(RECORDING_KINDS),
    RECORDING_KINDS,
    (RECORDINGS.c.started_at.desc(),),
)


def shown(twin: Twin, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with its blank times as the twin writes them."""
    blank = twin.blank_time
    for name in TIMES:
        if name in record and record[name] is None:
            record[name] = blank
    return record


def reach(twin: Twin, table: Any, user: Principal) -> ColumnElement[bool]:
    """Return the SQL condition for records of the tenant that are recent enough to query."""
    mine: ColumnElement[bool] = table.c.tenant_id == user.tenant_id
    if not twin.version.since("22.5"):
        return mine
    reached: ColumnElement[bool] = table.c.started_at >= written_time(
        twin.clock.now() - REACH_SECONDS
    )
    return mine & reached


def page(
    twin: Twin, request: Request, paged: Collection, user: Principal, *more: ColumnElement[bool]
) -> Json:
    """Return the page of a collection that a request asks for."""
    query = query_of(request)
    with twin.store.read() as connection:
        count, items = paged.page(connection, query, reach(twin, paged.table, user), *more)
    return Json({"count": count, "items": [shown(twin, item) for item in items]})


def legs_of(twin: Twin, session: str, *conditions: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Return the legs of a call that meet some conditions, in order."""
    with twin.store.read() as connection:
        rows = connection.execute(
            select(*(LEGS.c[name] for name in LEG_FIELDS))
            .where(LEGS.c.session_id == session, *conditions)
            .order_by(LEGS.c.position)
        )
        return [shown(twin, row._asdict()) for row in rows]


@router.api_route("/cdrs", methods=["GET", "POST"])
async def list_cdrs(request: Request, twin: TheTwin, user: Records) -> Response:
    """List call records, one per call."""
    return page(twin, request, SESSIONS, user)


@router.get("/cdrs/{identity}")
async def show_cdr(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show the legs of one call."""
    items = legs_of(twin, identity, reach(twin, LEGS, user))
    if not items:
        raise not_found()
    return Json({"items": items})


@router.api_route("/dataflow/analytics/calls/history", methods=["GET", "POST"])
async def list_history(request: Request, twin: TheTwin, user: Records) -> Response:
    """List call records from the Data Flow service, which has them since 22.3.

    The PBX's documents name its paths only. The twin answers as `/cdrs` does.
    """
    _check_since(twin, "22.3")
    return await list_cdrs(request, twin, user)


@router.api_route("/dataflow/analytics/calls/history/{identity}", methods=["GET", "POST"])
async def show_history(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show the legs of one call from the Data Flow service."""
    _check_since(twin, "22.3")
    return await show_cdr(identity, twin, user)


@router.get("/calllogs")
async def list_call_logs(request: Request, twin: TheTwin, user: Records) -> Response:
    """List the legs of all calls."""
    _check_since(twin, "22.0.42")
    return page(twin, request, CALL_LOGS, user)


@router.get("/calllogs/{identity}")
async def show_call_log(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show one leg."""
    _check_since(twin, "22.0.42")
    fields = (*CALL_LOG_KINDS, "cost", "billed_account")
    with twin.store.read() as connection:
        row = row_of(
            connection,
            select(*(LEGS.c[name] for name in fields)).where(
                LEGS.c.id == identity, reach(twin, LEGS, user)
            ),
        )
    return Json(shown(twin, row._asdict()))


def _check_since(twin: Twin, first: str) -> None:
    """Raise the error for an unknown path if the version is older than `first`."""
    if not twin.version.since(first):
        raise not_found()


@router.get("/sessions")
async def list_live(twin: TheTwin, user: Records) -> Response:
    """List the calls in progress; the reference documents status 201."""
    items = [
        _live_session(twin, identity, call)
        for identity, call in twin.live.items()
        if call["tenant_id"] == user.tenant_id
    ]
    return Json({"count": len(items), "items": items}, status_code=201)


@router.get("/sessions/directly")
async def show_directly() -> Response:
    """Refuse: the PBX's documents open this path to everybody, and name no field of its answer."""
    raise not_found()


@router.get("/sessions/{identity}")
async def show_live(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show one call in progress."""
    call = twin.live.get(identity)
    if call is None or call["tenant_id"] != user.tenant_id:
        raise not_found()
    return Json(_live_session(twin, identity, call))


def _live_session(twin: Twin, identity: str, call: dict[str, Any]) -> dict[str, Any]:
    answered_at = call["answered_at"]
    talking = 0 if answered_at is None else max(0, int(twin.clock.now() - answered_at))
    names = ("caller", "caller_display_name", "callee", "trunk", "started_at")
    shown = {**{name: call[name] for name in names}, "talking_time": talking}
    return {"id": identity, "calls": [shown]}


@router.api_route("/recordings", methods=["GET", "POST"])
async def list_recordings(request: Request, twin: TheTwin, user: Records) -> Response:
    """List recordings; the twin makes none."""
    return page(twin, request, RECORDED, user)


@router.api_route("/recordings/{identity}", methods=["GET", "POST"])
async def show_recording(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show the files of a recording."""
    with twin.store.read() as connection:
        files = row_of(
            connection,
            select(RECORDINGS.c.files).where(
                RECORDINGS.c.id == identity, reach(twin, RECORDINGS, user)
            ),
        )
    return Json({"items": files[0] or []})
