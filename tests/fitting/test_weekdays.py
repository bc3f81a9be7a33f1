"""Weekdays that differ: found in records, fitted, predicted and replayed like with like."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ringsim as rs
from ringsim.audit import audit
from ringsim.estimators import duty_by_weekday
from ringsim.fitting import unit_of_parameter
from support.helpers import refusal

CALLS = {"mon": 40, "tue": 25, "wed": 25, "thu": 25, "fri": 32}
MORNING = [("09:00", "13:00")]
WEEKS = 5


def truth(**fields: Any) -> rs.Scenario:
    """Return a week with a busy Monday, and one person who is off on Tuesdays."""
    duty = {day: [] if day == "tue" else MORNING for day in CALLS}
    given: dict[str, Any] = {
        "groups": [
            {
                "extension_number": "600",
                "members": ["201", "202", "203"],
                "ring_strategy": "RING_SIMULTANEOUSLY",
            }
        ],
        "demand": {
            "600": rs.Demand(
                calls_per_hour=CALLS,
                talk_time=rs.lognormal(mean=120, cv=1),
                patience={"dist": "expon", "scale": 60},
            )
        },
        "extensions": [rs.Extension("203", on_duty=duty)],
        "opens_at": "08:00",
        "days": list(CALLS),
    }
    return rs.Scenario(**(given | fields))


def records_of(scenario: rs.Scenario, weeks: int = WEEKS, seed: int = 5) -> rs.Records:
    result = rs.simulate(scenario, replications=weeks, seed=seed, keep_logs=True)
    return rs.Records.from_logs(result.logs)


@cache
def records() -> rs.Records:
    return records_of(truth())


@cache
def fitted() -> rs.Fit:
    return rs.fit(records(), hold_out=5, template=truth())


def test_weeks_become_days_with_the_dates_of_their_weekdays() -> None:
    days = records().days
    assert days["weekday"].tolist() == list(CALLS) * WEEKS
    assert str(days["date"][5])[:10] == "2001-01-08"
    assert records().weekdays == tuple(CALLS)
    mondays = records().on("mon")
    assert mondays.days["weekday"].unique().tolist() == ["mon"]
    assert records().summary(day="mon").equals(mondays.summary())
    table = records().by_day()
    assert list(table.index) == [*CALLS, "all"]
    assert table.loc["all", "offered"] == pytest.approx(days["offered"].mean())
    assert refusal(lambda: records().on("sun")).startswith("day must be one of mon, tue")


def test_tables_by_weekday_leave_out_what_is_not_recorded() -> None:
    log = rs.simulate(truth(), replications=1).replay(0)
    some = rs.Records.from_logs([log], grade="C")
    table = some.by_day()
    assert table["rings_per_call"].isna().all()
    assert table["answer_rate"].notna().all()


def test_a_fit_has_the_calls_of_each_weekday() -> None:
    found = fitted()
    assert found.scenario.days == tuple(CALLS)
    calls = found.scenario.demand["600"].calls_per_interval
    assert isinstance(calls, dict)
    for day, rate in CALLS.items():
        expected = rate * 8
        assert abs(sum(calls[day]) - expected) < 3.3 * np.sqrt(expected / 4)
    assert any("Weekdays differ in their calls" in each for each in found.limits)
    paths = set(found.table["parameter"])
    assert "demand.600.calls_per_interval.mon[0]" in paths
    assert "demand.600.calls_per_interval[0]" not in paths


def test_a_fit_has_the_duty_of_each_weekday() -> None:
    duty = fitted().scenario.extension("203").on_duty
    assert isinstance(duty, dict)
    assert duty["tue"] == ()
    for day in ("mon", "wed", "thu", "fri"):
        [(start, end)] = duty[day]
        assert abs(start - 3600) <= 600
        assert abs(end - 18000) <= 600
    assert fitted().scenario.extension("201").on_duty is None
    assert "203: the hours of duty differ by weekday." in fitted().limits


def test_the_fit_predicts_the_days_held_out_and_survives_its_file(tmp_path: Any) -> None:
    check = fitted().check()
    assert check.reproduces, check.verdict
    path = tmp_path / "fit.toml"
    fitted().scenario.dump(path)
    assert rs.Scenario.load(path) == fitted().scenario


def test_weekdays_that_are_alike_give_a_plain_scenario() -> None:
    alike = truth(
        demand={"600": truth().demand["600"].replace(calls_per_hour=30)},
        extensions=[rs.Extension("203", on_duty=MORNING)],
    )
    found = rs.fit(records_of(alike), template=alike)
    assert found.scenario.days == ()
    assert isinstance(found.scenario.demand["600"].calls_per_interval, tuple)
    assert isinstance(found.scenario.extension("203").on_duty, tuple)


def test_a_weekday_that_was_not_fitted_keeps_days_alike() -> None:
    some = records().only([0, 1, 5, 6, 10, 11, 15, 16, 17, 18])
    found = rs.fit(some, hold_out=2, template=truth())
    assert found.scenario.days == ()


def test_a_course_of_the_day_that_differs_by_weekday_is_kept() -> None:
    calls = {"mon": [80, 10], "tue": [10, 80]}
    turned = truth(
        demand={"600": rs.Demand(calls_per_interval=calls, interval=1800, talk_time=30)},
        extensions=[],
        hours=1,
        days=["mon", "tue"],
    )
    found = rs.fit(records_of(turned, 8), template=turned).scenario.demand["600"]
    assert isinstance(found.calls_per_interval, dict)
    assert found.calls_per_interval["mon"][0] > 4 * found.calls_per_interval["mon"][1]
    assert found.calls_per_interval["tue"][1] > 4 * found.calls_per_interval["tue"][0]


@pytest.mark.parametrize("given_calls", [True, False])
def test_each_day_is_predicted_by_its_own_weekday(given_calls: bool) -> None:
    some = records().only(range(10))
    right = rs.backtest(truth(), some, given_calls=given_calls)
    assert right.reproduces, right.verdict
    volume = right.table[right.table["metric"] == "offered"]
    assert volume["predicted"].tolist()[:5] == volume["predicted"].tolist()[5:]
    assert volume["predicted"].tolist()[0] > 1.2 * volume["predicted"].tolist()[1]


def test_days_whose_weekday_the_scenario_lacks_are_refused() -> None:
    sentence = refusal(lambda: rs.backtest(truth(days=["mon", "tue"]), records()))
    assert sentence == (
        "scenario.days must have wed, the weekday of 2001-01-03, got ['mon', 'tue']. "
        "Leave out days of the records with records.only(...)."
    )


def test_a_real_day_is_replayed_with_the_duty_of_its_weekday() -> None:
    workload = records().workload(truth(), day=1)
    assert records().days["weekday"][1] == "tue"
    played = rs.play(truth().on("tue"), workload)
    assert "203" not in set(played.rings["member"])
    assert played.calls["arrives_at"].tolist() == records().log(1).calls["arrives_at"].tolist()


def test_records_are_audited_with_the_duty_of_each_weekday() -> None:
    some = records().only([0, 1])
    assert audit(truth(), some).ok
    wrong = truth(
        extensions=[rs.Extension("203", on_duty={day: [("08:00", "9:00")] for day in CALLS})]
    )
    found = audit(wrong, some)
    assert {str(some.rings["day"][each.row]) for each in found.violations if each.frame == "rings"}
    assert not found.ok


def test_a_weekday_needs_evidence_for_a_duty_of_its_own() -> None:
    rng = np.random.default_rng(3)
    shape = np.array([0.0] * 12 + [1.0] * 60 + [0.0] * 24)
    chances = np.full((5, 96), 6.0)
    differ = 0
    for _ in range(100):
        rang = rng.poisson(shape * 5, size=(5, 96))
        found = duty_by_weekday(rang, chances)
        differ += any(each != found[0] for each in found)
    assert differ <= 2
    rang = rng.poisson(shape * 5, size=(5, 96))
    rang[2, 42:] = 0
    found = duty_by_weekday(rang, chances)
    assert found[2] != found[0] == found[1] == found[3] == found[4]
    assert duty_by_weekday(np.zeros((2, 96)), chances[:2]) == [[], []]


def test_the_page_of_a_fit_speaks_german() -> None:
    page = fitted().report(language="de")
    assert '<html lang="de">' in page.html
    assert page.findings[0].startswith("Das Szenario bildet die 5 zurückgehaltenen Tage richtig ab")
    for english in (
        *("usual shortcut", "Parameters of", "Contents", "days held out", "Mean", "observed"),
        "within 20 s",
        *("demand.600", "extensions.", "answer_probability", "episodes", "mean of days"),
        *fitted().limits,
    ):
        assert english not in page.html
    english_page = fitted().report()
    assert english_page.findings[0] == fitted().check().verdict
    assert "Contents" in english_page.html
    for parameter in ("demand.600.talk_time [s]", "201.answer_delay [s]", "201.on_duty [h]"):
        assert parameter in english_page.html
    assert refusal(lambda: fitted().report(language="fr")).startswith("language must be one of")


def test_every_parameter_that_is_no_share_has_a_unit() -> None:
    bare = ("busyness", "answer_probability", "answers within", "patience > ", "patience.c")
    for parameter in fitted().table["parameter"]:
        has_unit = unit_of_parameter(parameter) != ""
        assert has_unit != any(f".{name}" in parameter for name in bare), parameter


# Weekdays that occur once


def with_days(some: rs.Records, dates: dict[str, int]) -> rs.Records:
    """Return records with further days, by date, of so many calls that are given up."""
    frames = [some.calls.astype(object)]
    for number, (date, n) in enumerate(dates.items()):
        frame = {"day": some.n_days + number, "date": pd.Timestamp(date), "group": "600"}
        frame |= {"outcome": "abandoned", "wait": 9.0, "answered_by": None, "talk_time": np.nan}
        calls = [100_000 * (number + 1) + each for each in range(n)]
        frames.append(pd.DataFrame([frame | {"call": at, "arrives_at": 9_000.0} for at in calls]))
    types = {"call": np.int64, "day": np.int64, "arrives_at": float, "wait": float}
    calls = pd.concat(frames, ignore_index=True).astype(types | {"talk_time": float})
    members = ["201", "202", "203"]
    fields: dict[str, Any] = {"opens_at": "08:00", "hours": 8}
    return rs.Records.from_frames(calls, some.rings, group="600", members=members, **fields)


def test_a_stray_day_hides_no_weekdays() -> None:
    """One call on a Saturday, among five weeks of Monday to Friday."""
    [date] = dates = {"2001-02-10": 1}
    found = rs.fit(with_days(records(), dates), hold_out=5, template=truth())
    assert found.scenario.days == tuple(CALLS)
    sentence = "2001-02-10 (calls: 1) is left out: no other day of the records has its weekday"
    assert any(each.startswith(sentence) for each in found.limits)
    assert found.records.n_days == 25
    assert found.scenario == fitted().scenario
    assert found.check().reproduces == fitted().check().reproduces
    assert not any(date in each for each in fitted().limits)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (range(8), "these occur less than twice among the fitted days: thu, fri. Leave these"),
        (range(5), "too few occur twice among the fitted days."),
        (range(6), "too few occur twice among the fitted days."),
        ((0, 5, 10), None),
        (range(10), None),
    ],
)
def test_weekdays_that_are_not_told_apart_are_named(days: Any, said: str | None) -> None:
    """A usual day is not left out, although it is the only one of its weekday."""
    found = rs.fit(records().only(days), hold_out=0, template=truth())
    told = [each for each in found.limits if "Weekdays are not told apart" in each]
    assert [said in each for each in told] == ([] if said is None else [True])
    assert found.records.n_days == len(days)
    assert (said is not None) <= (found.scenario.days == ())


def test_weekdays_that_are_only_held_out_are_named() -> None:
    some = records().only([*range(4), *range(5, 9), *range(10, 14), 14, 19])
    found = rs.fit(some, hold_out=2, template=truth())
    assert found.scenario.days == ()
    assert any("among the fitted days: fri." in each for each in found.limits)


@pytest.mark.parametrize(("n", "is_left_out"), [(20, True), (120, False)])
def test_the_only_day_of_a_weekday_is_kept_if_it_has_calls(n: int, is_left_out: bool) -> None:
    found = rs.fit(
        with_days(records().only(range(10)), {"2001-01-13": n}), hold_out=0, template=truth()
    )
    assert found.records.n_days == 11 - is_left_out
    apart = any("Weekdays are not told apart" in each for each in found.limits)
    assert apart != is_left_out
