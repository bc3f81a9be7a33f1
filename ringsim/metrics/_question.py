"""What a summary must be told: thresholds, and which of the service levels in use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ringsim.checks import is_number
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.metrics._calls import Calls, Floats

__all__ = ["VARIANTS", "Question", "Variant", "short_abandoned"]


@dataclass(frozen=True)
class Question:
    """What some metrics must be told.

    Parameters
    ----------
    within : float, default 20
        Threshold of the service level [s].
    variant : str, default "offered"
        Which service level, one of `VARIANTS`.
    short : float, default 5
        An abandoned call is short when its wait is within this [s].
    target : float, default 0.8
        Service level that `p_target_met` asks for.
    level : float, default 0.95
        Confidence level of the intervals.

    Raises
    ------
    ConfigurationError
        When one of them cannot be.
    """

    within: float = 20.0
    variant: str = "offered"
    short: float = 5.0
    target: float = 0.8
    level: float = 0.95

    def __post_init__(self) -> None:
        for name in ("within", "short"):
            value = getattr(self, name)
            if not is_number(value) or not value >= 0:
                raise ConfigurationError(name, "must be a number of seconds, at least 0", value)
        if self.variant not in VARIANTS:
            raise ConfigurationError(
                "variant",
                f"must be one of {', '.join(VARIANTS)}",
                self.variant,
                did_you_mean(self.variant, VARIANTS),
            )
        if not is_number(self.target) or not 0 <= self.target <= 1:
            raise ConfigurationError("target", "must be between 0 and 1", self.target)
        if not is_number(self.level) or not 0 < self.level < 1:
            raise ConfigurationError("level", "must be between 0 and 1", self.level)


@dataclass(frozen=True)
class Variant:
    """One way to count a service level: answered within the threshold over what."""

    definition: str
    events: Callable[[Calls, Question], Floats]
    cases: Callable[[Calls, Question], Floats]


def _answered_within(calls: Calls, question: Question) -> Floats:
    return calls.count(calls.is_answered & calls.within(question.within))


def _abandoned_within(calls: Calls, question: Question) -> Floats:
    return calls.count(calls.is_abandoned & calls.within(question.within))


def short_abandoned(calls: Calls, question: Question) -> Floats:
    return calls.count(calls.is_abandoned & calls.within(question.short))


VARIANTS: dict[str, Variant] = {
    "offered": Variant(
        "answered within the threshold / offered",
        _answered_within,
        lambda calls, question: calls.offered,
    ),
    "ignore_abandoned_within": Variant(
        "answered within / (offered - abandoned within)",
        _answered_within,
        lambda calls, question: calls.offered - _abandoned_within(calls, question),
    ),
    "credit_abandoned_within": Variant(
        "(answered within + abandoned within) / offered",
        lambda calls, question: (
            _answered_within(calls, question) + _abandoned_within(calls, question)
        ),
        lambda calls, question: calls.offered,
    ),
    "answered_only": Variant(
        "answered within / answered",
        _answered_within,
        lambda calls, question: calls.answered,
    ),
    "short_excluded": Variant(
        "answered within / (offered - short abandons)",
        _answered_within,
        lambda calls, question: calls.offered - short_abandoned(calls, question),
    ),
}
