"""Distance of simulated figures from the targets of a calibration."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ringsim.fitting._free import Free
from ringsim.metrics import METRICS, Thresholds
from ringsim.planning import simulate
from ringsim.scenario import Scenario
from ringsim.scenario._changes import changed

__all__ = ["Goal"]

Floats: TypeAlias = NDArray[np.float64]
TOLERANCES = {"rate": 0.005, "rings": 0.02}  # half-widths; other units: 2 % of the target
RELATIVE = 0.02
TOWARDS_START = 0.02  # weight of the distance from the present settings
STEP = 0.08  # of slopes, on the scale of logarithms: the figures are no smooth functions
OTHER_STARTS = (-2.0, -1.0, 1.0, 2.0)  # distances from the start, where derivatives may be better
MOST_STARTS = 4
FARTHER = (0.5, 1.0, 2.0, 4.0)  # distances at which the other side of a target is looked for
MOST_HALVINGS = 12
NOWHERE = 1e6  # stands for a figure without a value in the search


class Goal:
    """Simulated figures of settings, and their distance from the targets."""

    def __init__(
        self,
        scenario: Scenario,
        group: str,
        targets: dict[str, float],
        settings: list[Free],
        within: float,
        replications: int,
        seed: int,
    ) -> None:
        self._scenario, self._group = scenario, group
        self.targets, self.settings = targets, settings
        self._thresholds = Thresholds(within=within)
        self._replications, self._seed = replications, seed
        self._cached: dict[tuple[float, ...], Floats] = {}
        self._start = np.array([each.start for each in settings])
        self.low = np.array([each.low for each in settings])
        self.high = np.array([each.high for each in settings])
        self.tolerances = np.array(
            [
                TOLERANCES.get(METRICS[name].unit, max(RELATIVE * value, 1e-3))
                for name, value in targets.items()
            ]
        )

    def scenario_at(self, x: Floats) -> Scenario:
        changes: dict[str, Any] = {}
        for each, place in zip(self.settings, x, strict=True):
            changes |= each.changes(float(place))
        return changed(self._scenario, changes)

    def figures(self, x: Floats) -> Floats:
        """Return the simulated figures of the targets, NaN for one without a value."""
        key = tuple(np.round(x, 9).tolist())
        if key not in self._cached:
            result = simulate(self.scenario_at(x), replications=self._replications, seed=self._seed)
            values = [
                result.figure(name, self._group, self._thresholds).estimate().estimate
                for name in self.targets
            ]
            self._cached[key] = np.array(values)
        return self._cached[key]

    def residuals(self, x: Floats) -> Floats:
        """Return (simulated - target) / tolerance of each target.

        A figure without a value, such as the wait of answered calls where none is, is far away.
        """
        figures = np.nan_to_num(self.figures(x), nan=NOWHERE)
        off: Floats = (figures - np.array(list(self.targets.values()))) / self.tolerances
        return off

    def is_met(self, x: Floats) -> bool:
        return bool((np.abs(self.residuals(x)) <= 1).all())

    def best(self) -> Floats:
        """Return the settings nearest to the targets.

        The search begins at the present settings. Where these leave a figure all but unchanged,
        as an answer probability near 1 does, it begins anew from the best of some other places.
        Figures of few days jump, so that slopes mislead; between settings with too little and with
        too much of a single figure, the search goes on by halves.
        """
        found = self.nearest(self._start)
        if self.is_met(found):
            return found
        axes = np.eye(len(found))
        others = [self._start + far * axis for axis in axes for far in OTHER_STARTS]
        inside = [np.clip(start, self.low, self.high) for start in others]
        for start in sorted(inside, key=self._cost)[:MOST_STARTS]:
            found = min(found, self.nearest(start), key=self._cost)
            if self.is_met(found):
                break
        if self.is_met(found) or len(self.targets) > 1:
            return found
        return min(found, self._across(found), key=self._cost)

    def _across(self, best: Floats) -> Floats:
        """Return the settings nearest to the single target on a way across it.

        One setting is moved until the figure is on the other side of the target; between, the
        target is searched by halves. If there is no such way, return `best`.
        """
        here = self._off(best)
        for axis in np.eye(len(best)):
            for step in (*FARTHER, *(-far for far in FARTHER)):
                end = np.clip(best + step * axis, self.low, self.high)
                if self._off(end) * here < 0:
                    return self._by_halves(best, end)
        return best

    def _by_halves(self, one: Floats, other: Floats) -> Floats:
        """Return the settings nearest to the single target, which lies between two settings."""
        for _ in range(MOST_HALVINGS):
            middle: Floats = (one + other) / 2
            if self.is_met(middle):
                return middle
            if self._off(middle) * self._off(one) < 0:
                other = middle
            else:
                one = middle
        return min(one, other, key=self._cost)

    def _off(self, x: Floats) -> float:
        """Return the residual of the single target; NaN if its figure has no value."""
        return float(self.residuals(x)[0]) if np.isfinite(self.figures(x)[0]) else math.nan

    def _cost(self, x: Floats) -> float:
        return float((self.residuals(x) ** 2).sum())

    def nearest(self, start: Floats, fixed: int | None = None) -> Floats:
        """Return the settings nearest to the targets; one setting may be fixed at its start."""
        from scipy.optimize import least_squares

        some = np.array([i for i in range(len(start)) if i != fixed])
        if not len(some):
            return start

        def whole(part: Floats) -> Floats:
            x = start.copy()
            x[some] = part
            return x

        def distance(part: Floats) -> Floats:
            x = whole(part)
            return np.concatenate((self.residuals(x), TOWARDS_START * (x - self._start)))

        low, high = self.low[some], self.high[some]

        def slopes(part: Floats) -> Floats:
            steps = np.where(part + STEP <= high, STEP, -STEP)
            here = distance(part)
            moved = [distance(part + each) - here for each in np.diag(steps)]
            return np.array(moved).T / steps

        part = np.clip(start[some], low + 1e-6, high - 1e-6)
        found = least_squares(
            distance,
            part,
            jac=slopes,
            bounds=(low, high),
            x_scale=0.5,
            max_nfev=25,
            ftol=1e-5,
            xtol=1e-4,
        )
        return whole(found.x)

    def reached(self, x: Floats) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "metric": list(self.targets),
                "target": list(self.targets.values()),
                "reached": self.figures(x),
                "tolerance": self.tolerances,
            }
        )
