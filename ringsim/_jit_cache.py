"""Cache on disk of compiled functions.

`FunctionCode`
    The cache of one function.
`say`
    Prints a line on standard error, once.

Before numba loads a function, it registers all of its own functions, which only compilation
needs, and every cache is opened when its function is defined. Both together took 0.2 s of the
0.28 s of the first `simulate` of a process, and 33 MB (measured).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any

from numba.core.caching import FunctionCache, NullCache

__all__ = ["FunctionCode", "say"]

_lines_printed: set[str] = set()


class FunctionCode:
    """Cache on disk of one compiled function, in place of numba's own cache, which it wraps.

    It is opened when the function is first called or compiled. Most functions are only part of
    the code of those that call them.

    Parameters
    ----------
    function : callable
        The function in Python.
    counts_references : bool
        Whether its code counts references to arrays.
    """

    def __init__(self, function: Callable[..., Any], *, counts_references: bool) -> None:
        self._function = function
        self._counts_references = counts_references

    @cached_property
    def _opened(self) -> Any:
        try:
            return FunctionCache(self._function)  # type: ignore[no-untyped-call]
        except RuntimeError:
            say("ringsim: no folder for compiled code can be written; compiling in memory")
            return NullCache()

    @property
    def cache_path(self) -> str | None:
        """The folder of the cache; None if there is none."""
        path: str | None = self._opened.cache_path
        return path

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return the compiled code for a signature; None if it must be compiled.

        numba's own method is used for code that counts references, which needs functions of
        numba, or if a version of numba has other internals.
        """
        if not self._counts_references:
            try:
                return self._opened._load_overload(signature, target)  # noqa: SLF001
            except Exception:  # noqa: S110  # numba's own method says it better
                pass
        return self._opened.load_overload(signature, target)

    def save_overload(self, signature: Any, compiled_code: Any) -> None:
        """Store compiled code."""
        self._opened.save_overload(signature, compiled_code)


def say(line: str) -> None:
    """Print a line on standard error, unless it was printed before."""
    if line not in _lines_printed:
        _lines_printed.add(line)
        print(line, file=sys.stderr)
