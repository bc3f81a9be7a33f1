"""Benchmarks of new processes: imports, the first study with and without a cache, peak memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import CALLS_A_DAY, office
from measure import fresh, processor_seconds
from pytest_benchmark.fixture import BenchmarkFixture

pytestmark = pytest.mark.benchmark(timer=processor_seconds, group="a new process, all of it")


@pytest.mark.parametrize("what", ["libraries", "package", "names", "first", "shell"])
def bench_start(benchmark: BenchmarkFixture, what: str) -> None:
    said = benchmark.pedantic(fresh, args=[what], rounds=5, warmup_rounds=1)
    benchmark.extra_info.update(said)


def bench_first_after_installation(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    empty = {"NUMBA_CACHE_DIR": str(tmp_path)}
    said = benchmark.pedantic(fresh, args=["first"], kwargs={"environment": empty}, rounds=1)
    benchmark.extra_info.update(said)


@pytest.mark.parametrize("calls", [20_000, 2_000_000])
def bench_peak_memory(benchmark: BenchmarkFixture, calls: int, tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    office().dump(path)
    environment = {"SCENARIO": str(path), "WITH": ""}
    days = str(calls // CALLS_A_DAY)
    said = benchmark.pedantic(
        fresh, args=["peak", days], kwargs={"environment": environment}, rounds=1
    )
    benchmark.extra_info.update(said)
