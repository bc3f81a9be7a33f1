"""Writers of the records of FreeSWITCH, PortSIP and Webex, and of plain tables."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, Final

from ringsim.records._texts import (
    OUTSIDE,
    iso_text,
    seconds_between,
    stamp,
    table_text,
)
from ringsim.records._written import Written, WrittenCall

__all__ = ["freeswitch_cdr", "plain_csv", "portsip"]

FUSION: Final = [
    "uuid",
    "direction",
    "caller_id_number",
    "destination_number",
    "start_uepoch",
    "start_stamp",
    "answer_uepoch",
    "answer_stamp",
    "end_uepoch",
    "end_stamp",
    "duration",
    "billsec",
    "leg",
    "originating_leg_uuid",
    "bleg_uuid",
    "last_app",
    "hangup_cause",
]
GENERIC: Final = [
    "call",
    "group",
    "arrived_at",
    "ended_at",
    "answered_at",
    "answered_by",
    "outcome",
    "member",
    "ring_started_at",
    "ring_ended_at",
    "ring_result",
    "grade",
]


LEG_CAUSES: Final = {
    "answered": "NORMAL_CLEARING",
    "ring_no_answer": "NO_ANSWER",
    "answered_elsewhere": "LOSE_RACE",
    "caller_gave_up": "ORIGINATOR_CANCEL",
}
CALL_CAUSES: Final = {
    "answered": "NORMAL_CLEARING",
    "abandoned": "ORIGINATOR_CANCEL",
    "overflowed": "NO_ANSWER",
}


def freeswitch_cdr(log: Written) -> str:
    def times(start: float, answer: float, end: float) -> dict[str, Any]:
        found: dict[str, Any] = {
            "duration": seconds_between(start, end),
            "billsec": 0 if math.isnan(answer) else seconds_between(answer, end),
        }
        for name, at in (("start", start), ("answer", answer), ("end", end)):
            if not math.isnan(at):
                found[f"{name}_uepoch"] = round(at * 1e6)
                found[f"{name}_stamp"] = stamp(at)
        return found

    rows: list[dict[str, Any]] = []
    for call in log:
        leg = f"a-{call.call}"
        answered = call.outcome == "answered"
        winner = next((at for at, r in enumerate(call.rings) if r.result == "answered"), None)
        rows.append(
            {
                "uuid": leg,
                "direction": "inbound",
                "leg": "a",
                "caller_id_number": call.caller,
                "destination_number": call.group,
                "bleg_uuid": "" if winner is None else f"b-{call.call}-{winner}",
                "hangup_cause": CALL_CAUSES[call.outcome],
                **times(call.arrived_at, call.ended_at if answered else math.nan, call.over_at),
            }
        )
        for at, ring in enumerate(call.rings):
            won = ring.result == "answered"
            rows.append(
                {
                    "uuid": f"b-{call.call}-{at}",
                    "direction": "outbound",
                    "leg": "b",
                    "originating_leg_uuid": leg,
                    "caller_id_number": call.caller,
                    "destination_number": ring.member,
                    "hangup_cause": LEG_CAUSES[ring.result],
                    **times(
                        ring.started_at,
                        ring.ended_at if won else math.nan,
                        call.over_at if won else ring.ended_at,
                    ),
                }
            )
    for number, own in enumerate(log.own_calls):
        rows.append(
            {
                "uuid": f"o-{number}",
                "direction": "outbound",
                "leg": "a",
                "caller_id_number": own.member,
                "destination_number": OUTSIDE,
                "hangup_cause": "NORMAL_CLEARING",
                **times(own.started_at, own.started_at, own.ended_at),
            }
        )
    return table_text(FUSION, sorted(rows, key=lambda row: row["end_uepoch"]))


STATUS: Final = {
    "answered": "200",
    "ring_no_answer": "408",
    "answered_elsewhere": "487",
    "caller_gave_up": "487",
}


def portsip(log: Written) -> str:
    rows: list[dict[str, Any]] = []

    def add(
        session: str, start: float, rang: float, answer: float, end: float, **rest: Any
    ) -> None:
        stamps = {"started_at": start, "rang_at": rang, "answered_at": answer, "ended_at": end}
        shown = {name: "" if math.isnan(at) else iso_text(at, 6) for name, at in stamps.items()}
        rows.append({"id": str(len(rows) + 1), "session_id": session, **shown, **rest})

    for call in log:
        session = f"s{call.call}"
        answer = call.ended_at if call.outcome == "answered" else math.nan
        gave_up = call.outcome == "abandoned"
        add(
            session,
            call.arrived_at,
            call.arrived_at,
            answer,
            call.over_at,
            caller=call.caller,
            callee=call.group,
            direction="INBOUND_CALL",
            service_number=call.group,
            end_reason="CALLER_DISCONNECTED" if gave_up else "CALLEE_DISCONNECTED",
            status_code="487" if gave_up else "200" if call.outcome == "answered" else "480",
        )
        for ring in call.rings:
            won = ring.result == "answered"
            add(
                session,
                ring.started_at,
                ring.started_at,
                ring.ended_at if won else math.nan,
                call.over_at if won else ring.ended_at,
                caller=call.caller,
                callee=ring.member,
                direction="INBOUND_CALL",
                service_number=ring.group,
                end_reason="CALLEE_DISCONNECTED" if won else "",
                status_code=STATUS[ring.result],
            )
    for number, own in enumerate(log.own_calls):
        add(
            f"o{number}",
            own.started_at,
            own.started_at,
            own.started_at,
            own.ended_at,
            caller=own.member,
            callee=OUTSIDE,
            direction="OUTBOUND_CALL",
            end_reason="CALLER_DISCONNECTED",
            status_code="200",
        )
    return json.dumps({"items": rows}, indent=1) + "\n"


def plain_csv(log: Written) -> str:
    zone = "Z" if log.is_utc else ""

    def text(at: float) -> str:
        return iso_text(at, 6, zone)

    rows: list[dict[str, Any]] = []
    for call in log:
        whole = _generic_call(call, text) | {"grade": log.grade}
        rows += [
            whole
            | {
                "member": ring.member,
                "ring_started_at": text(ring.started_at),
                "ring_ended_at": text(ring.ended_at),
                "ring_result": ring.result,
            }
            for ring in call.rings
        ] or [whole]
    rows += [
        {
            "call": f"o{number}",
            "arrived_at": text(own.started_at),
            "answered_at": text(own.started_at),
            "ended_at": text(own.ended_at),
            "answered_by": own.member,
            "member": own.member,
        }
        for number, own in enumerate(log.own_calls)
    ]
    return table_text(GENERIC, rows)


def _generic_call(call: WrittenCall, text: Callable[[float], str]) -> dict[str, Any]:
    answered = call.outcome == "answered"
    return {
        "call": call.call,
        "group": call.group,
        "arrived_at": text(call.arrived_at),
        "ended_at": text(call.over_at),
        "answered_at": text(call.ended_at) if answered else "",
        "answered_by": call.answered_by,
        "outcome": call.outcome,
    }
