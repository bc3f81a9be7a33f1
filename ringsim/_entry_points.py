"""Readers of formats by name: those of ringsim, and those that other packages register."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from ringsim.errors import ConfigurationError, did_you_mean

__all__ = ["Formats", "registered_classes"]

T = TypeVar("T")


class Formats(Generic[T]):
    """Readers of one package by the names of their formats; each is imported when it is used.

    Parameters
    ----------
    package : str
        Package of the readers, such as `ringsim.records`, and group of entry points of others.
    base : type
        Class that all readers are derived from.
    home : dict of str to str
        Readers of ringsim, `module:Class` by name, in the order in which they are asked.
    aliases : dict of str to str, optional
        Names of `home` by further names that users know.
    """

    def __init__(
        self,
        package: str,
        base: type[T],
        home: Mapping[str, str],
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self._package = package
        self._base = base
        self._home = home
        self._aliases = aliases or {}

    def names(self) -> tuple[str, ...]:
        """Return the names of all formats: those of other packages, then ringsim's own."""
        return (*self._others(), *self._home)

    def named(self, name: object) -> T:
        """Return the reader of a format.

        Raises
        ------
        ConfigurationError
            If there is no such format.
        """
        known = self.names()
        wanted = self._aliases.get(name, name) if isinstance(name, str) else name
        if not isinstance(wanted, str) or wanted not in known:
            raise ConfigurationError(
                "format",
                f"must be auto or one of {', '.join(known)}",
                name,
                did_you_mean(name, known),
            )
        others = self._others()
        if wanted in others:
            return others[wanted]()
        module, _, kind = self._home[wanted].partition(":")
        reader: T = getattr(import_module(f"{self._package}.{module}"), kind)()
        return reader

    def __iter__(self) -> Iterator[T]:
        """Yield all readers in the order in which they are asked."""
        return map(self.named, self.names())

    def _others(self) -> Mapping[str, type[T]]:
        taken = (*self._home, *self._aliases)
        # mypy takes no type of a type variable for hashable
        return registered_classes(self._package, self._base, taken)  # type: ignore[arg-type]


@cache
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
        If a name is in use or given twice, or an object is not such a class.
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
