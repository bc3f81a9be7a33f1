"""The page: findings first, then what they rest on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import pandas as pd

from ringsim import __version__, files
from ringsim.confidence import FEW_EVENTS
from ringsim.engine import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS, in_words
from ringsim.planning import Comparison, OnProgress, Result, compare, sweep
from ringsim.report import _described, _pictures
from ringsim.report._described import Table
from ringsim.report._findings import findings
from ringsim.report._stress import Run, items
from ringsim.scenario import Scenario

__all__ = ["Report", "report_on"]

NAN = float("nan")
SWEPT_REPLICATIONS = 40  # at most, of each point of the heat map
RING_TIMES = (5, 10, 15, 20, 30)


@dataclass(frozen=True)
class Report:
    """A report on one group of a scenario.

    Attributes
    ----------
    html : str
        The page; it needs nothing but itself.
    findings : tuple of str
        What it says first.
    comparison : Comparison
        Of the strategies, which it is about.
    """

    html: str
    findings: tuple[str, ...]
    comparison: Comparison

    def __repr__(self) -> str:
        return f"<Report on group {self.comparison.group}, {len(self.html) // 1024} kB>"

    def write(self, path: str | Path) -> None:
        """Write the page, complete or not at all.

        Raises
        ------
        ConfigurationError
            When the file cannot be written.
        """
        with files.replacing(path) as file:
            file.write(self.html)


@dataclass(frozen=True)
class _Section:
    heading: str
    parts: Sequence[Any]


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
    """Compare the strategies of a group, and tell all that is known in one page.

    Parameters
    ----------
    scenario : Scenario
        What it is about.
    group : str, optional
        Number of the group; the first that is called and has members, unless given.
    replications, seed, engine, dispatcher, workers, executor, on_progress
        As in `simulate`.
    within, variant
        As in `Result.summary`.

    Raises
    ------
    ConfigurationError
        When an argument cannot be, or no group is both called and has members.

    Examples
    --------
    >>> from ringsim.people import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> report = report_on(Scenario(groups=[sales], demand=demand, hours=1), replications=5)
    >>> report.html.startswith("<!doctype html>")
    True
    """
    started_at = time.monotonic()
    number = _group(scenario) if group is None else scenario.group(group).extension_number
    running: dict[str, Any] = {"workers": workers, "executor": executor}
    comparison = compare(
        scenario,
        number,
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
        replications=min(replications, SWEPT_REPLICATIONS),
        seed=seed,
        engine=engine,
        dispatcher=dispatcher,
        within=within,
        variant=variant,
        **running,
    )
    sections = [
        _compared(comparison),
        _callers(now, comparison),
        _people(now, number),
        _settings(tried, comparison),
        _charts(comparison, number),
        _assumed(scenario),
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
    found = findings(comparison, number)
    page = _template().render(
        version=__version__,
        title=f"Ring group {name}",
        about=_about(scenario, comparison),
        findings=found,
        sections=sections,
        items=items(run),
    )
    return Report(page, tuple(found), comparison)


def _group(scenario: Scenario) -> str:
    """The first group that is called and has members."""
    for group in scenario.groups:
        called = scenario.demand.get(group.extension_number)
        if group.members and called and called.expected_calls(scenario.hours):
            return group.extension_number
    raise ConfigurationError(
        "groups", "must hold one that is called and has members to be reported on"
    )


def _ring_times(scenario: Scenario, number: str) -> list[float]:
    """Some, the present one among them."""
    return sorted({*RING_TIMES, scenario.group(number).ring_time})


def _sizes(scenario: Scenario, number: str) -> list[int]:
    """A few members fewer, and a few more."""
    present = len(scenario.group(number).members)
    return [size for size in range(present - 2, present + 3) if size >= 1]


def _about(scenario: Scenario, comparison: Comparison) -> str:
    opens = f" from {scenario.opens_at}" if scenario.opens_at else ""
    return (
        f"{scenario.name or 'Scenario'}: {scenario.hours:g} hours{opens}, "
        f"{comparison.replications} replications, seed {comparison.seed}, ringsim {__version__}"
    )


# Sections


def _compared(comparison: Comparison) -> _Section:
    half = (len(comparison.metrics) + 1) // 2
    return _Section(
        "The strategies, with the same callers",
        [
            _pictures.strategies(comparison),
            _figures(comparison, comparison.metrics[:half]),
            _figures(comparison, comparison.metrics[half:]),
            "Figures with 95 % intervals; * too few events to trust the interval. Whether two "
            "strategies differ is to be read from the differences in the picture: they met the "
            "same callers.",
        ],
    )


def _figures(comparison: Comparison, metrics: Sequence[str]) -> Table:
    """A row per strategy."""
    rows = []
    for name in comparison.variants:
        of_variant = comparison.table.loc[name]
        figures = (_figure(of_variant.loc[metric], metric) for metric in metrics)
        baseline = " (as it is)" if name == comparison.baseline else ""
        rows.append((name + baseline, *figures))
    return Table(("strategy", *(metric.replace("_", " ") for metric in metrics)), tuple(rows))


def _figure(row: Any, metric: str) -> str:
    few = FEW_EVENTS in row["note"]
    return in_words(row["estimate"], row["low"], row["high"], METRICS[metric].unit, few=few)


def _callers(now: Result, comparison: Comparison) -> _Section:
    group, question = str(comparison.group), comparison.question
    summary = now.summary(question.within, group, variant=question.variant)
    rows = [
        (metric.replace("_", " "), _figure(summary.loc[metric], metric), METRICS[metric].definition)
        for metric in summary.index
    ]
    parts: list[Any] = [
        _pictures.waits(now, group, question.within),
        Table(("metric", "as it is", "what it is"), tuple(rows), left=3),
    ]
    if len(now.intervals(1800, group)) > 1:
        asked = {"within": question.within, "variant": question.variant}
        parts.insert(1, _pictures.day(now, group, **asked))
    return _Section("What callers experience as it is", parts)


def _people(now: Result, group: str) -> _Section:
    units = {
        "rung": "calls",
        "answered": "calls",
        "ring_no_answer": "calls",
        "interruptions_per_hour": "calls",
        "answer_share": "rate",
        "occupancy": "rate",
    }
    rows = [
        (str(member), *(in_words(row[name], NAN, NAN, unit) for name, unit in units.items()))
        for member, row in now.members().loc[group].iterrows()
    ]
    headings = ("member", *(name.replace("_", " ") for name in units))
    return _Section(
        "What members experience as it is",
        [
            _pictures.members(now, group),
            Table(headings, tuple(rows)),
            "Rings and answers are of this group, per replication; occupancy is of all their "
            "calls in their time on duty. Intervals are in the picture.",
        ],
    )


def _settings(tried: pd.DataFrame, comparison: Comparison) -> _Section:
    caption = (
        f"Service level within {comparison.question.within:g} s, in percent, for other ring "
        "times and numbers of members; members are taken from the list in its order, and "
        "beyond it are like the last."
    )
    return _Section(
        "Other ring times and numbers of members",
        [_pictures.heat_map(tried, "ring_time", "n_members", caption)],
    )


def _charts(comparison: Comparison, group: str) -> _Section:
    charts = _pictures.ring_charts(comparison.results, comparison.baseline, group)
    return _Section("What each strategy does", charts)


def _assumed(scenario: Scenario) -> _Section:
    return _Section(
        "What was assumed",
        [
            _described.groups(scenario),
            _described.callers(scenario),
            _described.people(scenario),
            *_described.ASSUMPTIONS,
        ],
    )


def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    text = (package_files("ringsim.report") / "page.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
