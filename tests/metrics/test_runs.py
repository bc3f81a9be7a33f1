"""Tests of sums over several runs: parts that are joined, real days, and tables without waits."""

from __future__ import annotations

import numpy as np
import pandas as pd

import ringsim as rs
from ringsim.metrics._kept_waits import Kept
from ringsim.metrics._wait_table import WaitTable
from ringsim.records import Records

OFFICE = rs.Scenario(
    groups=[{"extension_number": "600", "members": ["201", "202"]}],
    demand={"600": rs.Demand(calls_per_hour=30, talk_time=60, patience=30)},
    hours=1,
)


def test_parts_joined_in_any_order_are_the_whole() -> None:
    parts = [rs.simulate(OFFICE, replications=4, first_replication=first) for first in (4, 0)]
    whole = rs.simulate(OFFICE, replications=8)
    pd.testing.assert_frame_equal(
        rs.Result.join(*parts).summary(), whole.summary(), check_exact=True
    )


def test_the_number_of_calls_of_real_days_is_not_certain() -> None:
    """Real days have given instants, but another day would have others."""
    logs = [rs.play(OFFICE, rs.Workload.draw(OFFICE, seed=seed)) for seed in range(5)]
    offered = Records.from_logs(logs).summary().loc["offered"]
    assert offered["low"] < offered["estimate"] < offered["high"]


def test_no_waits_change_no_table() -> None:
    nothing = Kept(np.empty(0), np.empty(0, np.bool_), np.empty(0, np.int32), np.empty(0, np.int32))
    table = WaitTable(1)
    table.count(nothing)
    assert table._n_rows == 0
