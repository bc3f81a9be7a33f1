"""A large study returns the memory that its threads left free."""

from __future__ import annotations

import pytest

import ringsim as rs
from ringsim.planning import _memory


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
