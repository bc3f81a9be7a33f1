"""Result of a stress test: table and sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from itertools import compress

from ringsim._lazy import pd
from ringsim._sentences import counted
from ringsim.confidence import compare_with_best
from ringsim.metrics import METRICS, format_estimate, format_figure, unit_named
from ringsim.planning._comparison import Comparison
from ringsim.planning._findings import Row
from ringsim.planning._html import as_html, estimates_table
from ringsim.planning._stress_events import Stress

__all__ = ["StressTest"]

DECIDING = ("service_level", "answer_rate")  # the first compared one orders the events


class StressTest:
    """What events do to the callers of a group; `print` describes it in two sentences.

    Attributes
    ----------
    comparison : Comparison
        All figures: the variants are the events, the baseline is the scenario as it is.
    events : dict of str to Stress
        The events by name, in the order given, with who is absent, when, and what closes.
    """

    def __init__(self, comparison: Comparison, events: Mapping[str, Stress]) -> None:
        self.comparison = comparison
        self.events = dict(events)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per metric and event, by `metric` and `event`; first the scenario as it is.

        `estimate`, `low` and `high` are those of the event's days; `difference`, with
        `difference_low` and `difference_high`, is the event minus the scenario as it is, paired
        day by day; `differs` says whether it is significant.
        """
        table = self.comparison.table.drop(columns="best")
        table.index = table.index.set_names(["event", "metric"])
        order = pd.MultiIndex.from_product(
            [self.comparison.metrics, self.comparison.variants], names=["metric", "event"]
        )
        return table.swaplevel().reindex(order)

    @property
    def deciding(self) -> str:
        """The metric by which the events are ordered: service level, answer rate, or the first."""
        compared = self.comparison.metrics
        better = [name for name in compared if METRICS[name].better] or list(compared)
        return next((name for name in DECIDING if name in compared), better[0])

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Names of the events, the one that worsens `deciding` most first.

        If neither more nor less of it is better, it is the one that changes it most.
        """
        return tuple(sorted(self.events, key=self._harm, reverse=True))

    @cached_property
    def worst(self) -> tuple[str, ...]:
        """Names of the events that may be the worst, in `order`, if any does harm.

        One of them is the worst with the confidence of the comparison (Hsu). If neither more nor
        less of `deciding` is better, it is the first one alone.
        """
        better = METRICS[self.deciding].better
        harmful = [name for name in self.order if self._is_harmed(name)]
        if not better or len(harmful) < 2:
            return self.order[:1]
        compared = self.comparison
        figures = [
            compared.results[name].figure(self.deciding, compared.group, compared.question)
            for name in harmful
        ]
        to_worst = compare_with_best(
            [figure.influence() for figure in figures],
            greatest=better == "lower",
            level=compared.question.level,
        )
        return tuple(compress(harmful, (each.may_be_best for each in to_worst)))

    def _harm(self, name: str) -> float:
        difference = self._row(name).difference
        if math.isnan(difference):
            return -math.inf
        match METRICS[self.deciding].better:
            case "lower":
                return difference
            case "higher":
                return -difference
            case _:
                return abs(difference)

    def _row(self, name: str) -> Row:
        return self.comparison.row(name, self.deciding)

    def __str__(self) -> str:
        return "\n".join([self._first(), self._others()])

    def _first(self) -> str:
        """Return the sentence on the event that breaks the group first."""
        group, metric = self.comparison.group, self.deciding
        row, unit = self._row(self.order[0]), METRICS[metric].unit
        before = self.comparison.row(self.comparison.baseline, metric)
        days = counted(self.comparison.replications, "replication")
        callers = f"in {days} with the same callers"
        if not self._is_harmed(self.order[0]):
            verb = "worsens" if METRICS[metric].better else "changes"
            return f"No event {verb} the {_words(metric)} of group {group} measurably, {callers}."
        verb = "suffers most from" if METRICS[metric].better else "changes most with"
        words = _words(metric) + self._counted()
        first, *others = self.worst
        told = f"{', '.join(self.worst[:-1])} or {self.worst[-1]}" if others else first
        which = f" with {first}" if others else ""
        apart = ", which do not tell these events apart" if others else ""
        return (
            f"Group {group} {verb} {told}: its {words} goes from "
            f"{format_figure(before.estimate, unit)} to {format_estimate(*row[:3], unit)}{which}, "
            f"{callers}{apart}."
        )

    def _counted(self) -> str:
        """Return how the service level is counted, in brackets, if it orders the events."""
        is_level = self.deciding == "service_level"
        return f" ({self.comparison.question.note})" if is_level else ""

    def _is_harmed(self, name: str) -> bool:
        return self._row(name).differs and self._harm(name) > 0

    def _others(self) -> str:
        """Return the sentence on the other events, from the worst to the mildest."""
        rest = self.order[1:] if self._is_harmed(self.order[0]) else self.order
        harmful = [name for name in rest if self._is_harmed(name)]
        harmless = [name for name in rest if name not in harmful]
        parts = [f"{name} {self._change(name)}" for name in harmful]
        start = "After it come" if len(self.worst) == 1 else "The others:"
        told = f"{start} {', '.join(parts)}." if parts else ""
        if harmless:
            harm = "harm" if METRICS[self.deciding].better else "change"
            told += f" Without measurable {harm}: {', '.join(harmless)}."
        return told.strip() or "No other event was played."

    def _change(self, name: str) -> str:
        row, unit = self._row(name), unit_named(METRICS[self.deciding].unit)
        text = " points" if unit.text == " %" else unit.difference
        return f"({'-' if row.difference < 0 else '+'}{unit.number(abs(row.difference))}{text})"

    def _repr_html_(self) -> str:
        columns = {
            name: {
                metric: self.comparison.results[name]
                .figure(metric, self.comparison.group, self.comparison.question)
                .estimate(self.comparison.question.level)
                for metric in self.comparison.metrics
            }
            for name in (self.comparison.baseline, *self.order)
        }
        return as_html(str(self), [estimates_table(columns).T])

    def __repr__(self) -> str:
        return (
            f"<StressTest of group {self.comparison.group}: {counted(len(self.events), 'event')}>"
        )


def _words(metric: str) -> str:
    return metric.replace("_", " ")
