"""Combinations that may be the best, each with what its replications show so far.

`Contender`
    A combination and its results.
`contenders_of`
    Make a contender of each combination; those that must play alike share one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ringsim.confidence import Estimate, Influence
from ringsim.planning._alike import order_of
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import Goal, Meets
from ringsim.planning._space import Space
from ringsim.planning._study import Study

__all__ = ["Contender", "contenders_of"]


@dataclass(eq=False, slots=True)
class Contender:
    """A combination and its results so far.

    Attributes
    ----------
    index : int
        Index of the combination in its space.
    key : tuple
        Key that decides ties, whatever the order of settings.
    alike : list of int
        Indices of all combinations that must play alike, this one included.
    is_page : bool
        Whether the group pages, so that its figures cannot be compared with others.
    bounds : dict of str to float
        Upper bounds of some metrics, known without playing.
    limits : tuple of Estimate
        Range of each goal's metric, if a bound rules the combination out unplayed.
    replications : int
        Number of replications played.
    influences : dict of int to tuple of Influence
        Influences of the objective and of the further figures, by the number of replications.
    estimates : tuple of Estimate
        Estimates of these figures.
    goal_values : tuple of float
        The metric of each goal, or its upper bound if the combination is ruled out unplayed.
    answered : float
        Share of the calls arriving at the group that were answered; NaN if none was played.
    evidence : tuple of Evidence
        Evidence on each goal; dropped once the combination is out.
    meets : str
        Whether all goals are met: `yes`, `no` or `undecided`.
    needed : float
        Number of replications that would decide this; 0 if it is decided.
    is_beaten : bool
        Whether another combination that meets the goals is better with confidence, or the
        objective has no figure, such as a mean wait without answers.
    """

    index: int
    key: Any
    alike: list[int] = field(default_factory=list)
    is_page: bool = False
    bounds: Mapping[str, float] = field(default_factory=dict)
    limits: tuple[Estimate, ...] = ()
    replications: int = 0
    influences: dict[int, tuple[Influence, ...]] = field(default_factory=dict)
    estimates: tuple[Estimate, ...] = ()
    goal_values: tuple[float, ...] = ()
    answered: float = math.nan
    evidence: tuple[Evidence, ...] = ()
    meets: Meets = "undecided"
    needed: float = 0.0
    is_beaten: bool = False

    @property
    def value(self) -> float:
        """The objective."""
        return self.estimates[0].estimate

    @property
    def is_out(self) -> bool:
        """True if the combination is no longer considered."""
        return self.is_page or self.is_beaten or self.meets == "no"

    def shortfall(self, goals: Sequence[Goal]) -> float:
        """Return the largest relative shortfall over all goals; negative if all are met."""
        return max(map(Goal.shortfall, goals, self.goal_values), default=0.0)


def contenders_of(space: Space, bounds_of: Callable[[Study], dict[str, float]]) -> list[Contender]:
    """Return a contender for each set of combinations that must play alike.

    The first by `Space.key` stands for the others. `bounds_of` returns the upper bounds of the
    metrics of a study, by name.
    """
    found: dict[tuple[int, ...], list[tuple[Contender, list[Any]]]] = {}
    for index in sorted(range(len(space)), key=space.key):
        study = space.study(index)
        ringing = [order_of(study, number) for number in study.dispatchers]
        known = found.setdefault(space.rest_key(index), [])
        alike = next((each for each, other in known if other == ringing), None)
        if alike is None:
            is_page = study.dispatchers[space.group].auto_answer
            alike = Contender(index, space.key(index), is_page=is_page, bounds=bounds_of(study))
            known.append((alike, ringing))
        alike.alike.append(index)
    contenders = [each for known in found.values() for each, _ in known]
    if all(each.is_page for each in contenders):
        for each in contenders:
            each.is_page = False
    return sorted(contenders, key=lambda each: each.key)
