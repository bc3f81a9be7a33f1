"""Helpers that run a command of the command line inside a test.

`ringsim`
    Run a command; return its exit status and output.
`told`
    Run a command with `--json`; return the parsed output.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ringsim.cli import main


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
