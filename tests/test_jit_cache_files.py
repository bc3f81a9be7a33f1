"""Files of compiled code: whatever happens between two steps, no key finds another's code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ringsim._jit import INTERPRETED
from ringsim._jit_cache import CodeFiles
from ringsim.engine._compiled import play_runs

STEPS = ["_save_data", "_load_index", "_save_index"]
OLD, NEW = (1.0, 100), (2.0, 100)  # time and size of a source file


def files(folder: Path, source: tuple[float, int]) -> CodeFiles:
    return CodeFiles(cache_path=str(folder), filename_base="loop-1.py311", source_stamp=source)


def before(step: str, happens: Callable[[], None], folder: Path) -> CodeFiles:
    """Return the new source's files; something happens before a step of their first save."""
    new = files(folder, NEW)
    method, left = getattr(new, step), [happens]

    def interrupted(*given: Any) -> Any:
        if left:
            left.pop()()
        return method(*given)

    setattr(new, step, interrupted)
    return new


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupted_save_leaves_no_old_code(step: str, tmp_path: Path) -> None:
    files(tmp_path, OLD).save("types", "old code")
    with pytest.raises(KeyboardInterrupt):
        before(step, interrupt, tmp_path).save("types", "new code")
    assert files(tmp_path, NEW).load("types") in (None, "new code")


@pytest.mark.parametrize("step", STEPS)
def test_a_reader_between_two_steps_finds_no_old_code(step: str, tmp_path: Path) -> None:
    files(tmp_path, OLD).save("types", "old code")
    found = []
    read = before(step, lambda: found.append(files(tmp_path, NEW).load("types")), tmp_path)
    read.save("types", "new code")
    assert found[0] in (None, "new code")
    assert files(tmp_path, NEW).load("types") == "new code"


@pytest.mark.parametrize("step", STEPS)
def test_two_processes_that_compile_at_once_keep_their_own_code(step: str, tmp_path: Path) -> None:
    def other() -> None:
        files(tmp_path, NEW).save("other types", "other code")

    before(step, other, tmp_path).save("types", "code")
    found = files(tmp_path, NEW)
    assert found.load("types") in (None, "code")
    assert found.load("other types") in (None, "other code")


def test_code_of_an_older_source_is_removed(tmp_path: Path) -> None:
    files(tmp_path, OLD).save("types", "old code")
    files(tmp_path, NEW).save("types", "new code")
    files(tmp_path, NEW).save("other types", "other code")
    assert len(list(tmp_path.glob("*.nbc"))) == 2


@pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")
def test_compiled_functions_keep_their_code_so() -> None:
    assert isinstance(play_runs._cache._opened._cache_file, CodeFiles)
