"""Standard output for every text, whatever its encoding, and on a full disk.

`any_text`
    Escape characters that the encoding lacks.
`drop_output`
    Discard text that cannot be written.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["any_text", "drop_output"]


@contextmanager
def any_text() -> Iterator[None]:
    """Let standard output escape characters that its encoding lacks, during the block."""
    stream = sys.stdout
    if not isinstance(stream, io.TextIOWrapper):
        yield
        return
    before = stream.errors
    stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        if not stream.closed:
            stream.reconfigure(errors=before)


def drop_output() -> None:
    """Discard the buffered text of standard output; Python would write it again as it ends."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
