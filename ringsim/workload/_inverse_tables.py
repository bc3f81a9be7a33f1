"""Tables for fast evaluation of the inverse of a distribution.

The table of a distribution is computed once and cached. If a table would be inexact, as for
discrete distributions, histograms and densities with corners, there is none, and the
distribution's own `ppf` is used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.polynomial import polynomial
from numpy.typing import NDArray

from ringsim.distributions import Constant, Distribution
from ringsim.errors import ConfigurationError
from ringsim.workload._jit_random import (
    CELLS,
    CELLS_PER_OCTAVE,
    DEGREE,
    OCTAVES,
    SMALLEST,
    inverses,
)

__all__ = ["NO_TABLES", "U_ERROR", "at_uniforms", "checked_inverse", "table_of"]

Floats: TypeAlias = NDArray[np.float64]

SCIPY_ERRORS = (ArithmeticError, RuntimeError, ValueError)  # for parameters it cannot handle
U_ERROR = 1e-10  # largest allowed error of a table, as an error of u
NO_TABLES = np.empty((0, 2 * CELLS, DEGREE + 1))
NODES = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
FOUND_TOGETHER = 512  # numbers whose cells are found together: 4 KB
END = 1 - 1e-9  # almost the end of a cell, which is [-1, 1]; the rest is less than `U_ERROR`
PROBES = np.concatenate(
    (np.linspace(-0.97, 0.97, 5), [-END, END])
)  # between nodes: where the error is measured


def at_uniforms(distribution: Distribution, u: Floats) -> Floats:
    """Return the inverse at uniform numbers in [0, 1), elementwise, by a table if there is one."""
    if isinstance(distribution, Constant):
        return distribution.ppf(u)
    table = table_of(distribution)
    if table is None:
        return distribution.ppf(u)
    out, cells = np.empty(len(u)), np.empty(FOUND_TOGETHER, dtype=np.int64)
    inverses(table[np.newaxis], np.ascontiguousarray(u), cells, out)
    return out


@lru_cache(maxsize=512)
def table_of(distribution: Distribution) -> Floats | None:
    """Return the table of a distribution, shape (2 * CELLS, DEGREE + 1), or None if inexact.

    Notes
    -----
    The first half is for u from 0 upwards, the second for u from 1 downwards. The polynomial
    of a cell interpolates the inverse at Chebyshev nodes. It is tested between the nodes, and
    at the ends of the cell to detect a corner beyond the outermost node. The error of the
    inverse divided by its slope is an error of u, which must not exceed `U_ERROR`. The ends
    of cells narrower than `U_ERROR` are not tested, because some of scipy's inverses are step
    functions so close to 0.
    """
    try:
        with np.errstate(all="ignore"):
            halves = [_half(distribution.ppf), _half(distribution.isf)]
    except SCIPY_ERRORS:
        return None
    tables = [half for half in halves if half is not None]
    return np.ascontiguousarray(np.concatenate(tables)) if len(tables) == 2 else None


def _half(inverse_from_end: Callable[[Floats], Floats]) -> Floats | None:
    """Return half a table, or None; the inverse is a function of the distance from 0 or 1."""
    starts, widths = _cells()

    def at(x: Floats) -> Floats:
        distances = starts[:, None] + widths[:, None] * (x + 1) / 2
        return inverse_from_end(distances.ravel()).reshape(distances.shape)

    values = at(NODES)
    if not np.isfinite(values).all() or (values < 0).any():
        return None
    coefficients: Floats = np.linalg.solve(np.vander(NODES, increasing=True), values.T).T
    fitted = polynomial.polyval(PROBES, coefficients.T)
    slopes = polynomial.polyval(PROBES, polynomial.polyder(coefficients.T))
    errors = np.abs(fitted - at(PROBES))
    u_errors = errors / np.maximum(np.abs(slopes), 1e-300) * widths[:, None] / 2
    good = (errors <= 1e-13 * np.abs(fitted)) | (u_errors <= U_ERROR)
    good[:, np.abs(PROBES) == END] |= widths[:, None] <= U_ERROR
    return coefficients if good.all() else None


def _cells() -> tuple[Floats, Floats]:
    """Return the start and width of each cell, as distances from 0 or 1, in increasing order."""
    octaves = SMALLEST * 2.0 ** np.arange(OCTAVES)
    steps = 1 + np.arange(CELLS_PER_OCTAVE) / CELLS_PER_OCTAVE
    starts = (octaves[:, None] * steps).ravel()
    return starts, np.repeat(octaves / CELLS_PER_OCTAVE, CELLS_PER_OCTAVE)


def checked_inverse(distribution: Distribution, uniform: Floats, subject: str) -> Floats:
    """Return `at_uniforms`, checking that the results are durations.

    Raises
    ------
    ConfigurationError
        If the inverse fails, or a result is negative or NaN.
    """
    try:
        drawn = at_uniforms(distribution, uniform)
    except SCIPY_ERRORS:
        drawn = np.full(1, np.nan)
    if not (drawn >= 0).all():  # also False for NaN
        raise ConfigurationError(
            subject, "must have an inverse (ppf) of at least 0 s everywhere", str(distribution)
        )
    return drawn
