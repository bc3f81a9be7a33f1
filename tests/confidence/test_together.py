"""Estimates of many figures at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringsim.confidence import (
    Count,
    Days,
    Estimates,
    Figure,
    Product,
    Rate,
    Share,
    Unknown,
    _together,
    estimate_together,
)
from ringsim.confidence._estimates import SumTable, of_tables

KINDS = ("count", "per hour", "rate", "mean", "load", "share", "long share", "days", "unknown")


def figure_of(kind: str, seed: int, rows: int, replications: int) -> Figure:
    """Return a figure of one row, or of several; some of its sums are 0 in every replication."""
    random = np.random.default_rng(seed)
    shape = (rows, replications) if rows else (replications,)
    cases = random.poisson(random.choice([0.0, 0.1, 30.0]), shape).astype(float)
    events = np.floor(cases * random.random(shape))
    marks: dict[str, Any] = {"note": "noted" * int(seed % 2), "is_fixed": seed % 3 == 0}
    figures = {
        "count": Count(events, **marks),
        "per hour": Count(events, per=8.0, **marks),
        "rate": Rate(events, cases, **marks),
        "mean": Product((events, 1), (cases, -1)),
        "load": Product((events, 1), (cases, 1), (cases + 1, -1), constant=0.5),
        "share": Share(events, 40.0, **marks),
        "long share": Share(events, 0.0 if seed % 5 == 0 else 400.0, **marks),
        "days": Days(events > 5, cases > 0, **marks),
        "unknown": Unknown(n_rows=max(rows, 1), **marks),
    }
    return figures[kind]


@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(0, 10**6), st.integers(0, 3)), max_size=12
    ),
    st.sampled_from([1, 2, 20]),
    st.sampled_from([0.5, 0.95]),
)
def test_estimates_are_those_of_each_figure_alone(
    chosen: Sequence[tuple[str, int, int]], replications: int, level: float
) -> None:
    figures = [figure_of(kind, seed, rows, replications) for kind, seed, rows in chosen]
    found = estimate_together(figures, level)
    assert len(found) == len(figures)
    for figure, together in zip(figures, found, strict=True):
        alone = figure.estimates(level)
        for column, expected in zip(together[:4], alone[:4], strict=True):
            np.testing.assert_array_equal(column, expected)
        notes = [[each.note_of(row) for row in range(len(alone.low))] for each in (together, alone)]
        assert notes[0] == notes[1]


@pytest.mark.parametrize("together", [0, 100, _together.TOGETHER])
def test_figures_of_sums_are_estimated_in_calls_of_limited_size(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def counted(tables: Sequence[SumTable], level: float) -> list[Estimates]:
        sizes.append(sum(each.size for table in tables for each in table.sums))
        return of_tables(tables, level)

    monkeypatch.setattr(_together, "TOGETHER", together)
    monkeypatch.setattr(_together, "of_tables", counted)
    kinds = ["count", "rate", "days", "mean", "per hour", "share", "unknown"]
    figures = [figure_of(kind, place, 2, 9) for place, kind in enumerate(kinds)]
    for found, figure in zip(estimate_together(figures), figures, strict=True):
        np.testing.assert_array_equal(found.estimate, figure.estimates().estimate)
    assert sum(sizes) == 7 * 2 * 9  # sums of two rows, in nine replications
    assert len(sizes) == {0: 5, 100: 2}.get(together, 1)
    assert max(sizes) <= max(together, 2 * 2 * 9)
