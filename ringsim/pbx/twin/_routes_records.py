"""Call records: sessions, their legs, calls in progress, recordings and own records."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import ColumnElement, func, or_, select
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx._times import parsed_time, written_time
from ringsim.pbx.twin._access import Own, Records, TheTwin
from ringsim.pbx.twin._collections import Collection, query_of
from ringsim.pbx.twin._errors import Json, PbxError, invalid, not_found
from ringsim.pbx.twin._filters import NUMBER, TEXT, TIME
from ringsim.pbx.twin._state import RecordToken, Twin
from ringsim.pbx.twin._tables import CDRS, LEGS, RECORDINGS
from ringsim.pbx.twin._tokens import Principal, new_token

__all__ = ["router"]

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


def _shown(twin: Twin, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with its blank times as the twin writes them."""
    blank = twin.blank_time
    for name in TIMES:
        if name in record and record[name] is None:
            record[name] = blank
    return record


def _reach(twin: Twin, table: Any, user: Principal) -> ColumnElement[bool]:
    """Return the SQL condition for records of the tenant that are recent enough to query."""
    mine: ColumnElement[bool] = table.c.tenant_id == user.tenant_id
    if not twin.version.since("22.5"):
        return mine
    reached: ColumnElement[bool] = table.c.started_at >= written_time(
        twin.clock.now() - REACH_SECONDS
    )
    return mine & reached


def _page(
    twin: Twin, request: Request, paged: Collection, user: Principal, *more: ColumnElement[bool]
) -> Json:
    query = query_of(request)
    with twin.store.read() as connection:
        count, items = paged.page(connection, query, _reach(twin, paged.table, user), *more)
    return Json({"count": count, "items": [_shown(twin, item) for item in items]})


def _legs(twin: Twin, session: str, *conditions: ColumnElement[bool]) -> list[dict[str, Any]]:
    with twin.store.read() as connection:
        rows = connection.execute(
            select(*(LEGS.c[name] for name in LEG_FIELDS))
            .where(LEGS.c.session_id == session, *conditions)
            .order_by(LEGS.c.position)
        )
        return [_shown(twin, row._asdict()) for row in rows]


@router.api_route("/cdrs", methods=["GET", "POST"])
async def list_cdrs(request: Request, twin: TheTwin, user: Records) -> Response:
    """List call records, one per call."""
    return _page(twin, request, SESSIONS, user)


@router.get("/cdrs/{identity}")
async def show_cdr(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show the legs of one call."""
    items = _legs(twin, identity, _reach(twin, LEGS, user))
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
    return _page(twin, request, CALL_LOGS, user)


@router.get("/calllogs/{identity}")
async def show_call_log(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show one leg."""
    _check_since(twin, "22.0.42")
    fields = (*CALL_LOG_KINDS, "cost", "billed_account")
    with twin.store.read() as connection:
        row = connection.execute(
            select(*(LEGS.c[name] for name in fields)).where(
                LEGS.c.id == identity, _reach(twin, LEGS, user)
            )
        ).one_or_none()
    if row is None:
        raise not_found()
    return Json(_shown(twin, row._asdict()))


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
    return _page(twin, request, RECORDED, user)


@router.api_route("/recordings/{identity}", methods=["GET", "POST"])
async def show_recording(identity: str, twin: TheTwin, user: Records) -> Response:
    """Show the files of a recording."""
    with twin.store.read() as connection:
        files = connection.execute(
            select(RECORDINGS.c.files).where(
                RECORDINGS.c.id == identity, _reach(twin, RECORDINGS, user)
            )
        ).one_or_none()
    if files is None:
        raise not_found()
    return Json({"items": files[0] or []})


def _own_leg(user: Principal) -> ColumnElement[bool]:
    number = user.extension_number or ""
    return or_(LEGS.c.callee == number, LEGS.c.caller == number)


def _own_sessions(user: Principal) -> ColumnElement[bool]:
    mine = select(LEGS.c.session_id).where(LEGS.c.tenant_id == user.tenant_id, _own_leg(user))
    return CDRS.c.id.in_(mine)


@router.get("/user/cdrs")
async def list_own(request: Request, twin: TheTwin, user: Own) -> Response:
    """List the call records of the signed-in user."""
    return _page(twin, request, SESSIONS, user, _own_sessions(user))


@router.get("/user/cdrs/{identity}")
async def show_own(identity: str, twin: TheTwin, user: Own) -> Response:
    """Show the signed-in user's own leg of a call; `items` is one object here."""
    if identity == "sync_tokens":  # a path of its own, which has no GET
        raise PbxError(405, "UNSUPPORTED", headers={"Allow": "POST"})
    legs = _legs(twin, identity, _reach(twin, LEGS, user), _own_leg(user))
    if not legs:
        raise not_found()
    own = {name: value for name, value in legs[0].items() if name != "duration"}
    return Json({"items": own})


@router.post("/user/cdrs/sync_tokens")
async def start_following(request: Request, twin: TheTwin, user: Own) -> Response:
    """Start to follow the own records from a date on."""
    since = request.query_params.get("date_from")
    if since is not None:
        try:
            since = written_time(parsed_time(since.replace(" ", "+")))
        except (OverflowError, ValueError):
            raise invalid(("date_from", "must be an RFC 3339 time")) from None
    token = _next_token(twin, RecordToken(user.user_id, 0, since or ""))
    return Json({"token": token}, status_code=201)


@router.post("/user/cdrs/sync_tokens/{token}/diff")
async def follow(token: str, twin: TheTwin, user: Own) -> Response:
    """Return the own records that appeared since a token was given; it works once."""
    known = twin.record_tokens.get(token)
    if known is None or known.user_id != user.user_id:
        raise PbxError(403, "UNKNOWN", message="unknown sync token")
    with twin.store.read() as connection:
        appeared = connection.execute(
            select(CDRS.c.id)
            .where(
                CDRS.c.sequence > known.sequence,
                CDRS.c.started_at >= known.since,
                _reach(twin, CDRS, user),
                _own_sessions(user),
            )
            .order_by(CDRS.c.sequence)
        ).scalars()
        identities = list(appeared)
        latest = connection.execute(select(func.max(CDRS.c.sequence))).scalar_one() or 0
    del twin.record_tokens[token]
    following = _next_token(twin, RecordToken(user.user_id, latest, known.since))
    items = [
        {"id": each, "change_type": "CREATED", "items": _change_legs(twin, each)}
        for each in identities
    ]
    return Json({"token": following, "items": items})


def _change_legs(twin: Twin, session: str) -> list[dict[str, Any]]:
    names = ["caller", "callee", "started_at", "answered_at", "ended_at"]
    names += ["outbound_caller_id", "did_cid", "trunk"]
    names += ["status_code"] if twin.version.since("22.2") else []
    return [{name: leg[name] for name in names} for leg in _legs(twin, session)]


def _next_token(twin: Twin, following: RecordToken) -> str:
    token = new_token()
    twin.record_tokens[token] = following
    if len(twin.record_tokens) > 10_000:
        del twin.record_tokens[next(iter(twin.record_tokens))]
    return token
