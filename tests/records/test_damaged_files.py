"""Files that another program sorted, saved anew or cut: read as the original, or refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim import _sources
from ringsim._sources import Source, decoded
from ringsim.records import _csv, write
from support.profiles import PROFILE

EXAMPLES = max(4, PROFILE.examples // 16)
MEMBERS = ["201", "202"]
TABLES = ("freepbx_cdr", "asterisk_cel", "freeswitch_cdr", "webex", "csv")


@cache
def text_of(name: str) -> str:
    """Return a played hour of a hunt as a file of a format, lines ended by a line feed."""
    scenario = rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "members": MEMBERS,
                "ring_strategy": "PRIORITIZED_HUNT",
                "ring_time": 10,
            }
        ],
        opens_at="08:00",
    )
    script = rs.Workload(
        arrives_at=[5.0, 65.0, 125.0, 300.0],
        talk_time=[30.0, 40.0, 50.0, 60.0],
        patience=[100.0, 100.0, 7.0, 100.0],
        answer_delay={"201": [4.0, 1000.0, 1000.0, 1000.0], "202": [3.0, 6.0, 3.0, 1000.0]},
        own_calls=[(200.0, "201", 30.0)],
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calls"
        write(rs.play(scenario, script), path, format=name, starts_at="2024-03-04 08:00:00")
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def rows_of(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def text_from(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def read(text: str, **asked: Any) -> rs.Records:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calls.csv"
        path.write_text(text, encoding="utf-8")
        return rs.read_records(path, **{"group": "600", "timezone": "UTC"} | asked)


def check_same(got: rs.Records, wanted: rs.Records) -> None:
    assert got.grade == wanted.grade
    for name in ("calls", "rings", "own_calls"):
        pd.testing.assert_frame_equal(getattr(got, name), getattr(wanted, name))


def reordered(text: str, order: list[int], has_header: bool) -> str:
    lines = text.splitlines()
    head, rows = lines[:has_header], lines[has_header:]
    return "\n".join([*head, *(rows[at] for at in order if at < len(rows))]) + "\n"


def orders(text: str, has_header: bool) -> st.SearchStrategy[list[int]]:
    n = len(text.splitlines()) - has_header
    return st.permutations(range(n)) | st.just(list(range(n))[::-1])


@pytest.mark.parametrize("name", ["asterisk_cdr", "queue_log", *TABLES])
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_rows_may_have_any_order(name: str, data: st.DataObject) -> None:
    has_header = name in TABLES
    order = data.draw(orders(text_of(name), has_header))
    check_same(read(reordered(text_of(name), order, has_header)), read(text_of(name)))


QUEUE = """\
calldate,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,\
uniqueid,linkedid,sequence
2024-03-04 09:00:00,0301,600,in,PJSIP/t-1,Local/201@a-01;1,Queue,"600,t",10,10,NO ANSWER,1.1,1.1,1
2024-03-04 09:00:10,0301,600,in,PJSIP/t-1,Local/202@a-02;1,Queue,"600,t",6,6,ANSWERED,1.1,1.1,4
2024-03-04 09:00:16,0301,600,in,PJSIP/t-1,Local/202@b-03;1,Queue,"600,t",60,60,ANSWERED,1.1,1.1,8
"""


@settings(max_examples=EXAMPLES)
@given(order=st.permutations(range(3)))
def test_a_talk_with_a_row_of_its_own_may_come_before_the_ring(order: list[int]) -> None:
    """Exports of the table often have the newest row first."""
    records = read(reordered(QUEUE, order, has_header=True))
    [call] = records.calls.to_dict("records")
    assert (call["wait"], call["answered_by"], call["talk_time"]) == (16, "202", 60)
    rings = records.rings
    assert (rings["ended_at"] - rings["started_at"]).tolist() == [10, 6]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("name", ["asterisk_cdr", *TABLES])
def test_a_spreadsheet_or_a_database_may_write_other_delimiters(name: str, delimiter: str) -> None:
    text = text_from(rows_of(text_of(name)), delimiter)
    check_same(read(text), read(text_of(name)))


def test_a_title_above_the_columns_does_not_hide_the_delimiter() -> None:
    steps = (
        "Report of March\n"
        "Call Time;Caller ID;Destination;Status;Ringing;Talking\n"
        "2024-03-04T09:00:00;0301;Sales (600);Unanswered;0:00:21;0:00:00\n"
    )
    assert read(steps).calls["wait"].tolist() == [21]


def without(*names: str) -> Callable[[str], str]:
    """Return a function that takes some columns from a table."""

    def cut(text: str) -> str:
        rows = rows_of(text)
        kept = [at for at, name in enumerate(rows[0]) if name not in names]
        assert len(kept) == len(rows[0]) - len(names)
        return text_from([[row[at] for at in kept] for row in rows])

    return cut


NEEDED = [
    ("freepbx_cdr", ("duration",), "end or duration"),
    ("freepbx_cdr", ("billsec",), "answer or billsec"),
    ("freeswitch_cdr", ("uuid",), "uuid or xml_cdr_uuid"),
    (
        "freeswitch_cdr",
        ("answer_uepoch", "answer_stamp"),
        "answer_stamp or answer_epoch or answer_uepoch",
    ),
    (
        "freeswitch_cdr",
        ("end_uepoch", "end_stamp", "duration"),
        "end_stamp or end_epoch or end_uepoch or duration",
    ),
    ("webex", ("Answer time",), "answer time"),
    ("webex", ("Release time", "Duration"), "release time or duration"),
    ("webex", ("Redirect reason",), "redirect reason"),
    ("webex", ("Called number",), "called number or user"),
]


@pytest.mark.parametrize(("name", "columns", "said"), NEEDED)
def test_a_table_without_a_column_of_its_times_or_links_is_refused(
    name: str, columns: tuple[str, ...], said: str
) -> None:
    """Otherwise every wait would be 0, or every call unanswered, and nothing would say so."""
    with pytest.raises(rs.ConfigurationError) as caught:
        read(without(*columns)(text_of(name)))
    assert f"must have the column {said}, got '" in str(caught.value)


def test_portsip_without_answers_is_refused() -> None:
    rows = [
        {key: value for key, value in leg.items() if key != "answered_at"}
        for leg in json.loads(text_of("portsip"))["items"]
    ]
    with pytest.raises(rs.ConfigurationError, match=r"must have the fields .*answered_at"):
        read(json.dumps(rows))


THIRDLANE = """\
date_time,callid,queue_name,type,event,param1,param3,htime,ttime
1709539200,1709539190.1,600,NONE,ENTERQUEUE,,,0,0
1709539216,1709539190.1,600,Agent/201,CONNECT,,6,16,0
1709539276,1709539190.1,600,Agent/201,COMPLETECALLER,,,16,60
"""
REALTIME = """\
time,callid,queuename,agent,event,data1,data2,data3
1709539200,1709539190.1,600,NONE,ENTERQUEUE,,,
1709539210,1709539190.1,600,PJSIP/202,RINGNOANSWER,10000,,
"""


@pytest.mark.parametrize("column", ["param1", "param3", "htime", "ttime"])
def test_a_queue_log_of_thirdlane_without_a_column_is_refused(column: str) -> None:
    assert len(read(THIRDLANE).calls) == 1
    with pytest.raises(rs.ConfigurationError, match=f"must have the column {column}, got "):
        read(without(column)(THIRDLANE))


def test_a_table_of_queue_log_without_data_is_refused() -> None:
    with pytest.raises(rs.ConfigurationError, match="must have the column data1 or data, got "):
        read(without("data1", "data2", "data3")(REALTIME))


def test_the_answer_of_a_table_may_be_in_billsec_although_it_has_an_end() -> None:
    text = (
        "start,end,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition\n"
        "2024-03-04 09:00:00,2024-03-04 09:01:05,600,ext-group,PJSIP/t-1,PJSIP/201-2,Dial,"
        '"PJSIP/201,20",65,60,ANSWERED\n'
    )
    calls = read(text).calls
    assert (calls["wait"].tolist(), calls["talk_time"].tolist()) == ([5], [60])


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_says_so(name: str) -> None:
    head = text_of(name).splitlines()[0] + "\n"
    mapping = {"arrived_at": "arrived_at"} if name == "csv" else None
    with pytest.raises(rs.ConfigurationError, match="must have rows of calls, and has none"):
        read(head, mapping=mapping)


def test_rows_of_the_wrong_length_are_named_where_none_is_left() -> None:
    head, *rows = text_of("freepbx_cdr").splitlines()
    with pytest.raises(rs.ConfigurationError) as caught:
        read("\n".join([head, *(f"{row},more" for row in rows)]))
    assert "must have rows of calls, and has none. Rows left out because they have more" in str(
        caught.value
    )


def test_a_ring_of_a_phone_without_a_number_is_left_out() -> None:
    rows = rows_of(text_of("webex"))
    at = rows[0].index("Called number")
    kind = rows[0].index("User type")
    legs = [row for row in rows[1:] if row[kind] == "User" and row[at] == "202"]
    legs[0][at] = ""
    records = read(text_from(rows))
    assert len(records.rings) == len(read(text_of("webex")).rings) - 1
    [said] = [note for note in records.notes if "phone has no number: 1; first for the" in note]
    assert "calls.csv row " in said


@pytest.mark.parametrize("size", [2, 7, 100])
@pytest.mark.parametrize("name", ["queue_log", *TABLES])
def test_a_file_is_read_alike_in_blocks_and_chunks_of_any_size(
    name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = read(text_of(name))
    monkeypatch.setattr(_csv, "BLOCK", size)
    monkeypatch.setattr(_csv, "CHUNK", size)
    check_same(read(text_of(name)), wanted)


def test_blocks_are_freed_when_they_have_been_read(tmp_path: Path) -> None:
    """A file of a million rows and its columns would be in memory together."""
    path = tmp_path / "calls.csv"
    path.write_text("a,b\n" * 1000, encoding="utf-8")
    data = path.read_bytes()
    blocks = [data[at : at + 100] for at in range(0, len(data), 100)]
    chunks = _csv._chunks(Source(path), blocks, "utf-8", ",", True, 2, 0)
    assert sum(map(len, chunks)) == 1000
    assert blocks == []


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_an_encoding_is_told_block_by_block(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sources, "BLOCK", size)
    for text in ("M\u00fc", "\u0141", "\U0001f642"):
        assert decoded(text.encode())[1] == "utf-8"
        assert decoded(text.encode()[:-1])[1] == "cp1252"
    assert decoded("M\u00fcller".encode("cp1252"))[1] == "cp1252"
