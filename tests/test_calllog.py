"""The log as data frames and files: columns, types, order of rows, and reading back.

The tests of the rules check the contents of the rows.
"""

from __future__ import annotations

import csv
import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ringsim as rs
from ringsim._week_log import WeekLog
from ringsim.calllog import FRAMES, CallLog
from support.played import INF, frames, group, rows, scene, script

OUTCOMES = ["answered", "abandoned", "overflowed"]
ACTIONS = ["HANGUP", "FORWARD_TO_VOICEMAIL", "FORWARD_TO_NUMBER", "LOOP"]
RESULTS = [
    "answered",
    "ring_no_answer",
    "answered_elsewhere",
    "caller_gave_up",
    "paged",
    "declined",
]
GROUPS = ["600", "601", "602"]
PEOPLE = ["201", "202", "203", "204"]
COLUMNS: dict[str, dict[str, Any]] = {  # a list is that of a categorical's categories
    "calls": {
        "call": "int64",
        "group": GROUPS,
        "arrives_at": "float64",
        "outcome": OUTCOMES,
        "wait": "float64",
        "answered_by": PEOPLE,
        "talk_time": "float64",
        "wrap_up_time": "float64",
        "patience": "float64",
        "n_rings": "int64",
        "ended_in": GROUPS,
        "action": ACTIONS,
    },
    "rings": {
        "call": "int64",
        "group": GROUPS,
        "member": PEOPLE,
        "started_at": "float64",
        "ended_at": "float64",
        "result": RESULTS,
    },
    "visits": {
        "call": "int64",
        "group": GROUPS,
        "entered_at": "float64",
        "left_at": "float64",
        "passes": "int64",
        "n_rings": "int64",
        "found": "int64",
    },
    "own_calls": {
        "extension": PEOPLE,
        "started_at": "float64",
        "talk_time": "float64",
        "taken": "bool",
    },
    "pauses": {
        "extension": PEOPLE,
        "group": GROUPS,
        "started_at": "float64",
        "ended_at": "float64",
    },
}

SCENARIO = scene(
    group("B A", "RING_SIMULTANEOUSLY", "600", to="601"),
    group("C", number="601", to="600"),
    group("A", "PAGING_INTERCOM", "602", action="FORWARD_TO_VOICEMAIL"),
    duty={"D": []},
)
# People are numbered as the groups list them, B first: the categories are in that order.
PEOPLE_AS_LISTED = ["202", "201", "203", "204"]


def a_day() -> CallLog:
    """Return a log with late arrivals first, all outcomes, a page, a loop and own calls."""
    return rs.play(
        SCENARIO,
        script(
            *(1000, 0, 500.25, 600, 2000),
            talk=[60, 30, 45, 50, 70],
            wrap_up=10,
            patience=[INF, INF, 12, INF, INF],
            to=["600", "600", "600", "602", "600"],
            A=[INF, 4, INF, INF, INF],
            B=[INF, INF, INF, INF, 7],
            C=[INF, INF, INF, INF, INF],
            own=[(1500, "D", 20), (1500, "C", 20), (2, "C", 3)],
        ),
    )


def without_calls() -> CallLog:
    return rs.play(SCENARIO, script())


LOGS = pytest.mark.parametrize("log", [a_day(), without_calls()], ids=["a day", "without calls"])
OF_EVERY_FRAME = pytest.mark.parametrize("frame", COLUMNS)


# Columns


@LOGS
@OF_EVERY_FRAME
def test_columns_and_types_are_fixed_whatever_happened(log: CallLog, frame: str) -> None:
    table = getattr(log, frame)
    assert list(table.columns) == list(COLUMNS[frame])
    for name, kind in COLUMNS[frame].items():
        if isinstance(kind, list):
            expected = PEOPLE_AS_LISTED if kind is PEOPLE else kind
            assert table[name].cat.categories.tolist() == expected
            assert not table[name].cat.ordered
        else:
            assert table[name].dtype == kind


def test_every_frame_can_be_written() -> None:
    assert tuple(COLUMNS) == FRAMES


def test_without_groups_everything_is_empty() -> None:
    scenario = rs.Scenario(groups=[])
    log = rs.play(scenario, rs.Workload.draw(scenario))
    assert {name: len(getattr(log, name)) for name in FRAMES} == dict.fromkeys(FRAMES, 0)
    assert log.calls["group"].cat.categories.empty
    assert log.calls["outcome"].cat.categories.tolist() == OUTCOMES
    assert repr(log) == "<CallLog of 0 calls: 0 answered, 0 abandoned, 0 overflowed>"
    assert log.members().empty
    assert log.summary().loc["offered", "estimate"] == 0
    assert log.intervals()["offered"].sum() == 0


def test_without_calls_nothing_is_in_the_frames() -> None:
    log = without_calls()
    assert {name: len(getattr(log, name)) for name in FRAMES} == dict.fromkeys(FRAMES, 0)


# Rows


def test_calls_are_in_the_order_of_the_workload() -> None:
    """Call 0 arrives last but one."""
    assert rows(a_day().calls, "call", "arrives_at", "outcome", "ended_in", "n_rings") == [
        (0, 1000, "overflowed", "601", 3),
        (1, 0, "answered", "600", 2),
        (2, 500.25, "abandoned", "600", 2),
        (3, 600, "answered", "602", 1),
        (4, 2000, "answered", "600", 2),
    ]


def test_what_there_is_not_is_missing() -> None:
    """Nobody answered call 0 or by hand the page 3; only call 0 was refused a forward."""
    assert rows(a_day().calls, "answered_by", "talk_time", "action") == [
        (None, None, "LOOP"),
        ("201", 30, None),
        (None, None, None),
        (None, 50, None),
        ("202", 70, None),
    ]


def test_wrap_up_and_patience_are_the_workloads_whatever_came_of_them() -> None:
    calls = a_day().calls
    assert calls["wrap_up_time"].tolist() == [10] * 5
    assert calls["patience"].tolist() == [INF, INF, 12, INF, INF]


def test_rings_are_ordered_by_call_then_time_then_configured_order() -> None:
    """In 600 B is configured before A."""
    assert rows(a_day().rings, "call", "group", "member", "started_at", "result") == [
        (0, "600", "202", 1000, "ring_no_answer"),
        (0, "600", "201", 1000, "ring_no_answer"),
        (0, "601", "203", 1020, "ring_no_answer"),
        (1, "600", "202", 0, "answered_elsewhere"),
        (1, "600", "201", 0, "answered"),
        (2, "600", "202", 500.25, "caller_gave_up"),
        (2, "600", "201", 500.25, "caller_gave_up"),
        (3, "602", "201", 600, "paged"),
        (4, "600", "202", 2000, "answered"),
        (4, "600", "201", 2000, "answered_elsewhere"),
    ]


def test_visits_are_ordered_by_call_then_time() -> None:
    assert rows(a_day().visits) == [
        (0, "600", 1000, 1020, 1, 2, 2),
        (0, "601", 1020, 1040, 1, 1, 1),
        (1, "600", 0, 4, 1, 2, 2),
        (2, "600", 500.25, 512.25, 1, 2, 2),
        (3, "602", 600, 600, 1, 1, 1),
        (4, "600", 2000, 2007, 1, 2, 2),
    ]


def test_own_calls_are_in_the_order_of_the_workload() -> None:
    """D is never on duty."""
    assert rows(a_day().own_calls) == [
        ("204", 1500, 20, False),
        ("203", 1500, 20, True),
        ("203", 2, 3, True),
    ]


def test_a_log_is_told_by_its_counts() -> None:
    assert repr(a_day()) == "<CallLog of 5 calls: 3 answered, 1 abandoned, 1 overflowed>"


def test_counts_of_a_large_log_are_written_alike() -> None:
    office = rs.Scenario(groups=[{"extension_number": "600"}], days=["mon", "tue"])
    n_calls = 1_500
    calls = rs.Workload(arrives_at=range(n_calls), talk_time=1)
    log, another = (rs.play(office.on(day), calls) for day in office.days)
    counts = "calls: 0 answered, 0 abandoned,"
    assert repr(log) == f"<CallLog of 1,500 {counts} 1,500 overflowed>"
    assert repr(WeekLog(office, [log, another])) == (
        f"<WeekLog of 2 days, 3,000 {counts} 3,000 overflowed>"
    )


# Files


@LOGS
@OF_EVERY_FRAME
def test_csv_comes_back_as_it_was(log: CallLog, frame: Any, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    log.to_csv(file, frame)
    table = getattr(log, frame)
    pd.testing.assert_frame_equal(pd.read_csv(file, dtype=table.dtypes.to_dict()), table)


def test_csv_keeps_every_bit_of_a_float(tmp_path: Path) -> None:
    log = rs.play(scene("A"), script(0.1, 1 / 3, 1e6 + 0.7, A=1e-7))
    log.to_csv(tmp_path / "log.csv")
    with (tmp_path / "log.csv").open(newline="") as file:
        written = [float(row["wait"]) for row in csv.DictReader(file)]
    assert written == log.calls["wait"].tolist()
    assert written[0] != 1e-7


def test_csv_is_plain_text_with_a_row_of_names(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    a_day().to_csv(str(file), "own_calls")
    assert file.read_bytes().decode("utf-8").split("\n") == [
        "extension,started_at,talk_time,taken",
        "204,1500.0,20.0,False",
        "203,1500.0,20.0,True",
        "203,2.0,3.0,True",
        "",
    ]


@OF_EVERY_FRAME
def test_parquet_comes_back_as_it_was(frame: Any, tmp_path: Path) -> None:
    """Categories that no row has included, and columns in which all is missing."""
    file = tmp_path / "log.parquet"
    all_answered = rs.play(scene("A B"), script(0, 100, A=5, own=[(50, "B", 3)]))
    pausing = {"extension_number": "600", "members": ["201"], "rules": {"auto_pause_after": 1}}
    paused = rs.play(rs.Scenario(groups=[pausing]), rs.Workload(arrives_at=[0], talk_time=9))
    for log in (paused,) if frame == "pauses" else (a_day(), all_answered):
        log.to_parquet(file, frame)
        pd.testing.assert_frame_equal(pd.read_parquet(file), getattr(log, frame))


@OF_EVERY_FRAME
def test_parquet_without_rows_comes_back_but_for_the_categories(frame: Any, tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    without_calls().to_parquet(file, frame)
    back, table = pd.read_parquet(file), getattr(without_calls(), frame)
    assert len(back) == 0
    assert back.columns.equals(table.columns)
    assert [kind.name for kind in back.dtypes] == [kind.name for kind in table.dtypes]


WRITERS = pytest.mark.parametrize("write", [CallLog.to_csv, CallLog.to_parquet])


@WRITERS
def test_calls_are_written_unless_another_frame_is_asked_for(write: Any, tmp_path: Path) -> None:
    write(a_day(), tmp_path / "plain")
    write(a_day(), tmp_path / "calls", "calls")
    assert (tmp_path / "plain").read_bytes() == (tmp_path / "calls").read_bytes()


@WRITERS
def test_an_earlier_file_is_replaced(write: Any, tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("what was there before, longer than what comes " * 1000)
    write(a_day(), file)
    write(a_day(), tmp_path / "new")
    assert file.read_bytes() == (tmp_path / "new").read_bytes()


@WRITERS
def test_an_unknown_frame_is_an_error_and_nothing_is_written(write: Any, tmp_path: Path) -> None:
    with pytest.raises(rs.ConfigurationError) as wrong:
        write(a_day(), tmp_path / "log", "ring")
    assert str(wrong.value) == (
        "frame must be one of calls, rings, visits, own_calls, pauses, "
        "got 'ring'. Did you mean 'rings'?"
    )
    assert list(tmp_path.iterdir()) == []


@WRITERS
@pytest.mark.parametrize(
    ("place", "reason"),
    [("no/such/folder/log", "no such file or directory"), (".", "is a directory")],
)
def test_a_place_that_cannot_be_written_is_an_error(
    write: Any, place: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(rs.ConfigurationError) as wrong:
        write(a_day(), tmp_path / place)
    assert str(wrong.value) == (f"{tmp_path / place} must be a file that can be written: {reason}.")
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_pyarrow_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(rs.RingsimError) as wrong:
        a_day().to_parquet(tmp_path / "log.parquet")
    assert str(wrong.value) == (
        "to_parquet() must have pyarrow. Install it with: pip install 'ringsim[parquet]'"
    )
    assert list(tmp_path.iterdir()) == []


# The counting identity


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ([2, 0, 1, 0, -1], "2 answered + 1 abandoned + 1 overflowed"),
        ([2, 0, 1, 3, 0], "2 answered + 1 abandoned + 1 overflowed"),
        ([2, 0, 1, 0], "2 answered + 1 abandoned + 1 overflowed"),
        ([2, 0, 1, 0, 0, 0], "4 answered + 1 abandoned + 1 overflowed"),
    ],
)
def test_a_log_in_which_calls_have_no_outcome_is_refused(outcomes: list[int], told: str) -> None:
    """offered = answered + abandoned + overflowed, asserted at the end of every run."""
    log = a_day()
    broken = dataclasses.replace(log.arrays.calls, outcome=np.array(outcomes))
    with pytest.raises(rs.RingsimError) as wrong:
        CallLog(SCENARIO, dataclasses.replace(log.arrays, calls=broken))
    assert str(wrong.value) == f"The engine must give each of 5 calls an outcome, got {told}."


def test_frames_do_not_share_memory_with_the_log() -> None:
    """Writing to a frame of one's own changes no other log of the same workload."""
    workload = script(0, 10, A=4)
    log = rs.play(scene("A"), workload)
    calls = log.calls
    calls.loc[0, ["arrives_at", "wait"]] = -1.0
    assert workload.arrives_at.tolist() == [0, 10]
    assert log.arrays.calls.wait.tolist() == [4, 0]
    assert frames(rs.play(scene("A"), workload))["calls"][0][2] == 0


@pytest.mark.parametrize("name", ["calls", "rings", "visits", "own_calls"])
def test_a_changed_frame_changes_no_log(name: str) -> None:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    script = rs.Workload(
        arrives_at=[0, 9], talk_time=5, answer_delay={"201": 1}, own_calls=[(50, "201", 3)]
    )
    log = rs.play(scenario, script)
    before = getattr(log, name).copy()
    summary = log.summary()
    frame = getattr(log, name)
    for column in frame.columns:
        frame.loc[0, column] = frame[column].iloc[-1]
    if len(frame) > 1:
        assert not frame.equals(before)
    pd.testing.assert_frame_equal(getattr(log, name), before)
    pd.testing.assert_frame_equal(log.summary(), summary)
    pd.testing.assert_frame_equal(rs.play(scenario, script).summary(), summary)


def test_the_plan_that_is_kept_is_that_of_the_scenario_played() -> None:
    """Also after other scenarios, and other dispatchers for the same scenario."""
    hunt = {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT"}
    groups = (hunt | {"members": ["201", "202"]}, hunt | {"members": ["202", "201"]})
    script = rs.Workload(arrives_at=[0, 100], talk_time=60, answer_delay={"202": 4})
    scenarios = [rs.Scenario(groups=[each]) for each in groups]

    def waits(scenario: rs.Scenario, dispatcher: str | None) -> list[float]:
        return rs.play(scenario, script, dispatcher=dispatcher).calls["wait"].tolist()

    asked = [(0, None), (1, None), (0, None), (0, "RING_SIMULTANEOUSLY"), (0, None)]
    played = [waits(scenarios[at], dispatcher) for at, dispatcher in asked]
    assert played == [[24, 24], [4, 4], [24, 24], [4, 4], [24, 24]]


def test_names_of_columns_are_each_frames_own() -> None:
    group = {"extension_number": "600", "members": ["201"]}
    log = rs.play(rs.Scenario(groups=[group]), rs.Workload(arrives_at=[0], talk_time=1))
    log.calls.columns.name = "columns of mine"
    assert log.calls.columns.name is None
    again = rs.play(log.scenario, rs.Workload(arrives_at=[0], talk_time=1))
    assert again.calls.columns.name is None
