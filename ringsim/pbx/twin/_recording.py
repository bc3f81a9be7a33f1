"""Writing of calls into the tables of call records, and the messages about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from ringsim.pbx._times import Snowflakes, unix_text, written_time
from ringsim.pbx.twin._calls import GROUP, INBOUND, MEMBER, OWN
from ringsim.pbx.twin._recorded_calls import Call, Leg
from ringsim.pbx.twin._tables import CDRS, LEGS

__all__ = ["RecordedCall", "record_calls", "recorded"]

TRUNK = "Trunk"
DIRECTIONS = {INBOUND: "in", "OUTBOUND_CALL": "out"}
MAX_ROWS = 500  # of one statement


@dataclass(frozen=True)
class RecordedCall:
    """A call with its ids and the tenant that it belongs to."""

    call: Call
    ids: tuple[str, ...]  # of the session, and of each leg
    tenant_id: str
    domain: str

    @property
    def session_id(self) -> str:
        """The id of the session, which is that of its row in `/cdrs`."""
        return self.ids[0]

    def session_row(self) -> dict[str, Any]:
        """Return the row of `/cdrs`."""
        call = self.call
        return {
            **self._shared(call),
            "id": self.session_id,
            "callee": call.callee,
            "callee_display_name": call.callee_display_name,
            "reroute_reason": "",
            "status_code": call.status_code,
            "destination": self._sip(call.callee),
            "service_number": call.service_number,
        }

    def leg_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of `/calllogs`, which are also the items of `/cdrs/{id}`."""
        for position, (leg, identity) in enumerate(zip(self.call.legs, self.ids[1:], strict=True)):
            yield {
                **self._shared(leg),
                "id": identity,
                "session_id": self.session_id,
                "callee": leg.callee,
                "callee_display_name": leg.callee_display_name,
                "reroute_reason": leg.reroute_reason,
                "status_code": 0,
                "destination": self._sip(leg.callee),
                "service_number": leg.service_number,
                "position": position,
                "cost": None,
                "billed_account": None,
            }

    def _shared(self, part: Call | Leg) -> dict[str, Any]:
        call = self.call
        times = {
            name: None if (at := getattr(part, name)) is None else written_time(at)
            for name in ("started_at", "rang_at", "answered_at", "ended_at")
        }
        return {
            "tenant_id": self.tenant_id,
            "caller": call.caller,
            "caller_domain": self.domain,
            "caller_display_name": call.caller_display_name,
            "callee_domain": self.domain,
            **times,
            "call_id": f"{self.session_id}@{self.domain}",
            "direction": call.direction,
            "end_reason": part.end_reason,
            "outbound_caller_id": call.outbound_caller_id,
            "did_cid": call.did,
            "trunk": TRUNK,
            "duration": part.duration,
            "user_data": None,
        }

    def _sip(self, number: str) -> str:
        return f"sip:{number}@{self.domain}"

    def live(self) -> dict[str, Any]:
        """Return the call in progress, as `/sessions` needs it."""
        call = self.call
        return {
            "tenant_id": self.tenant_id,
            "caller": call.caller,
            "caller_display_name": call.caller_display_name,
            "callee": call.callee,
            "trunk": TRUNK,
            "started_at": written_time(call.started_at),
            "answered_at": None,
            "talking": set(),
            "ringing": set(),
        }

    def start_message(self) -> dict[str, Any]:
        """Return the event `call_start`."""
        call = self.call
        return {
            **self._head("call_start", call.started_at),
            "caller_display_name": call.caller_display_name or "",
            "callee": call.callee,
            "callee_display_name": call.callee_display_name,
            "call_id": f"{self.session_id}@{self.domain}",
            "user_data": "",
        }

    def target_message(self, event: str, leg: Leg, at: float) -> dict[str, Any]:
        """Return one of the events `cdr_target_*`; the reference spells `destiantion` so."""
        return {**self._head(f"cdr_target_{event}", at), "destiantion": self._sip(leg.callee)}

    def _head(self, event: str, at: float) -> dict[str, Any]:
        call = self.call
        return {
            "event_type": event,
            "time": unix_text(at),
            "session_id": self.session_id,
            "cdr_id": str(int(self.session_id) + 1),
            "tenant_id": self.tenant_id,
            "direction": DIRECTIONS[call.direction],
            "caller": call.caller,
            "did": call.did or "",
            "outbound_caller_id": call.outbound_caller_id or "",
        }

    def record_message(self) -> dict[str, Any]:
        """Return the event `call_cdr`, with a row for each target."""
        call = self.call
        return {
            "event_type": "call_cdr",
            "session_id": self.session_id,
            "call_id": f"{self.session_id}@{self.domain}",
            "call_status": "noanswer" if call.answered_at is None else "answered",
            "caller": call.caller,
            "caller_display_name": call.caller_display_name or "",
            "caller_domain": self.domain,
            "callee": call.callee,
            "callee_domain": self.domain,
            "did": call.did or "",
            "did_cid": call.did or "",
            "direction": DIRECTIONS[call.direction],
            "ended_reason": call.end_reason.lower(),
            **_event_times(call),
            "ring_duration": _ring_duration(call),
            "talk_duration": call.duration,
            "status_code": str(call.status_code),
            "outbound_caller_id": call.outbound_caller_id or "",
            "trunk_name": TRUNK,
            "tenant_id": self.tenant_id,
            "tenant_name": self.domain,
            "user_data": "",
            "call_targets": [self._target(leg) for leg in call.legs],
        }

    def _target(self, leg: Leg) -> dict[str, Any]:
        call = self.call
        return {
            "id": self.tenant_id,  # as in every example of the reference
            "call_type": "ring_group_call" if leg.kind in (GROUP, MEMBER) else "normal_call",
            "caller": call.caller,
            "callee": leg.callee,
            "destination": self._sip(leg.callee),
            "did": call.did or "",
            "trunk_name": TRUNK,
            "outbound_caller_id": call.outbound_caller_id or "",
            "status": "noanswer" if leg.answered_at is None else "answered",
            "status_code": 0,
            **_event_times(leg),
            "ring_duration": str(_ring_duration(leg)),
            "talk_duration": str(leg.duration),
            "end_reason": leg.end_reason.lower() or "None",
            "cost": 0,
        }

    @property
    def people(self) -> frozenset[str]:
        """Numbers of the extensions in the call."""
        own = {self.call.caller} if self.call.legs[0].kind == OWN else set()
        return frozenset(own | {leg.callee for leg in self.call.legs if leg.kind == MEMBER})


def _event_times(part: Call | Leg) -> dict[str, str]:
    return {
        "start_time": unix_text(part.started_at),
        "ring_time": unix_text(part.rang_at),
        "answered_time": unix_text(part.answered_at),
        "ended_time": unix_text(part.ended_at),
    }


def _ring_duration(part: Call | Leg) -> int:
    if part.rang_at is None:
        return 0
    end = part.ended_at if part.answered_at is None else part.answered_at
    return int(end) - int(part.rang_at)


def recorded(call: Call, ids: Snowflakes, tenant_id: str, domain: str) -> RecordedCall:
    """Return the call with ids that tell its start."""
    made = tuple(ids.several(call.started_at, 1 + len(call.legs)))
    return RecordedCall(call, made, tenant_id, domain)


def record_calls(connection: Connection, calls: list[RecordedCall]) -> None:
    """Write the records of calls that are over."""
    sessions = [call.session_row() for call in calls]
    legs = [row for call in calls for row in call.leg_rows()]
    for table, rows in ((CDRS, sessions), (LEGS, legs)):
        for first in range(0, len(rows), MAX_ROWS):
            connection.execute(insert(table), rows[first : first + MAX_ROWS])
