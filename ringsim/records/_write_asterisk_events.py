"""Writers of Asterisk's logs of events: queue_log and CEL."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from ringsim.records._cel_sheet import FIELDS
from ringsim.records._duty import ON_DUTY, ON_PAUSE
from ringsim.records._texts import (
    OUTSIDE,
    TRUNK,
    seconds_between,
    split_seconds,
    table_text,
)
from ringsim.records._written import Written

__all__ = ["asterisk_cel", "queue_log"]


SPELLS: Final = {ON_DUTY: ("ADDMEMBER", "REMOVEMEMBER"), ON_PAUSE: ("PAUSE", "UNPAUSE")}


def queue_log(log: Written) -> str:
    lines: list[tuple[float, int, str]] = []

    def add(at: float, call: str, queue: str, agent: str, event: str, *data: object) -> None:
        text = "|".join([str(math.floor(at)), call, queue, agent, event, *map(str, data)])
        lines.append((math.floor(at), len(lines), text))

    for call in log:
        unique = f"{math.floor(call.arrived_at)}.{call.call}"
        at_group = (unique, call.group)
        add(call.arrived_at, *at_group, "NONE", "ENTERQUEUE", "", call.caller, 1)
        waited = seconds_between(call.arrived_at, call.ended_at)
        for ring in sorted(call.rings, key=lambda ring: ring.ended_at):
            agent, length = f"PJSIP/{ring.member}", ring.ended_at - ring.started_at
            if ring.result == "ring_no_answer":
                add(ring.ended_at, *at_group, agent, "RINGNOANSWER", round(1000 * length))
            elif ring.result == "caller_gave_up":
                add(ring.ended_at, *at_group, agent, "RINGCANCELED", round(1000 * length))
            elif ring.result == "answered":
                rung = seconds_between(ring.started_at, ring.ended_at)
                add(ring.ended_at, *at_group, agent, "CONNECT", waited, f"{unique}9", rung)
        if call.outcome == "answered":
            talk = seconds_between(call.ended_at, call.over_at)
            agent = f"PJSIP/{call.answered_by}"
            add(call.over_at, *at_group, agent, "COMPLETECALLER", waited, talk, 1)
        elif call.outcome == "abandoned":
            add(call.ended_at, *at_group, "NONE", "ABANDON", 1, 1, waited)
        else:
            add(call.ended_at, *at_group, "NONE", "EXITWITHTIMEOUT", 1, 1, waited)
    for spell in log.duty:
        begins, ends = SPELLS[spell.state]
        at_queue = ("NONE", spell.group, f"PJSIP/{spell.member}")
        add(spell.started_at, *at_queue, begins, "")
        add(spell.ended_at, *at_queue, ends, "")
    for number, own in enumerate(log.own_calls):
        unique, agent = f"{math.floor(own.started_at)}.{len(log.calls) + number}", own.member
        add(own.started_at, unique, "NONE", f"PJSIP/{agent}", "CALLOUTBOUND", OUTSIDE)
        talk = seconds_between(own.started_at, own.ended_at)
        add(own.ended_at, unique, "NONE", f"PJSIP/{agent}", "COMPLETEAGENT", 0, talk, 1)
    return "".join(f"{text}\n" for _, _, text in sorted(lines))


HANGUPS: Final = {
    "answered": (16, "ANSWER"),
    "ring_no_answer": (19, "NOANSWER"),
    "answered_elsewhere": (26, ""),
    "caller_gave_up": (16, "CANCEL"),
}


def asterisk_cel(log: Written) -> str:
    events: list[tuple[float, int, dict[str, Any]]] = []

    def add(at: float, event: str, **fields: Any) -> None:
        whole, fraction = split_seconds(at, 6)
        row = {"eventtype": event, "eventtime": f"{whole}.{fraction:06d}", **fields}
        events.append((at, len(events), row))

    channel = 0
    for call in log:
        linked = f"{math.floor(call.arrived_at)}.{call.call}"
        caller = {
            "cid_num": call.caller,
            "exten": call.group,
            "context": "ext-group",
            "channame": f"{TRUNK}-{call.call:08x}",
            "uniqueid": linked,
            "linkedid": linked,
        }
        add(call.arrived_at, "CHAN_START", **caller)
        add(call.arrived_at, "APP_START", appname="Dial", **caller)
        for ring in call.rings:
            phone = {
                "channame": f"PJSIP/{ring.member}-{channel:08x}",
                "uniqueid": f"{math.floor(ring.started_at)}.{len(log.calls) + channel}",
                "linkedid": linked,
                "context": "from-internal",
            }
            channel += 1
            answered = ring.result == "answered"
            add(ring.started_at, "CHAN_START", **phone)
            if answered:
                add(ring.ended_at, "ANSWER", **phone)
            cause, status = HANGUPS[ring.result]
            extra = {"hangupcause": cause, "hangupsource": "", "dialstatus": status}
            over = call.over_at if answered else ring.ended_at
            add(over, "HANGUP", extra=json.dumps(extra), **phone)
        source = caller["channame"] if call.outcome == "abandoned" else ""
        extra = {"hangupcause": 16, "hangupsource": source, "dialstatus": ""}
        add(call.over_at, "HANGUP", extra=json.dumps(extra), **caller)
        add(call.over_at, "LINKEDID_END", **caller)
    for own in log.own_calls:
        unique = f"{math.floor(own.started_at)}.{len(log.calls) + channel}"
        mine = {
            "channame": f"PJSIP/{own.member}-{channel:08x}",
            "exten": OUTSIDE,
            "uniqueid": unique,
            "linkedid": unique,
        }
        channel += 1
        add(own.started_at, "CHAN_START", **mine)
        add(own.started_at, "ANSWER", **mine)
        add(own.ended_at, "HANGUP", extra=json.dumps({"hangupcause": 16}), **mine)
    return table_text(FIELDS, [row for _, _, row in sorted(events, key=lambda each: each[:2])])
