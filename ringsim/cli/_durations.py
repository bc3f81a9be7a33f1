"""Options that take a duration: seconds, `3:00` or `'2 min'`."""

from __future__ import annotations

from typing import Any

import typer

from ringsim._checks import number_or_duration
from ringsim.errors import ConfigurationError, RingsimError

__all__ = ["FORMS", "duration_option"]

FORMS = "seconds, or as 3:00 or '2 min'"


def duration_option(flag: str, help: str) -> Any:  # noqa: A002  # typer's own name
    """Return an option whose value is a duration.

    Parameters
    ----------
    flag : str
        The option, for its errors: `--within`.
    help : str
        What it sets, without the forms of a duration.
    """

    def seconds(value: Any) -> Any:
        found = number_or_duration(value) if isinstance(value, str) else value
        if isinstance(found, str):
            wrong = ConfigurationError(flag, f"must be in {FORMS}", value)
            raise RingsimError(str(wrong))  # typer replaces a ValueError by a sentence of its own
        return found

    told = f"{help} In {FORMS}."
    return typer.Option(flag, metavar="DURATION", parser=seconds, help=told)
