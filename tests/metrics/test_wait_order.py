"""The order of waits, and waits of several cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ringsim.metrics._wait_order import in_order
from ringsim.metrics._waits import Waits

NEXT_TO_20 = float(np.nextafter(20.0, 21.0))
WAITS = st.one_of(
    st.sampled_from([0.0, -0.0, -1e-12, 1e-12, 20.0, NEXT_TO_20, 40.0, float("inf")]),
    st.floats(0, 1e5),
)


@given(st.lists(WAITS, max_size=60))
@example([NEXT_TO_20, 20.0] * 20)
@example([-0.0, 1.0])
@example([1e-12, 1e-13])
def test_waits_stand_in_rising_order(waits: list[float]) -> None:
    order, found = in_order(np.array(waits, float))
    assert found.tolist() == sorted(waits)
    assert sorted(order.tolist()) == list(range(len(waits)))
    assert [waits[row] for row in order.tolist()] == sorted(waits)


def distinct(n: int) -> NDArray[np.float64]:
    return np.random.default_rng(3).exponential(20, n) + 1e-6


def test_the_order_of_floats_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many callers wait just as long, until they have rung for the ring time."""
    waits = np.array([*distinct(5000), *[20.0] * 500, *[0.0] * 500])
    monkeypatch.setattr(np, "argsort", lambda *_, **__: pytest.fail("numpy looked for the order"))
    assert in_order(waits)[1].tolist() == sorted(waits)


@pytest.mark.parametrize("cells", [[0], [2], [0, 2], [1, 2, 3], range(4)])
@pytest.mark.parametrize("answered_only", [True, False])
def test_waits_of_some_cells_are_those_of_each_together(
    cells: list[int], answered_only: bool
) -> None:
    random, wait = np.random.default_rng(4), np.array([*distinct(300), *[20.0] * 40])
    cell, replication = (random.integers(0, n, len(wait)).astype(np.int32) for n in (4, 9))
    is_answered, replication = random.random(len(wait)) < 0.7, np.sort(replication)
    waits = Waits(4)
    waits.add(wait, is_answered, cell, replication, range(9))
    chosen = np.isin(cell, cells) & (is_answered | (not answered_only))
    found = waits.ranked(cells, answered_only=answered_only)
    assert found.total == chosen.sum()
    assert found.cases.tolist() == np.bincount(replication[chosen], minlength=9).tolist()
    for q in (0.1, 0.5, 0.95):
        place = int(np.ceil(q * chosen.sum() - 1e-9)) - 1
        assert found.quantile(q) == np.sort(wait[chosen])[place]
