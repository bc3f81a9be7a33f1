"""Tables from which the inverse of a distribution is evaluated fast.

A table is made once for each distribution and kept. Where it would not be exact, as for
counts, histograms and densities with corners, there is none, and the distribution's own
`ppf` is asked instead.
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
from ringsim.workload._jit_random import CELLS_PER_OCTAVE, DEGREE, OCTAVES, SMALLEST, inverses

__all__ = ["NO_TABLES", "U_ERROR", "at_uniforms", "checked_inverse", "table_of"]

Floats: TypeAlias = NDArray[np.float64]

BEYOND_REACH = (ArithmeticError, RuntimeError, ValueError)  # as scipy says of parameters
U_ERROR = 1e-10  # most by which a table may miss u
NO_TABLES = np.empty((0, 2, OCTAVES * CELLS_PER_OCTAVE, DEGREE + 1))
NODES = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
END = 1 - 1e-9  # of a cell that reaches from -1 to 1: what is beyond is less than `U_ERROR`
PROBES = np.concatenate((np.linspace(-0.97, 0.97, 5), [-END, END]))  # none of them a node


def at_uniforms(distribution: Distribution, u: Floats) -> Floats:
    """The inverse at uniform numbers in [0, 1), element by element, from the table if any."""
    if isinstance(distribution, Constant):
        return distribution.ppf(u)
    table = table_of(distribution)
    if table is None:
        return distribution.ppf(u)
    out = np.empty(len(u))
    inverses(table[np.newaxis], np.ascontiguousarray(u), out)
    return out


@lru_cache(maxsize=512)
def table_of(distribution: Distribution) -> Floats | None:
    """The table of a distribution, shape (2, CELLS, DEGREE + 1); None where there is none.

    Notes
    -----
    The first half counts from 0 upwards, the second from 1 downwards. The polynomial of a
    cell goes through the inverse at Chebyshev nodes. It is probed between them and at the ends
    of the cell, where a corner beyond the outermost node shows: an error of the inverse, over
    its slope, is an error in u, which must not exceed `U_ERROR`. The ends of cells narrower
    than that are not looked at: so near to 0, some inverses of scipy come in steps.
    """
    try:
        with np.errstate(all="ignore"):
            halves = [_half(distribution.ppf), _half(distribution.isf)]
    except BEYOND_REACH:
        return None
    tables = [half for half in halves if half is not None]
    return np.ascontiguousarray(tables) if len(tables) == 2 else None


def _half(inverse_from_end: Callable[[Floats], Floats]) -> Floats | None:
    """The table of one half, from the inverse as a function of the distance from its end."""
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
    missed = np.abs(fitted - at(PROBES))
    u_error = missed / np.maximum(np.abs(slopes), 1e-300) * widths[:, None] / 2
    good = (missed <= 1e-13 * np.abs(fitted)) | (u_error <= U_ERROR)
    good[:, np.abs(PROBES) == END] |= widths[:, None] <= U_ERROR
    return coefficients if good.all() else None


def _cells() -> tuple[Floats, Floats]:
    """Start and width of each cell, by distance from an end, from the smallest up."""
    octaves = SMALLEST * 2.0 ** np.arange(OCTAVES)
    steps = 1 + np.arange(CELLS_PER_OCTAVE) / CELLS_PER_OCTAVE
    starts = (octaves[:, None] * steps).ravel()
    return starts, np.repeat(octaves / CELLS_PER_OCTAVE, CELLS_PER_OCTAVE)


def checked_inverse(distribution: Distribution, uniform: Floats, subject: str) -> Floats:
    """`at_uniforms`, whatever the distribution.

    Raises
    ------
    ConfigurationError
        When its inverse fails, or is no time at one of the numbers.
    """
    try:
        drawn = at_uniforms(distribution, uniform)
    except BEYOND_REACH:
        drawn = np.full(1, np.nan)
    if not (drawn >= 0).all():  # NaN is not
        raise ConfigurationError(
            subject, "must have an inverse (ppf) that is a time, at least 0", str(distribution)
        )
    return drawn
