"""Readers of configuration files, and the registry of them.

`Importer`
    Base class: recognises a format and reads its files.
`FORMATS`, `format_names`
    Readers by the name of their format, and the names.

Packages add readers through the entry-point group `ringsim.importers`: the name is that of the
format, the object a class derived from `Importer`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final

from ringsim._entry_points import Formats
from ringsim.importers._drafts import GroupDraft
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings

__all__ = ["FORMATS", "Importer", "format_names"]


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
        """Return whether a file seems to have this format, or to belong to such files."""

    @abstractmethod
    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        """Return the groups of the files, and add remarks.

        Raises
        ------
        ConfigurationError
            If a file is not of this format.
        """


FORMATS: Final[Formats[Importer]] = Formats(
    "ringsim.importers",
    Importer,  # type: ignore[type-abstract]  # a type here, which no one calls
    {
        "freeswitch": "_freeswitch:FreeSwitch",
        "fusionpbx": "_fusionpbx:FusionPbx",
        "freepbx": "_freepbx:FreePbx",
        "asterisk": "_asterisk:Asterisk",
    },
)


def format_names() -> tuple[str, ...]:
    """Return the names of all formats: those of other packages, then ringsim's own."""
    return FORMATS.names()
