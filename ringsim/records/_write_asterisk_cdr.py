"""Writers of Asterisk's call detail records: as a file, and as FreePBX's table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ringsim.records._asterisk_cdr import MASTER
from ringsim.records._texts import (
    OUTSIDE,
    TRUNK,
    seconds_between,
    stamp,
    table_text,
)
from ringsim.records._written import Written, WrittenRing

__all__ = ["asterisk_cdr", "freepbx_cdr"]


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
        if all(ring.group != call.group for ring in call.rings):  # nobody was free there
            left_at = min((ring.started_at for ring in call.rings), default=call.ended_at)
            yield caller | {
                "dst": call.group,
                "dcontext": "ext-group",
                "lastapp": "Dial",
                "sequence": sequence,
                **_cdr_times(call.arrived_at, math.nan, left_at),
            }
            sequence += 1
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
