"""Traps of the formats of other phone systems, each in a few rows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs


def read(folder: Path, text: str, name: str = "calls.csv", **asked: Any) -> rs.Records:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return rs.read_records(path, **{"group": "600", "timezone": "UTC"} | asked)


def table(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def rows(records: rs.Records) -> list[list[Any]]:
    frame = records.calls[["outcome", "wait", "answered_by", "talk_time"]].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def rings(records: rs.Records) -> list[list[Any]]:
    frame = records.rings
    lengths = (frame["ended_at"] - frame["started_at"]).round(6)
    return [list(row) for row in zip(frame["member"], lengths, frame["result"], strict=True)]


def said_by(records: rs.Records) -> str:
    return "\n".join(records.notes)


# PortSIP


def leg(callee: str, *times: str, **fields: Any) -> dict[str, Any]:
    """Return a leg: started, rang, answered and ended at, as seconds after nine."""
    names = ("started_at", "rang_at", "answered_at", "ended_at")
    stamps = {
        name: f"2024-03-04T09:00:{each}Z" if each else ""
        for name, each in zip(names, times, strict=True)
    }
    return {"session_id": "s1", "caller": "0301", "callee": callee, **stamps, **fields}


PORTSIP = [
    leg("600", "00.5", "00.5", "07.5", "47.5", end_reason="CALLEE_DISCONNECTED", status_code=200),
    leg("201", "00.5", "00.75", "07.5", "47.5", service_number="600", status_code=200),
    leg("202", "00.5", "00.75", "", "07.5", service_number="600", status_code=487),
    leg("203", "00.5", "", "", "00.75", service_number="600", status_code=486),
]


def test_portsip_with_a_leg_for_every_phone(tmp_path: Path) -> None:
    for data in (PORTSIP, {"items": PORTSIP, "count": 4}):
        records = read(tmp_path, json.dumps(data), name="cdrs.json")
        assert records.grade == "A"
        assert rows(records) == [["answered", 7, "201", 40]]
        assert rings(records) == [["201", 6.75, "answered"], ["202", 6.75, "answered_elsewhere"]]
        assert "did not ring: 1; first" in said_by(records)
    assert rows(read(tmp_path, table(PORTSIP))) == [["answered", 7, "201", 40]]


def test_portsip_with_the_leg_that_was_set_up_is_grade_c(tmp_path: Path) -> None:
    records = read(tmp_path, json.dumps(PORTSIP[:2]), name="cdrs.json")
    assert records.grade == "C"
    assert rows(records) == [["answered", 7, "201", 40]]
    assert "phones that rang in vain are not there" in said_by(records)


def test_portsip_phones_that_did_not_ring_and_a_hunt(tmp_path: Path) -> None:
    legs = [
        leg("600", "00.0", "00.0", "20.1", "47.5", status_code=200),
        leg("201", "00.0", "00.0", "", "20.0", service_number="600"),
        leg("202", "20.0", "20.0", "20.1", "47.5", service_number="600", status_code=200),
        leg("203", "00.0", "00.0", "", "00.5", service_number="600", status_code=486),
        leg("204", "00.0", "", "", "00.5", service_number="600"),
    ]
    records = read(tmp_path, json.dumps(legs), name="cdrs.json")
    assert rings(records) == [["201", 20, "ring_no_answer"], ["202", 0.1, "answered"]]
    assert "did not ring: 2; first" in said_by(records)


def test_portsip_callers_who_gave_up_and_rows_without_an_end(tmp_path: Path) -> None:
    legs = [
        leg("600", "00.5", "00.5", "", "12.5", end_reason="CALLER_DISCONNECTED", status_code=487),
        leg("201", "00.5", "00.5", "", "12.5", service_number="600", status_code=487),
        leg("600", "40.0", "40.0", "", "", session_id="s2"),
    ]
    records = read(tmp_path, json.dumps(legs), name="cdrs.json")
    assert rows(records) == [["abandoned", 12, None, None]]
    assert rings(records) == [["201", 12, "caller_gave_up"]]
    assert "Rows left out because they have no end: 1;" in said_by(records)


# Asterisk CEL


def event(kind: str, at: float, channel: str, unique: str, **fields: Any) -> dict[str, Any]:
    extra = json.dumps(fields.pop("extra")) if "extra" in fields else ""
    return {
        "eventtype": kind,
        "eventtime": f"{1709542800 + at:.6f}",
        "channame": channel,
        "uniqueid": f"1709542800.{unique}",
        "linkedid": "1709542800.1",
        "extra": extra,
        **fields,
    }


def cel(*phones: tuple[str, float, int, str]) -> list[dict[str, Any]]:
    """Return the events of a call to phones: member, end of the ring, cause and dial status."""
    events = [event("CHAN_START", 0, "PJSIP/t-1", "1", exten="600", context="ext-group")]
    for n, (member, end, cause, status) in enumerate(phones, start=2):
        extra = {"hangupcause": cause, "dialstatus": status}
        channel, unique = f"PJSIP/{member}-{n}", str(n)
        events.append(event("CHAN_START", 0.25, channel, unique))
        talk = 30 if status == "ANSWER" else 0
        if talk:
            events.append(event("ANSWER", end, channel, unique))
        events.append(event("HANGUP", end + talk, channel, unique, extra=extra))
    last = max(float(each["eventtime"]) for each in events) - 1709542800
    events.append(event("HANGUP", last, "PJSIP/t-1", "1", exten="600", extra={"hangupcause": 16}))
    return events


def test_cel_tells_the_results_apart(tmp_path: Path) -> None:
    phones = (("201", 7.25, 16, "ANSWER"), ("202", 7.25, 26, ""), ("203", 0.5, 17, "BUSY"))
    for order in (1, -1):  # a log is in the order of time, an export may be in any
        records = read(tmp_path, table(cel(*phones)[::order]))
        assert records.clock == 1e-6
        assert rows(records) == [["answered", 7.25, "201", 30]]
        assert rings(records) == [["201", 7, "answered"], ["202", 7, "answered_elsewhere"]]


def test_cel_time_outs_and_callers_who_gave_up(tmp_path: Path) -> None:
    records = read(tmp_path, table(cel(("201", 20.25, 19, "NOANSWER"))))
    assert rows(records) == [["overflowed", 20.25, None, None]]
    records = read(tmp_path, table(cel(("201", 9.25, 16, "CANCEL"))))
    assert rows(records) == [["abandoned", 9.25, None, None]]
    assert rings(records) == [["201", 9, "caller_gave_up"]]


def test_cel_local_channels_and_extras_that_are_no_json(tmp_path: Path) -> None:
    events = cel(("201", 7.25, 16, "ANSWER"))
    events.append(event("CHAN_START", 0.1, "Local/201@x-1;1", "8"))
    events.append(event("HANGUP", 7.25, "Local/201@x-1;1", "8", extra={"hangupcause": 16}))
    events[1]["extra"] = "{no json"
    assert rings(read(tmp_path, table(events))) == [["201", 7, "answered"]]


# FreeSWITCH


TEMPLATE = '"A","0301","{to}","default","{start}","{answer}","{end}","{all}","{talk}","{cause}"'


def freeswitch(to: str, times: tuple[str, str, str], cause: str, uuid: str, bleg: str = "") -> str:
    start, answer, end = (f"2024-03-04 09:{each}" if each else "" for each in times)
    line = TEMPLATE.format(to=to, start=start, answer=answer, end=end, all=9, talk=9, cause=cause)
    return f'{line},"{uuid}","{bleg}","","PCMU","PCMU"'


FREESWITCH = [
    freeswitch("600", ("00:00", "00:07", "01:07"), "NORMAL_CLEARING", "a", "b1"),
    freeswitch("201", ("00:00", "00:07", "01:07"), "NORMAL_CLEARING", "b1"),
    freeswitch("202", ("00:00", "", "00:07"), "LOSE_RACE", "b2"),
    freeswitch("203", ("00:00", "", "00:02"), "NO_USER_RESPONSE", "b3"),
]


def test_freeswitch_without_a_header(tmp_path: Path) -> None:
    records = read(tmp_path, "\n".join(FREESWITCH))
    assert records.grade == "A"
    assert rows(records) == [["answered", 7, "201", 60]]
    assert rings(records) == [["201", 7, "answered"], ["202", 7, "answered_elsewhere"]]


def test_freeswitch_with_a_row_per_call_is_grade_c(tmp_path: Path) -> None:
    records = read(tmp_path, FREESWITCH[0])
    assert records.grade == "C"
    assert rows(records)[0][:2] == ["answered", 7]
    assert "legs=ab or log-b-leg=true" in said_by(records)


def test_freeswitch_triplicates_with_another_cause(tmp_path: Path) -> None:
    again = FREESWITCH[0].replace("NORMAL_CLEARING", "USER_BUSY")
    records = read(tmp_path, "\n".join([*FREESWITCH, FREESWITCH[0], again]))
    assert rows(records) == [["answered", 7, "201", 60]]
    assert "Rows left out because they repeat the leg of an earlier row: 1;" in said_by(records)


def test_freeswitch_saved_by_a_spreadsheet(tmp_path: Path) -> None:
    line = FREESWITCH[0].replace("2024-03-04 09:00:00", "2024/3/4 9:00")
    with pytest.raises(rs.ConfigurationError, match="row 1 start_stamp must have seconds"):
        read(tmp_path, line)


def fusion(uuid: str, to: str, times: tuple[float, float, float], cause: str, **fields: Any) -> Any:
    names = ("start_epoch", "answer_epoch", "end_epoch")
    epochs = {
        name: f"{1709542800 + at:.0f}" if at >= 0 else ""
        for name, at in zip(names, times, strict=True)
    }
    return {
        "xml_cdr_uuid": uuid,
        "caller_id_number": "0301",
        "destination_number": to,
        **epochs,
        "hangup_cause": cause,
        **fields,
    }


def test_fusionpbx_tables_and_the_variables_of_json(tmp_path: Path) -> None:
    legs = [
        fusion("a", "600", (0, 7, 67), "NORMAL_CLEARING", originating_leg_uuid=""),
        fusion("b", "201", (0, 7, 67), "NORMAL_CLEARING", originating_leg_uuid="a"),
        fusion("c", "202", (0, -1, 7), "LOSE_RACE", originating_leg_uuid="a"),
    ]
    wanted = [["201", 7, "answered"], ["202", 7, "answered_elsewhere"]]
    assert rings(read(tmp_path, table(legs))) == wanted
    variables = [
        {"variables": {("uuid" if key == "xml_cdr_uuid" else key): v for key, v in leg.items()}}
        for leg in legs
    ]
    assert rings(read(tmp_path, json.dumps(variables), name="cdr.json")) == wanted
    for asked in ({"format": "freeswitch_cdr"}, {"name": "cdr.xml"}):
        with pytest.raises(rs.ConfigurationError, match=r"must be CSV or JSON, not XML.*json_cdr"):
            read(tmp_path, '<?xml version="1.0"?><cdr/>', **asked)


def test_freeswitch_callers_who_gave_up(tmp_path: Path) -> None:
    lines = [
        freeswitch("600", ("00:00", "", "00:12"), "ORIGINATOR_CANCEL", "a"),
        freeswitch("600", ("05:00", "", "05:20"), "NO_ANSWER", "c"),
    ]
    assert [row[0] for row in rows(read(tmp_path, "\n".join(lines)))] == ["abandoned", "overflowed"]


# Webex


def webex(to: str, kind: str, times: tuple[str, str, str], **fields: Any) -> dict[str, Any]:
    start, answer, end = (f"2024-03-04T09:{each}.000Z" if each != "NA" else each for each in times)
    return {
        "Start time": start,
        "Answer time": answer,
        "Release time": end,
        "Duration": 60,
        "Ring duration": 7,
        "Answered": "true" if answer != "NA" else "false",
        "Direction": "TERMINATING",
        "Correlation ID": "c1",
        "Calling number": "0301",
        "Called number": to,
        "User type": kind,
        "Redirect reason": "",
        "Redirecting number": "",
        "Answered Elsewhere": "No",
        "Call outcome reason": "Normal",
        "Report ID": to,
        "Releasing party": "Local",
        **fields,
    }


VIA = {"Redirect reason": "HuntGroup", "Redirecting number": "600"}


def test_webex_legs_and_rows_that_come_twice(tmp_path: Path) -> None:
    legs = [
        webex("600", "HuntGroup", ("00:00", "00:07", "01:07")),
        webex("201", "User", ("00:00", "00:07", "01:07"), **VIA),
        webex("202", "User", ("00:00", "NA", "00:07"), **VIA, **{"Answered Elsewhere": "Yes"}),
        webex(
            "203", "User", ("00:00", "NA", "00:01"), **VIA, **{"Call outcome reason": "UserBusy"}
        ),
        webex("202", "User", ("00:00", "NA", "00:09"), **VIA),
    ]
    for text, name in ((table(legs), "a.csv"), (json.dumps({"items": legs}), "a.json")):
        records = read(tmp_path, text, name=name)
        assert rows(records) == [["answered", 7, "201", 60]]
        assert rings(records) == [["201", 7, "answered"], ["202", 7, "answered_elsewhere"]]
        assert "Rows left out because their Report ID came before: 1;" in said_by(records)


def test_webex_without_a_release_time_and_with_a_caller_who_gave_up(tmp_path: Path) -> None:
    legs = [
        webex("600", "HuntGroup", ("00:00", "NA", "00:12"), **{"Releasing party": "Remote"}),
        webex("201", "User", ("00:00", "NA", "NA"), **VIA, **{"Ring duration": 12}),
    ]
    records = read(tmp_path, table(legs))
    assert rows(records) == [["abandoned", 12, None, None]]
    assert rings(records) == [["201", 12, "caller_gave_up"]]


# 3CX


def step(at: str, to: str, status: str, ringing: str, talking: str = "0:00:00") -> dict[str, Any]:
    return {
        "Call Time": f"2024-03-04T{at}",
        "Caller ID": "0301",
        "Destination": to,
        "Status": status,
        "Ringing": ringing,
        "Talking": talking,
    }


def test_3cx_steps_newest_first_with_announcements_and_totals(tmp_path: Path) -> None:
    steps = [
        step("09:20:00", "Sales (600)", "Unanswered", "0:00:21"),
        step("09:10:32", "Anna (137)", "Answered", "0:00:06", "0:00:45"),
        step("09:10:32", "Sales (600)", "Redirected", "0:00:06"),
        step("09:10:19", "Welcome message (802)", "Answered", "0:00:00", "0:00:19"),
        step("09:05:20", "Backup (601)", "Unanswered", "0:00:10"),
        step("09:05:00", "Sales (600)", "Unanswered", "0:00:20"),
        step("09:00:00", "Anna (137)", "Answered", "0:00:02", "0:00:10"),
        {"Call Time": "Totals", "Caller ID": 7, "Ringing": "0:01:05"},
    ]
    for group in ("600", "Sales"):
        records = read(tmp_path, table(steps), group=group)
        assert records.grade == "C"
        assert rows(records) == [
            ["overflowed", 20, None, None],
            ["answered", 6, "137", 45],
            ["abandoned", 21, None, None],
        ]
        own = records.own_calls[["extension", "talk_time"]].to_numpy().tolist()
        assert own == [["137", 10.0]]
    assert "does not say its time zone" in said_by(records)
    above = "Report of March,,\n" + table(steps)
    assert len(read(tmp_path, above).calls) == 3
