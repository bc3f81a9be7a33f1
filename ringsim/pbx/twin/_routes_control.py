"""The twin's own controls, which no PBX has: play, faults and webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ringsim.errors import ConfigurationError
from ringsim.pbx.twin._access import System, TheTwin
from ringsim.pbx.twin._errors import Json, invalid
from ringsim.pbx.twin._events import CDR_EVENTS, EXTENSION_EVENTS
from ringsim.pbx.twin._play import play_days, play_live, read_order, record_days
from ringsim.pbx.twin._read_body import json_object
from ringsim.pbx.twin._webhooks import Webhook

__all__ = ["router"]

router = APIRouter()
Made = TypeVar("Made")


def _checked(make: Callable[[], Made]) -> Made:
    """Return what a function makes; turn an error of ringsim into one of the PBX."""
    try:
        return make()
    except ConfigurationError as wrong:
        raise invalid((wrong.subject, str(wrong))) from None
    except TypeError:
        raise invalid((None, "a field is unknown or missing")) from None


@router.post("/play")
async def play_order(request: Request, twin: TheTwin, user: System) -> Response:
    """Play days of calls; with `speed`, answer at once and let time pass."""
    data = await json_object(request)
    order = _checked(lambda: read_order(data, twin.clock.now(), twin.played))
    tenant = str(user.tenant_id)
    if order.speed is None:
        count = await run_in_threadpool(_checked, lambda: record_days(twin, tenant, order))
        return Json({"calls": count}, status_code=201)
    calls = await run_in_threadpool(_checked, lambda: play_days(twin, tenant, order))
    task = asyncio.create_task(play_live(twin, calls, order.speed))
    plays: set[Any] = request.app.state.plays
    plays.add(task)
    task.add_done_callback(plays.discard)
    return Json({"calls": len(calls)}, status_code=202)


@router.get("/play")
async def plays(request: Request, _: System) -> Response:
    """Say how many plays are running."""
    return Json({"running": len(request.app.state.plays)})


@router.post("/faults")
async def ask_for_fault(request: Request, twin: TheTwin, _: System) -> Response:
    """Ask for a fault."""
    data = await json_object(request)
    _checked(lambda: twin.faults.add(**data))
    return Response(status_code=204)


@router.post("/faults/clear")
async def clear_faults(twin: TheTwin, _: System) -> Response:
    """Forget every fault."""
    twin.faults.clear()
    return Response(status_code=204)


@router.post("/webhooks")
async def add_webhook(request: Request, twin: TheTwin, user: System) -> Response:
    """Send events of a topic to an address, in place of the portal's Event URL."""
    data = await json_object(request)
    if data.get("topic") not in (CDR_EVENTS, EXTENSION_EVENTS):
        raise invalid(("topic", f"must be {CDR_EVENTS} or {EXTENSION_EVENTS}"))
    webhook = _checked(lambda: Webhook(tenant_id=str(user.tenant_id), **data))
    twin.hub.webhooks = [
        each
        for each in twin.hub.webhooks
        if (each.tenant_id, each.topic) != (webhook.tenant_id, webhook.topic)
    ]
    twin.hub.webhooks.append(webhook)
    return Response(status_code=204)
