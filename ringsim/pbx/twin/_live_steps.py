"""Steps of calls that the twin plays live: state, events and records, in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from sqlalchemy import select

from ringsim.pbx.twin._calls import GROUP, MEMBER, OWN
from ringsim.pbx.twin._events import CDR_EVENTS, EXTENSION_EVENTS
from ringsim.pbx.twin._recorded_calls import Leg
from ringsim.pbx.twin._recording import RecordedCall, record_calls
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import USERS

__all__ = ["Steps"]

Step = Callable[[], None]


class Steps:
    """The steps of calls in progress, in the order of time."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin

    def of(self, calls: list[RecordedCall]) -> Iterator[tuple[float, Step]]:
        """Yield each step and its instant."""
        waiting = [
            (at, order, place, step)
            for place, each in enumerate(calls)
            for order, (at, step) in enumerate(self._of_call(each))
        ]
        heapq.heapify(waiting)
        while waiting:
            at, _, _, step = heapq.heappop(waiting)
            yield at, step

    def _of_call(self, each: RecordedCall) -> Iterator[tuple[float, Step]]:
        call = each.call
        yield call.started_at, lambda: self._start(each)
        for leg in call.legs:
            if leg.kind == GROUP:
                continue
            yield from self._of_leg(each, leg)
        yield call.ended_at, lambda: self._end(each)

    def _of_leg(self, each: RecordedCall, leg: Leg) -> Iterator[tuple[float, Step]]:
        who = each.call.caller if leg.kind == OWN else leg.callee
        yield leg.started_at, lambda: self._target(each, leg, "add", leg.started_at)
        yield leg.started_at, lambda: self._ring(each, leg, who)
        if leg.answered_at is not None:
            at = leg.answered_at
            yield at, lambda: self._answer(each, leg, who, at)
            yield leg.ended_at, lambda: self._leave(each, leg, who, "end")
        else:
            timed_out = leg.result == "ring_no_answer"
            event = "noanswer" if timed_out else "end"
            yield leg.ended_at, lambda: self._leave(each, leg, who, event)

    def _start(self, each: RecordedCall) -> None:
        self.twin.live[each.session_id] = each.live()
        self.twin.hub.send(each.tenant_id, CDR_EVENTS, each.start_message())

    def _target(self, each: RecordedCall, leg: Leg, event: str, at: float) -> None:
        self.twin.hub.send(each.tenant_id, CDR_EVENTS, each.target_message(event, leg, at))

    def _ring(self, each: RecordedCall, leg: Leg, who: str) -> None:
        self._target(each, leg, "ringing", leg.started_at)
        self.twin.live[each.session_id]["ringing"].add(who)
        self._extension(each, leg, who, leg.started_at)

    def _answer(self, each: RecordedCall, leg: Leg, who: str, at: float) -> None:
        self._target(each, leg, "answer", at)
        live = self.twin.live[each.session_id]
        live["ringing"].discard(who)
        live["talking"].add(who)
        live["answered_at"] = live["answered_at"] or self.twin.clock.now()
        self._extension(each, leg, who, at)

    def _leave(self, each: RecordedCall, leg: Leg, who: str, event: str) -> None:
        self._target(each, leg, event, leg.ended_at)
        live = self.twin.live[each.session_id]
        live["ringing"].discard(who)
        live["talking"].discard(who)
        self._extension(each, leg, who, leg.ended_at)

    def _extension(self, each: RecordedCall, leg: Leg, who: str, at: float) -> None:
        """Tell subscribers what an extension does now."""
        if leg.kind not in (MEMBER, OWN):
            return
        calls = self.twin.live.values()
        talks = any(who in call["talking"] for call in calls)
        rings = any(who in call["ringing"] for call in calls)
        message = {
            "event_type": "extension_call",
            "extension": f"sip:{who}@{each.domain}",
            "extension_id": self._identity(each.tenant_id, who),
            "tenant_id": each.tenant_id,
            "call_status": "ON_CALL" if talks else "RINGING" if rings else "",
            "time": str(int(at)),
        }
        self.twin.hub.send(each.tenant_id, EXTENSION_EVENTS, message, who)

    def _identity(self, tenant_id: str, number: str) -> str:
        with self.twin.store.read() as connection:
            found: str | None = connection.execute(
                select(USERS.c.id).where(
                    USERS.c.tenant_id == tenant_id, USERS.c.extension_number == number
                )
            ).scalar_one_or_none()
        return found or ""

    def _end(self, each: RecordedCall) -> None:
        self.twin.live.pop(each.session_id, None)
        with self.twin.store.write() as connection:
            record_calls(connection, [each])
        self.twin.hub.send(each.tenant_id, CDR_EVENTS, each.record_message())
