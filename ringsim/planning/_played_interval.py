"""Figures and verdict of one interval of the days played with a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ringsim.confidence import Estimate
from ringsim.metrics import Observations, metric_named
from ringsim.planning._evidence import Evidence, evidence_of
from ringsim.planning._goals import Errors, Goal, GroupView, Meets, overall_verdict
from ringsim.planning._sizing import as_columns
from ringsim.planning._target import Target

__all__ = ["PlayedInterval"]


@dataclass(frozen=True)
class PlayedInterval:
    """One interval of the days played with a plan, against a target.

    Attributes
    ----------
    target : Target
        The target of the interval.
    observations : Observations
        Sums of the days played, by interval, of one group.
    at : int
        Index of the interval.
    longest : callable
        Greatest possible mean speed of answer of a day [s], by the limit of the target [s].
    errors : Errors
        Error probabilities of the bounds and of the verdict.
    """

    target: Target
    observations: Observations
    at: int
    longest: Callable[[float], float]
    errors: Errors

    @cached_property
    def _seen(self) -> GroupView:
        group = self.observations.layout.group
        return GroupView(self.observations, group, [self.at], self.longest)

    @cached_property
    def _evidence(self) -> dict[str, Evidence]:
        return {goal.name: goal.evidence(self._seen) for goal in self.target.goals}

    @property
    def offered(self) -> float:
        """Mean number of calls that arrive."""
        return self._seen.offered / self.observations.replications

    @property
    def answered(self) -> float:
        """Share of the calls that arrive that are answered; NaN without calls."""
        return self._seen.answered.estimate().estimate

    @property
    def figures(self) -> list[float]:
        """Metric of each goal."""
        return [self._evidence[goal.name].estimate for goal in self.target.goals]

    @cached_property
    def meets(self) -> Meets:
        """Whether the interval meets the target; without calls it does."""
        if not self._seen.offered:
            return "yes"
        return overall_verdict([self._verdict(goal) for goal in self.target.goals])

    def _verdict(self, goal: Goal) -> Meets:
        """Return whether the interval meets a goal; several goals share the error of a `no`."""
        errors = self.errors._replace(no=self.errors.no / len(self.target.goals))
        return goal.verdict(self._evidence[goal.name], self._seen.offered, errors).meets

    def bounds(self, goal: Goal) -> Estimate:
        """Return the metric of a goal with one-sided bounds."""
        return goal.bounds(self._evidence[goal.name], self.errors)

    def shortfall(self, goal: Goal) -> float:
        """Return by how much the estimate of a goal misses its limit, relative to it."""
        return goal.shortfall(self._evidence[goal.name].estimate)

    def columns(self) -> dict[str, Any]:
        """Return the columns of a table: calls, metrics with bounds, and the verdict."""
        level = metric_named("service_level").figure(self._seen.calls, self.target.question)
        shown = {"service_level": level, "occupancy": self._seen.occupancy}
        evidence = self._evidence | {
            name: evidence_of(figure, 1.0) for name, figure in shown.items()
        }
        row: dict[str, Any] = {"offered": self.offered}
        for name, each in evidence.items():
            row |= as_columns(name, each.bounds(*self.errors))
        return row | {"meets": self.meets}
