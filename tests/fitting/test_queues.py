"""Fits of queues, whose callers wait in line, to the queue_log that Asterisk would have written."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import ringsim as rs
from ringsim.fitting._template import rings_together
from ringsim.records import Records, write

DAYS = 12
WAYS = ["ringall", "rrmemory"]
PAUSE = 7.0
PEOPLE = {"201": (0.9, 4.0), "202": (0.7, 5.0), "203": (0.5, 6.0), "204": (0.8, 4.0)}


def queue(way: str, **fields) -> rs.RingGroup:
    given = {"ring_time": 12, "skip_busy_member": True, "rules": {"retry_pause": PAUSE}} | fields
    return rs.RingGroup(
        extension_number="600", preset=f"asterisk-queue/{way}", members=list(PEOPLE), **given
    )


def truth(way: str) -> rs.Scenario:
    return rs.Scenario(
        groups=[queue(way)],
        extensions=[
            rs.Extension(
                number,
                answer_probability=probability,
                answer_delay={"dist": "gamma", "a": 3, "scale": delay / 3},
            )
            for number, (probability, delay) in PEOPLE.items()
        ],
        demand={
            "600": rs.Demand(
                calls_per_hour=45, talk_time={"mean": 180}, wrap_up_time=15, patience={"mean": 120}
            )
        },
        hours=8,
        opens_at="08:00",
    )


@cache
def logs(way: str) -> list[rs.CallLog]:
    scenario = truth(way)
    return [
        rs.play(scenario, rs.Workload.draw(scenario, seed=3, replication=day))
        for day in range(DAYS)
    ]


@cache
def recorded(way: str) -> Records:
    """Return played days, written as a queue_log and read back."""
    with TemporaryDirectory() as folder:
        for day, log in enumerate(logs(way)):
            starts_at = np.datetime64("2024-03-04T08:00:00") + day * np.timedelta64(1, "D")
            path = Path(folder) / f"queue_log.{day:02d}"
            write(log, path, format="queue_log", starts_at=str(starts_at))
        return rs.read_records(folder, group="600", format="queue_log", timezone="UTC")


@cache
def fitted(way: str) -> rs.Fit:
    return rs.fit(recorded(way), template=queue(way), hold_out=4)


@pytest.mark.parametrize("way", WAYS)
def test_a_fit_with_the_record_of_the_queue_recovers_the_truth(way):
    table = fitted(way).table.set_index("parameter")
    for number, (probability, delay) in PEOPLE.items():
        for name, value in (("answer_probability", probability), ("answer_delay", delay)):
            row = table.loc[f"extensions.{number}.{name}"]
            assert abs(row["estimate"] - value) < row["high"] - row["low"], (number, name)
    assert table.loc["demand.600.wrap_up_time", "estimate"] == pytest.approx(15, abs=6)
    assert fitted(way).scenario.groups[0] == queue(way)


@pytest.mark.parametrize("way", WAYS)
def test_the_fit_predicts_the_days_held_out(way):
    check = fitted(way).check()
    assert check.reproduces, check.verdict


@pytest.mark.parametrize("way", WAYS)
def test_without_a_record_a_queue_of_asterisk_with_its_pause_is_inferred(way):
    found = rs.fit(recorded(way), hold_out=0)
    group = found.scenario.groups[0]
    assert group.preset == f"asterisk-queue/{way}"
    assert (group.ring_time, group.rules.retry_pause) == (12, PAUSE)
    assert group.skip_busy_member is True
    assert f"asterisk-queue/{way} with a ring time of 12 s and a pause of 7 s" in found.limits[0]


def test_a_time_limit_in_line_is_inferred_from_waits_that_are_alike():
    scenario = truth("ringall").replace(
        groups=[queue("ringall", rules={"retry_pause": PAUSE, "max_wait_time": 60})]
    )
    days = [
        rs.play(scenario, rs.Workload.draw(scenario, seed=4, replication=day)) for day in range(2)
    ]
    with TemporaryDirectory() as folder:
        for day, log in enumerate(days):
            path, starts_at = Path(folder) / f"queue_log.{day}", f"2024-03-0{day + 4} 08:00:00"
            write(log, path, format="queue_log", starts_at=starts_at)
        records = rs.read_records(folder, group="600", format="queue_log", timezone="UTC")
    group = rs.fit(records, hold_out=0).scenario.groups[0]
    assert group.rules.max_wait_time == pytest.approx(60, abs=1)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("grade", ["B", "C"])
def test_rings_of_a_queue_are_worked_out(way, grade):
    """Nearly every ring is found, within the poll of a second, with who rang and how it ended."""
    some = logs(way)[:3]
    true = Records.from_logs(some).rings
    found = Records.from_logs(some, grade=grade).with_rings(truth(way)).rings
    key = ["call", "member", "result"]
    both = true.merge(found, on=key, suffixes=("", "_found"))
    near = (both["started_at"] - both["started_at_found"]).abs() < 1.01
    right = len(both[near.to_numpy()].drop_duplicates([*key, "started_at"])) / len(true)
    surplus = 1 - len(both[near.to_numpy()].drop_duplicates([*key, "started_at_found"])) / len(
        found
    )
    least = 0.97 if way == "ringall" or grade == "B" else 0.3
    assert right > least, right
    assert surplus < 1 - least, surplus


def test_a_queue_whose_members_have_one_penalty_rings_together():
    assert rings_together(queue("ringall"))
    assert not rings_together(queue("rrmemory"))
    levels = [{"extension_number": "201", "skill_level": 2}, "202"]
    assert not rings_together(queue("ringall").replace(members=levels))
