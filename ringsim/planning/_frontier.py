"""Frontier of combinations: those that no other one beats in every figure.

`Frontier`
    The combinations on it, and those that are surely dominated.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import paired
from ringsim.planning._contenders import Contender
from ringsim.planning._objective import Objective
from ringsim.planning._search import ERROR

__all__ = ["Frontier"]

MOST_FIGURES = 3


class Frontier:
    """Combinations that no other one beats in every figure, by their estimates.

    Parameters
    ----------
    contenders : sequence of Contender
        Combinations that were played and are not pages.
    figures : sequence of Objective
        Figures of the contenders; the first two or three span the frontier.
    """

    def __init__(self, contenders: Sequence[Contender], figures: Sequence[Objective]) -> None:
        self.figures = tuple(figures[:MOST_FIGURES])
        known = [each for each in contenders if not np.isnan(self._values(each)).any()]
        self._known = sorted(known, key=lambda each: (*(-self._values(each)), each.key))
        self._array = np.array([self._values(each) for each in self._known]).reshape(
            len(self._known), len(self.figures)
        )

    @cached_property
    def members(self) -> list[Contender]:
        """Combinations on the frontier, from the best objective to the worst."""
        found: list[int] = []
        rows = np.empty_like(self._array)  # of those found, at the top
        for place, row in enumerate(self._array):
            if not (rows[: len(found)] >= row).all(axis=1).any():
                rows[len(found)] = row
                found.append(place)
        return [self._known[place] for place in found]

    @cached_property
    def dominated_by(self) -> dict[int, Contender]:
        """For each combination that is surely dominated, by index, one that dominates it.

        It is dominated if the other one is better in every figure with confidence, or equal in
        figures that are certain. Together, all these statements hold with 95 % confidence.
        """
        members = self.members
        array = np.array([self._values(each) for each in members])
        level = max(0.0, 1 - 2 * ERROR / max(1, len(self._known) * len(members)))
        found = {}
        for each, row in zip(self._known, self._array, strict=True):
            better = np.flatnonzero((array >= row).all(axis=1) & (array > row).any(axis=1))
            if len(better):
                far = better[np.argmax((array[better] - row).min(axis=1) > 0)]
                if self._dominates(members[far], each, level):
                    found[each.index] = members[far]
        return found

    def _values(self, each: Contender) -> NDArray[np.float64]:
        """Return the figures of a combination, turned so that more is better."""
        pairs = zip(self.figures, each.estimates, strict=False)
        return np.array([figure.sign * found.estimate for figure, found in pairs])

    def _dominates(self, one: Contender, other: Contender, level: float) -> bool:
        count = min(one.replications, other.replications)
        is_better = False
        for place, figure in enumerate(self.figures):
            pair = paired(one.influences[count][place], other.influences[count][place])
            if figure.is_certain and pair.value == 0:
                continue
            low = min(figure.sign * bound for bound in pair.bounds(level))
            if not (figure.is_certain or pair.is_trusted) or not low > 0:
                return False
            is_better = True
        return is_better
