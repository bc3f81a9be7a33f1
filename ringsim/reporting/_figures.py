"""Figures of a report as text, in the language in use."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ringsim._words import decimal, has_word, word
from ringsim.confidence import FEW_EVENTS
from ringsim.metrics import METRICS, format_figure, unit_named
from ringsim.planning import Comparison

__all__ = [
    "Cell",
    "change_text",
    "compared_cell",
    "difference_text",
    "duration",
    "estimate_cell",
    "figure_text",
    "metric_name",
    "sentence",
    "series",
]


class Cell(NamedTuple):
    """A cell of a table: a text, and a smaller one below it."""

    text: str
    below: str = ""


def metric_name(metric: str, *, by_week: bool = False) -> str:
    """Return the name of a metric in words; `by_week` if a replication is a week."""
    key = f"metric.{metric}"
    if by_week and has_word(f"{key}_by_week"):
        key += "_by_week"
    return word(key) if has_word(key) else metric.replace("_", " ")


def figure_text(value: float, unit: str) -> str:
    """Return a figure with its unit; a dash for NaN."""
    return decimal(format_figure(value, unit))


def duration(seconds: float) -> str:
    """Return seconds without trailing zeros: `20 s`."""
    return decimal(f"{seconds:g} s")


def estimate_cell(estimate: float, low: float, high: float, metric: str, note: str) -> Cell:
    """Return a figure with its interval below it, and a star if it has few events."""
    unit = METRICS[metric].unit
    if math.isnan(estimate) or math.isnan(low) or math.isnan(high):
        return Cell(figure_text(estimate, unit))
    together = (estimate, low, high)
    text = decimal(format_figure(estimate, unit, beside=together))
    star = "*" if FEW_EVENTS in note.split("; ") else ""
    return Cell(text + star, word("figure.between", **_bounds(low, high, metric, together)))


def compared_cell(comparison: Comparison, variant: str, metric: str) -> Cell:
    """Return the figure of a variant as a cell; a star is about the figure, not the difference."""
    asked = comparison.question
    found = comparison.results[variant].figure(metric, comparison.group, asked)
    estimate = found.estimate(asked.level)
    return estimate_cell(*estimate[:3], metric, estimate.note)


def difference_text(value: float, metric: str, beside: Collection[float] = ()) -> str:
    """Return the amount of a difference, without its sign: `1.8 points`.

    `beside` are the bounds of its interval, which have as many decimals.
    """
    unit = unit_named(METRICS[metric].unit)
    number = decimal(unit.number(abs(value), beside=beside))
    return word("figure.points", number=number) if unit.text == " %" else number + unit.difference


def change_text(difference: float, low: float, high: float, metric: str) -> str:
    """Return a difference with its interval: `1.8 points more; 1.5 to 2.1`."""
    more = difference > 0
    amount = difference_text(difference, metric, (low, high))
    change = word("figure.more" if more else "figure.less", amount=amount)
    if math.isnan(low) or math.isnan(high):
        return change
    low, high = (low, high) if more else (0 - high, 0 - low)
    bounds = _bounds(low, high, metric, (difference, low, high))
    return word("figure.change", change=change, **bounds)


def _bounds(low: float, high: float, metric: str, beside: Collection[float]) -> dict[str, str]:
    """Return the bounds of an interval, without their unit and with a true minus sign."""
    unit = unit_named(METRICS[metric].unit)
    texts = (decimal(unit.number(each, beside=beside)) for each in (low, high))
    low_text, high_text = (text.replace("-", "\N{MINUS SIGN}") for text in texts)
    return {"low": low_text, "high": high_text}


def series(items: Sequence[str]) -> str:
    """Return texts as a list in a sentence: `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return word("figure.listed", some=", ".join(items[:-1]), last=items[-1])


def sentence(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
