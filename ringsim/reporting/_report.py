"""Reports: comparison of the variants of a group, and the page about it.

`report`
    Compare and report.
`report_on`
    The same with the arguments of `simulate`; the comparison is one of the strategies.
`report_from`
    Report on a comparison that exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from ringsim import _files
from ringsim._choices import SECTIONS
from ringsim._words import speaking
from ringsim.dispatch import DispatcherChoice, dispatchers_of
from ringsim.errors import ConfigurationError, check_choice
from ringsim.planning import Comparison, OnProgress, Precision, compare, simulate
from ringsim.planning._replications import combined_progress
from ringsim.planning._variants import VariantLike
from ringsim.reporting._asked import asked_variants
from ringsim.reporting._page import Report, logo_source, page_of
from ringsim.reporting._settings import settings_of
from ringsim.reporting._stress import stress_test_of
from ringsim.reporting._subject import Subject
from ringsim.scenario import Scenario, check_scenario
from ringsim.workload import Workload

__all__ = ["report", "report_from", "report_on"]

REPLICATIONS = 100


def report(
    scenario: Scenario,
    group: str | None = None,
    *,
    path: str | Path | None = None,
    title: str | None = None,
    logo: str | Path | None = None,
    language: str = "en",
    sections: Sequence[str] | None = None,
    variants: Mapping[str, VariantLike] | Sequence[str] | None = None,
    what_if: Mapping[str, Any] | None = None,
    workload: Workload | Sequence[Workload] | None = None,
    replications: int | None = None,
    until: Precision | None = None,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    within: float = 20.0,
    variant: str = "offered",
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Report:
    """Compare variants of a group on the same callers and return a report as a web page.

    Its first paragraph recommends a variant and names its price: the metric that worsens most.
    All figures come from the same replications.

    Parameters
    ----------
    scenario : Scenario
        Scenario to simulate.
    group : str, optional
        Number of the group; by default the first group that has calls and members.
    path : str or Path, optional
        File to write the page to.
    title : str, optional
        Title of the page; by default the number and name of the group.
    logo : str or Path, optional
        Image file shown at the top; it becomes part of the page.
    language : str, default "en"
        Language of the page: `en` or `de`.
    sections : list of str, optional
        Sections below the recommendation: `variants`, `callers`, `members`, `settings`,
        `stress`, `charts`, `assumptions`, `appendix`. All by default.
    variants : dict of str to changes, Scenario or dispatcher, or list of strategies, optional
        Variants in place of the seven strategies, as in `compare`.
    what_if : dict, optional
        Settings to try: lists of values by path, `{"ring_time": [10, 15], "n_members": [4, 6]}`,
        where each value is a variant; or changes by name, `{"short": {"ring_time": 10}}`.
    workload : Workload or list of Workload, optional
        Days to play in place of drawn ones, as in `compare`, such as real days. The sections
        `settings` and `stress` are left out then, as these days know nothing of further
        members and of other callers.
    replications : int, default 100
        Number of replications.
    until : Precision, optional
        Play as many replications as the scenario needs for this precision, as in `simulate`.
    seed, engine, dispatcher, workers, executor, on_progress
        As in `simulate`.
    within, variant
        As in `Result.summary`.

    Returns
    -------
    Report
        The page: `html`, `save(path)`; a notebook shows it.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or no group has both calls and members.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=1)
    >>> page = report(office, what_if={"ring_time": [10, 20]}, sections=[], replications=5)
    >>> page.html.startswith("<!doctype html>")
    True
    """
    shown = _check(language, sections, path)
    if title is not None and not isinstance(title, str):
        raise ConfigurationError("title", "must be a string", title)
    picture = logo_source(logo)
    check_scenario(scenario)
    number = _group(scenario) if group is None else scenario.group(group).extension_number
    present = dispatchers_of(scenario, dispatcher)
    asked = asked_variants(present[number], variants, what_if, language)
    running: dict[str, Any] = {"engine": engine, "workers": workers, "executor": executor}
    progress = combined_progress(on_progress)
    if workload is None:
        drawn = {**running, "seed": seed, "dispatcher": dispatcher}
        replications = _replications(scenario, replications, until, drawn, progress)
    elif until is not None:
        raise ConfigurationError("until", "must not be given beside workload", until)
    comparison = compare(
        scenario,
        number,
        **asked,
        workload=workload,
        replications=replications,
        seed=seed,
        dispatcher=dispatcher,
        within=within,
        variant=variant,
        on_progress=progress,
        **running,
    )
    return _made(
        Subject(comparison, number, is_today=True),
        shown,
        path=path,
        title=title,
        logo=picture,
        language=language,
        workers=workers,
        executor=executor,
        on_progress=progress,
    )


def report_on(
    scenario: Scenario,
    group: str | None = None,
    *,
    replications: int = REPLICATIONS,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    within: float = 20.0,
    variant: str = "offered",
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Report:
    """Compare the strategies of a group and return a report; parameters as in `report`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or no group has both calls and members.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> page = report_on(Scenario(groups=[sales], demand=demand, hours=1), replications=5)
    >>> page.html.startswith("<!doctype html>")
    True
    """
    return report(
        scenario,
        group,
        replications=replications,
        seed=seed,
        engine=engine,
        dispatcher=dispatcher,
        within=within,
        variant=variant,
        workers=workers,
        executor=executor,
        on_progress=on_progress,
    )


def report_from(
    comparison: Comparison,
    path: str | Path | None = None,
    *,
    title: str | None = None,
    logo: str | Path | None = None,
    language: str = "en",
    sections: Sequence[str] | None = None,
) -> Report:
    """Return a report on a comparison; parameters as in `report`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid.
    """
    shown = _check(language, sections, path)
    groups = comparison.scenario.group_numbers
    group = groups[0] if comparison.group is None and len(groups) == 1 else comparison.group
    return _made(
        Subject(comparison, group),
        shown,
        path=path,
        title=title,
        logo=logo_source(logo),
        language=language,
    )


def _made(
    subject: Subject,
    sections: Sequence[str],
    *,
    path: str | Path | None,
    title: str | None,
    logo: str,
    language: str,
    **running: Any,
) -> Report:
    """Return the report, and write it to the file if one is given."""
    swept = settings_of(subject, running) if "settings" in sections else None
    stressed = stress_test_of(subject, running) if "stress" in sections else None
    with speaking(language):
        page = page_of(subject, sections, swept, stressed, title=title, logo=logo)
    if path is not None:
        page.save(path)
    return page


def _check(
    language: str, sections: Sequence[str] | None, path: str | Path | None
) -> tuple[str, ...]:
    """Return the sections to show; raise errors before anything is played."""
    with speaking(language):
        pass
    if path is not None:
        _files.check_writable(path)
    if sections is None:
        return SECTIONS
    if isinstance(sections, str) or not isinstance(sections, Sequence):
        raise ConfigurationError("sections", "must be a list of sections", sections)
    for at, name in enumerate(sections):
        check_choice(f"sections[{at}]", name, SECTIONS)
    return tuple(sections)


def _replications(
    scenario: Scenario,
    given: int | None,
    until: Precision | None,
    asked: dict[str, Any],
    progress: OnProgress | None,
) -> int:
    """Return the number of replications: the given one, or the number that the precision needs."""
    if until is None:
        return REPLICATIONS if given is None else given
    if given is not None:
        raise ConfigurationError("replications", "must not be given beside until", given)
    return simulate(scenario, until=until, on_progress=progress, **asked).replications


def _group(scenario: Scenario) -> str:
    """Return the number of the first group that has calls and members."""
    for group in scenario.groups:
        called = scenario.demand.get(group.extension_number)
        if group.members and called and called.expected_calls(scenario.hours):
            return group.extension_number
    raise ConfigurationError(
        "groups", "must hold one that is called and has members to be reported on"
    )
