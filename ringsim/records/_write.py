"""The public function `write`: simulated days as a phone system would record them.

One function per format returns the text of a file. Times are those of UTC.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ringsim import _files
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.records._asterisk_cel import FIELDS as CEL
from ringsim.records._records import Records
from ringsim.records._written import Written, WrittenCall, WrittenRing, written

__all__ = ["WRITERS", "write"]

TRUNK: Final = "PJSIP/trunk"
OUTSIDE: Final = "5550000000"
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
WEBEX: Final = [
    "Start time",
    "Answer time",
    "Release time",
    "Duration",
    "Ring duration",
    "Answered",
    "Answered Elsewhere",
    "Direction",
    "Call outcome",
    "Call outcome reason",
    "Correlation ID",
    "Calling number",
    "Called number",
    "User type",
    "Redirect reason",
    "Redirecting number",
    "Releasing party",
    "Report ID",
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
]


def write(
    log: CallLog | Records,
    path: str | Path,
    *,
    format: str,  # noqa: A002 - the name users know from other writers
    starts_at: str | datetime | None = None,
) -> None:
    """Write calls, rings and own calls as a phone system would record them.

    Parameters
    ----------
    log : CallLog or Records
        What happened.
    path : str or Path
        File to write, atomically.
    format : str
        `asterisk_cdr`, `freepbx_cdr`, `queue_log`, `asterisk_cel`, `freeswitch_cdr`, `portsip`,
        `webex` or `csv`.
    starts_at : str or datetime, optional
        Date and time of second 0 of a log, in UTC unless it has an offset. Records know theirs.

    Raises
    ------
    ConfigurationError
        If there is no such format, the log has pages, or the file cannot be written.

    Notes
    -----
    `read_records` returns the same calls and rings, to the clock of the format: whole seconds for
    `asterisk_cdr`, `freepbx_cdr` and `queue_log`. `queue_log` has no rings that ended because
    another phone was answered. Wrap-up and patience are in no format.
    """
    if format not in WRITERS:
        raise ConfigurationError(
            "format", f"must be one of {', '.join(WRITERS)}", format, did_you_mean(format, WRITERS)
        )
    text = WRITERS[format](written(log, starts_at))
    with _files.replacing(path) as file:
        file.write(text)


def _stamp(at: float) -> str:
    """Return an instant to the whole second, cut off as phone systems do."""
    return datetime.fromtimestamp(math.floor(at), UTC).strftime("%Y-%m-%d %H:%M:%S")


def _iso(at: float, digits: int) -> str:
    whole, fraction = _split(at, digits)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:0{digits}d}Z"


def _split(at: float, digits: int) -> tuple[int, int]:
    """Return whole seconds and the fraction in units of the last digit."""
    unit: int = 10**digits
    return divmod(round(at * unit), unit)


def _seconds(start: float, end: float) -> int:
    """Return a duration as phone systems compute it, from instants to the whole second."""
    return max(0, math.floor(end) - math.floor(start))


def _table(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, header: bool = True
) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _waves(rings: Sequence[WrittenRing]) -> dict[tuple[str, float], list[str]]:
    """Return the members that were dialled together, by group and start."""
    found: dict[tuple[str, float], list[str]] = {}
    for ring in rings:
        found.setdefault((ring.group, ring.started_at), []).append(ring.member)
    return found


def _asterisk_cdr(log: Written) -> str:
    from ringsim.records._asterisk_cdr import MASTER

    rows = sorted(_cdr_rows(log), key=lambda row: row["end"])
    return _table(MASTER, rows, header=False)


def _freepbx_cdr(log: Written) -> str:
    rows = sorted(_cdr_rows(log), key=lambda row: row["end"])
    for row in rows:
        row["calldate"], row["did"] = row.pop("start"), ""
        row["lastdata"] = row.get("lastdata", "")[:80]
        del row["answer"], row["end"]
    return _table(FREEPBX, rows)


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
        "start": _stamp(start),
        "answer": _stamp(answer) if answered else "",
        "end": _stamp(end),
        "duration": _seconds(start, end),
        "billsec": _seconds(answer, end) if answered else 0,
        "disposition": "ANSWERED" if answered else "NO ANSWER",
    }


def _queue_log(log: Written) -> str:
    lines: list[tuple[float, int, str]] = []

    def add(at: float, call: str, queue: str, agent: str, event: str, *data: object) -> None:
        text = "|".join([str(math.floor(at)), call, queue, agent, event, *map(str, data)])
        lines.append((math.floor(at), len(lines), text))

    for call in log:
        unique = f"{math.floor(call.arrived_at)}.{call.call}"
        at_group = (unique, call.group)
        add(call.arrived_at, *at_group, "NONE", "ENTERQUEUE", "", call.caller, 1)
        waited = _seconds(call.arrived_at, call.ended_at)
        for ring in sorted(call.rings, key=lambda ring: ring.ended_at):
            agent, length = f"PJSIP/{ring.member}", ring.ended_at - ring.started_at
            if ring.result == "ring_no_answer":
                add(ring.ended_at, *at_group, agent, "RINGNOANSWER", round(1000 * length))
            elif ring.result == "caller_gave_up":
                add(ring.ended_at, *at_group, agent, "RINGCANCELED", round(1000 * length))
            elif ring.result == "answered":
                rung = _seconds(ring.started_at, ring.ended_at)
                add(ring.ended_at, *at_group, agent, "CONNECT", waited, f"{unique}9", rung)
        if call.outcome == "answered":
            talk = _seconds(call.ended_at, call.over_at)
            agent = f"PJSIP/{call.answered_by}"
            add(call.over_at, *at_group, agent, "COMPLETECALLER", waited, talk, 1)
        elif call.outcome == "abandoned":
            add(call.ended_at, *at_group, "NONE", "ABANDON", 1, 1, waited)
        else:
            add(call.ended_at, *at_group, "NONE", "EXITWITHTIMEOUT", 1, 1, waited)
    for number, own in enumerate(log.own_calls):
        unique, agent = f"{math.floor(own.started_at)}.{len(log.calls) + number}", own.member
        add(own.started_at, unique, "NONE", f"PJSIP/{agent}", "CALLOUTBOUND", OUTSIDE)
        talk = _seconds(own.started_at, own.ended_at)
        add(own.ended_at, unique, "NONE", f"PJSIP/{agent}", "COMPLETEAGENT", 0, talk, 1)
    return "".join(f"{text}\n" for _, _, text in sorted(lines))


HANGUPS: Final = {
    "answered": (16, "ANSWER"),
    "ring_no_answer": (19, "NOANSWER"),
    "answered_elsewhere": (26, ""),
    "caller_gave_up": (16, "CANCEL"),
}


def _asterisk_cel(log: Written) -> str:
    events: list[tuple[float, int, dict[str, Any]]] = []

    def add(at: float, event: str, **fields: Any) -> None:
        whole, fraction = _split(at, 6)
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
    return _table(CEL, [row for _, _, row in sorted(events, key=lambda each: each[:2])])


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


def _freeswitch_cdr(log: Written) -> str:
    def times(start: float, answer: float, end: float) -> dict[str, Any]:
        found: dict[str, Any] = {
            "duration": _seconds(start, end),
            "billsec": 0 if math.isnan(answer) else _seconds(answer, end),
        }
        for name, at in (("start", start), ("answer", answer), ("end", end)):
            if not math.isnan(at):
                found[f"{name}_uepoch"] = round(at * 1e6)
                found[f"{name}_stamp"] = _stamp(at)
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
    return _table(FUSION, sorted(rows, key=lambda row: row["end_uepoch"]))


STATUS: Final = {
    "answered": "200",
    "ring_no_answer": "408",
    "answered_elsewhere": "487",
    "caller_gave_up": "487",
}


def _portsip(log: Written) -> str:
    rows: list[dict[str, Any]] = []

    def add(
        session: str, start: float, rang: float, answer: float, end: float, **rest: Any
    ) -> None:
        stamps = {"started_at": start, "rang_at": rang, "answered_at": answer, "ended_at": end}
        shown = {name: "" if math.isnan(at) else _iso(at, 6) for name, at in stamps.items()}
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


REASONS: Final = {
    "answered": ("Success", "Normal"),
    "ring_no_answer": ("Failure", "NoAnswer"),
    "answered_elsewhere": ("Success", "Normal"),
    "caller_gave_up": ("Failure", "Normal"),
}


def _webex(log: Written) -> str:
    rows: list[dict[str, Any]] = []

    def add(start: float, answer: float, end: float, **rest: Any) -> None:
        lifted = not math.isnan(answer)
        rows.append(
            {
                "Start time": _iso(start, 3),
                "Answer time": _iso(answer, 3) if lifted else "NA",
                "Release time": _iso(end, 3),
                "Duration": _seconds(answer, end) if lifted else 0,
                "Ring duration": _seconds(start, answer if lifted else end),
                "Answered": "true" if lifted else "false",
                "Report ID": f"r{len(rows)}",
                **{name.replace("_", " "): value for name, value in rest.items()},
            }
        )

    for call in log:
        answer = call.ended_at if call.outcome == "answered" else math.nan
        both = {"Correlation_ID": f"c{call.call}", "Calling_number": call.caller}
        add(
            call.arrived_at,
            answer,
            call.over_at,
            Direction="TERMINATING",
            Called_number=call.group,
            User_type="HuntGroup",
            Releasing_party="Remote" if call.outcome == "abandoned" else "Local",
            **both,
        )
        for ring in call.rings:
            won = ring.result == "answered"
            outcome, reason = REASONS[ring.result]
            add(
                ring.started_at,
                ring.ended_at if won else math.nan,
                call.over_at if won else ring.ended_at,
                Direction="TERMINATING",
                Called_number=ring.member,
                User_type="User",
                Redirect_reason="HuntGroup",
                Redirecting_number=ring.group,
                Answered_Elsewhere="Yes" if ring.result == "answered_elsewhere" else "No",
                Call_outcome=outcome,
                Call_outcome_reason=reason,
                **both,
            )
    for number, own in enumerate(log.own_calls):
        add(
            own.started_at,
            own.started_at,
            own.ended_at,
            Direction="ORIGINATING",
            Calling_number=own.member,
            Called_number=OUTSIDE,
            User_type="User",
            Correlation_ID=f"o{number}",
        )
    return _table(WEBEX, [{k: v for k, v in row.items() if k in WEBEX} for row in rows])


def _generic(log: Written) -> str:
    rows: list[dict[str, Any]] = []
    for call in log:
        whole = _generic_call(call)
        rows += [
            whole
            | {
                "member": ring.member,
                "ring_started_at": _iso(ring.started_at, 6),
                "ring_ended_at": _iso(ring.ended_at, 6),
                "ring_result": ring.result,
            }
            for ring in call.rings
        ] or [whole]
    rows += [
        {
            "call": f"o{number}",
            "arrived_at": _iso(own.started_at, 6),
            "answered_at": _iso(own.started_at, 6),
            "ended_at": _iso(own.ended_at, 6),
            "answered_by": own.member,
            "member": own.member,
        }
        for number, own in enumerate(log.own_calls)
    ]
    return _table(GENERIC, rows)


def _generic_call(call: WrittenCall) -> dict[str, Any]:
    answered = call.outcome == "answered"
    return {
        "call": call.call,
        "group": call.group,
        "arrived_at": _iso(call.arrived_at, 6),
        "ended_at": _iso(call.over_at, 6),
        "answered_at": _iso(call.ended_at, 6) if answered else "",
        "answered_by": call.answered_by,
        "outcome": call.outcome,
    }


WRITERS: Final[dict[str, Callable[[Written], str]]] = {
    "asterisk_cdr": _asterisk_cdr,
    "freepbx_cdr": _freepbx_cdr,
    "queue_log": _queue_log,
    "asterisk_cel": _asterisk_cel,
    "freeswitch_cdr": _freeswitch_cdr,
    "portsip": _portsip,
    "webex": _webex,
    "csv": _generic,
}
