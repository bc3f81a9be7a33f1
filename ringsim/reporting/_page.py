"""The report: its findings, sections and HTML page."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from ringsim import _files
from ringsim._version import __version__
from ringsim.dispatch import Dispatcher, DispatcherChoice, dispatchers_of, name_of
from ringsim.errors import ConfigurationError
from ringsim.planning import Comparison, OnProgress, compare, sweep
from ringsim.planning._variants import ANSWERING
from ringsim.reporting import _sections
from ringsim.reporting._stress_des import Run, items
from ringsim.reporting._summary import summary_sentences
from ringsim.scenario import Scenario

__all__ = ["Report", "page_template", "report_on"]

RING_TIMES = (5, 10, 15, 20, 30)  # compared in every report [s]


@dataclass(frozen=True)
class Report:
    """A report on one group of a scenario.

    Attributes
    ----------
    html : str
        The page, complete without other files.
    findings : tuple of str
        Sentences at the top of the page.
    comparison : Comparison
        Comparison of the strategies.
    """

    html: str
    findings: tuple[str, ...]
    comparison: Comparison

    def __repr__(self) -> str:
        return f"<Report on group {self.comparison.group}, {len(self.html) // 1024} kB>"

    def write(self, path: str | Path) -> None:
        """Write the page to a file, atomically.

        Raises
        ------
        ConfigurationError
            If the file cannot be written.
        """
        with _files.replacing(path) as file:
            file.write(self.html)


def report_on(
    scenario: Scenario,
    group: str | None = None,
    *,
    replications: int = 100,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    within: float = 20.0,
    variant: str = "offered",
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Report:
    """Compare the strategies of a group and return a report.

    Parameters
    ----------
    scenario : Scenario
        Scenario to simulate.
    group : str, optional
        Number of the group; by default the first group that has calls and members.
    replications, seed, engine, dispatcher, workers, executor, on_progress
        As in `simulate`.
    within, variant
        As in `Result.summary`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or no group has both calls and members.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> report = report_on(Scenario(groups=[sales], demand=demand, hours=1), replications=5)
    >>> report.html.startswith("<!doctype html>")
    True
    """
    started_at = time.monotonic()
    number = _group(scenario) if group is None else scenario.group(group).extension_number
    running: dict[str, Any] = {"workers": workers, "executor": executor}
    present = dispatchers_of(scenario, dispatcher)
    comparison = compare(
        scenario,
        number,
        **_with_present(present[number]),
        replications=replications,
        seed=seed,
        engine=engine,
        dispatcher=dispatcher,
        within=within,
        variant=variant,
        on_progress=on_progress,
        **running,
    )
    now = comparison.results[comparison.baseline]
    tried = sweep(
        scenario,
        {"ring_time": _ring_times(scenario, number), "n_members": _sizes(scenario, number)},
        number,
        metrics=["service_level"],
        replications=replications,
        seed=seed,
        engine=engine,
        dispatcher=dispatcher,
        within=within,
        variant=variant,
        **running,
    )
    sections = [
        _sections.strategies_section(comparison),
        _sections.callers_section(now, comparison),
        _sections.people_section(now, number),
        _sections.settings_section(tried, comparison),
        _sections.charts_section(comparison, number),
        _sections.assumptions_section(scenario, present),
    ]
    run = Run(
        scenario=scenario,
        variants=comparison.variants,
        replications=replications,
        seed=seed,
        engine=engine,
        question=comparison.question,
        metrics=comparison.metrics,
        seconds=time.monotonic() - started_at,
    )
    name = f"{number} {scenario.group(number).name}".strip()
    found = summary_sentences(comparison, number)
    page = page_template().render(
        version=__version__,
        title=f"Ring group {name}",
        about=_about(scenario, comparison),
        findings=found,
        sections=sections,
        items=items(run),
    )
    return Report(page, tuple(found), comparison)


def _with_present(present: Dispatcher) -> dict[str, Any]:
    """Return arguments of `compare` that make the present strategy the baseline, by its name."""
    name = name_of(present)
    if name in ANSWERING and not vars(present):
        return {"baseline": name}
    title = f"{name} (as configured)" if name in ANSWERING else name
    return {"strategies": ANSWERING, "variants": {title: {}}, "baseline": title}


def _group(scenario: Scenario) -> str:
    """Return the number of the first group that has calls and members."""
    for group in scenario.groups:
        called = scenario.demand.get(group.extension_number)
        if group.members and called and called.expected_calls(scenario.hours):
            return group.extension_number
    raise ConfigurationError(
        "groups", "must hold one that is called and has members to be reported on"
    )


def _ring_times(scenario: Scenario, number: str) -> list[float]:
    """Return `RING_TIMES` with the present ring time, sorted."""
    return sorted({*RING_TIMES, scenario.group(number).ring_time})


def _sizes(scenario: Scenario, number: str) -> list[int]:
    """Return numbers of members from two fewer than now to two more."""
    present = len(scenario.group(number).members)
    return [size for size in range(present - 2, present + 3) if size >= 1]


def _about(scenario: Scenario, comparison: Comparison) -> str:
    opens = f" from {scenario.opens_at}" if scenario.opens_at else ""
    return (
        f"{scenario.name or 'Scenario'}: {scenario.hours:g} hours{opens}, "
        f"{comparison.replications} replications, seed {comparison.seed}, ringsim {__version__}"
    )


def page_template() -> Any:
    """Return the template of all pages."""
    from jinja2 import Environment, StrictUndefined

    text = (package_files("ringsim.reporting") / "page.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
