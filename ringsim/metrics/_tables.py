"""Tables of metrics: a row per metric, per member, or per interval of arrival."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from ringsim.checks import is_number
from ringsim.confidence import FEW_EVENTS, Estimate, of_count, of_rate, of_share
from ringsim.errors import ConfigurationError
from ringsim.metrics._calls import Calls
from ringsim.metrics._definitions import METRICS
from ringsim.metrics._observe import Observations
from ringsim.metrics._question import Question

__all__ = ["MEMBER_METRICS", "intervals", "members", "summary"]


def summary(observations: Observations, question: Question, group: int | None) -> pd.DataFrame:
    """Every metric of the calls of one group, or of all: see `Result.summary`."""
    chosen = None if group is None else observations.group == group
    calls = Calls(observations, chosen, group)
    rows = [metric.estimate(calls, question) for metric in METRICS.values()]
    return pd.DataFrame(rows, index=pd.Index(METRICS, name="metric"), columns=Estimate._fields)


def intervals(
    observations: Observations, question: Question, group: int | None, width: float
) -> pd.DataFrame:
    """Metrics by interval of arrival: see `Result.intervals`."""
    if not is_number(width) or not 0 < width < math.inf:
        raise ConfigurationError("width", "must be a positive number of seconds", width)
    end = observations.roster.end
    arrives_at = observations.arrives_at
    latest = float(arrives_at.max()) if len(arrives_at) else 0.0
    whole = max(end, latest)
    if whole / width > MOST_INTERVALS:
        raise ConfigurationError(
            "width", f"must make at most {MOST_INTERVALS} intervals of {whole:g} s", width
        )
    n = max(math.ceil(end / width), math.floor(latest / width) + 1)
    interval = np.floor_divide(arrives_at, width).astype(np.int64)
    of_group = True if group is None else observations.group == group
    asked = {name: metric for name, metric in METRICS.items() if metric.of_any_calls}
    rows = []
    for place in range(n):
        calls = Calls(observations, of_group & (interval == place), group)
        rows.append(
            {"ends_at": (place + 1) * float(width)}
            | _flat((name, metric.estimate(calls, question)) for name, metric in asked.items())
        )
    starts = pd.Index([place * float(width) for place in range(n)], name="starts_at")
    return pd.DataFrame(rows, index=starts)


MOST_INTERVALS = 100_000


def members(observations: Observations, level: float) -> pd.DataFrame:
    """Metrics by group and member: see `Result.members`."""
    roster = observations.roster
    rows = [
        _flat(
            (name, estimate(observations, seat, at, who, level))
            for name, (_, estimate) in MEMBER_METRICS.items()
        )
        for seat, (at, who) in enumerate(roster.seats)
    ]
    index = pd.MultiIndex.from_tuples(
        [(roster.groups[at], roster.extensions[who]) for at, who in roster.seats],
        names=["group", "member"],
    )
    columns = [name + bound for name in MEMBER_METRICS for bound in ("", "_low", "_high")]
    frame = pd.DataFrame(rows, index=index, columns=[*columns, "note"])
    return frame.astype(dict.fromkeys(columns, np.float64) | {"note": "str"})


def _flat(estimates: Iterable[tuple[str, Estimate]]) -> dict[str, Any]:
    """Estimates as columns, `answered`, `answered_low`, `answered_high`, and one note for all."""
    flat: dict[str, Any] = {}
    few = []
    for name, estimate in estimates:
        flat[name] = estimate.estimate
        flat[f"{name}_low"] = estimate.low
        flat[f"{name}_high"] = estimate.high
        if FEW_EVENTS in estimate.note:
            few.append(name)
    return flat | {"note": f"{FEW_EVENTS}: {', '.join(few)}" if few else ""}


MemberEstimate = Callable[[Observations, int, int, int, float], Estimate]


def _count_of(column: str) -> MemberEstimate:
    return lambda seen, seat, at, who, level: of_count(getattr(seen, column)[:, seat], level=level)


def _share_of(*columns: str) -> MemberEstimate:
    def estimate(seen: Observations, seat: int, at: int, who: int, level: float) -> Estimate:
        part = sum((getattr(seen, column)[:, who] for column in columns), np.zeros(1))
        return of_share(part, float(seen.roster.duty_time[who]), level=level)

    return estimate


def _answer_share(seen: Observations, seat: int, at: int, who: int, level: float) -> Estimate:
    of_group = seen.answered[:, seen.roster.seats_of(at)].sum(axis=1)
    return of_rate(seen.answered[:, seat], of_group, level=level)


def _interruptions(seen: Observations, seat: int, at: int, who: int, level: float) -> Estimate:
    hours = float(seen.roster.duty_time[who]) / 3600
    if hours == 0:
        return Estimate(math.nan)
    return of_count(seen.interruptions[:, seat], per=hours, level=level)


MEMBER_METRICS: dict[str, tuple[str, MemberEstimate]] = {
    "rung": ("rings of this group on this phone, pages apart", _count_of("rung")),
    "answered": ("of these, answered", _count_of("answered")),
    "ring_no_answer": ("of these, unanswered for their full time", _count_of("ring_no_answer")),
    "paged": ("pages of this group that reached this phone", _count_of("paged")),
    "answer_share": ("answered / answered by all members of the group", _answer_share),
    "interruptions_per_hour": ("rings and pages within hours / hours on duty", _interruptions),
    "talk_share": (
        "share of duty on a call, of all groups and their own",
        _share_of("talk_time"),
    ),
    "ring_share": ("share of duty in which the phone rings", _share_of("ring_time")),
    "wrap_up_share": ("share of duty in wrap-up and not on a call", _share_of("wrap_up_time")),
    "occupancy": ("talk_share + wrap_up_share", _share_of("talk_time", "wrap_up_time")),
}
