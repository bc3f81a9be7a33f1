"""Kaplan-Meier estimate of patience.

`Survival`
    Share of callers who would still wait after some seconds.
`survival`
    Its estimate from waits that ended for any reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringsim.estimators._days import (
    TAIL,
    Floats,
    Interval,
    Ints,
    day_codes,
    day_interval,
)

__all__ = ["ENOUGH", "Survival", "survival", "survival_interval"]

ENOUGH = 25  # callers who still wait, so that a share of them is known
LAST_PART = 2 / 3  # of the horizon, after which the hazard of the tail is taken


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve, continued by an exponential tail.

    Attributes
    ----------
    times : ndarray of float
        Waits [s] at which callers gave up, rising.
    share : ndarray of float
        Share of callers who wait longer than each of the times.
    at_risk : ndarray of int
        Callers who had waited that long.
    horizon : float
        Last of the times at which at least 25 callers still waited; 0 if there is none.
    hazard : float
        Rate [1/s] at which callers give up beyond the horizon: that of its last third. 0 if the
        horizon is 0, which tells nothing of a rate, or if nobody waits beyond it.
    """

    times: Floats
    share: Floats
    at_risk: Ints
    horizon: float
    hazard: float

    def at(self, waited: ArrayLike) -> Floats:
        """Return the share of callers who wait longer than some times [s].

        Beyond the horizon, the share falls exponentially.
        """
        seconds = np.asarray(waited, dtype=np.float64)
        inside = np.minimum(seconds, self.horizon)
        steps = np.concatenate(([1.0], self.share))
        known = steps[np.searchsorted(self.times, inside, side="right")]
        beyond: Floats = known * np.exp(-self.hazard * (seconds - inside))
        return beyond

    def samples(self, n: int = 400) -> Floats:
        """Return `n` quantiles of the curve with its tail, at (i + 1/2) / n; `inf` is never."""
        left = 1 - (np.arange(n) + 0.5) / n
        known = self.share[self.times <= self.horizon]
        place = np.searchsorted(-known, -left)
        last = known[-1] if len(known) else 1.0
        with np.errstate(divide="ignore", invalid="ignore"):
            tail = self.horizon + np.log(last / left) / self.hazard
        steps = self.times[np.minimum(place, max(len(known) - 1, 0))] if len(known) else tail
        quantiles: Floats = np.where(place < len(known), steps, tail)
        return quantiles


def survival(wait: ArrayLike, gave_up: ArrayLike) -> Survival:
    """Estimate the share of callers who wait longer than each time.

    Parameters
    ----------
    wait : array of float
        Wait of every call [s], however it ended.
    gave_up : array of bool
        Whether the caller gave up. All other waits are censored: the caller would have waited
        longer.

    Notes
    -----
    The estimate of Kaplan and Meier (1958). The mean wait of those who gave up does not
    estimate patience: it leaves out everybody who was answered before giving up.

    Examples
    --------
    >>> curve = survival([2, 4, 4, 9], [True, False, True, False])
    >>> curve.share.tolist()
    [0.75, 0.5]
    """
    seconds = np.asarray(wait, dtype=np.float64)
    order = np.argsort(seconds, kind="stable")
    return _of_sorted(seconds[order], np.asarray(gave_up, dtype=bool)[order])


def _of_sorted(seconds: Floats, events: NDArray[np.bool_]) -> Survival:
    """Return the curve of waits in rising order."""
    is_first = np.ones(len(seconds), dtype=bool)
    is_first[1:] = seconds[1:] != seconds[:-1]
    first = np.flatnonzero(is_first)
    times, at_risk = seconds[first], len(seconds) - first
    gone = np.add.reduceat(events.astype(np.int64), first) if len(first) else at_risk
    share = np.asarray(np.cumprod(1 - gone / at_risk), dtype=np.float64)
    some = gone > 0
    return _with_tail(times[some], share[some], at_risk[some])


def _with_tail(times: Floats, share: Floats, at_risk: Ints) -> Survival:
    known = int((at_risk >= ENOUGH).sum())
    if known == 0:
        return Survival(times, share, at_risk, 0.0, 0.0)
    horizon = float(times[known - 1])
    start = min(int(np.searchsorted(times, horizon * LAST_PART)), known - 1)
    before = share[start - 1] if start else 1.0
    since = horizon - (times[start - 1] if start else 0.0)
    end = share[known - 1]
    hazard = math.log(before / end) / since if end > 0 and since > 0 else 0.0
    return Survival(times, share, at_risk, horizon, hazard)


def survival_interval(
    wait: ArrayLike, gave_up: ArrayLike, day: ArrayLike, waited: float
) -> Interval:
    """Return the share of callers who wait longer than `waited` [s], with its interval by days.

    If no caller gave up by then, the lower bound is the share that gives those who waited so long
    a chance of 2.5 % (Clopper and Pearson, Biometrika 26, 1934). It is unknown if none was left.
    """
    codes, n = day_codes(day)
    order = np.argsort(np.asarray(wait, dtype=np.float64), kind="stable")
    seconds, events = np.asarray(wait, dtype=np.float64)[order], np.asarray(gave_up, bool)[order]
    codes = codes[order]
    estimate = float(_of_sorted(seconds, events).at(waited))
    if estimate == 1:
        n_waited = int((seconds >= waited).sum())
        return Interval(1.0, TAIL ** (1 / n_waited) if n_waited else 0.0, 1.0)
    kept = [codes != d for d in range(n)]
    without = [float(_of_sorted(seconds[rows], events[rows]).at(waited)) for rows in kept]
    return day_interval(estimate, without, "logit")
