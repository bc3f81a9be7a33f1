"""Shares in options: `0.9` or `90%`."""

from __future__ import annotations

from typing import Any

import typer

from ringsim.errors import ConfigurationError, RingsimError

__all__ = ["percentage", "share_option"]


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


def percentage(text: str, option: str) -> float:
    """Return a number, or a percentage as a fraction."""
    value = text.strip()
    try:
        return float(value[:-1]) / 100 if value.endswith("%") else float(value)
    except ValueError:
        raise ConfigurationError(option, "must be a number or a percentage", text) from None
