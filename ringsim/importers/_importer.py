"""Readers of configuration files, and the registry of them.

`Importer`
    Base class: recognises a format and reads its files.
`importer_named`, `importers`, `format_names`
    Readers by name, all of them, and their names.

Packages add readers through the entry-point group `ringsim.importers`: the name is that of the
format, the object a class derived from `Importer`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import ClassVar, Final

from ringsim._entry_points import registered_classes
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.importers._drafts import GroupDraft
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings

__all__ = ["Importer", "format_names", "importer_named", "importers"]

ENTRY_POINTS = "ringsim.importers"

# Readers of ringsim in the order in which they are asked
HOME: Final = {
    "freeswitch": "_freeswitch:FreeSwitch",
    "fusionpbx": "_fusionpbx:FusionPbx",
    "freepbx": "_freepbx:FreePbx",
    "asterisk": "_asterisk:Asterisk",
}


class Importer(ABC):
    """Base class of readers of configuration files.

    Attributes
    ----------
    name : str
        Name of the format, as `read_pbx(format=)` takes it.
    title : str
        What the format is, in a few words.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def recognises(self, file: ConfigFile) -> bool:
        """Return whether a file looks like the format, or like one that belongs to it."""

    @abstractmethod
    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        """Return the groups of the files, and add remarks.

        Raises
        ------
        ConfigurationError
            If a file is not of this format.
        """


def format_names() -> tuple[str, ...]:
    """Return the names of all formats: those of other packages, then ringsim's own."""
    return (*_others(), *HOME)


@cache
def _others() -> dict[str, type[Importer]]:
    return registered_classes(ENTRY_POINTS, Importer, HOME)  # type: ignore[type-abstract]


def importer_named(name: object) -> Importer:
    """Return the reader of a format.

    Raises
    ------
    ConfigurationError
        If there is no such format.
    """
    known = format_names()
    if not isinstance(name, str) or name not in known:
        raise ConfigurationError(
            "format", f"must be auto or one of {', '.join(known)}", name, did_you_mean(name, known)
        )
    if name in _others():
        return _others()[name]()
    module, _, kind = HOME[name].partition(":")
    found: Importer = getattr(import_module(f"ringsim.importers.{module}"), kind)()
    return found


def importers() -> Iterator[Importer]:
    """Yield all readers in the order in which they are asked."""
    for name in format_names():
        yield importer_named(name)
