"""Target for a group: the limits of one or several metrics."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ringsim._checks import as_float, is_number, seconds_of
from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS, Thresholds
from ringsim.planning._goals import Goal

__all__ = ["Target", "percent"]

NUMBERS = (
    "service_level",
    "answer_rate",
    "p_target_met",
    "mean_speed_of_answer",
    "occupancy",
    "abandonment_rate",
    "interruptions_per_hour",
    "within",
)
LEVELS = ("service_level", "p_target_met")
REWARD_LOSSES = ("mean_speed_of_answer", "abandonment_rate")  # and levels of some calls only
SHARES = ("service_level", "p_target_met", "answer_rate", "occupancy", "abandonment_rate")


@dataclass(frozen=True, kw_only=True)
class Target:
    """A target for a group: limits of one or several metrics, all of which must be met.

    Parameters
    ----------
    service_level : float, optional
        Smallest share of calls answered within `within` seconds.
    within : float, default 20
        Threshold of the service level [s].
    variant : str, default "offered"
        Definition of the service level, as in `Result.summary`.
    p_target_met : float, optional
        Smallest share of days that reach the service level. If given, the service level is
        judged day by day instead of over all days together.
    answer_rate : float, optional
        Smallest share of calls answered.
    mean_speed_of_answer : float, optional
        Greatest mean wait of answered calls [s].
    occupancy : float, optional
        Greatest share of the members' time on duty that they spend on calls or in wrap-up,
        counting calls of all groups and their own calls.
    abandonment_rate : float, optional
        Greatest share of callers who give up.
    interruptions_per_hour : float, optional
        Greatest number of rings of the group on a member's phone, per hour on duty.

    Raises
    ------
    ConfigurationError
        If no metric is given, or an argument is invalid.

    Examples
    --------
    >>> print(Target(service_level=0.8, within=15, occupancy=0.75))
    a service level of at least 80 % within 15 s and an occupancy of at most 75 %
    >>> Target(service_level=80)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: service_level must be above 0 and below 1, got 80. Write ...
    """

    service_level: float | None = None
    within: float = 20.0
    variant: str = "offered"
    p_target_met: float | None = None
    answer_rate: float | None = None
    mean_speed_of_answer: float | None = None
    occupancy: float | None = None
    abandonment_rate: float | None = None
    interruptions_per_hour: float | None = None

    def __post_init__(self) -> None:
        for name in ("within", "mean_speed_of_answer"):
            object.__setattr__(self, name, seconds_of(getattr(self, name)))
        for name in SHARES:
            share = getattr(self, name)
            if share is not None and (not is_number(share) or not 0 < share < 1):
                raise ConfigurationError(
                    name, "must be above 0 and below 1", share, _share_hint(share)
                )
        _check_positive("mean_speed_of_answer", self.mean_speed_of_answer, " of seconds")
        _check_positive("interruptions_per_hour", self.interruptions_per_hour)
        if self.p_target_met is not None and self.service_level is None:
            raise ConfigurationError(
                "p_target_met", "must be given beside a service_level", self.p_target_met
            )
        _ = self.question
        for name in NUMBERS:  # any kind of number becomes a float
            object.__setattr__(self, name, as_float(getattr(self, name)))
        if not self.goals:
            raise ConfigurationError(
                "target",
                "must have a service_level, an answer_rate, a mean_speed_of_answer, an occupancy, "
                "an abandonment_rate or interruptions_per_hour",
            )

    @property
    def question(self) -> Thresholds:
        """Thresholds of its metrics."""
        reached = 0.8 if self.service_level is None else self.service_level
        return Thresholds(self.within, self.variant, target=reached)

    @property
    def goals(self) -> tuple[Goal, ...]:
        """One goal for each metric."""
        found = []
        if self.service_level is not None:
            variant = "" if self.variant == "offered" else f" ({self.variant})"
            words = f"a service level{variant} of at least {percent(self.service_level)} within "
            words += f"{self.within:g} s"
            if self.p_target_met is None:
                found.append(self._goal("service_level", self.service_level, words))
            else:
                words += f" on at least {percent(self.p_target_met)} of days"
                found.append(self._goal("p_target_met", self.p_target_met, words))
        if self.answer_rate is not None:
            words = f"an answer rate of at least {percent(self.answer_rate)}"
            found.append(self._goal("answer_rate", self.answer_rate, words))
        if self.mean_speed_of_answer is not None:
            words = f"a mean speed of answer of at most {self.mean_speed_of_answer:g} s"
            found.append(self._goal("mean_speed_of_answer", self.mean_speed_of_answer, words))
        if self.occupancy is not None:
            words = f"an occupancy of at most {percent(self.occupancy)}"
            found.append(
                Goal("occupancy", self.occupancy, True, words, lambda seen: seen.occupancy)
            )
        if self.abandonment_rate is not None:
            words = f"an abandonment rate of at most {percent(self.abandonment_rate)}"
            found.append(self._goal("abandonment_rate", self.abandonment_rate, words))
        if self.interruptions_per_hour is not None:
            words = f"at most {self.interruptions_per_hour:g} interruptions per hour"
            found.append(self._goal("interruptions_per_hour", self.interruptions_per_hour, words))
        return tuple(found)

    def _goal(self, name: str, limit: float, words: str) -> Goal:
        metric, thresholds = METRICS[name], self.question
        return Goal(
            name,
            limit,
            metric.better == "lower",
            words,
            lambda seen: metric.figure(seen.calls, thresholds),
            name in REWARD_LOSSES or (name in LEVELS and self.variant != "offered"),
        )

    def __str__(self) -> str:
        return " and ".join(goal.words for goal in self.goals)


def _check_positive(name: str, value: object, of: str = "") -> None:
    if value is not None and (not is_number(value) or not 0 < as_float(value) < math.inf):
        raise ConfigurationError(name, f"must be a positive number{of}", value)


def _share_hint(given: object) -> str:
    """Return how to write a share that was given in percent, or with its threshold."""
    if is_number(given) and 1 < as_float(given) < 100:
        return f"Write {as_float(given) / 100:g} for {as_float(given):g} %."
    if isinstance(given, str):
        return "Write 0.8, and within=20." if "/" in given else "Write 0.8 for 80 %."
    return ""


def percent(share: float) -> str:
    """Return a share as a percentage: `80 %`, `99.5 %`."""
    return f"{100 * share:.4g} %"
