"""What a comparison found out, in sentences.

A difference is only told where there is one; of what cannot be told apart it is said how much
it may be after all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ringsim.confidence import UNVARIED, Estimate
from ringsim.metrics import METRICS
from ringsim.planning._findings import Finding

__all__ = ["listed", "named", "told"]

UNITS = {
    "rate": (100, 1, " %", " points"),
    "s": (1, 2, " s", " s"),
    "calls": (1, 1, " calls", " calls"),
}
MOST_DIGITS = 6


def told(finding: Finding, baseline: str) -> list[str]:
    """What is found out about one metric: a heading, and a sentence for each thing to say."""
    asked = f" ({finding.note})" if finding.note else ""
    amount = _amount(finding.estimates[baseline], finding.metric)
    heading = f"{finding.metric}{asked}: {amount} with {named(baseline)}."
    return [heading, *(f"  {line}" for line in (*_differences(finding), *_best(finding)))]


def listed(names: Sequence[str], last: str = "and") -> str:
    """`a, b and 'as it is'`."""
    told = [named(name) for name in names]
    return f" {last} ".join(filter(None, [", ".join(told[:-1]), told[-1]]))


def named(name: str) -> str:
    """A name as a word of a sentence."""
    return repr(name) if " " in name else name


def _differences(finding: Finding) -> list[str]:
    """What differs, what cannot be told to, what does the same, and what has no figure."""
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
        else:
            (alike if difference.is_trusted else few).append(name)
    lines = [
        f"{listed(names)} {_verb(names, 'has', 'have')} {_change(difference, finding.metric)}."
        for difference, names in differ.items()
    ]
    if alike:
        lines.append(f"{listed(alike)} cannot be told from it ({_at_most(finding, alike)}).")
    if few:
        lines.append(f"{listed(few)} cannot be told from it: too few replications differ.")
    if same:
        lines.append(f"{listed(same)} {_verb(same, 'does', 'do')} the same in every replication.")
    if unknown:
        lines.append(f"{listed(unknown)} cannot be compared: there is no figure.")
    return lines


def _best(finding: Finding) -> list[str]:
    best, better = finding.best, METRICS[finding.metric].better
    if len(finding.to_best) < 2 or math.isnan(finding.short_of_best):
        return []
    among = f"{' of those that ring' if finding.pages else ''} ({better} is better)"
    if len(best) == 1:
        return [f"Best{among}: {listed(best)}."]
    if finding.best_are_same:
        return [f"Best{among}: {listed(best)}, which do the same."]
    who = "any of them" if len(best) == len(finding.to_best) else f"one of {listed(best, 'or')}"
    if not finding.best_are_trusted:
        return [f"Best{among}: {who}."]
    most = _number(finding.short_of_best, finding.metric, finding.short_of_best)
    return [f"Best{among}: {who}; each is within {most}{_unit(finding.metric)[3]} of the best."]


def _at_most(finding: Finding, names: Sequence[str]) -> str:
    """How great the differences may be that were not found."""
    bounds = [finding.versus[name].difference for name in names]
    most = max(max(-each.low, each.high) for each in bounds)
    return f"{_number(most, finding.metric, most)}{_unit(finding.metric)[3]} apart at most"


def _amount(estimate: Estimate, metric: str) -> str:
    """`84.1 % (83.7 to 84.5)`, a star behind it for few events, or that there is none."""
    value, low, high, _ = estimate
    if math.isnan(value):
        return "no figure"
    spread = high - low
    text = f"{_number(value, metric, spread)}{_unit(metric)[2]}"
    return text + _between(low, high, metric, spread) + ("" if estimate.is_trusted else "*")


def _change(difference: Estimate, metric: str) -> str:
    """`1.9 points more (1.4 to 2.4)`."""
    value, low, high, _ = difference
    more = value > 0
    low, high = (low, high) if more else (0.0 - high, 0.0 - low)
    spread = high - low
    text = f"{_number(abs(value), metric, spread)}{_unit(metric)[3]} {'more' if more else 'less'}"
    return text + _between(low, high, metric, spread)


def _between(low: float, high: float, metric: str, spread: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return ""
    return f" ({_number(low, metric, spread)} to {_number(high, metric, spread)})"


def _number(value: float, metric: str, spread: float) -> str:
    """With the digits that its spread makes sense of, two of them; its own where it has none."""
    scale, digits, *_ = _unit(metric)
    width = scale * (spread if 0 < spread < math.inf else abs(value))
    if 0 < width < math.inf:
        digits = min(MOST_DIGITS, max(digits, 1 - math.floor(math.log10(width))))
    return f"{value * scale:.{digits}f}"


def _unit(metric: str) -> tuple[float, int, str, str]:
    """Scale and digits, and what follows a figure and a difference."""
    return UNITS.get(METRICS[metric].unit, (1, 3, "", ""))


def _verb(names: Sequence[str], one: str, many: str) -> str:
    return one if len(names) == 1 else many
