"""The clock of the twin: real, or moved by a test."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

__all__ = ["Clock", "ManualClock", "SystemClock"]


class Clock(Protocol):
    """A clock that tells the time and waits."""

    def now(self) -> float:
        """Return the present Unix time [s]."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for some seconds."""
        ...


class SystemClock:
    """The real clock."""

    def now(self) -> float:
        """Return the present Unix time [s]."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait for some seconds."""
        await asyncio.sleep(max(0.0, seconds))


class ManualClock:
    """A clock that stands still, except when somebody waits or moves it.

    Parameters
    ----------
    start : float, default 1764316800
        Unix time at the start [s].
    """

    def __init__(self, start: float = 1_764_316_800.0) -> None:
        self._now = start

    def now(self) -> float:
        """Return the present Unix time [s]."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock forwards."""
        self._now += seconds

    async def sleep(self, seconds: float) -> None:
        """Move the clock forwards at once."""
        self._now += max(0.0, seconds)
        await asyncio.sleep(0)
