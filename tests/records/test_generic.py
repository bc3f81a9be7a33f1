"""Tables of the user's own, with every form of the mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ringsim as rs

MAP = {
    "arrived_at": "When",
    "group": "Queue",
    "wait": "Wait",
    "talk_time": "Talk",
    "answered_by": "Agent",
    "outcome": "Result",
    "outcomes": {"Handled": "answered", "Lost": "abandoned", "Full": "overflowed", "IVR": "ignore"},
}
HEAD = "When,Queue,Wait,Talk,Agent,Result"


def read(folder: Path, *lines: str, name: str = "calls.csv", **asked: Any) -> rs.Records:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return rs.read_records(path, **{"group": "600", "mapping": MAP} | asked)


def rows(records: rs.Records) -> list[list[Any]]:
    frame = records.calls[["outcome", "wait", "answered_by", "talk_time"]].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def test_outcomes_groups_and_own_calls(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        HEAD,
        "2024-03-04 09:00:00,600,7,60,201,Handled",
        "2024-03-04 09:01:00,600,20,,,Lost",
        "2024-03-04 09:02:00,600,30,,,Full",
        "2024-03-04 09:03:00,600,1,9,,IVR",
        "2024-03-04 09:04:00,601,5,40,201,Handled",
        "2024-03-04 09:05:00,601,5,40,301,Handled",
    )
    assert records.grade == "C"
    assert rows(records) == [
        ["answered", 7, "201", 60],
        ["abandoned", 20, None, None],
        ["overflowed", 30, None, None],
    ]
    own = records.own_calls[["extension", "started_at", "talk_time"]]
    assert own.to_numpy().tolist() == [["201", 245.0, 40.0]]
    assert records.summary().loc["rings_per_call", "note"] == "not recorded (grade C)"
    assert records.members()["ring_no_answer"].isna().all()


def test_a_lost_call_of_another_group_is_no_own_call(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "call,group,arrived_at,ended_at,answered_at,answered_by,outcome,member,"
        "ring_started_at,ring_ended_at,ring_result",
        "1,600,2024-03-04 09:00:00,2024-03-04 09:01:00,2024-03-04 09:00:05,201,answered,201,"
        "2024-03-04 09:00:00,2024-03-04 09:00:05,answered",
        "2,700,2024-03-04 09:02:00,2024-03-04 09:02:40,,,abandoned,201,"
        "2024-03-04 09:02:00,2024-03-04 09:02:40,caller_gave_up",
        "3,700,2024-03-04 09:03:00,2024-03-04 09:04:00,2024-03-04 09:03:10,,answered,201,"
        "2024-03-04 09:03:00,2024-03-04 09:03:10,answered",
        "3,700,2024-03-04 09:03:00,2024-03-04 09:04:00,2024-03-04 09:03:10,,answered,202,"
        "2024-03-04 09:03:00,2024-03-04 09:03:10,answered_elsewhere",
        mapping=None,
    )
    own = records.own_calls[["extension", "started_at", "talk_time"]]
    assert own.to_numpy().tolist() == [["201", 190.0, 50.0]]


def test_a_number_that_is_made_up_is_nobody_elses(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        HEAD,
        "2024-03-04 09:00:00,600,7,60,Anna Smith,Handled",
        "2024-03-04 09:01:00,600,7,60,9001,Handled",
    )
    assert list(records.calls["answered_by"]) == ["9002", "9001"]


def test_decimal_commas_are_read_and_other_texts_are_named(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        HEAD.replace(",", ";"),
        "2024-03-04 09:00:00;600;5,5;61,25;201;Handled",
        "2024-03-04 09:01:00;600;0:00:07,5;60;201;Handled",
        "2024-03-04 09:02:00;600;3 s;60;201;Handled",
        "2024-03-04 09:03:00;600;1,234;60;201;Handled",
    )
    assert rows(records) == [["answered", 5.5, "201", 61.25], ["answered", 7.5, "201", 60]]
    [note] = [each for each in records.notes if each.startswith("Rows whose wait is not a")]
    assert note.startswith("Rows whose wait is not a duration such as 7.5 or 0:01:30: 2; first at")
    assert note.endswith("calls.csv row 4, '3 s'.")


def test_a_table_without_outcomes_cannot_say_who_gave_up(tmp_path: Path) -> None:
    told = "Calls that nobody answered, of which the table does not say whether the caller gave up"
    lines = [
        HEAD,
        "2024-03-04 09:00:00,600,7,60,201,",
        "2024-03-04 09:01:00,600,45,,,",
        "2024-03-04 09:02:00,600,45,,,",
    ]
    [note] = [each for each in read(tmp_path, *lines).notes if each.startswith(told)]
    assert "gave up, and which count as given up: 2; first at " in note
    assert note.endswith("calls.csv row 3.")
    lines[2:] = ["2024-03-04 09:01:00,600,45,,,Lost", "2024-03-04 09:02:00,600,45,,,Full"]
    assert not any(each.startswith(told) for each in read(tmp_path, *lines).notes)


@pytest.mark.parametrize("changed", ["2024-10-27", "2024-03-31"])
def test_seconds_of_a_day_are_those_of_its_clock(changed: str, tmp_path: Path) -> None:
    """Clocks are changed at night, in groups that are open then; nine is nine all the same."""
    days = ["2024-09-01", changed, "2024-11-01"]
    records = read(
        tmp_path,
        HEAD,
        *(
            f"{day} {at},600,7,60,201,Handled"
            for day in days
            for at in ("00:30:00", "09:00:00", "23:30:00")
        ),
        timezone="Europe/Berlin",
    )
    assert records.scenario.hours == 24
    assert records.calls["arrives_at"].tolist() == [1800, 32400, 84600] * 3


def test_an_answer_settles_the_hour_that_autumn_repeats(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "arrived_at,answered_at,ended_at,answered_by",
        "2024-10-27 02:59:50,2024-10-27 03:00:05,2024-10-27 03:02:00,201",
        "2024-10-27 02:30:00,2024-10-27 02:30:05,2024-10-27 02:32:00,201",
        mapping=None,
        timezone="Europe/Berlin",
    )
    assert records.calls["wait"].tolist() == [5, 15]
    [note] = [each for each in records.notes if "hour that autumn repeats" in each]
    assert "(the first is assumed): 1; first at " in note


def test_a_mapping_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "map.toml"
    file.write_text(
        'arrived_at = "When"\nwait = "Wait"\ntalk_time = "Talk"\nanswered_by = "Agent"\n'
        '[members]\n"Anna Smith" = "201"\n'
    )
    records = read(
        tmp_path,
        "When,Wait,Talk,Agent",
        "2024-03-04 09:00:00,0:00:07,PT1M,Anna Smith",
        mapping=file,
    )
    assert rows(records) == [["answered", 7, "201", 60]]


@pytest.mark.parametrize(
    ("when", "zone", "opens_at"),
    [
        ("2024-03-04T09:00:00+01:00", "Europe/Berlin", "09:00"),
        ("2024-03-04T08:00:00Z", "Europe/Berlin", "09:00"),
        ("1709539200", "Europe/Berlin", "09:00"),
        ("1709539200000", "Europe/Berlin", "09:00"),
        ("2024-03-04 09:00:00", "Europe/Berlin", "09:00"),
        ("2024-03-04 09:00:00", None, "09:00"),
        ("1709539200", None, "08:00"),
        ("4.3.2024 9:00:00", None, "09:00"),
        ("03/14/2024 9:00:00 PM", None, "21:00"),
    ],
)
def test_forms_of_instants(tmp_path: Path, when: str, zone: str | None, opens_at: str) -> None:
    order = {"date_format": "dmy"} if "." in when else {}
    records = read(
        tmp_path, HEAD, f"{when},600,7,60,201,Handled", timezone=zone, mapping={**MAP, **order}
    )
    assert records.scenario.opens_at == opens_at
    assert rows(records) == [["answered", 7, "201", 60]]


def test_date_and_time_in_two_columns(tmp_path: Path) -> None:
    mapping = {"date": "Day", "time": "Clock", "wait": "Wait", "talk_time": "Talk"}
    records = read(tmp_path, "Day,Clock,Wait,Talk", "2024-03-04,09:00:10,7,60", mapping=mapping)
    assert rows(records) == [["answered", 7, None, 60]]
    assert any("do not say by whom" in note for note in records.notes)


def test_durations_that_include_the_wait_or_not_and_milliseconds(tmp_path: Path) -> None:
    line = "2024-03-04 09:00:00,7000,67000,201"
    mapping = {
        "arrived_at": "at",
        "wait": "wait",
        "duration": "all",
        "answered_by": "who",
        "unit": "ms",
    }
    both = read(
        tmp_path, "at,wait,all,who", line, mapping={**mapping, "duration_includes_wait": True}
    )
    assert rows(both) == [["answered", 7, "201", 60]]
    without = read(tmp_path, "at,wait,all,who", line, mapping=mapping)
    assert rows(without) == [["answered", 7, "201", 67]]


def test_answered_at_and_ended_at(tmp_path: Path) -> None:
    mapping = {"arrived_at": "a", "answered_at": "b", "ended_at": "c", "answered_by": "d"}
    records = read(
        tmp_path,
        "a,b,c,d",
        "2024-03-04 09:00:00,2024-03-04 09:00:07,2024-03-04 09:01:07,201",
        "2024-03-04 09:02:00,,2024-03-04 09:02:30,",
        mapping=mapping,
    )
    assert rows(records) == [["answered", 7, "201", 60], ["abandoned", 30, None, None]]


def test_a_call_of_which_nothing_says_how_long_it_waited(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "a,b",
        "2024-03-04 09:00:00,7",
        "2024-03-04 09:00:00,",
        mapping={"arrived_at": "a", "wait": "b"},
    )
    assert rows(records) == [["abandoned", 7, None, None]]
    assert any(
        "Calls left out because their wait is not known: 1;" in note for note in records.notes
    )


def test_legs_with_rings(tmp_path: Path) -> None:
    mapping = {
        "arrived_at": "at",
        "call": "id",
        "wait": "wait",
        "talk_time": "talk",
        "member": "phone",
        "ring_started_at": "from",
        "ring_time": "secs",
        "ring_result": "how",
        "ring_results": {"won": "answered", "lost": "answered_elsewhere", "busy": "ignore"},
    }
    records = read(
        tmp_path,
        "id,at,wait,talk,phone,from,secs,how",
        "a,2024-03-04 09:00:00,7,60,201,2024-03-04 09:00:00,7,won",
        "a,2024-03-04 09:00:00,7,60,202,2024-03-04 09:00:00,7,lost",
        "a,2024-03-04 09:00:00,7,60,203,2024-03-04 09:00:00,0,busy",
        mapping=mapping,
    )
    assert records.grade == "A"
    assert rows(records) == [["answered", 7, "201", 60]]
    assert records.rings["result"].tolist() == ["answered", "answered_elsewhere"]


def test_other_delimiters_byte_order_marks_and_utf_16(tmp_path: Path) -> None:
    lines = [HEAD, "2024-03-04 09:00:00,600,7,60,201,Handled"]
    for mark, encoding in ((";", "utf-8-sig"), ("\t", "utf-16"), ("|", "cp1252")):
        text = "\n".join(line.replace(",", mark) for line in lines)
        path = tmp_path / "calls.txt"
        path.write_bytes(text.encode(encoding))
        records = rs.read_records(path, group="600", mapping=MAP)
        assert rows(records) == [["answered", 7, "201", 60]]


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame(
        {
            "When": pd.to_datetime(["2024-03-04 09:00:00", "2024-03-04 09:01:00"]),
            "Queue": [600, 600],
            "Wait": [7.0, 20.0],
            "Talk": [60.0, None],
            "Agent": ["201", None],
            "Result": ["Handled", "Lost"],
        }
    )
    path = tmp_path / "calls.parquet"
    frame.to_parquet(path)
    records = rs.read_records(path, group="600", mapping=MAP)
    assert rows(records) == [["answered", 7, "201", 60], ["abandoned", 20, None, None]]
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(rs.ConfigurationError, match="must be a Parquet file"):
        rs.read_records(path, group="600", mapping=MAP)


def test_columns_with_the_names_of_the_keys_need_no_mapping(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "arrived_at,wait,talk_time,answered_by",
        "2024-03-04 09:00:00,7,60,201",
        mapping=None,
    )
    assert rows(records) == [["answered", 7, "201", 60]]
