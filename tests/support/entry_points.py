"""Entry points of packages that are not installed.

`Entry`
    An entry point with the class that it names.
`install`
    A fixture that registers such entry points in place of those of installed packages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ringsim import _entry_points


@dataclass
class Entry:
    name: str
    kind: object

    def load(self) -> object:
        return self.kind


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a function that registers entry points."""

    def register(*entries: Entry) -> None:
        _entry_points.registered_classes.cache_clear()
        monkeypatch.setattr(_entry_points, "entry_points", lambda group: entries)

    yield register
    _entry_points.registered_classes.cache_clear()
