"""The small questions that validation asks everywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

__all__ = ["as_float", "is_integer", "is_nested_deeper", "is_number"]

HOLDERS = (Mapping, list, tuple)


def is_number(value: object) -> bool:
    """Whether it is a real number and no truth value; numpy's count."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_integer(value: object) -> bool:
    """Whether it is a whole number and no truth value; numpy's count."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def as_float(value: Any) -> float:
    """A number as a float; anything else untouched, for the check that follows to refuse."""
    try:
        return float(value) if is_number(value) else value
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_nested_deeper(value: object, levels: int) -> bool:
    """Whether there are more than so many levels of tables and lists inside each other.

    What stands in several places is looked at once a level: even what holds itself has an
    answer soon.
    """
    level = [value]
    for _ in range(levels + 1):
        holders = {id(holder): holder for holder in level if isinstance(holder, HOLDERS)}
        if not holders:
            return False
        level = [
            item
            for holder in holders.values()
            for item in (holder.values() if isinstance(holder, Mapping) else holder)
        ]
    return True
