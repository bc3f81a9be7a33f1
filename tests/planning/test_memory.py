"""Studies keep free memory for the next one; a large study returns what its threads left free."""

from __future__ import annotations

import pytest

import ringsim as rs
from ringsim.planning import _memory, _runner


@pytest.mark.parametrize(("many", "trims"), [(0, [0]), (10**6, [])])
def test_free_memory_is_returned_after_many_calls(
    monkeypatch: pytest.MonkeyPatch, many: int, trims: list[int]
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(_memory, "_trim", lambda: asked.append)
    monkeypatch.setattr(_memory, "MANY_CALLS", many)
    rs.simulate(rs.example(), replications=4, workers=2)
    assert asked == trims


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_system_without_the_function_keeps_its_memory(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr("ringsim.planning._memory.sys.platform", platform)
    monkeypatch.setattr("ringsim.planning._memory.ctypes.CDLL", lambda _: object())
    _memory._trim.cache_clear()
    _memory.return_memory(10**9)
    _memory._trim.cache_clear()


def test_a_study_lets_the_c_library_keep_free_memory_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The block is large enough for several batches, and is not held."""
    freed: list[int] = []
    monkeypatch.setattr(_memory.np, "empty", lambda n, dtype: freed.append(n))
    _memory.keep_memory.cache_clear()
    _memory.keep_memory()
    _memory.keep_memory()
    assert freed == [_memory.KEPT // 2]


def test_every_study_asks_for_kept_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[None] = []
    monkeypatch.setattr(_runner, "keep_memory", lambda: asked.append(None))
    rs.simulate(rs.example(), replications=1, workers=1)
    rs.compare(rs.example(), strategies=["CYCLIC_HUNT"], replications=2, workers=2)
    assert len(asked) == 2
