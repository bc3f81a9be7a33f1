"""Compiled functions come from the cache on disk without what only compilation needs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ringsim
from ringsim import _jit_cache
from support.helpers import TELL_COMPILATIONS

ROOT, TESTS = Path(ringsim.__file__).parent, Path(__file__).parent
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


def test_intermediate_code_is_read_when_a_function_is_compiled_that_needs_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "shelf.py").write_text(MODULE)
    lines_of(tmp_path, SUM)
    library = "next(iter(total.overloads.values())).library"
    told = f"print({library}._shared_module is None)\n"
    assert lines_of(tmp_path, SUM + told) == ["2.5 False", "True"]
    assert lines_of(tmp_path, SUM + MORE + told)[-2:] == ["3.0", "False"]


def test_a_part_of_other_functions_has_no_machine_code(tmp_path: Path) -> None:
    (tmp_path / "shelf.py").write_text(MODULE)
    library = "next(iter(half.overloads.values())).library"
    told = f"print(type({library}).__name__, {library}._compiled_object)\n"
    *_, made = lines_of(tmp_path, SUM + told)
    *_, from_cache = lines_of(tmp_path, SUM + MORE + told)
    assert made == from_cache == "PartOfCallers None"


def test_a_function_is_compiled_once_for_all_literals(tmp_path: Path) -> None:
    (tmp_path / "shelf.py").write_text(MODULE)
    power = "@internal\ndef power(value, by):\n    return value**2 if by == 2 else value\n"
    calls = "@compiled\ndef both(value):\n    return power(value, 1) + power(value, by=2)\n"
    program = f"from ringsim._jit import internal\n{power}{calls}print(both(3))\n"
    assert lines_of(tmp_path, program) == ["compiles both", "compiles power", "12"]


KINDS = ("compiled", "internal", "inlined")  # decorators


def functions_of(source: str, decorator: str) -> set[str]:
    """Return the functions of a module with a decorator."""
    return set(re.findall(rf"^@{decorator}\ndef (\w+)\(", source, re.MULTILINE))


def names_used(source: str) -> set[str]:
    """Return names that a module takes from others: `part.name` of each import or attribute.

    Attributes in compiled functions of the module are left out.
    """
    found: set[str] = set()
    tree = ast.parse(source)
    compiled = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and any(ast.unparse(each) in KINDS for each in function.decorator_list)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if node in compiled:
            continue
        if isinstance(node, ast.ImportFrom):
            part = (node.module or "").rpartition(".")[2]
            found |= {f"{part}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
    return found


def test_functions_have_a_wrapper_for_python_if_python_calls_them() -> None:
    """A wrapper takes long to compile; a call without one ends the process."""
    sources = {path: path.read_text() for path in [*ROOT.rglob("*.py"), *TESTS.rglob("*.py")]}
    compiled = {
        path: text
        for path, text in sources.items()
        if ROOT in path.parents and any(functions_of(text, kind) for kind in KINDS)
    }
    called = set().union(*(names_used(sources[path]) for path in sources.keys() - compiled))
    wrong = {
        f"{path.stem}.{name} is {decorator}"
        for path, text in compiled.items()
        for decorator in KINDS
        for name in functions_of(text, decorator)
        if (f"{path.stem}.{name}" in called) != (decorator == "compiled")
    }
    assert wrong == set()


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
