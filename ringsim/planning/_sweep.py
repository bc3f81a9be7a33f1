"""Sweep of a scenario's settings over all combinations of values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, ClassVar

import numpy as np

from ringsim._lazy import pd
from ringsim.dispatch import DispatcherChoice
from ringsim.metrics import Thresholds, checked_metrics, default_metrics, estimate_columns
from ringsim.planning._advice import describe_advice
from ringsim.planning._comparison import Comparison
from ringsim.planning._html import as_html, as_text, readable
from ringsim.planning._playing import job_of
from ringsim.planning._result import Result
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._settings import Point, checked_settings, naming, points_of
from ringsim.planning._study import Study, check_replications, study_of
from ringsim.planning._variants import VariantFactory
from ringsim.scenario import Scenario, changed, implied_group

__all__ = ["Sweep", "sweep"]

MOST_SCENARIOS = 10_000
MOST_COMPARED = 20  # combinations for a sentence on the price


class Sweep(pd.DataFrame):
    """The table of `sweep`: a DataFrame that `print` and notebooks show with readable figures.

    Rows, columns and everything else taken from it are plain pandas objects. `print` shows the
    metrics below each other, as many beside each other as `display.width` of pandas has room for.

    Attributes
    ----------
    settings : tuple of str
        Names of the columns that hold settings.
    metrics : tuple of str
        Names of the metrics.
    price : str
        A sentence on the combination to choose in place of the settings as they are: what
        improves, and what worsens most. Empty if no combination is better, none of them has the
        settings as they are, or there are more than 20.
    """

    settings: tuple[str, ...]
    metrics: tuple[str, ...]
    price: str
    _metadata: ClassVar = ["settings", "metrics", "price"]  # pandas adds a list to it

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """The table as a plain DataFrame."""
        plain = pd.DataFrame(self)
        plain.attrs = dict(self.attrs)
        return plain

    def __repr__(self) -> str:
        settings = [path for path in self.settings if path in self.columns]
        shown = readable(self.table)
        text = as_text(shown.set_index(settings) if settings else shown)
        return "\n\n".join(filter(None, [self.price, text, *self._notes(text)]))

    def _repr_html_(self) -> str:
        page = as_html("", [readable(self.table)])
        text = "\n".join(filter(None, [self.price, *self._notes(page)]))
        return as_html(text, []) + page

    def _notes(self, text: str) -> Iterator[str]:
        """Yield notes on the service level and on the stars of a text, if it has them."""
        if "service_level" in self.attrs and "service_level" in self.columns:
            yield f"Service level: {self.attrs['service_level']}."
        if ")*" in text:
            yield "* too few events to trust the interval"


def sweep(
    scenario: Scenario,
    settings: Mapping[str, Collection[Any]],
    group: str | None = None,
    *,
    metrics: Sequence[str] | None = None,
    replications: int = 100,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    within: float = 20.0,
    variant: str = "offered",
    short: float = 5.0,
    target: float = 0.8,
    level: float = 0.95,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Sweep:
    """Play a scenario with every combination of some settings, with the same random numbers.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary.
    settings : dict of str to list
        Lists of values by path, as in `ringsim.scenario.changed`; at most 10,000 combinations.
    group : str, optional
        Number of the group whose calls are counted; settings of this group can be written
        without the prefix `groups.<number>`. By default the only group; all calls of several.
    metrics : list of str, optional
        Metrics in the table; by default eight that callers and members notice.
    replications, seed, engine, dispatcher, workers, executor, on_progress
        As in `simulate`, for every combination. A group whose strategy, preset or order is
        among the settings rings in its own order, whatever the dispatcher.
    within, variant, short, target, level
        As in `Result.summary`.

    Returns
    -------
    Sweep
        A DataFrame with a row per combination, the last setting changing fastest: a column for
        each setting, named by its path, with the values as given; then three columns for each
        metric, such as `answer_rate`, `answer_rate_low` and `answer_rate_high`; then `note`,
        which names the metrics with few events. The figures and intervals of a row are those
        of `simulate` for its scenario. `attrs["service_level"]` says how the service level was
        counted.

    Raises
    ------
    ConfigurationError
        If a path does not exist or a value is invalid; nothing has been drawn then.
    RingsimError
        If the executor loses a part of the work.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=1)
    >>> settings = {"groups.600.n_members": [1, 2], "demand.scale": [1, 1.5]}
    >>> table = sweep(office, settings, metrics=["answer_rate"], replications=5)
    >>> table.iloc[:, :3].round(2)
       groups.600.n_members  demand.scale  answer_rate
    0                     1           1.0         0.68
    1                     1           1.5         0.55
    2                     2           1.0         0.94
    3                     2           1.5         0.83
    """
    thresholds = Thresholds(within, variant, short, target, level)
    checked_metrics(metrics)
    check_replications(replications)
    runner = Runner(workers, executor, on_progress)
    values = checked_settings("settings", settings, MOST_SCENARIOS, "scenarios")
    points = list(points_of(values))
    group = implied_group(scenario, group)
    chosen: dict[str, Any] = {"seed": seed, "engine": engine}
    changed(
        scenario, {}, group
    )  # raises errors that hold for every combination, without naming one
    study_of(scenario.replace(demand={}), dispatcher=dispatcher, **chosen)
    factory = VariantFactory(scenario, group, dispatcher)
    studies = [_study(factory, point, **chosen) for point in points]
    counts_callers = any(study.counts_callers for study in studies)
    usual = default_metrics(scenario, group, counts_callers=counts_callers)
    asked = checked_metrics(metrics, usual)
    played = runner.play([job_of(study, thresholds, replications) for study in studies])
    results = [
        Result(study, each.observations, workers=workers)
        for study, each in zip(studies, played, strict=True)
    ]
    rows = []
    for point, result in zip(points, results, strict=True):
        estimates = (
            (name, result.figure(name, group, thresholds).estimate(level)) for name in asked
        )
        rows.append(point | estimate_columns(estimates))
    columns = [name + bound for name in asked for bound in ("", "_low", "_high")]
    frame = pd.DataFrame(rows, columns=[*settings, *columns, "note"])
    table = Sweep(frame.astype(dict.fromkeys(columns, np.float64) | {"note": "str"}))
    table.attrs["service_level"] = thresholds.note
    table.settings, table.metrics = tuple(settings), asked
    table.price = _price(
        scenario, group, dict(zip(map(_name, points), results, strict=True)), asked, thresholds
    )
    return table


def _price(
    scenario: Scenario,
    group: str | None,
    results: Mapping[str, Result],
    metrics: tuple[str, ...],
    thresholds: Thresholds,
) -> str:
    """Return a sentence on what the best combination costs; "" if there is nothing to say."""
    present = next((name for name, each in results.items() if each.scenario == scenario), None)
    if present is None or not 1 < len(results) <= MOST_COMPARED:
        return ""
    compared = Comparison(scenario, group, results, present, metrics, thresholds)
    advice = compared.advice
    return "" if advice is None else describe_advice(advice, present)


def _name(point: Point) -> str:
    return ", ".join(f"{path} {value}" for path, value in point.items())


def _study(factory: VariantFactory, point: Point, **asked: Any) -> Study:
    """Return the study of one combination; errors name the combination."""
    with naming(point):
        made = factory.with_changes(point)
        if factory.group is not None:
            made.scenario.group(factory.group)
        return study_of(made.scenario, dispatcher=made.dispatchers, **asked)
