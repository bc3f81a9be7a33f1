"""Reporting items of the STRESS-DES guidelines, as far as the program knows them.

The guidelines: Monks, Currie, Onggo, Robinson, Kunc and Taylor, Strengthening the reporting
of empirical simulation studies, Journal of Simulation 13 (2019), 55-67.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version

from ringsim._version import __version__
from ringsim._words import decimal, word
from ringsim.reporting._subject import Subject
from ringsim.reporting._tables import described

__all__ = ["NUMBERS", "Item", "items"]

PACKAGES = ("numpy", "scipy", "numba", "simpy", "pandas")
NUMBERS = (
    *("1.1", "1.2", "1.3"),
    *("2.1", "2.2", "2.3", "2.4", "2.5"),
    *("3.1", "3.2", "3.3", "3.4"),
    *("4.1", "4.2", "4.3"),
    *("5.1", "5.2", "5.3", "5.4"),
    "6.1",
)


@dataclass(frozen=True)
class Item:
    """One item of the guidelines."""

    number: str
    name: str
    text: str


def items(subject: Subject) -> list[Item]:
    """Return all twenty items, in order."""
    fields = _fields(subject)
    return [
        Item(number, word(f"des.n{key}"), word(f"des.t{key}", **fields))
        for number in NUMBERS
        for key in [number.replace(".", "_")]
    ]


def _fields(subject: Subject) -> dict[str, object]:
    """Return what the texts of the items are filled in with."""
    scenario, comparison = subject.scenario, subject.comparison
    names = {name for result in comparison.results.values() for name in result.dispatchers.values()}
    strategies = sorted(name for name in names)
    calls = sum(demand.expected_calls(scenario.hours) for demand in scenario.demand.values())
    compiled = subject.now.study.engine != "simpy"
    return {
        "metrics": "; ".join(subject.metric_name(metric) for metric in comparison.metrics),
        "variants": "; ".join(subject.labels.values()),
        "strategies": "; ".join(f"{name}: {described(name)}" for name in strategies),
        "people": len(scenario.extension_numbers),
        "groups": len(scenario.groups),
        "hours": decimal(f"{scenario.hours:g}"),
        "calls": f"{calls:.0f}",
        "n": comparison.replications,
        "level": decimal(f"{100 * subject.thresholds.level:.12g} %"),
        "version": __version__,
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "seed": comparison.seed,
        "engine": word("des.engine_compiled" if compiled else "des.engine_simpy"),
        "system": platform.system(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
    }
