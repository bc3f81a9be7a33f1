"""Three families of scipy.stats that need no import of it: the usual durations.

`PLAIN`
    The families, by scipy's name.
`PlainFamily`
    One family: its shape parameter, and its functions for a scale of 1.
`PlainFrozen`
    A family with its parameters, in the form of a frozen distribution of scipy.

Importing scipy.stats took a third of the time of `ringsim simulate` (measured). The functions
here return the same numbers as scipy's, to the last bit. Those of `weibull_min` would not: numpy's
power rounds by the layout of its arguments.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["PLAIN", "PlainFamily", "PlainFrozen"]

Floats: TypeAlias = NDArray[np.float64]
Inverse: TypeAlias = "Callable[[Any, Floats, Floats], Floats]"


@dataclass(frozen=True)
class PlainFamily:
    """A continuous family on the positive numbers with at most one shape parameter.

    Attributes
    ----------
    name : str
        Its name in scipy.stats.
    shapes : str or None
        Name of the shape parameter, which must be positive.
    ppf, isf : callable
        Inverses of the distribution function and of its complement; they are given
        scipy.special, the probabilities, and the shape parameter once for each of them.
    expected : callable
        The mean, from scipy.special and the shape parameter.
    """

    name: str
    shapes: str | None
    ppf: Inverse
    isf: Inverse
    expected: Callable[[Any, float], float]

    def __call__(self, **parameters: float) -> PlainFrozen:
        """Return the distribution with some parameters; the others have scipy's defaults."""
        return PlainFrozen(self, kwds=parameters)


@dataclass(frozen=True)
class PlainFrozen:
    """A family with its parameters."""

    dist: PlainFamily
    args: tuple[Any, ...] = ()
    kwds: dict[str, float] = field(default_factory=dict)

    @property
    def _shape(self) -> float:
        return self.kwds[self.dist.shapes] if self.dist.shapes else 1.0

    @property
    def _scale(self) -> float:
        return self.kwds.get("scale", 1.0)

    @property
    def _loc(self) -> float:
        return self.kwds.get("loc", 0.0)

    def ppf(self, q: Any) -> Floats:
        """Return the values below which a share `q` lies."""
        return self._inverse(self.dist.ppf, q)

    def isf(self, q: Any) -> Floats:
        """Return the values above which a share `q` lies."""
        return self._inverse(self.dist.isf, q)

    def _inverse(self, inverse: Inverse, q: Any) -> Floats:
        from scipy import special

        at = np.ascontiguousarray(q, dtype=np.float64)  # other loops of numpy round otherwise
        shapes = np.full(at.shape, self._shape)
        with np.errstate(all="ignore"):  # 0 and 1 give inf
            found: Floats = inverse(special, at, shapes) * self._scale + self._loc
        return found.reshape(np.shape(q))

    def mean(self) -> float:
        """Return the expected value."""
        from scipy import special

        return float(self.dist.expected(special, self._shape) * self._scale + self._loc)

    def support(self) -> tuple[float, float]:
        """Return the bounds; NaN if a parameter that must be positive is not."""
        if not (self._shape > 0 and self._scale > 0):
            return math.nan, math.nan
        return self._loc, math.inf


PLAIN = {
    each.name: each
    for each in (
        PlainFamily(
            "expon",
            None,
            ppf=lambda special, q, _: -special.log1p(-q),
            isf=lambda _, q, __: -np.log(q),
            expected=lambda _, __: 1.0,
        ),
        PlainFamily(
            "gamma",
            "a",
            ppf=lambda special, q, a: special.gammaincinv(a, q),
            isf=lambda special, q, a: special.gammainccinv(a, q),
            expected=lambda _, a: a,
        ),
        PlainFamily(
            "lognorm",
            "s",
            ppf=lambda special, q, s: np.exp(s * special.ndtri(q)),
            isf=lambda special, q, s: np.exp(s * -special.ndtri(q)),
            expected=lambda _, s: np.sqrt(np.exp(s * s)),
        ),
    )
}
