"""A simulated day, written as a phone system would record it and read back, is the same day."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.records import Records, write
from support.profiles import PROFILE

STARTS_AT = "2024-03-04 08:00:00"
CLOCKS = {
    "asterisk_cdr": 1.0,
    "freepbx_cdr": 1.0,
    "queue_log": 1.0,
    "asterisk_cel": 1e-5,
    "freeswitch_cdr": 1e-5,
    "portsip": 1e-5,
    "webex": 2e-3,
    "csv": 1e-5,
}
GRADES = {name: "B" if name == "queue_log" else "A" for name in CLOCKS}
EXAMPLES = max(4, PROFILE.examples // 16)
STRATEGIES = ["RING_SIMULTANEOUSLY", "PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT"]


@st.composite
def days(draw: st.DrawFn, *, whole: bool) -> rs.CallLog:
    """Return a played day of a group; with whole seconds, no two events of a call are close."""
    members = ["201", "202", "203"][: draw(st.integers(1, 3))]
    group = {
        "extension_number": "600",
        "members": members,
        "ring_time": draw(st.sampled_from([10, 20])),
        "ring_strategy": draw(st.sampled_from(STRATEGIES)),
    }
    n = draw(st.integers(1, 8))
    gap, delay = (
        (st.integers(1, 60), st.integers(0, 40))
        if whole
        else (
            st.floats(0.1, 60),
            st.floats(0, 40),
        )
    )
    arrives_at = np.cumsum(draw(st.lists(gap, min_size=n, max_size=n))).tolist()
    # patience never ends at a time-out, where whole seconds cannot tell the two apart
    patience = [10 * draw(st.integers(0, 5)) + 5 for _ in range(n)]
    talks = [draw(st.integers(0, 200)) for _ in range(n)]
    scenario = rs.Scenario(groups=[group], opens_at="08:00")
    script = rs.Workload(
        arrives_at=[float(at) for at in arrives_at],
        talk_time=[float(talk) for talk in talks],
        patience=[float(each) for each in patience],
        answer_delay={
            number: [float(draw(delay | st.just(1000))) for _ in range(n)] for number in members
        },
        own_calls=[(float(draw(gap)), members[0], 30.0)],
    )
    return rs.play(scenario, script)


def read_back(log: rs.CallLog, name: str) -> Records:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.txt"
        write(log, path, format=name, starts_at=STARTS_AT)
        return rs.read_records(path, group="600", members=members_of(log))


def members_of(log: rs.CallLog) -> list[str]:
    return [member.extension_number for member in log.scenario.groups[0].members]


def truth(log: rs.CallLog, grade: str) -> Records:
    frames = Records.from_logs([log], starts_on="2024-03-04", grade="A")
    if grade == "A":
        return frames
    rings = frames.rings[(frames.rings["result"] != "answered_elsewhere").to_numpy()]
    return Records.from_frames(
        frames.calls, rings, frames.own_calls, group="600", members=members_of(log), grade="B"
    )


def check_same(got: Records, wanted: Records, clock: float, name: str) -> None:
    same_frame(got.calls, wanted.calls, clock, name, ("outcome", "answered_by"))
    if got.grade == "C":  # no leg of a phone, or in PortSIP none that rang in vain
        assert name in ("portsip", "freeswitch_cdr")
        assert set(wanted.rings["result"]) <= ({"answered"} if name == "portsip" else set())
    else:
        same_frame(got.rings, wanted.rings, clock, name, ("call", "member", "result"))
    same_frame(got.own_calls, wanted.own_calls, clock, name, ("extension",))


def same_frame(
    got: pd.DataFrame, wanted: pd.DataFrame, clock: float, name: str, equal: tuple[str, ...]
) -> None:
    assert len(got) == len(wanted), name
    for column in equal:
        a, b = (frame[column].astype(object).fillna("").tolist() for frame in (got, wanted))
        assert a == b, (name, column)
    for column in ("arrives_at", "wait", "talk_time", "started_at", "ended_at"):
        if column in got:
            a, b = (frame[column].to_numpy(np.float64) for frame in (got, wanted))
            np.testing.assert_allclose(a, b, atol=clock, rtol=0, err_msg=f"{name} {column}")


@pytest.mark.parametrize("name", CLOCKS)
@settings(max_examples=EXAMPLES)
@given(log=days(whole=True))
def test_a_day_of_whole_seconds_comes_back_exactly(name: str, log: rs.CallLog) -> None:
    wanted = truth(log, GRADES[name])
    got = read_back(log, name)
    shift = read_shift(got, wanted)
    check_same(moved(got, shift), wanted, 1e-6, name)


@pytest.mark.parametrize("name", [name for name, clock in CLOCKS.items() if clock < 1])
@settings(max_examples=EXAMPLES)
@given(log=days(whole=False))
def test_any_day_comes_back_to_the_clock_of_the_format(name: str, log: rs.CallLog) -> None:
    wanted = truth(log, GRADES[name])
    got = read_back(log, name)
    check_same(moved(got, read_shift(got, wanted)), wanted, CLOCKS[name], name)


@pytest.mark.parametrize("name", CLOCKS)
def test_calls_that_members_answer_in_another_group_are_their_own(
    name: str, tmp_path: Path
) -> None:
    """Whoever rang in vain there, or for a caller who gave up, had no call."""
    members = ["201", "202", "203"]
    demand = rs.Demand(calls_per_hour=12, talk_time={"mean": 120}, patience={"mean": 60})
    scenario = rs.Scenario(
        groups=[
            rs.RingGroup(
                extension_number=number, ring_strategy="RING_SIMULTANEOUSLY", members=members
            )
            for number in ("600", "700")
        ],
        extensions=[rs.Extension(member, answer_delay={"mean": 6}) for member in members],
        demand={"600": demand, "700": demand},
        hours=4,
        opens_at="08:00",
    )
    log = rs.play(scenario, rs.Workload.draw(scenario, seed=1))
    assert {"abandoned", "answered"} <= set(log.calls["outcome"][log.calls["group"] == "700"])
    by_person = ["extension", "day", "started_at"]
    wanted = Records.from_logs([log], group="600").own_calls.sort_values(by_person)
    write(log, tmp_path / "records", format=name, starts_at=STARTS_AT)
    got = rs.read_records(tmp_path / "records", group="600").own_calls.sort_values(by_person)
    assert got["extension"].tolist() == wanted["extension"].tolist()
    differ = np.abs(got["talk_time"].to_numpy() - wanted["talk_time"].to_numpy())
    assert differ.max() <= CLOCKS[name]


@pytest.mark.parametrize("timezone", [None, "Europe/Berlin"])
@pytest.mark.parametrize("grade", ["A", "B", "C"])
def test_a_written_table_claims_no_more_than_was_recorded(
    grade: str, timezone: str | None, tmp_path: Path
) -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"], "ring_time": 20}],
        opens_at="08:00",
    )
    script = rs.Workload(
        arrives_at=[5.0, 100.0], talk_time=30.0, answer_delay={"201": [1000.0, 4.0], "202": 7.0}
    )
    first = Records.from_logs([rs.play(scenario, script)], grade=grade)
    wanted = Records.from_frames(
        first.calls,
        None if grade == "C" else first.rings,
        group="600",
        members=["201", "202"],
        grade=grade,
        opens_at="08:00",
        timezone=timezone,
    )
    write(wanted, tmp_path / "records.csv", format="csv")
    got = rs.read_records(tmp_path / "records.csv", group="600", timezone="Europe/Berlin")
    assert got.grade == grade
    assert len(got.rings) == len(wanted.rings)
    assert got.scenario.opens_at == "08:00"
    assert got.summary()["note"]["rings_per_call"] == wanted.summary()["note"]["rings_per_call"]


def read_shift(got: Records, wanted: Records) -> float:
    """Return by how much the hour of opening that was read differs from the true one [s]."""
    hours = [int(str(records.scenario.opens_at or "08:00")[:2]) for records in (got, wanted)]
    return 3600.0 * (hours[0] - hours[1])


def moved(records: Records, shift: float) -> Any:
    """Return the frames with instants from another opening time."""

    class Moved:
        grade = records.grade
        calls = records.calls.assign(arrives_at=records.calls["arrives_at"] + shift)
        rings = records.rings.assign(
            started_at=records.rings["started_at"] + shift,
            ended_at=records.rings["ended_at"] + shift,
        )
        own_calls = records.own_calls.assign(started_at=records.own_calls["started_at"] + shift)

    return Moved


@pytest.mark.parametrize("name", CLOCKS)
def test_real_days_of_a_zone_come_back_in_that_zone(name: str, tmp_path: Path) -> None:
    """Also across the change of clocks, on 31 March 2024 in Berlin."""
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"], "ring_time": 20}],
        opens_at="08:00",
    )
    script = rs.Workload(
        arrives_at=[5.0, 100.0, 4000.0],
        talk_time=30.0,
        patience=[9.0, 60.0, 60.0],
        answer_delay={"201": [1000.0, 4.0, 1000.0]},
    )
    frames = Records.from_logs([rs.play(scenario, script)] * 3)
    wanted = Records.from_frames(
        frames.calls.drop(columns="date"),
        frames.rings,
        group="600",
        members=["201", "202"],
        dates=["2024-03-29", "2024-03-30", "2024-04-01"],
        opens_at="08:00",
        timezone="Europe/Berlin",
    )
    path = tmp_path / "records"
    write(wanted, path, format=name)
    epochs = name not in ("asterisk_cdr", "freepbx_cdr")  # those write local time, here UTC
    got = rs.read_records(path, group="600", timezone="Europe/Berlin" if epochs else "UTC")
    assert got.dates.tolist() == wanted.dates.tolist()
    assert got.calls["outcome"].tolist() == wanted.calls["outcome"].tolist()
    if epochs:
        assert got.scenario.hours == 2
        assert got.scenario.opens_at == "08:00"
        assert np.allclose(got.calls["arrives_at"], wanted.calls["arrives_at"], atol=1e-3)


@pytest.mark.parametrize("name", CLOCKS)
def test_calls_that_are_forwarded_before_a_phone_rings_come_back(name: str, tmp_path: Path) -> None:
    """All are busy, so calls go on to another group at once, and are answered or lost there."""
    scenario = rs.example()
    log = rs.play(scenario, rs.Workload.draw(scenario, seed=3))
    write(log, tmp_path / name, format=name, starts_at=STARTS_AT)
    got = rs.read_records(tmp_path / name, group="600", timezone="UTC")
    mine = log.calls[(log.calls["group"] == "600").to_numpy()]
    visits = log.visits[(log.visits["group"] == "600").to_numpy()]
    assert (visits["n_rings"] == 0).sum() > 40
    assert len(got.calls) == len(mine)
    assert (got.calls["outcome"] == "overflowed").sum() >= (mine["outcome"] == "overflowed").sum()
