"""Files that cannot be read, or only in part: one sentence each, with file and row."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.records import format_names, write
from support.profiles import PROFILE

MAP = {"arrived_at": "at", "wait": "wait", "talk_time": "talk", "answered_by": "who"}
CSV = "at,wait,talk,who\n"


def table(folder: Path, *lines: str, head: str = CSV, name: str = "calls.csv") -> Path:
    path = folder / name
    path.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def read(path: Any, **asked: Any) -> rs.Records:
    return rs.read_records(path, **{"group": "600", "mapping": MAP} | asked)


def error_of(path: Any, **asked: Any) -> str:
    with pytest.raises(rs.ConfigurationError) as caught:
        read(path, **asked)
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_a_path_that_names_no_file(tmp_path: Path) -> None:
    assert "must name a file, and there is none" in error_of(tmp_path / "none.csv")
    assert "must name a file, and there is none" in error_of(tmp_path / "*.csv")
    assert "must name a file, and there is none" in error_of("a\0b")
    assert "must name at least one file" in error_of([])
    assert "must be a file, a folder" in error_of(7)


def test_an_empty_folder_and_a_broken_gzip(tmp_path: Path) -> None:
    assert error_of(tmp_path) == f"{tmp_path} must hold a file, but the folder is empty."
    (tmp_path / "folder").mkdir()
    assert "but the folder has only folders and hidden files" in error_of(tmp_path)
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress(b"at,wait\n" * 100)[:30])
    assert "calls.csv.gz must be a readable file" in error_of(path)
    path.write_bytes(b"no gzip")
    assert "calls.csv.gz must be a readable file" in error_of(path)


def test_an_unknown_format_says_which_there_are(tmp_path: Path) -> None:
    path = table(tmp_path, "just, some, words", head="")
    said = error_of(path, mapping=None)
    assert all(name in said for name in format_names())
    assert "got 'just, some, words'" in said
    assert "must be auto or one of" in error_of(path, format="queuelog")
    assert "Did you mean 'queue_log'?" in error_of(path, format="queuelog")


@pytest.mark.parametrize("name", [name for name in format_names() if name != "csv"])
def test_a_file_of_another_format(tmp_path: Path, name: str) -> None:
    path = table(tmp_path, "2024-03-04 08:00:00,5,60,201")
    said = error_of(path, format=name, mapping=None)
    assert str(path) in said
    assert "must" in said


def test_a_group_that_no_row_names(tmp_path: Path) -> None:
    path = table(tmp_path, "2024-03-04 08:00:00,5,60,201,601", head="at,wait,talk,who,group\n")
    said = error_of(path, mapping={**MAP, "group": "group"})
    assert said.startswith("group must be named in a row of ")
    assert "The records name 601." in said
    assert "group must be the number or name" in error_of(path, group="")
    assert "group must be the number or name" in error_of(path, group=600)


def test_a_phone_is_no_group(tmp_path: Path) -> None:
    path = table(tmp_path, "2024-03-04 08:00:00,5,60,201,201", head="at,wait,talk,who,group\n")
    assert error_of(path, mapping={**MAP, "group": "group"}, group="201") == (
        f"group must be a group or a queue, and not a phone, in {path}, got '201'. "
        "Calls to 201 ring 201 itself."
    )


def test_stamps_without_seconds_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "2024-03-04 08:00:10,5,60,201", "2020/2/10 22:41,5,60,201")
    said = error_of(path)
    assert "calls.csv row 3 arrived_at must have seconds, got '2020/2/10 22:41'" in said


def test_days_and_months_that_cannot_be_told_apart(tmp_path: Path) -> None:
    path = table(tmp_path, "1/9/2017 08:00:00,5,60,201", "2/9/2017 08:00:00,5,60,201")
    said = error_of(path)
    assert "calls.csv row 2 arrived_at must show whether the day or the month comes first" in said
    for order, dates in (("dmy", "2017-09-01"), ("mdy", "2017-01-09")):
        records = read(path, mapping={**MAP, "date_format": order})
        assert str(records.dates[0]) == dates
    path = table(tmp_path, "1/9/2017 08:00:00,5,60,201", "13/9/2017 08:00:00,5,60,201")
    assert [str(day) for day in read(path).dates] == ["2017-09-01", "2017-09-13"]


def test_a_stamp_that_is_none(tmp_path: Path) -> None:
    said = error_of(table(tmp_path, "yesterday,5,60,201"))
    assert "calls.csv row 2 arrived_at must be an instant" in said
    records = read(table(tmp_path, "2024-03-04 08:00:10,5,60,201", "2024-02-31 08:00:10,5,60,201"))
    assert len(records.calls) == 1
    assert any("calls.csv row 3" in note and "not an instant" in note for note in records.notes)


def test_a_zone_that_is_none_or_wrong(tmp_path: Path) -> None:
    path = table(tmp_path, "2024-03-04 08:00:10,5,60,201")
    for zone in ("Mars/Olympus", "../secret", "", 7):
        assert "timezone must be the name of a time zone" in error_of(path, timezone=zone)
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    log = rs.play(scenario, rs.Workload(arrives_at=[5], talk_time=9, answer_delay={"201": 4}))
    cdr = tmp_path / "Master.csv"
    write(log, cdr, format="asterisk_cdr", starts_at="2024-03-04 08:00:00")
    said = error_of(cdr, mapping=None, timezone="America/New_York")
    assert "timezone must be that of the phone system" in said
    assert "Master.csv row 1 shows that its clock is UTC, got 'America/New_York'" in said
    assert len(read(cdr, mapping=None, timezone="UTC").calls) == 1
    assert len(read(cdr, mapping=None, timezone="Africa/Abidjan").calls) == 1  # the same clock


def test_names_and_numbers_of_members(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "2024-03-04 08:00:10,5,60,Agent/1141",
        "2024-03-05 08:00:10,5,60,Local/1141@agents-0000002b;1",
        "2024-03-05 09:00:10,5,60,Anna Smith",
        "2024-03-05 10:00:10,5,60,21",
    )
    records = read(path)
    assert records.member_numbers == ("021", "1141", "9001")
    two_ways = "Agent/1141 and Local/1141@agents-0000002b;1 are taken for one person, 1141."
    assert two_ways in records.notes
    assert any("Anna Smith = 9001" in note for note in records.notes)
    assert read(path, members={"Anna Smith": "201"}).member_numbers == ("021", "1141", "201")
    assert "members.Anna must be a string of 3 to 64 digits" in error_of(
        path, members={"Anna": "A"}
    )
    assert "members[0] must be a string" in error_of(path, members=[201])
    assert "members must be numbers" in error_of(path, members="201")


def test_overlaps_single_days_and_people_who_never_answer(tmp_path: Path) -> None:
    records = read(table(tmp_path, "2024-03-04 08:00:10,5,600,201", "2024-03-04 08:01:10,5,60,201"))
    notes = "\n".join(records.notes)
    assert "The records cover 1 day, 2024-03-04" in notes
    assert "Calls that begin while the same person is on another: 1; first 201 at" in notes
    assert "calls.csv row 3" in notes
    assert "No caller gave up" in notes


def test_long_lists_are_cut_and_counted(tmp_path: Path) -> None:
    rows = [f"2024-03-{day:02d} 08:00:10,5,60,201" for day in (4, 20)]
    [said] = [note for note in read(table(tmp_path, *rows)).notes if "not counted" in note]
    assert said.endswith(
        "as days: 2024-03-05, 2024-03-06, 2024-03-07, 2024-03-08, 2024-03-09 and 10 more."
    )
    rows = [f"2024-03-04 08:00:10,5,60,201,6{number:02d}" for number in range(1, 20)]
    path = table(tmp_path, *rows, head="at,wait,talk,who,group\n")
    said = error_of(path, mapping={**MAP, "group": "group"})
    assert said.endswith("611, 612 and 7 more.")
    one = table(tmp_path, "2024-03-04 08:00:10,5,60,201", "2024-03-06 08:00:10,5,60,201")
    assert any(note.endswith("as days: 2024-03-05.") for note in read(one).notes)


def test_exclude_is_a_list_of_dates(tmp_path: Path) -> None:
    path = table(tmp_path, "2024-03-04 08:00:10,5,60,201", "2024-03-05 08:00:10,5,60,201")
    records = read(path, exclude=["2024-03-04"])
    assert [str(day) for day in records.dates] == ["2024-03-05"]
    assert "Calls left out because their dates are excluded: 1." in records.notes
    assert "exclude[0] must be a date such as '2024-12-25'" in error_of(path, exclude=["Xmas"])
    assert "must have at least one call" in error_of(path, exclude=["2024-03-04", "2024-03-05"])


def test_a_mapping_that_the_format_ignores_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(
        "1700000000|1700000000.1|600|NONE|ENTERQUEUE||100|1\n"
        "1700000004|1700000000.1|600|SIP/201|CONNECT|4|1700000000.2|4\n"
        "1700000064|1700000000.1|600|SIP/201|COMPLETECALLER|4|60|1\n",
        "utf-8",
    )
    assert error_of(path, mapping={"wait": "waited"}) == (
        "mapping.wait must not be given: the columns of Asterisk queue_log are known, got "
        "'waited'. Give format='csv' for a table of your own."
    )
    assert len(read(path, mapping={"members": {"SIP/201": "301"}}).calls) == 1


def test_mappings_are_checked(tmp_path: Path) -> None:
    path = table(tmp_path, "2024-03-04 08:00:10,5,60,201")
    said = error_of(path, mapping={**MAP, "arived_at": "at"})
    assert "mapping.arived_at must be one of" in said
    assert "Did you mean 'arrived_at'?" in said
    said = error_of(path, mapping={**MAP, "wait": "waited"})
    assert "mapping.wait must be a column of" in said
    assert "Did you mean 'wait'?" in said
    assert "mapping.unit must be one of s, ms" in error_of(path, mapping={**MAP, "unit": "h"})
    assert "mapping must be a table or the path" in error_of(path, mapping=7)
    assert "mapping.delimiter must be one" in error_of(path, mapping={**MAP, "delimiter": "::"})
    assert "mapping.outcomes must be a table" in error_of(path, mapping={**MAP, "outcomes": 1})


def test_an_outcome_without_a_meaning(tmp_path: Path) -> None:
    path = table(tmp_path, "2024-03-04 08:00:10,5,60,201,Lost", head="at,wait,talk,who,how\n")
    said = error_of(path, mapping={**MAP, "outcome": "how"})
    assert "calls.csv row 2 outcome must be one of answered, abandoned, overflowed, ignore" in said
    assert "Add its meaning to outcomes in the mapping." in said


def test_nothing_is_half_written(tmp_path: Path) -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"], "ring_strategy": "PAGING_INTERCOM"}]
    )
    log = rs.play(scenario, rs.Workload(arrives_at=[5], talk_time=9))
    path = tmp_path / "out.csv"
    path.write_text("before")
    for wrong in (
        {"format": "csv", "starts_at": "2024-03-04 08:00:00"},  # a page
        {"format": "cvs", "starts_at": "2024-03-04 08:00:00"},
        {"format": "csv", "starts_at": "soon"},
        {"format": "csv"},
    ):
        with pytest.raises(rs.ConfigurationError):
            write(log, path, **wrong)
        assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


WORDS = st.sampled_from(
    [
        b"2024-03-04 08:00:10",
        b"1709539210",
        b"1709539210.5",
        b"600",
        b"201",
        b"PJSIP/201-0000000a",
        b"Local/2@x-1;1",
        b"Dial",
        b"Queue",
        b"ANSWERED",
        b"NO ANSWER",
        b"ENTERQUEUE",
        b"CONNECT",
        b"ABANDON",
        b"",
        b'"',
        b'""',
        b"\xff\xfe",
        b"\0",
        b"\xe9",
        b"-5",
        b"1e400",
        b"NaN",
        b"inf",
        b"0000-00-00 00:00:00",
        b"HuntGroup",
        b"TERMINATING",
        b"NORMAL_CLEARING",
        b"{",
        b"[",
        b"}",
    ]
)
HEADS = st.sampled_from(
    [
        b"",
        b"calldate,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,"
        b"uniqueid,linkedid\n",
        b"eventtype,eventtime,exten,channame,appname,appdata,uniqueid,linkedid,extra\n",
        b"start_stamp,answer_stamp,end_stamp,destination_number,hangup_cause,uuid,bleg_uuid\n",
        b"Start time,Answer time,Release time,Direction,Correlation ID,User type,Called number,"
        b"Redirect reason,Ring duration,Answered\n",
        b"Call Time,Caller ID,Destination,Status,Ringing,Talking\n",
        b"session_id,started_at,rang_at,answered_at,ended_at,callee,status_code\n",
        b"time,callid,queuename,agent,event,data1,data2,data3\n",
        b"arrived_at,wait,talk_time,answered_by,call,member,ring_started_at,ring_time,ring_result\n",
    ]
)
FILES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda head, mark, rows: head + b"\n".join(mark.join(row) for row in rows),
        HEADS,
        st.sampled_from([b",", b"|", b";"]),
        st.lists(st.lists(WORDS, min_size=1, max_size=14), max_size=8),
    ),
)


@settings(max_examples=max(40, PROFILE.examples))
@given(
    data=FILES, name=st.sampled_from(["auto", *format_names()]), zone=st.sampled_from([None, "UTC"])
)
@example(data=b"[" * 100_000, name="portsip", zone=None)
@example(data=b'[{"session_id": 1, "started_at": [], "callee": {}}]', name="portsip", zone=None)
@example(data=b"[{}]", name="webex", zone=None)
@example(data=b'"' * 99, name="asterisk_cdr", zone=None)
@example(data=b"PAR1" + b"\0" * 40, name="auto", zone=None)
@example(data=b"\x1f\x8b" + b"\0" * 40, name="auto", zone=None)
def test_hostile_bytes_are_an_error_or_records(data: bytes, name: str, zone: str | None) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hostile"
        path.write_bytes(data)
        try:
            records = rs.read_records(path, group="600", format=name, timezone=zone)
        except rs.RingsimError as wrong:
            said = str(wrong)
        else:
            said = repr(records)
            assert records.summary().loc["offered", "estimate"] > 0
        assert "\n" not in said


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("\n")
    with pytest.raises(rs.ConfigurationError, match=r"calls\.csv must hold call records, and is"):
        rs.read_records(path, group="600")
