"""Reduction of runs to sums: equal for both engines, any order of rows and any parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import ringsim as rs
from ringsim import _jit
from ringsim._log_arrays import LogArrays
from ringsim.confidence import Quantile, of_quantile, paired
from ringsim.metrics import (
    Layout,
    Observations,
    Observer,
    Roster,
    _jit_lines,
    _wait_draws,
    _wait_table,
    _waits,
)
from ringsim.metrics._jit_bins import BINS, bin_of
from ringsim.metrics._waits import Waits
from support.hard_days import Day, days

SUMS = ("calls", "groups", "seats", "people", "busy")


def observed(scenario: rs.Scenario, *logs: LogArrays, **layout: Any) -> Observations:
    asked = Layout(**{"n_cells": len(scenario.groups)} | layout)
    observer = Observer(Roster(scenario), asked, len(logs))
    for log in logs:
        observer.add(log)
    return observer.observations()


def shuffled(log: LogArrays, seed: int) -> LogArrays:
    """Return the log with its rings and visits in another order."""
    random = np.random.default_rng(seed)

    def rows(table: Any) -> Any:
        order = random.permutation(len(table))
        return type(table)(*(column[order] for column in vars(table).values()))

    return replace(log, rings=rows(log.rings), visits=rows(log.visits))


def by_interval(day: Day, group: int = -1) -> dict[str, Any]:
    """Return a layout of short intervals, so that most calls end in a later one than they began."""
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
    """Talk and wrap-up of all members of the group count, up to the last interval."""
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


@settings(max_examples=20)
@given(days)
def test_memory_grows_by_what_a_day_adds(day: Day) -> None:
    """Studies of `optimize` are dropped by the memory of their sums and waits."""
    log = day.play("compiled").arrays
    one, two = (observed(day.scenario, *[log] * n) for n in (1, 2))
    tables = sum(getattr(one, name).nbytes for name in (*SUMS, "callers"))
    assert one.n_bytes == tables + one.waits.n_bytes
    assert two.n_bytes == 2 * one.n_bytes
    one.daily = (two, two)
    assert one.n_bytes == 5 * two.n_bytes / 2


def test_many_waits_take_the_memory_of_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_waits, "MAX_KEPT", 1000)
    waits = Waits(1)
    sizes = []
    for number in range(5):
        wait = np.linspace(0, 60, 900)
        none = np.zeros(900, dtype=np.int32)
        waits.add(wait, wait < 30, none, none + np.int32(number), range(number, number + 1))
        sizes.append(waits.n_bytes)
    assert sizes[0] == 900 * _waits.BYTES_OF_A_WAIT
    assert sizes[1] == sizes[4] > 0


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_lines_are_compiled_once(engine: str) -> None:
    """The instants of given workloads are read-only; the compiled code has one signature."""
    rules = rs.Rules(wait_in_line=True, passes=math.inf, retry_pause=1, max_wait_time=60)
    group = rs.RingGroup(extension_number="600", members=["201"], rules=rules)
    script = rs.Workload(arrives_at=[0, 1, 2], talk_time=10, answer_delay={"201": 1})
    log = rs.play(rs.Scenario(groups=[group]), script, engine)
    assert log.summary()["estimate"]["answered"] == 3
    assert len(getattr(_jit_lines.observe_lines, "signatures", [()])) == 1


# Waits


WIDTH = 1e-3  # of a bin at most, relative
WAITS = st.one_of(st.sampled_from([0.0, 5.0, 20.0, 1e-9]), st.floats(0, 5000))


def binned(wait: float) -> int:
    return int(bin_of(int(np.float64(wait).view(np.int64))))


@given(WAITS, WAITS)
def test_bins_keep_the_order_of_waits_and_are_narrow(one: float, other: float) -> None:
    """Two waits in one bin differ by at most 0.1 %, or both are near 0."""
    first, second = binned(one), binned(other)
    assert 0 <= first < BINS
    if first < second:
        assert one < other
    if first == second:
        assert abs(one - other) <= max(one, other) * WIDTH + 2.0**-14


@pytest.mark.parametrize("wait", [0.0, 2.0**31, 1e300])
def test_every_wait_has_a_bin(wait: float) -> None:
    assert binned(wait) in (0, BINS - 1)


def gathered(parts: list[NDArray[np.float64]], *, cells: int = 2, first: int = 0) -> Waits:
    """Return `Waits` of replications: every second wait is in cell 1, every third is answered."""
    waits = Waits(cells)
    for replication, wait in enumerate(parts):
        place = np.arange(len(wait))
        number = first + replication
        source = np.full(len(wait), number, dtype=np.int32)
        numbers = range(number, number + 1)
        waits.add(wait, place % 3 == 0, (place % cells).astype(np.int32), source, numbers)
    return waits


def many_waits(replications: int = 20, n: int = 400) -> list[NDArray[np.float64]]:
    """Return waits of which many are exactly 20 s, as a ring time causes."""
    random = np.random.default_rng(3)
    return [np.minimum(random.gamma(2, 6, n), 20.0) for _ in range(replications)]


def in_bins(
    monkeypatch: pytest.MonkeyPatch,
    *,
    max_kept: int = 0,
    max_rows: int = 2**20,
    is_direct: bool = False,
) -> None:
    """Count waits in bins from now on, with fewer sections above `max_rows` rows."""
    monkeypatch.setattr(_waits, "MAX_KEPT", max_kept)
    monkeypatch.setattr(_wait_table, "MAX_ROWS", max_rows)
    monkeypatch.setattr(_wait_table, "MAX_DIRECT", 2**24 if is_direct else 0)
    monkeypatch.setattr(_wait_table, "MIN_SLOTS", 64)


def said(waits: Waits, cells: Sequence[int] = (0,), q: float = 0.9) -> list[object]:
    """Return all figures of a percentile, for comparison to the bit."""
    ladder = waits.ranked(cells, answered_only=False)
    residuals = Quantile(q, ladder).influence().residuals
    every = [ladder.quantile(percent / 100) for percent in range(1, 100)]
    return [*map(str, of_quantile(q, ladder)), *map(float.hex, [*residuals.tolist(), *every])]


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9, 0.95])
@pytest.mark.parametrize("answered_only", [False, True])
@pytest.mark.parametrize("cells", [[0], [1], [0, 1]])
@pytest.mark.parametrize("is_direct", [False, True])
def test_percentiles_by_bins_are_those_of_the_waits(
    q: float,
    answered_only: bool,
    cells: list[int],
    is_direct: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They agree within the width of a bin, and exactly for values that many waits share."""
    exact = gathered(many_waits()).ranked(cells, answered_only=answered_only)
    in_bins(monkeypatch, is_direct=is_direct)
    binned = gathered(many_waits()).ranked(cells, answered_only=answered_only)
    one, other = of_quantile(q, exact), of_quantile(q, binned)
    assert other.estimate == pytest.approx(one.estimate, rel=WIDTH)
    assert other[:3] == pytest.approx(one[:3], rel=WIDTH)
    assert binned.total == exact.total
    if one.estimate == 20:
        assert other[:2] == (20, one.low)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 20)), min_size=3, max_size=60),
    st.sampled_from([0.05, 0.5, 0.9, 0.95]),
    st.sampled_from([0, 50, 10**6]),
    st.integers(0, 99),
)
def test_percentiles_are_within_a_thousandth_at_any_size(
    atoms: list[tuple[int, int]], q: float, max_kept: int, seed: int
) -> None:
    """Against numpy on the waits themselves, on both sides of the thresholds."""
    random = np.random.default_rng(seed)
    shared = np.repeat(*np.array(atoms).T).astype(float)
    waits = np.concatenate([shared, random.gamma(2, 9, 50)])
    parts = np.array_split(random.permutation(waits), 40)
    with pytest.MonkeyPatch.context() as context:
        in_bins(context, max_kept=max_kept, max_rows=200)
        ladder = gathered(list(parts), cells=1).ranked([0], answered_only=False)
    truth = float(np.quantile(waits, q, method="inverted_cdf"))
    found = of_quantile(q, ladder)
    assert found.estimate == pytest.approx(truth, rel=0 if max_kept > len(waits) else WIDTH)
    assert found.low <= truth
    assert not truth > found.high


@pytest.mark.parametrize("is_direct", [False, True])
def test_bounds_are_exact_where_nearly_all_waits_of_a_bin_are_equal(
    is_direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in a hundred of these waits is in the same bin as the ring time of 15 s, beyond it."""
    in_bins(monkeypatch, is_direct=is_direct)
    random = np.random.default_rng(7)
    waits = []
    for _ in range(60):
        wait = random.gamma(2, 7, 300)
        wait[:180], wait[180:183] = 15.0, random.uniform(15.0001, 15.007, 3)
        waits.append(wait)
    ladder = gathered(waits, cells=1).ranked([0], answered_only=False)
    assert of_quantile(0.6, ladder)[:3] == (15, 15, 15)
    beyond = of_quantile(0.95, ladder)
    assert beyond.low < beyond.estimate < beyond.high


MILLIONS = pytest.mark.skipif(_jit.INTERPRETED, reason="counts millions of waits")


@MILLIONS
@pytest.mark.parametrize("q", [0.5, 0.9, 0.95])
@pytest.mark.parametrize("digits", [0, 1, 17])
def test_what_many_waits_share_is_exact_beyond_a_million(q: float, digits: int) -> None:
    """Ring times of 5 and 15 s among other waits, and steps of a tenth of a second."""
    random = np.random.default_rng(5)
    waits = []
    for _ in range(30):
        wait = np.round(random.gamma(2, 4, 40_000), digits)
        wait[:12_000], wait[12_000:25_000] = 5.0, 15.0
        waits.append(wait)
    ladder = gathered(waits, cells=1).ranked([0], answered_only=False)
    assert ladder.total == 1_200_000
    truth = float(np.quantile(np.concatenate(waits), q, method="inverted_cdf"))
    found = of_quantile(q, ladder)
    if truth in (5, 15) or digits < 2:
        assert found.estimate == truth
    assert found.estimate == pytest.approx(truth, rel=WIDTH)


@MILLIONS
def test_equal_medians_do_not_differ_beyond_a_million() -> None:
    """Two strategies of 20 days, of which one has longer waits beyond the ring time of 5 s."""
    random = np.random.default_rng(6)
    days = [
        np.where(random.random(60_000) < 0.8, 5.0, random.gamma(2, 9, 60_000)) for _ in range(20)
    ]
    slower = [np.where(day > 5.5, day + 1, day) for day in days]
    one, other, tail = (
        Quantile(q, gathered(each, cells=1).ranked([0], answered_only=False)).influence()
        for each, q in ((days, 0.5), (slower, 0.5), (slower, 0.95))
    )
    assert paired(one, other)[:2] == (0.0, 0.0)
    first = Quantile(0.95, gathered(days, cells=1).ranked([0], answered_only=False)).influence()
    found = paired(tail, first).estimate()
    assert 0.5 < found.low <= 1.0 <= found.high < 1.5


@pytest.mark.parametrize("max_rows", [2**20, 500])
def test_percentiles_can_be_compared_across_the_thresholds(
    max_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One study of few waits and one of many, of 400 replications or of 40."""
    for replications in (40, 400):
        few = many_waits(replications, 30)
        one = Quantile(0.5, gathered(few).ranked([0], answered_only=False)).influence()
        with monkeypatch.context() as context:
            in_bins(context, max_rows=max_rows)
            ladder = gathered([day + 1 for day in few]).ranked([0], answered_only=False)
            other = Quantile(0.5, ladder).influence()
        assert len(other.residuals) <= min(64, replications)
        found = paired(other, one).estimate()
        assert found.low <= 1 <= found.high
        assert found.high - found.low < 0.5


@pytest.mark.parametrize("max_kept", [10**6, 300, 0])
@pytest.mark.parametrize(("max_rows", "is_direct"), [(2**20, True), (2**20, False), (150, False)])
@pytest.mark.parametrize("max_drawn", [2**16, 40])
@pytest.mark.parametrize("seed", range(1 if _jit.INTERPRETED else 3))
def test_how_replications_are_parted_changes_no_wait(
    max_kept: int,
    max_rows: int,
    is_direct: bool,
    max_drawn: int,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exact waits, counts of bins and sampled waits do not depend on the parts."""
    in_bins(monkeypatch, max_kept=max_kept, max_rows=max_rows, is_direct=is_direct)
    monkeypatch.setattr(_wait_draws, "MAX_DRAWN", max_drawn)
    waits = many_waits(300, 5)
    single, whole = gathered(waits, cells=1), Waits(1)
    random = np.random.default_rng(seed)
    cuts = [0, *sorted(random.choice(np.arange(1, 300), 6, replace=False).tolist()), 300]
    parts = [gathered(waits[a:b], cells=1, first=a) for a, b in pairwise(cuts)]
    for part in random.permutation(len(parts)):
        whole.take_in(parts[part])
    assert (whole.n, whole.replications) == (single.n, single.replications) == (1500, 300)
    for q in (0.5, 0.95):
        assert said(single, q=q) == said(whole, q=q)


def test_numbers_of_replications_change_no_wait() -> None:
    """Replications before the first one are not days without calls."""
    waits = many_waits(30, 5)
    first, late = gathered(waits, cells=1), gathered(waits, cells=1, first=1000)
    assert late.replications == 30
    assert said(late, q=0.5) == said(first, q=0.5)


def test_sections_are_halved_until_rows_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows a section, and not below 8 sections."""
    waits = [np.arange(10) % 3 * 5.0] * 128
    for max_rows, sections in ((192, 64), (191, 32), (10, 8)):
        in_bins(monkeypatch, max_rows=max_rows)
        ladder = gathered(waits, cells=1).ranked([0], answered_only=False)
        assert ladder.sources == sections
        assert ladder.total == 1280


@pytest.mark.parametrize("cells", [486, 1000, 40_000])
def test_percentiles_are_known_however_many_cells_there_are(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_bins(monkeypatch)
    waits = many_waits(5, 5000)
    found = gathered(waits, cells=cells).ranked([3], answered_only=False)
    truth = np.concatenate([wait[3::cells] for wait in waits])
    assert found.total == len(truth)
    median = np.quantile(truth, 0.5, method="inverted_cdf")
    assert found.quantile(0.5) == pytest.approx(median, rel=WIDTH)


def test_waits_of_one_cell_are_never_taken_for_those_of_another() -> None:
    """The cache of sorted rows gives right waits for cells in any order."""
    waits = gathered(many_waits())
    asked = [([0], False), ([1], False), ([0, 1], True), ([0], True), ([1], False)]
    for cells, answered_only in asked:
        alone = gathered(many_waits()).ranked(cells, answered_only=answered_only)
        again = waits.ranked(cells, answered_only=answered_only)
        assert again.total == alone.total
        assert [again.quantile(q) for q in (0.2, 0.9)] == [alone.quantile(q) for q in (0.2, 0.9)]


def test_waits_that_come_later_are_among_those_that_are_asked_for() -> None:
    waits, later = gathered(many_waits(1)), gathered([np.full(3, 1e4)])
    first = waits.ranked([0], answered_only=False)
    waits.take_in(later)
    both = waits.ranked([0], answered_only=False)
    assert first.quantile(1) < both.quantile(1) == 1e4
    assert both.total == first.total + 2


@settings(max_examples=20)
@given(days)
def test_a_layout_without_waits_has_the_same_sums(day: Day) -> None:
    log = day.play("compiled").arrays
    kept = observed(day.scenario, log)
    sums_only = observed(day.scenario, log, keeps_waits=False)
    for name in SUMS:
        assert np.array_equal(getattr(kept, name), getattr(sums_only, name), equal_nan=True)
    assert (kept.waits.n, sums_only.waits.n) == (len(log.calls), 0)
