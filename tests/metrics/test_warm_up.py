"""Warm-up: calls that arrive early are played, and are in no figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from planning.test_parts import part
from planning.test_simulate import SCENARIO, assert_alike
from support.played import frames
from support.profiles import PROFILE

WARM_UPS = st.sampled_from([1.0, 600.0, 1234.5, 1800.0, 3000.0, 3599.0])


def counted(log: rs.CallLog, warm_up: float) -> pd.DataFrame:
    calls = log.calls
    return calls[calls["arrives_at"] >= warm_up]


@pytest.mark.parametrize("number", [None, "600", "601", "602"])
@pytest.mark.parametrize("warm_up", [600.0, 1234.5])
def test_early_calls_are_in_no_figure_of_calls(
    warm_up: float, number: str | None, engine: str
) -> None:
    """The figures are those of the calls that arrived later, whose logs do not change."""
    result = part(0, 4, warm_up=warm_up, engine=engine, keep_logs=True)
    table = result.summary(group=number)["estimate"]
    assert [frames(log) for log in result.logs] == [
        frames(log) for log in part(0, 4, keep_logs=True).logs
    ]
    every = pd.concat([counted(log, warm_up) for log in result.logs])
    calls = every if number is None else every[every["group"] == number]
    answered = calls[calls["outcome"] == "answered"]
    assert table["offered"] == len(calls) / 4
    assert table["answered"] == len(answered) / 4
    assert table["wait_p90"] == np.quantile(calls["wait"], 0.9, method="inverted_cdf")
    assert table["rings_per_call"] == pytest.approx(calls["n_rings"].sum() / len(calls), rel=1e-12)
    here = every if number is None else every[every["ended_in"] == number]
    assert table["answered_here"] == (here["outcome"] == "answered").sum() / 4
    received = sum(
        len(visits[visits["call"].isin(counted(log, warm_up)["call"])])
        for log in result.logs
        for visits in [log.visits if number is None else log.visits[log.visits["group"] == number]]
    )
    assert table["received"] == received / 4
    handled = (
        answered["talk_time"].sum()
        + answered.loc[answered["answered_by"].notna(), "wrap_up_time"].sum()
    )
    load = len(calls) / 4 * handled / len(answered) / (3600 - warm_up)
    assert table["offered_load"] == pytest.approx(load, rel=1e-9)


@settings(max_examples=PROFILE.examples // 5)
@given(warm_up=WARM_UPS)
def test_time_of_members_counts_from_the_warm_up(warm_up: float) -> None:
    """Shares of duty are of the duty that is left, whatever call the time was spent on."""
    result = part(0, 3, warm_up=warm_up, keep_logs=True)
    table = result.members()
    for (number, member), row in table.iterrows():
        spans = SCENARIO.duty(member) or [(0.0, 3600.0)]
        spans = [(max(start, warm_up), stop) for start, stop in spans if stop > warm_up]
        duty = 3 * sum(stop - start for start, stop in spans)
        rings = pd.concat(
            log.rings.merge(log.calls[["call", "arrives_at"]], on="call") for log in result.logs
        )
        rings = rings[(rings["member"] == member) & (rings["group"] == number)]
        late = rings[rings["arrives_at"] >= warm_up]
        assert row["rung"] == (late["result"] != "paged").sum() / 3
        assert row["answered"] == (late["result"] == "answered").sum() / 3
        started = rings["started_at"].between(warm_up, 3600, inclusive="left").sum()
        if not duty:
            assert row[["occupancy", "interruptions_per_hour"]].isna().all()
            continue
        assert row["interruptions_per_hour"] == pytest.approx(3600 * started / duty, rel=1e-9)
        ringing = 0.0
        for log in result.logs:
            of_person = log.rings[log.rings["member"] == member]
            stamps = np.linspace(0, 3600, 36001)[:-1] + 0.05
            on_duty = np.any([(stamps >= a) & (stamps < b) for a, b in spans], axis=0)
            rings_now = np.zeros(len(stamps), dtype=bool)
            for start, stop in zip(of_person["started_at"], of_person["ended_at"], strict=True):
                rings_now |= (stamps >= start) & (stamps < stop)
            ringing += 0.1 * (on_duty & rings_now).sum()
        assert row["ring_share"] == pytest.approx(ringing / duty, abs=0.1 * 60 / duty)


@settings(max_examples=PROFILE.examples // 5)
@given(warm_up=WARM_UPS, width=st.sampled_from([300.0, 700.0, 1800.0]))
def test_intervals_begin_where_the_warm_up_ends(warm_up: float, width: float) -> None:
    """Intervals after the warm-up are as without one; the one it ends in has its later calls."""
    warm, plain = (part(0, 3, warm_up=each).intervals(width) for each in (warm_up, 0.0))
    assert list(warm.index) == [at for at in plain.index if at + width > warm_up]
    later = warm.index[warm.index >= warm_up]
    pd.testing.assert_frame_equal(warm.loc[later], plain.loc[later], check_exact=True)
    summary = part(0, 3, warm_up=warm_up).summary()
    assert warm["offered"].sum() == pytest.approx(summary.loc["offered", "estimate"], rel=1e-12)


@settings(max_examples=PROFILE.examples // 5)
@given(warm_up=WARM_UPS)
def test_a_kept_log_counts_as_its_result_does(warm_up: float) -> None:
    single = part(3, 1, warm_up=warm_up, keep_logs=True)
    assert_alike(single, single.logs[0])
    assert_alike(single, single.replay(3))


def test_no_warm_up_changes_nothing() -> None:
    assert_alike(part(0, 4, warm_up=0), part(0, 4))


def test_a_call_at_the_very_end_of_the_warm_up_counts() -> None:
    given_at = rs.Demand(arrives_at=[599.5, 600.0], talk_time=5)
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}], demand={"600": given_at}, hours=1
    )
    result = rs.simulate(scenario, replications=2, warm_up=600)
    assert result.summary().loc["offered", "estimate"] == 1


@pytest.mark.parametrize("warm_up", [-1, 3600, np.inf, np.nan, True, None])
def test_a_warm_up_leaves_some_of_the_day(warm_up: Any) -> None:
    with pytest.raises(rs.ConfigurationError, match=r"warm_up must be seconds from 0 to before"):
        part(0, 1, warm_up=warm_up)
