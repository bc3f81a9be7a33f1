"""Compilation with numba: cached on disk, and without the global interpreter lock.

`compiled`, `inlined`
    Decorators of all compiled functions.
`INDEX_MASK`
    Mask that tells the compiler that an index is not negative.
`INTERPRETED`
    True if numba is disabled, for example to measure coverage.
`announce`
    Prints a line on standard error before the first compilation after installation.
`fingerprint`
    Digest of the sources that compiled code depends on.

numba recompiles a function when the file that defines it changes, but not when an imported
function or constant changes. A file with such imports therefore has their `fingerprint` as
the constant `BUILT_ON`, and a test compares the two. A new fingerprint changes the file and
thus recompiles its functions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import types
from numba.core.registry import cpu_target

from ringsim._jit_cache import FunctionCode, say
from ringsim._jit_parts import CompilerOfParts

__all__ = [
    "INDEX_MASK",
    "INTERPRETED",
    "announce",
    "compiled",
    "fingerprint",
    "inlined",
    "internal",
]

F = TypeVar("F", bound=Callable[..., Any])

# Set by the environment variable NUMBA_DISABLE_JIT=1. numba defines this attribute at run time.
INTERPRETED = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]

# `index & INDEX_MASK` equals the index and tells the compiler that it is not negative, so that
# the code for Python's negative indices is omitted. In loops from 0 the compiler already knows.
# The mask saves a tenth of the engine's time and half of the time of the sums (measured).
INDEX_MASK = 2**31 - 1

OF_CALLERS: dict[str, Any] = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "pipeline_class": CompilerOfParts,
}

_announced: set[Any] = set()


def compiled(function: F) -> F:
    """Compile a function on its first call, and cache it on disk.

    The function must not allocate memory. References to arrays are then not counted; their
    counting would dominate a loop of calls of small functions: the engine's loop takes 318
    nanoseconds per call with it and 173 without (measured). The caller keeps the arrays alive.

    If no folder for the cache can be written, each process compiles in memory, and one line
    on standard error says so. If numba is disabled, the function stays interpreted, but
    integers overflow without a warning, as in compiled code.
    """
    return _compile(function)


def internal(function: F) -> F:
    """Compile a function that only compiled functions call, without a wrapper for Python.

    The wrapper converts every array of the arguments, and takes most of the time to compile a
    function with many of them (measured). A call from Python would end the process: a test
    compares the decorators with the callers.
    """
    return _compile(function, **OF_CALLERS)


def inlined(function: F) -> F:
    """Compile a function like `compiled`, and inline it in its compiled callers.

    An array argument takes seven machine words, so that calls of some small functions take
    longer than their bodies (measured). Most functions are better not inlined: with all of
    them inlined, the loop runs out of registers (measured).
    """
    return _compile(function, forceinline=True, **OF_CALLERS)


def _compile(function: F, **how: Any) -> F:
    if INTERPRETED:
        return np.errstate(all="ignore")(function)
    njit: Any = numba.njit
    made = njit(**how, **_options())(function)
    made.get_call_template = _without_literals(made.get_call_template)
    counts = "_nrt" not in _options()
    made._cache = FunctionCode(function, counts_references=counts)  # noqa: SLF001  # as cache=True
    return made  # type: ignore[no-any-return]  # it is called as the function is


def _without_literals(template_for: Callable[..., Any]) -> Callable[..., Any]:
    """Return numba's method that compiles a function for a call, with literals as their types.

    numba compiles a function once for each literal that compiled code gives it, `f(0)` and `f(1)`.
    LLVM knows a literal of a call as well when it inlines the function.
    """
    plain: Callable[[Any], Any] = types.unliteral

    def template(given: Any, by_name: Any) -> Any:
        return template_for(
            tuple(map(plain, given)), {name: plain(each) for name, each in by_name.items()}
        )

    return template


@cache
def _options() -> dict[str, Any]:
    """Return numba's options; references are not counted if this numba version allows it."""
    uncounted = {"_nrt": False} if hasattr(cpu_target.options, "_nrt") else {}
    return {"nogil": True, "error_model": "numpy", **uncounted}


def announce(function: Any) -> None:
    """Print a line on standard error if a function is not in the cache and must be compiled."""
    if function in _announced or not hasattr(function, "signatures"):
        return
    _announced.add(function)
    folder = Path(function.stats.cache_path or "")
    name = function.py_func.__qualname__
    if not any(folder.glob(f"*.{name}-*.nbi")):
        say("ringsim: compiling the engine, once after installation ...")


def fingerprint(*parts: object) -> str:
    """Return a digest of the sources of modules and of the `repr` of other objects."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        source = Path(str(part.__file__)).read_bytes() if isinstance(part, ModuleType) else b""
        digest.update(source or repr(part).encode())
    return digest.hexdigest()
