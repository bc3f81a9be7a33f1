"""Options that take a share: `0.9` or `90%`."""

from __future__ import annotations

from typing import Any

import typer

from ringsim.cli._known_abandonment import percentage
from ringsim.errors import ConfigurationError, RingsimError

__all__ = ["share_option"]


def share_option(flag: str, help: str) -> Any:  # noqa: A002  # typer's own name
    """Return an option whose value is a fraction, or a percentage.

    Parameters
    ----------
    flag : str
        The option, for its errors: `--answer-rate`.
    help : str
        What it sets, without the forms of a share.
    """

    def fraction(value: Any) -> Any:
        try:
            return percentage(value, flag) if isinstance(value, str) else value
        except ConfigurationError as wrong:
            raise RingsimError(str(wrong)) from None  # typer would replace a ValueError

    return typer.Option(flag, metavar="SHARE", parser=fraction, help=f"{help} As 0.9 or 90%.")
