"""Base class of `ringsim.CallLog`, `Result` and `Records`, with their tables of metrics."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

from ringsim._lazy import pd
from ringsim.confidence import Figure
from ringsim.errors import ConfigurationError
from ringsim.metrics._definitions import metric_named, shown_metrics
from ringsim.metrics._layouts import group_layout, interval_layout
from ringsim.metrics._member_metrics import estimate_columns, members
from ringsim.metrics._roster import Roster
from ringsim.metrics._summaries import calls_of, intervals, summary
from ringsim.metrics._sums import Layout, Observations
from ringsim.metrics._thresholds import Thresholds
from ringsim.scenario import Scenario

__all__ = ["WEEK", "Tables"]

WEEK = "week"  # row of all days together


class Tables(ABC):
    """Base class with tables of metrics, for one run or for many."""

    scenario: Scenario
    all_days: str = WEEK  # name of the row of all days together in `by_day`
    warm_up: float = 0.0  # calls that arrived earlier are left out of all tables [s]

    @property
    def has_declines(self) -> bool:
        """True if rings were declined, even if no person of the scenario declines by chance."""
        return False

    @abstractmethod
    def observed(self, layout: Layout) -> Observations:
        """Return the sums of the runs for a layout; the sums for the last layout are cached."""

    @property
    @abstractmethod
    def latest(self) -> float:
        """Instant [s] of the last arrival, or any later one."""

    @property
    def counts_callers(self) -> bool:
        """True if callers may try again, so that tables have metrics of callers, too."""
        return self.scenario.redials

    @cached_property
    def roster(self) -> Roster:
        """Groups, members and time on duty of the scenario."""
        return Roster(
            self.scenario,
            self.warm_up,
            has_declines=self.has_declines,
            counts_callers=self.counts_callers,
        )

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Weekdays that have tables of their own; empty without `days` in the scenario."""
        return self.scenario.days

    def on(self, day: str) -> Tables:
        """Return the same tables for one weekday.

        Raises
        ------
        ConfigurationError
            If it is not one of the scenario's `days`.
        """
        self.scenario.on(day)
        return self

    def figure(
        self,
        metric: str,
        group: str | None = None,
        question: Thresholds | None = None,
        *,
        day: str | None = None,
    ) -> Figure:
        """Return one metric of one group, or of all calls, ready to be estimated or compared.

        `day` takes one weekday in place of the whole week.

        Raises
        ------
        ConfigurationError
            If there is no such metric, group or day.
        """
        if day is not None:
            return self.on(day).figure(metric, group, question)
        defined, asked = metric_named(metric), question or Thresholds()
        calls = calls_of(self._by_group(asked), self.roster.index_of_group(group))
        return defined.figure(calls, asked)

    def summary(
        self,
        within: float = 20.0,
        group: str | None = None,
        *,
        day: str | None = None,
        variant: str = "offered",
        short: float = 5.0,
        target: float = 0.8,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Return every metric with its confidence interval over replications.

        If the scenario has `days`, a replication is a week, and counts are sums of its days.

        Parameters
        ----------
        within : float, default 20
            Threshold of the service level [s].
        group : str, optional
            Number of a group, to count only the calls that arrived at it; all calls by default.
            Calls that other groups forward to it count as `received` and `answered_here`.
        day : str, optional
            Weekday, such as `"mon"`, to count only the calls of this day; by default those of
            all of the scenario's days.
        variant : str, default "offered"
            Way to count the service level: `offered`, `ignore_abandoned_within`,
            `credit_abandoned_within`, `answered_only` or `short_excluded`.
        short : float, default 5
            Longest wait [s] of a short abandoned call.
        target : float, default 0.8
            Service level that a day must reach to count for `p_target_met`.
        level : float, default 0.95
            Confidence level of the intervals.

        Returns
        -------
        DataFrame
            Indexed by `metric`, with `estimate`, `low`, `high` and `note`. Counts are means
            per replication. A rate whose denominator is 0 is NaN, and so are the bounds of
            one replication. `note` has short codes, so that the table prints in 80 columns:

            - `few events`: too few events to trust the interval
            - `same`: the same in every replication
            - `20 s`: threshold of the metric; for the service level followed by its variant
              (`ignore`, `credit`, `answered`, `short`), unless it is `offered`
            - `>= 0.8`: service level that a day must reach; `>= 0.8 weekly`: that a week must
            - `2 out`: two days, or weeks, were left out, as they had no calls that count

        Raises
        ------
        ConfigurationError
            If there is no such group, day or variant, or if a threshold is invalid.

        Notes
        -----
        The metrics, with their units:

        - `offered` [calls]: calls that arrived
        - `answered` [calls]: calls answered, here or elsewhere
        - `abandoned` [calls]: calls whose caller gave up
        - `overflowed` [calls]: calls ended by a no-answer rule
        - `blocked` [calls]: calls that overflowed without a ring; part of overflowed
        - `short_abandon` [calls]: calls abandoned within the short threshold; part of abandoned
        - `answer_rate` [rate]: answered / offered
        - `abandonment_rate` [rate]: abandoned / offered
        - `overflow_rate` [rate]: overflowed / offered
        - `service_level` [rate]: answered within the threshold / offered, or another variant
        - `p_target_met` [rate]: share of replications whose service level reached the target
        - `mean_speed_of_answer` [s]: sum of waits of answered calls / answered
        - `mean_wait` [s]: sum of waits / offered
        - `wait_p50` [s]: median wait of all calls
        - `wait_p90` [s]: 90th percentile of the wait of all calls
        - `wait_p95` [s]: 95th percentile of the wait of all calls
        - `answer_wait_p50` [s]: median wait of answered calls
        - `answer_wait_p90` [s]: 90th percentile of the wait of answered calls
        - `answer_wait_p95` [s]: 95th percentile of the wait of answered calls
        - `mean_time_to_abandon` [s]: sum of waits of abandoned calls / abandoned
        - `mean_time_to_overflow` [s]: sum of waits of overflowed calls / overflowed
        - `rings_per_call` [rings]: phones rung / offered
        - `rings_per_answer` [rings]: phones rung / answered
        - `ring_no_answer_rate` [rate]: rings that ran their full time unanswered / rings
        - `offered_load` [erlang]: arrival rate x mean handle time of answered calls
        - `received` [calls]: calls that entered the group, by arrival or forward
        - `answered_here` [calls]: calls answered in the group, wherever they arrived
        - `answer_rate_of_received` [rate]: answered here / received
        - `no_candidate_rate` [rate]: visits that at first found nobody to ring / received
        - `interruptions_per_hour` [1/h]: rings of the group on its members' phones, within hours
          / their hours on duty
        - `fairness` [index]: Jain's index of answered calls per hour on duty over the members
        - `line_wait` [s]: time in line until the first ring or the end of the visit / visits in
          line
        - `longest_line` [calls]: greatest number of callers in line, in the longest line
        - `queue_full_rate` [rate]: visits turned away from a full line / received
        - `declined_rate` [rate]: rings that were declined / rings
        - `pause_time` [s]: time on duty that members are paused after missed rings, within hours

        The last five need options, and are rows only if the scenario can have them: a line
        (`wait_in_line`), a line with a limit (`max_queue_length`), rings that are declined, and
        automatic pauses (`auto_pause_after`).

        If callers may try again (`Demand.redial`), each attempt is a call of the metrics
        above, and there are metrics of callers. A caller counts once, with all attempts, where
        and when the first attempt arrived:

        - `callers` [calls]: callers: calls without later attempts
        - `caller_answer_rate` [rate]: callers answered in the end, at some attempt / callers
        - `attempts_per_caller` [attempts]: attempts of the callers / callers
        - `mean_time_to_reach` [s]: mean time from the first attempt to the answer, over callers
          answered in the end
        - `first_answer_rate` [rate]: first attempts answered / callers
        - `first_abandonment_rate` [rate]: first attempts abandoned / callers
        - `first_overflow_rate` [rate]: first attempts overflowed / callers
        - `first_service_level` [rate]: first attempts answered within the threshold / callers

        The variants of the service level:

        - `offered`: answered within the threshold / offered
        - `ignore_abandoned_within`: answered within / (offered - abandoned within)
        - `credit_abandoned_within`: (answered within + abandoned within) / offered
        - `answered_only`: answered within / answered
        - `short_excluded`: answered within / (offered - short abandons)
        """
        thresholds = Thresholds(within, variant, short, target, level)
        if day is not None:
            return self.on(day).summary(group=group, **vars(thresholds))
        return summary(self._by_group(thresholds), thresholds, self.roster.index_of_group(group))

    def by_day(
        self,
        within: float = 20.0,
        group: str | None = None,
        *,
        variant: str = "offered",
        short: float = 5.0,
        target: float = 0.8,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Return every metric by weekday, and for the whole week.

        Parameters
        ----------
        within, group, variant, short, target, level
            As in `summary`.

        Returns
        -------
        DataFrame
            Indexed by `day`: a row for each of the scenario's `days`, then `week`. Each metric
            has three columns: `answer_rate`, `answer_rate_low` and `answer_rate_high`; `note`
            lists the metrics with few events. The replication is the unit of all intervals, so
            that those of the week allow for days that are busy together.
            `attrs["service_level"]` says how the service level was counted.

        Raises
        ------
        ConfigurationError
            If the scenario has no days, or as in `summary`.
        """
        thresholds = Thresholds(within, variant, short, target, level)
        if not self.weekdays:
            raise ConfigurationError(
                "by_day()", "must have days", hint='Give the scenario days=["mon", "tue"].'
            )
        rows = {
            name: estimate_columns(
                (metric, self.figure(metric, group, thresholds, day=day).estimate(level))
                for metric in shown_metrics(self.roster)
            )
            for name, day in [*((day, day) for day in self.weekdays), (self.all_days, None)]
        }
        frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("day")
        frame.attrs["service_level"] = thresholds.note
        return frame

    def members(self, *, day: str | None = None, level: float = 0.95) -> pd.DataFrame:
        """Return the metrics of members, with a row per group and member.

        Parameters
        ----------
        day : str, optional
            As in `summary`.
        level : float, default 0.95
            Confidence level of the intervals.

        Returns
        -------
        DataFrame
            Indexed by `group` and `member`, in the configured order. Each metric has three
            columns: `rung`, `rung_low`, `rung_high`. Counts are means per replication and
            concern the group of the row. Shares are of a person's time on duty within
            [0, 3600 hours); they include all groups and own calls, so that all rows of a
            person have the same shares. `note` lists the metrics with few events.

        Notes
        -----
        The metrics:

        - `rung`: rings of this group on this phone, without pages
        - `answered`: rings that the member answered
        - `ring_no_answer`: rings that ran their full time unanswered
        - `paged`: pages of this group that reached this phone
        - `answer_share`: answered / answered by all members of the group
        - `interruptions_per_hour`: rings and pages within hours / hours on duty
        - `talk_share`: share of duty on a call, of any group or their own
        - `ring_share`: share of duty in which the phone rings
        - `wrap_up_share`: share of duty in wrap-up and not on a call
        - `occupancy`: talk_share + wrap_up_share
        - `declined`: rings that the member declined
        - `pause_time`: time on duty [s] that the member is paused for this group, within hours

        The last two are columns only if the scenario has rings that are declined, and automatic
        pauses (`auto_pause_after`).
        """
        thresholds = Thresholds(level=level)
        if day is not None:
            return self.on(day).members(level=level)
        return members(self._by_group(thresholds), thresholds.level)

    def intervals(
        self,
        width: float = 1800.0,
        group: str | None = None,
        *,
        day: str | None = None,
        within: float = 20.0,
        variant: str = "offered",
        short: float = 5.0,
        target: float = 0.8,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Return the metrics by interval of arrival.

        Parameters
        ----------
        width : float, default 1800
            Length of the intervals [s].
        group, day, within, variant, short, target, level
            As in `summary`.

        Returns
        -------
        DataFrame
            Indexed by `starts_at` [s], with `ends_at`, three columns for each metric and
            `note`, as in `members`. Intervals that end before the warm-up are left out, and so
            are attempts of callers who try again after the last interval. For several days, the
            index is `day` and `starts_at`. `attrs["service_level"]` says how the service level
            was counted: `within 20 s, offered`.
        """
        thresholds = Thresholds(within, variant, short, target, level)
        if day is not None or self.roster.is_week:
            asked = vars(thresholds)
            if day is not None:
                return self.on(day).intervals(width, group, **asked)
            days = self.scenario.days
            by_day = {each: self.on(each).intervals(width, group, **asked) for each in days}
            return pd.concat(by_day, names=["day"])
        layout = interval_layout(
            self.roster,
            self.latest,
            thresholds,
            width=width,
            group=self.roster.index_of_group(group),
        )
        return intervals(self.observed(layout), thresholds)

    def _by_group(self, thresholds: Thresholds) -> Observations:
        return self.observed(group_layout(self.roster, thresholds))
