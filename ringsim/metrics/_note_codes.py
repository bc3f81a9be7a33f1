"""Short codes for the notes of a summary, so that it prints in 80 columns.

Each code is explained in the docstring of `Tables.summary`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ringsim.confidence import FEW_EVENTS

__all__ = ["short_note"]

ABOUT_FEW = "the same in every|none of|all of"  # says more of few events: left out beside it
CODES = (
    (r"within (\S+ s), offered", r"\1"),
    (r"within (\S+ s), (ignore|credit|answered|short)_\w+", r"\1 \2"),
    (r"within (\S+ s)", r"\1"),
    (r"the same in every replication", "same"),
    (r"target (\S+), by week", r">= \1 weekly"),
    (r"target (\S+)", r">= \1"),
    (r"(\d+) (?:day|week)s? without .* left out", r"\1 out"),
)


@lru_cache(maxsize=1024)  # takes a tenth of the time of a summary
def short_note(note: str) -> str:
    """Return the note of an estimate in short codes.

    Examples
    --------
    >>> short_note("within 20 s, offered"), short_note("few events; within 20 s, answered_only")
    ('20 s', 'few events; 20 s answered')
    """
    parts = note.split("; ")
    told = [part for part in parts if not (FEW_EVENTS in parts and re.match(ABOUT_FEW, part))]
    return "; ".join(map(_code, told))


def _code(part: str) -> str:
    found = (re.fullmatch(pattern, part) for pattern, _ in CODES)
    return next(
        (match.expand(code) for match, (_, code) in zip(found, CODES, strict=True) if match), part
    )
