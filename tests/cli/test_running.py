"""Ctrl-C in a callback from C, where Python cannot raise it, as while numba compiles."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

import pytest

from ringsim.cli import _strategies, main


def call_back(error: type[BaseException]) -> None:
    """Return a function that C calls, and that raises an error."""

    @ctypes.CFUNCTYPE(None)
    def called() -> None:
        raise error

    called()


def lost() -> None:
    call_back(KeyboardInterrupt)


def lost_then_an_error() -> None:
    lost()
    raise RuntimeError("no compiled object yet")


@pytest.mark.parametrize("run", [lost, lost_then_an_error])
def test_it_ends_the_command_as_anywhere_else(
    run: Callable[[], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_strategies, "run", lambda output: run())
    hook = sys.unraisablehook
    assert main(["strategies"]) == 130
    assert capsys.readouterr().err == "ringsim: interrupted\n"
    assert sys.unraisablehook is hook


def test_other_errors_are_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def run() -> None:
        call_back(LookupError)
        raise RuntimeError("a bug")

    monkeypatch.setattr(_strategies, "run", lambda output: run())
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(unraisable.exc_type))
    with pytest.raises(RuntimeError, match="a bug"):
        main(["strategies"])
    assert seen == [LookupError]
