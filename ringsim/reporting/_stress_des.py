"""Reporting items of the STRESS-DES guidelines, filled in as far as the program knows.

The guidelines: Monks, Currie, Onggo, Robinson, Kunc and Taylor, Strengthening the reporting
of empirical simulation studies, Journal of Simulation 13 (2019), 55-67.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from ringsim._version import __version__
from ringsim.dispatch import dispatcher_for
from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS, VARIANTS, Thresholds
from ringsim.reporting._assumptions import ASSUMPTIONS
from ringsim.scenario import Scenario

__all__ = ["Item", "Run", "items"]

PACKAGES = ("numpy", "scipy", "numba", "simpy", "pandas")


@dataclass(frozen=True)
class Run:
    """Settings of the simulations behind a report.

    Attributes
    ----------
    scenario : Scenario
        Scenario that was simulated.
    variants : sequence of str
        Names of the variants that were compared.
    replications, seed : int
        Number of days, and seed of the random numbers.
    engine : str
        Name of the engine.
    question : Thresholds
        Thresholds of the metrics.
    metrics : sequence of str
        Names of the metrics that were compared.
    seconds : float
        Computing time of the report [s].
    """

    scenario: Scenario
    variants: Sequence[str]
    replications: int
    seed: int
    engine: str
    question: Thresholds
    metrics: Sequence[str]
    seconds: float


@dataclass(frozen=True)
class Item:
    """One item; `text` is empty if the author has to write it."""

    number: str
    name: str
    text: str


def items(run: Run) -> list[Item]:
    """Return all twenty items, in order."""
    return [Item(number, name, _texts(run).get(number, "")) for number, name in NAMES.items()]


NAMES = {
    "1.1": "Purpose of the model",
    "1.2": "Model outputs",
    "1.3": "Aims of the experiments",
    "2.1": "Overview of the base model",
    "2.2": "Logic of the base model",
    "2.3": "Logic of the scenarios",
    "2.4": "Algorithms",
    "2.5": "Components",
    "3.1": "Sources of data",
    "3.2": "Input parameters",
    "3.3": "Preprocessing",
    "3.4": "Assumptions",
    "4.1": "Initialisation",
    "4.2": "Run length",
    "4.3": "Estimation",
    "5.1": "Software",
    "5.2": "Random sampling",
    "5.3": "Execution of the model",
    "5.4": "System",
    "6.1": "Access to the model",
}


def _texts(run: Run) -> dict[str, str]:
    scenario, question = run.scenario, run.question
    outputs = "; ".join(f"{name}: {METRICS[name].definition}" for name in run.metrics)
    calls = sum(demand.expected_calls(scenario.hours) for demand in scenario.demand.values())
    return {
        "1.2": f"{outputs}. Service level: {VARIANTS[question.variant].definition}, within "
        f"{question.within:g} s. Calls belong to the group that they arrived at.",
        "1.3": f"Scenario-based: {', '.join(run.variants)}, on the same callers (common random "
        "numbers).",
        "2.1": "The ring charts above show calls, phones and outcomes as the model plays them.",
        "2.2": "A call enters its group. The group's strategy picks the phones to ring among the "
        "members who are on duty and free. An answer starts a talk, followed by wrap-up; after a "
        "ring that times out, the strategy picks again. When nobody is left to ring, the no-answer "
        "rule ends, repeats or forwards the call. A caller may give up at any time.",
        "2.3": "The variants differ only in the settings that their names state.",
        "2.4": " ".join(f"{name}: {_rule(name)}" for name in run.variants if _rule(name))
        or "Those of the ring strategies.",
        "2.5": f"Entities: calls. Resources: {len(scenario.extension_numbers)} people, shared by "
        f"{len(scenario.groups)} ring groups. Queues: none; a caller waits while phones ring. "
        "Entry: the group called. Exit: hang-up, giving up, or the no-answer rule.",
        "3.2": "In the tables of groups, callers and people above.",
        "3.4": " ".join(ASSUMPTIONS),
        "4.1": "A day begins with everybody free and no memory of earlier calls. There is no "
        "warm-up, because a real day begins like this too.",
        "4.2": f"A day of {scenario.hours:g} hours, about {calls:.0f} calls; {run.replications} "
        "independent replications of it.",
        "4.3": "Rates are ratios of sums over replications, with Student's t intervals by the "
        f"delta method at {100 * question.level:.12g}% confidence; differences between variants "
        "are paired by replication, with intervals adjusted for their number (Bonferroni); best "
        "sets by multiple comparisons with the best (Hsu).",
        "5.1": f"ringsim {__version__} on Python {platform.python_version()}; "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + ".",
        "5.2": f"Inverse transforms of uniform numbers of Philox 4x64-10, seed {run.seed}, each "
        "keyed by replication, quantity, group, call, person and ring.",
        "5.3": f"{_engine(run.engine)} Simultaneous events happen in a fixed order: answers, "
        "callers giving up, rings timing out, own calls, arrivals.",
        "5.4": f"{run.seconds:.1f} s on {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors, {sys.implementation.name}.",
        "6.1": "Anybody who has the scenario file, this version of ringsim and the seed can make "
        "the report again.",
    }


def _engine(engine: str) -> str:
    if engine == "simpy":
        return "Event-driven: one SimPy process per call."
    return "Event-driven: a compiled event loop, equal float for float to a SimPy process per call."


def _rule(name: str) -> str:
    """Return the rule of a strategy, or "" if the name is not one of a strategy."""
    try:
        dispatcher = dispatcher_for(name)
    except ConfigurationError:
        return ""
    paragraphs = (type(dispatcher).__doc__ or "").split("\n\n")
    return " ".join(paragraphs[0].replace("`", "").split())
