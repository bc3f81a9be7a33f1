"""Remarks on what a file of a PBX says: what was read how, and what was not.

`Finding`
    One remark, with file and line.
`Findings`
    All remarks of a reader, by kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ringsim.errors import did_you_mean, one_line

__all__ = ["KINDS", "Finding", "Findings", "Place"]

MOST_HINTS, LONGEST_WORD = 100, 64
LONGEST = 500  # characters of a remark on screen
KINDS = ("not_expressed", "not_understood", "notes", "dropped")


class Place(NamedTuple):
    """Place in a file: its name and a line, from 1; 0 if there is none."""

    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file} line {self.line}" if self.line else self.file


class Finding(NamedTuple):
    """A remark on a setting.

    Attributes
    ----------
    file : str
        Name of the file.
    line : int
        Line in the file, from 1; 0 if the remark is about no single line.
    name : str
        Name of the setting with its group, such as `sales.autopause`.
    text : str
        The remark, one sentence.
    """

    file: str
    line: int
    name: str
    text: str

    def __str__(self) -> str:
        where = str(Place(self.file, self.line))
        subject = ", ".join(part for part in (where, self.name) if part)
        said = one_line(f"{subject}: {self.text}" if subject else self.text)
        return said if len(said) <= LONGEST else said[: LONGEST - 3] + "..."


@dataclass
class Findings:
    """The remarks of a reader, each of one kind and about one group or about the whole file.

    A remark never shows the value of a setting that ringsim does not read: it may be a secret.
    """

    _all: list[tuple[str, str | None, Finding]] = field(default_factory=list)
    _n_hints: int = 0

    def add(self, kind: str, place: Place, name: str, text: str, group: str | None = None) -> None:
        """Add a remark.

        Parameters
        ----------
        kind : str
            One of `KINDS`.
        place : Place
            The setting's.
        name, text : str
            See `Finding`.
        group : str, optional
            Name of the group that the remark is about; None is the whole file.
        """
        self._all.append((kind, group, Finding(place.file, place.line, name, text)))

    def hint(self, word: str, known: Iterable[str]) -> str:
        """Return a hint such as `Did you mean 'timeout'?`; for the first words, as it is slow."""
        if len(word) > LONGEST_WORD or self._n_hints >= MOST_HINTS:
            return ""
        self._n_hints += 1
        return did_you_mean(word, known)

    def of(self, kind: str, groups: set[str] | None = None) -> tuple[Finding, ...]:
        """Return the remarks of a kind on some or all groups and on the whole file, each once."""
        found = (
            each
            for sort, group, each in self._all
            if sort == kind and (groups is None or group is None or group in groups)
        )
        return tuple(dict.fromkeys(found))
