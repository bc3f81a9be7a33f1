"""Order of settings by how close they come to goals, none of which they need to meet.

`closeness`
    Return a sort key for each setting.
`closest_of`
    Return the combination that comes closest to some goals.

Lost callers improve some metrics: a caller who is blocked cannot give up, and is not among those
whose wait counts. So a setting that answers fewer calls is at best as close in such a goal as
each setting that answers more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ringsim.planning._goals import Goal

if TYPE_CHECKING:
    from ringsim.planning._contenders import Contender

__all__ = ["Closeness", "closeness", "closest_of"]


class Closeness(NamedTuple):
    """A sort key: settings that come closer are first, and of equal ones those that lose fewer.

    Attributes
    ----------
    shortfall : float
        Largest relative shortfall over all goals; negative if all are met.
    lost : float
        Share of all calls that are not answered; infinite if it is unknown.
    """

    shortfall: float
    lost: float


def closeness(
    goals: Sequence[Goal], figures: Sequence[Sequence[float]], answered: Sequence[float]
) -> list[Closeness]:
    """Return how close each setting comes to the goals.

    Parameters
    ----------
    goals : sequence of Goal
        The goals.
    figures : sequence of sequence of float
        The metric of each goal, by setting.
    answered : sequence of float
        Share of all calls that are answered, by setting; NaN if it is unknown.
    """
    lost = [math.inf if math.isnan(share) else 1 - share for share in answered]
    found = [Closeness(0.0, share) for share in lost]
    least = [-math.inf] * len(goals)
    for at in sorted(range(len(lost)), key=lost.__getitem__):
        short = list(map(Goal.shortfall, goals, figures[at]))
        if math.isfinite(lost[at]):
            short = [
                max(each, before) if goal.rewards_losses else each
                for goal, each, before in zip(goals, short, least, strict=True)
            ]
            least = short
        found[at] = Closeness(max(short, default=0.0), lost[at])
    return found


def closest_of(contenders: Sequence[Contender], goals: Sequence[Goal]) -> Contender:
    """Return the combination that comes closest to the goals; of equal ones the first by key."""
    figures = [each.goal_values for each in contenders]
    found = closeness(goals, figures, [each.answered for each in contenders])
    best = min(range(len(found)), key=lambda at: (found[at], contenders[at].key))
    return contenders[best]
