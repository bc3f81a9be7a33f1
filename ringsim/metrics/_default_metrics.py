"""Metrics that a comparison or a sweep shows by default, and the check of a given list."""

from __future__ import annotations

from collections.abc import Sequence

from ringsim.errors import ConfigurationError, check_choice
from ringsim.metrics._definitions import METRICS

__all__ = ["DEFAULT_METRICS", "checked_metrics", "default_metrics"]

DEFAULT_METRICS = (
    "offered",
    "answer_rate",
    "service_level",
    "mean_speed_of_answer",
    "abandonment_rate",
    "overflow_rate",
    "rings_per_call",
    "interruptions_per_hour",
)


DEFAULT_METRICS_OF_CALLERS = ("first_answer_rate", "caller_answer_rate", "attempts_per_caller")


def default_metrics(*, counts_callers: bool) -> tuple[str, ...]:
    """Return the metrics shown by default; those of callers only if callers may try again."""
    return DEFAULT_METRICS + (DEFAULT_METRICS_OF_CALLERS if counts_callers else ())


def checked_metrics(
    given: Sequence[str] | None, *, counts_callers: bool = False
) -> tuple[str, ...]:
    """Return the given names of metrics, or `default_metrics` for None.

    Raises
    ------
    ConfigurationError
        If `given` is not a list, is empty, repeats a name or has an unknown one.
    """
    if given is None:
        return default_metrics(counts_callers=counts_callers)
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise ConfigurationError("metrics", "must be a list of metrics", given)
    for i, name in enumerate(given):
        check_choice(f"metrics[{i}]", name, METRICS)
        if name in given[:i]:
            raise ConfigurationError(f"metrics[{i}]", "must not be asked for twice", name)
    return tuple(given)
