"""Call records of the signed-in user, and the changes that follow a token."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import ColumnElement, func, or_, select
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx._times import parsed_time, written_time
from ringsim.pbx.twin._access import Own, TheTwin
from ringsim.pbx.twin._errors import Json, PbxError, invalid, not_found
from ringsim.pbx.twin._routes_records import SESSIONS, legs_of, page, reach
from ringsim.pbx.twin._state import RecordToken, Twin
from ringsim.pbx.twin._tables import CDRS, LEGS
from ringsim.pbx.twin._tokens import Principal, new_token

__all__ = ["router"]

router = APIRouter()


def _own_leg(user: Principal) -> ColumnElement[bool]:
    number = user.extension_number or ""
    return or_(LEGS.c.callee == number, LEGS.c.caller == number)


def _own_sessions(user: Principal) -> ColumnElement[bool]:
    mine = select(LEGS.c.session_id).where(LEGS.c.tenant_id == user.tenant_id, _own_leg(user))
    return CDRS.c.id.in_(mine)


@router.get("/user/cdrs")
async def list_own(request: Request, twin: TheTwin, user: Own) -> Response:
    """List the call records of the signed-in user."""
    return page(twin, request, SESSIONS, user, _own_sessions(user))


@router.get("/user/cdrs/{identity}")
async def show_own(identity: str, twin: TheTwin, user: Own) -> Response:
    """Show the signed-in user's own leg of a call; `items` is one object here."""
    if identity == "sync_tokens":  # a path of its own, which has no GET
        raise PbxError(405, "UNSUPPORTED", headers={"Allow": "POST"})
    legs = legs_of(twin, identity, reach(twin, LEGS, user), _own_leg(user))
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
                reach(twin, CDRS, user),
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
    return [{name: leg[name] for name in names} for leg in legs_of(twin, session)]


def _next_token(twin: Twin, following: RecordToken) -> str:
    token = new_token()
    twin.record_tokens[token] = following
    if len(twin.record_tokens) > 10_000:
        del twin.record_tokens[next(iter(twin.record_tokens))]
    return token
