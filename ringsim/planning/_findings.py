"""Findings of a comparison on one metric, and the sentences that describe them.

`Finding`
    One metric of all variants: figures, differences from the baseline, and candidates for best.
`describe_finding`, `describe_change`
    Describe a finding in sentences, and a difference in words.

The sentences state a difference only if it is significant. For the other variants they state
how large the difference may be at most.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ringsim.confidence import (
    UNVARIED,
    BaselineComparison,
    BestComparison,
    Estimate,
    join_notes,
)
from ringsim.metrics import METRICS, Unit, unit_named

__all__ = [
    "PAGE",
    "Finding",
    "Row",
    "describe_change",
    "describe_finding",
    "join_names",
    "quote_name",
]

BASELINE = "baseline"
PAGE = "a page"


class Row(NamedTuple):
    """A table row of one variant and one metric; `best` is None if the variant cannot be best.

    `equivalent` is None if no margin is given.
    """

    estimate: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    differs: bool
    best: bool | None
    note: str
    equivalent: bool | None = None


@dataclass(frozen=True)
class Finding:
    """One metric of all variants.

    Attributes
    ----------
    metric, note : str
        Name of the metric, and a note on its thresholds.
    estimates : dict of str to Estimate
        Estimate of each variant.
    versus : dict of str to BaselineComparison
        Difference from the baseline, and its significance, of each variant but the baseline.
    to_best : dict of str to BestComparison
        Comparison of each candidate with the best of the others; empty if neither more nor
        less of the metric is better.
    pages : collection of str
        Variants that page, which are not candidates for the best.
    best_are_same : bool
        Whether all variants that may be best are equal in every replication.
    best_are_trusted : bool
        Whether enough replications carry the differences between these.
    margin : float or None
        Difference from the baseline that does not matter, if one is given.
    equivalent : collection of str
        Variants that differ from the baseline by less than the margin.
    """

    metric: str
    note: str
    estimates: Mapping[str, Estimate]
    versus: Mapping[str, BaselineComparison]
    to_best: Mapping[str, BestComparison]
    pages: Collection[str]
    best_are_same: bool = False
    best_are_trusted: bool = True
    margin: float | None = None
    equivalent: Collection[str] = ()

    @property
    def best(self) -> list[str]:
        """Variants that may be best."""
        return [name for name, bounds in self.to_best.items() if bounds.may_be_best]

    @property
    def short_of_best(self) -> float:
        """Upper bound of the distance of each variant in `best` from the best one."""
        bounds = [self.to_best[name] for name in self.best]
        lower = METRICS[self.metric].better == "lower"
        return max(each.high if lower else -each.low for each in bounds)

    def row(self, name: str) -> Row:
        """Return the table row of a variant."""
        found = self.estimates[name]
        difference, differs = self.versus.get(name, (Estimate(0.0, 0.0, 0.0, BASELINE), False))
        best = self.to_best[name].may_be_best if name in self.to_best else None
        note = join_notes(found.note, difference.note, PAGE if name in self.pages else "")
        equivalent = None if self.margin is None else name in (self.baseline, *self.equivalent)
        return Row(*found[:3], *difference[:3], differs, best, note, equivalent)

    @property
    def baseline(self) -> str:
        """The variant that the others are compared with."""
        return next(name for name in self.estimates if name not in self.versus)


def describe_finding(finding: Finding, baseline: str) -> list[str]:
    """Return a heading for one metric, and a sentence for each finding about it."""
    asked = f" ({finding.note})" if finding.note else ""
    amount = _amount(finding.estimates[baseline], finding.metric)
    heading = f"{finding.metric}{asked}: {amount} with {quote_name(baseline)}."
    return [heading, *(f"  {line}" for line in (*_differences(finding), *_best(finding)))]


def join_names(names: Sequence[str], last: str = "and") -> str:
    """Return names as a list in a sentence: `a, b and 'as it is'`."""
    told = [quote_name(name) for name in names]
    return f" {last} ".join(filter(None, [", ".join(told[:-1]), told[-1]]))


def quote_name(name: str) -> str:
    """Return a name, in quotes if it has a space."""
    return repr(name) if " " in name else name


def _differences(finding: Finding) -> list[str]:
    """Return sentences on variants that differ, may differ, are equal, or have no figure."""
    differ: dict[Estimate, list[str]] = {}
    alike: list[str] = []
    few: list[str] = []
    same, unknown = [], []
    for name, (difference, differs) in finding.versus.items():
        if math.isnan(difference.estimate):
            unknown.append(name)
        elif difference.estimate == 0 and UNVARIED in difference.note:
            same.append(name)
        elif differs or math.isnan(difference.low):
            differ.setdefault(difference, []).append(name)
        elif name not in finding.equivalent:
            (alike if difference.is_trusted else few).append(name)
    unit = _unit(finding.metric)
    lines = [
        f"{join_names(names)} {_verb(names, 'has', 'have')} {describe_change(difference, unit)}."
        for difference, names in differ.items()
    ]
    good = [name for name in finding.equivalent if name not in same]
    if good and finding.margin is not None:
        margin = unit.number(finding.margin, spread=finding.margin) + unit.difference
        verb = _verb(good, "is", "are")
        lines.append(f"{join_names(good)} {verb} as good as it: less than {margin} apart.")
    if alike:
        lines.append(f"{join_names(alike)} cannot be told from it ({_at_most(finding, alike)}).")
    if few:
        lines.append(f"{join_names(few)} cannot be told from it: too few replications differ.")
    if same:
        lines.append(
            f"{join_names(same)} {_verb(same, 'does', 'do')} the same in every replication."
        )
    if unknown:
        lines.append(f"{join_names(unknown)} cannot be compared: there is no figure.")
    return lines


def _best(finding: Finding) -> list[str]:
    best, better = finding.best, METRICS[finding.metric].better
    if len(finding.to_best) < 2 or math.isnan(finding.short_of_best):
        return []
    among = f"{' of those that ring' if finding.pages else ''} ({better} is better)"
    if len(best) == 1:
        return [f"Best{among}: {join_names(best)}."]
    if finding.best_are_same:
        return [f"Best{among}: {join_names(best)}, which do the same."]
    who = "any of them" if len(best) == len(finding.to_best) else f"one of {join_names(best, 'or')}"
    if not finding.best_are_trusted:
        return [f"Best{among}: {who}."]
    most = _number(finding.short_of_best, finding.metric, finding.short_of_best)
    return [
        f"Best{among}: {who}; each is within {most}{_unit(finding.metric).difference} of the best."
    ]


def _at_most(finding: Finding, names: Sequence[str]) -> str:
    """Return how large the undetected differences of some variants may be at most."""
    bounds = [finding.versus[name].difference for name in names]
    most = max(max(-each.low, each.high) for each in bounds)
    return f"{_number(most, finding.metric, most)}{_unit(finding.metric).difference} apart at most"


def _amount(estimate: Estimate, metric: str) -> str:
    """Return `84.1 % (83.7 to 84.5)`, with a star for few events, or `no figure`."""
    value, low, high, _ = estimate
    if math.isnan(value):
        return "no figure"
    spread = high - low
    text = f"{_number(value, metric, spread)}{_unit(metric).text}"
    return text + _interval(low, high, _unit(metric), spread) + ("" if estimate.is_trusted else "*")


def describe_change(difference: Estimate, unit: Unit) -> str:
    """Return a difference in words: `1.9 points more (1.4 to 2.4)`."""
    value, low, high, _ = difference
    more = value > 0
    low, high = (low, high) if more else (0.0 - high, 0.0 - low)
    spread = high - low
    amount = f"{unit.number(abs(value), spread=spread)}{unit.difference}"
    return f"{amount} {'more' if more else 'less'}{_interval(low, high, unit, spread)}"


def _interval(low: float, high: float, unit: Unit, spread: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return ""
    return f" ({unit.number(low, spread=spread)} to {unit.number(high, spread=spread)})"


def _number(value: float, metric: str, spread: float) -> str:
    return _unit(metric).number(value, spread=spread)


def _unit(metric: str) -> Unit:
    return unit_named(METRICS[metric].unit)


def _verb(names: Sequence[str], one: str, many: str) -> str:
    return one if len(names) == 1 else many
