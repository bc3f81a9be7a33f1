"""Pictures as SVG inside the page, which share their styles, patterns and markers.

Matplotlib repeats the style of every line, and the shapes of all letters, in every picture. Here
text stays text, equal styles become one class of the page's style sheet, and equal definitions
stand on the page once. A page of ten pictures takes a tenth of the space.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.axes import Axes

from ringsim.plot._axes import localise_numbers

__all__ = ["Sheet"]

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
FONT = re.compile(r"(font(?:-family)?:[^;]*?)\s*'DejaVu Sans'[^;]*")
START = re.compile(r"\A<(\w+)")  # of an element
PIXELS = 4 / 3  # in a point
DECIMALS = 1  # of coordinates [points]


class Sheet:
    """Styles and definitions that the pictures of a page share."""

    def __init__(self) -> None:
        self._classes: dict[str, str] = {}
        self._definitions: dict[str, str] = {}

    def picture(self, axes: Axes, label: str) -> str:
        """Return the figure of some axes as SVG for the page, and close it.

        Parameters
        ----------
        axes : Axes
            Any axes of the figure.
        label : str
            What the picture shows, for readers who do not see it.
        """
        root = ElementTree.fromstring(_drawn(axes))  # noqa: S314 - drawn by this process
        _clean(root)
        names = self._share_definitions(root)
        for element in root.iter():
            self._compress(element, names)
        _drop_empty_groups(root)
        width = float(root.attrib["viewBox"].split()[2]) * PIXELS
        root.attrib = {
            "viewBox": root.attrib["viewBox"],
            "role": "img",
            "aria-label": label,
            "style": f"max-width:{width:.0f}px",
        }
        return _text(root)

    @property
    def styles(self) -> str:
        """The style sheet of all pictures."""
        return "\n".join(f".{name}{{{style}}}" for style, name in self._classes.items())

    @property
    def definitions(self) -> str:
        """The patterns, markers and clips of all pictures, as elements of SVG."""
        return "\n".join(
            START.sub(rf'<\1 id="{name}"', text) for text, name in self._definitions.items()
        )

    def _share_definitions(self, root: ElementTree.Element) -> dict[str, str]:
        """Move what is referred to by its name out of the picture; return the new names."""
        names: dict[str, str] = {}
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag == f"{SVG}defs":
                    parent.remove(child)
                    names |= dict(self._shared(child))
        return names

    def _shared(self, definitions: ElementTree.Element) -> Iterator[tuple[str, str]]:
        """Yield the old and the new name of each definition; equal ones have one new name."""
        for each in definitions:
            old = each.attrib.pop("id")
            for element in each.iter():
                self._compress(element, {})
            yield old, self._definitions.setdefault(_text(each), f"d{len(self._definitions)}")

    def _compress(self, element: ElementTree.Element, names: dict[str, str]) -> None:
        """Shorten coordinates, replace the style by a class, and rename references."""
        attributes = element.attrib
        for name in ("d", "x", "y", "width", "height", "transform"):
            if name in attributes:
                attributes[name] = _shortened(attributes[name])
        if LINK in attributes:
            old = attributes.pop(LINK).removeprefix("#")
            attributes["href"] = f"#{names[old]}"
        if "clip-path" in attributes:
            attributes["clip-path"] = _renamed(attributes["clip-path"], names)
        if "style" in attributes:
            style = _renamed(FONT.sub(r"\1 var(--picture-font)", attributes.pop("style")), names)
            style = re.sub(r"\s*([:;])\s*", r"\1", style).strip("; ")
            if style:
                attributes["class"] = self._classes.setdefault(style, f"s{len(self._classes)}")


def _drawn(axes: Axes) -> str:
    """Return the figure as matplotlib's SVG with text as text, and close the figure."""
    from matplotlib import pyplot

    figure: Any = axes.get_figure(root=True)
    localise_numbers(figure)
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "ringsim", "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    return text.getvalue()


def _clean(root: ElementTree.Element) -> None:
    """Remove metadata, the common style sheet, and ids without a reference."""
    for parent in list(root.iter()):
        for child in list(parent):
            styles = child.tag == f"{SVG}defs" and child.find(f"{SVG}style") is not None
            if child.tag == f"{SVG}metadata" or styles:
                parent.remove(child)
    defined = {child for each in root.iter(f"{SVG}defs") for child in each}
    for element in root.iter():
        if element not in defined:
            element.attrib.pop("id", None)


def _drop_empty_groups(root: ElementTree.Element) -> None:
    """Remove groups without contents, and replace those without attributes by their contents."""
    for parent in list(root.iter()):
        children: list[ElementTree.Element] = []
        for child in parent:
            children += _unwrapped(child)
        parent[:] = children


def _unwrapped(element: ElementTree.Element) -> list[ElementTree.Element]:
    if element.tag != f"{SVG}g" or element.attrib:
        return [element]
    return [inner for child in element for inner in _unwrapped(child)]


def _shortened(text: str) -> str:
    """Return coordinates with few decimals and single spaces."""
    numbers = NUMBER.sub(lambda found: f"{float(found[0]):.{DECIMALS}f}".removesuffix(".0"), text)
    return " ".join(numbers.split()).replace("-0 ", "0 ")


def _renamed(text: str, names: dict[str, str]) -> str:
    return REFERENCE.sub(lambda found: f"url(#{names.get(found[1], found[1])})", text)


def _text(element: ElementTree.Element) -> str:
    """Return an element as text without name spaces, as HTML writes SVG."""
    for each in element.iter():
        each.tag = each.tag.removeprefix(SVG)
        each.tail = None if not (each.tail or "").strip() else each.tail
        each.text = None if not (each.text or "").strip() else each.text
    return ElementTree.tostring(element, encoding="unicode")
