"""Sentences at the top of a report."""

from __future__ import annotations

from typing import Any

from ringsim.metrics import METRICS, format_estimate, format_figure, unit_named
from ringsim.planning import Comparison, Result

__all__ = ["summary_sentences"]


def summary_sentences(comparison: Comparison, group: str) -> list[str]:
    """Return sentences on the group today, on better strategies, and on the share of the work."""
    now = comparison.results[comparison.baseline]
    return [
        _today(now, comparison, group),
        _best(comparison, "answer_rate"),
        _best(comparison, "service_level"),
        _shares(now, group),
    ]


def _today(now: Result, comparison: Comparison, group: str) -> str:
    question = comparison.question
    summary = now.summary(question.within, group, variant=question.variant)

    def figure(metric: str) -> str:
        row: Any = summary.loc[metric]
        return format_estimate(row["estimate"], row["low"], row["high"], METRICS[metric].unit)

    return (
        f"As it rings today ({comparison.baseline}), the group answers {figure('answer_rate')} "
        f"of its calls; its service level within {question.within:g} s is "
        f"{figure('service_level')}. Callers who are answered wait "
        f"{figure('mean_speed_of_answer')} on average. {figure('abandonment_rate')} of all callers "
        f"give up, and the no-answer rule ends {figure('overflow_rate')} of the calls."
    )


def _best(comparison: Comparison, metric: str) -> str:
    """Return a sentence on whether another strategy does better, and by how much."""
    of_metric = comparison.table.xs(metric, level="metric")
    word = metric.replace("_", " ")
    today = comparison.results[comparison.baseline].study.dispatchers[str(comparison.group)]
    if today.auto_answer:
        return (
            f"Its {word} cannot be compared with that of other strategies: a page is answered "
            "automatically, by everybody at once."
        )
    best = [str(name) for name, may_be in of_metric["best"].items() if may_be is True]
    better = of_metric[of_metric["differs"] & (of_metric["difference"] > 0)]
    if better.empty:
        return f"No other strategy has a measurably better {word} with these callers."
    name = str(better["difference"].idxmax())
    row: Any = better.loc[name]
    unit = unit_named(METRICS[metric].unit)
    by, low, high = (
        unit.number(row[column]) for column in ("difference", "difference_low", "difference_high")
    )
    change = f"{by}{unit.difference} higher ({low} to {high})"
    others = [other for other in best if other != name]
    shared = f"; {', '.join(others)} may be as good" if others else ""
    return f"With {name}, the {word} would be {change}{shared}."


def _shares(now: Result, group: str) -> str:
    """Return a sentence on the members who answer most and least, and who is rung most."""
    members = now.members().loc[group]
    shares = members["answer_share"].dropna()
    rung = members["interruptions_per_hour"].dropna()
    if shares.empty or rung.empty:
        return "No member answers any call."
    return (
        f"Of the calls answered in the group, {shares.idxmax()} answers "
        f"{format_figure(shares.max(), 'rate')} and {shares.idxmin()} "
        f"{format_figure(shares.min(), 'rate')}. {rung.idxmax()}'s phone rings most often, "
        f"{format_figure(rung.max(), 'calls')} times an hour on duty."
    )
