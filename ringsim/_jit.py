"""How ringsim compiles: with numba, cached on disk, without the interpreter's lock.

`compiled`, `inlined`
    The decorators of everything that is compiled.
`INDEX_MASK`
    By which places in arrays are told to be none from the end.
`INTERPRETED`
    Whether numba is told to compile nothing, as where coverage is measured.
`announce`
    One line on standard error before the first compilation after installation.
`fingerprint`
    A digest of what compiled code is made of.

numba's cache on disk sees changes of the file in which a compiled function stands, and not
of the functions and constants that it has from elsewhere. A file that has some therefore
carries their `fingerprint` in its source, and a test compares them.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core.registry import cpu_target

__all__ = ["INDEX_MASK", "INTERPRETED", "announce", "compiled", "fingerprint", "inlined"]

F = TypeVar("F", bound=Callable[..., Any])

# By the environment variable NUMBA_DISABLE_JIT=1; numba makes its settings at run time.
INTERPRETED = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]

# `index & INDEX_MASK` is the same index, and tells the compiler that it is not negative: what
# Python does for indices from the end is left out. In loops from 0 the compiler knows it by
# itself. It saves a tenth of the engine's time, and half of that of the sums (measured).
INDEX_MASK = 2**31 - 1

_lines_printed: set[str] = set()
_announced: set[Any] = set()


def compiled(function: F) -> F:
    """A function compiled when it is first called, and kept on disk.

    It can allocate nothing, and so needs no counting of references to arrays, which takes
    longer than all else in a loop that calls small functions: the loop of the engine 318
    nanoseconds a call with it and 173 without (measured). Its caller keeps the arrays alive.

    Where no folder for the cache can be written, it is compiled in memory in every process,
    which is said once. Where nothing is to be compiled, it stays as it is, but for its
    arithmetic: as in compiled code, words wrap around and nothing warns.
    """
    return _compile(function, inline=False)


def inlined(function: F) -> F:
    """The same, copied to where compiled code calls it.

    An array is passed on as seven words, so that some calls take longer than what they do
    (measured, as was that most do not: where all is copied, the loop runs out of registers).
    """
    return _compile(function, inline=True)


def _compile(function: F, *, inline: bool) -> F:
    if INTERPRETED:
        return np.errstate(all="ignore")(function)
    made: Any
    try:
        made = numba.njit(cache=True, forceinline=inline, **_options())(function)
    except RuntimeError:
        _say("ringsim: no folder for compiled code can be written; compiling in memory")
        made = numba.njit(forceinline=inline, **_options())(function)
    return made  # type: ignore[no-any-return]  # it is called as the function is


@cache
def _options() -> dict[str, Any]:
    """How everything is compiled; without counted references where numba can do without."""
    uncounted = {"_nrt": False} if hasattr(cpu_target.options, "_nrt") else {}
    return {"nogil": True, "error_model": "numpy", **uncounted}


def announce(function: Any) -> None:
    """Say that a function is about to be compiled, if it is, and nothing otherwise."""
    if function in _announced or not hasattr(function, "signatures"):
        return
    _announced.add(function)
    folder = Path(function.stats.cache_path or "")
    name = function.py_func.__qualname__
    if not any(folder.glob(f"*.{name}-*.nbi")):
        _say("ringsim: compiling the engine, once after installation ...")


def fingerprint(*parts: object) -> str:
    """A digest of the source of modules and of the representation of anything else."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        source = Path(str(part.__file__)).read_bytes() if isinstance(part, ModuleType) else b""
        digest.update(source or repr(part).encode())
    return digest.hexdigest()


def _say(line: str) -> None:
    if line not in _lines_printed:
        _lines_printed.add(line)
        print(line, file=sys.stderr)
