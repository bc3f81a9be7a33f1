"""The price of a better variant: the metric that improves, and the one that worsens most.

`Change`
    One metric of a variant and of the baseline, with the difference.
`Advice`
    The variant to choose, what improves, and its price.
`advice_on`, `price_of`
    Compute them from a comparison.
`changes_between`, `gain_and_price`
    Compute the changes from one study to another, and choose two of them.
`describe_advice`, `describe_step`
    Describe an advice, or a step from one setting to another, in a sentence.

Only significant and trusted differences count. The metrics have different units, so that the one
that worsens most needs a common measure: rates and indices count by their difference, a share
of all calls; all other metrics by the difference as a share of the baseline's figure. Half as
many interruptions again (0.5) weigh more than ten calls in a hundred lost (0.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ringsim._sentences import counted
from ringsim.confidence import BaselineComparison, Estimate, Influence, compare_with_baseline
from ringsim.metrics import METRICS, unit_named
from ringsim.planning._findings import describe_change, quote_name

if TYPE_CHECKING:
    from ringsim.planning._comparison import Comparison

__all__ = [
    "GOALS",
    "SHARES",
    "Advice",
    "Change",
    "advice_on",
    "changes_between",
    "describe_advice",
    "describe_step",
    "gain_and_price",
    "price_of",
]

ANSWER_RATE = "answer_rate"
GOALS = (  # what matters, in this order
    ANSWER_RATE,
    "service_level",
    "mean_speed_of_answer",
    "answer_rate_of_received",
)
DOUBTS = {"few_events": "from few events", "edge": "on the edge of significance"}
SHARES = ("rate", "index")  # units of figures between 0 and 1
INTERRUPTIONS, RINGS = "interruptions_per_hour", ("rings_per_call", "rings_per_answer")


class Change(NamedTuple):
    """One metric of a variant, compared with the baseline.

    Attributes
    ----------
    metric : str
        Name of the metric.
    before, after : float
        Figure of the baseline and of the variant.
    difference, low, high : float
        `after - before`, paired by replication, with its interval.
    is_trusted : bool
        Whether enough events carry the difference.
    """

    metric: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    is_trusted: bool = True

    @property
    def size(self) -> float:
        """Size of the difference: see the description of the module."""
        if METRICS[self.metric].unit in SHARES:
            return abs(self.difference)
        return abs(self.difference) / self.before if self.before else math.inf

    @property
    def words(self) -> str:
        """The change in words: `answer rate 1.9 points more (1.4 to 2.4)`."""
        difference = Estimate(self.difference, self.low, self.high)
        unit = unit_named(METRICS[self.metric].unit)
        return f"{self.metric.replace('_', ' ')} {describe_change(difference, unit)}" + (
            f", {DOUBTS[self.doubt]}" if self.doubt else ""
        )

    @property
    def doubt(self) -> str:
        """Reason why the difference is doubtful, a key of `DOUBTS`; "" if it is not.

        Holm's test can find a difference whose interval (Bonferroni's) just includes 0.
        """
        if not self.is_trusted:
            return "few_events"
        return "edge" if self.low <= 0 <= self.high else ""

    @property
    def is_better(self) -> bool:
        """True if the variant is better than the baseline in this metric."""
        return (self.difference > 0) == (METRICS[self.metric].better == "higher")


@dataclass(frozen=True)
class Advice:
    """The variant to choose in place of the baseline.

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
    return _worst_of(list(_differences(comparison, variant, comparison.metrics)))


def changes_between(
    before: Mapping[str, Influence], after: Mapping[str, Influence]
) -> Iterator[Change]:
    """Yield the significant changes of metrics, by name, that have a better direction.

    Both studies have the same replications.
    """
    for metric in (name for name in before if name in after and METRICS[name].better):
        old, new = before[metric], after[metric]
        [versus] = compare_with_baseline(old, [new])
        yield from _significant(metric, old.value, new.value, versus)


def gain_and_price(
    changes: Iterable[Change], goals: Sequence[str]
) -> tuple[Change | None, list[Change]]:
    """Return the change for the better that matters most, and those that are its price.

    The first of `goals`, then of `GOALS`, matters most; then the largest change. A change for
    the better is no gain if an earlier one of `GOALS` worsens: calls that are answered sooner
    because more are lost. The price is the change that worsens most, after a falling answer rate.
    Doubtful differences are no gain, and a price only if there is no other.
    """
    every = list(changes)
    found = [each for each in every if not each.doubt]
    order = [*goals, *GOALS]
    worse = [_rank(GOALS, each) for each in found if not each.is_better]
    first = min(worse, default=len(GOALS))
    better = [each for each in found if each.is_better and _rank(GOALS, each) <= first]
    gain = min(better, key=lambda each: (_rank(order, each), -each.size), default=None)
    lost = [each for each in found if each.metric == ANSWER_RATE and not each.is_better]
    worst = _worst_of(every)
    return gain, lost if worst is None or worst in lost else [*lost, worst]


def _rank(order: Sequence[str], change: Change) -> int:
    """Return the place of a change's metric in an order; others come last."""
    return order.index(change.metric) if change.metric in order else len(order)


def _worst_of(changes: Sequence[Change]) -> Change | None:
    """Return the change that worsens most; a doubtful one only if there is no other."""
    return _worst(each for each in changes if not each.doubt) or _worst(changes)


def _worst(changes: Iterable[Change]) -> Change | None:
    worse = {each.metric: each for each in changes if not each.is_better}
    if INTERRUPTIONS in worse:
        worse = {metric: each for metric, each in worse.items() if metric not in RINGS}
    return max(worse.values(), key=lambda each: each.size, default=None)


def describe_step(step: str, gains: Sequence[str], prices: Sequence[str]) -> str:
    """Return a sentence on a step: what it brings, beside what it costs."""
    price = f"at the price of {' and '.join(prices)}" if prices else "at no measurable price"
    return f"{step}: {' and '.join(gains) or 'nothing measurably better'}, {price}."


def describe_advice(advice: Advice, baseline: str) -> str:
    """Return a sentence with the metric that improves beside the one that worsens most."""
    before, after = advice.members
    prices = [counted(after - before, "more member")]
    prices = prices if after > before else []
    prices += [] if advice.price is None else [advice.price.words]
    price = f"Its price: {' and '.join(prices)}." if prices else "No compared metric gets worse."
    better = f"{quote_name(advice.variant)} improves on {quote_name(baseline)}"
    return f"{better}: {advice.gains[0].words}. {price}"


def _changes(
    comparison: Comparison, variant: str, metrics: list[str] | tuple[str, ...]
) -> Iterator[Change]:
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
            yield from _significant(metric, before, after, finding.versus[variant])


def _significant(
    metric: str, before: float, after: float, versus: BaselineComparison
) -> Iterator[Change]:
    """Yield a difference as a change, if it is significant."""
    difference, differs = versus
    if differs:
        yield Change(metric, before, after, *difference[:3], difference.is_trusted)


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
