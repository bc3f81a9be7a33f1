"""Which metrics a comparison or a sweep is about."""

from __future__ import annotations

from collections.abc import Sequence

from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.metrics._definitions import METRICS

__all__ = ["DEFAULT_METRICS", "checked_metrics"]

DEFAULT_METRICS = (
    "answer_rate",
    "service_level",
    "mean_speed_of_answer",
    "abandonment_rate",
    "overflow_rate",
    "rings_per_call",
    "interruptions_per_hour",
    "fairness",
)


def checked_metrics(given: Sequence[str] | None) -> tuple[str, ...]:
    """Names of metrics, checked; a sensible set unless some are given.

    Raises
    ------
    ConfigurationError
        When it is no list of metrics, or there is no such metric.
    """
    if given is None:
        return DEFAULT_METRICS
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise ConfigurationError("metrics", "must be a list of metrics", given)
    for place, name in enumerate(given):
        if name not in METRICS:
            raise ConfigurationError(
                f"metrics[{place}]",
                f"must be one of {', '.join(METRICS)}",
                name,
                did_you_mean(name, METRICS),
            )
        if name in given[:place]:
            raise ConfigurationError(f"metrics[{place}]", "must not be asked for twice", name)
    return tuple(given)
