"""How a command begins and ends: with 0, or with 2 and one line that says why."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from ringsim.cli._commands import app
from ringsim.cli._ctrl_c import heeded
from ringsim.errors import RingsimError

__all__ = ["main"]

WRONG, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for what cannot be, 130 for Ctrl-C."""
    command = typer.main.get_command(app)
    try:
        with heeded():
            status = command.main(
                args=list(sys.argv[1:] if arguments is None else arguments),
                prog_name="ringsim",
                standalone_mode=False,
            )
    except TyperException as wrong:
        return _complain(wrong.format_message())
    except RingsimError as wrong:
        return _complain(str(wrong))
    except KeyboardInterrupt:
        status = INTERRUPTED
    except SystemExit:  # typer's way out when `ringsim ... | head` has seen enough
        return 0
    if status == INTERRUPTED:
        print("ringsim: interrupted", file=sys.stderr)
    return status if isinstance(status, int) else 0


def _complain(message: str) -> int:
    print(f"ringsim: {' '.join(message.split())}", file=sys.stderr)
    return WRONG
