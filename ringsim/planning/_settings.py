"""Settings with their values, and the combinations of these.

`checked_settings`
    Check a table of lists of values by path.
`points_of`
    Return an iterator over all combinations of values.
`naming`
    A context whose errors name the combination that they are about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import contextmanager
from itertools import product
from math import prod
from typing import Any, TypeAlias

from ringsim.errors import ConfigurationError, shown

__all__ = ["Point", "checked_settings", "naming", "points_of"]

Point: TypeAlias = dict[str, Any]


def checked_settings(
    subject: str, settings: Any, most: int, noun: str
) -> dict[str, tuple[Any, ...]]:
    """Return the values of each setting, in their order.

    Parameters
    ----------
    subject : str
        Name of the argument, for errors.
    settings : mapping of str to collection
        Lists of values by path.
    most : int
        Largest number of combinations.
    noun : str
        Plural of what a combination is called in errors.

    Raises
    ------
    ConfigurationError
        If a setting has no list of values, or there are too many combinations.
    """
    if not isinstance(settings, Mapping) or not settings:
        raise ConfigurationError(subject, "must be a table of lists of values", settings)
    for path, values in settings.items():
        is_list = isinstance(values, Collection) and not isinstance(
            values, str | bytes | Mapping | Set
        )
        if not is_list or not len(values):
            raise ConfigurationError(str(path), "must be a list of values", values)
    combinations = prod(len(values) for values in settings.values())
    if combinations > most:
        raise ConfigurationError(subject, f"must make at most {most} {noun}", combinations)
    return {path: tuple(values) for path, values in settings.items()}


def points_of(settings: Mapping[str, tuple[Any, ...]]) -> Iterator[Point]:
    """Return an iterator over all combinations of values; the last setting changes fastest."""
    return (dict(zip(settings, values, strict=True)) for values in product(*settings.values()))


@contextmanager
def naming(point: Point) -> Iterator[None]:
    """Return a context whose errors name the combination that they are about."""
    try:
        yield
    except ConfigurationError as wrong:
        if any(wrong.subject.startswith(str(path)) for path in point):
            raise
        where = ", ".join(f"{path}={shown(value)}" for path, value in point.items())
        hint = f"{wrong.hint} So it is at {where}.".strip()
        raise ConfigurationError(wrong.subject, wrong.constraint, wrong.got, hint) from None
