"""The tables of metrics, the same of one run and of many.

`Tables`
    What `ringsim.CallLog` and `ringsim.Result` have in common.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

import pandas as pd

from ringsim.confidence import Figure
from ringsim.metrics import (
    Layout,
    Observations,
    Question,
    Roster,
    calls_of,
    group_layout,
    interval_layout,
    intervals,
    members,
    metric_named,
    summary,
)
from ringsim.scenario import Scenario

__all__ = ["Tables"]


class Tables(ABC):
    """The tables of metrics, of one run or of many alike."""

    scenario: Scenario

    @abstractmethod
    def observed(self, layout: Layout) -> Observations:
        """The runs reduced to their sums; kept, as long as no others are asked for."""

    @property
    @abstractmethod
    def latest(self) -> float:
        """Last instant of arrival [s], or an instant after it."""

    @cached_property
    def roster(self) -> Roster:
        """Who is a member of what."""
        return Roster(self.scenario)

    def figure(
        self, metric: str, group: str | None = None, question: Question | None = None
    ) -> Figure:
        """One metric of the calls of one group, or of all, to be estimated or compared.

        Raises
        ------
        ConfigurationError
            When there is no such metric or group.
        """
        defined, asked = metric_named(metric), question or Question()
        calls = calls_of(self._by_group(asked), self.roster.place_of(group))
        return defined.figure(calls, asked)

    def summary(
        self,
        within: float = 20.0,
        group: str | None = None,
        *,
        variant: str = "offered",
        short: float = 5.0,
        target: float = 0.8,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Every metric, with its confidence interval over replications.

        Parameters
        ----------
        within : float, default 20
            Threshold of the service level [s].
        group : str, optional
            Number of a group: of its calls only, those that arrived at it. All, unless given.
        variant : str, default "offered"
            Which service level: `offered`, `ignore_abandoned_within`,
            `credit_abandoned_within`, `answered_only` or `short_excluded`.
        short : float, default 5
            An abandoned call is short when its wait is within this [s].
        target : float, default 0.8
            Service level that `p_target_met` asks for.
        level : float, default 0.95
            Confidence level of the intervals.

        Returns
        -------
        DataFrame
            Indexed by `metric`, with `estimate`, `low`, `high` and `note`. Counts are means
            per replication. A rate whose denominator is 0 is NaN, and so are the bounds of
            one replication. `note` says `few events` where the interval is not to be
            trusted.

        Raises
        ------
        ConfigurationError
            When there is no such group or variant, or a threshold cannot be.
        """
        question = Question(within, variant, short, target, level)
        return summary(
            self._by_group(question),
            question,
            self.roster.place_of(group),
        )

    def members(self, *, level: float = 0.95) -> pd.DataFrame:
        """What members experienced: a row per group and member.

        Parameters
        ----------
        level : float, default 0.95
            Confidence level of the intervals.

        Returns
        -------
        DataFrame
            Indexed by `group` and `member`, in the configured order. Each metric has three
            columns: `rung`, `rung_low`, `rung_high`. Counts are means per replication, of
            this group; shares are of a person's time on duty within [0, 3600 hours), over
            all groups and their own calls, and so the same in each of their rows. `note`
            names the metrics with few events.
        """
        question = Question(level=level)
        return members(self._by_group(question), question.level)

    def intervals(
        self,
        width: float = 1800.0,
        group: str | None = None,
        *,
        within: float = 20.0,
        variant: str = "offered",
        short: float = 5.0,
        target: float = 0.8,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Metrics by interval of arrival.

        Parameters
        ----------
        width : float, default 1800
            Length of the intervals [s].
        group, within, variant, short, target, level
            As in `summary`.

        Returns
        -------
        DataFrame
            Indexed by `starts_at` [s], with `ends_at`, three columns for each metric and
            `note`, as in `members`.
        """
        question = Question(within, variant, short, target, level)
        layout = interval_layout(
            self.roster, self.latest, question, width=width, group=self.roster.place_of(group)
        )
        return intervals(self.observed(layout), question)

    def _by_group(self, question: Question) -> Observations:
        return self.observed(group_layout(self.roster, question))
