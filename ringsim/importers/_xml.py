"""FreeSWITCH's XML as a tree of elements with lines; includes are read, entities refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ringsim._extras import extra
from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.importers._files import MOST_ROWS, MOST_TEXT, ConfigFile, beside
from ringsim.importers._findings import Findings, Place

__all__ = ["Element", "read_xml"]

INCLUDE = "x-pre-process"
DEEPEST = 64
MOST_FILES = 1000
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass
class Element:
    """An element: its name in lower case, attributes, children and place."""

    name: str
    attributes: dict[str, str]
    place: Place
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """Yield the elements of a name inside this one, at any depth."""
        waiting = self.children[::-1]
        while waiting:
            each = waiting.pop()
            if each.name == name:
                yield each
            waiting += each.children[::-1]

    def parameters(self) -> dict[str, tuple[str, Place]]:
        """Return the values of `<param name= value=>` directly inside, by name."""
        return {
            each.attributes.get("name", "").lower(): (each.attributes.get("value", ""), each.place)
            for each in self.children
            if each.name == "param"
        }


def read_xml(file: ConfigFile, findings: Findings) -> Element:
    """Return the contents of a file, with those of the files it includes, inside one element.

    Raises
    ------
    RingsimError
        If defusedxml is not installed.
    ConfigurationError
        If a file is no XML, has entities, or includes itself.
    """
    return _Reader(findings, file.path.parent).read(file, ())


class _Reader:
    def __init__(self, findings: Findings, folder: Path) -> None:
        self.findings = findings
        self.folder = folder
        self.n_files = self.n_elements = self.n_characters = 0

    def read(self, file: ConfigFile, including: tuple[Path, ...]) -> Element:
        root = Element("", {}, Place(file.name))
        self.n_characters += len(file.text)
        if self.n_characters > MOST_TEXT:
            raise ConfigurationError(file.name, f"must expand to at most {MOST_TEXT:,} characters")
        self._parse(file, root)
        now = (*including, file.path.resolve())
        self._include(root, now)
        return root

    def _parse(self, file: ConfigFile, root: Element) -> None:
        with extra("importers", "ringsim.importers"):
            from defusedxml.common import DefusedXmlException
            from defusedxml.expatreader import create_parser
        from xml.sax import SAXParseException, handler

        reader = self
        open_elements = [root]

        class Handler(handler.ContentHandler):
            def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
                place = Place(file.name, parser.getLineNumber() or 0)
                reader.count(place, len(open_elements))
                element = Element(name.lower(), {k.lower(): v for k, v in attrs.items()}, place)
                if element.name != "ringsim" or len(open_elements) > 1:
                    open_elements[-1].children.append(element)
                    open_elements.append(element)

            def endElement(self, name: str) -> None:  # noqa: ARG002, N802
                if len(open_elements) > 1:
                    open_elements.pop()

        parser = create_parser(forbid_dtd=True)
        parser.setContentHandler(Handler())
        text = DECLARATION.sub(lambda match: "\n" * match[0].count("\n"), file.text)
        try:
            # Included files may have several elements side by side
            parser.feed(f"<ringsim>{text}</ringsim>".encode())
            parser.close()
        except DefusedXmlException as wrong:
            raise ConfigurationError(
                file.name, f"must be XML without entities and document types: {_kind(wrong)}"
            ) from None
        except SAXParseException as wrong:
            where = f"{file.name} line {wrong.getLineNumber()}"
            raise ConfigurationError(where, f"must be XML: {wrong.getMessage()}") from None

    def count(self, place: Place, depth: int) -> None:
        self.n_elements += 1
        if self.n_elements > MOST_ROWS or depth > DEEPEST:
            raise ConfigurationError(
                str(place),
                f"must not expand to more than {MOST_ROWS:,} elements, or {DEEPEST} in each other",
            )

    def _include(self, element: Element, including: tuple[Path, ...]) -> None:
        """Replace the includes in an element by the contents of the files they name."""
        children: list[Element] = []
        for child in element.children:
            if child.name == INCLUDE:
                children += self._included(child, including)
            else:
                self._include(child, including)
                children.append(child)
        element.children = children

    def _included(self, child: Element, including: tuple[Path, ...]) -> Iterator[Element]:
        command = child.attributes.get("cmd", "").lower()
        target = child.attributes.get("data", "")
        if command in ("exec", "exec-set"):
            text = "the command is not run; what it prints is missing"
            self.findings.add("not_expressed", child.place, f"X-PRE-PROCESS {command}", text)
        if command != "include":
            return
        found = beside(self.folder, target)
        if not found:
            text = f"{target} is not there; what it holds is missing"
            self.findings.add("not_expressed", child.place, "X-PRE-PROCESS include", text)
        for path in found:
            self.n_files += 1
            if path.resolve() in including:
                raise ConfigurationError(
                    str(child.place), "must not include a file that includes this one", target
                )
            if self.n_files > MOST_FILES:
                raise ConfigurationError(str(child.place), "must not include so many files", target)
            yield from self.read(ConfigFile(Source(path)), including).children


def _kind(wrong: Exception) -> str:
    return type(wrong).__name__
