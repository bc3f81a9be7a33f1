"""The small questions that validation asks everywhere."""

from __future__ import annotations

from numbers import Integral, Real

__all__ = ["is_number", "is_whole"]


def is_number(value: object) -> bool:
    """Whether it is a real number and no truth value; numpy's count."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """Whether it is a whole number and no truth value; numpy's count."""
    return isinstance(value, Integral) and not isinstance(value, bool)
