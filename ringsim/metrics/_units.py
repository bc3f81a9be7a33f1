"""Figures as people read them."""

from __future__ import annotations

import math

from ringsim.confidence import FEW_EVENTS

__all__ = ["few_events", "format_estimate"]

FORMS = {"rate": (100, 1, " %"), "s": (1, 2, " s"), "calls": (1, 1, "")}


def format_estimate(
    estimate: float, low: float, high: float, unit: str, *, few: bool = False
) -> str:
    """`84.1 % (83.7 to 84.5)`, a star behind it for few events, or a dash where there is none.

    Examples
    --------
    >>> format_estimate(0.841, 0.837, 0.845, "rate")
    '84.1 % (83.7 to 84.5)'
    """
    if math.isnan(estimate):
        return "-"
    scale, digits, sign = FORMS.get(unit, (1, 3, ""))
    text = f"{estimate * scale:.{digits}f}{sign}"
    if not math.isnan(low) and not math.isnan(high):
        text += f" ({low * scale:.{digits}f} to {high * scale:.{digits}f})"
    return text + ("*" if few else "")


def few_events(note: object, metric: str) -> bool:
    """Return whether the note of a row says that a metric has too few events to be trusted.

    Examples
    --------
    >>> few_events("few events: rung, paged", "paged"), few_events("few events: rung", "run")
    (True, False)
    """
    said, _, metrics = str(note).partition(": ")
    return said == FEW_EVENTS and metric in metrics.split(", ")
