"""Sizing of the intervals of one day, each as a steady period of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ringsim.metrics import Layout, Roster, interval_layout
from ringsim.planning._erlang import ErlangFigures
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import GroupView
from ringsim.planning._on_duty import IntervalPool, interval_pool_of
from ringsim.planning._pool import MemberPool
from ringsim.planning._runner import Runner
from ringsim.planning._search import Checkpoints, Search, SizeResult
from ringsim.planning._sizing import Sizing
from ringsim.planning._steady_state import SteadyPeriod, end_of, steady_scenario
from ringsim.planning._study import Study
from ringsim.planning._target import Target
from ringsim.scenario import Scenario

__all__ = ["IntervalSizer"]


@dataclass(frozen=True)
class IntervalSizer:
    """Sizing of the intervals of one day, with the settings that all intervals share."""

    pool: MemberPool
    target: Target
    checkpoints: Checkpoints
    runner: Runner
    studied: Callable[[Scenario], Study]
    width: float

    @cached_property
    def stretch(self) -> SteadyPeriod:
        """The steady period in which each interval is sized."""
        return SteadyPeriod.of(self.pool.scenario, self.width)

    def pools(self, n: int) -> list[IntervalPool]:
        """Return the pool of each of the first `n` intervals."""
        found = []
        for start in (at * self.width for at in range(n)):
            scenario = steady_scenario(self.pool.scenario, start, self.width, self.stretch.hours)
            end = end_of(self.pool.scenario, start, self.width)
            found.append(interval_pool_of(self.pool, scenario, start, end))
        return found

    def sizings(self, pools: Sequence[IntervalPool]) -> list[Sizing]:
        """Return the sizing of each interval; equal intervals are sized once."""
        found: list[Sizing] = []
        for at, interval in enumerate(pools):
            alike = pools.index(interval)
            found.append(found[alike] if alike < at else self._sizing(interval))
        return found

    def _sizing(self, interval: IntervalPool) -> Sizing:
        group, goals = self.pool.group, self.target.goals
        if interval.scenario.expected_calls(group) > 0:
            layout = self.layout(self.studied(interval.scenario))
            view = partial(GroupView, place=layout.group, cells=self.stretch.measured)

            def sized(members: int) -> Study:
                return self.studied(interval.sized(members))

            search = Search(sized, goals, self.checkpoints, layout, view, self.runner)
            tried = search.upwards(interval.max_members, interval.least)
        else:
            unknown = (Evidence(),) * len(goals)
            errors = self.checkpoints.errors(0, len(goals))
            tried = [SizeResult(interval.least, "yes", 0, 0.0, unknown, errors, math.nan, math.nan)]
        formulas = ErlangFigures.of(interval.scenario, group)
        return Sizing(group, self.target, tuple(tried), interval, formulas)

    def layout(self, study: Study) -> Layout:
        """Return the layout that counts the group's calls by interval."""
        roster, thresholds = Roster(study.scenario), self.target.question
        place = roster.index_of_group(self.pool.group)
        return interval_layout(roster, study.latest, thresholds, width=self.width, group=place)
