"""Results of the chosen settings, beside today's and on the same callers."""

from __future__ import annotations

from threading import Lock
from typing import Any, NamedTuple

from ringsim._week_log import first_day
from ringsim.errors import RingsimError
from ringsim.metrics import METRICS, Thresholds
from ringsim.pbx.page._settings import Settings
from ringsim.planning import Comparison, compare
from ringsim.reporting._figures import change_text, compared_cell, metric_name, sentence

__all__ = ["Row", "chart_of", "compared", "rows_of"]

YOURS = "as you set it"
MAX_PLAYED = 40_000  # calls of all days together, so that results come at once
LEAST_DAYS, MOST_DAYS = 10, 200
UNCHANGED = {"name": "as today"}  # a variant must change something; a name changes no call
SAME = "no measurable difference"

_drawing = Lock()  # pictures are drawn one at a time


class Row(NamedTuple):
    """A metric: today's figure, the chosen settings', and the difference."""

    name: str
    today: Any
    yours: Any
    change: str
    verdict: str  # better, worse or same


def compared(settings: Settings) -> Comparison:
    """Return the comparison of the chosen settings with today's.

    Raises
    ------
    RingsimError
        If the settings are invalid, or too many calls would be played.
    """
    today = settings.today
    calls = sum(called.expected_calls(today.hours) for called in today.demand.values())
    days = max(LEAST_DAYS, min(MOST_DAYS, int(MAX_PLAYED / max(calls, 1))))
    if calls * LEAST_DAYS > MAX_PLAYED * 50:
        raise RingsimError("the scenario must have fewer calls to be tried on a page")
    return compare(
        today,
        group=settings.group,
        variants={YOURS: settings.changes or UNCHANGED},
        replications=days,
        seed=0,
    )


def rows_of(comparison: Comparison) -> list[Row]:
    """Return a row for each metric."""
    table: dict[Any, Any] = comparison.table.to_dict("index")
    rows = []
    for metric in comparison.metrics:
        yours = table[YOURS, metric]
        change, verdict = SAME, "same"
        if yours["differs"]:
            bounds = yours["difference_low"], yours["difference_high"]
            change = change_text(yours["difference"], *bounds, metric)
            verdict = _verdict(metric, yours["difference"])
        named = _name(metric, comparison.question)
        old = compared_cell(comparison, comparison.baseline, metric)
        new = compared_cell(comparison, YOURS, metric)
        rows.append(Row(named, old, new, change, verdict))
    return rows


def _verdict(metric: str, difference: float) -> str:
    """Return whether a difference is for the better, if the metric has a better direction."""
    better = METRICS[metric].better
    if not better:
        return "same"
    return "better" if (difference > 0) == (better == "higher") else "worse"


def _name(metric: str, thresholds: Thresholds) -> str:
    """Return the name of a metric with a capital letter, and the threshold that it depends on."""
    name = sentence(metric_name(metric))
    return f"{name} within {thresholds.within:g} s" if metric == "service_level" else name


def chart_of(comparison: Comparison) -> str:
    """Return a picture of a few calls with the chosen settings, as HTML."""
    from ringsim.plot import ring_chart
    from ringsim.reporting._svg import Sheet

    log = first_day(comparison.results[YOURS].replay(0))
    if not len(log.calls):
        return "<p>Nobody calls.</p>"
    with _drawing:
        sheet = Sheet()
        picture = sheet.picture(ring_chart(log), "A few calls over time: who waits, rings, talks")
    hidden = f'<svg class="definitions" aria-hidden="true"><defs>{sheet.definitions}</defs></svg>'
    return f"<style>{sheet.styles}</style>{hidden}{picture}"
