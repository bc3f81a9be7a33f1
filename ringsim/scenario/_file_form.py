"""Form of a scenario in a file: dicts, lists, strings and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ringsim._model import Record
from ringsim.distributions import Distribution
from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup

__all__ = ["file_form"]


def file_form(value: Any, path: str = "") -> Any:
    """Convert a record, distribution, tuple or infinity to the form stored in a file.

    Raises
    ------
    ConfigurationError
        If a distribution has no such form; its path in the scenario begins with `path`.
    """
    if isinstance(value, RingGroup):
        return value.to_file()
    if isinstance(value, Record):
        return {
            key: file_form(item, f"{path}.{key}" if path else key)
            for key, item in value.given().items()
        }
    if isinstance(value, Distribution):
        try:
            return value.to_file()
        except ConfigurationError as wrong:
            raise wrong.inside(path) from None
    if isinstance(value, Mapping):
        return {key: file_form(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, tuple):
        return [file_form(item, f"{path}[{place}]") for place, item in enumerate(value)]
    return "inf" if value == math.inf else value
