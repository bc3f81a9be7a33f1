"""Metrics that a comparison or a sweep shows by default, and the check of a given list."""

from __future__ import annotations

from collections.abc import Sequence

from ringsim.errors import ConfigurationError, check_choice
from ringsim.metrics._definitions import METRICS
from ringsim.scenario import Scenario, forwarded_to

__all__ = ["DEFAULT_METRICS", "FORWARDED_METRICS", "checked_metrics", "default_metrics"]

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


FORWARDED_METRICS = ("received", "answered_here", "answer_rate_of_received")
DEFAULT_METRICS_OF_CALLERS = ("first_answer_rate", "caller_answer_rate", "attempts_per_caller")


def default_metrics(
    scenario: Scenario, group: str | None, *, counts_callers: bool = False
) -> tuple[str, ...]:
    """Return the metrics to show of a group, or of all groups for None.

    Of a group that nobody calls directly, and to which others forward, they are about the calls
    that it received: no calls arrived at it, so that every rate of those is unknown. Those of
    callers are among them if callers may try again.
    """
    is_called = group is None or scenario.expected_calls(group)
    if is_called or group not in forwarded_to(scenario):
        return DEFAULT_METRICS + (DEFAULT_METRICS_OF_CALLERS if counts_callers else ())
    return (*FORWARDED_METRICS, "no_candidate_rate", "interruptions_per_hour")


def checked_metrics(
    given: Sequence[str] | None, default: tuple[str, ...] = DEFAULT_METRICS
) -> tuple[str, ...]:
    """Return the given names of metrics, or `default` for None.

    Raises
    ------
    ConfigurationError
        If `given` is not a list, is empty, repeats a name or has an unknown one.
    """
    if given is None:
        return default
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        hint = 'Write metrics=["service_level"].' if isinstance(given, str) else ""
        raise ConfigurationError("metrics", "must be a list of metrics", given, hint)
    for i, name in enumerate(given):
        check_choice(f"metrics[{i}]", name, METRICS)
        if name in given[:i]:
            raise ConfigurationError(f"metrics[{i}]", "must not be asked for twice", name)
    return tuple(given)
