"""Counts with their noun, in the singular or the plural, for sentences."""

from __future__ import annotations

__all__ = ["counted"]


def counted(n: float, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 member`, `2,000 members`, `1.5 member hours`.

    Parameters
    ----------
    n : float
        The number, which is rounded to two decimals.
    one, many : str
        The noun of one, and of any other number; by default with an `s`.

    Examples
    --------
    >>> counted(1, "day"), counted(0, "day"), counted(2, "more person", "more people")
    ('1 day', '0 days', '2 more people')
    """
    number = f"{n:,.2f}".rstrip("0").removesuffix(".")
    return f"{number} {one if number == '1' else many or one + 's'}"
