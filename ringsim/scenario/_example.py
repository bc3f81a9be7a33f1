"""The example scenario of the package: an office with two groups."""

from __future__ import annotations

from importlib.resources import files

from ringsim import _files
from ringsim.scenario._scenario import Scenario

__all__ = ["EXAMPLE_NAME", "example", "example_text"]

EXAMPLE_NAME = "my-office.toml"


def example() -> Scenario:
    """Return the example scenario, which `ringsim example` prints as a commented file.

    Examples
    --------
    >>> [group.name for group in example().groups]
    ['Sales', 'Back office']
    """
    return Scenario.from_file(_files.parse(example_text(), EXAMPLE_NAME))


def example_text() -> str:
    """Return the text of the example's file."""
    return (files("ringsim") / "data" / EXAMPLE_NAME).read_text(encoding="utf-8")
