"""Tables of a backtest: a row per metric and day, and a row per metric."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ringsim.fitting._evidence import Evidence, Floats, randomised_pit
from ringsim.fitting._words import phrase

__all__ = ["table_of_days", "table_of_tests"]

QUANTILES = (0.05, 0.95)  # between which a day is with 90 % probability


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
            low, high = mean + wider * (np.quantile(known, QUANTILES) - mean)
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
            "bias": each.p_bias,
            "spread": each.p_spread,
            "uniformity": each.p_uniformity,
            "inside": int(inside.get(metric, 0)),
            "verdict": phrase(metric, each, found.rejected(metric), within),
        }
        for metric, each in found.metrics.items()
    ]
    return pd.DataFrame(rows).set_index("metric")
