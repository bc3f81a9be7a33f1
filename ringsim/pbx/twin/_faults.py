"""Faults on demand, so that a client can be tested against them.

`Faults` keeps what was asked for; `FaultyApp` wraps the application and makes it happen.
Nothing under `/_twin/` is ever faulty.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringsim.errors import ConfigurationError, check_choice
from ringsim.pbx.twin._errors import PbxError

if TYPE_CHECKING:
    from ringsim.pbx.twin._state import Twin

__all__ = ["KINDS", "DroppedConnectionError", "Faults", "FaultyApp"]

KINDS = ("status", "delay", "drop", "expire", "extra_fields", "repeat_item", "blank")
CODES = {429: "TOOMANYREQUESTS", 503: "UNAVAILABLE"}


class DroppedConnectionError(Exception):
    """The connection ends in the middle of an answer, as a test asked for."""


@dataclass
class Fault:
    """One fault that a test asked for.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    n : int
        How often it happens.
    path, method : str
        Only requests to this path below `/api` and with this method; `""` is any.
    status : int
        Status of the answer, for `status`.
    retry_after : int or None
        Seconds of the header `Retry-After`, for `status`.
    seconds : float
        Length of a `delay`.
    after : bool
        Whether a `drop` happens after the work is done.
    skip : int
        Matching requests to let pass first.
    """

    kind: str
    n: int = 1
    path: str = ""
    method: str = ""
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0
    after: bool = True
    skip: int = 0


class Faults:
    """The faults that a test asked for, and how often each still happens."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin
        self._waiting: list[Fault] = []
        self.blanks_are_empty = False

    def add(self, kind: str, **options: Any) -> None:
        """Ask for a fault; `Fault` lists the kinds and options.

        Raises
        ------
        ConfigurationError
            If there is no such kind or option.
        """
        check_choice("kind", kind, KINDS)
        unknown = options.keys() - Fault.__dataclass_fields__.keys()
        if unknown:
            raise ConfigurationError(
                "options", f"must be of {', '.join(Fault.__dataclass_fields__)}", sorted(unknown)
            )
        if kind == "blank":
            self.blanks_are_empty = True
        else:
            self._waiting.append(Fault(kind, **options))

    def clear(self) -> None:
        """Forget every fault."""
        self._waiting.clear()
        self.blanks_are_empty = False

    def due(self, scope: Scope) -> list[Fault]:
        """Return the faults that happen to a request, and count them as done."""
        path = scope["path"].removeprefix("/api")
        due = []
        for fault in list(self._waiting):
            if fault.path not in ("", path) or fault.method not in ("", scope["method"]):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.n -= 1
            if fault.n <= 0:
                self._waiting.remove(fault)
            due.append(fault)
            if fault.kind in ("status", "drop"):
                break
        return due

    async def refuse(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the status that a test asked for."""
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        code = CODES.get(fault.status, "UNKNOWN")
        answer = PbxError(fault.status, code, headers=headers).response()
        await answer(scope, receive, send)

    async def before(self, due: list[Fault]) -> None:
        """Do what happens before the work: delays and ended tokens."""
        for fault in due:
            if fault.kind == "delay":
                await self._twin.clock.sleep(fault.seconds)
            elif fault.kind == "expire":
                self._twin.tokens.end_access()


class FaultyApp:
    """Middleware that makes the faults happen."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self.app = app
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the faults that are due."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            return await self.app(scope, receive, send)
        due = self.faults.due(scope)
        await self.faults.before(due)
        last = due[-1] if due else None
        if last is not None and last.kind == "status":
            return await self.faults.refuse(last, scope, receive, send)
        if last is not None and last.kind == "drop":
            return await self._drop(last, scope, receive, send)
        changes = [fault for fault in due if fault.kind in ("extra_fields", "repeat_item")]
        if changes:
            return await self._changed(changes, scope, receive, send)
        return await self.app(scope, receive, send)

    async def _drop(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Announce a long answer and break it off; with `after`, do the work first."""

        async def nowhere(message: Message) -> None:
            """Swallow the answer."""

        if fault.after:
            await self.app(scope, receive, nowhere)
        else:
            await Request(scope, receive).body()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise DroppedConnectionError

    async def _changed(
        self, faults: list[Fault], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the answer with its JSON changed."""
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await self.app(scope, receive, keep)
        for fault in faults:
            body = _changed_body(fault.kind, body)
        headers = [
            (name, str(len(body)).encode() if name == b"content-length" else value)
            for name, value in start["headers"]
        ]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _changed_body(kind: str, body: bytes) -> bytes:
    try:
        data = json.loads(body)
    except ValueError:
        return body
    if not isinstance(data, dict):
        return body
    items = data.get("items")
    if kind == "repeat_item" and isinstance(items, list) and len(items) > 1:
        items[-1] = items[0]  # one item twice, and another lost
    elif kind == "extra_fields":
        for record in [data, *(items if isinstance(items, list) else [])]:
            if isinstance(record, dict):
                record["added_in_a_later_version"] = {"nested": [1, None]}
    return json.dumps(data, ensure_ascii=False).encode()
