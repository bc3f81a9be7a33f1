"""Writers of Asterisk's records: CDR as a file and as FreePBX's table, queue_log, CEL."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ringsim.records._asterisk_cdr import MASTER
from ringsim.records._cel_sheet import FIELDS
from ringsim.records._duty import ON_DUTY, ON_PAUSE
from ringsim.records._texts import (
    OUTSIDE,
    TRUNK,
    seconds_between,
    split_seconds,
    stamp,
    table_text,
)
from ringsim.records._written import Written, WrittenRing

__all__ = ["asterisk_cdr", "asterisk_cel", "freepbx_cdr", "queue_log"]

FREEPBX: Final = [
    "calldate",
    "clid",
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "accountcode",
    "uniqueid",
    "userfield",
    "did",
    "recordingfile",
    "cnum",
    "cnam",
    "outbound_cnum",
    "outbound_cnam",
    "dst_cnam",
    "linkedid",
    "peeraccount",
    "sequence",
]


def _waves(rings: Sequence[WrittenRing]) -> dict[tuple[str, float], list[str]]:
    """Return the members that were dialled together, by group and start."""
    found: dict[tuple[str, float], list[str]] = {}
    for ring in rings:
        found.setdefault((ring.group, ring.started_at), []).append(ring.member)
    return found


def asterisk_cdr(log: Written) -> str:
    rows = sorted(_cdr_rows(log), key=lambda row: row["end"])
    return table_text(MASTER, rows, header=False)


def freepbx_cdr(log: Written) -> str:
    rows = sorted(_cdr_rows(log), key=lambda row: row["end"])
    for row in rows:
        row["calldate"], row["did"] = row.pop("start"), ""
        row["lastdata"] = row.get("lastdata", "")[:80]
        del row["answer"], row["end"]
    return table_text(FREEPBX, rows)


def _cdr_rows(log: Written) -> Iterator[dict[str, Any]]:
    sequence = 0
    for call in log:
        unique = f"{math.floor(call.arrived_at)}.{call.call}"
        caller = {
            "src": call.caller,
            "clid": f'"Caller {call.call}" <{call.caller}>',
            "channel": f"{TRUNK}-{call.call:08x}",
            "amaflags": "DOCUMENTATION",
            "uniqueid": unique,
            "linkedid": unique,
        }
        waves = _waves(call.rings)
        for ring in call.rings:
            answered = ring.result == "answered"
            dialled = "&".join(f"PJSIP/{each}" for each in waves[ring.group, ring.started_at])
            limit = f"{ring.ring_time:g}" if ring.ring_time else ""
            yield caller | {
                "dst": ring.group,
                "dcontext": "ext-group",
                "dstchannel": f"PJSIP/{ring.member}-{sequence:08x}",
                "lastapp": "Dial",
                "lastdata": f"{dialled},{limit},HhTtr" if len(dialled) < 60 else dialled,
                "sequence": sequence,
                **_cdr_times(
                    ring.started_at,
                    ring.ended_at if answered else math.nan,
                    call.over_at if answered else ring.ended_at,
                ),
            }
            sequence += 1
        if not call.rings:
            yield caller | {
                "dst": call.group,
                "dcontext": "ext-group",
                "lastapp": "Dial",
                "sequence": sequence,
                **_cdr_times(call.arrived_at, math.nan, call.ended_at),
            }
            sequence += 1
    for number, own in enumerate(log.own_calls):
        unique = f"{math.floor(own.started_at)}.{len(log.calls) + number}"
        yield {
            "src": own.member,
            "dst": OUTSIDE,
            "dcontext": "from-internal",
            "clid": f'"" <{own.member}>',
            "channel": f"PJSIP/{own.member}-{sequence:08x}",
            "dstchannel": f"{TRUNK}-{sequence:08x}",
            "lastapp": "Dial",
            "lastdata": f"{TRUNK}/{OUTSIDE},300,T",
            "amaflags": "DOCUMENTATION",
            "uniqueid": unique,
            "linkedid": unique,
            "sequence": sequence,
            **_cdr_times(own.started_at, own.started_at, own.ended_at),
        }
        sequence += 1


def _cdr_times(start: float, answer: float, end: float) -> dict[str, Any]:
    answered = not math.isnan(answer)
    return {
        "start": stamp(start),
        "answer": stamp(answer) if answered else "",
        "end": stamp(end),
        "duration": seconds_between(start, end),
        "billsec": seconds_between(answer, end) if answered else 0,
        "disposition": "ANSWERED" if answered else "NO ANSWER",
    }


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
