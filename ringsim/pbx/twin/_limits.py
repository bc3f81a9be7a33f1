"""The rate limit: requests of one address in a minute."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from ringsim.pbx.twin._errors import PbxError

if TYPE_CHECKING:
    from ringsim.pbx.twin._state import Twin

__all__ = ["RateLimit"]

WINDOW = 60.0  # s
MAX_ADDRESSES = 10_000


class RateLimit:
    """Middleware that refuses more than the allowed requests of one address in a minute."""

    def __init__(self, app: ASGIApp, twin: Twin) -> None:
        self.app = app
        self.twin = twin
        self._seen: dict[str, deque[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        limit = self.twin.rate_limit
        if limit is None or scope["type"] != "http" or not scope["path"].startswith("/api/"):
            return await self.app(scope, receive, send)
        wait = self._wait(str((scope.get("client") or ("",))[0]), limit)
        if wait <= 0:
            return await self.app(scope, receive, send)
        headers = {"Retry-After": str(max(1, math.ceil(wait)))}
        answer = PbxError(429, "TOOMANYREQUESTS", headers=headers).response()
        return await answer(scope, receive, send)

    def _wait(self, address: str, limit: int) -> float:
        """Return how long an address must wait; count the request if it need not."""
        now = self.twin.clock.now()
        if len(self._seen) > MAX_ADDRESSES:
            self._seen.clear()
        times = self._seen.setdefault(address, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= limit:
            return times[0] + WINDOW - now
        times.append(now)
        return 0.0
