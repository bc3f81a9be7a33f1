"""Readers of formats, and the registry of them.

`Reader`
    Base class: recognises a format and reads its files.
`Sample`
    The beginning of a file, from which a format is recognised.
`FORMATS`, `reader_for`, `format_names`
    Readers by the name of their format, by a sample, and the names.

Packages add readers through the entry-point group `ringsim.records`: the name is that of the
format, the object a class derived from `Reader`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

from ringsim._entry_points import Formats
from ringsim._sources import Source, decoded
from ringsim.records._csv import delimiter_of, first_fields
from ringsim.records._extract import Extract, Request

__all__ = ["FORMATS", "Reader", "Sample", "format_names", "reader_for"]


@dataclass(frozen=True)
class Sample:
    """The beginning of a file.

    Attributes
    ----------
    name, suffix : str
        Name of the file, and its suffix in lower case without `.gz`.
    data : bytes
        First bytes, decompressed.
    """

    name: str
    suffix: str
    data: bytes

    @cached_property
    def text(self) -> str:
        """The beginning of the file as text."""
        data, encoding = decoded(self.data)
        return data.decode(encoding, errors="replace")

    @cached_property
    def is_json(self) -> bool:
        """True if the file looks like JSON."""
        return self.text.lstrip()[:1] in ("{", "[")

    @cached_property
    def delimiter(self) -> str:
        """The character that splits the first lines into most fields."""
        return delimiter_of(self.data)

    def rows(self, delimiter: str | None = None) -> list[list[str]]:
        """Return the fields of the first lines."""
        return first_fields(self.data, delimiter or self.delimiter)

    def header(self, delimiter: str | None = None) -> frozenset[str]:
        """Return the fields of the first line in lower case."""
        rows = self.rows(delimiter)
        return frozenset(field.lower() for field in rows[0]) if rows else frozenset()


class Reader(ABC):
    """Base class of readers.

    Attributes
    ----------
    name : str
        Name of the format, as `read_records(format=)` takes it.
    title : str
        What the format is, in a few words.
    takes_mapping : bool
        Whether the reader uses the columns of `read_records(mapping=)`; all readers use its
        `members`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    takes_mapping: ClassVar[bool] = False

    @abstractmethod
    def recognises(self, sample: Sample) -> bool:
        """Return whether a file seems to have this format."""

    @abstractmethod
    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the files say about one group.

        Raises
        ------
        ConfigurationError
            If the files are not of this format, or no row names the group.
        """


FORMATS: Final[Formats[Reader]] = Formats(
    "ringsim.records",
    Reader,  # type: ignore[type-abstract]  # a type here, which no one calls
    {  # the most particular format is asked first
        "queue_log": "_queue_log:QueueLog",
        "asterisk_cel": "_asterisk_cel:AsteriskCel",
        "asterisk_cdr": "_asterisk_cdr:AsteriskCdr",
        "portsip": "_portsip:PortSip",
        "webex": "_webex:Webex",
        "3cx": "_threecx:ThreeCx",
        "freeswitch_cdr": "_freeswitch:FreeSwitch",
        "csv": "_generic:Generic",
    },
    aliases={"freepbx_cdr": "asterisk_cdr", "fusionpbx": "freeswitch_cdr"},
)


def format_names() -> tuple[str, ...]:
    """Return the names of all formats: those of other packages, then ringsim's own."""
    return FORMATS.names()


def reader_for(sample: Sample) -> Reader | None:
    """Return the first reader that recognises a file, or None."""
    return next((reader for reader in FORMATS if reader.recognises(sample)), None)
