"""Settings of a scenario that a calibration may change.

`Free`
    A setting, on a scale without bounds.
`free_settings`
    Settings by path, checked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringsim._checks import is_number
from ringsim.distributions import Distribution
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.scenario import Extension, Scenario

__all__ = ["Free", "free_settings"]

GUESSES = {"patience": 60.0, "wrap_up_time": 15.0, "answer_delay": 6.0, "talk_time": 180.0}  # [s]
EVERYBODY = "*"
CERTAIN = 0.98  # start of a probability of 0 or 1, or one less than it
RARE = 0.001  # smallest probability, and that of the contrary
LONGER, MORE = 400.0, 50.0  # times by which durations and calls may grow or shrink
HELP = (
    "Free settings are demand.600.patience, .talk_time, .wrap_up_time and .scale, and "
    "extensions.201.answer_probability and .answer_delay; * instead of 201 for all members alike."
)


@dataclass(frozen=True)
class Free:
    """A setting on a scale without bounds.

    Attributes
    ----------
    path : str
        Path as it was given.
    paths : tuple of str
        Paths in the scenario that get the value: several for all members.
    start : float
        Place of the present value on the scale.
    low, high : float
        Ends of the part of the scale that is searched.
    value_at : callable
        Value for the scenario at a place on the scale.
    shown_at : callable
        The same as a number: a mean for distributions.
    """

    path: str
    paths: tuple[str, ...]
    start: float
    low: float
    high: float
    value_at: Callable[[float], Any]
    shown_at: Callable[[float], float]

    def changes(self, at: float) -> dict[str, Any]:
        """Return changes of a scenario by path."""
        value = self.value_at(at)
        return dict.fromkeys(self.paths, value)


def free_settings(scenario: Scenario, group: str, paths: Sequence[str]) -> list[Free]:
    """Return the settings at some paths.

    Raises
    ------
    ConfigurationError
        If there is no path, a path is given twice or does not exist, or its value cannot vary.
    """
    if isinstance(paths, str) or not isinstance(paths, Sequence) or not paths:
        raise ConfigurationError("free", "must be a list of at least one path", paths, HELP)
    found = [_free(scenario, group, path, f"free[{i}]") for i, path in enumerate(paths)]
    seen: set[str] = set()
    for each in found:
        if seen & set(each.paths):
            raise ConfigurationError("free", "must name each setting once", each.path)
        seen |= set(each.paths)
    return found


def _free(scenario: Scenario, group: str, path: Any, subject: str) -> Free:
    parts = path.split(".") if isinstance(path, str) else []
    if len(parts) == 3 and parts[0] == "demand":
        return _of_callers(scenario, path, parts[1], parts[2], subject)
    if len(parts) == 3 and parts[0] == "extensions":
        return _of_people(scenario, group, path, parts[1], parts[2], subject)
    raise ConfigurationError(subject, "must be a path of a setting", path, HELP)


def _of_callers(scenario: Scenario, path: str, number: str, field: str, subject: str) -> Free:
    if number not in scenario.demand:
        raise ConfigurationError(
            subject,
            "must belong to a group that receives calls",
            path,
            did_you_mean(number, scenario.demand),
        )
    if field == "scale":
        return Free(path, (path,), 0.0, -math.log(MORE), math.log(MORE), math.exp, math.exp)
    if field not in ("patience", "talk_time", "wrap_up_time"):
        raise ConfigurationError(subject, "must be a setting that can be free", path, HELP)
    return _duration(path, (path,), field, getattr(scenario.demand[number], field), subject)


def _of_people(
    scenario: Scenario, group: str, path: str, number: str, field: str, subject: str
) -> Free:
    members = [member.extension_number for member in scenario.group(group).members]
    if number != EVERYBODY and number not in scenario.extension_numbers:
        raise ConfigurationError(
            subject,
            "must be of a person of the scenario",
            path,
            did_you_mean(number, scenario.extension_numbers),
        )
    numbers = members if number == EVERYBODY else [number]
    paths = tuple(f"extensions.{each}.{field}" for each in numbers)
    first = scenario.extension(numbers[0]) if numbers else Extension("000")
    if field == "answer_probability":
        return _probability(path, paths, first.answer_probability)
    if field == "answer_delay":
        return _duration(path, paths, field, first.answer_delay, subject)
    raise ConfigurationError(subject, "must be a setting that can be free", path, HELP)


def _probability(path: str, paths: tuple[str, ...], value: float) -> Free:
    def at(x: float) -> float:
        return 1 / (1 + math.exp(-x))

    def place(probability: float) -> float:
        return math.log(probability / (1 - probability))

    inside = min(max(value, 1 - CERTAIN), CERTAIN)
    return Free(path, paths, place(inside), place(RARE), place(1 - RARE), at, at)


def _duration(
    path: str, paths: tuple[str, ...], field: str, present: Distribution, subject: str
) -> Free:
    """Return a duration whose mean is free; its shape stays, or is exponential without one."""
    form = present.to_file()
    if form == "inf" or form == 0:
        return _around(path, paths, GUESSES[field], lambda x: {"mean": math.exp(x)})
    mean = present.mean()
    if not 0 < mean < math.inf:
        raise ConfigurationError(subject, "must have a finite mean to be free", path)
    _scaled(form, 1.0, subject, path)

    def value_at(x: float) -> Any:
        return _scaled(form, math.exp(x) / mean, subject, path)

    return _around(path, paths, mean, value_at)


def _around(
    path: str, paths: tuple[str, ...], mean: float, value_at: Callable[[float], Any]
) -> Free:
    """Return a duration whose mean is searched around its present value."""
    start, far = math.log(mean), math.log(LONGER)
    return Free(path, paths, start, start - far, start + far, value_at, math.exp)


def _scaled(form: Any, factor: float, subject: str, path: str) -> Any:
    """Return the file form of a distribution with all durations multiplied by a factor."""
    if is_number(form):
        return form * factor
    if isinstance(form, Mapping) and "samples" in form:
        return {"samples": [each if each == "inf" else each * factor for each in form["samples"]]}
    if isinstance(form, Mapping) and "mean" in form:
        return {**form, "mean": form["mean"] * factor}
    if isinstance(form, Mapping) and "dist" in form:
        scaled = {"scale": form.get("scale", 1.0) * factor}
        return {**form, **scaled, **({"loc": form["loc"] * factor} if "loc" in form else {})}
    raise ConfigurationError(subject, "must be a distribution that can be scaled", path)
