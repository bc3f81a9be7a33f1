"""The small questions that validation asks everywhere."""

from __future__ import annotations

from numbers import Real

__all__ = ["is_number"]


def is_number(value: object) -> bool:
    """Whether it is a real number and no truth value; numpy's count."""
    return isinstance(value, Real) and not isinstance(value, bool)
