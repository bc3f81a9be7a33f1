"""Fits of a group whose inputs are known."""

from __future__ import annotations

import json
import pickle
import re
from functools import cache

import numpy as np
import pytest
from scipy import special, stats

import ringsim as rs
from ringsim._words import Said, speaking
from ringsim.estimators import Exposure, Interval, eagerness
from ringsim.fitting._habits import _eager_probability
from ringsim.fitting._steadiness import steadiness
from ringsim.records import Records
from ringsim.reporting._assumed import translated
from support.helpers import refusal
from support.known_group import (
    PATIENCE,
    PEOPLE,
    RING_TIME,
    SHAPE,
    STRATEGIES,
    TALK,
    WRAP_UP,
    known_group,
    month,
)

CORNER = rs.Scenario(
    groups=[{"extension_number": "600", "members": ["201", "202"], "ring_time": 12}],
    demand={"600": rs.Demand(calls_per_hour=30, talk_time=60, patience={"mean": 40})},
    extensions=[rs.Extension("201", answer_probability=0.8)],
    hours=2,
)


@cache
def fitted(strategy: str, **options) -> rs.Fit:
    return rs.fit(month(strategy), template=known_group(strategy), **options)


def small(scenario=CORNER, days=6, **fields) -> Records:
    return month(scenario=scenario, days=days, busyness=0, **fields)


def estimates(found: rs.Fit, column="estimate"):
    return found.table.set_index("parameter")[column]


def within_twice(row, value):
    """Return whether a value is within twice the half-width of an interval."""
    return abs(row["estimate"] - value) <= row["high"] - row["low"]


# Recovery


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_fit_recovers_the_truth(strategy):
    table = fitted(strategy).table.set_index("parameter")
    truth = {
        "demand.600.calls_a_day": 400.0,
        "demand.600.busyness": 0.2,
        "demand.600.talk_time": TALK,
        "demand.600.wrap_up_time": WRAP_UP,
        "demand.600.patience.scale": 60.0,
        "demand.600.patience.c": 0.8,
        "demand.600.patience > 10 s": float(PATIENCE.sf(10)),
    }
    for number, (probability, delay, _, own) in PEOPLE.items():
        path = f"extensions.{number}"
        truth[f"{path}.answer_probability"] = probability
        truth[f"{path}.answer_delay"] = delay
        answered = probability * special.gammainc(SHAPE, SHAPE * RING_TIME / delay)
        truth[f"{path}.answers within {RING_TIME} s"] = answered
        if own:
            truth[f"{path}.own_calls.calls_per_hour"] = own
    wrong = {name for name, value in truth.items() if not within_twice(table.loc[name], value)}
    assert wrong == set()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_duty_is_found_to_the_minute(strategy):
    found = fitted(strategy).scenario
    for number in PEOPLE:
        assert found.duty(number) == known_group(strategy).duty(number)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_fit_predicts_what_the_truth_gives_and_shortcuts_do_not(strategy):
    def level(scenario):
        summary = rs.simulate(scenario, replications=200, seed=9).summary(within=10)
        return summary.loc["service_level", "estimate"]

    truth, found = level(known_group(strategy)), fitted(strategy)
    assert abs(level(found.scenario) - truth) < 0.02
    assert abs(level(found.naive_scenario) - truth) > 0.15


def test_the_table_says_what_the_shortcut_gives():
    found = fitted("RING_SIMULTANEOUSLY")
    naive = estimates(found, "naive")
    assert naive["extensions.205.answer_probability"] < 0.2  # truth 0.6
    assert naive["demand.600.patience.scale"] < 6  # truth 60
    assert naive["demand.600.busyness"] == 0
    assert list(found.table.columns) == [
        "parameter",
        "estimate",
        "low",
        "high",
        "naive",
        "n_events",
        "method",
    ]


def test_every_estimate_lies_in_its_interval():
    table = fitted("CYCLIC_HUNT").table
    known = table.dropna(subset=["low", "high"])
    assert len(known) > 40
    assert (known["low"] <= known["estimate"]).all()
    assert (known["estimate"] <= known["high"]).all()


# Days held out


def test_days_held_out_are_not_fitted_on():
    records = month()
    found = fitted("CYCLIC_HUNT")
    assert found.held_out_days == (15, 16, 17, 18, 19)
    alone = rs.fit(records.only(range(15)), template=known_group(), hold_out=0)
    assert alone.scenario == found.scenario


@pytest.mark.parametrize(("days", "asked", "held"), [(6, 5, 2), (3, 5, 1), (2, 5, 0), (6, 0, 0)])
def test_at_most_a_third_of_the_days_is_held_out(days, asked, held):
    found = rs.fit(small(days=days), template=CORNER, hold_out=asked)
    assert len(found.held_out_days) == held
    said = [each for each in found.limits if "held out" in each]
    assert len(said) == (asked != held)


def test_the_check_predicts_the_days_held_out():
    check = fitted("CYCLIC_HUNT").check()
    assert set(check.table["day"]) == {15, 16, 17, 18, 19}
    assert "the 5 days held out" in check.verdict
    assert fitted("CYCLIC_HUNT").finding == check.verdict


def test_a_check_without_days_held_out_says_so():
    check = rs.fit(small(), template=CORNER, hold_out=0).check()
    assert "that it was fitted on" in check.verdict


# Results


def test_a_fitted_scenario_survives_its_file(tmp_path):
    found = fitted("CYCLIC_HUNT").scenario
    found.dump(tmp_path / "fit.toml")
    assert rs.Scenario.load(tmp_path / "fit.toml") == found


def test_the_report_is_a_page_with_finding_table_and_limits(tmp_path):
    found = fitted("CYCLIC_HUNT")
    page = found.report(tmp_path / "fit.html")
    assert str(page) == "\n".join(page.findings)
    assert page._repr_html_().startswith("<iframe srcdoc=")  # a notebook shows it
    text = (tmp_path / "fit.html").read_text()
    assert page.html == text
    assert "reproduce" in page.findings[0].lower()
    assert "extensions.205.answer_probability" in text
    assert 'role="img"' in text
    for sentence in found.limits:
        assert sentence in text
    assert "STRESS" not in text


def test_every_limit_and_parameter_has_words_in_every_language():
    """With people of few rings, away spells, pauses and every other kind of parameter."""
    some = small(days=3).only([0, 1, 2])
    for found in (fitted("CYCLIC_HUNT"), rs.fit(some, hold_out=0), rs.fit(some, hold_out=2)):
        assert all(isinstance(limit, Said) for limit in found.limits), found.limits
        with speaking("de"):
            for limit in found.limits:
                assert limit.words != limit
            for path in found.table["parameter"]:
                name = path.split(".", 2)[2]
                assert translated(name, "fitted.") != name, name
            for part in {part for each in found.table["method"] for part in each.split(", ")}:
                assert translated(part, "method.").lang == "de", part


def test_a_text_of_the_catalogue_survives_a_pickle():
    said = Said("limits.few_rings", who="201", n=50)
    copy = pickle.loads(pickle.dumps(said))
    with speaking("de"):
        assert (copy, copy.words) == (said, said.words) != (said, said)


def test_members_who_answer_better_in_some_hours_are_noticed():
    rng = np.random.default_rng(1)
    n = 400
    hour = np.repeat(np.arange(8), n // 8)
    for chance, alike in ((np.full(8, 0.5), True), (np.tile([0.15, 0.85], 4), False)):
        rings = Exposure(
            day=np.zeros(n, int),
            member=np.arange(n) % 2,
            start=hour * 3600.0,
            since=np.full(n, np.inf),
            exposed=np.full(n, 10.0),
            answered=rng.random(n) < chance[hour],
        )
        assert (steadiness(rings).p_value > 0.05) == alike
    assert steadiness(rings.of(np.zeros(n, dtype=bool))).p_value == 1


def test_a_fit_shows_itself():
    found = fitted("CYCLIC_HUNT")
    told = r"<Fit of group 600 to 15 days, \d+ parameters, 5 days held out>"
    assert re.fullmatch(told, repr(found))
    assert found.finding.split()[0] in found._repr_html_()


# Templates


def test_without_a_template_strategy_and_ring_time_are_inferred():
    for strategy in STRATEGIES:
        found = rs.fit(month(strategy, days=6))
        group = found.scenario.group("600")
        assert (group.ring_strategy, group.ring_time) == (strategy, RING_TIME)
        assert any("is a guess" in each for each in found.limits)


def test_a_template_may_be_the_record_of_the_phone_system():
    group = CORNER.group("600")
    api = json.loads(json.dumps(group.to_api()))
    records = small()
    for template in (CORNER, group, api):
        found = rs.fit(records, template=template).scenario
        assert found.group("600").ring_time == 12
        assert found.group("600").members == group.members


def test_a_template_without_members_takes_those_of_the_records():
    record = rs.RingGroup(extension_number="600", ring_time=12)
    found = rs.fit(small(), template=record)
    assert [each.extension_number for each in found.scenario.group("600").members] == ["201", "202"]


def test_people_who_are_no_members_are_left_out_and_named():
    template = CORNER.group("600").replace(members=["202"])
    found = rs.fit(small(), template=template)
    assert [each.extension_number for each in found.scenario.extensions] == ["202"]
    assert any(each.startswith("201 is in the records but no member") for each in found.limits)


# Limits


def test_somebody_who_never_rang_is_off_duty():
    template = CORNER.group("600").replace(members=["201", "202", "203"])
    found = rs.fit(small(), template=template)
    assert found.scenario.duty("203") == ()
    assert any("203 never rang" in each for each in found.limits)


def test_few_rings_are_drawn_together_and_named():
    found = rs.fit(small(days=3), template=CORNER)
    methods = set(estimates(found, "method").filter(like="answer_probability"))
    assert all("eagerness" in method or "episodes" in method for method in methods)
    few = rs.fit(small(days=2, scenario=CORNER.replace(hours=0.5)), template=CORNER)
    assert any("fewer than 50 rings" in each for each in few.limits)
    for person in few.scenario.extensions:
        assert 0 < person.answer_probability < 1


def test_the_error_of_all_people_together_is_in_the_interval_of_each():
    """Days say how often all people answer, but for a factor; rings say how one differs."""
    rng = np.random.default_rng(3)
    people, rings, covered, n, error = 4, 8, 0, 150, 0.4
    for _ in range(n):
        z, hazard = rng.gamma(9, 1 / 9, people), 0.8
        p = 1 - np.exp(-hazard * np.exp(error * (rng.normal() + np.array([0, -1.96, 1.96]))))
        answers = rng.poisson(hazard * z * rings)
        factors = eagerness(answers, np.full(people, -np.log1p(-p[0]) * rings))
        for code in range(people):
            found = _eager_probability(Interval(*p), factors, code)
            assert found.low < found.estimate < found.high
            covered += found.low <= 1 - np.exp(-hazard * z[code]) <= found.high
    assert covered >= stats.binom.ppf(5e-4, n * people, 0.95)


def test_bounds_of_few_rings_are_unknown_with_those_of_all_people():
    found = _eager_probability(Interval(0.6), eagerness([3, 0], [2.0, 2.0]), 1)
    assert 0 < found.estimate < 0.6
    assert np.isnan(found.low)
    assert np.isnan(found.high)


def test_somebody_who_never_answers_gets_a_low_probability_and_a_sentence():
    silent = CORNER.replace(
        extensions=[rs.Extension("201"), rs.Extension("202", answer_probability=0)]
    )
    found = rs.fit(small(silent, days=12), template=silent)
    assert estimates(found)["extensions.202.answer_probability"] < 0.05
    assert any("202 never answered" in each for each in found.limits)


def test_without_anybody_who_gave_up_patience_is_unknown():
    demand = rs.Demand(calls_per_hour=30, talk_time=60)
    patient = CORNER.replace(demand={"600": demand})
    found = rs.fit(small(patient), template=patient)
    assert any(each.startswith("No caller gave up") for each in found.limits)
    assert found.scenario.demand["600"].patience.mean() == np.inf


def test_whole_seconds_are_noticed():
    records = month("CYCLIC_HUNT")
    calls, rings = records.calls, records.rings
    whole = Records.from_frames(
        calls.assign(arrives_at=calls["arrives_at"].round(), wait=calls["wait"].round()),
        rings.assign(started_at=rings["started_at"].round(), ended_at=rings["ended_at"].round()),
        records.own_calls,
        group="600",
        opens_at="08:00",
        hours=8,
    )
    found = rs.fit(whole, template=known_group())
    table = found.table.set_index("parameter")
    for number, (probability, delay, _, _) in PEOPLE.items():
        path = f"extensions.{number}"
        assert within_twice(table.loc[f"{path}.answer_probability"], probability)
        assert table.loc[f"{path}.answer_delay", "estimate"] == pytest.approx(delay, rel=0.1)


def test_weekdays_have_rows_and_a_sentence_if_they_differ():
    factors = np.tile([1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0], 3)
    unlike = rs.fit(month(factors=factors), template=known_group(), hold_out=0)
    table = estimates(unlike)
    ratio = table["demand.600.calls_a_day on fri"] / table["demand.600.calls_a_day on mon"]
    assert ratio == pytest.approx(2, rel=0.15)
    assert any(each.startswith("Weekdays differ") for each in unlike.limits)
    alike = rs.fit(month(), template=known_group(), hold_out=0)
    assert "demand.600.calls_a_day on fri" in estimates(alike)
    assert not any(each.startswith("Weekdays differ") for each in alike.limits)


def test_away_spells_are_found_and_put_into_the_scenario():
    spells = {"every": {"mean": 3600}, "lasting": {"mean": 900}}
    people = [
        each.replace(away=spells) if each.extension_number == "202" else each
        for each in known_group().extensions
    ]
    found = rs.fit(month(scenario=known_group().replace(extensions=people)), template=known_group())
    table = found.table.set_index("parameter")
    assert [name for name in table.index if ".away." in name] == [
        "extensions.202.away.every",
        "extensions.202.away.lasting",
    ]
    assert within_twice(table.loc["extensions.202.away.every"], 3600)
    assert within_twice(table.loc["extensions.202.away.lasting"], 900)
    answering = table.loc["extensions.202.answer_probability"]
    assert answering["estimate"] == pytest.approx(0.9, abs=0.06)
    assert answering["naive"] < 0.6
    away = found.scenario.extension("202").away
    assert away.lasting.mean() == table.loc["extensions.202.away.lasting", "estimate"]


# Records without all rings


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("grade", ["B", "C"])
def test_rings_that_were_not_recorded_are_worked_out(strategy, grade):
    """Without calls that the records do not show, nothing is lost."""
    records = month(strategy, grade=grade)
    found = rs.fit(records, template=known_group(strategy))
    assert found.scenario == fitted(strategy).scenario
    assert any(each.startswith("The records lack rings") for each in found.limits)


# Refusals


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"group": "700"}, "group must be the group of the records, 600, got '700'."),
        ({"hold_out": -1}, "hold_out must be a whole number, at least 0, got -1."),
        ({"hold_out": 1.5}, "hold_out must be a whole number, at least 0, got 1.5."),
        (
            {"template": 3},
            "template must be a RingGroup, its record as a dict, or a Scenario, got 3.",
        ),
        (
            {"template": rs.RingGroup(extension_number="601")},
            "template.extension_number must be the group of the records, 600, got '601'.",
        ),
        (
            {"template": rs.RingGroup(extension_number="600", members=["301"])},
            "template.members must have one who is in the records, got ['301']. "
            "The records have 201, 202.",
        ),
    ],
)
def test_refusals(options, said):
    records = small(days=3)
    assert refusal(lambda: rs.fit(records, **options)) == said


def test_one_day_is_too_few():
    assert refusal(lambda: rs.fit(small(days=1))) == (
        "records must have at least two days, got 1. Intervals and the check are by days."
    )


def test_records_without_an_answer_are_refused():
    never = CORNER.replace(
        extensions=[rs.Extension(each, answer_probability=0) for each in ("201", "202")]
    )
    said = refusal(lambda: rs.fit(small(never), template=never))
    assert said.startswith("records must have an answered call whose talk time is known")
