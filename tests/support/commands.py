"""Helpers that run a command of the command line inside a test.

`own_commands`
    Return the commands of the app's own module, with their options.
`ringsim`
    Run a command; return its exit status and output.
`told`
    Run a command with `--json`; return the parsed output.
`on_terminal`
    Run a command on a terminal of some width; return what it shows.
`in_encoding`
    Run a command whose output has some encoding; return its bytes.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import Any

import pytest
import typer

from ringsim.cli import main
from ringsim.cli._added import ADDED
from ringsim.cli._app import app


def own_commands() -> dict[str, Any]:
    """Return the commands of the app's own module by name, with their options."""
    group: Any = typer.main.get_command(app)
    return {name: each.load() for name, each in group.commands.items() if name not in ADDED}


def ringsim(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command; return its exit status, standard output and standard error."""
    capsys.readouterr()
    status = main(arguments)
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run a command with `--json`, check that it succeeds, and return the parsed output."""
    status, out, err = ringsim(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    parsed: dict[str, Any] = json.loads(out)
    return parsed


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def on_terminal(
    monkeypatch: pytest.MonkeyPatch, *arguments: str, columns: int = 80, encoding: str = "utf-8"
) -> str:
    """Run a command on a terminal; check that it succeeds, and return its output uncoloured."""
    screen = _Terminal(io.BytesIO(), encoding=encoding, newline="")
    with monkeypatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "xterm")
        patch.setattr(sys, "stdout", screen)
        assert main(arguments) == 0
    screen.flush()
    text = screen.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def in_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str, *arguments: str) -> bytes:
    """Run a command whose output goes to a file in an encoding; return the bytes."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        assert main(arguments) == 0
    out.flush()
    return raw.getvalue()
