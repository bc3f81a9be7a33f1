"""Commands, and what they print.

`ringsim`
    Any command.
`told`
    What one tells scripts.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ringsim.cli import main


def ringsim(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    capsys.readouterr()
    status = main(arguments)
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What a command prints as JSON."""
    status, out, err = ringsim(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    parsed: dict[str, Any] = json.loads(out)
    return parsed
