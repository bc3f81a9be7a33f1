"""Events: who gets which message over WebSocket, and webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ringsim.pbx._times import unix_text
from ringsim.pbx.twin._clock import Clock
from ringsim.pbx.twin._tokens import Principal
from ringsim.pbx.twin._webhooks import Webhook, deliver

__all__ = ["CDR_EVENTS", "EXTENSION_EVENTS", "Hub", "Subscriber"]

CDR_EVENTS, EXTENSION_EVENTS = "cdr_events", "extension_events"
MAX_WAITING = 1000  # messages that a slow subscriber may leave waiting

Message = Mapping[str, Any]


@dataclass(eq=False)
class Subscriber:
    """A signed-in WebSocket connection and what it asked for."""

    principal: Principal
    topics: set[str] = field(default_factory=set)
    extensions: set[str] = field(default_factory=set)
    waiting: asyncio.Queue[Message | None] = field(
        default_factory=lambda: asyncio.Queue(MAX_WAITING)
    )

    def put(self, message: Message) -> None:
        """Queue a message; a subscriber that is too slow is cut off."""
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            while not self.waiting.empty():
                self.waiting.get_nowait()
            self.waiting.put_nowait(None)

    def wants(self, tenant_id: str, topic: str, extension: str | None) -> bool:
        """Return whether the subscriber asked for a message and may see it."""
        return (
            self.principal.tenant_id == tenant_id
            and topic in self.topics
            and (topic != EXTENSION_EVENTS or extension in self.extensions)
        )


class Hub:
    """Sends every event to those who asked for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.subscribers: set[Subscriber] = set()
        self.webhooks: list[Webhook] = []
        self._deliveries: set[asyncio.Task[None]] = set()

    def send(
        self, tenant_id: str, topic: str, message: Message, extension: str | None = None
    ) -> None:
        """Send a message to subscribers and webhooks; it does not wait for them."""
        for subscriber in list(self.subscribers):
            if subscriber.wants(tenant_id, topic, extension):
                subscriber.put(message)
        for webhook in self.webhooks:
            if (webhook.tenant_id, webhook.topic) == (tenant_id, topic):
                task = asyncio.create_task(deliver(webhook, message, self._clock))
                self._deliveries.add(task)
                task.add_done_callback(self._deliveries.discard)

    async def delivered(self) -> None:
        """Wait until every webhook has been delivered or given up."""
        while self._deliveries:
            await asyncio.gather(*self._deliveries, return_exceptions=True)

    async def presence(self, user: Principal, presence: str, note: str | None) -> None:
        """Tell subscribers that a user changed the presence."""
        if user.tenant_id is None or user.extension_number is None:
            return
        message = {
            "event_type": "extension_presence",
            "extension": f"sip:{user.extension_number}@{user.domain}",
            "extension_id": user.user_id,
            "tenant_id": user.tenant_id,
            "presence": "ONLINE" if presence == "AVAILABLE" else presence,
            "presence_note": note or "",
            "time": unix_text(self._clock.now()),
        }
        self.send(user.tenant_id, EXTENSION_EVENTS, message, user.extension_number)

    def close(self) -> None:
        """Cut off every subscriber and stop every delivery."""
        for subscriber in self.subscribers:
            subscriber.put(_END)
        for task in self._deliveries:
            task.cancel()


_END: Message = {}
