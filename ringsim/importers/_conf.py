"""Reader of Asterisk's configuration format: sections, templates, includes, comments.

`read_sections`
    Read a file, with the files that it includes.
`Section`, `Setting`
    Its parts; the settings of a section begin with those of its templates.

Included files are read if they lie in the folder of the file or below it. `#exec` is never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.importers._files import MOST_ROWS, MOST_TEXT, ConfigFile, beside
from ringsim.importers._findings import Findings, Place

__all__ = ["Section", "Setting", "read_sections"]

UNCLOSED = 0  # a line number, of a comment without end
DEEPEST = 32  # includes inside includes
MOST_FILES = 1000
HEADING = re.compile(r"\[([^\]]*)\]\s*(?:\(([^)]*)\))?")
DIRECTIVE = re.compile(r"#\s*(\w+)\s*(.*)")


class Setting(NamedTuple):
    """A line `key = value`; the key is in lower case."""

    key: str
    value: str
    place: Place


@dataclass
class Section:
    """A section: its own settings behind those of its templates."""

    name: str
    place: Place
    is_template: bool = False
    settings: list[Setting] = field(default_factory=list)


def read_sections(file: ConfigFile, findings: Findings) -> list[Section]:
    """Return the sections of a file and of the files it includes, templates left out.

    Raises
    ------
    ConfigurationError
        If a file includes itself, or the settings are too many.
    """
    reader = _Reader(file.path.parent, findings)
    reader.read(file, ())
    return [each for each in reader.sections if not each.is_template]


class _Reader:
    """The sections read so far, and the section that the next setting belongs to."""

    def __init__(self, base: Path, findings: Findings) -> None:
        self.base = base
        self.findings = findings
        self.sections: list[Section] = []
        self.by_name: dict[str, Section] = {}  # the latest of each name
        self.now: Section | None = None
        self.n_settings = self.n_lines = self.n_files = self.n_characters = 0

    def read(self, file: ConfigFile, including: tuple[Path, ...]) -> None:
        self.n_characters += len(file.text)
        if self.n_characters > MOST_TEXT:
            raise ConfigurationError(file.name, f"must expand to at most {MOST_TEXT:,} characters")
        for line, text in _lines(file.text):
            if line == UNCLOSED:
                place = Place(file.name, int(text))
                self.findings.add("not_understood", place, ";--", "the comment has no end (--;)")
                break
            self.n_lines += 1
            place = Place(file.name, line)
            self._check(self.n_lines, place)
            if text.startswith("#"):
                self._directive(text, place, file, including)
            elif text.startswith("["):
                self._heading(text, place)
            else:
                self._setting(text, place)

    def _check(self, n: int, place: Place) -> None:
        if n > MOST_ROWS:
            raise ConfigurationError(
                str(place), f"must not expand to more than {MOST_ROWS:,} settings"
            )

    def _directive(
        self, text: str, place: Place, file: ConfigFile, including: tuple[Path, ...]
    ) -> None:
        match = DIRECTIVE.match(text)
        word, target = (match[1].lower(), match[2].strip().strip('"<>')) if match else ("", "")
        if word == "exec":
            self.findings.add(
                "not_expressed", place, "#exec", "the command is not run; what it prints is missing"
            )
        elif word in ("include", "tryinclude") and target:
            self._include(word, target, place, (*including, file.path.resolve()))
        else:
            self.findings.add("not_understood", place, "", "the line is not a setting")

    def _include(self, word: str, target: str, place: Place, including: tuple[Path, ...]) -> None:
        found = beside(self.base, target)
        if not found:
            kind = "notes" if word == "tryinclude" else "not_expressed"
            self.findings.add(
                kind, place, f"#{word}", f"{target} is not there; what it holds is missing"
            )
        for path in found:
            if path.resolve() in including:
                raise ConfigurationError(
                    str(place), "must not include a file that includes this one", target
                )
            self.n_files += 1
            if len(including) > DEEPEST or self.n_files > MOST_FILES:
                raise ConfigurationError(str(place), "must not include so many files", target)
            self.read(ConfigFile(Source(path)), including)

    def _heading(self, text: str, place: Place) -> None:
        match = HEADING.match(text)
        if match is None:
            self.findings.add("not_understood", place, "", "the heading of a section is not closed")
            self.now = None
            return
        name = match[1].strip()
        words = [word.strip() for word in (match[2] or "").split(",") if word.strip()]
        if "+" in words:
            self.now = self.by_name.get(name)
            if self.now is not None:
                return
            self.findings.add("not_understood", place, name, "there is no section to go on with")
        self.now = Section(name, place, "!" in words)
        for word in words:
            if word not in ("!", "+"):
                self._inherit(word, place)
        self.sections.append(self.now)
        self.by_name[name] = self.now

    def _inherit(self, name: str, place: Place) -> None:
        """Begin the present section with the settings of an earlier one."""
        now = self.now
        template = self.by_name.get(name)
        if template is None or now is None:
            self.findings.add("not_understood", place, name, "there is no such template above")
            return
        self.n_settings += len(template.settings)
        self._check(self.n_settings, place)
        now.settings += template.settings

    def _setting(self, text: str, place: Place) -> None:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            self.findings.add("not_understood", place, "", "the line is not a setting")
        elif self.now is None:
            self.findings.add("not_understood", place, "", "the line stands in no section")
        else:
            value = value.removeprefix(">").strip()
            self.now.settings.append(Setting(key.strip().lower(), value, place))
            self.n_settings += 1
            self._check(self.n_settings, place)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, without comments, with their numbers.

    If a comment has no end, the last number is `UNCLOSED`, and the text the line where it begins.
    """
    depth = began = 0  # of comments `;-- .. --;`
    for number, line in enumerate(text.split("\n"), 1):
        before = depth
        kept, depth = _without_comments(line, depth)
        if depth and not before:
            began = number
        if kept := kept.strip():
            yield number, kept
    if depth:
        yield UNCLOSED, str(began)


def _without_comments(line: str, depth: int) -> tuple[str, int]:
    kept, at = [], 0
    while at < len(line):
        if depth:
            end, start = line.find("--;", at), line.find(";--", at)
            if end < 0 and start < 0:
                break
            if start >= 0 and (end < 0 or start < end):
                depth, at = depth + 1, start + 3
            else:
                depth, at = depth - 1, end + 3
            continue
        mark = line.find(";", at)
        if mark < 0:
            kept.append(line[at:])
            break
        if mark and line[mark - 1] == "\\":
            kept.append(line[at : mark - 1] + ";")
            at = mark + 1
            continue
        kept.append(line[at:mark])
        if line.startswith(";--", mark) and not line.startswith(";---", mark):
            depth, at = 1, mark + 3
            continue
        break
    return "".join(kept), depth
