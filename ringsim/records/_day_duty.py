"""Scenarios with the recorded duty of one day."""

from __future__ import annotations

from typing import Any

from ringsim.records._duty import DutyRecord
from ringsim.scenario import Extension, Scenario

__all__ = ["scenario_on_duty"]


def scenario_on_duty(scenario: Scenario, duty: DutyRecord, day: int) -> Scenario:
    """Return the scenario of one day with the recorded hours of duty and pauses of its people."""
    known = set(duty.people)
    if not known:
        return scenario
    of_day = [
        _on_duty(extension, duty, day, scenario.duty(extension.extension_number))
        if extension.extension_number in known
        else extension
        for extension in scenario.extensions
    ]
    return scenario.replace(extensions=of_day)


def _on_duty(extension: Extension, duty: DutyRecord, day: int, otherwise: Any) -> Extension:
    number = extension.extension_number
    hours = duty.available(number, day, None if otherwise is None else list(otherwise))
    fields = {"away": None} if number in duty.pausing else {}
    return extension.replace(on_duty=hours, **fields)
