"""What all strategies share: times, and how an example shows how it was made."""

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
    """What times are like in a made-up day.

    Attributes
    ----------
    ties : bool
        Whole seconds only, at which much happens at once; otherwise any floats.
    zero, infinite : bool
        Whether durations may be 0, and inf.
    longest : float
        Upper bound [s] of all that is finite, at least 1.
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
        """Durations that are endless unless something depends on it."""
        finite = self._finite(zero=self.zero)
        return st.just(math.inf) | finite if self.infinite else finite

    @property
    def pauses(self) -> st.SearchStrategy[float]:
        """Durations that end."""
        return self._finite(zero=self.zero)

    @property
    def ring_times(self) -> st.SearchStrategy[float]:
        """Durations that end; a ring of 0 s ends at once."""
        return self._finite(zero=True)

    def _finite(self, *, zero: bool) -> st.SearchStrategy[float]:
        if not self.ties:
            return st.floats(0, self.longest, exclude_min=not zero)
        return st.sampled_from(self._steps(zero=zero))

    def _steps(self, *, zero: bool) -> list[float]:
        return [float(step) for step in range(not zero, int(self.longest) + 1)]


@st.composite
def _sometimes_endless(draw: st.DrawFn, finite: st.SearchStrategy[float]) -> float:
    """A duration of two choices in any case, lest an endless one be the simplest."""
    duration = draw(finite)
    return math.inf if draw(SELDOM) else duration


def several(
    elements: st.SearchStrategy[T],
    *,
    min_size: int,
    max_size: int,
    unique_by: Callable[[T], Hashable] | None = None,
) -> st.SearchStrategy[list[T]]:
    """Lists whose elements shrink away one by one.

    Those of `st.lists` do if they are made of a few choices, or are the last. Here each has a
    choice of its own that leaves it out.
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
    """What `make` makes of the fields.

    A failing example shows the call of `make`, and not how Hypothesis came by its arguments:
    it knows only copies of them.
    """
    given = deepcopy(draw(fields))
    return draw(st.builds(make, **{name: st.just(value) for name, value in given.items()}))
