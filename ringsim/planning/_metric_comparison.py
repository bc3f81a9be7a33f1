"""Comparison of one metric of all variants."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import combinations, compress

from ringsim.confidence import (
    Figure,
    compare_with_baseline,
    compare_with_best,
    equivalent_to_baseline,
    paired,
)
from ringsim.metrics import METRICS
from ringsim.planning._findings import Finding

__all__ = ["compare_metric"]


def compare_metric(
    metric: str,
    figures: Mapping[str, Figure],
    baseline: str,
    *,
    twins: Mapping[str, str],
    pages: Collection[str],
    level: float,
    margin: float | None = None,
) -> Finding:
    """Compare the figures of all variants.

    `twins` maps each variant to the first one that must play alike. `margin` is a difference
    from the baseline that does not matter.
    """
    own = {name: figures[name].influence() for name in set(twins.values())}
    influences = {name: own[twins[name]] for name in figures}
    others = [name for name in figures if name != baseline]
    versus = compare_with_baseline(
        influences[baseline], [influences[name] for name in others], level=level
    )
    better = METRICS[metric].better
    rivals = [
        name
        for name, influence in influences.items()
        if better and name not in pages and not math.isnan(influence.value)
    ]
    to_best = compare_with_best(
        [influences[name] for name in rivals], greatest=better == "higher", level=level
    )
    best = [name for name, bounds in zip(rivals, to_best, strict=True) if bounds.may_be_best]
    pairs = [paired(influences[one], influences[other]) for one, other in combinations(best, 2)]
    equivalent: list[str] = []
    if margin is not None:
        rest = [influences[name] for name in others]
        same = equivalent_to_baseline(influences[baseline], rest, margin, level=level)
        equivalent = list(compress(others, same))
    return Finding(
        metric,
        figures[baseline].note,
        {name: figure.estimate(level) for name, figure in figures.items()},
        dict(zip(others, versus, strict=True)),
        dict(zip(rivals, to_best, strict=True)),
        pages,
        all(pair.never_differs for pair in pairs),
        all(pair.is_trusted for pair in pairs),
        margin,
        equivalent,
    )
