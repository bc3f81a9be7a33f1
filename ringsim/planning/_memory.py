"""Memory that studies keep for the next one, and that large studies return to the system.

`keep_memory`
    Let the C library keep some free memory.
`return_memory`
    Return free memory to the system after a large study.

The C library returns free memory at the end of its heap to the system, and each batch of a study
would get it again, page by page. In a process that does nothing else, that took 3 % of `simulate`
and 8 % of a study with its tables (measured). glibc keeps twice as much as the largest block that
it has freed so far: `keep_memory` frees a large one.

Threads of a study leave free memory in pieces that the C library keeps. It returns 40 MB after a
study of 20 million calls, in 4 ms (measured), which the tables of the study then do not add to.
Fewer heaps for threads (`MALLOC_ARENA_MAX`) save nothing more: of the 50 MB that such a study takes
on top of a study of one day, 37 are sums by replication and waits in bins (measured).
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache

import numpy as np

__all__ = ["keep_memory", "return_memory"]

MANY_CALLS = 1_000_000
KEPT = 2**24  # bytes of free memory at the end of a heap


@cache
def keep_memory() -> None:
    """Let the C library keep some free memory, from the first call of a process on."""
    np.empty(KEPT // 2, dtype=np.uint8)  # freed at once; never written to, it takes no memory


def return_memory(calls: int) -> None:
    """Return free memory to the system after a study of many calls, if the C library can."""
    if calls > MANY_CALLS:
        _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    """Return `malloc_trim` of glibc; a function that does nothing where there is none."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    found: Callable[[int], object] = getattr(library, "malloc_trim", lambda padding: None)
    return found
