"""Sentences about predicted and observed days."""

from __future__ import annotations

import math

from ringsim._words import decimal, word
from ringsim.fitting._evidence import POWER, Evidence, Tested
from ringsim.metrics import METRICS, UNITS, format_figure

__all__ = ["metric_name", "phrase", "unit_of", "verdict_sentence"]

MOST_REASONS = 3
SHOWN = ("answer_rate", "mean_speed_of_answer")


def metric_name(metric: str, within: float) -> str:
    """Return the name of a metric in a sentence."""
    if metric == "service_level":
        return word("fitting.service_level", within=decimal(f"{within:g} s"))
    if metric.startswith("answer_share of "):
        return word("fitting.share", member=metric.removeprefix("answer_share of "))
    return word(f"fitting.{metric}")


def _figure(value: float, metric: str) -> str:
    return decimal(format_figure(value, unit_of(metric)))


def unit_of(metric: str) -> str:
    """Return the unit of a metric; a member's share of answers is a rate."""
    return METRICS[metric].unit if metric in METRICS else "rate"


def _distance(value: float, metric: str) -> str:
    if unit_of(metric) == "rate":
        return word("figure.points", number=decimal(UNITS["rate"].number(value)))
    return _figure(value, metric)


def phrase(metric: str, found: Tested, rejected: list[str], within: float) -> str:
    """Return what the tests of a metric say: `as predicted`, or how it differs."""
    name = metric_name(metric, within)
    if not rejected:
        return word("fitting.as_predicted")
    if "bias" in rejected:
        figures = {
            each: _figure(getattr(found, each), metric)
            for each in ("observed", "predicted", "low", "high")
        }
        return word("fitting.bias", metric=name, **figures)
    side = "farther" if found.distance > found.expected_distance else "nearer"
    off, expected = (_distance(each, metric) for each in (found.distance, found.expected_distance))
    return word(f"fitting.{side}", metric=name, observed=off, predicted=expected)


def verdict_sentence(
    found: Evidence, within: float, n_days: int, *, held_out: bool, seen: bool
) -> str:
    """Return the verdict: `Reproduces ...` or `Does not reproduce ..., because ...`."""
    kind = "held" if held_out else "seen" if seen else "the"
    days = word(f"fitting.{kind}_{'one' if n_days == 1 else 'many'}", n=n_days)
    chance = decimal("p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.2g}")
    if not found.rejects:
        close = [
            word(
                "fitting.close",
                metric=metric_name(metric, within),
                observed=_figure(each.observed, metric),
                predicted=_figure(each.predicted, metric),
            )
            for metric, each in found.metrics.items()
            if metric in SHOWN
        ]
        fields = {"chance": chance, "power": _power(found, within)}
        return word("fitting.reproduces", days=days, close="; ".join(close), **fields)
    wrong = sorted(
        (min(p for p in each.p_values if p == p), metric)  # NaN is not itself
        for metric, each in found.metrics.items()
        if found.rejected(metric)
    )
    reasons = [
        phrase(metric, found.metrics[metric], found.rejected(metric), within)
        for _, metric in wrong[:MOST_REASONS]
    ]
    return word("fitting.does_not", days=days, reasons="; ".join(reasons), chance=chance)


def _power(found: Evidence, within: float) -> str:
    """Return a half-sentence on how large an error would have been found."""
    shown = {name: each for name, each in found.metrics.items() if name in SHOWN}
    errors = [
        word(
            "fitting.error",
            metric=metric_name(name, within),
            size=_distance(found.detectable[name], name),
        )
        for name, each in shown.items()
        if found.detectable[name] < _farthest(each.predicted, name)  # never if it is NaN
    ]
    share = decimal(f"{100 * POWER:g} %")
    if not errors:
        return word("fitting.no_power", share=share) if shown else ""
    return word("fitting.power", errors=", ".join(errors), share=share)


def _farthest(predicted: float, metric: str) -> float:
    """Return by how much a metric can differ from its prediction at most."""
    return max(predicted, 1 - predicted) if unit_of(metric) == "rate" else math.inf
