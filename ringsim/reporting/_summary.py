"""What a report says first, in plain words."""

from __future__ import annotations

from typing import Any

from ringsim.metrics import METRICS, format_estimate
from ringsim.planning import Comparison, Result

__all__ = ["summary_sentences"]


def summary_sentences(comparison: Comparison, group: str) -> list[str]:
    """Sentences: how it is, what the strategies change, and how the work is shared."""
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
        f"{figure('service_level')}. Those who are answered wait "
        f"{figure('mean_speed_of_answer')} on average; {figure('abandonment_rate')} give up, "
        f"and {figure('overflow_rate')} are ended by the no-answer rule."
    )


def _best(comparison: Comparison, metric: str) -> str:
    """Whether another strategy would do better, and by how much."""
    of_metric = comparison.table.xs(metric, level="metric")
    word = metric.replace("_", " ")
    today = comparison.results[comparison.baseline].study.dispatchers[str(comparison.group)]
    if today.auto_answer:
        return (
            f"Its {word} cannot be compared with that of other strategies: a page is answered by "
            "itself, and by everybody at once."
        )
    best = [str(name) for name, may_be in of_metric["best"].items() if may_be is True]
    better = of_metric[of_metric["differs"] & (of_metric["difference"] > 0)]
    if better.empty:
        return f"No other strategy is shown to have a better {word} with these callers."
    name = str(better["difference"].idxmax())
    row = better.loc[name]
    low, high = 100 * row["difference_low"], 100 * row["difference_high"]
    told = f"{100 * row['difference']:.1f} points higher ({low:.1f} to {high:.1f})"
    others = [other for other in best if other != name]
    shared = f"; {', '.join(others)} may be as good" if others else ""
    return f"With {name}, the {word} would be {told}{shared}."


def _shares(now: Result, group: str) -> str:
    """Who carries most, and who is interrupted most."""
    members = now.members().loc[group]
    shares = members["answer_share"].dropna()
    rung = members["interruptions_per_hour"].dropna()
    if shares.empty or rung.empty:
        return "Nobody answers."
    return (
        f"Of the calls answered in the group, {shares.idxmax()} answers {100 * shares.max():.0f} % "
        f"and {shares.idxmin()} {100 * shares.min():.0f} %. {rung.idxmax()}'s phone rings most "
        f"often, {rung.max():.1f} times an hour on duty."
    )
