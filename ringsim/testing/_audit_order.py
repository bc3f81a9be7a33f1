"""Rule S13: the order of what happens at one instant.

`Kind`
    The kinds of events, in their order.
`Event`
    When something happens, and its place among what happens then.
`Agenda`
    Everything that is known to happen, done in this order.

That a member becomes free is no event here: who is free is asked by comparing instants, and
comes out as if it had been the first event of its instant.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from heapq import heappop, heappush
from typing import NamedTuple

__all__ = ["Agenda", "Event", "Kind"]


class Kind(IntEnum):
    """Kinds of events in the order in which they happen."""

    ANSWER = 0
    GIVE_UP = 1
    TIME_OUT = 2
    REPEAT = 3
    OWN_CALL = 4
    ARRIVAL = 5


class Event(NamedTuple):
    """When something happens, and its place among what happens then."""

    at: float
    kind: Kind
    number: int
    """Of the call, or the own call."""
    position: int = 0
    """In the configured order, of who answers."""


class Agenda:
    """Events still to come; an event may add others, of the same instant too."""

    def __init__(self) -> None:
        self._events: list[tuple[Event, bool, int, Callable[[], None]]] = []
        self._added = 0

    def add(self, event: Event, do: Callable[[], None], *, first: bool = False) -> None:
        """Do something at an event; `first` before everything else at the very same event."""
        heappush(self._events, (event, not first, self._added, do))
        self._added += 1

    def run(self) -> None:
        """Do everything in order."""
        while self._events:
            heappop(self._events)[-1]()
