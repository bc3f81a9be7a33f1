"""Errors that show the smallest failing example as lines of Python.

`contract_error`
    The error of a dispatcher that breaks its contract, with the example.
`scenario_source`
    The lines of Python that make a scenario and a workload.
`scenario_call`, `workload_call`
    The expressions that make them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ringsim.errors import DispatcherError
from ringsim.scenario import Scenario

__all__ = ["NO_STATE", "contract_error", "scenario_call", "scenario_source", "workload_call"]

NO_STATE = "A dispatcher keeps no state and draws no random numbers."


def contract_error(sentence: str, *example: object) -> DispatcherError:
    """Return an error that states what is wrong and shows the example, one part per line."""
    lines = [f"    {part}" for part in example]
    return DispatcherError("\n".join([sentence, "Smallest example found:", *lines]))


def scenario_source(scenario: Scenario, workload: Mapping[str, Any]) -> list[str]:
    """Return the lines of Python that make a scenario and a workload.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    workload : dict
        Arguments of `Workload`.

    Examples
    --------
    >>> for line in scenario_source(Scenario(groups=[]), {"arrives_at": [], "talk_time": 5.0}):
    ...     print(line)
    scenario = rs.Scenario(groups=[])
    workload = rs.Workload(arrives_at=[], talk_time=5.0)
    """
    return [
        f"scenario = {scenario_call(scenario)}",
        f"workload = {workload_call(workload)}",
    ]


def scenario_call(scenario: Scenario) -> str:
    """Return the Python expression that makes a scenario."""
    return f"rs.Scenario({_arguments(scenario.to_file())})"


def workload_call(arguments: Mapping[str, Any]) -> str:
    """Return the Python expression that makes a workload with these arguments."""
    return f"rs.Workload({_arguments(arguments)})"


def _arguments(fields: Mapping[str, Any]) -> str:
    """Return keyword arguments as Python source, with `math.inf` for infinity."""
    source = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return re.sub(r"(?<!')\binf\b", "math.inf", source)
