"""Cache on disk of compiled functions.

`FunctionCode`
    The cache of one function.
`CodeFiles`
    The index and the files of a function's code.
`say`
    Prints a line on standard error, once.

Before numba loads a function, it registers all of its own functions, which only compilation
needs, and every cache is opened when its function is defined. Both together took 0.2 s of the
0.28 s of the first `simulate` of a process, and 33 MB (measured). Then numba reads the code of each
function for the compiler, too, which only functions that call it need when they are compiled:
another 0.065 s, and 12 MB (measured).

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
from types import SimpleNamespace
from typing import Any

from llvmlite.binding import parse_bitcode
from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache

from ringsim._jit_parts import PartOfCallers

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
                return self._loaded(signature, target)
            except Exception:  # noqa: S110  # numba's own method says it better
                pass
        return self._opened.load_overload(signature, target)

    def _loaded(self, signature: Any, target: Any) -> Any:
        code, key = self._opened, self._opened._index_key(signature, target.codegen())
        data = code._cache_file.load(key)
        return None if data is None else _rebuilt(code._impl, target, data)

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


def _rebuilt(numbas: Any, target: Any, data: Any) -> Any:
    """Return the compiled code that numba reduced to some data."""
    (name, kind, content), described, *_ = data
    wrapper = described.llvm_cpython_wrapper_name
    library: Any
    if kind == "bitcode":
        library = PartOfCallers.from_bitcode(target.codegen(), name, content)
    else:
        code, bitcode = content
        library = _library_of(target.codegen(), name, code, bitcode, wrapper)
    ready = SimpleNamespace(unserialize_library=lambda _: library, set_env=library.codegen.set_env)
    loading = SimpleNamespace(
        codegen=lambda: ready,
        get_executable=target.get_executable,
        typing_context=target.typing_context,
    )
    return numbas.rebuild(loading, data)._replace(target_context=target)


def _library_of(codegen: Any, name: str, code: bytes, bitcode: bytes, wrapper: str) -> Any:
    """Return a library of machine code, whose intermediate code is read when it is needed."""
    engine = codegen._engine
    symbols, add_symbols_of = engine._defined_symbols, engine._load_defined_symbols
    library = codegen.create_library(name)

    def module_to_link() -> Any:
        if library._shared_module is None:
            library._shared_module = parse_bitcode(bitcode)
            add_symbols_of(library._shared_module)
        return library._shared_module

    library._get_module_for_linking = module_to_link
    library.enable_object_caching()
    library._set_compiled_object(code)
    library._finalize_final_module()
    symbols.add(wrapper)
    return library


def say(line: str) -> None:
    """Print a line on standard error, unless it was printed before."""
    if line not in _lines_printed:
        _lines_printed.add(line)
        print(line, file=sys.stderr)
