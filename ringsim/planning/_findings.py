"""What a comparison found out about one metric.

`Finding`
    One metric of all variants: each figure, its difference to the baseline, and who is best.
`finding_of`
    The same from the figures.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from ringsim.confidence import (
    Estimate,
    Figure,
    ToBest,
    Versus,
    against,
    joined,
    paired,
    with_the_best,
)
from ringsim.metrics import METRICS

__all__ = ["PAGE", "Finding", "Row", "finding_of"]

BASELINE = "baseline"
PAGE = "a page"


class Row(NamedTuple):
    """What a table says of one variant and one metric; `best` is None where nobody can be."""

    estimate: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    differs: bool
    best: bool | None
    note: str


@dataclass(frozen=True)
class Finding:
    """One metric of all variants.

    Attributes
    ----------
    metric, note : str
        Which, and the thresholds that it was asked with.
    estimates : dict of str to Estimate
        Of each variant.
    versus : dict of str to Versus
        Of each variant but the baseline: the difference, and whether it is one.
    to_best : dict of str to ToBest
        Of the variants that can be compared with the best; none where neither more nor less
        is better.
    pages : collection of str
        Variants that cannot, because they page.
    best_are_same : bool
        Whether those that may be best are the same in every replication.
    best_are_trusted : bool
        Whether enough replications tell by how much these differ.
    """

    metric: str
    note: str
    estimates: Mapping[str, Estimate]
    versus: Mapping[str, Versus]
    to_best: Mapping[str, ToBest]
    pages: Collection[str]
    best_are_same: bool = False
    best_are_trusted: bool = True

    @property
    def best(self) -> list[str]:
        """Who may be best."""
        return [name for name, bounds in self.to_best.items() if bounds.may_be_best]

    @property
    def short_of_best(self) -> float:
        """By how much each of these falls short of the best, at most."""
        bounds = [self.to_best[name] for name in self.best]
        lower = METRICS[self.metric].better == "lower"
        return max(each.high if lower else -each.low for each in bounds)

    def row(self, name: str) -> Row:
        """What the table says of a variant."""
        found = self.estimates[name]
        difference, differs = self.versus.get(name, (Estimate(0.0, 0.0, 0.0, BASELINE), False))
        best = self.to_best[name].may_be_best if name in self.to_best else None
        note = joined(found.note, difference.note, PAGE if name in self.pages else "")
        return Row(*found[:3], *difference[:3], differs, best, note)


def finding_of(
    metric: str,
    figures: Mapping[str, Figure],
    baseline: str,
    *,
    twins: Mapping[str, str],
    pages: Collection[str],
    level: float,
) -> Finding:
    """Compare the figures of all variants; `twins` has the first one of those that are alike."""
    own = {name: figures[name].influence() for name in set(twins.values())}
    influences = {name: own[twins[name]] for name in figures}
    others = [name for name in figures if name != baseline]
    versus = against(influences[baseline], [influences[name] for name in others], level=level)
    better = METRICS[metric].better
    rivals = [
        name
        for name, influence in influences.items()
        if better and name not in pages and not math.isnan(influence.value)
    ]
    to_best = with_the_best(
        [influences[name] for name in rivals], greatest=better == "higher", level=level
    )
    best = [name for name, bounds in zip(rivals, to_best, strict=True) if bounds.may_be_best]
    pairs = [paired(influences[one], influences[other]) for one, other in combinations(best, 2)]
    return Finding(
        metric,
        figures[baseline].note,
        {name: figure.estimate(level) for name, figure in figures.items()},
        dict(zip(others, versus, strict=True)),
        dict(zip(rivals, to_best, strict=True)),
        pages,
        all(pair.never_differs for pair in pairs),
        all(pair.is_trusted for pair in pairs),
    )
