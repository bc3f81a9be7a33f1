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

from collections.abc import Callable, Sequence
from functools import wraps
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np

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
FARTHEST = 300.0  # that a Newton step leads, so that exponentials and their products are finite


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
    """The maximum of a log-likelihood."""

    x: Floats
    log_likelihood: float

    @property
    def aic(self) -> float:
        """Akaike's information criterion; smaller is better."""
        return 2 * len(self.x) - 2 * self.log_likelihood


def maximise(
    function: LogLikelihood,
    layout: Parameters,
    start: Floats,
    bounds: Sequence[tuple[float, float]],
) -> Maximum:
    """Return the maximum of a log-likelihood within bounds, found by L-BFGS-B."""
    from scipy.optimize import minimize

    def objective(x: Floats) -> tuple[float, Floats]:
        return -float(function(x).sum()), -gradient(function, layout, x)

    if layout.size == 0:
        return Maximum(start, float(function(start).sum()))
    low, high = np.array(bounds).T
    found = minimize(
        objective,
        np.clip(start, low, high),
        jac=True,
        method="L-BFGS-B",
        bounds=list(bounds),
        options={"maxiter": MAX_ITERATIONS},
    )
    return Maximum(np.asarray(found.x, dtype=np.float64), -float(found.fun))


def gradient(function: LogLikelihood, layout: Parameters, x: Floats) -> Floats:
    """Return the gradient of the total log-likelihood."""
    total: Floats = scores(function, layout, x).sum(axis=1)
    return total


def scores(function: LogLikelihood, layout: Parameters, x: Floats) -> Floats:
    """Return the gradient of the log-likelihood of each day, shape (size, days)."""
    parts = []
    for place, indices in enumerate(layout.directions):
        up, down = (function(_moved(x, (indices, step))) for step in (STEP, -STEP))
        parts.append(layout.scattered(place, (up - down) / (2 * STEP)))
    return np.concatenate(parts)


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


def without_each_day(function: LogLikelihood, layout: Parameters, x: Floats) -> Floats:
    """Return the estimates without each day, shape (days, size).

    Each is one Newton step from the full estimate: x - (H - H_d)^-1 (g - g_d), with gradient g
    and second derivatives H of all days, and g_d and H_d of the day left out.
    """
    by_day = scores(function, layout, x)
    matrix = curvature(function, layout, x)
    whole, total = matrix.sum(axis=0), by_day.sum(axis=1)
    rows = []
    for day in range(by_day.shape[1]):
        left = whole - matrix[day]
        rows.append(x - np.linalg.lstsq(left, total - by_day[:, day], rcond=1e-10)[0])
    found: Floats = np.array(rows).reshape(by_day.shape[1], layout.size)
    return found.clip(-FARTHEST, FARTHEST)


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
