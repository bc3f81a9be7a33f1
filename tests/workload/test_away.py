"""Spells away: drawn for each person and day, the same on both engines, and seen by the audit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

import ringsim as rs
from ringsim.testing import audit, days
from ringsim.workload._keys import Stream
from support.helpers import refusal
from support.played import frames
from support.profiles import PROFILE

OFTEN = rs.Away(every=stats.expon(scale=900), lasting=rs.lognormal(mean=300, cv=1))


def office(away: rs.Away | None = OFTEN, hours: float = 4, **fields: Any) -> rs.Scenario:
    """Return a group of two of whom 201 is away now and then, with their own calls."""
    own = rs.Demand(calls_per_hour=6, talk_time=60)
    return rs.Scenario(
        groups=[{"extension_number": "600", "ring_time": 15, "members": ["201", "202"]} | fields],
        demand={
            "600": rs.Demand(
                calls_per_hour=30, talk_time=rs.lognormal(mean=90, cv=1), wrap_up_time=10
            )
        },
        extensions=[rs.Extension("201", away=away, own_calls=own)],
        hours=hours,
    )


def spells(workload: rs.Workload) -> list[tuple[str, float, float]]:
    away = workload.away
    return list(zip(away.extension, away.at.tolist(), away.talk_time.tolist(), strict=True))


@pytest.mark.parametrize("replication", range(3))
def test_times_by_the_phone_and_spells_alternate(replication: int) -> None:
    """Each is the inverse of its distribution at the next number of its stream."""
    found = spells(rs.Workload.draw(office(), 5, replication))
    n = len(found) + 1
    u, v = (
        Stream(5, replication, quantity, ("201",)).take(0, n)
        for quantity in ("away_every", "away_lasting")
    )
    gaps, lengths = OFTEN.every.ppf(u), OFTEN.lasting.ppf(v)
    at = 0.0
    for (number, begins, lasting), gap, length in zip(found, gaps, lengths, strict=False):
        assert number == "201"
        assert begins == pytest.approx(at + gap, rel=1e-9)
        assert lasting == pytest.approx(length, rel=1e-9)
        at = begins + lasting
    assert at + gaps[-1] >= 4 * 3600 > found[-1][1]


def test_a_longer_day_and_other_people_change_no_spell() -> None:
    short, long = (rs.Workload.draw(office(hours=hours), 5) for hours in (1, 8))
    early = [spell for spell in spells(long) if spell[1] < 3600]
    assert spells(short) == early
    both = office().replace(
        extensions=[rs.Extension("202", away=OFTEN), rs.Extension("201", away=OFTEN)]
    )
    found = spells(rs.Workload.draw(both, 5))
    assert [one for one in found if one[0] == "201"] == spells(rs.Workload.draw(office(), 5))
    assert [at for _, at, _ in found] == sorted(at for _, at, _ in found)


def test_without_spells_nothing_changes() -> None:
    plain, away = (rs.Workload.draw(office(each), 5) for each in (None, OFTEN))
    assert spells(plain) == []
    assert (plain.talk_time == away.talk_time).all()
    assert (plain.own_calls.at == away.own_calls.at).all()


@pytest.mark.parametrize("skip_busy_member", [True, False])
@pytest.mark.parametrize("strategy", ["CYCLIC_HUNT", "RING_SIMULTANEOUSLY", "PAGING_INTERCOM"])
def test_both_engines_play_them_and_the_audit_agrees(strategy: str, skip_busy_member: bool) -> None:
    scenario = office(ring_strategy=strategy, skip_busy_member=skip_busy_member)
    logs = rs.simulate(scenario, replications=3, seed=1, keep_logs=True, engine="simpy").logs
    batched = rs.simulate(scenario, replications=3, seed=1)
    single = rs.simulate(scenario, replications=3, seed=1, engine="simpy")
    assert batched.summary().equals(single.summary())
    assert batched.members().equals(single.members())
    for replication, log in enumerate(logs):
        workload = rs.Workload.draw(scenario, 1, replication)
        assert frames(log) == frames(rs.play(scenario, workload, "compiled"))
        audit(scenario, log, workload).check()
        audit(scenario, log).check()
        audit(scenario, log, tolerance=0.01).check()
        audit(scenario, log, workload, tolerance=0.01).check()


@settings(max_examples=PROFILE.examples)
@given(days(max_spells=3))
def test_days_with_spells_are_the_same_on_both_engines(day: Any) -> None:
    scenario, workload = day
    log = rs.play(scenario, workload, "compiled")
    assert frames(log) == frames(rs.play(scenario, workload, "simpy"))
    audit(scenario, log, workload).check()


def test_the_audit_sees_an_answer_by_somebody_who_is_away() -> None:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    calls = {"arrives_at": [10.0], "talk_time": 30.0, "answer_delay": {"201": 3}}
    away = rs.Workload(**calls, away=[(0.0, "201", 15.0)])
    found = audit(scenario, rs.play(scenario, rs.Workload(**calls)), away)
    assert [violation.rule for violation in found.violations][:1] == ["S6"]


def test_nobody_answers_for_the_share_of_time_away() -> None:
    """One call an hour, to one person who answers at once, in a long time."""
    away = rs.Away(every=stats.expon(scale=3000), lasting=stats.expon(scale=1000))
    assert away.share == pytest.approx(0.25)
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "ring_time": 1, "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour=1, talk_time=0)},
        extensions=[rs.Extension("201", answer_delay=0, away=away)],
        hours=100,
    )
    estimate = rs.simulate(scenario, replications=100).figure("answer_rate").estimate(0.999)
    assert estimate.low < 0.75 < estimate.high


def test_a_day_with_chance_spells_is_not_certain() -> None:
    """A precision must not take one day for all."""
    plain = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(arrives_at=[600.0 * at for at in range(10)], talk_time=5)},
        extensions=[rs.Extension("201", answer_delay=1)],
        hours=2,
    )
    until = rs.Precision("answer_rate", 0.2)
    assert rs.simulate(plain, until=until).replications == 25
    people = [rs.Extension("201", answer_delay=1, away=OFTEN)]
    found = rs.simulate(plain.replace(extensions=people), until=until)
    assert 0 < found.summary().loc["answer_rate", "estimate"] < 1


def test_they_are_kept_in_files_and_can_be_changed(tmp_path: Any) -> None:
    scenario = office()
    for name in ("office.toml", "office.json"):
        scenario.dump(tmp_path / name)
        assert rs.Scenario.load(tmp_path / name) == scenario
    rows = rs.sweep(scenario, {"extensions.201.away.lasting": [0, 9000]}, replications=5)
    assert rows["answer_rate"].iloc[0] >= rows["answer_rate"].iloc[1]
    anew = {"extensions.202.away.every": [60], "extensions.202.away.lasting": [30]}
    assert len(rs.sweep(scenario, anew, replications=2)) == 1
    said = refusal(lambda: rs.sweep(scenario, {"extensions.202.away.every": [60]}))
    assert "extensions.202.away.lasting must be given" in said
    table = {"every": 600, "lasting": {"mean": 60, "cv": 1}}
    assert rs.Extension("201", away=table).away == rs.Away(
        every=600, lasting=rs.lognormal(mean=60, cv=1)
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"every": 0, "lasting": 0}, "lasting must be more than 0 s, as every is 0, got 0."),
        ({"every": -1, "lasting": 5}, "every must be "),
        ({"every": 5}, "lasting must be given"),
        ({"every": 5, "lasting": 5, "often": 1}, "Away must have no field 'often'"),
    ],
)
def test_a_spell_is_said_by_two_durations(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: rs.Away(**fields)).startswith(sentence)


def test_too_many_spells_are_refused() -> None:
    scenario = office(rs.Away(every=1e-6, lasting=1e-6))
    said = refusal(lambda: rs.Workload.draw(scenario))
    assert said.startswith("expected number of calls must be at most 10,000,000, got ")


@pytest.mark.parametrize(
    ("away", "sentence"),
    [
        ([(0, "201")], "away[0] must be (at, extension, lasting), got (0, '201')."),
        ([(0, "201", -1)], "away[0].lasting must be a number of seconds, at least 0, got -1."),
        ([(math.inf, "201", 1)], "away[0].at must be a finite number of seconds"),
    ],
)
def test_spells_by_hand_are_checked(away: Any, sentence: str) -> None:
    said = refusal(lambda: rs.Workload(arrives_at=[], talk_time=1, away=away))
    assert said.startswith(sentence)


def test_spells_by_hand_are_of_people_of_the_scenario() -> None:
    workload = rs.Workload(arrives_at=[], talk_time=1, away=[(0, "299", 5)])
    for engine in ("simpy", "compiled"):
        said = refusal(lambda: rs.play(office(), workload, engine))  # noqa: B023
        assert said.startswith("away[0].extension must be ")


def test_spells_of_many_days_stay_apart() -> None:
    """A batch has the spells of each of its days."""
    scenario = office(hours=1)
    alone = [rs.Workload.draw(scenario, 3, replication) for replication in range(40)]
    result = rs.simulate(scenario, replications=40, seed=3)
    counts = [rs.play(scenario, each).summary().loc["answered", "estimate"] for each in alone]
    assert result.summary().loc["answered", "estimate"] == pytest.approx(np.mean(counts))
    assert len({len(each.away) for each in alone}) > 2
