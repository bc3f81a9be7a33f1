"""Work that a call does, which no other process on the machine changes.

`lines_run`
    The number of lines of Python that a call runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(call: Callable[..., Any], *given: Any) -> int:
    """Return how many lines of Python a call runs, those of libraries included.

    Work within one line is not counted: a long operation of numpy or a regular expression is one.
    Modules that the call imports for the first time count as well.
    """
    n_lines = 0

    def count(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal n_lines
        n_lines += event == "line"
        return count

    tracing = sys.gettrace()
    sys.settrace(count)
    try:
        call(*given)
    finally:
        sys.settrace(tracing)
    return n_lines
