"""Costs of an hour of the people of a roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ringsim._checks import as_float, is_number
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.planning._objective import PRICES, Cost

__all__ = ["hourly_costs"]

HINT = "A roster is chosen by the cost of its hours"


def hourly_costs(costs: Any, numbers: Sequence[str]) -> dict[str, float]:
    """Return the cost of an hour of each person by number; 1 by default.

    Raises
    ------
    ConfigurationError
        If a cost is invalid, or missing for a person, or belongs to nobody.
    """
    if costs is None:
        return dict.fromkeys(numbers, 1.0)
    if isinstance(costs, Mapping) and costs and set(costs) <= {*PRICES}:
        try:
            costs = Cost(**costs)
        except ConfigurationError as wrong:
            raise wrong.inside("costs") from None
    if isinstance(costs, Cost):
        return dict.fromkeys(numbers, _member_hour(costs))
    if not isinstance(costs, Mapping):
        return dict.fromkeys(numbers, _checked(costs, "costs"))
    for number in costs:
        if number not in numbers:
            raise ConfigurationError(
                f"costs.{number}", "must be for a person", hint=did_you_mean(number, numbers)
            )
    for number in numbers:
        if number not in costs:
            raise ConfigurationError(f"costs.{number}", "must be given, as other people have costs")
    return {number: _checked(costs[number], f"costs.{number}") for number in numbers}


def _member_hour(cost: Cost) -> float:
    """Return the price of an hour of a `Cost` that has no other price."""
    if cost.member_hour is None:
        raise ConfigurationError("costs.member_hour", "must be given", hint=f"{HINT}.")
    for name in PRICES:
        if name != "member_hour" and getattr(cost, name):
            raise ConfigurationError(
                f"costs.{name}",
                "must not be given",
                getattr(cost, name),
                f"{HINT}, and the target limits what callers miss.",
            )
    return _checked(cost.member_hour, "costs.member_hour")


def _checked(value: Any, subject: str) -> float:
    if not is_number(value) or not 0 <= as_float(value) <= 1e9:
        raise ConfigurationError(subject, "must be the cost of an hour, from 0 to 1e9", value)
    return float(value)
