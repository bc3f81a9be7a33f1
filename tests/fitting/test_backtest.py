"""Backtests: their level, their power, their words."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim.fitting._backtest_tables import evidence_in_range, table_of_days, table_of_tests
from ringsim.fitting._evidence import evidence
from ringsim.fitting._pit import randomised_pit
from ringsim.fitting._words import phrase
from ringsim.records import Records
from support.helpers import refusal
from support.known_group import known_group, month

N_DAYS, N_SIMULATED = 5, 100
REDIAL = {"probability": 0.7, "delay": 120}


@cache
def records(**fields):
    return month("CYCLIC_HUNT", days=6, busyness=0, **fields)


# Tests of days


def drawn(rng, n_days=N_DAYS, shift=0.0, spread=1.0, n_fitted=0):
    """Return observed and predicted days of two metrics that go together."""
    error = rng.normal(0, 1 / np.sqrt(n_fitted)) if n_fitted else 0.0

    def days(n, shift=0.0, spread=1.0):
        first = rng.normal(0, 1, (n_days, n)) * spread + shift
        return {"a": first, "b": 0.7 * first + rng.normal(0, 0.5, (n_days, n))}

    predicted = {name: each + error for name, each in days(N_SIMULATED).items()}
    observed = {name: each[:, 0] for name, each in days(1, shift, spread).items()}
    return observed, predicted


def share_rejected(n, bias_only=False, n_fitted=0, **options):
    rng = np.random.default_rng(11)
    rejected = 0
    for seed in range(n):
        observed, predicted = drawn(rng, n_fitted=n_fitted, **options)
        only = dict.fromkeys(observed, bias_only)
        found = evidence(observed, predicted, bias_only=only, n_fitted=n_fitted, seed=seed)
        rejected += found.rejects
    return rejected


@pytest.mark.parametrize("n_days", [1, 5])
def test_a_right_scenario_is_rejected_one_time_in_twenty(n_days):
    rejected = share_rejected(200, n_days=n_days)
    assert rejected <= stats.binom.ppf(1 - 1e-3, 200, 0.05)
    assert rejected >= stats.binom.ppf(1e-3, 200, 0.05)


def test_the_error_of_a_fit_is_allowed_for():
    assert share_rejected(150, n_fitted=3) <= stats.binom.ppf(1 - 1e-3, 150, 0.05)


def test_the_bias_is_measured_in_standard_errors_of_days_and_fit():
    predicted = {"a": np.tile(np.random.default_rng(1).normal(0, 2, 4000), (5, 1))}
    days = {"a": np.array([1.0, 3.0, 2.0, 0.0, 4.0])}
    for n_fitted, error in ((0, 2 / np.sqrt(5)), (15, 2 * np.sqrt(1 / 5 + 1 / 15))):
        found = evidence(days, predicted, bias_only={"a": True}, n_fitted=n_fitted)
        expected = 2 * stats.norm.sf(2 / error)
        assert found.metrics["a"].p_bias == pytest.approx(expected, rel=0.3)


def test_a_shift_and_a_wider_spread_are_found():
    assert share_rejected(40, shift=2.5) > 35
    assert share_rejected(40, spread=4.0) > 35


def test_what_differs_is_named():
    rng = np.random.default_rng(3)
    observed, predicted = drawn(rng, shift=5.0)
    found = evidence(observed, predicted, bias_only={"a": False, "b": True})
    assert "bias" in found.rejected("a")
    assert np.isnan(found.metrics["b"].p_spread)
    assert found.p_value < 0.01
    assert found.metrics["a"].low < 0 < found.metrics["a"].high


@pytest.mark.parametrize("n_days", [1, 4, 20])
@pytest.mark.parametrize("bias_only", [False, True])
def test_days_that_no_simulated_day_is_like_reject(n_days, bias_only):
    """A rate that is 0 on each simulated day, and 20 % on each real one."""
    rng = np.random.default_rng(2)
    predicted = {"a": np.zeros((n_days, 200)), "b": rng.normal(0, 1, (n_days, 200))}
    observed = {"a": np.full(n_days, 0.2), "b": predicted["b"][:, 0]}
    only = dict.fromkeys(observed, bias_only)
    found = evidence(observed, predicted, bias_only=only)
    assert found.metrics["a"].p_bias == pytest.approx(201.0**-n_days)
    assert found.rejects
    assert found.rejected("a")[0] == "bias"
    assert found.p_value >= found.metrics["a"].p_bias


def test_days_as_every_simulated_one_are_as_predicted():
    """Sums of the same values in another order differ by rounding."""
    predicted = {"a": np.full((4, 200), 0.1 + 0.2), "b": np.full((4, 200), 3.0)}
    observed = {"a": np.full(4, 0.3), "b": np.full(4, 3.0)}
    found = evidence(observed, predicted, bias_only=dict.fromkeys(observed, True), n_fitted=3)
    assert [each.p_bias for each in found.metrics.values()] == [1.0, 1.0]
    assert not found.rejects


def rare_days(rng, often, shape):
    """Return rates of 100 calls, of which one has the rare outcome on few days."""
    return (rng.random(shape) < often) / 100


@pytest.mark.parametrize("n_days", [1, 5, 20])
@pytest.mark.parametrize("often", [1e-3, 5e-3, 0.05])
def test_a_rare_outcome_does_not_reject_the_truth(n_days, often):
    """Four metrics, most of whose simulated days are all alike."""
    rng = np.random.default_rng(17)
    names, rejected = "abcd", 0
    for seed in range(100):
        predicted = {name: rare_days(rng, often, (n_days, 200)) for name in names}
        observed = {name: rare_days(rng, often, n_days) for name in names}
        only = dict.fromkeys(names, True)
        rejected += evidence(observed, predicted, bias_only=only, seed=seed).rejects
    assert rejected <= stats.binom.ppf(1 - 1e-3, 100, 0.05)


@pytest.mark.parametrize("often", [0.02, 0.1, 0.3])
def test_what_a_fit_never_saw_may_happen_once(often):
    """The fit knows how often the outcome was in ten days, perhaps never."""
    rng = np.random.default_rng(19)
    rejected = 0
    for seed in range(100):
        seen = rng.binomial(10, often) / 10
        predicted = {"a": rare_days(rng, seen, (5, 200)), "b": rng.normal(0, 1, (5, 200))}
        observed = {"a": rare_days(rng, often, 5), "b": rng.normal(0, 1, 5)}
        only = dict.fromkeys(observed, True)
        found = evidence(observed, predicted, bias_only=only, n_fitted=10, seed=seed)
        rejected += found.rejects
    assert rejected <= stats.binom.ppf(1 - 1e-3, 100, 0.05)


def test_a_day_without_a_value_does_not_count():
    rng = np.random.default_rng(4)
    observed, predicted = drawn(rng)
    observed["a"][2] = np.nan
    predicted["b"][0, :50] = np.nan
    found = evidence(observed, predicted, bias_only={"a": False, "b": False})
    assert np.isfinite(found.metrics["a"].p_bias)
    assert np.isfinite(found.metrics["b"].p_bias)


def test_transforms_of_counts_are_uniform():
    """Ties and all: five possible values."""
    rng = np.random.default_rng(5)
    predicted = np.sort(rng.binomial(4, 0.5, 400).astype(float))
    observed = rng.binomial(4, 0.5, 2000).astype(float)
    placed = randomised_pit(observed, predicted, rng.random(2000))
    assert stats.kstest(placed, "uniform").pvalue > 1e-3


@pytest.mark.parametrize(("n_days", "n_fitted"), [(1, 0), (2, 0), (5, 20)])
def test_an_error_that_is_called_detectable_is_found_in_four_of_five_cases(n_days, n_fitted):
    """And half of it is missed in most cases: the power is neither understated nor overstated."""
    rng = np.random.default_rng(3)
    observed, predicted = drawn(rng, n_days=n_days, n_fitted=n_fitted)
    only = dict.fromkeys(observed, True)
    found = evidence(observed, predicted, bias_only=only, n_fitted=n_fitted)
    shift = found.detectable["a"]
    assert shift > 1.96 / np.sqrt(n_days)
    asked = {"n_days": n_days, "n_fitted": n_fitted, "bias_only": True}
    low, high = stats.binom.ppf([1e-3, 1 - 1e-3], 200, [0.75, 0.5])
    assert share_rejected(200, shift=shift, **asked) >= low
    assert share_rejected(200, shift=shift / 2, **asked) <= high


def test_what_never_varies_has_no_detectable_error():
    observed, predicted = drawn(np.random.default_rng(5))
    predicted["a"][:] = observed["a"][:] = 1.0
    found = evidence(observed, predicted, bias_only=dict.fromkeys(observed, True))
    assert np.isnan(found.detectable["a"])
    assert found.detectable["b"] > 0


# Backtests of records


@cache
def of_truth(**options):
    return rs.backtest(known_group(), records(), **options)


def test_the_truth_reproduces_its_days():
    found = of_truth()
    assert found.reproduces
    assert found.verdict.startswith("Reproduces the 6 days: the answer rate was ")
    assert found.p_value >= 0.05
    of_rate, of_wait = found.tests.loc[["answer_rate", "mean_speed_of_answer"], "detectable"]
    assert found.verdict.endswith(
        "; in 80 % of cases these errors would have been found: the answer rate off by "
        f"{100 * of_rate:.1f} points, the mean speed of answer off by {of_wait:.2f} s."
    )


def test_one_day_finds_only_larger_errors():
    one = rs.backtest(known_group(), records(), days=[2])
    six = of_truth().tests["detectable"]
    assert (one.tests["detectable"] > 1.5 * six).all()
    assert "Reproduces the 1 day: " in one.verdict
    assert " off by " in one.verdict


def test_so_few_calls_that_nothing_would_be_found_is_said():
    """One call, which is answered or not after exactly 3 s."""
    coin = rs.Extension("201", answer_delay=3, answer_probability=0.5)
    office = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(arrives_at=[60], talk_time=60)},
        extensions=[coin],
        hours=1,
        opens_at="08:00",
    )
    days = (rs.simulate(office, replications=20).replay(k) for k in range(20))
    answered = next(day for day in days if day.calls["outcome"].eq("answered").all())
    found = rs.backtest(office, Records.from_logs([answered]))
    told = "; with so few calls, no error would have been found in 80 % of cases."
    assert found.verdict.endswith(told)
    assert "Reproduces the 1 day: the answer rate was 100.0 %, predicted " in found.verdict


def test_the_table_has_a_row_per_metric_and_day():
    found = of_truth(within=10)
    columns = ["metric", "day", "observed", "predicted", "low", "high", "pit", "verdict"]
    assert list(found.table.columns) == columns
    metrics = [
        "answer_rate",
        "service_level",
        "mean_speed_of_answer",
        "abandonment_rate",
        "offered",
    ]
    shares = [f"answer_share of {number}" for number in known_group().extension_numbers]
    assert list(dict.fromkeys(found.table["metric"])) == [*metrics, *shares]
    assert (found.table.groupby("metric").size() == 6).all()
    assert found.table["pit"].between(0, 1).all()
    inside = (found.table["low"] <= found.table["observed"]) & (
        found.table["observed"] <= found.table["high"]
    )
    assert (inside == (found.table["verdict"] == "inside")).all()


def test_bounds_are_values_that_the_metrics_can_have():
    """A fit to one day widens all bounds; those of a rate end at 0 and 100 %."""
    rng = np.random.default_rng(1)
    predicted = {
        "answer_rate": rng.beta(30, 1, (2, N_SIMULATED)),
        "answer_share of 201": rng.beta(1, 30, (2, N_SIMULATED)),
        "offered": rng.exponential(20, (2, N_SIMULATED)),
        "mean_speed_of_answer": rng.exponential(9, (2, N_SIMULATED)),
    }
    observed = {metric: days[:, 0] for metric, days in predicted.items()}
    tested = evidence(observed, predicted, bias_only=dict.fromkeys(observed, False), n_fitted=1)
    days = table_of_days(observed, predicted, [1, 2], n_fitted=1, seed=0).set_index("metric")
    tests = table_of_tests(evidence_in_range(tested), days.reset_index(), within=20)
    for table in (days, tests):
        assert (table[["low", "high"]] >= 0).all(axis=None)
        rates = table.loc[["answer_rate", "answer_share of 201"]]
        assert (rates["high"] <= 1).all()
        assert (rates["low"] < rates["high"]).all()


def test_observed_figures_are_those_of_the_records():
    found = of_truth(within=10).tests
    summary = records().summary(within=10)
    assert found.loc["offered", "observed"] == summary.loc["offered", "estimate"]
    today = of_truth(within=10).table.query("metric == 'service_level' and day == 2")
    calls = records().calls.query("day == 2")
    answered = (calls["outcome"] == "answered").to_numpy()
    assert today["observed"].item() == pytest.approx((answered & (calls["wait"] <= 10)).mean())
    speed = of_truth(within=10).table.query("metric == 'mean_speed_of_answer' and day == 2")
    assert speed["observed"].item() == pytest.approx(calls["wait"][answered].mean())
    share = of_truth(within=10).table.query("metric == 'answer_share of 203' and day == 2")
    of_203 = (calls["answered_by"] == "203").to_numpy()
    assert share["observed"].item() == pytest.approx(of_203.sum() / answered.sum())


def test_drawn_arrivals_predict_all_days_alike():
    found = of_truth(given_calls=False).table
    for _, rows in found.groupby("metric"):
        assert len(set(rows["predicted"])) == 1
    given = of_truth().table.query("metric == 'answer_rate'")
    assert len(set(given["predicted"])) > 1


def test_callers_who_redial_are_not_counted_twice():
    """Arrivals of the records include those of callers who tried again, some after closing."""
    truth = known_group().demand["600"].scaled(0.8).replace(redial=REDIAL)
    scenario = known_group().replace(demand={"600": truth})
    logs = [rs.play(scenario, rs.Workload.draw(scenario, seed=100 + i)) for i in range(6)]
    assert sum((log.calls["attempt"] > 1).sum() for log in logs) > 100
    found = rs.backtest(scenario, Records.from_logs(logs))
    assert found.reproduces
    assert not found.given_calls
    assert len(found.notes) == 1
    assert found.notes[0].startswith("Callers of group 600 redial in the scenario, and the arri")


@pytest.mark.parametrize("redial", [None, {"probability": 0, "delay": 60}])
def test_the_calls_of_a_day_are_given_where_nobody_redials(redial):
    demand = known_group().demand["600"].replace(redial=redial)
    found = rs.backtest(known_group().replace(demand={"600": demand}), records(), days=[0])
    assert found.given_calls
    assert found.notes == ()


def test_a_wrong_scenario_does_not_reproduce_and_says_why():
    demand = known_group().demand["600"].replace(patience={"mean": 7})
    found = rs.backtest(known_group().replace(demand={"600": demand}), records())
    assert not found.reproduces
    assert found.verdict.startswith("Does not reproduce the 6 days, because the abandonment rate ")
    assert "predicted" in found.verdict
    assert "as predicted" not in found.tests.loc["answer_rate", "verdict"]


def test_patience_without_end_does_not_reproduce_calls_given_up():
    """No simulated day has such a call, so that simulated days do not differ."""
    rng = np.random.default_rng(2)
    rows = [
        {
            "day": day,
            "arrives_at": 300.0 * call,
            "outcome": "abandoned" if call % 5 == 0 else "answered",
            "wait": rng.uniform(4, 6),
            "answered_by": None if call % 5 == 0 else "201",
            "talk_time": 30.0,
        }
        for day in range(3)
        for call in range(40)
    ]
    records = Records.from_frames(pd.DataFrame(rows), group="600", members=["201"], hours=4)
    scenario = rs.Scenario(
        groups=[rs.RingGroup(extension_number="600", ring_time=3600, members=["201"])],
        extensions=[rs.Extension("201", answer_delay={"dist": "uniform", "loc": 4, "scale": 2})],
        demand={"600": rs.Demand(calls_per_hour=10, talk_time=0.0)},
        hours=4,
    )
    found = rs.backtest(scenario, records)
    assert not found.reproduces
    assert "the answer rate was 80.0 %, predicted 100.0 %" in found.verdict
    assert "abandonment rate was 20.0 %, predicted 0.0 %" in found.verdict
    assert found.p_value < 0.01


def test_days_that_differ_more_than_predicted_are_found():
    factors = np.array([1.3, 0.7, 1.4, 0.6, 1.2, 0.8])
    found = rs.backtest(known_group(), month(factors=factors))
    assert "the number of calls a day was farther from its predictions than " in found.verdict
    days = found.table.query("metric == 'offered'")
    off = np.sqrt(((days["observed"] - days["predicted"]) ** 2).mean())
    assert f"(by {off:.1f} in root mean square, " in found.verdict


def test_distances_of_rates_are_points():
    rng = np.random.default_rng(5)
    predicted = {"answer_rate": rng.normal(0.7, 0.02, (6, 400))}
    days = {"answer_rate": 0.7 + 0.1 * np.array([1, -1, 1, -1, 1, -1])}
    found = evidence(days, predicted, bias_only={"answer_rate": False})
    said = phrase("answer_rate", found.metrics["answer_rate"], ["spread"], 20)
    assert said == (
        "the answer rate was farther from its predictions than chance explains "
        "(by 10.0 points in root mean square, 2.0 points expected)"
    )


def test_chosen_days_keep_their_numbers():
    found = rs.backtest(known_group(), records(), days=[4, 1])
    assert list(found.table.query("metric == 'offered'")["day"]) == [4, 1]


def test_given_instants_leave_nothing_to_say_of_volume():
    demand = known_group().demand["600"].replace(calls_per_hour=None, arrives_at=[10.0, 400.0])
    found = rs.backtest(known_group().replace(demand={"600": demand}), records())
    assert "offered" not in found.tests.index


def test_a_backtest_shows_itself():
    assert repr(of_truth()).startswith("<Backtest: Reproduces")
    assert "Reproduces" in of_truth()._repr_html_()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"days": []}, "days must name at least one day, got []."),
        ({"days": [9]}, "days[0] must be a whole number from 0 to 5, got 9."),
        ({"seed": -1}, "seed must be a whole number, at least 0, got -1."),
        ({"within": -1}, "within must be a number of seconds, at least 0, got -1."),
    ],
)
def test_refusals(options, said):
    assert refusal(lambda: rs.backtest(known_group(), records(), **options)) == said


def test_a_scenario_without_the_group_or_its_callers_is_refused():
    other = rs.Scenario(groups=[{"extension_number": "601", "members": ["201"]}])
    assert refusal(lambda: rs.backtest(other, records())).startswith("group must be the number of")
    nobody = known_group().replace(demand={})
    assert refusal(lambda: rs.backtest(nobody, records())) == (
        "demand.600 must be given. Nobody calls the group of the records."
    )


def test_calls_answered_in_another_group_do_not_count_as_shares(tmp_path):
    """In the example, calls overflow to a group that has a member in common with the first."""
    scenario = rs.example()
    paths = []
    for day in range(20):
        log = rs.play(scenario, rs.Workload.draw(scenario, seed=4, replication=day))
        paths.append(tmp_path / ("queue_log" + f".{day}" * (day > 0)))
        rs.records.write(
            log, paths[-1], format="queue_log", starts_at=f"2024-01-{day + 1:02} 08:00:00"
        )
    records = rs.read_records(paths, group="600", timezone="UTC")
    elsewhere = records.calls["answered_by"].isin(["206", "207", "208"])
    assert elsewhere.sum() > 500
    found = rs.backtest(scenario, records)
    shares = [name for name in found.tests.index if name.startswith("answer_share of ")]
    assert shares == [f"answer_share of {member}" for member in ("201", "202", "203", "204")]
    assert found.reproduces, found
