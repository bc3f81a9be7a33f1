"""Thresholds of metrics, and the variants of the service level in common use."""

from __future__ import annotations

from dataclasses import dataclass

from ringsim._checks import as_float, is_number, seconds_of
from ringsim.errors import ConfigurationError, check_choice
from ringsim.metrics._calls import Calls, Floats

__all__ = ["VARIANTS", "Thresholds", "Variant"]


@dataclass(frozen=True)
class Thresholds:
    """Thresholds and options of metrics.

    Parameters
    ----------
    within : float, default 20
        Threshold of the service level [s].
    variant : str, default "offered"
        Way to count the service level: a key of `VARIANTS`.
    short : float, default 5
        Longest wait [s] of a short abandoned call.
    target : float, default 0.8
        Service level that a day must reach to count for `p_target_met`.
    level : float, default 0.95
        Confidence level of the intervals.

    Raises
    ------
    ConfigurationError
        If a field is invalid.
    """

    within: float = 20.0
    variant: str = "offered"
    short: float = 5.0
    target: float = 0.8
    level: float = 0.95

    def __post_init__(self) -> None:
        for name in ("within", "short"):
            value = seconds_of(getattr(self, name))
            if not is_number(value) or not value >= 0:
                raise ConfigurationError(name, "must be a number of seconds, at least 0", value)
            object.__setattr__(self, name, as_float(value))  # a whole number may be beyond floats
        check_choice("variant", self.variant, VARIANTS)
        if not is_number(self.target) or not 0 <= self.target <= 1:
            raise ConfigurationError("target", "must be between 0 and 1", self.target)
        if not is_number(self.level) or not 0 < self.level < 1:
            raise ConfigurationError("level", "must be between 0 and 1", self.level)


@dataclass(frozen=True)
class Variant:
    """One way to count a service level: `events` / (`cases` - `without`).

    Each of the three is a list of `CALL_SUMS` that are added up.
    """

    definition: str
    events: tuple[str, ...]
    cases: tuple[str, ...]
    without: tuple[str, ...] = ()

    def counts(self, calls: Calls) -> tuple[Floats, Floats]:
        """Return numerator and denominator of the service level, each by replication."""
        return calls.of(*self.events), calls.of(*self.cases) - calls.of(*self.without)


VARIANTS: dict[str, Variant] = {
    "offered": Variant(
        "answered within the threshold / offered", ("answered_within",), ("offered",)
    ),
    "ignore_abandoned_within": Variant(
        "answered within / (offered - abandoned within)",
        ("answered_within",),
        ("offered",),
        ("abandoned_within",),
    ),
    "credit_abandoned_within": Variant(
        "(answered within + abandoned within) / offered",
        ("answered_within", "abandoned_within"),
        ("offered",),
    ),
    "answered_only": Variant("answered within / answered", ("answered_within",), ("answered",)),
    "short_excluded": Variant(
        "answered within / (offered - short abandons)",
        ("answered_within",),
        ("offered",),
        ("short_abandoned",),
    ),
}
