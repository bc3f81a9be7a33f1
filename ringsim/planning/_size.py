"""Search for the smallest number of members with which a group meets a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from typing import cast

from ringsim._checks import is_number
from ringsim._renamed import renamed
from ringsim.confidence import Estimate
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError, check_instance
from ringsim.group import Member
from ringsim.metrics import METRICS, default_metrics, group_layout
from ringsim.planning._bounds import reachable_share
from ringsim.planning._capacity import answerable_share
from ringsim.planning._erlang import ErlangFigures
from ringsim.planning._goals import GroupView
from ringsim.planning._pool import MemberPool, pool_of
from ringsim.planning._replications import combined_progress
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._search import Checkpoints, Search, SizeResult, checkpoints_for
from ringsim.planning._sizing import Sizing
from ringsim.planning._study import Study, study_of
from ringsim.planning._target import Target
from ringsim.scenario import Scenario, named_group

__all__ = [
    "affordable",
    "check_called",
    "check_is_of_days",
    "check_reach",
    "check_shrinkage",
    "checked_target",
    "needed_shares",
    "size",
]

MAX_REPLICATIONS, MIN_REPLICATIONS = 2000, 200
MAX_CALLS = 4_000_000  # of one size, which keep two processors busy for two seconds (measured)


@renamed(most="max_members", most_replications="max_replications")
def size(
    scenario: Scenario,
    group: str | None = None,
    target: Target | None = None,
    *,
    max_members: int | None = None,
    candidates: Sequence[str | Member] | None = None,
    template: str | None = None,
    replications: int = 20,
    max_replications: int | None = None,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    shrinkage: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Sizing:
    """Find the smallest number of members with which a group meets a target.

    Everything else stays the same: strategy, other groups, forwarding, own calls, duty. The
    group's own members come first; further members are copies of the last of them. If the
    scenario has `days`, the target is one of whole weeks; `scenario.on("mon")` sizes one day.

    Parameters
    ----------
    scenario : Scenario
        The scenario with the group to size.
    group : str, optional
        Number of the group; by default the only group. The target applies to the calls that
        arrive at it, wherever they are answered.
    target : Target
        The target to meet.
    max_members : int, optional
        Largest number of members to try; 100, or all candidates, by default.
    candidates : list of str or Member, optional
        People who can be members, in the order in which they are chosen, in place of the
        group's own members and new ones.
    template : str, optional
        Number of the person that new members are copied from; by default the group's last
        member.
    replications, max_replications : int, default 20 and 2000
        Numbers of replications after which a number of members is tested first and last. For
        groups with more than 2,000 calls a day, the default of the last one is lower: as many
        replications as have 4 million calls, at least 200. Numbers that are far too small may
        be rejected after two fifths of the first.
    seed, engine, dispatcher, workers, executor
        As in `simulate`. All numbers of members meet the same callers.
    shrinkage : float, optional
        Share of the working time in which people are absent: leave, training, breaks. Without
        it the result has no head count.
    on_progress : callable, optional
        Called with the number of replications done and the number begun, after each part.

    Returns
    -------
    Sizing
        The answer as `members`; `table` has a row for each number that was tried.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, the group receives no calls, or no number of members can
        meet the target, because people answer too late or callers give up too soon.
    RingsimError
        If the executor loses a part of the work.

    Notes
    -----
    Numbers whose members have too little time for the calls, by an upper bound that holds for
    any strategy, are ruled out without playing; `table` says which. Each further number is
    simulated until the evidence decides whether it meets the target, or for
    `max_replications`. None of these is skipped, as a larger group can do worse; one more
    than the answer is shown beside it. The answer is wrong in less than 5 % of
    studies, over all tests and numbers together. It allows for unseen days: 20 perfect days do
    not rule out that one day in twenty is a disaster, so a strict target takes hundreds of
    replications. For an undecided number, the result estimates how many replications would
    decide.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201"], "ring_strategy": "CYCLIC_HUNT"}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=120)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=2)
    >>> sizing = size(office, "600", Target(answer_rate=0.9))
    >>> sizing.members, sizing.decided
    (3, True)
    >>> sizing.table["meets"].to_dict()
    {0: 'no', 1: 'no', 2: 'no', 3: 'yes', 4: 'yes'}
    """
    target = checked_target(target)
    check_is_of_days(target, scenario)
    check_shrinkage(shrinkage)
    group = named_group(scenario, group)
    pool = pool_of(scenario, group, candidates, template, max_members)
    check_called(scenario, group)
    most = affordable(scenario, group, replications, max_replications)
    checkpoints = checkpoints_for(replications, most)
    runner = Runner(workers, executor, combined_progress(on_progress))

    def sized(members: int) -> Study:
        return study_of(pool.sized(members), seed=seed, engine=engine, dispatcher=dispatcher)

    largest = sized(pool.max_members)
    check_reach(pool, largest, target)
    roster = largest.roster
    layout = group_layout(roster, target.question)
    view = partial(GroupView, place=roster.groups.index(group))
    ruled_out = _ruled_out(pool, largest, target, checkpoints)
    # No percentiles: the waits of all calls are not kept.
    shown = [name for name in default_metrics(scenario, group) if not METRICS[name].needs_waits]
    compared = partial(GroupView.influences, metrics=shown, thresholds=target.question)
    search = Search(sized, target.goals, checkpoints, layout, view, runner, compared)
    tried = [*ruled_out, *search.upwards(pool.max_members, len(ruled_out))]
    formulas = ErlangFigures.of(scenario, group)
    return Sizing(group, target, tuple(tried), pool, formulas, shrinkage)


def check_is_of_days(target: Target, scenario: Scenario, subject: str = "target") -> None:
    """Check that the target counts no days if a replication is a week.

    Raises
    ------
    ConfigurationError
        If it has `p_target_met`, and the scenario has several `days`.
    """
    if target.p_target_met is not None and len(scenario.days) > 1:
        raise ConfigurationError(
            f"{subject}.p_target_met",
            "must not be given for a week, whose days are not counted one by one",
            target.p_target_met,
            'Ask about one day: scenario.on("mon"), or --day mon.',
        )


def checked_target(target: Target | None, subject: str = "target") -> Target:
    """Return the target.

    Raises
    ------
    ConfigurationError
        If it is not a `Target`.
    """
    check_instance(subject, target, Target, "Write Target(service_level=0.8, within=20).")
    return cast("Target", target)


def affordable(
    scenario: Scenario, group: str, first: int, asked: int | None, usual: int = MAX_REPLICATIONS
) -> int:
    """Return the largest number of replications: the one asked for, or at most the usual one."""
    if asked is not None:
        return asked
    calls = scenario.expected_calls(group)
    fewer = max(MIN_REPLICATIONS, math.floor(MAX_CALLS / calls))
    return max(min(usual, fewer), first if is_number(first) else 0)


def _ruled_out(
    pool: MemberPool, largest: Study, target: Target, checkpoints: Checkpoints
) -> list[SizeResult]:
    """Return the sizes, from 0 up, whose members cannot answer enough calls.

    The largest size is never among them, so that there is one to play.
    """
    needed = needed_shares(target)
    found: list[SizeResult] = []
    dispatcher = largest.dispatchers[pool.group]
    errors = checkpoints.errors(0, len(target.goals))
    while needed and len(found) < pool.max_members:
        sized = pool.sized(len(found))
        bound = answerable_share(sized, sized.group(pool.group), dispatcher)
        if bound >= max(needed.values()):
            break
        limits = [
            Estimate(math.nan, 0.0, bound) if goal.name in needed else Estimate(math.nan)
            for goal in target.goals
        ]
        found.append(SizeResult.ruled_out(len(found), limits, errors))
    return found


def needed_shares(target: Target) -> dict[str, float]:
    """Return the limits of a target that are least shares of all calls, by metric."""
    shares = {"answer_rate": target.answer_rate, "service_level": target.service_level}
    if target.variant != "offered" or target.p_target_met is not None:
        del shares["service_level"]
    return {name: share for name, share in shares.items() if share is not None}


def check_shrinkage(shrinkage: float | None) -> None:
    """Raise `ConfigurationError` if `shrinkage` is neither None nor in [0, 1)."""
    if shrinkage is not None and (not is_number(shrinkage) or not 0 <= shrinkage < 1):
        raise ConfigurationError("shrinkage", "must be at least 0 and below 1", shrinkage)


def check_called(scenario: Scenario, group: str) -> None:
    """Raise `ConfigurationError` if no calls arrive at a group."""
    if not scenario.expected_calls(group):
        raise ConfigurationError(
            f"demand.{group}",
            "must have calls: every figure is one of the calls that arrive",
            hint="Give calls_per_hour and talk_time, for instance.",
        )


def check_reach(pool: MemberPool, largest: Study, target: Target) -> None:
    """Raise `ConfigurationError` if an upper bound shows that a target cannot be met."""
    times = {
        "answer_rate": (math.inf, "at all"),
        "service_level": (target.within, f"within {target.within:g} s"),
    }
    group = largest.scenario.group(pool.group)
    for name, share in needed_shares(target).items():
        within, when = times[name]
        bound = reachable_share(largest.scenario, group, largest.dispatchers[pool.group], within)
        if bound < share:
            raise ConfigurationError(
                f"target.{name}",
                f"must be at most {math.ceil(bound * 1000) / 1000:g}",
                share,
                f"However many of up to {pool.max_members} members are free, no more calls are "
                f"answered {when}: people answer later, or callers give up sooner.",
            )
