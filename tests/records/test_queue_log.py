"""Traps of Asterisk's queue_log, each in a few lines."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np

import ringsim as rs

CALL = (
    "1709539200|1709539190.1|support|NONE|ENTERQUEUE||0301234567|1",
    "1709539210|1709539190.1|support|PJSIP/202|RINGNOANSWER|10000",
    "1709539216|1709539190.1|support|PJSIP/201|CONNECT|16|1709539210.9|6",
    "1709539276|1709539190.1|support|PJSIP/201|COMPLETECALLER|16|60|1",
)


def read(folder: Path, *lines: str, name: str = "queue_log", **asked: Any) -> rs.Records:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return rs.read_records(path, **{"group": "support", "timezone": "UTC"} | asked)


def said_by(records: rs.Records) -> str:
    return "\n".join(records.notes)


def rows(records: rs.Records) -> list[list[Any]]:
    columns = ["outcome", "wait", "answered_by", "talk_time"]
    frame = records.calls[columns].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def test_a_call_and_its_rings(tmp_path: Path) -> None:
    records = read(tmp_path, *CALL)
    assert (records.grade, records.clock) == ("B", 1)
    assert rows(records) == [["answered", 16, "201", 60]]
    rings = records.rings
    assert (rings["ended_at"] - rings["started_at"]).tolist() == [10, 6]
    assert rings["result"].tolist() == ["ring_no_answer", "answered"]
    assert np.isnan(records.summary().loc["rings_per_call", "estimate"])
    assert records.summary().loc["rings_per_call", "note"] == "not recorded (grade B)"


def test_a_call_that_begins_in_one_file_and_ends_in_the_next(tmp_path: Path) -> None:
    (tmp_path / "queue_log").write_text("\n".join(CALL[2:]))
    with gzip.open(tmp_path / "queue_log.1.gz", "wt") as file:
        file.write("\n".join(CALL[:2]))
    for path in (tmp_path, f"{tmp_path}/queue_log*", sorted(tmp_path.iterdir())):
        assert rows(rs.read_records(path, group="support")) == [["answered", 16, "201", 60]]
    (tmp_path / "README").write_text("what this is")
    noted = said_by(rs.read_records(tmp_path, group="support"))
    assert "README is left out: it is not in the format queue_log." in noted


def test_zero_and_one_second_mean_that_the_phone_did_not_ring(tmp_path: Path) -> None:
    more = [
        f"1709539201|1709539190.1|support|PJSIP/20{n}|RINGNOANSWER|{ms}"
        for n, ms in ((3, 0), (4, 1000))
    ]
    records = read(tmp_path, *CALL, *more)
    assert set(records.rings["member"]) == {"201", "202"}
    assert "refused the call, and did not ring: 2; first" in said_by(records)


def test_lines_out_of_order_reloads_and_unknown_events(tmp_path: Path) -> None:
    other = (
        "1709539100|NONE|NONE|NONE|QUEUESTART|",
        "1709539205|NONE|NONE|NONE|CONFIGRELOAD|",
        "1709539206|1709539190.1|support|NONE|SOMETHINGNEW|a|b|c",
        "1709539207|REALTIME|support|PJSIP/201|ADDMEMBER|PAUSED",
    )
    assert rows(read(tmp_path, *reversed([*CALL, *other]))) == [["answered", 16, "201", 60]]


def test_calls_without_a_beginning_or_an_end(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        *CALL,
        "1709539300|1709539299.2|support|NONE|ENTERQUEUE||1|1",
        "1709539400|1709539100.3|support|NONE|ABANDON|1|1|30",
        "1709539500|1709539499.4|support|NONE|ENTERQUEUE||1|1",
        "1709539505|1709539499.4|support|PJSIP/201|CONNECT|5|1709539500.9|5",
        "1709539510|NONE|NONE|NONE|QUEUESTART|",
    )
    noted = said_by(records)
    assert "Calls left out because a restart or the edge of the file took their end: 1" in noted
    assert "queue_log row 5" in noted
    assert "Calls left out because they entered the queue before the records begin: 1" in noted
    assert "Answered calls without an end because Asterisk restarted: 1." in noted
    assert rows(records)[-1] == ["answered", 5, "201", None]
    assert records.summary().loc["offered_load", "estimate"] > 0


def test_outcomes_other_than_an_answer(tmp_path: Path) -> None:
    def call(number: int, event: str) -> list[str]:
        at = 1709539200 + 100 * number
        return [
            f"{at}|{at}.{number}|support|NONE|ENTERQUEUE||1|1",
            f"{at + 30}|{at}.{number}|support|NONE|{event}",
        ]

    events = (
        "ABANDON|1|1|30",
        "EXITWITHTIMEOUT|1|1|30",
        "EXITEMPTY|1|1|30",
        "EXITWITHKEY|5|1|1|30",
        "WITHDRAW|1|1|30|x",
        "SYSCOMPAT|",
    )
    lines = [line for number, event in enumerate(events) for line in call(number, event)]
    records = read(tmp_path, *lines)
    assert records.calls["outcome"].tolist() == ["abandoned", *["overflowed"] * 5]
    assert "Callers who left the queue by pressing a key, counted as overflowed: 1." in said_by(
        records
    )


def test_a_transfer_ends_the_talk(tmp_path: Path) -> None:
    moved = "1709539246|1709539190.1|support|PJSIP/201|BLINDTRANSFER|204|ctx|16|30|1"
    records = read(tmp_path, *CALL[:3], moved)
    assert rows(records) == [["answered", 16, "201", 30]]
    assert (
        "Answered calls that ended by a transfer, at which the member's talk ends: 1."
        in said_by(records)
    )


def test_a_call_that_enters_the_queue_twice_arrives_once(tmp_path: Path) -> None:
    again = "1709539205|1709539190.1|support|NONE|ENTERQUEUE||1|1"
    for lines in ([*CALL, again], [again, *CALL]):
        records = read(tmp_path, *lines)
        assert rows(records) == [["answered", 16, "201", 60]]
        assert "first arrival: 1." in said_by(records)


def test_one_person_by_several_names(tmp_path: Path) -> None:
    lines = [
        *CALL[:2],
        CALL[2].replace("PJSIP/201", "Agent/201"),
        CALL[3].replace("PJSIP/201", "Local/201@from-queue/n"),
        "1709539290|1709539290.4|support|NONE|ENTERQUEUE||1|1",
        "1709539300|1709539290.4|support|Local/201@from-queue/n|RINGNOANSWER|9000",
        "1709539303|1709539290.4|support|NONE|ABANDON|1|1|13",
    ]
    records = read(tmp_path, *lines)
    assert records.member_numbers == ("201", "202")
    assert "Agent/201 and Local/201@from-queue/n are taken for one person, 201." in records.notes
    named = [line.replace("PJSIP/201", "Anna Smith") for line in CALL]
    assert read(tmp_path, *named, members={"Anna Smith": "205"}).member_numbers == ("202", "205")


def test_a_phone_that_rang_when_the_caller_hung_up(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        CALL[0],
        "1709539208|1709539190.1|support|PJSIP/202|RINGCANCELED|7500",
        "1709539208|1709539190.1|support|NONE|ABANDON|1|1|8",
    )
    [ring] = records.rings.to_dict("records")
    assert ring["result"] == "caller_gave_up"
    assert ring["ended_at"] - ring["started_at"] == 7.5


def test_calls_of_other_queues_and_outbound_ones_are_own_calls(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        *CALL,
        "1709539300|1709539290.2|sales|NONE|ENTERQUEUE||1|1",
        "1709539305|1709539290.2|sales|PJSIP/202|CONNECT|5|x|5",
        "1709539345|1709539290.2|sales|PJSIP/202|COMPLETEAGENT|5|40|1",
        "1709539400|1709539400.3|NONE|PJSIP/201|CALLOUTBOUND|0987654321",
        "1709539420|1709539400.3|NONE|PJSIP/201|COMPLETEAGENT|0|20|1",
    )
    own = records.own_calls[["extension", "talk_time"]].to_numpy().tolist()
    assert own == [["202", 40.0], ["201", 20.0]]


def test_the_realtime_table_is_in_local_time(tmp_path: Path) -> None:
    """With a column per datum, or all in one; the ids settle the hour that autumn repeats."""
    head = "time,callid,queuename,agent,event,data1,data2,data3,data4,data5"
    lines = [
        "2024-10-27 02:30:00.250000,1729992599.1,support,NONE,ENTERQUEUE,,1,1,,",
        "2024-10-27 02:30:06.750000,1729992599.1,support,PJSIP/201,CONNECT,6,x,6,,",
        "2024-10-27 02:31:06.750000,1729992599.1,support,PJSIP/201,COMPLETEAGENT,6,60,1,,",
    ]
    records = read(tmp_path, head, *lines, name="log.csv", timezone="Europe/Berlin")
    assert rows(records) == [["answered", 6.5, "201", 60]]
    assert records.clock == 1e-6
    assert records.scenario.opens_at == "02:00"
    assert records.calls["arrives_at"].tolist() == [1800.25]  # the second 02:30 of the day
    assert not any("autumn" in note for note in records.notes)
    one = ["time,callid,queuename,agent,event,data"]
    one += [
        "2024-03-04 09:00:00.250000,1709539200.1,support,NONE,ENTERQUEUE,|1|1",
        "2024-03-04 09:00:06.750000,1709539200.1,support,PJSIP/201,CONNECT,6|x|6",
        "2024-03-04 09:01:06.750000,1709539200.1,support,PJSIP/201,COMPLETEAGENT,6|60|1",
    ]
    records = read(tmp_path, *one, name="log.csv", timezone="Europe/Berlin")
    assert rows(records) == [["answered", 6.5, "201", 60]]
    assert (records.rings["ended_at"] - records.rings["started_at"]).tolist() == [6]


def test_thirdlanes_table(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "uid,date_time,callid,queue_name,type,event,param1,param2,param3,entpos,expos,htime,ttime,"
        "time",
        "1,1709539200,1709539190.1,IT,NONE,ENTERQUEUE,0301,,,1,0,0,0,2024-03-04 03:00:00",
        "2,1709539210,1709539190.1,IT,Agent/202,RINGNOANSWER,0301,,,1,1,9000,0,2024-03-04 03:00:10",
        "3,1709539216,1709539190.1,IT,Agent/201,CONNECT,,1709539210.9,6,0,0,16,0,2024-03-04 03:00",
        "4,1709539276,1709539190.1,IT,Agent/201,COMPLETECALLER,0301,,,1,0,16,60,2024-03-04 03:01",
        "5,1709539300,1709539300.2,NONE,Agent/201,OUTDIAL,7010,,,0,0,0,0,2024-03-04 03:01:40",
        "6,1709539300,1709539300.2,NONE,Agent/201,OUTDIAL,7010,,,0,0,0,0,2024-03-04 03:01:40",
        "7,1709539340,1709539300.2,NONE,Agent/201,OUTANSWER,7010,COMPLETEAGENT,,0,0,4,36,"
        "2024-03-04 03:02:20",
        name="log.csv",
        group="IT",
    )
    assert rows(records) == [["answered", 16, "201", 60]]
    assert (records.rings["ended_at"] - records.rings["started_at"]).tolist() == [9, 6]
    assert records.own_calls[["extension", "talk_time"]].to_numpy().tolist() == [["201", 36.0]]
    assert "Rows left out because they repeat an earlier row: 1;" in said_by(records)


def test_a_named_queue_can_be_given_its_number(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(
        "1709539205|1.1|support|NONE|ENTERQUEUE||0301|1\n"
        "1709539211|1.1|support|PJSIP/201|CONNECT|6|1.9|6\n"
        "1709539271|1.1|support|PJSIP/201|COMPLETECALLER|6|60|1\n"
    )
    records = rs.read_records(path, group="support", members={"support": "600"})
    assert (records.group, list(records.calls["answered_by"])) == ("600", ["201"])


def test_endpoints_of_one_tenant_are_different_people(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(
        "".join(
            f"{1709539205 + 99 * n}|1.{n}|600|NONE|ENTERQUEUE||0301|1\n"
            f"{1709539211 + 99 * n}|1.{n}|600|PJSIP/acme-100{n}|CONNECT|6|1.9|6\n"
            f"{1709539271 + 99 * n}|1.{n}|600|PJSIP/acme-100{n}|COMPLETECALLER|6|60|1\n"
            for n in range(3)
        )
    )
    assert rs.read_records(path, group="600").calls["answered_by"].nunique() == 3
