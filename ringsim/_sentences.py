"""Counts and lists of names, as sentences have them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["all_of", "counted", "listed"]


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


def all_of(n: int, one: str, words: str = "all") -> str:
    """Return all of a number of things: `the only day`, `all 2,000 days`.

    Examples
    --------
    >>> all_of(1, "interval"), all_of(8, "interval", "each of")
    ('the only interval', 'each of 8 intervals')
    """
    return f"the only {one}" if n == 1 else f"{words} {counted(n, one)}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return names as `a, b and c`; of more than `most`, that many and the number of the others.

    Examples
    --------
    >>> listed(["201"]), listed(["201", "202", "203"]), listed(["201", "202", "203"], most=2)
    ('201', '201, 202 and 203', '201, 202 and 1 more')
    >>> listed([])
    ''
    """
    others = len(names) - most
    shown = [*names[:most], *([f"{others} more"] if others > 0 else [])]
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))
