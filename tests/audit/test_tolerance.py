"""The audit with a tolerance: smaller deviations pass, larger ones are found."""

from __future__ import annotations

from random import Random
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from audit.test_laws import corruptions
from ringsim.dispatch import Hunt
from ringsim.testing import audit
from support.corruptions import Frames
from support.numbered_days import random_day

INSTANTS = {
    "calls": ["arrives_at"],
    "rings": ["started_at", "ended_at"],
    "visits": ["entered_at", "left_at"],
    "own_calls": ["started_at"],
}


def jittered(frames: Frames, most: float, random: Random) -> Frames:
    """Return the frames with every instant moved at random by at most `most` seconds."""
    made = {}
    for name, columns in INSTANTS.items():
        frame = getattr(frames, name).copy()
        for column in columns:
            off = [random.uniform(-most, most) for _ in range(len(frame))]
            frame[column] = (frame[column] + off).clip(lower=0)
        made[name] = frame
    return Frames(**made)


def rounded(frames: Frames) -> Frames:
    """Return the frames with every instant rounded to whole seconds."""
    made = {}
    for name, columns in INSTANTS.items():
        made[name] = getattr(frames, name).assign(
            **{column: getattr(frames, name)[column].round() for column in columns}
        )
    return Frames(**made)


@pytest.mark.parametrize("tolerance", [1e-6, 0.01])
@pytest.mark.parametrize("with_workload", [True, False])
def test_a_log_that_is_off_by_half_the_tolerance_passes(
    tolerance: float, with_workload: bool
) -> None:
    for number in range(150):
        day = random_day(number)
        log = jittered(Frames.of(day.play("compiled")), tolerance / 2, Random(number))
        workload = day.workload if with_workload else None
        found = audit(day.scenario, log, workload, dispatcher=day.dispatchers, tolerance=tolerance)
        assert found.ok, (number, str(found))


def office(**fields: Any) -> rs.Scenario:
    """Return a scenario of one group with drawn talk times, so that calls end at any instant."""
    group = {
        "extension_number": "600",
        "ring_time": 12,
        "members": ["201", "202", "203", {"extension_number": "204", "skill_level": 2}],
        **fields,
    }
    demand = rs.Demand(calls_per_hour=90, talk_time=rs.lognormal(mean=90, cv=1), patience=60)
    return rs.Scenario(groups=[group], demand={"600": demand}, hours=2)


@pytest.mark.parametrize("strategy", [str(each) for each in rs.RingStrategy])
def test_a_log_in_whole_seconds_passes_with_a_tolerance_of_one(strategy: str) -> None:
    scenario = office(ring_strategy=strategy)
    for replication in range(3):
        log = Frames.of(rs.play(scenario, rs.Workload.draw(scenario, 1, replication)))
        whole = rounded(log)
        assert strategy == "PAGING_INTERCOM" or not audit(scenario, whole).ok
        found = audit(scenario, whole, tolerance=1)
        assert found.ok, str(found)


# Fields that a dispatcher of one's own may order by, of talks that go on and have ended
FIELDS_OF_TALKS = ["last_hung_up_at", "last_completed_at", "-n_completed", "idle_since"]


def ordered_by(*order: str) -> Hunt:
    return type("Ordered", (Hunt,), {"order_by": order})()


@pytest.mark.parametrize("field", FIELDS_OF_TALKS)
def test_an_order_by_talks_is_known_within_a_tolerance(field: str) -> None:
    """The log of the order passes, that of the configured order nearly never."""
    dispatcher, differed, n_found = ordered_by(field), 0, 0
    for number in range(40):
        day = random_day(number)
        scenario, workload = day.scenario, day.workload
        log = rs.play(scenario, workload, dispatcher=dispatcher)
        asked: dict[str, Any] = {"dispatcher": dispatcher, "tolerance": 0.001}
        for given in (workload, None):
            found = audit(
                scenario, jittered(Frames.of(log), 0.0005, Random(number)), given, **asked
            )
            assert found.ok, (number, str(found))
        other = rs.play(scenario, workload, dispatcher=ordered_by())
        if not other.rings.equals(log.rings):
            differed += 1
            n_found += not audit(scenario, other, workload, **asked).ok
    assert n_found >= 0.8 * differed > 2, (n_found, differed)


WRONG: dict[str, tuple[str, str]] = {
    f"{name}.{column}": (name, column)
    for name, columns in INSTANTS.items()
    for column in columns
    if name != "own_calls"
}


@pytest.mark.parametrize(("name", "column"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("off", [0.05, 3.0])
def test_an_instant_that_is_off_by_more_is_found(name: str, column: str, off: float) -> None:
    scenario = office(ring_strategy="CYCLIC_HUNT")
    log = Frames.of(rs.play(scenario, rs.Workload.draw(scenario, 1)))
    assert audit(scenario, log, tolerance=0.02).ok
    for row in range(0, len(getattr(log, name)), 7):
        frame = getattr(log, name).copy()
        frame.loc[row, column] += off
        found = audit(scenario, log._replace(**{name: frame}), tolerance=0.02)
        assert not found.ok, (name, row)


SECONDS = {
    **{name: {*columns} for name, columns in INSTANTS.items()},
    "calls": {"arrives_at", "wait", "talk_time", "wrap_up_time", "patience"},
    "own_calls": {"started_at", "talk_time"},
}
AMBIGUOUS = {"found", "taken", "with_two_rows_swapped"}  # two values may be right in a tie


def test_every_corruption_beyond_the_tolerance_is_found() -> None:
    """On days full of ties, with the workload: every change larger than the tolerance."""
    tolerance, n_found = 1e-6, 0
    for number in range(12):
        day = random_day(number)
        log = Frames.of(day.play("compiled"))
        for name, what, bad in corruptions(log, day.scenario, Random(number)):
            if what in AMBIGUOUS or not bad.differs_from(log):
                continue
            if what in SECONDS[name]:
                off = (getattr(bad, name)[what] - getattr(log, name)[what]).abs().max()
                if off <= 2 * tolerance:
                    continue
            found = audit(
                day.scenario, bad, day.workload, dispatcher=day.dispatchers, tolerance=tolerance
            )
            assert not found.ok, (number, name, what)
            n_found += 1
    assert n_found > 200


def test_an_order_that_no_tolerance_explains_is_found() -> None:
    """The wrong member rings although their last rings are minutes apart."""
    scenario = office(ring_strategy="CYCLIC_HUNT", members=["201", "202", "203"])
    calls = rs.Workload(
        arrives_at=[0, 100, 200], talk_time=5, answer_delay=dict.fromkeys(("201", "202", "203"), 3)
    )
    log = Frames.of(rs.play(scenario, calls))
    rings, called = log.rings.copy(), log.calls.copy()
    assert rings["member"].tolist() == ["201", "202", "203"]
    rings.loc[2, "member"] = "201"
    called.loc[2, "answered_by"] = "201"
    bad = log._replace(rings=rings, calls=called)
    assert [each.rule for each in audit(scenario, bad, tolerance=1).violations] == ["S4"]
    close = rs.Workload(arrives_at=[0, 0.5], talk_time=5, answer_delay={"201": 3, "202": 3})
    log = Frames.of(rs.play(scenario, close))
    swapped = log.rings.assign(member=log.rings["member"].tolist()[::-1])
    answered = log.calls.assign(answered_by=log.calls["answered_by"].tolist()[::-1])
    off = log._replace(rings=swapped, calls=answered)
    assert not audit(scenario, off).ok
    assert audit(scenario, off, tolerance=1).ok  # the tolerance hides the order of the calls


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), "1", None])
def test_a_tolerance_is_a_number_of_seconds(wrong: Any) -> None:
    empty = rs.Scenario(groups=[])
    log = rs.play(empty, rs.Workload(arrives_at=[], talk_time=1))
    with pytest.raises(rs.ConfigurationError, match="tolerance must be a number of seconds"):
        audit(empty, log, tolerance=wrong)
    assert isinstance(log.calls, pd.DataFrame)
