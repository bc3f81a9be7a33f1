"""What Erlang's formulas say of a group, beside what is simulated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ringsim import erlang
from ringsim.errors import ConfigurationError
from ringsim.planning._target import Target
from ringsim.scenario import Demand

__all__ = ["ErlangFigures"]


@dataclass(frozen=True)
class ErlangFigures:
    """Members who answer at once, callers who never give up; figures are NaN without a load.

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
    def of(cls, demand: Demand, calls_per_hour: float) -> ErlangFigures:
        """Of so many calls per hour of a demand."""
        handle_time = demand.talk_time.mean() + demand.wrap_up_time.mean()
        return cls(calls_per_hour * handle_time / 3600, handle_time)

    def blocking(self, members: int) -> float:
        """Erlang B: share of calls that find nobody free, if none waits."""
        return erlang.blocking(members, self.load) if self._is_one else math.nan

    def service_level(self, members: int, within: float) -> float:
        """Erlang C: share of calls answered in time, if all wait in line."""
        if not self._is_one:
            return math.nan
        if members == 0:
            return 0.0
        return erlang.service_level(members, self.load, within=within, handle_time=self.handle_time)

    def members(self, target: Target) -> int | None:
        """The fewest members by the formula for each metric of a target; None where none tells.

        Erlang C for waits, Erlang B for the answer rate, the load itself for the occupancy.
        """
        try:
            return max(self._needed(target)) if self._is_one else None
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
    def _is_one(self) -> bool:
        """Whether there is a load that the formulas take."""
        return 0 < self.load < math.inf
