"""Benchmarks of complete studies: engines, strategies, members, settings, tables."""

from __future__ import annotations

import pytest
from cases import (
    CALLS_A_DAY,
    HUNTS,
    STRATEGIES,
    bare,
    compared,
    my_office,
    neighbours,
    office,
    study,
    summarised,
)
from measure import Measured

import ringsim as rs

DAYS = {"compiled": 20, "simpy": 1}


def bench_bare_script(measured: Measured) -> None:
    measured(bare(20 * CALLS_A_DAY), "the bare script, 20 days")


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("members", [2, 10, 30])
@pytest.mark.parametrize("engine", DAYS)
def bench_members(measured: Measured, engine: str, members: int, strategy: rs.RingStrategy) -> None:
    work = study(office(strategy, members), DAYS[engine], engine=engine)
    measured(work, f"{engine}, {members} members, days: {DAYS[engine]}")


@pytest.mark.parametrize("strategy", HUNTS)
@pytest.mark.parametrize("members", [5, 20, 80])
def bench_larger_groups(measured: Measured, members: int, strategy: rs.RingStrategy) -> None:
    measured(study(office(strategy, members), 20), f"larger groups, {strategy}, 20 days")


@pytest.mark.parametrize("strategy", STRATEGIES)
def bench_busy_members_rung(measured: Measured, strategy: rs.RingStrategy) -> None:
    measured(study(office(strategy, skip_busy=False), 20), "busy members rung, 20 days")


@pytest.mark.parametrize("strategy", STRATEGIES)
def bench_two_groups_overflowing(measured: Measured, strategy: rs.RingStrategy) -> None:
    measured(study(neighbours(strategy), 20), "two groups, overflowing, 20 days")


@pytest.mark.parametrize("days", [20, 100])
def bench_with_tables(measured: Measured, days: int) -> None:
    measured(summarised(office(), days), "studies and their tables")


def bench_strategies_compared(measured: Measured) -> None:
    measured(compared(my_office(), 20), "eight strategies, 20 days of the packaged example")


@pytest.mark.parametrize("calls", [1_000, 4_000, 16_000])
@pytest.mark.parametrize("engine", DAYS)
def bench_growth(measured: Measured, engine: str, calls: int) -> None:
    measured(study(office(calls=calls), 1, engine=engine), f"one long day, {engine}")
