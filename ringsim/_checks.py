"""Checks of types and nesting that all validation shares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

__all__ = ["as_float", "is_integer", "is_nested_deeper", "is_number"]

HOLDERS = (Mapping, list, tuple)


def is_number(value: object) -> bool:
    """Return True for a real number, numpy's included, and False for a bool."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_integer(value: object) -> bool:
    """Return True for an integer, numpy's included, and False for a bool."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def as_float(value: Any) -> float:
    """Convert a number to a float; return any other value unchanged, for a later check.

    An integer too large for a float becomes an infinity.
    """
    try:
        return float(value) if is_number(value) else value
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_nested_deeper(value: object, levels: int) -> bool:
    """Return True if tables and lists are nested more than `levels` deep.

    Each container is visited once per level, so that a container that contains itself also
    ends soon.
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
