"""Skill levels that are open to a call after a time, by its group's `level_rules`.

`rows_at`
    Number of rows that apply.
`limits_of`
    The levels that are open after so many rows.
"""

from __future__ import annotations

import math

from ringsim.rules import Rules

__all__ = ["limits_of", "rows_at"]


def rows_at(rules: Rules, waited: float) -> int:
    """Return how many rows of `level_rules` apply after a time."""
    n = 0
    for row in rules.level_rules or ():
        if (n or row.after) and not waited > row.after:
            break
        n += 1
    return n


def limits_of(rules: Rules, n: int) -> tuple[float, float, float]:
    """Return the lowest and the highest open level, and that to raise to, after n rows."""
    least, most, raised = 1.0, math.inf, 1.0
    for row in (rules.level_rules or ())[:n]:
        least, most = _moved(least, row.least), _moved(most, row.most)
        raised = _moved(raised, row.raise_to)
    return least, most, raised


def _moved(level: float, change: int | str | None) -> float:
    if change is None:
        return level
    return level + int(change) if isinstance(change, str) else float(change)
