"""Maximum likelihood with derivatives by day, and the estimates without each day.

`Parameters`
    Layout of a vector of parameters: some for each unit (person), some shared by all.
`maximise`
    Maximum likelihood estimate.
`without_each_day`
    Estimates without each day, from one Newton step of the full estimate.
`remember_last`
    Decorator for a part of a likelihood that depends on some of the parameters only.

A likelihood is a function of the vector of parameters that returns the log-likelihood of every
unit and day, shape (units, days). A parameter of one unit changes only the row of that unit, so
the parameters of all units are varied together: a gradient takes as many evaluations for thirty
people as for one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from ringsim.estimators._days import Floats, Ints

__all__ = [
    "LogLikelihood",
    "Maximum",
    "Parameters",
    "maximise",
    "remember_last",
    "without_each_day",
]

LogLikelihood: TypeAlias = Callable[[Floats], Floats]
Part = TypeVar("Part")

STEP = 1e-3  # of central differences; all parameters are logarithms or logits
MAX_ITERATIONS = 300
MAX_RESTARTS = 5  # of a search; one that met a bound may stop where the slope is steep
SMALL_GAIN = 1e-4  # of log-likelihood by a restart, from which the search is over


class Parameters(NamedTuple):
    """Layout of a vector: `own` parameters of each unit, one kind after another, then `shared`."""

    units: int
    own: int
    shared: int

    @property
    def size(self) -> int:
        return self.units * self.own + self.shared

    @property
    def directions(self) -> list[Ints]:
        """Indices of the parameters that are varied together."""
        split = self.units * self.own
        kinds = [np.arange(k * self.units, (k + 1) * self.units) for k in range(self.own)]
        return [*kinds, *(np.array([split + k]) for k in range(self.shared))]

    def scattered(self, direction: int, by_unit: Floats) -> Floats:
        """Return derivatives by unit (units, ...) as one row for each index of a direction."""
        return by_unit if direction < self.own else by_unit.sum(axis=0, keepdims=True)


class Maximum(NamedTuple):
    """The maximum of a log-likelihood within bounds.

    Attributes
    ----------
    x : ndarray of float
        Parameters.
    log_likelihood : float
        Log-likelihood at `x`.
    bounds : ndarray of shape (size, 2)
        Lowest and highest value of each parameter in the search.
    """

    x: Floats
    log_likelihood: float
    bounds: Floats

    @property
    def at_bound(self) -> NDArray[np.bool_]:
        """Whether each parameter is at a bound."""
        low, high = self.bounds.T
        return np.asarray((self.x <= low) | (self.x >= high))

    @property
    def aic(self) -> float:
        """Akaike's information criterion; smaller is better."""
        return 2 * len(self.x) - 2 * self.log_likelihood


def maximise(
    function: LogLikelihood,
    layout: Parameters,
    start: Floats,
    bounds: Sequence[tuple[float, float]] | Floats,
) -> Maximum:
    """Return the maximum of a log-likelihood within bounds, found by L-BFGS-B.

    Equal bounds hold a parameter at a value.
    """
    from scipy.optimize import minimize

    limits = np.array(bounds, dtype=np.float64).reshape(-1, 2)
    held = limits[:, 0] == limits[:, 1]

    def objective(x: Floats) -> tuple[float, Floats]:
        return -float(function(x).sum()), -gradient(function, layout, x, held)

    if layout.size == 0:
        return Maximum(start, float(function(start).sum()), limits)
    x, best = start.clip(*limits.T), math.inf
    for _ in range(MAX_RESTARTS):
        found = minimize(
            objective,
            x,
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(*limits.T, strict=True)),
            options={"maxiter": MAX_ITERATIONS},
        )
        gain, x, best = best - found.fun, np.asarray(found.x, dtype=np.float64), float(found.fun)
        if gain < SMALL_GAIN:
            break
    return Maximum(x, -best, limits)


def gradient(
    function: LogLikelihood, layout: Parameters, x: Floats, held: NDArray[np.bool_]
) -> Floats:
    """Return the gradient of the total log-likelihood, 0 for parameters that are held."""
    total: Floats = np.zeros(layout.size)
    for place, indices in enumerate(layout.directions):
        if not held[indices].all():
            total[indices] = _score(function, layout, x, place).sum(axis=1)
    return np.where(held, 0.0, total)


def scores(function: LogLikelihood, layout: Parameters, x: Floats) -> Floats:
    """Return the gradient of the log-likelihood of each day, shape (size, days)."""
    places = range(len(layout.directions))
    return np.concatenate([_score(function, layout, x, place) for place in places])


def _score(function: LogLikelihood, layout: Parameters, x: Floats, place: int) -> Floats:
    indices = layout.directions[place]
    up, down = (function(_moved(x, (indices, step))) for step in (STEP, -STEP))
    return layout.scattered(place, (up - down) / (2 * STEP))


def curvature(function: LogLikelihood, layout: Parameters, x: Floats) -> Floats:
    """Return the matrix of second derivatives of each day, shape (days, size, size)."""
    directions = layout.directions
    middle = function(x)
    alone = [
        tuple(function(_moved(x, (indices, step))) for step in (STEP, -STEP))
        for indices in directions
    ]
    matrix = np.zeros((middle.shape[1], layout.size, layout.size))
    for a, first in enumerate(directions):
        second = (alone[a][0] - 2 * middle + alone[a][1]) / STEP**2
        matrix[:, first, first] = layout.scattered(a, second).T
        for b in range(a):
            other = directions[b]
            up, down = (function(_moved(x, (first, s), (other, s))) for s in (STEP, -STEP))
            mixed = up + down + 2 * middle - sum(alone[a]) - sum(alone[b])
            by_pair = layout.scattered(min(a, b), mixed / (2 * STEP**2)).T
            matrix[:, first, other] = matrix[:, other, first] = by_pair
    return matrix


def without_each_day(function: LogLikelihood, layout: Parameters, found: Maximum) -> Floats:
    """Return the estimates without each day, shape (days, size).

    Each is one Newton step from the full estimate: x - (H - H_d)^-1 (g - g_d), with gradient g
    and second derivatives H of all days, and g_d and H_d of the day left out.

    A parameter at a bound of its search stays there: its gradient is not 0, so that its step would
    have no meaning, and would lead the others astray. A step beyond a bound ends at the bound, and
    the others are stepped anew with it.
    """
    by_day = scores(function, layout, found.x)
    matrix = curvature(function, layout, found.x)
    whole, total = matrix.sum(axis=0), by_day.sum(axis=1)
    rows = [
        found.x + _newton_step(whole - matrix[day], total - by_day[:, day], found)
        for day in range(by_day.shape[1])
    ]
    return np.array(rows).reshape(by_day.shape[1], layout.size)


def _newton_step(matrix: Floats, score: Floats, found: Maximum) -> Floats:
    """Return the Newton step to the maximum within bounds, parameters at a bound held."""
    low, high = found.bounds.T - found.x
    moved = np.zeros(len(found.x))
    free = ~found.at_bound
    while free.any():
        left = score + matrix @ np.where(free, 0.0, moved)
        step = np.linalg.lstsq(matrix[np.ix_(free, free)], left[free], rcond=1e-10)[0]
        moved[free] = -step
        beyond = free & ((moved < low) | (moved > high))
        moved = moved.clip(low, high)
        if not beyond.any():
            break
        free &= ~beyond
    return moved


def remember_last(function: Callable[[Floats], Part]) -> Callable[[Floats], Part]:
    """Return a function that keeps its last result, for a part that other parameters leave as is.

    Derivatives move a few parameters at a time, and the part of all others stays the same.
    """
    last: list[tuple[bytes, Part]] = []

    @wraps(function)
    def remembered(x: Floats) -> Part:
        key = x.tobytes()
        if not last or last[0][0] != key:
            last[:] = [(key, function(x))]
        return last[0][1]

    return remembered


def _moved(x: Floats, *moves: tuple[Ints, float]) -> Floats:
    moved = x.copy()
    for indices, step in moves:
        moved[indices] += step
    return moved
