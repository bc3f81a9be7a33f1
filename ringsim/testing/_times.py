"""Helpers that all Hypothesis strategies share.

`Times`
    Strategies for instants and durations.
`several`
    A strategy for lists that shrink well.
`made_by`
    A strategy for objects whose failing examples are shown as a call of their class.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st

__all__ = ["LONGEST", "Times", "made_by", "several"]

T = TypeVar("T")

LONGEST = 8.0
SELDOM = st.sampled_from([False] * 5 + [True])
MOSTLY = st.sampled_from([False] + [True] * 7)


@dataclass(frozen=True)
class Times:
    """Strategies for the times of a generated day.

    Attributes
    ----------
    ties : bool
        If true, times are whole seconds, so that many events coincide; otherwise any floats.
    zero, infinite : bool
        If true, durations may be 0 (`zero`) or inf (`infinite`).
    longest : float
        Upper bound [s] of all finite times, at least 1.
    """

    ties: bool = True
    zero: bool = True
    infinite: bool = True
    longest: float = LONGEST

    @property
    def instants(self) -> st.SearchStrategy[float]:
        return self._finite(zero=True)

    @property
    def durations(self) -> st.SearchStrategy[float]:
        if not self.infinite:
            return self._finite(zero=self.zero)
        if self.ties:
            return st.sampled_from([*self._steps(zero=self.zero), math.inf, math.inf])
        return _sometimes_endless(self._finite(zero=self.zero))

    @property
    def patience(self) -> st.SearchStrategy[float]:
        """Patience: shrinks to inf if infinite times are allowed, so that no caller gives up."""
        finite = self._finite(zero=self.zero)
        return st.just(math.inf) | finite if self.infinite else finite

    @property
    def pauses(self) -> st.SearchStrategy[float]:
        """Finite durations."""
        return self._finite(zero=self.zero)

    @property
    def ring_times(self) -> st.SearchStrategy[float]:
        """Finite durations, 0 included: a ring of 0 s ends at once."""
        return self._finite(zero=True)

    def _finite(self, *, zero: bool) -> st.SearchStrategy[float]:
        if not self.ties:
            return st.floats(0, self.longest, exclude_min=not zero)
        return st.sampled_from(self._steps(zero=zero))

    def _steps(self, *, zero: bool) -> list[float]:
        return [float(step) for step in range(not zero, int(self.longest) + 1)]


@st.composite
def _sometimes_endless(draw: st.DrawFn, finite: st.SearchStrategy[float]) -> float:
    """Draw a finite duration or, seldom, infinity.

    Both are drawn every time: otherwise infinity would be the simplest example.
    """
    duration = draw(finite)
    return math.inf if draw(SELDOM) else duration


def several(
    elements: st.SearchStrategy[T],
    *,
    min_size: int,
    max_size: int,
    unique_by: Callable[[T], Hashable] | None = None,
) -> st.SearchStrategy[list[T]]:
    """Return a strategy for lists that shrink by dropping any element.

    `st.lists` drops an element reliably only if it is simple or the last. Here each element has
    a boolean choice beside it that drops it.
    """
    drawn = st.lists(
        st.tuples(MOSTLY, elements),
        min_size=min_size,
        max_size=max_size,
        unique_by=None if unique_by is None else lambda kept_element: unique_by(kept_element[1]),
    )
    return drawn.map(lambda kept_elements: _kept(kept_elements, min_size))


def _kept(drawn: list[tuple[bool, T]], min_size: int) -> list[T]:
    spare = len(drawn) - min_size
    found = []
    for keep, element in drawn:
        if keep or not spare:
            found.append(element)
        else:
            spare -= 1
    return found


@st.composite
def made_by(
    draw: st.DrawFn, make: Callable[..., T], fields: st.SearchStrategy[dict[str, Any]]
) -> T:
    """Draw the fields and call `make` with them.

    The fields are copied before the call, so that Hypothesis shows a failing example as a call
    of `make` with plain values, not as the strategies behind the values.
    """
    given = deepcopy(draw(fields))
    return draw(st.builds(make, **{name: st.just(value) for name, value in given.items()}))
