"""Sentences about predicted and observed days."""

from __future__ import annotations

from ringsim.fitting._evidence import Evidence, Tested
from ringsim.metrics import METRICS, format_figure

__all__ = ["metric_name", "phrase", "verdict_sentence"]

NAMES = {
    "answer_rate": "the answer rate",
    "mean_speed_of_answer": "the mean speed of answer",
    "abandonment_rate": "the abandonment rate",
    "offered": "the number of calls a day",
}
MOST_REASONS = 3


def metric_name(metric: str, within: float) -> str:
    """Return the name of a metric in a sentence."""
    if metric == "service_level":
        return f"the share of calls answered within {within:g} s"
    if metric.startswith("answer_share of "):
        return f"the share of answered calls that {metric.removeprefix('answer_share of ')} took"
    return NAMES[metric]


def _unit(metric: str) -> str:
    return METRICS[metric].unit if metric in METRICS else "rate"


def phrase(metric: str, found: Tested, rejected: list[str], within: float) -> str:
    """Return what the tests of a metric say: `as predicted`, or how it differs."""
    unit = _unit(metric)
    if not rejected:
        return "as predicted"
    if "bias" in rejected:
        return (
            f"{metric_name(metric, within)} was {format_figure(found.observed, unit)}, predicted "
            f"{format_figure(found.predicted, unit)} ({format_figure(found.low, unit)} to "
            f"{format_figure(found.high, unit)})"
        )
    more = "more" if found.observed_sd > found.predicted_sd else "less"
    return (
        f"{metric_name(metric, within)} varied {more} from day to day than predicted (standard "
        f"deviation {format_figure(found.observed_sd, unit)} against "
        f"{format_figure(found.predicted_sd, unit)})"
    )


def verdict_sentence(
    found: Evidence, within: float, n_days: int, *, held_out: bool, seen: bool
) -> str:
    """Return the verdict: `Reproduces ...` or `Does not reproduce ..., because ...`."""
    days = "1 day" if n_days == 1 else f"{n_days} days"
    what = f"the {days}{' held out' if held_out else ''}{' that it was fitted on' if seen else ''}"
    chance = "p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.2g}"
    if not found.rejects:
        close = [
            f"{metric_name(metric, within)} was {format_figure(each.observed, _unit(metric))}, "
            f"predicted {format_figure(each.predicted, _unit(metric))}"
            for metric, each in found.metrics.items()
            if metric in ("answer_rate", "mean_speed_of_answer")
        ]
        return f"Reproduces {what}: {'; '.join(close)} ({chance})."
    wrong = sorted(
        (min(p for p in each.p_values if p == p), metric)  # NaN is not itself
        for metric, each in found.metrics.items()
        if found.rejected(metric)
    )
    reasons = [
        phrase(metric, found.metrics[metric], found.rejected(metric), within)
        for _, metric in wrong[:MOST_REASONS]
    ]
    return f"Does not reproduce {what}, because {'; '.join(reasons)} ({chance})."
