"""Patience that is only known by the share of callers who give up: `--patience abandoning=10%`."""

from __future__ import annotations

import math

from ringsim.cli._shares import percentage
from ringsim.errors import ConfigurationError
from ringsim.scenario import Scenario

__all__ = ["abandoning", "with_abandonment"]

OPTION = "--patience"
START = "abandoning="


def abandoning(text: str | None) -> float | None:
    """Return the share in `abandoning=10%`; None if the option is a duration.

    Raises
    ------
    ConfigurationError
        If it is not a share between 0 and 1.
    """
    if text is None or not text.strip().startswith(START):
        return None
    share = percentage(text.strip().removeprefix(START), OPTION)
    if not 0 < share < 1:
        raise ConfigurationError(OPTION, "must be a share between 0 % and 100 %", text)
    return share


def with_abandonment(scenario: Scenario, share: float) -> tuple[Scenario, list[str]]:
    """Return the scenario with the exponential patience at which a given share give up.

    Each group with callers is calibrated by itself. The second value is a note for each.
    """
    from ringsim.fitting import calibrate

    notes = []
    for number, demand in scenario.demand.items():
        if not demand.expected_calls(scenario.hours):
            continue
        endless = {number: demand.replace(patience=math.inf)}
        found = calibrate(
            scenario.replace(demand={**scenario.demand, **endless}),
            {"abandonment_rate": share},
            free=[f"demand.{number}.patience"],
            group=number,
        )
        scenario = found.scenario
        mean = scenario.demand[number].patience.mean()
        told = f"Patience of group {number}: exponential with mean {mean:.3g} s. {found.verdict}"
        notes.append(told)
    return scenario, notes
