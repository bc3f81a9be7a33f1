"""What is wrong in one sentence, and an example as Python that can be copied and run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ringsim.errors import DispatcherError
from ringsim.scenario import Scenario

__all__ = ["fault", "making"]


def fault(sentence: str, *example: object) -> DispatcherError:
    """The error that says what is wrong, and shows it: a line for each part of the example."""
    lines = [f"    {line}" for line in example]
    return DispatcherError("\n".join([sentence, "Smallest example found:", *lines]))


def making(scenario: Scenario, workload: Mapping[str, Any]) -> list[str]:
    """The lines that make a scenario, and a workload of what `Workload` is called with.

    Examples
    --------
    >>> for line in making(Scenario(groups=[]), {"arrives_at": [], "talk_time": 5.0}):
    ...     print(line)
    scenario = rs.Scenario(groups=[])
    workload = rs.Workload(arrives_at=[], talk_time=5.0)
    """
    return [
        f"scenario = rs.Scenario({_arguments(scenario.to_file())})",
        f"workload = rs.Workload({_arguments(workload)})",
    ]


def _arguments(fields: Mapping[str, Any]) -> str:
    said = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return re.sub(r"(?<!')\binf\b", "math.inf", said)
