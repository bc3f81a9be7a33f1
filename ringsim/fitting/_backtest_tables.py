"""Tables of a backtest: a row per metric and day, and a row per metric."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ringsim.fitting._evidence import Evidence, Floats
from ringsim.fitting._pit import randomised_pit
from ringsim.fitting._words import phrase, unit_of

__all__ = ["evidence_in_range", "table_of_days", "table_of_tests"]

QUANTILES = (0.05, 0.95)  # between which a day is with 90 % probability


def evidence_in_range(found: Evidence) -> Evidence:
    """Return the tests with bounds that the metrics can have; p-values stay."""
    metrics = {
        metric: each._replace(low=in_range(metric, each.low), high=in_range(metric, each.high))
        for metric, each in found.metrics.items()
    }
    return replace(found, metrics=metrics)


def in_range(metric: str, bound: float) -> float:
    """Return the value that the metric can have, nearest to a bound that a fit has widened."""
    most = 1.0 if unit_of(metric) == "rate" else np.inf
    return float(np.clip(bound, 0.0, most))


def table_of_days(
    observed: dict[str, Floats],
    predicted: dict[str, Floats],
    days: list[int],
    n_fitted: int,
    seed: int,
) -> pd.DataFrame:
    rng = np.random.default_rng(seed + 1)
    wider = np.sqrt(1 + (1 / n_fitted if n_fitted else 0.0))
    rows = []
    for metric, values in observed.items():
        for place, day in enumerate(days):
            known = np.sort(predicted[metric][place])
            known = known[np.isfinite(known)]
            if not len(known):
                continue
            mean = float(known.mean())
            bounds = mean + wider * (np.quantile(known, QUANTILES) - mean)
            low, high = (in_range(metric, bound) for bound in bounds)
            value = float(values[place])
            [pit] = randomised_pit(values[place : place + 1], known, rng.random(1))
            rows.append((metric, day, value, mean, low, high, pit, _place(value, low, high)))
    columns = ["metric", "day", "observed", "predicted", "low", "high", "pit", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def _place(value: float, low: float, high: float) -> str:
    if np.isnan(value):
        return "unknown"
    return "below" if value < low - 1e-12 else "above" if value > high + 1e-12 else "inside"


def table_of_tests(found: Evidence, table: pd.DataFrame, within: float) -> pd.DataFrame:
    inside = (table["verdict"] == "inside").groupby(table["metric"]).sum()
    rows = [
        {
            "metric": metric,
            "observed": each.observed,
            "predicted": each.predicted,
            "low": each.low,
            "high": each.high,
            "detectable": found.detectable[metric],
            "bias": each.p_bias,
            "spread": each.p_spread,
            "uniformity": each.p_uniformity,
            "inside": int(inside.get(metric, 0)),
            "verdict": phrase(metric, each, found.rejected(metric), within),
        }
        for metric, each in found.metrics.items()
    ]
    return pd.DataFrame(rows).set_index("metric")
