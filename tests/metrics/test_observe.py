"""Runs reduced to sums: the same for both engines, in whatever parts and order rows come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from engine.scenarios import Day, days
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import ringsim as rs
from ringsim import _jit, logarrays
from ringsim._jit import fingerprint
from ringsim.confidence import Binned, Ranked, of_quantile
from ringsim.logarrays import LogArrays
from ringsim.metrics import (
    Layout,
    Observations,
    Observer,
    Roster,
    _jit_bins,
    _jit_observe,
    _jit_people,
    _waits,
)
from ringsim.metrics._jit_bins import BINS, bin_of
from ringsim.metrics._waits import Waits

SUMS = ("calls", "groups", "seats", "people", "busy")


def observed(scenario: rs.Scenario, *logs: LogArrays, **layout: Any) -> Observations:
    asked = Layout(**{"n_cells": len(scenario.groups)} | layout)
    observer = Observer(Roster(scenario), asked, len(logs))
    for log in logs:
        observer.add(log)
    return observer.observations()


def shuffled(log: LogArrays, seed: int) -> LogArrays:
    """The same log, its rings and visits in another order."""
    random = np.random.default_rng(seed)

    def rows(table: Any) -> Any:
        order = random.permutation(len(table))
        return type(table)(*(column[order] for column in vars(table).values()))

    return replace(log, rings=rows(log.rings), visits=rows(log.visits))


def by_interval(day: Day, group: int = -1) -> dict[str, Any]:
    """A layout of intervals in which hardly a call ends where it began, to its last arrival."""
    latest = max([0.0, *day.workload.arrives_at])
    return {"width": 7.0, "group": group, "n_cells": int(latest // 7) + 1}


@settings(max_examples=60)
@given(days, st.integers(0, 9))
def test_sums_are_the_same_to_the_bit_in_whatever_order_rows_are(day: Day, seed: int) -> None:
    log = day.play("compiled").arrays
    for layout in ({}, by_interval(day)):
        one, other = (observed(day.scenario, each, **layout) for each in (log, shuffled(log, seed)))
        for name in SUMS:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=60)
@given(days, st.sampled_from([-1, 0]))
def test_busy_time_by_interval_adds_up_to_that_of_people(day: Day, group: int) -> None:
    """Talk and wrap-up of everybody whom the group has as a member, to the last interval."""
    seen = observed(day.scenario, day.play("compiled").arrays, **by_interval(day, group))
    people = seen.roster.people_of(None if group < 0 else group)
    busy = sum(seen.of_person(name)[:, people].sum() for name in ("talk_time", "wrap_up_time"))
    assert seen.busy.sum() == pytest.approx(busy, rel=1e-9, abs=1e-6)
    on_duty = seen.roster.duty_time_by(seen.layout.width, seen.layout.n_cells, people)
    assert (seen.busy[0, :-1] <= on_duty[:-1] + 1e-6).all()
    assert (seen.busy >= 0).all()


@settings(max_examples=40)
@given(days)
def test_sums_are_the_same_to_the_bit_on_both_engines(day: Day) -> None:
    one, other = (
        observed(day.scenario, day.play(engine).arrays) for engine in ("simpy", "compiled")
    )
    for name in SUMS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_the_cache_knows_what_the_reduction_has_from_elsewhere() -> None:
    assert fingerprint(_jit) == _jit_bins.BUILT_ON
    assert fingerprint(_jit, logarrays) == _jit_people.BUILT_ON
    assert fingerprint(_jit, logarrays, _jit_people) == _jit_observe.BUILT_ON


# Waits


WAITS = st.one_of(st.sampled_from([0.0, 5.0, 20.0, 1e-9]), st.floats(0, 5000))


@given(WAITS, WAITS)
def test_bins_keep_the_order_of_waits_and_are_narrow(one: float, other: float) -> None:
    """Two waits of one bin are at most 1/64 apart, or near 0."""
    assert 0 <= bin_of(one) < BINS
    if bin_of(one) < bin_of(other):
        assert one < other
    if bin_of(one) == bin_of(other):
        assert abs(one - other) <= max(one, other) / 64 + 2.0**-7


@pytest.mark.parametrize("wait", [0.0, 2.0**21, 1e300])
def test_every_wait_has_a_bin(wait: float) -> None:
    assert bin_of(wait) in (0, BINS - 1)


def gathered(parts: list[NDArray[np.float64]], *, cells: int = 2, first: int = 0) -> Waits:
    """Waits of as many replications, every second one of cell 1, every third answered."""
    waits = Waits(cells)
    for replication, wait in enumerate(parts):
        place = np.arange(len(wait))
        number = first + replication
        source = np.full(len(wait), number)
        waits.add(wait, place % 3 == 0, (place % cells).astype(np.int32), source, number + 1)
    return waits


def many_waits(replications: int = 20, n: int = 400) -> list[NDArray[np.float64]]:
    """Waits with an atom at 20 s, as ring times make them."""
    random = np.random.default_rng(3)
    return [np.minimum(random.gamma(2, 6, n), 20.0) for _ in range(replications)]


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9, 0.95])
@pytest.mark.parametrize("answered_only", [False, True])
@pytest.mark.parametrize("cells", [[0], [1], [0, 1]])
def test_percentiles_by_bins_are_those_of_the_waits(
    q: float, answered_only: bool, cells: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the width of a bin; where all waits of a bin are equal, exactly."""
    exact = gathered(many_waits()).ladder(cells, answered_only=answered_only)
    monkeypatch.setattr(_waits, "MOST_KEPT", 0)
    binned = gathered(many_waits()).ladder(cells, answered_only=answered_only)
    assert isinstance(exact, Ranked)
    assert isinstance(binned, Binned)
    one, other = of_quantile(q, exact), of_quantile(q, binned)
    assert other[:3] == pytest.approx(one[:3], rel=1 / 64)
    if one.estimate == 20:
        assert other.estimate == 20


@pytest.mark.parametrize("most_kept", [10**6, 300, 0])
@pytest.mark.parametrize("backwards", [False, True])
def test_how_replications_are_parted_changes_no_wait(
    most_kept: int, backwards: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not which are kept as they are, nor how many are in which bin."""
    monkeypatch.setattr(_waits, "MOST_KEPT", most_kept)
    waits = many_waits(9, 50)
    single, whole = gathered(waits, cells=1), Waits(1)
    parts = [gathered(waits[:4], cells=1), gathered(waits[4:], cells=1, first=4)]
    for part in reversed(parts) if backwards else parts:
        whole.take_in(part)
    assert (whole.n, whole.replications) == (single.n, single.replications) == (450, 9)
    for q in (0.5, 0.95):
        one, other = (each.ladder([0], answered_only=False) for each in (single, whole))
        assert one is not None
        assert other is not None
        assert of_quantile(q, one) == of_quantile(q, other)
        np.testing.assert_array_equal(one.section_quantiles(q), other.section_quantiles(q))


def test_with_too_many_cells_for_bins_percentiles_are_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_waits, "MOST_KEPT", 0)
    assert gathered(many_waits(1, 5000), cells=1000).ladder([3], answered_only=False) is None


def test_waits_of_one_cell_are_never_taken_for_those_of_another() -> None:
    """The order of those asked for last is kept; asked again in any order, and of any cells."""
    waits = gathered(many_waits())
    asked = [([0], False), ([1], False), ([0, 1], True), ([0], True), ([1], False)]
    for cells, answered_only in asked:
        alone = gathered(many_waits()).ladder(cells, answered_only=answered_only)
        again = waits.ladder(cells, answered_only=answered_only)
        assert again is not None
        assert alone is not None
        assert again.total == alone.total
        assert [again.quantile(q) for q in (0.2, 0.9)] == [alone.quantile(q) for q in (0.2, 0.9)]


def test_waits_that_come_later_are_among_those_that_are_asked_for() -> None:
    waits, later = gathered(many_waits(1)), gathered([np.full(3, 1e4)])
    first = waits.ladder([0], answered_only=False)
    waits.take_in(later)
    both = waits.ladder([0], answered_only=False)
    assert first is not None
    assert both is not None
    assert first.quantile(1) < both.quantile(1) == 1e4
    assert both.total == first.total + 2
