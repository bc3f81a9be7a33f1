"""Ctrl-C where it cannot be raised.

While numba compiles, LLVM calls back into Python. An interruption that arrives there is raised
inside the call back, which ctypes prints and forgets: the compilation goes on without what it
was to be told, and fails with an error that says nothing of Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["heeded"]


@contextmanager
def heeded() -> Iterator[None]:
    """A block in which no Ctrl-C is lost: at its end at the latest, it is raised.

    Raises
    ------
    KeyboardInterrupt
        In place of any error that came after one that was lost, and if none came.
    """
    n_lost = 0
    before = sys.unraisablehook

    def heed(unraisable: UnraisableHookArgs) -> None:
        nonlocal n_lost
        if unraisable.exc_type is KeyboardInterrupt:
            n_lost += 1
        else:
            before(unraisable)

    sys.unraisablehook = heed
    try:
        yield
    except Exception:
        if not n_lost:
            raise
    finally:
        sys.unraisablehook = before
    if n_lost:
        raise KeyboardInterrupt
