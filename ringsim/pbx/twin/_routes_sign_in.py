"""Sign-in: OAuth, `/auth`, `/login`, and the choice of a tenant."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ringsim.pbx._times import written_time
from ringsim.pbx.twin._access import SignedIn, TheTwin, access_token, areas
from ringsim.pbx.twin._bodies import Credentials, Refresh, SecondFactor
from ringsim.pbx.twin._errors import Json, PbxError, invalid, not_found, unauthorized
from ringsim.pbx.twin._read_body import json_object, raw_body, validated
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import TENANTS, USERS
from ringsim.pbx.twin._tokens import ACCESS_SECONDS, Principal, password_fits

__all__ = ["OAUTH_CLIENT_ID", "router"]

OAUTH_CLIENT_ID = "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a"  # a constant of the product
COOKIE = "pbx_session"


async def check_password(
    twin: Twin, username: str, password: str, domain: str | None
) -> tuple[Principal, bool] | None:
    """Return the user, and whether a second factor is wanted; None for wrong credentials."""
    columns = (USERS.c.id, USERS.c.role, USERS.c.extension_number, USERS.c.two_factor)
    wanted = select(*columns, USERS.c.tenant_id, USERS.c.password_hash)
    wanted = wanted.where(USERS.c.name == username, USERS.c.enabled)
    if domain:
        tenant = select(TENANTS.c.id).where(TENANTS.c.domain == domain).scalar_subquery()
        wanted = wanted.where(USERS.c.tenant_id == tenant)
    else:
        wanted = wanted.where(USERS.c.tenant_id.is_(None))
    with twin.store.read() as connection:
        user = connection.execute(wanted).one_or_none()
    kept = None if user is None else user.password_hash
    if not await run_in_threadpool(password_fits, password, kept) or user is None:
        return None
    principal = Principal(
        user.id, username, user.role, user.tenant_id, domain or None, user.extension_number
    )
    return principal, user.two_factor


def wrong_password() -> PbxError:
    """Return the documented answer to wrong credentials."""
    return PbxError(400, "UNAUTHORIZED", message="Login failed, authentication error")


def _token_pair(pair: Any) -> Json:
    return Json(
        {
            "access_token": pair.access,
            "expires_in": ACCESS_SECONDS,
            "refresh_token": pair.refresh,
            "token_type": "Bearer",
        },
        headers={"Cache-Control": "no-store"},
    )


router = APIRouter()


@router.post("/login/oauth/token")
async def oauth_token(request: Request, twin: TheTwin) -> Response:
    """Give a pair of tokens for a password or a refresh token."""
    form = _form(request.headers.get("content-type", ""), await raw_body(request))
    if form.get("client_id") != OAUTH_CLIENT_ID or form.get("scope", "all") != "all":
        raise PbxError(400, "UNKNOWN")
    if form.get("grant_type") == "refresh_token":
        pair = twin.tokens.refreshed(form.get("refresh_token", ""))
        if pair is None:
            raise PbxError(400, "UNKNOWN")
        return _token_pair(pair)
    if form.get("grant_type") != "password":
        raise PbxError(400, "UNKNOWN")
    username, password = form.get("username", ""), form.get("password", "")
    found = await check_password(twin, username, password, form.get("domain"))
    if found is None:
        raise wrong_password()
    return _token_pair(twin.tokens.issue(found[0]))


def _form(kind: str, raw: bytes) -> dict[str, str]:
    """Return the fields of a form, or nothing if the body is none."""
    if kind.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return {}
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        return {}
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {}


@router.post("/login/oauth/revoke")
@router.post("/auth/sign_out")
async def sign_out(request: Request, twin: TheTwin, _: SignedIn) -> Response:
    """End the pair of tokens."""
    twin.tokens.end(access_token(request))
    return Response()


@router.post("/auth/sign_in")
async def sign_in(request: Request, twin: TheTwin) -> Response:
    """Give a pair of tokens, or ask for the second factor."""
    body = validated(Credentials, await json_object(request))
    found = await check_password(twin, body.username, body.password, body.domain)
    if found is None:
        raise wrong_password()
    principal, two_factor = found
    if two_factor:
        return Json({"two_factor_enabled": True, "token": twin.tokens.challenge(principal)})
    return _token_pair(twin.tokens.issue(principal))


@router.post("/auth/send_otp")
async def send_code(request: Request, twin: TheTwin) -> Response:
    """Make a one-time code; the twin sends no mail, `last_code` keeps the code."""
    body = validated(SecondFactor, await json_object(request))
    code = twin.tokens.send_code(body.token)
    if code is None:
        raise wrong_password()
    request.app.state.last_code = code
    return Response()


@router.post("/auth/verify_otp")
async def verify_code(request: Request, twin: TheTwin) -> Response:
    """Give a pair of tokens for a right one-time code."""
    data = await json_object(request)
    body = validated(SecondFactor, data)
    if "code" not in data:
        raise invalid(("code", "field required"))
    pair = twin.tokens.verified(body.token, body.code)
    if pair is None:
        raise wrong_password()
    return _token_pair(pair)


@router.post("/auth/refresh_token")
async def refresh(request: Request, twin: TheTwin) -> Response:
    """Give a new pair of tokens; the old pair ends."""
    body = validated(Refresh, await json_object(request))
    pair = twin.tokens.refreshed(body.refresh_token)
    if pair is None:
        raise PbxError(400, "UNKNOWN")
    return _token_pair(pair)


@router.get("/auth/user")
async def auth_user(twin: TheTwin, principal: SignedIn) -> Response:
    """Say who is signed in."""
    user: dict[str, Any] = {
        "role": principal.role,
        "password_verified": True,
        "password_force_reset": False,
    }
    if twin.version.since("22.3"):
        user |= {
            "domain": principal.domain,
            "role_id": principal.role,
            "role_name": principal.role,
            "capabilities": sorted(areas(principal)),
        }
    return Json(user)


@router.post("/login")
async def login(request: Request, twin: TheTwin) -> Response:
    """Start a session that a cookie carries."""
    body = validated(Credentials, await json_object(request))
    found = await check_password(twin, body.username, body.password, body.domain)
    if found is None:
        raise wrong_password()
    answer = Response()
    pair = twin.tokens.issue(found[0])
    answer.set_cookie(COOKIE, pair.access, httponly=True, samesite="strict", path="/api")
    return answer


@router.get("/login")
async def login_status(request: Request, twin: TheTwin) -> Response:
    """Show the token of the session."""
    pair = twin.tokens.pair(access_token(request) or request.cookies.get(COOKIE, ""))
    if pair is None:
        raise unauthorized()
    return Json(
        {
            "access_token": pair.access,
            "expires_at": written_time(pair.access_until),
            "expires_in": max(0, int(pair.access_until - twin.clock.now())),
            "role": pair.principal.role,
        },
        headers={"Cache-Control": "no-store"},
    )


@router.post("/logout")
async def logout(request: Request, twin: TheTwin) -> Response:
    """End the session."""
    access = access_token(request) or request.cookies.get(COOKIE, "")
    if twin.tokens.pair(access) is None:
        raise unauthorized()
    twin.tokens.end(access)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/api")
    return answer


@router.post("/tenants/switch")
async def switch_tenant(request: Request, twin: TheTwin, principal: SignedIn) -> Response:
    """Let a system administrator act in a tenant."""
    if principal.role != "SystemAdmin":
        raise PbxError(403, "DENIED")
    wanted = request.query_params.get("id", "")
    with twin.store.read() as connection:
        domain = connection.execute(
            select(TENANTS.c.domain).where(TENANTS.c.id == wanted)
        ).scalar_one_or_none()
    if domain is None:
        raise not_found()
    twin.tokens.switch(access_token(request), wanted, domain)
    return Response()
