"""Configuration files as text, of bounded size."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ringsim._sources import Source, decoded
from ringsim.errors import ConfigurationError

__all__ = ["MOST_ROWS", "MOST_TEXT", "ConfigFile", "beside"]

MOST_TEXT = 2**24  # bytes of a file that is read as a whole
MOST_BYTES = 2**28  # bytes of a dump, of which only the tables of groups are read
MOST_ROWS = 200_000  # lines of settings, or rows of a table
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HEAD = 2**14  # characters from which a format is recognised


@dataclass(frozen=True)
class ConfigFile:
    """A configuration file.

    Attributes
    ----------
    source : Source
        The file.
    """

    source: Source

    @property
    def name(self) -> str:
        """Name for messages: the path as given or found."""
        return self.source.name

    @property
    def path(self) -> Path:
        return self.source.path

    @property
    def suffix(self) -> str:
        return self.source.suffix

    @cached_property
    def head(self) -> str:
        """The beginning of the file as text, without leading blanks."""
        return _text(self.source.head)[:HEAD].lstrip()

    @cached_property
    def data(self) -> bytes:
        """All bytes, as UTF-8 or Windows-1252.

        Raises
        ------
        ConfigurationError
            If the file cannot be read, or is too large.
        """
        data = self.source.first(MOST_BYTES + 1)
        self._check(data, MOST_BYTES)
        return decoded(data)[0] if data.startswith(UTF16_MARKS) else data

    @cached_property
    def text(self) -> str:
        """The whole file as text.

        Raises
        ------
        ConfigurationError
            If the file cannot be read, or is too large for a configuration file.
        """
        data = self.source.first(MOST_TEXT + 1)
        self._check(data, MOST_TEXT)
        return _text(data)

    def _check(self, data: bytes, most: int) -> None:
        if len(data) > most:
            raise ConfigurationError(self.name, f"must hold at most {most:,} bytes")

    @property
    def looks_like_json(self) -> bool:
        return self.head[:1] in ("{", "[") and '"' in self.head

    @property
    def looks_like_sql(self) -> bool:
        """True for a dump; its tables may stand far behind the head."""
        first = self.head[:4096].upper()
        return self.suffix == ".sql" or any(
            word in first for word in ("CREATE TABLE", "INSERT INTO", "MYSQL DUMP", "DATABASE DUMP")
        )


def _text(data: bytes) -> str:
    data, encoding = decoded(data)
    text = data.decode(encoding, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def beside(base: Path, name: str) -> list[Path]:
    """Return the files in a folder, or below it, that a name or a pattern such as `*.conf` means.

    Files elsewhere are left alone: a configuration file must not make ringsim read them.
    """
    try:
        root = base.resolve()
        wanted = Path(name)
        pattern = str(wanted.relative_to(root) if wanted.is_absolute() else wanted)
        found = [each for each in sorted(base.glob(pattern)) if each.is_file()]
        return [each for each in found if each.resolve().is_relative_to(root)]
    except (OSError, ValueError, NotImplementedError, IndexError, RuntimeError):
        return []
