"""Parsing of shares and amounts in options: `80/20`, `member_hour=30,lost_call=12`."""

from __future__ import annotations

from ringsim._checks import number_or_duration
from ringsim.errors import ConfigurationError

__all__ = ["amounts", "margins", "service_level"]


def service_level(text: str) -> tuple[float, float | None]:
    """Parse a service level and its threshold [s]: `80/20` is 0.8 within 20, `0.8` has none.

    The threshold may be any duration, as in `80/30s`.

    Raises
    ------
    ConfigurationError
        If the text has neither form.
    """
    share, slash, threshold = text.partition("/")
    try:
        level = float(share.strip().removesuffix("%"))
        within = float(number_or_duration(threshold)) if slash else None
    except ValueError:
        raise ConfigurationError(
            "--service-level", "must be a share, or percent/seconds", text, "Write 0.8 or 80/20."
        ) from None
    is_percent = share.strip().endswith("%") or (slash and level > 1)
    return (float(f"{level / 100:.12g}") if is_percent else level), within


def amounts(text: str, option: str) -> dict[str, float]:
    """Parse numbers by name: `member_hour=30,lost_call=12`.

    Raises
    ------
    ConfigurationError
        If a part is not of the form NAME=NUMBER, or a name is given twice.
    """
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = (each.strip() for each in part.partition("="))
        try:
            value = float(number)
        except ValueError:
            raise ConfigurationError(
                option, "must be NAME=NUMBER,NAME=NUMBER", text, f"Write {option} member_hour=30."
            ) from None
        if name in found:
            raise ConfigurationError(option, "must not give a price twice", text)
        found[name] = value
    return found


def margins(text: str | None, option: str) -> float | dict[str, float] | None:
    """Parse a number, or numbers by name.

    Raises
    ------
    ConfigurationError
        If the text has neither form.
    """
    if text is None or "=" in text:
        return None if text is None else amounts(text, option)
    try:
        return float(text)
    except ValueError:
        raise ConfigurationError(
            option, "must be a number, or NAME=NUMBER,NAME=NUMBER", text, f"Write {option} 0.02."
        ) from None
