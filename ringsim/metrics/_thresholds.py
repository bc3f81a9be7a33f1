"""Thresholds and options of metrics."""

from __future__ import annotations

from dataclasses import dataclass

from ringsim._checks import as_float, is_number, seconds_of
from ringsim._service_levels import VARIANTS
from ringsim.errors import ConfigurationError, check_choice

__all__ = ["Thresholds"]


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

    @property
    def note(self) -> str:
        """Note on the service level: `within 20 s, offered`."""
        return f"within {self.within:g} s, {self.variant}"
