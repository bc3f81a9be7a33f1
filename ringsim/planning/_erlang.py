"""Erlang B and C figures of a group, for comparison with simulated ones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ringsim import erlang
from ringsim.errors import ConfigurationError
from ringsim.planning._talk_times import talk_time_of_callers
from ringsim.planning._target import Target
from ringsim.scenario import Scenario

__all__ = ["ErlangFigures"]


@dataclass(frozen=True)
class ErlangFigures:
    """Figures of Erlang's formulas for one offered load; NaN without a load.

    The formulas assume that members answer at once and callers never give up.

    Parameters
    ----------
    load : float
        Offered load [erlang].
    handle_time : float
        Mean talk time and wrap-up time together [s].
    """

    load: float
    handle_time: float

    @classmethod
    def of(cls, scenario: Scenario, group: str) -> ErlangFigures:
        """Return the figures for the calls that arrive at a group, on all days of a week."""
        if group not in scenario.demand:
            return cls(0.0, 0.0)
        hours = scenario.hours * len(scenario.daily)
        calls_per_hour = scenario.expected_calls(group) / hours
        talk_time = talk_time_of_callers(scenario, group)
        handle_time = talk_time.mean() + scenario.demand[group].wrap_up_time.mean()
        return cls(calls_per_hour * handle_time / 3600, handle_time)

    def blocking(self, members: int) -> float:
        """Return the share of calls that find nobody free, if no call waits (Erlang B)."""
        return erlang.blocking(members, self.load) if self._has_load else math.nan

    def service_level(self, members: int, within: float) -> float:
        """Return the share of calls answered in time, if all wait in a queue (Erlang C)."""
        if not self._has_load:
            return math.nan
        if members == 0:
            return 0.0
        return erlang.service_level(members, self.load, within=within, handle_time=self.handle_time)

    def members(self, target: Target) -> int | None:
        """Return the fewest members that meet a target by the formulas; None if unknown.

        Waits use Erlang C, the answer rate uses Erlang B, the occupancy uses the load itself.
        There is no formula for abandonment and interruptions: a target of these alone is unknown.
        """
        try:
            return max(self._needed(target), default=None) if self._has_load else None
        except ConfigurationError:  # more members than the formulas take
            return None

    def _needed(self, target: Target) -> Iterator[int]:
        load, handle_time = self.load, self.handle_time
        if target.service_level is not None:
            yield erlang.members_for_service_level(
                load, target.service_level, within=target.within, handle_time=handle_time
            )
        if target.mean_speed_of_answer is not None:
            yield erlang.members_for_mean_speed_of_answer(
                load, target.mean_speed_of_answer, handle_time=handle_time
            )
        if target.answer_rate is not None:
            yield erlang.members_for_blocking(load, 1 - target.answer_rate)
        if target.occupancy is not None:
            yield math.ceil(load / target.occupancy - 1e-9)

    @property
    def _has_load(self) -> bool:
        """True if the load is positive and finite, as the formulas require."""
        return 0 < self.load < math.inf
