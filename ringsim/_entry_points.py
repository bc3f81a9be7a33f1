"""Classes that other packages register by entry points."""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import entry_points
from typing import TypeVar

from ringsim.errors import ConfigurationError

__all__ = ["registered_classes"]

T = TypeVar("T")


def registered_classes(group: str, base: type[T], taken: Collection[str]) -> dict[str, type[T]]:
    """Return the classes that other packages register in a group of entry points, by name.

    Parameters
    ----------
    group : str
        Group of entry points, such as `ringsim.records`.
    base : type
        Class that all of them must be derived from.
    taken : collection of str
        Names that ringsim uses itself.

    Raises
    ------
    ConfigurationError
        If a name is taken or stands twice, or an object is no such class.
    """
    found: dict[str, type[T]] = {}
    for entry in entry_points(group=group):
        subject = f"entry point {entry.name!r} of {group}"
        if entry.name in taken or entry.name in found:
            raise ConfigurationError(subject, "must have a name of its own")
        loaded = entry.load()
        if not (isinstance(loaded, type) and issubclass(loaded, base)):
            name = f"{group}.{base.__name__}"
            raise ConfigurationError(subject, f"must be a class derived from {name}", loaded)
        found[entry.name] = loaded
    return found
