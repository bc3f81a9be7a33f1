"""Needs of the intervals of a roster, from sizing each of them on its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ringsim.planning._cover import Need
from ringsim.planning._interval_sizer import IntervalSizer
from ringsim.planning._pool import pool_of
from ringsim.planning._roster_team import Team
from ringsim.planning._runner import Runner
from ringsim.planning._search import Checkpoints
from ringsim.planning._sizing import Sizing
from ringsim.planning._study import Study
from ringsim.planning._target import Target
from ringsim.scenario import Scenario

__all__ = ["Slot", "slots_of"]

SIZING = Checkpoints(20, 160)  # replications of an interval: days played decide, not these
ABOUT = 0.01  # difference of two shortfalls, or of two shares of lost calls, about equal
STEP = 0.01  # loss of a member whom only the days played showed to be missing


@dataclass(frozen=True)
class Slot:
    """The intervals of one group on one day, with the sizing of each.

    Attributes
    ----------
    day : int
        Index of the day.
    group : str
        Number of the group.
    target : Target
        Target of each interval.
    sizings : tuple of Sizing
        Sizing of each interval.
    """

    day: int
    group: str
    target: Target
    sizings: tuple[Sizing, ...]

    @property
    def has_calls(self) -> bool:
        """True if calls arrive at the group on the day."""
        return any(sizing.has_calls for sizing in self.sizings)

    @property
    def there(self) -> list[int]:
        """Number of members in each interval who are on duty anyway."""
        return [sizing.pool.least for sizing in self.sizings]  # type: ignore[union-attr]

    @property
    def enough(self) -> list[int]:
        """Number of members that each interval seems to need.

        It is the size that meets the target; if none does with 95 % confidence, the smallest
        one that comes about as close as the closest and answers about as many calls.
        """
        return [
            self._close(sizing) if sizing.members is None else sizing.members
            for sizing in self.sizings
        ]

    def _close(self, sizing: Sizing) -> int:
        found = sizing.closeness
        best = min(found.values())
        shortfall, lost = max(0.0, best.shortfall) + ABOUT, best.lost + ABOUT
        return min(
            members
            for members, each in found.items()
            if each.shortfall <= shortfall and each.lost <= lost
        )

    def need(self, raised: Sequence[int]) -> Need:
        """Return the need for `raised` members in each interval, those who are there included."""
        beside = [max(0, n - there) for n, there in zip(raised, self.there, strict=True)]
        losses = [self._losses(at, n) for at, n in enumerate(beside)]
        return Need(self.day, self.group, tuple(beside), tuple(losses))

    def _losses(self, at: int, beside: int) -> tuple[float, ...]:
        """Return the loss with 0, 1, ... members beside those who are there.

        It is the offered load times the share by which the sized interval misses
        its target, and a little more for each missing member, so that it falls strictly.
        """
        sizing, there, enough = self.sizings[at], self.there[at], self.enough[at]
        tried = {members: each.shortfall for members, each in sizing.closeness.items()}
        shares, share = [], 1.0
        for n in range(there, there + beside + 1):
            found = 0.0 if n >= enough else tried.get(n, share)
            share = min(share, 1.0 if math.isnan(found) else max(0.0, found))
            shares.append(share)
        rate = sizing.formulas.load or 1.0
        return tuple(rate * (each + STEP * (beside - k)) for k, each in enumerate(shares))


def slots_of(
    team: Team, targets: Mapping[str, Target], runner: Runner, studied: Callable[[Scenario], Study]
) -> tuple[Slot, ...]:
    """Return the slots of all days and groups; equal days are sized once."""
    found: list[Slot] = []
    seen: list[tuple[Scenario, str, tuple[Sizing, ...]]] = []
    for at, day in enumerate(team.days):
        for group in team.groups:
            scenario = team.sized(day, group)
            known = [sizings for s, g, sizings in seen if g == group and s == scenario]
            if not known:
                pool = pool_of(scenario, group, None, None, team.max_members(group))
                sizer = IntervalSizer(pool, targets[group], SIZING, runner, studied, day.width)
                known = [tuple(sizer.sizings(sizer.pools(day.n)))]
                seen.append((scenario, group, known[0]))
            found.append(Slot(at, group, targets[group], known[0]))
    return tuple(found)
