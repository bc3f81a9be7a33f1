"""Estimates of the callers of a group: arrivals, busyness, talk time and patience."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ringsim._words import Said
from ringsim.distributions import Empirical
from ringsim.errors import ConfigurationError
from ringsim.estimators import (
    Interval,
    Patience,
    arrivals,
    busyness,
    mean_of,
    one_way,
    patience,
    survival_interval,
)
from ringsim.fitting._arrays import RecordArrays
from ringsim.fitting._rows import Row, row

__all__ = ["INTERVAL", "Callers", "callers_of", "quantile_samples"]

INTERVAL = 1800.0
MOST_SAMPLES = 500
WEEKDAYS_DIFFER = 0.01  # p-value below which weekdays differ by more than days do
MOST_BUSYNESS = 10.0  # that a scenario takes
SURE = 0.05  # p-value below which days differ by more than chance
SHOWN_WAITS = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0)
FEW = 30  # callers who gave up, below which patience is a guess


class Callers(NamedTuple):
    """Estimates of callers.

    Attributes
    ----------
    demand : dict
        Fields of `Demand`, without the wrap-up time.
    rows : list of Row
    limits : list of str
    patience : Patience or None
        None if nobody gave up.
    weekdays : tuple of str
        Weekdays with calls of their own; empty if all days are alike.
    """

    demand: dict[str, Any]
    rows: list[Row]
    limits: list[str]
    patience: Patience | None
    weekdays: tuple[str, ...] = ()


def callers_of(arrays: RecordArrays, number: str) -> Callers:
    """Estimate the callers of a group from its records."""
    path = f"demand.{number}"
    counts = _counts(arrays)
    weekdays, told = _weekdays_that_differ(arrays, counts)
    calls, rows, limits = _arrivals(arrays, counts, weekdays, path)
    kinds = arrays.weekday if weekdays else None
    busy, busy_rows, busy_limits = _busyness(counts.sum(axis=1), kinds, path)
    talk, talk_rows = _talk_time(arrays, path)
    willing, patience_rows, patience_limits = _patience(arrays, path)
    demand = {
        "calls_per_interval": calls,
        "interval": INTERVAL,
        "talk_time": talk,
        **busy,
        **({"patience": willing.dist} if willing else {}),
    }
    return Callers(
        demand,
        [*rows, *busy_rows, *talk_rows, *patience_rows],
        [*limits, *told, *busy_limits, *patience_limits],
        willing,
        weekdays,
    )


def quantile_samples(values: Any) -> Empirical:
    """Return values as an empirical distribution of at most 500 quantiles with the same mean."""
    given = np.sort(np.asarray(values, dtype=np.float64))
    n = min(MOST_SAMPLES, len(given))
    samples = np.quantile(given, (np.arange(n) + 0.5) / n)
    if samples.mean() > 0:
        samples = samples * given.mean() / samples.mean()
    return Empirical([round(each, 3) for each in samples.tolist()])


def _counts(arrays: RecordArrays) -> Any:
    """Return the calls of each day and interval."""
    n = math.ceil(arrays.end / INTERVAL)
    place = np.minimum(arrays.arrives_at // INTERVAL, n - 1).astype(np.int64)
    cells = np.bincount(arrays.day * n + place, minlength=arrays.n_days * n)
    return cells.reshape(arrays.n_days, n)


def _arrivals(
    arrays: RecordArrays, counts: Any, weekdays: tuple[str, ...], path: str
) -> tuple[Any, list[Row], list[str]]:
    """Return the calls of each interval, by weekday if weekdays differ, with rows and limits."""
    found = arrivals(counts)
    n_calls, flat = int(counts.sum()), float(counts.mean())
    rows = [row(f"{path}.calls_a_day", found.a_day, found.a_day.estimate, n_calls, "mean of days")]
    rows += _weekday_rows(arrays, counts.sum(axis=1), path)
    late = int((arrays.arrives_at >= arrays.end).sum())
    limits: list[str] = [Said("limits.late", n=late)]
    if not weekdays:
        calls: Any = [float(each) for each in counts.mean(axis=0)]
        rows += _interval_rows(counts, flat, f"{path}.calls_per_interval")
        return calls, rows, limits if late else []
    by_day = [counts[arrays.weekday == kind] for kind in range(len(weekdays))]
    calls = {
        day: [float(each) for each in mean]
        for day, mean in zip(weekdays, _means(by_day), strict=True)
    }
    for day, each in zip(weekdays, by_day, strict=True):
        rows += _interval_rows(each, flat, f"{path}.calls_per_interval.{day}", calls[day])
    return calls, rows, limits if late else []


def _means(by_day: list[Any]) -> list[Any]:
    """Return the mean calls of each weekday and interval.

    If the course of the day does not differ by weekday, that of all days is scaled to the calls
    of each weekday, which is more exact.
    """
    if _courses_differ(by_day):
        return [each.mean(axis=0) for each in by_day]
    course = sum(each.sum(axis=0) for each in by_day)
    return [course / course.sum() * each.sum() / len(each) for each in by_day]


def _courses_differ(by_day: list[Any]) -> bool:
    """Return whether calls are spread over the day differently from weekday to weekday."""
    from scipy.stats import chi2_contingency

    table = np.array([each.sum(axis=0) for each in by_day])
    table = table[table.any(axis=1)][:, table.any(axis=0)]
    if min(table.shape) < 2:
        return False
    return bool(chi2_contingency(table).pvalue < WEEKDAYS_DIFFER)


def _interval_rows(counts: Any, flat: float, path: str, used: Any = None) -> list[Row]:
    found = arrivals(counts)
    estimates = found.calls[0] if used is None else used
    return [
        row(
            f"{path}[{i}]",
            Interval(float(estimates[i]), float(found.low[0, i]), float(found.high[0, i])),
            flat,
            int(counts[:, i].sum()),
            "mean of days",
        )
        for i in range(counts.shape[1])
    ]


def _weekdays_that_differ(arrays: RecordArrays, counts: Any) -> tuple[tuple[str, ...], list[str]]:
    """Return the weekdays if they differ in their calls, and a sentence that says so."""
    names = arrays.weekdays
    by_day = [counts[arrays.weekday == kind] for kind in range(len(names))]
    if not names or not all(each.any() for each in by_day):
        return (), []
    p_value = one_way([each.sum(axis=1) for each in by_day])
    if not p_value < WEEKDAYS_DIFFER and not _courses_differ(by_day):
        return (), []
    return names, [Said("limits.weekdays")]


def _weekday_rows(arrays: RecordArrays, totals: Any, path: str) -> list[Row]:
    """Return a row for each weekday if each occurs twice or more."""
    rows = []
    for kind, name in enumerate(arrays.weekdays):
        each = totals[arrays.weekday == kind]
        if each.any():
            a_day = arrivals(each[:, None]).a_day
            path_of_day = f"{path}.calls_a_day on {name}"
            mean, n = float(totals.mean()), int(each.sum())
            rows.append(row(path_of_day, a_day, mean, n, "mean of these days"))
    return rows


def _busyness(totals: Any, weekday: Any, path: str) -> tuple[dict[str, Any], list[Row], list[str]]:
    found = busyness(totals, weekday)
    method = f"negative binomial, p = {found.p_value:.2g}"
    rows = [row(f"{path}.busyness", found.cv, 0.0, int(totals.sum()), method)]
    if not found.p_value < SURE:
        return {}, rows, []
    return {"busyness": min(found.cv.estimate, MOST_BUSYNESS)}, rows, []


def _talk_time(arrays: RecordArrays, path: str) -> tuple[Empirical, list[Row]]:
    answers = arrays.answers
    talked = (answers["end"] - answers["start"]).to_numpy(dtype=np.float64)
    if not len(talked):
        raise ConfigurationError(
            "records", "must have an answered call whose talk time is known", len(arrays.wait)
        )
    found = mean_of(talked, answers["day"].to_numpy())
    return quantile_samples(talked), [
        row(f"{path}.talk_time", found, found.estimate, len(talked), "mean of answered calls")
    ]


def _patience(arrays: RecordArrays, path: str) -> tuple[Patience | None, list[Row], list[str]]:
    wait, gave_up = arrays.wait, arrays.gave_up
    n_events = int(gave_up.sum())
    if n_events == 0:
        return None, [], [Said("limits.no_patience")]
    clock = min(arrays.clock, 1.0) if arrays.clock >= 1 else 0.01
    found = patience(wait, gave_up, arrays.day, clock=clock)
    naive = float(wait[gave_up].mean())
    method = f"censored {found.family}"
    rows = [
        row(f"{path}.patience.{name}", each, naive if name == "scale" else 1.0, n_events, method)
        for name, each in found.parameters.items()
    ]
    horizon = found.curve.horizon
    for waited in (each for each in SHOWN_WAITS if each <= horizon):
        share = survival_interval(wait, gave_up, arrays.day, waited)
        at_least = float(np.exp(-waited / naive)) if naive > 0 else 0.0
        name = f"{path}.patience > {waited:g} s"
        rows.append(row(name, share, at_least, n_events, "Kaplan-Meier"))
    return found, rows, _patience_limits(found, horizon, n_events)


def _patience_limits(found: Patience, horizon: float, n_events: int) -> list[str]:
    limits: list[str] = []
    if n_events < FEW:
        limits.append(Said("limits.few_gave_up", n=n_events))
    key = "limits.long_waits" if found.agrees else "limits.no_family"
    return [*limits, Said(key, horizon=f"{horizon:.0f}", family=found.family)]
