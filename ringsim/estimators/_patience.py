"""Patience of callers: the best of three families, by censored maximum likelihood.

`Patience`
    A family with its parameters, and the Kaplan-Meier curve beside it.
`patience`
    Its estimate from waits that ended for any reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ringsim.errors import ConfigurationError
from ringsim.estimators._at_bounds import Intervals
from ringsim.estimators._days import Floats, Interval, day_codes, sums_by
from ringsim.estimators._likelihood import Maximum, Parameters, maximise
from ringsim.estimators._survival import ENOUGH, Survival, survival

__all__ = ["FAMILIES", "Patience", "patience"]

LONGEST = 14.0  # logarithm of the largest scale in seconds
AT_ONCE = 0.2  # smallest scale in ticks of the clock, which cannot be told from 0
SHAPES = (-3.0, 3.0)
LEAST_SHARE = 1e-300


class Family(NamedTuple):
    """A family of distributions with the logarithms of its parameters, scale first.

    Attributes
    ----------
    dist : str
        Name in `scipy.stats`.
    parameters : tuple of str
        Names of its parameters there.
    survival : callable
        Share of callers who wait longer than some seconds, given the logarithms.
    """

    dist: str
    parameters: tuple[str, ...]
    survival: Callable[[Floats, Floats], Floats]


def _exponential(seconds: Floats, x: Floats) -> Floats:
    left: Floats = np.exp(-seconds / math.exp(x[0]))
    return left


def _weibull(seconds: Floats, x: Floats) -> Floats:
    left: Floats = np.exp(-((seconds / math.exp(x[0])) ** math.exp(x[1])))
    return left


def _lognormal(seconds: Floats, x: Floats) -> Floats:
    from scipy.special import ndtr

    with np.errstate(divide="ignore"):
        left: Floats = ndtr((x[0] - np.log(seconds)) / math.exp(x[1]))
    return left


FAMILIES: Mapping[str, Family] = {
    "exponential": Family("expon", ("scale",), _exponential),
    "Weibull": Family("weibull_min", ("scale", "c"), _weibull),
    "lognormal": Family("lognorm", ("scale", "s"), _lognormal),
}


@dataclass(frozen=True)
class Patience:
    """Patience of callers.

    Attributes
    ----------
    family : str
        The best family: a key of `FAMILIES`.
    parameters : dict of str to Interval
        Its parameters by their names in `scipy.stats`.
    aic : dict of str to float
        Akaike's criterion of every family; the smallest is the best.
    curve : Survival
        Kaplan-Meier estimate with an exponential tail.
    agrees : bool
        Whether the family follows the curve as far as callers were seen to wait.
    n_events : int
        Callers who gave up.
    """

    family: str
    parameters: dict[str, Interval]
    aic: dict[str, float]
    curve: Survival
    agrees: bool
    n_events: int

    @property
    def dist(self) -> dict[str, Any]:
        """The family as a table for a scenario file, or samples of the curve if it disagrees."""
        if not self.agrees:
            return {"samples": [_file_number(each) for each in self.curve.samples()]}
        values = {name: each.estimate for name, each in self.parameters.items()}
        return {"dist": FAMILIES[self.family].dist, **values}

    def at(self, waited: ArrayLike) -> Floats:
        """Return the share of callers who wait longer than some times [s], by the family."""
        x = np.log([each.estimate for each in self.parameters.values()])
        return FAMILIES[self.family].survival(np.asarray(waited, dtype=np.float64), x)


def patience(
    wait: ArrayLike, gave_up: ArrayLike, day: ArrayLike | None = None, *, clock: float = 0.01
) -> Patience:
    """Estimate how long callers are willing to wait.

    Parameters
    ----------
    wait : array of float
        Wait of every call [s], however it ended.
    gave_up : array of bool
        Whether the caller gave up.
    day : array, optional
        Day of every call, for intervals by days; without it bounds are unknown.
    clock : float, default 0.01
        Resolution of the waits [s]; 1 if the records have whole seconds.

    Raises
    ------
    ConfigurationError
        If nobody gave up: then nothing is known of patience.

    Notes
    -----
    Exponential, Weibull and lognormal are fitted by maximum likelihood with censored waits, and
    the best is that with the smallest AIC. A family whose parameters are at a bound of the search
    is not taken: it stands for callers who all give up at one instant, or at once or never. The
    best is compared with the Kaplan-Meier curve at ten
    points; where it is off by more than four standard errors, samples of the curve, with an
    exponential tail after the last wait with 25 callers still waiting, replace it.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> would_wait, answered_after = rng.exponential(60, 4000), rng.exponential(20, 4000)
    >>> found = patience(np.minimum(would_wait, answered_after), would_wait < answered_after)
    >>> found.family, round(found.parameters["scale"].estimate)
    ('exponential', 60)
    """
    seconds = np.maximum(np.asarray(wait, dtype=np.float64), 0.0)
    events = np.asarray(gave_up, dtype=bool)
    if not events.any():
        raise ConfigurationError(
            "gave_up",
            "must hold a caller who gave up",
            hint="Nothing is known of patience if everybody waited for an answer.",
        )
    days, n_days = day_codes(np.zeros(len(seconds)) if day is None else day)
    found: dict[str, tuple[Maximum, Callable[[Floats], Floats]]] = {}
    for name, family in FAMILIES.items():
        by_day = _by_day(family, seconds, events, days, n_days, clock)
        start = np.zeros(len(family.parameters))
        start[0] = math.log(max(seconds.sum(), clock) / events.sum())
        bounds = [(math.log(AT_ONCE * clock), LONGEST), SHAPES][: len(start)]
        found[name] = maximise(by_day, _layout(start), start, bounds), by_day
    aic = {name: maximum.aic for name, (maximum, _) in found.items()}
    inside = [name for name, (maximum, _) in found.items() if not maximum.at_bound.any()]
    best = min(inside or aic, key=aic.__getitem__)
    maximum, by_day = found[best]
    intervals = Intervals.of_maximum(by_day, _layout(maximum.x), maximum)
    parameters = {name: intervals.of(i) for i, name in enumerate(FAMILIES[best].parameters)}
    curve = survival(seconds, events)
    agrees = _follows(curve, FAMILIES[best].survival, maximum.x, clock)
    return Patience(best, parameters, aic, curve, agrees, int(events.sum()))


def _layout(x: Floats) -> Parameters:
    return Parameters(units=1, own=0, shared=len(x))


def _by_day(
    family: Family, seconds: Floats, events: Any, days: Any, n_days: int, clock: float
) -> Callable[[Floats], Floats]:
    """Return the log-likelihood by day, shape (1, days), as a function of the parameters."""
    earliest = np.maximum(seconds - clock / 2, 0.0)
    latest = seconds + clock / 2

    def log_likelihood(x: Floats) -> Floats:
        left = family.survival(np.where(events, earliest, seconds), x)
        share = np.where(events, left - family.survival(latest, x), left)
        surprise = np.log(np.maximum(share, LEAST_SHARE))
        return sums_by(days, n_days, surprise)[None, :]

    return log_likelihood


def _follows(
    curve: Survival, family: Callable[[Floats, Floats], Floats], x: Floats, clock: float
) -> bool:
    """Return whether a family is within four standard errors of the curve, at ten points."""
    known = curve.at_risk >= ENOUGH
    if not known.any():
        return True
    places = np.unique(np.linspace(0, known.sum() - 1, 10).astype(int))
    share, at_risk = curve.share[places], curve.at_risk[places]
    error = np.sqrt(np.maximum(share * (1 - share), 1e-6) / at_risk) + clock * curve.hazard
    return bool((np.abs(family(curve.times[places], x) - share) <= 4 * error).all())


def _file_number(value: float) -> float | str:
    return "inf" if math.isinf(value) else float(value)
