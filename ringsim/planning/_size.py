"""How many members a group needs: the smallest number that meets a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial

from ringsim._checks import is_number
from ringsim._renamed import renamed
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.group import Member
from ringsim.metrics import Roster, group_layout
from ringsim.planning._bounds import reachable_share
from ringsim.planning._erlang import ErlangFigures
from ringsim.planning._goals import GroupView
from ringsim.planning._pool import MemberPool, pool_of
from ringsim.planning._replications import combined_progress
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._search import Search, checkpoints_for
from ringsim.planning._sizing import Sizing
from ringsim.planning._study import Study, study_of
from ringsim.planning._target import Target
from ringsim.scenario import Scenario

__all__ = ["check_called", "check_reach", "check_shrinkage", "check_target", "size"]


@renamed(most="max_members", most_replications="max_replications")
def size(
    scenario: Scenario,
    group: str,
    target: Target,
    *,
    max_members: int | None = None,
    candidates: Sequence[str | Member] | None = None,
    template: str | None = None,
    replications: int = 20,
    max_replications: int = 2000,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    shrinkage: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Sizing:
    """How many members a group needs: the smallest number that meets a target.

    All else stays as it is: strategy, other groups, forwarding, own calls, duty. The first
    members are those that the group has, the next are like the last of them.

    Parameters
    ----------
    scenario : Scenario
        What is sized.
    group : str
        Number of the group whose members are counted; the target is one for the calls that
        arrive at it, wherever they are answered.
    target : Target
        What must be reached.
    max_members : int, optional
        The largest number of members that is tried; 100, or all candidates, unless given.
    candidates : list of str or Member, optional
        Who may be members, in the order in which they are taken, in place of the group's own
        members and new ones.
    template : str, optional
        Number of the person that new members are like; the group's last member, unless given.
    replications, max_replications : int, default 20 and 2000
        After how many replications a number is first looked at, and last.
    seed, engine, dispatcher, workers, executor
        As in `simulate`. All numbers of members meet the same callers.
    shrinkage : float, optional
        Share of the working time in which people are not there: leave, training, breaks. It
        is needed for a head count, and there is none without it.
    on_progress : callable, optional
        Called with the number of replications done and of those begun, as they are done.

    Returns
    -------
    Sizing
        Its `members` is the number, its `table` has a row for each that was tried.

    Raises
    ------
    ConfigurationError
        When an argument cannot be, nobody calls the group, or no number of members can reach
        the target, because people answer too late or callers give up too soon.
    RingsimError
        When the executor loses a part of the work.

    Notes
    -----
    Replications are added until the evidence decides whether a number of members meets the
    target, or there are `max_replications`. The answer is wrong in less than 5 % of studies,
    at whatever look and size it comes. It allows for days that were not seen: 20 perfect days
    do not rule out that one in twenty is a disaster, so a strict target takes hundreds of
    replications. A number that stays undecided says how many would tell. Numbers are tried
    from 0 on, none is left out, as more members may do worse; one more than the answer is
    shown beside it.

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
    check_target(target)
    check_shrinkage(shrinkage)
    pool = pool_of(scenario, group, candidates, template, max_members)
    looks = checkpoints_for(replications, max_replications)
    runner = Runner(workers, executor, combined_progress(on_progress))

    def sized(members: int) -> Study:
        return study_of(pool.sized(members), seed=seed, engine=engine, dispatcher=dispatcher)

    check_called(scenario, group)
    check_reach(pool, sized(pool.max_members), target)
    roster = Roster(scenario)
    layout, view = (
        group_layout(roster, target.question),
        partial(GroupView, place=roster.groups.index(group)),
    )
    tried = Search(sized, target.goals, looks, layout, view, runner).upwards(pool.max_members)
    demand = scenario.demand[group]
    formulas = ErlangFigures.of(demand, demand.expected_calls(scenario.hours) / scenario.hours)
    return Sizing(group, target, tuple(tried), pool, formulas, shrinkage)


def check_target(target: Target) -> None:
    """Find out whether it is a target."""
    if not isinstance(target, Target):
        raise ConfigurationError(
            "target",
            "must be a ringsim.Target",
            target,
            "Write Target(service_level=0.8, within=20).",
        )


def check_shrinkage(shrinkage: float | None) -> None:
    """Find out whether it is a share of the working time."""
    if shrinkage is not None and (not is_number(shrinkage) or not 0 <= shrinkage < 1):
        raise ConfigurationError("shrinkage", "must be at least 0 and below 1", shrinkage)


def check_called(scenario: Scenario, group: str) -> None:
    """Find out whether anybody calls a group."""
    demand = scenario.demand.get(group)
    if demand is None or not demand.expected_calls(scenario.hours):
        raise ConfigurationError(
            f"demand.{group}", "must have calls: a target is one of the calls that arrive"
        )


def check_reach(pool: MemberPool, largest: Study, target: Target) -> None:
    """Find out that no number of members can reach a target, where that can be known."""
    shares = {
        "answer_rate": (target.answer_rate, math.inf, "at all"),
        "service_level": (target.service_level, target.within, f"within {target.within:g} s"),
    }
    if target.variant != "offered" or target.p_target_met is not None:
        del shares["service_level"]
    group = largest.scenario.group(pool.group)
    for name, (share, within, when) in shares.items():
        if share is None:
            continue
        bound = reachable_share(largest.scenario, group, largest.dispatchers[pool.group], within)
        if bound < share:
            raise ConfigurationError(
                f"target.{name}",
                f"must be at most {math.ceil(bound * 1000) / 1000:g}",
                share,
                f"However many of up to {pool.max_members} members are free, no more calls are "
                f"answered {when}: people answer later, or callers give up sooner.",
            )
