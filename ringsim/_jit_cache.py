"""Cache on disk of compiled functions.

`FunctionCode`
    The cache of one function.
`CodeFiles`
    The index and the files of a function's code.
`say`
    Prints a line on standard error, once.

Before numba loads a function, it registers all of its own functions, which only compilation
needs, and every cache is opened when its function is defined. Both together took 0.2 s of the
0.28 s of the first `simulate` of a process, and 33 MB (measured).

numba numbers the files of a function's code, and writes the index that names them before the
code itself. If a process ends between the two, or another one reads then, the index of a new
version of the source names the code of the old one, and the old rules are played without a word.
Two processes that compile for different types at a time may also take the same number.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache

__all__ = ["CodeFiles", "FunctionCode", "say"]

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
            cache: Any = FunctionCache(self._function)  # type: ignore[no-untyped-call]
        except RuntimeError:
            say("ringsim: no folder for compiled code can be written; compiling in memory")
            return NullCache()
        if files := getattr(cache, "_cache_file", None):  # numba has no public way
            made: Any = CodeFiles
            name = Path(files._index_name).stem
            cache._cache_file = made(cache.cache_path, name, files._source_stamp)
        return cache

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
                return self._opened._load_overload(signature, target)
            except Exception:  # noqa: S110  # numba's own method says it better
                pass
        return self._opened.load_overload(signature, target)

    def save_overload(self, signature: Any, compiled_code: Any) -> None:
        """Store compiled code."""
        self._opened.save_overload(signature, compiled_code)


class CodeFiles(IndexDataCacheFile):
    """The index and the files of code of one function, for one version of its source."""

    def save(self: Any, key: Any, data: Any) -> None:
        """Save code, then the index that names it, then remove code that no index names."""
        digest = hashlib.blake2b(repr((self._source_stamp, key)).encode(), digest_size=8)
        name = self._data_name_pattern.format(number=int(digest.hexdigest(), 16))
        self._save_data(name, data)
        named = self._load_index()
        named[key] = name
        self._save_index(named)
        for path in Path(self._cache_path).glob(self._index_name.replace(".nbi", ".*.nbc")):
            if path.name not in named.values():
                with contextlib.suppress(OSError):  # another process reads or removes it
                    path.unlink()


def say(line: str) -> None:
    """Print a line on standard error, unless it was printed before."""
    if line not in _lines_printed:
        _lines_printed.add(line)
        print(line, file=sys.stderr)
