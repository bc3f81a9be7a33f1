"""Search for the best combination of settings under a target."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, cast

from ringsim._checks import as_float, is_integer, is_number
from ringsim._sentences import all_of
from ringsim.confidence import Estimate
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.metrics import Thresholds
from ringsim.planning._bounds import reachable_share
from ringsim.planning._capacity import answerable_share
from ringsim.planning._contender_player import ContenderPlayer
from ringsim.planning._contenders import Contender, contenders_of
from ringsim.planning._elimination import Elimination, errors_of
from ringsim.planning._objective import (
    Objective,
    ObjectiveLike,
    metric_objective,
    objective_of,
)
from ringsim.planning._optimum import Optimum
from ringsim.planning._replications import combined_progress
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._search import checkpoints_for
from ringsim.planning._size import (
    affordable,
    check_called,
    check_is_of_days,
    checked_target,
    needed_shares,
)
from ringsim.planning._space import STRATEGY, space_of
from ringsim.planning._study import Study
from ringsim.planning._target import Target
from ringsim.planning._uncounted import check_counted
from ringsim.scenario import Scenario, named_group

__all__ = ["optimize"]

FIRST_OF_ALL = 10_000  # replications of all combinations together in the first look
LEAST_FIRST, MOST_FIRST = 10, 100  # replications of one combination in the first look
MAX_REPLICATIONS = 5000
ASIDE = ("service_level", "interruptions_per_hour")  # shown beside an objective without goals


def optimize(
    scenario: Scenario,
    group: str | None = None,
    *,
    over: Mapping[str, Collection[Any]],
    minimise: ObjectiveLike | None = None,
    maximise: str | None = None,
    subject_to: Target | None = None,
    within: float | None = None,
    replications: int | None = None,
    max_replications: int | None = None,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Optimum:
    """Find the combination of settings that is best among those that meet a target.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary.
    group : str, optional
        Number of the group to optimize; by default the only group. Objective and target are
        about the calls that arrive at it.
    over : dict of str to list
        Values to try by path, as in `ringsim.scenario.changed`; paths of this group can be
        written without the prefix `groups.<number>`. `n_members` shortens the group, or
        extends it with copies of its last member; `members` can be lists in other orders;
        `strategy` takes dispatchers, classes or names, as in `compare`. At most 100,000
        combinations.
    minimise : str or Cost, optional
        What to make as low as possible: a metric, `n_members`, `occupancy`, or a `Cost`.
    maximise : str, optional
        In place of `minimise`: a metric, `n_members` or `occupancy` to make as high as possible.
    subject_to : Target, optional
        Target that the choice must meet. Its `within` and `variant` also define the service
        level where this is the objective.
    within : float, optional
        Indifference zone: a difference in the objective, in its own unit, that does not
        matter. By default there is none, and all combinations but one must be beaten.
    replications : int, optional
        Number of replications of each combination at first: by default 10,000 of all together,
        but at least 10 and at most 100 of each.
    max_replications : int, optional
        Largest number of replications of one combination: 5000 by default, or fewer for groups
        with many calls, as in `size`.
    seed, engine, dispatcher, workers, executor
        As in `simulate`. All combinations meet the same callers. A group whose strategy, preset
        or order is in `over` rings in its own order, whatever the dispatcher.
    on_progress : callable, optional
        Called with the number of replications done and the number begun, after each part.

    Returns
    -------
    Optimum
        The choice as `best`, a scenario; `table` has a row for every combination.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, the group receives no calls, or no combination can meet the
        target, because people answer too late or have no time.
    RingsimError
        If the executor loses a part of the work.

    Notes
    -----
    The choice is wrong in less than 5 % of studies: it meets the target, and no combination
    that meets it is better by more than `within`. If the replications are not enough for that,
    `decided` is False, and the state of all that may be better is `rival`. The procedure
    is described, with its sources, in `ringsim.planning._elimination`. Combinations whose
    members have too little time for the calls are not played.

    The tests of the target allow for a worst day that was not seen; comparisons of the objective
    do not. If one day in twenty is very unlike the others, 20 replications have no such day in
    36 % of studies, and 100 in 0.6 %. So few combinations get 100 replications at first; for
    many, give a larger number if days are so unlike.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202", "203"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=2)
    >>> optimum = optimize(
    ...     office,
    ...     over={"ring_strategy": ["CYCLIC_HUNT", "RING_SIMULTANEOUSLY"], "n_members": [1, 2, 3]},
    ...     minimise="interruptions_per_hour",
    ...     subject_to=Target(answer_rate=0.9),
    ... )
    >>> optimum.settings, optimum.decided
    ({'ring_strategy': 'CYCLIC_HUNT', 'n_members': 3}, True)
    """
    group = named_group(scenario, group)
    target = None if subject_to is None else checked_target(subject_to, "subject_to")
    if target is not None:
        check_is_of_days(target, scenario, "subject_to")
    thresholds = Thresholds() if target is None else target.question
    goals = () if target is None else target.goals
    objective = objective_of(minimise, maximise, thresholds)
    zone = _checked_zone(within)
    space = space_of(scenario, group, over, seed=seed, engine=engine, dispatcher=dispatcher)
    asked = minimise if maximise is None else maximise
    counted = {path: values for path, values in space.settings.items() if path != STRATEGY}
    check_counted(cast("ObjectiveLike", asked), scenario, group, counted)
    check_called(scenario, group)
    runner = Runner(workers, executor, combined_progress(on_progress))
    needed = {} if target is None else needed_shares(target)
    contenders = contenders_of(space, partial(_bounds, group, thresholds.within, needed))
    first = replications
    if first is None:
        first = _usual_first(len(contenders), max_replications)
    most = affordable(scenario, group, first, max_replications, MAX_REPLICATIONS)
    checkpoints = checkpoints_for(first, most)
    if target is not None and needed:
        _rule_out(contenders, target, needed)
    figures = _figures(objective, target, thresholds)
    n_open = sum(not each.is_out for each in contenders)
    errors, _ = errors_of(max(1, n_open), len(goals), len(checkpoints.counts))
    player = ContenderPlayer(space, figures, goals, thresholds, checkpoints, errors, runner)
    search = Elimination(contenders, player, objective, goals, checkpoints, zone)
    search.run()
    return Optimum(space, target, figures, zone, contenders, search)


def _usual_first(contenders: int, most: Any) -> int:
    """Return the initial number of replications, at most the limit if that is valid."""
    usual = min(MOST_FIRST, max(LEAST_FIRST, FIRST_OF_ALL // contenders))
    return max(LEAST_FIRST, min(usual, int(most))) if is_integer(most) else usual


def _checked_zone(within: Any) -> float:
    if within is None:
        return 0.0
    if not is_number(within) or not 0 <= as_float(within) < math.inf:
        raise ConfigurationError("within", "must be a finite number, at least 0", within)
    return float(within)


def _figures(
    objective: Objective, target: Target | None, thresholds: Thresholds
) -> Sequence[Objective]:
    """Return the objective and the figures shown beside it: the target's, or another."""
    names = [goal.name for goal in target.goals] if target is not None else list(ASIDE)
    others = [name for name in names if name != objective.name]
    others = others or [name for name in ASIDE if name != objective.name][:1]
    return [
        objective,
        *(metric_objective(name, _is_better_high(name), thresholds) for name in others),
    ]


def _is_better_high(name: str) -> bool:
    from ringsim.metrics import METRICS

    return name in METRICS and METRICS[name].better == "higher"


def _rule_out(contenders: Sequence[Contender], target: Target, needed: Mapping[str, float]) -> None:
    """Mark combinations as infeasible, without playing them, if a bound is below the target.

    Raises
    ------
    ConfigurationError
        If a bound rules out all of them.
    """
    for name, share in needed.items():
        highest = max(each.bounds[name] for each in contenders)
        if highest < share:
            raise ConfigurationError(
                f"subject_to.{name}",
                f"must be at most {math.ceil(highest * 1000) / 1000:g}",
                share,
                f"More is out of reach of {all_of(len(contenders), 'combination')}: people answer "
                "later, have no time, or callers give up sooner.",
            )
    for each in contenders:
        if any(each.bounds[name] < share for name, share in needed.items()):
            highs = [each.bounds.get(goal.name, math.nan) for goal in target.goals]
            each.limits = tuple(
                Estimate(math.nan) if math.isnan(high) else Estimate(math.nan, 0.0, high)
                for high in highs
            )
            each.goal_values = tuple(highs)
            each.meets = "no"


def _bounds(
    group: str, within: float, needed: Mapping[str, float], study: Study
) -> dict[str, float]:
    """Return an upper bound of each share that a target needs; 1 for a group without calls."""
    if not needed or not study.scenario.expected_calls(group):
        return dict.fromkeys(needed, 1.0)
    given = study.scenario, study.scenario.group(group), study.dispatchers[group]
    most = answerable_share(*given)
    times = {"answer_rate": math.inf, "service_level": within}
    return {name: min(most, reachable_share(*given, times[name])) for name in needed}
