"""The variant to choose in place of the baseline, what it improves, and its price.

`Advice`
    The variant to choose, what improves, and its price.
`advice_on`, `price_of`
    Compute them from a comparison.
`describe_advice`
    Describe an advice in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringsim._sentences import counted
from ringsim.metrics import METRICS
from ringsim.planning._findings import quote_name
from ringsim.planning._metric_changes import GOALS, Change, significant, worst_of

if TYPE_CHECKING:
    from ringsim.planning._comparison import Comparison

__all__ = ["Advice", "advice_on", "describe_advice", "price_of"]


@dataclass(frozen=True)
class Advice:
    """Variant to choose in place of the baseline.

    Attributes
    ----------
    variant : str
        Name of the variant.
    gains : tuple of Change
        What improves, among `GOALS` or else the compared metrics; the first decided.
    price : Change or None
        The metric that worsens most; None if none worsens measurably.
    members : tuple of int
        Number of members of the compared group, or of all groups: before and after.
    """

    variant: str
    gains: tuple[Change, ...]
    price: Change | None
    members: tuple[int, int]


def advice_on(comparison: Comparison) -> Advice | None:
    """Return the variant to choose, with what it brings and what it costs.

    The variant is better than the baseline, and may be the best, in the first of `GOALS` (or of
    the compared metrics, if it has none of these) in which any variant is. It is not measurably
    worse in an earlier goal: calls that are answered sooner because more are lost are no gain.
    Among several, it is the one with the lowest price. None if no variant is measurably better.
    """
    compared = [metric for metric in comparison.metrics if METRICS[metric].better]
    goals = [metric for metric in GOALS if metric in compared] or compared
    for place, goal in enumerate(goals):
        better = [
            name
            for name in comparison.variants
            if _is_candidate(comparison, name, goal)
            and all(each.is_better for each in _changes(comparison, name, goals[:place]))
        ]
        if better:
            chosen = min(better, key=lambda name: _cost(comparison, name))
            gains = _changes(comparison, chosen, goals)
            first = sorted(
                (each for each in gains if each.is_better), key=lambda each: each.metric != goal
            )
            members = _members(comparison, comparison.baseline), _members(comparison, chosen)
            return Advice(chosen, tuple(first), price_of(comparison, chosen), members)
    return None


def price_of(comparison: Comparison, variant: str) -> Change | None:
    """Return the metric that worsens most with a variant; None if none worsens measurably.

    Doubtful differences count only if there are no others. Rings are counted once:
    interruptions per hour stand for the rings of a call.
    """
    return worst_of(list(_differences(comparison, variant, comparison.metrics)))


def describe_advice(advice: Advice, baseline: str) -> str:
    """Return a sentence with the metric that improves beside the one that worsens most."""
    before, after = advice.members
    prices = [counted(after - before, "more member")]
    prices = prices if after > before else []
    prices += [] if advice.price is None else [advice.price.words]
    price = f"Its price: {' and '.join(prices)}." if prices else "No compared metric gets worse."
    better = f"{quote_name(advice.variant)} improves on {quote_name(baseline)}"
    return f"{better}: {advice.gains[0].words}. {price}"


def _changes(comparison: Comparison, variant: str, metrics: Sequence[str]) -> Iterator[Change]:
    """Yield the significant changes, without doubtful ones, of metrics with a better direction."""
    return (each for each in _differences(comparison, variant, metrics) if not each.doubt)


def _differences(comparison: Comparison, variant: str, metrics: Sequence[str]) -> Iterator[Change]:
    """Yield the significant changes of metrics that have a better direction."""
    for metric in metrics:
        finding = comparison.finding(metric)
        if METRICS[metric].better and variant in finding.versus:
            before, after = (
                finding.estimates[name].estimate for name in (comparison.baseline, variant)
            )
            yield from significant(metric, before, after, finding.versus[variant])


def _is_candidate(comparison: Comparison, variant: str, goal: str) -> bool:
    if comparison.row(variant, goal).best is not True:
        return False
    return any(each.is_better for each in _changes(comparison, variant, (goal,)))


def _cost(comparison: Comparison, variant: str) -> tuple[int, float]:
    """Return a key by which variants with more members, then a higher price, come later."""
    price = price_of(comparison, variant)
    return _members(comparison, variant), 0.0 if price is None else price.size


def _members(comparison: Comparison, variant: str) -> int:
    scenario = comparison.results[variant].scenario
    if comparison.group is None:
        return sum(len(group.members) for group in scenario.groups)
    return len(scenario.group(comparison.group).members)
