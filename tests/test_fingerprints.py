"""Tests that the cache of compiled code notices each change of what compiled code imports."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import ringsim as rs
from support.fingerprints import IMPORTED, fingerprint_of

PACKAGE = Path(rs.__file__).parent
IMPORT = re.compile(r"^from (ringsim\S*) import", re.M)
CONSTANTS = {"ringsim.engine._plan"}  # too large for a fingerprint of the file


def name_of(module: ModuleType) -> str:
    return module.__name__.removeprefix("ringsim.")


@pytest.mark.parametrize("module", IMPORTED, ids=name_of)
def test_fingerprints_are_those_of_the_imported_files(module: ModuleType) -> None:
    hint = "python tests/support/fingerprints.py --write"
    assert fingerprint_of(module) == module.BUILT_ON, hint


@pytest.mark.parametrize("module", IMPORTED, ids=name_of)
def test_a_fingerprint_covers_all_files_that_are_imported(module: ModuleType) -> None:
    source = Path(str(module.__file__)).read_text("utf-8")
    imported = {*IMPORT.findall(source)} - CONSTANTS
    parts = [part for part in IMPORTED[module] if isinstance(part, ModuleType)]
    assert imported <= {part.__name__ for part in parts}


def test_modules_stand_below_those_that_they_import() -> None:
    order = list(IMPORTED)
    for place, module in enumerate(order):
        assert not set(order[place:]) & {
            part for part in IMPORTED[module] if isinstance(part, ModuleType)
        }


def test_every_module_with_compiled_functions_has_a_fingerprint() -> None:
    marked = re.compile(r"^@(?:compiled|inlined|internal)\b", re.M)
    names = {
        "ringsim." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if marked.search(path.read_text("utf-8"))
    }
    assert names == {module.__name__ for module in IMPORTED}
    assert all(hasattr(import_module(name), "BUILT_ON") for name in names)
