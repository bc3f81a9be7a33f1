"""Arithmetic of spans of time: sorted pairs (start, end) that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spans", "clipped", "covers", "length", "most_common", "overlap", "without"]

Spans: TypeAlias = list[tuple[float, float]]


def length(spans: Spans) -> float:
    """Return the time within spans [s]."""
    return sum(end - start for start, end in spans)


def clipped(spans: Spans, start: float, end: float) -> Spans:
    """Return the parts of spans between two instants."""
    return overlap(spans, [(start, end)])


def overlap(some: Spans, others: Spans) -> Spans:
    """Return the time that lies in both.

    Examples
    --------
    >>> overlap([(0, 10), (20, 30)], [(5, 25)])
    [(5, 10), (20, 25)]
    """
    found = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return sorted((start, end) for start, end in found if start < end)


def without(some: Spans, others: Spans) -> Spans:
    """Return the time that lies in the first and not in the second.

    Examples
    --------
    >>> without([(0, 10), (20, 30)], [(5, 25)])
    [(0, 5), (25, 30)]
    """
    left = some
    for start, end in others:
        left = [
            part
            for a, b in left
            for part in ((a, min(b, start)), (max(a, end), b))
            if part[0] < part[1]
        ]
    return left


def covers(spans: Spans, instants: Any, slack: float = 0.0) -> NDArray[np.bool_]:
    """Return which instants lie in spans that are longer by `slack` at both ends."""
    at = np.asarray(instants, dtype=np.float64)
    inside = np.zeros(len(at), dtype=np.bool_)
    for start, end in spans:
        inside |= (start - slack <= at) & (at <= end + slack)
    return inside


def most_common(days: Sequence[Spans]) -> Spans:
    """Return the times that lie in the spans of at least half of the days.

    With one span a day, these are the medians of start and end. No other spans differ less from
    those of the days, in time.

    Examples
    --------
    >>> most_common([[(0, 10)], [(1, 12)], [(2, 11)]])
    [(1, 11)]
    """
    ends = sorted({each for spans in days for span in spans for each in span})
    found: Spans = []
    for start, end in pairwise(ends):
        middle = (start + end) / 2
        n = sum(any(a < middle < b for a, b in spans) for spans in days)
        if 2 * n < len(days):
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
