"""Sections of a page and their parts, other than tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ringsim.reporting._assumed import Sentence

__all__ = ["Entries", "Heading", "Note", "Points", "Section"]


@dataclass(frozen=True)
class Section:
    """A heading with parts; `name` is the anchor of links to it."""

    name: str
    heading: str
    parts: Sequence[Any]


@dataclass(frozen=True)
class Note:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    level: int = 3


@dataclass(frozen=True)
class Points:
    """A paragraph with a list of sentences below it."""

    text: str
    points: Sequence[Sentence]


@dataclass(frozen=True)
class Entries:
    """A list of terms with descriptions."""

    entries: Sequence[tuple[str, str]]
