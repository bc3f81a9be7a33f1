"""Changes of metrics from one study to another: which is a gain, and which is its price.

`Change`
    One metric of two studies, with the difference.
`changes_between`, `significant`
    The significant changes between two studies, and one difference as a change.
`gain_and_price`, `worst_of`
    Choose the change that improves most, and those that worsen most.
`describe_step`
    Describe a step from one setting to another in a sentence.

Only significant and trusted differences count. The metrics have different units, so that the one
that worsens most needs a common measure: rates and indices count by their difference, a share
of all calls; all other metrics by the difference as a share of the baseline's figure. Half as
many interruptions again (0.5) weigh more than ten calls in a hundred lost (0.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ringsim.confidence import BaselineComparison, Estimate, Influence, compare_with_baseline
from ringsim.metrics import METRICS, unit_named
from ringsim.planning._findings import describe_change

__all__ = [
    "GOALS",
    "SHARES",
    "Change",
    "changes_between",
    "describe_step",
    "gain_and_price",
    "significant",
    "worst_of",
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
        """Size of the difference, in the common measure that the module describes."""
        if METRICS[self.metric].unit in SHARES:
            return abs(self.difference)
        return abs(self.difference) / self.before if self.before else math.inf

    @property
    def words(self) -> str:
        """Change in words: `answer rate 1.9 points more (1.4 to 2.4)`."""
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


def changes_between(
    before: Mapping[str, Influence], after: Mapping[str, Influence]
) -> Iterator[Change]:
    """Yield the significant changes of metrics, by name, that have a better direction.

    Both studies have the same replications.
    """
    for metric in (name for name in before if name in after and METRICS[name].better):
        old, new = before[metric], after[metric]
        [versus] = compare_with_baseline(old, [new])
        yield from significant(metric, old.value, new.value, versus)


def significant(
    metric: str, before: float, after: float, versus: BaselineComparison
) -> Iterator[Change]:
    """Yield a difference as a change, if it is significant."""
    difference, differs = versus
    if differs:
        yield Change(metric, before, after, *difference[:3], difference.is_trusted)


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
    worst = worst_of(every)
    return gain, lost if worst is None or worst in lost else [*lost, worst]


def _rank(order: Sequence[str], change: Change) -> int:
    """Return the index of a change's metric in an order; metrics not in it come last."""
    return order.index(change.metric) if change.metric in order else len(order)


def worst_of(changes: Sequence[Change]) -> Change | None:
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
