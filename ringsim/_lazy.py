"""pandas, which is imported when it is first used.

A study needs it only for its tables. Importing it takes as long as everything else that a study
imports together, and 60 MB (measured).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["pd"]

if TYPE_CHECKING:
    import pandas as pd
else:

    class _Pandas:
        """Stand-in for the module."""

        def __getattr__(self, name: str) -> Any:
            value = getattr(import_module("pandas"), name)
            setattr(self, name, value)
            return value

    pd = _Pandas()
