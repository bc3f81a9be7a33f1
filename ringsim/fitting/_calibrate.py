"""Settings of a scenario that give known totals, for those who have no call records.

`calibrate`
    Find settings whose simulated days have the given figures (simulated moments).
`Calibration`
    The settings, and whether others fit alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ringsim._checks import is_number
from ringsim.errors import ConfigurationError
from ringsim.fitting._calibration_goal import Floats, Goal
from ringsim.fitting._free import Free, free_settings
from ringsim.metrics import METRICS, format_figure, metric_named
from ringsim.scenario import Scenario, named_group

__all__ = ["Calibration", "calibrate"]


FACTORS = (1.5, 3.0)  # by which a setting is moved to see whether others make up for it


@dataclass(frozen=True)
class Calibration:
    """Settings that give known totals.

    Attributes
    ----------
    verdict : str
        Whether the totals are reached, and whether other settings fit alike.
    scenario : Scenario
        The scenario with the new settings.
    table : DataFrame
        A row per free setting: `parameter`, `start`, `value`, and `low` and `high`, the range in
        which the totals are still reached if the other settings make up for it; NaN if they are
        not reached. Means of distributions [s].
    reached : DataFrame
        A row per total: `metric`, `target`, `reached` (NaN if it has no value) and `tolerance`.
    alike : tuple of two dicts, or None
        Two settings, by path, that reach the totals and differ by half or more.
    """

    verdict: str
    scenario: Scenario
    table: pd.DataFrame
    reached: pd.DataFrame
    alike: tuple[dict[str, float], dict[str, float]] | None

    def __repr__(self) -> str:
        return f"<Calibration: {self.verdict}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.verdict)}</p>{self.table.to_html(index=False)}"


def calibrate(
    scenario: Scenario,
    targets: Mapping[str, float],
    *,
    free: Sequence[str],
    group: str | None = None,
    within: float = 20.0,
    replications: int = 40,
    seed: int = 0,
) -> Calibration:
    """Find settings whose simulated days have known totals.

    Parameters
    ----------
    scenario : Scenario
        The scenario; its present settings are the start of the search.
    targets : dict of str to float
        Known figures by the name of their metric, such as `{"abandonment_rate": 0.10,
        "mean_speed_of_answer": 18}`. Counts are those of `Result.summary`: of a day, and of a
        week if the scenario has `days`.
    free : sequence of str
        Paths of the settings that may change: `demand.600.patience`, `.talk_time`,
        `.wrap_up_time` (their means; shapes stay) and `.scale` (number of calls),
        `extensions.201.answer_probability` and `.answer_delay`; `extensions.*.answer_delay` makes
        all members alike.
    group : str, optional
        Number of the group whose calls are counted; may be omitted if there is only one.
    within : float, default 20
        Threshold of the service level [s].
    replications, seed : int
        Simulated days, the same random numbers for all settings.

    Returns
    -------
    Calibration
        The settings; its verdict says so if none are found that reach the totals, or if settings
        that differ by half or more reach them too: then the totals cannot tell which is right.

    Raises
    ------
    ConfigurationError
        If a target is not a metric or not a number, or a path does not exist.

    Notes
    -----
    Simulated moments on common random numbers: the sum of squares of (simulated - target) /
    tolerance, with a small pull towards the present settings, is minimised. The tolerance is half a
    point for rates and 2 % of other targets. Means are searched from a 400th to 400 times their
    present value, numbers of calls from a 50th to 50 times, probabilities from 0.001 to 0.999. Then
    each setting (the odds of a probability) is moved by a factor of 1.5 and, if the totals are
    still reached, of 3, up and down, while the others are fitted again.
    """
    number = named_group(scenario, group)
    settings = free_settings(scenario, number, free)
    goal = Goal(scenario, number, _targets(targets), settings, within, replications, seed)
    best = goal.best()
    reached = goal.reached(best)
    unknown = [(math.nan, math.nan)] * len(settings)
    ranges, others = _ranges(goal, best) if goal.is_met(best) else (unknown, [])
    alike = _farthest(settings, best, others)
    table = pd.DataFrame(
        {
            "parameter": [each.path for each in settings],
            "start": [each.shown_at(each.start) for each in settings],
            "value": [each.shown_at(x) for each, x in zip(settings, best, strict=True)],
            "low": [low for low, _ in ranges],
            "high": [high for _, high in ranges],
        }
    )
    verdict = _verdict(reached, alike)
    if scenario.days and any(METRICS[name].unit == "calls" for name in goal.targets):
        verdict += " Numbers of calls are of a week."
    return Calibration(verdict, goal.scenario_at(best), table, reached, alike)


def _targets(targets: Any) -> dict[str, float]:
    if not isinstance(targets, Mapping) or not targets:
        raise ConfigurationError("targets", "must be a table of figures by metric", targets)
    for name, value in targets.items():
        metric_named(name)
        if not is_number(value) or not 0 <= value < math.inf:
            raise ConfigurationError(
                f"targets.{name}", "must be a finite number, at least 0", value
            )
        if METRICS[name].unit == "rate" and value > 1:
            raise ConfigurationError(
                f"targets.{name}", "must be a fraction from 0 to 1", value, "10 % is 0.1."
            )
    return {str(name): float(value) for name, value in targets.items()}


def _ranges(goal: Goal, best: Floats) -> tuple[list[tuple[float, float]], list[Floats]]:
    """Return the range of each setting in which the totals are reached, and what else fits."""
    ranges, others = [], []
    for i, each in enumerate(goal.settings):
        bounds = [best[i], best[i]]
        for side, sign in enumerate((-1, 1)):
            for factor in FACTORS:
                moved = best.copy()
                moved[i] += sign * math.log(factor)
                if not goal.low[i] <= moved[i] <= goal.high[i]:
                    break
                found = goal.nearest(moved, fixed=i)
                if not goal.is_met(found):
                    break
                bounds[side] = found[i]
                others.append(found)
        ranges.append((each.shown_at(bounds[0]), each.shown_at(bounds[1])))
    return ranges, others


def _farthest(
    settings: list[Free], best: Floats, others: list[Floats]
) -> tuple[dict[str, float], dict[str, float]] | None:
    """Return the best settings, and the settings farthest from them that fit as well."""
    if not others:
        return None
    far = max(others, key=lambda x: float(np.abs(x - best).max()))

    def named(x: Floats) -> dict[str, float]:
        return {each.path: each.shown_at(at) for each, at in zip(settings, x, strict=True)}

    return named(best), named(far)


def _verdict(
    reached: pd.DataFrame,
    alike: tuple[dict[str, float], dict[str, float]] | None,
) -> str:
    missed = [
        f"{row['metric'].replace('_', ' ')} {_came_to(row['metric'], row['reached'])}, "
        f"not {_figure(row['metric'], row['target'])}"
        for row in reached.to_dict("records")
        if not abs(row["reached"] - row["target"]) <= row["tolerance"]
    ]
    if missed:
        return f"Not found with these settings free: {'; '.join(missed)}."
    if alike is None:
        return (
            "Reached. No other settings that were tried reach these totals: each free one was "
            "moved by half as much again and by a third less, within its limits (of a "
            "probability, the odds)."
        )
    one, other = (
        ", ".join(f"{path} {value:.3g}" for path, value in each.items()) for each in alike
    )
    return (
        f"Reached, but two settings fit alike: {one}; and {other}. These totals cannot tell which "
        "is right; another total, or fewer free settings, could."
    )


def _came_to(metric: str, value: float) -> str:
    if math.isnan(value):
        return "has no value with any settings that were tried"
    return f"came to {_figure(metric, value)}"


def _figure(metric: str, value: float) -> str:
    return format_figure(value, METRICS[metric].unit)
