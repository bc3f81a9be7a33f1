"""Compiled functions come from the cache on disk without what only compilation needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.helpers import TELL_COMPILATIONS

from ringsim import _jit_cache

MODULE = """
from ringsim._jit import compiled, internal

@internal
def half(value):
    return value / 2

@compiled
def total(values):
    return half(values[0]) + half(values[1])
"""
CALL = f"""
import sys
import numpy as np
from shelf import compiled, half, total
{TELL_COMPILATIONS}
"""
SUM = 'print(total(np.array([1.0, 4.0])), "numba.np.linalg" in sys.modules)\n'
MORE = """
@compiled
def both(values):
    return total(values) + half(values[0])

print(both(np.array([1.0, 4.0])))
"""


def lines_of(folder: Path, program: str) -> list[str]:
    """Return what a new process prints that finds the module on its path."""
    script = folder / "script.py"
    script.write_text(CALL + program)
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder / "cache"), "NUMBA_DISABLE_JIT": "0"}
    ran = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    )
    return ran.stdout.splitlines()


def test_a_cached_function_runs_without_what_only_compilation_needs(tmp_path: Path) -> None:
    (tmp_path / "shelf.py").write_text(MODULE)
    assert lines_of(tmp_path, SUM) == ["compiles total", "compiles half", "2.5 True"]
    assert lines_of(tmp_path, SUM) == ["2.5 False"]
    assert lines_of(tmp_path, SUM + MORE) == ["2.5 False", "compiles both", "3.0"]


class OtherVersion:
    """A cache of a numba without the method that ringsim calls."""

    cache_path = None

    def load_overload(self, signature: str, target: str) -> str:
        return f"{signature} for {target}"


@pytest.mark.parametrize("counts_references", [True, False])
def test_numbas_own_method_is_the_way_out(
    monkeypatch: pytest.MonkeyPatch, *, counts_references: bool
) -> None:
    monkeypatch.setattr(_jit_cache, "FunctionCache", lambda _: OtherVersion())
    code = _jit_cache.FunctionCode(sum, counts_references=counts_references)
    assert code.load_overload("sum(float64)", "cpu") == "sum(float64) for cpu"
