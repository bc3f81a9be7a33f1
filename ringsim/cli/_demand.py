"""Callers of a scenario with the rates and durations of options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ringsim.cli._durations import distribution_option
from ringsim.cli._known_abandonment import abandoning
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._per_group import per_group
from ringsim.cli._redial import with_redials
from ringsim.errors import ConfigurationError
from ringsim.scenario import Demand, Scenario
from ringsim.scenario._demand import ARRIVALS

__all__ = ["demand_of"]


def demand_of(scenario: Scenario, source: ScenarioOptions) -> dict[str, Demand]:
    """Return the demand of each group with the rates and durations from the options.

    Raises
    ------
    ConfigurationError
        If an option is invalid; the message begins with its name.
    """
    durations = {
        name: distribution_option(f"--{name.replace('_', '-')}", text)
        for name, text in (("talk_time", source.talk_time), ("patience", source.patience))
        if text is not None and abandoning(text) is None
    }
    demand = {number: known.replace(**durations) for number, known in scenario.demand.items()}
    for number, (option, calls) in _calls(source, scenario.group_numbers).items():
        known = demand.get(number)
        if known is None and "talk_time" not in durations:
            raise ConfigurationError(
                "--talk-time",
                f"must be given with {option}",
                hint="Say how many seconds calls last, such as --talk-time 180.",
            )
        fields = known.given() if known is not None else durations
        kept = {key: value for key, value in fields.items() if key not in (*ARRIVALS, "interval")}
        try:
            demand[number] = Demand(**kept, **calls)
        except ConfigurationError as wrong:
            subject = "--interval" if wrong.subject == "interval" else option
            raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None
    return with_redials(demand, per_group("--redial", source.redial or (), scenario.group_numbers))


def _calls(
    source: ScenarioOptions, numbers: Sequence[str]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return, by group, the option that sets its calls and the fields of demand it gives."""
    hourly, counted = "--calls-per-hour", "--calls-per-interval"
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    for number, text in per_group(hourly, source.calls_per_hour or (), numbers).items():
        calls[number] = f"{hourly} {text}", {"calls_per_hour": _rate(hourly, text)}
    for number, text in per_group(counted, source.calls_per_interval or (), numbers).items():
        if number in calls:
            raise ConfigurationError(counted, f"must not be given beside {hourly}", text)
        counts = [_rate(counted, part) for part in text.split(",")]
        width = {} if source.interval is None else {"interval": source.interval}
        calls[number] = f"{counted} {text}", {"calls_per_interval": counts, **width}
    if source.interval is not None and not source.calls_per_interval:
        raise ConfigurationError("--interval", f"must be given with {counted}", source.interval)
    return calls


def _rate(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        several = "Write --calls-per-interval 18,25,30 for several." if "," in text else ""
        raise ConfigurationError(option, "must be a number of calls", text, several) from None
