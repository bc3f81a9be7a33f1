"""Fixtures of pytest-benchmark, which measures absolute times to save and compare."""

from __future__ import annotations

import pytest
from measure import Measured, Work
from pytest_benchmark.fixture import BenchmarkFixture


@pytest.fixture
def measured(benchmark: BenchmarkFixture) -> Measured:
    """Return a function that measures a work in a group of the report."""

    def measure(work: Work, group: str) -> None:
        benchmark.group = group
        benchmark.extra_info["calls"] = work.calls
        benchmark(work.run)

    return measure
