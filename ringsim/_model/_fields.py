"""Types and validators of the fields of records."""

from __future__ import annotations

from numbers import Integral
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator, StringConstraints

from ringsim._checks import as_float, is_number, seconds_of

__all__ = ["AsTuple", "ExtensionNumber", "FiniteSeconds", "number_between", "plain_number"]

EXTENSION_NUMBER = r"^[0-9]{3,64}$"

ExtensionNumber = Annotated[str, StringConstraints(strict=True, pattern=EXTENSION_NUMBER)]


def _as_tuple(value: Any) -> Any:
    """Convert a list to a tuple, as pydantic's strict mode requires; return other values as is."""
    return tuple(value) if isinstance(value, list) else value


AsTuple = BeforeValidator(_as_tuple)


def plain_number(value: Any) -> float:
    """Convert a number of any library, such as numpy, to an int or a float.

    Whole numbers become ints, so that 20 is written back as 20.
    """
    return int(value) if isinstance(value, Integral) else float(value)


def number_between(
    constraint: str,
    low: float,
    high: float,
    *,
    whole: bool = False,
    above: bool = False,
    seconds: bool = False,
) -> PlainValidator:
    """Return a validator for a number in [low, high], or in (low, high] with `above`.

    With `seconds`, durations may be written as text, such as `"2 min"`: see `seconds_of`.
    """

    def check(given: Any) -> Any:
        value = seconds_of(given) if seconds else given
        kind = isinstance(value, Integral) if whole else True
        size = as_float(value)
        if not (is_number(value) and kind and low <= size <= high) or (above and size == low):
            raise ValueError(f"must be {constraint}")
        return plain_number(value)

    return PlainValidator(check)


FiniteSeconds = Annotated[
    float, number_between("a finite number of seconds, at least 0", 0, 1e300, seconds=True)
]
