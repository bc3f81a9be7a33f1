"""Comparison of variants of a scenario on the same callers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

from ringsim._checks import as_float, is_number
from ringsim.dispatch import DispatcherChoice, DispatcherLike
from ringsim.errors import ConfigurationError
from ringsim.metrics import Thresholds, checked_metrics, default_metrics
from ringsim.planning._comparison import Comparison
from ringsim.planning._playing import job_of
from ringsim.planning._result import Result
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._study import check_replications, given_workloads, study_of
from ringsim.planning._variants import VariantLike, variants_of
from ringsim.scenario import Scenario, implied_group
from ringsim.workload import Workload

__all__ = ["compare"]

NAME = "equivalent_within"


def compare(
    scenario: Scenario,
    group: str | None = None,
    *,
    strategies: Sequence[DispatcherLike] | None = None,
    variants: Mapping[str, VariantLike] | None = None,
    baseline: str | None = None,
    metrics: Sequence[str] | None = None,
    replications: int | None = None,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    within: float = 20.0,
    variant: str = "offered",
    short: float = 5.0,
    target: float = 0.8,
    level: float = 0.95,
    equivalent_within: float | Mapping[str, float] | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
    workload: Workload | Sequence[Workload] | None = None,
) -> Comparison:
    """Play variants of a scenario with the same random numbers and compare their metrics.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary.
    group : str, optional
        Number of the group to vary and whose calls are compared; settings of this group can
        be written without the prefix `groups.<number>`. By default the only group; of several,
        all groups and all calls.
    strategies : list of dispatchers, classes or names, optional
        One variant per strategy, named after it, in which the group, or every group, rings
        that way. A name may be that of a preset, such as `"asterisk-queue/rrmemory"`; what the
        group sets itself, such as `ring_time`, stays. If neither these nor `variants` are
        given, the seven strategies that wait for a person to answer.
    variants : dict of str to changes, Scenario, dispatcher, class or name, optional
        More variants, by name. Changes map paths to values, as in `ringsim.scenario.changed`:
        `{"ring_time": 15}`, `{"groups.600.n_members": 6}`.
    baseline : str, optional
        Name of the variant that the others are compared with. By default the one that equals
        the scenario; if there is none, the scenario is added as the variant `as it is`.
    metrics : list of str, optional
        Metrics to compare; by default eight that callers and members notice, and for a group that
        only others forward to, five about the calls that it received.
    replications, seed, engine, workers, executor, on_progress
        As in `simulate`.
    workload : Workload or list of Workload, optional
        As in `simulate`: every variant meets these callers.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        Replaces the groups' own strategies in all variants that do not name another. A group
        whose strategy, preset or order a variant sets rings in its own order.
    within, variant, short, target, level
        As in `Result.summary`.
    equivalent_within : float or dict of str to float, optional
        Differences that do not matter, by metric in its own unit: `{"answer_rate": 0.02}` is two
        points. A number holds for all metrics: for rates as a difference, for others as a share
        of the baseline's figure. A variant that surely differs by less is *as good as* the
        baseline (two one-sided tests, which hold together for all variants).

    Returns
    -------
    Comparison
        The differences: `table` has all figures, and `print` describes them in sentences.

    Raises
    ------
    ConfigurationError
        If an argument is invalid; nothing has been played then. The message names the variant.
    RingsimError
        If the executor loses a part of the work.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=1)
    >>> variants = {"longer": {"ring_time": 30}, "alone": {"n_members": 1}}
    >>> comparison = compare(
    ...     office, "600", variants=variants, metrics=["answer_rate"], replications=100
    ... )
    >>> print(comparison)  # doctest: +NORMALIZE_WHITESPACE
    3 variants of group 600 of the scenario, with the same callers: 100 replications, seed 0.
    All are compared with 'as it is'; the intervals of the differences in a metric hold
    together with 95 % confidence.
    longer improves on 'as it is': answer rate 0.23 points more (0.04 to 0.42). No compared
    metric gets worse.
    <BLANKLINE>
    answer_rate: 91.6 % (90.6 to 92.5) with 'as it is'.
      longer has 0.23 points more (0.04 to 0.42).
      alone has 27.0 points less (25.9 to 28.2).
      Best (higher is better): longer.
    """
    thresholds = Thresholds(within, variant, short, target, level)
    checked_metrics(metrics)
    given = given_workloads(workload, replications)
    count = len(given) or (100 if replications is None else replications)
    check_replications(count)
    runner = Runner(workers, executor, on_progress)
    group = implied_group(scenario, group)
    chosen = variants_of(
        scenario,
        group,
        strategies=strategies,
        variants=variants,
        baseline=baseline,
        dispatcher=dispatcher,
    )
    studies = {
        name: study_of(
            each.scenario,
            seed=seed,
            engine=engine,
            dispatcher=each.dispatchers,
            workloads=given,
        )
        for name, each in chosen.variants.items()
    }
    counts_callers = any(study.counts_callers for study in studies.values())
    usual = default_metrics(scenario, group, counts_callers=counts_callers)
    asked = checked_metrics(metrics, usual)
    check_margins(equivalent_within, asked)
    played = runner.play([job_of(study, thresholds, count) for study in studies.values()])
    results = {
        name: Result(study, each.observations, workers=workers)
        for (name, study), each in zip(studies.items(), played, strict=True)
    }
    return Comparison(
        scenario, group, results, chosen.baseline, asked, thresholds, equivalent_within
    )


def check_margins(given: object, metrics: Sequence[str]) -> None:
    """Raise `ConfigurationError` unless a margin is None, a number, or numbers of metrics."""
    if given is None:
        return
    margins = given if isinstance(given, Mapping) else {"": given}
    for metric, margin in margins.items():
        subject = f"{NAME}.{metric}" if isinstance(given, Mapping) else NAME
        if isinstance(given, Mapping) and metric not in metrics:
            raise ConfigurationError(
                subject, f"must be one of the compared metrics, {', '.join(metrics)}"
            )
        if not is_number(margin) or not 0 < as_float(margin) < math.inf:
            raise ConfigurationError(subject, "must be a positive finite number", margin)
