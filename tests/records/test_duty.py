"""Sign-ins and pauses of a queue_log, read as hours of duty."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.records import Records, write
from ringsim.records._spans import clipped, length, most_common, overlap, without
from support.profiles import PROFILE

OPENS = 1709539200  # 2024-03-04 08:00:00 UTC, a Monday
DAY = 86400


def lines_of_calls(*starts: int, who: str = "PJSIP/201") -> list[str]:
    """Return calls that wait 6 s, ring 6 s and talk 60 s."""
    return [
        line
        for at in starts
        for line in (
            f"{OPENS + at}|{OPENS + at}.1|600|NONE|ENTERQUEUE||0301|1",
            f"{OPENS + at + 6}|{OPENS + at}.1|600|{who}|CONNECT|6|{OPENS + at}.9|6",
            f"{OPENS + at + 66}|{OPENS + at}.1|600|{who}|COMPLETECALLER|6|60|1",
        )
    ]


def event(at: float, name: str, *data: str, who: str = "PJSIP/201", queue: str = "600") -> str:
    return "|".join([f"{OPENS + at:.0f}", "NONE", queue, who, name, *data])


def read(folder: Path, *lines: str) -> Records:
    path = folder / "queue_log"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return rs.read_records(path, group="600", timezone="UTC")


def spells(records: Records) -> list[list[Any]]:
    columns = ["extension", "state", "started_at", "ended_at", "day"]
    return records.duty[columns].to_numpy(dtype=object).tolist()


CALLS = lines_of_calls(600, 3000)  # the day has one hour


def test_pauses_that_rings_contradict_are_noted(tmp_path: Path) -> None:
    note = "Pauses of 201 that end before they are recorded to, as the phone rang: 1."
    lines = sorted([*CALLS, event(1000, "PAUSE", "lunch"), event(3300, "UNPAUSE", "")])
    assert note in read(tmp_path, *lines).notes
    lines = sorted([*CALLS, event(1000, "PAUSE", "lunch"), event(2900, "UNPAUSE", "")])
    assert note not in read(tmp_path, *lines).notes


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        (
            [event(300, "ADDMEMBER", ""), event(3300, "REMOVEMEMBER", "")],
            [["201", "on_duty", 300, 3300, 0]],
        ),
        # signed in before the records begin, or for good
        ([event(3300, "REMOVEMEMBER", "")], [["201", "on_duty", 0, 3300, 0]]),
        ([event(300, "ADDMEMBER", "")], [["201", "on_duty", 300, 3600, 0]]),
        # a phone that rang before the first sign-in was signed in
        ([event(2000, "ADDMEMBER", "")], [["201", "on_duty", 0, 3600, 0]]),
        # a second sign-in, and one by the name of the agent
        (
            [
                event(300, "ADDMEMBER", ""),
                event(301, "AGENTCALLBACKLOGIN", "201@x", who="Agent/201", queue="NONE"),
                event(900, "ADDMEMBER", ""),
                event(3300, "REMOVEMEMBER", ""),
                event(3301, "AGENTCALLBACKLOGOFF", "201@x", "3000", who="Agent/201", queue="NONE"),
            ],
            [["201", "on_duty", 300, 3300, 0]],
        ),
        (
            [event(300, "AGENTLOGIN", "SIP/201"), event(3300, "AGENTLOGOFF", "SIP/201", "3000")],
            [["201", "on_duty", 300, 3300, 0]],
        ),
        # other queues and people who never rang
        (
            [
                event(300, "ADDMEMBER", "", queue="601"),
                event(300, "ADDMEMBER", "", who="PJSIP/299"),
            ],
            [],
        ),
        # a break; PAUSEALL is followed by PAUSE
        (
            [
                event(1000, "PAUSEALL", "lunch", queue="NONE"),
                event(1000, "PAUSE", "lunch"),
                event(1500, "UNPAUSEALL", "", queue="NONE"),
                event(1500, "UNPAUSE", ""),
            ],
            [["201", "paused", 1000, 1500, 0]],
        ),
        # a pause ends with the sign-out, and somebody may be added paused
        (
            [
                event(300, "ADDMEMBER", "PAUSED"),
                event(500, "UNPAUSE", ""),
                event(3200, "PAUSE", ""),
                event(3300, "REMOVEMEMBER", ""),
            ],
            [
                ["201", "on_duty", 300, 3300, 0],
                ["201", "paused", 300, 500, 0],
                ["201", "paused", 3200, 3300, 0],
            ],
        ),
        ([event(500, "UNPAUSE", "")], []),
        # a phone that rings shows that its pause had ended, by a restart if there was one
        ([event(1000, "PAUSE", "lunch")], [["201", "paused", 1000, 3000, 0]]),
        (
            [
                event(1000, "PAUSE", "lunch"),
                event(2000, "QUEUESTART", who="NONE", queue="NONE"),
                event(3300, "PAUSE", "lunch"),
            ],
            [["201", "paused", 1000, 2000, 0], ["201", "paused", 3300, 3600, 0]],
        ),
        # somebody who signs in again is not paused
        (
            [
                event(300, "ADDMEMBER", ""),
                event(1000, "PAUSE", "lunch"),
                event(1200, "QUEUESTART", who="NONE", queue="NONE"),
                event(1201, "ADDMEMBER", ""),
            ],
            [["201", "on_duty", 300, 3600, 0], ["201", "paused", 1000, 1201, 0]],
        ),
        # a restart that adds its members again signs nobody out; one that does not, does
        (
            [
                event(300, "ADDMEMBER", ""),
                event(1000, "QUEUESTART", who="NONE", queue="NONE"),
                event(1004, "ADDMEMBER", "", queue="600"),
            ],
            [["201", "on_duty", 300, 3600, 0]],
        ),
        (
            [
                event(300, "ADDMEMBER", ""),
                event(1000, "QUEUESTART", who="NONE", queue="NONE"),
                event(2000, "ADDMEMBER", ""),
            ],
            [["201", "on_duty", 300, 1000, 0], ["201", "on_duty", 2000, 3600, 0]],
        ),
        # unless the phone rang in between
        (
            [
                event(300, "ADDMEMBER", ""),
                event(1000, "QUEUESTART", who="NONE", queue="NONE"),
                event(3200, "ADDMEMBER", ""),
            ],
            [["201", "on_duty", 300, 3600, 0]],
        ),
    ],
)
def test_spells_of_events(tmp_path: Path, lines: list[str], expected: list[list[Any]]) -> None:
    assert spells(read(tmp_path, *CALLS, *lines)) == expected


def test_spells_are_cut_at_the_hours_of_each_day(tmp_path: Path) -> None:
    lines = [
        *CALLS,
        *lines_of_calls(DAY + 600),
        *lines_of_calls(2 * DAY + 600, who="PJSIP/202"),
    ]
    records = read(tmp_path, *lines, event(300, "ADDMEMBER", ""), event(DAY + 1800, "REMOVEMEMBER"))
    assert spells(records) == [["201", "on_duty", 300, 3600, 0], ["201", "on_duty", 0, 1800, 1]]
    assert [str(date)[:10] for date in records.duty["date"]] == ["2024-03-04", "2024-03-05"]
    assert spells(records.only([1, 2])) == [["201", "on_duty", 0, 1800, 0]]
    assert spells(records.anonymised())[1] == ["201", "on_duty", 0, 1800, 1]


def test_sign_ins_that_the_rings_contradict_are_left_out(tmp_path: Path) -> None:
    records = read(tmp_path, *CALLS, event(300, "ADDMEMBER", ""), event(400, "REMOVEMEMBER", ""))
    assert not spells(records)
    assert (
        "Sign-ins of 201 are left out: 2 of 2 rings came while they were signed out by these."
        in records.notes
    )


def test_a_table_has_sign_ins_too(tmp_path: Path) -> None:
    rows = [line.split("|") for line in [*CALLS, event(300, "ADDMEMBER", "PAUSED")]]
    head = ["time", "callid", "queuename", "agent", "event", "data1", "data2", "data3"]
    for row in rows:
        row[0] = str(np.datetime64(int(row[0]), "s")).replace("T", " ")
    text = "".join(",".join([*row, "", "", ""][: len(head)]) + "\n" for row in [head, *rows])
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    records = rs.read_records(tmp_path / "log.csv", group="600", timezone="UTC")
    assert spells(records) == [
        ["201", "on_duty", 300, 3600, 0],
        ["201", "paused", 300, 600, 0],
    ]


def team(**hours: Any) -> rs.Scenario:
    """Return three people, of whom some have hours of their own."""
    return rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "members": ["201", "202", "203"],
                "ring_strategy": "RING_SIMULTANEOUSLY",
                "ring_time": 20,
            }
        ],
        extensions=[
            rs.Extension(number, answer_delay={"dist": "gamma", "a": 2, "scale": 3}, **fields)
            for number, fields in {"201": {}, "202": {}, "203": {}, **hours}.items()
        ],
        demand={"600": rs.Demand(calls_per_hour=40, talk_time=60, patience={"mean": 60})},
        hours=4,
        opens_at="08:00",
    )


def logged(folder: Path, days: list[rs.Scenario]) -> Records:
    """Return played days, written as a queue_log each and read back."""
    folder.mkdir(exist_ok=True)
    for day, scenario in enumerate(days):
        log = rs.play(scenario, rs.Workload.draw(scenario, seed=7, replication=day))
        starts_at = str(np.datetime64("2024-03-04T08:00:00") + day * np.timedelta64(1, "D"))
        write(log, folder / f"queue_log.{day}", format="queue_log", starts_at=starts_at)
    return rs.read_records(folder, group="600", format="queue_log", timezone="UTC")


@settings(max_examples=max(4, PROFILE.examples // 16))
@given(
    bounds=st.lists(st.integers(0, 239), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_hours_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, bounds: list[int]
) -> None:
    spans = [(60.0 * a, 60.0 * b) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
    days = [team(**{"202": {"on_duty": spans}})] * 2
    records = logged(tmp_path_factory.mktemp("log"), days)
    if "202" not in records.member_numbers:  # nobody called while they were there
        return
    hours = records.scenario.hours * 3600
    found = [(row[2], row[3]) for row in spells(records) if row[4] == 0]
    assert found == clipped(spans, 0, hours)
    assert {row[0] for row in spells(records)} == {"202"}


def test_a_fit_has_the_hours_of_the_sign_ins_and_a_check_those_of_each_day(tmp_path: Path) -> None:
    """202 works mornings on most days, and once in the afternoon."""
    morning, late = [(0, 7230)], [(9000, 14400)]
    days = [team(**{"202": {"on_duty": each}}) for each in [morning] * 5 + [late]]
    records = logged(tmp_path / "log", days)
    found = rs.fit(records, template=days[0], hold_out=1)
    assert found.scenario.duty("202") == ((0, 7230),)
    assert found.scenario.duty("201") is None
    row = found.table.set_index("parameter").loc["extensions.202.on_duty"]
    assert (row["method"], row["n_events"]) == ("sign-ins, hours", 5)
    [of_last] = records.only([5]).scenarios_on_duty(found.scenario)
    assert of_last.duty("202") == ((9000, 14400),)
    share = found.check().tests.loc["answer_share of 202"]
    assert share["low"] < share["observed"] < share["high"]
    [said] = [each for each in rs.fit(records, hold_out=0).limits if "change from day" in each]
    assert said.startswith("202: ")


def test_pauses_become_away_spells_and_the_check_has_those_of_each_day(tmp_path: Path) -> None:
    present = [
        [(0, 1000), (1600, 5000), (5600, 14400)],
        [(0, 8000), (8900, 14400)],
        [(0, 100), (400, 14400)],
    ]
    logged(tmp_path / "log", [team(**{"202": {"on_duty": spans}}) for spans in present])
    for day, spans in enumerate(present):  # breaks of those who sign out become pauses
        file = tmp_path / "log" / f"queue_log.{day}"
        text = file.read_text()
        for start, end in pairwise(at for span in spans for at in span):
            for at, was, name in (
                (start, "REMOVEMEMBER", "PAUSE"),
                (end, "ADDMEMBER", "UNPAUSE"),
            ):
                stamp = OPENS + DAY * day + at
                text = text.replace(
                    f"{stamp}|NONE|600|PJSIP/202|{was}", f"{stamp}|NONE|600|PJSIP/202|{name}"
                )
        file.write_text(text)
    records = rs.read_records(tmp_path / "log", group="600", format="queue_log", timezone="UTC")
    found = rs.fit(records, hold_out=0)
    away = found.scenario.extension("202").away
    assert away.lasting.mean() == pytest.approx((600 + 600 + 900 + 300) / 4)
    assert away.every.mean() == pytest.approx((3 * 14400 - 2400) / 4)
    assert found.scenario.extension("201").away is None
    first = records.scenarios_on_duty(found.scenario)[0]
    assert first.duty("202") == ((0, 1000), (1600, 5000), (5600, 14400))
    assert first.extension("202").away is None
    assert any("202: pauses are away spells" in each for each in found.limits)


# Spans

SPANS = st.lists(st.integers(0, 30), max_size=6, unique=True).map(
    lambda ends: list(zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)


def seconds(spans: Any) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


@given(SPANS, SPANS)
def test_spans_are_sets_of_seconds(some: Any, others: Any) -> None:
    assert seconds(overlap(some, others)) == seconds(some) & seconds(others)
    assert seconds(without(some, others)) == seconds(some) - seconds(others)
    assert length(without(some, others)) == len(seconds(some) - seconds(others))


@given(st.lists(SPANS, min_size=1, max_size=4))
def test_the_most_common_times_are_those_of_half_of_the_days(days: Any) -> None:
    sets = [seconds(spans) for spans in days]
    often = {at for at in range(31) if 2 * sum(at in each for each in sets) >= len(days)}
    assert seconds(most_common(days)) == often
