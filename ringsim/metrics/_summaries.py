"""Tables of metrics, the same of one run and of many.

`Tables`
    What `ringsim.CallLog` and `ringsim.Result` have in common.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import pandas as pd

from ringsim._checks import as_float, is_number
from ringsim.confidence import Estimate, Figure
from ringsim.errors import ConfigurationError
from ringsim.metrics._calls import Calls
from ringsim.metrics._definitions import METRICS, metric_named
from ringsim.metrics._member_metrics import estimate_columns, members
from ringsim.metrics._roster import Roster
from ringsim.metrics._sums import Layout, Observations
from ringsim.metrics._thresholds import Thresholds
from ringsim.scenario import Scenario

__all__ = ["Tables", "calls_of", "group_layout", "interval_layout", "intervals", "summary"]


MOST_INTERVALS = 10_080  # the minutes of a week


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
        self, metric: str, group: str | None = None, question: Thresholds | None = None
    ) -> Figure:
        """One metric of the calls of one group, or of all, to be estimated or compared.

        Raises
        ------
        ConfigurationError
            When there is no such metric or group.
        """
        defined, asked = metric_named(metric), question or Thresholds()
        calls = calls_of(self._by_group(asked), self.roster.index_of_group(group))
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
            If there is no such group or variant, or if a threshold is invalid.

        Notes
        -----
        The metrics of a group are those of the calls that arrived at it. A rate without cases is
        NaN. The metrics, with their units:

        - `offered` [calls]: calls that arrived
        - `answered` [calls]: calls answered, here or elsewhere
        - `abandoned` [calls]: callers who gave up
        - `overflowed` [calls]: calls that a no-answer rule ended
        - `blocked` [calls]: overflowed without one ring; part of overflowed
        - `short_abandon` [calls]: abandoned within the short threshold; part of abandoned
        - `answer_rate` [rate]: answered / offered
        - `abandonment_rate` [rate]: abandoned / offered
        - `overflow_rate` [rate]: overflowed / offered
        - `service_level` [rate]: answered within a threshold / offered, or a variant
        - `p_target_met` [rate]: share of replications whose service level reached the target
        - `mean_speed_of_answer` [s]: sum of waits of answered calls / answered
        - `mean_wait` [s]: sum of waits / offered
        - `wait_p50` [s]: median wait of all calls
        - `wait_p90` [s]: 90th percentile of the same
        - `wait_p95` [s]: 95th percentile of the same
        - `answer_wait_p50` [s]: median wait of answered calls
        - `answer_wait_p90` [s]: 90th percentile of the same
        - `answer_wait_p95` [s]: 95th percentile of the same
        - `mean_time_to_abandon` [s]: sum of waits of abandoned calls / abandoned
        - `mean_time_to_overflow` [s]: sum of waits of overflowed calls / overflowed
        - `rings_per_call` [rings]: phones rung / offered
        - `rings_per_answer` [rings]: phones rung / answered
        - `ring_no_answer_rate` [rate]: rings that ran their full time unanswered / rings
        - `offered_load` [erlang]: arrival rate x mean handle time of answered calls
        - `received` [calls]: calls that entered the group, by arrival or forward
        - `answered_here` [calls]: calls answered in the group, wherever they arrived
        - `no_candidate_rate` [rate]: visits whose first look found nobody to ring / received
        - `interruptions_per_hour` [rings]: rings of the group's members by the group, within hours
          / their hours on duty
        - `fairness` [index]: Jain's index of answered calls per hour on duty over the members

        The variants of the service level:

        - `offered`: answered within the threshold / offered
        - `ignore_abandoned_within`: answered within / (offered - abandoned within)
        - `credit_abandoned_within`: (answered within + abandoned within) / offered
        - `answered_only`: answered within / answered
        - `short_excluded`: answered within / (offered - short abandons)
        """
        question = Thresholds(within, variant, short, target, level)
        return summary(
            self._by_group(question),
            question,
            self.roster.index_of_group(group),
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

        Notes
        -----
        The metrics:

        - `rung`: rings of this group on this phone, pages apart
        - `answered`: of these, answered
        - `ring_no_answer`: of these, unanswered for their full time
        - `paged`: pages of this group that reached this phone
        - `answer_share`: answered / answered by all members of the group
        - `interruptions_per_hour`: rings and pages within hours / hours on duty
        - `talk_share`: share of duty on a call, of all groups and their own
        - `ring_share`: share of duty in which the phone rings
        - `wrap_up_share`: share of duty in wrap-up and not on a call
        - `occupancy`: talk_share + wrap_up_share
        """
        question = Thresholds(level=level)
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
        question = Thresholds(within, variant, short, target, level)
        layout = interval_layout(
            self.roster, self.latest, question, width=width, group=self.roster.index_of_group(group)
        )
        return intervals(self.observed(layout), question)

    def _by_group(self, question: Thresholds) -> Observations:
        return self.observed(group_layout(self.roster, question))


def summary(observations: Observations, question: Thresholds, group: int | None) -> pd.DataFrame:
    """Every metric of the calls of one group, or of all: see `Result.summary`."""
    calls = calls_of(observations, group)
    rows = [metric.figure(calls, question).estimate(question.level) for metric in METRICS.values()]
    return pd.DataFrame(rows, index=pd.Index(METRICS, name="metric"), columns=Estimate._fields)


def calls_of(observations: Observations, group: int | None) -> Calls:
    """The calls of one group, or of all, of observations by group."""
    cells = range(observations.layout.n_cells) if group is None else [group]
    return Calls(observations, cells, group)


def group_layout(roster: Roster, question: Thresholds) -> Layout:
    """How calls are counted by group."""
    return Layout(len(roster.groups), as_float(question.within), as_float(question.short))


def interval_layout(roster: Roster, latest: float, question: Thresholds, **chosen: Any) -> Layout:
    """How calls are counted by interval of arrival.

    Parameters
    ----------
    roster : Roster
        Whose hours.
    latest : float
        Last instant of arrival [s].
    question : Question
        With the thresholds.
    chosen : width, group
        See `Result.intervals`.
    """
    width, group = chosen["width"], chosen["group"]
    if not is_number(width) or not 0 < width < math.inf:
        raise ConfigurationError("width", "must be a positive number of seconds", width)
    end = roster.end
    whole = max(end, latest)
    if whole / width > MOST_INTERVALS:
        raise ConfigurationError(
            "width", f"must make at most {MOST_INTERVALS} intervals of {whole:g} s", width
        )
    n = max(math.ceil(end / width), math.floor(latest / width) + 1 if latest >= 0 else 0)
    place = -1 if group is None else group
    within, short = as_float(question.within), as_float(question.short)
    return Layout(n, within, short, float(width), place)


def intervals(observations: Observations, question: Thresholds) -> pd.DataFrame:
    """Metrics by interval of arrival, of observations by interval: see `Result.intervals`."""
    layout = observations.layout
    group = None if layout.group < 0 else layout.group
    asked = {name: metric for name, metric in METRICS.items() if metric.of_any_calls}
    rows = []
    for place in range(layout.n_cells):
        calls = Calls(observations, [place], group)
        figures = (
            (name, metric.figure(calls, question).estimate(question.level))
            for name, metric in asked.items()
        )
        rows.append({"ends_at": (place + 1) * layout.width} | estimate_columns(figures))
    starts = pd.Index([place * layout.width for place in range(layout.n_cells)], name="starts_at")
    return pd.DataFrame(rows, index=starts)
