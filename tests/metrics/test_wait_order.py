"""The order of waits, with the columns beside them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ringsim.metrics import _wait_order
from ringsim.metrics._wait_order import in_order
from ringsim.metrics._wait_table import Kept
from ringsim.metrics._waits import Waits

NEXT_TO_20 = float(np.nextafter(20.0, 21.0))
WAITS = st.one_of(
    st.sampled_from([0.0, -0.0, -1e-12, 1e-12, 20.0, NEXT_TO_20, 40.0, float("inf")]),
    st.floats(0, 1e5),
)


def kept_of(waits: list[float], n_cells: int, replications: int) -> Kept:
    """Return some waits, each with an outcome, a cell and a replication."""
    random = np.random.default_rng(len(waits))
    cell, replication = (
        random.integers(0, n, len(waits)).astype(np.int32) for n in (n_cells, replications)
    )
    return Kept(np.array(waits, float), random.random(len(waits)) < 0.7, cell, replication)


def rows_of(kept: Kept) -> list[tuple[object, ...]]:
    return sorted(zip(*(column.tolist() for column in kept), strict=True))


@given(
    st.lists(WAITS, min_size=1, max_size=60),
    st.sampled_from([1, 2, 5000]),
    st.sampled_from([1, 100, 70_000]),
)
@example([NEXT_TO_20, 20.0] * 20, 1, 100)
@example([0.0] * 20, 1, 1)
def test_waits_stand_in_order_with_their_columns(
    waits: list[float], n_cells: int, replications: int
) -> None:
    kept = kept_of(waits, n_cells, replications)
    with pytest.MonkeyPatch.context() as context:
        context.setattr(_wait_order, "FEW", 0)
        found = in_order(kept)
    assert (np.diff(found.wait[np.isfinite(found.wait)]) >= 0).all()
    assert found.wait.tolist() == sorted(waits)
    assert rows_of(found) == rows_of(kept)
    assert [column.dtype for column in found] == [column.dtype for column in kept]


def distinct(n: int) -> NDArray[np.float64]:
    return np.random.default_rng(3).exponential(20, n) + 1e-6


def test_the_order_of_usual_waits_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many callers wait just as long, until they have rung for the ring time."""
    waits = [*distinct(_wait_order.FEW), *[20.0] * 500, *[0.0] * 500]
    monkeypatch.setattr(Kept, "at", lambda *_: pytest.fail("the order was looked for"))
    assert in_order(kept_of(waits, 1, 100)).wait.tolist() == sorted(waits)


def test_waits_that_differ_in_their_last_bit_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_wait_order, "FEW", 0)
    n, replication = 50, np.arange(50, dtype=np.int32)
    waits = np.where(replication % 2, 20.0, NEXT_TO_20)
    found = in_order(Kept(waits, np.ones(n, bool), np.zeros(n, np.int32), replication))
    assert (found.replication[:25] % 2 == 1).all()
    assert (found.replication[25:] % 2 == 0).all()


@pytest.mark.parametrize("cells", [[0], [2], [0, 2], [1, 2, 3], range(4)])
@pytest.mark.parametrize("answered_only", [True, False])
def test_waits_of_some_cells_are_those_of_each_together(
    cells: list[int], answered_only: bool
) -> None:
    kept = kept_of([*distinct(300), *[20.0] * 40], 4, 9)
    waits = Waits(4)
    waits.add(kept.wait, kept.is_answered, kept.cell, np.sort(kept.replication), range(9))
    chosen = np.isin(kept.cell, cells) & (kept.is_answered | (not answered_only))
    found = waits.ranked(cells, answered_only=answered_only)
    assert found.total == chosen.sum()
    assert (
        found.cases.tolist() == np.bincount(np.sort(kept.replication)[chosen], minlength=9).tolist()
    )
    for q in (0.1, 0.5, 0.95):
        place = int(np.ceil(q * chosen.sum() - 1e-9)) - 1
        assert found.quantile(q) == np.sort(kept.wait[chosen])[place]
