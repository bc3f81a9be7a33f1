"""The WebSocket interface: sign-in, subscriptions and the stream of events."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket
from sqlalchemy import select
from starlette.websockets import WebSocketDisconnect

from ringsim.pbx._times import unix_text
from ringsim.pbx.twin._access import areas, twin_of
from ringsim.pbx.twin._events import CDR_EVENTS, EXTENSION_EVENTS, Subscriber
from ringsim.pbx.twin._routes_sign_in import check_password
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import TENANTS, USERS
from ringsim.pbx.twin._tokens import Principal

__all__ = ["router"]

router = APIRouter()

NEEDED = {
    EXTENSION_EVENTS: "system",
    "extension_management_events": "system",
    CDR_EVENTS: "records",
}
POLICY_VIOLATION, TOO_SLOW = 1008, 1013
SIGN_IN_SECONDS = 60


class _RefusedError(Exception):
    """A command that is answered with status -1."""


@router.websocket("/wsi")
async def interface(socket: WebSocket) -> None:
    """Serve one WebSocket connection."""
    twin = twin_of(socket)
    await socket.accept()
    session = _Session(twin, socket)
    with suppress(WebSocketDisconnect, TimeoutError):
        await session.run()
    session.close()


class _Session:
    """One WebSocket connection."""

    def __init__(self, twin: Twin, socket: WebSocket) -> None:
        self.twin = twin
        self.socket = socket
        self.subscriber: Subscriber | None = None
        self.answered = 0
        self.sender: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Answer commands until the other side goes away."""
        while True:
            wait = None if self.subscriber else SIGN_IN_SECONDS
            text = await asyncio.wait_for(self.socket.receive_text(), wait)
            command, given = "", None
            try:
                data = _command(text)
                command, given = str(data.get("command", "")), data.get("id")
                follow_up = await self._obey(command, data)
            except _RefusedError as wrong:
                await self._answer(command, given, error=str(wrong))
                if command == "auth":
                    await self.socket.close(POLICY_VIOLATION)
                    return
                continue
            await self._answer(command, given)
            if follow_up is not None:
                await self.socket.send_text(json.dumps(follow_up, ensure_ascii=False))

    def close(self) -> None:
        """Forget the connection."""
        if self.subscriber is not None:
            self.twin.hub.subscribers.discard(self.subscriber)
        if self.sender is not None:
            self.sender.cancel()

    async def _answer(self, command: str, given: Any, error: str | None = None) -> None:
        self.answered += 1
        identity = given if isinstance(given, str) else str(self.answered)
        answer: dict[str, Any] = {"command": command, "id": identity, "status": 0}
        if error is not None:
            answer = {"command": command, "error": error, "id": identity, "status": -1}
        await self.socket.send_text(json.dumps(answer, ensure_ascii=False))

    async def _obey(self, command: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """Do what a command says; return a message to send after the answer."""
        if command == "auth":
            await self._sign_in(data)
            return None
        if self.subscriber is None:
            raise _RefusedError("authentication required")
        if command == "subscribe":
            return self._subscribe(self.subscriber, data)
        if command == "unsubscribe":
            self._unsubscribe(self.subscriber, data)
            return None
        raise _RefusedError("unknown command")

    async def _sign_in(self, data: dict[str, Any]) -> None:
        password, domain = data.get("password"), data.get("domain")
        name = data.get("username")
        if "extension_number" in data:
            name = _name_of(self.twin, data.get("extension_number"), domain)
        if not (isinstance(name, str) and isinstance(password, str)):
            raise _RefusedError("authentication error")
        found = await check_password(
            self.twin, name, password, domain if isinstance(domain, str) else None
        )
        if found is None:
            raise _RefusedError("authentication error")
        self.close()
        self.subscriber = Subscriber(found[0])
        self.twin.hub.subscribers.add(self.subscriber)
        self.sender = asyncio.create_task(self._send_events(self.subscriber))

    async def _send_events(self, subscriber: Subscriber) -> None:
        while True:
            message = await subscriber.waiting.get()
            if not message:
                await self.socket.close(TOO_SLOW)
                return
            await self.socket.send_text(json.dumps(message, ensure_ascii=False))

    def _subscribe(self, subscriber: Subscriber, data: dict[str, Any]) -> dict[str, Any] | None:
        topics = _topics(data)
        for topic in topics:
            if topic not in NEEDED:
                raise _RefusedError(f"unknown topic {topic}")
            if NEEDED[topic] not in areas(subscriber.principal):
                raise _RefusedError("requested access to the resource is denied")
        if EXTENSION_EVENTS not in topics:
            subscriber.topics |= topics
            return None
        numbers = _extensions(data)
        people = _people(self.twin, subscriber.principal, numbers)
        if len(people) < len(numbers):
            raise _RefusedError("unknown extension")
        subscriber.topics |= topics
        subscriber.extensions |= numbers
        return _status_message(self.twin, subscriber.principal, people)

    def _unsubscribe(self, subscriber: Subscriber, data: dict[str, Any]) -> None:
        topics = _topics(data)
        if EXTENSION_EVENTS in topics and "extensions" in data:
            subscriber.extensions -= _extensions(data)
            topics -= set() if not subscriber.extensions else {EXTENSION_EVENTS}
        elif EXTENSION_EVENTS in topics:
            subscriber.extensions.clear()
        subscriber.topics -= topics


def _command(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (RecursionError, ValueError):
        raise _RefusedError("the message must be JSON") from None
    if not isinstance(data, dict):
        raise _RefusedError("the message must be a JSON object")
    return data


def _topics(data: dict[str, Any]) -> set[str]:
    return _strings(data, "topics")


def _extensions(data: dict[str, Any]) -> set[str]:
    return _strings(data, "extensions")


def _strings(data: dict[str, Any], name: str) -> set[str]:
    given = data.get(name)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise _RefusedError(f"{name} must be a list of texts")
    if not given:
        raise _RefusedError(f"{name} must not be empty")
    return set(given)


def _name_of(twin: Twin, number: object, domain: object) -> str | None:
    with twin.store.read() as connection:
        name: str | None = connection.execute(
            select(USERS.c.name)
            .join(TENANTS, TENANTS.c.id == USERS.c.tenant_id)
            .where(USERS.c.extension_number == str(number), TENANTS.c.domain == str(domain))
        ).scalar_one_or_none()
    return name


def _people(twin: Twin, user: Principal, numbers: set[str]) -> list[Any]:
    with twin.store.read() as connection:
        return list(
            connection.execute(
                select(USERS)
                .where(USERS.c.tenant_id == user.tenant_id, USERS.c.extension_number.in_(numbers))
                .order_by(USERS.c.extension_number)
            )
        )


def _status_message(twin: Twin, user: Principal, people: list[Any]) -> dict[str, Any]:
    talking = {number for call in twin.live.values() for number in call["talking"]}
    ringing = {number for call in twin.live.values() for number in call["ringing"]}
    now = unix_text(twin.clock.now())
    return {
        "event_type": "extension_status",
        "tenant_id": user.tenant_id,
        "status": [
            {
                "extension": f"sip:{person.extension_number}@{user.domain}",
                "extension_id": person.id,
                "call_status": "ON_CALL"
                if person.extension_number in talking
                else "RINGING"
                if person.extension_number in ringing
                else "",
                "online": True,
                "push_online": False,
                "presence": "ONLINE" if person.presence in (None, "AVAILABLE") else person.presence,
                "presence_note": person.presence_note or "",
                "time": now,
            }
            for person in people
        ],
    }
