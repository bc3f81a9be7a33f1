"""Search for the number of members that a group needs in each interval of the day.

Each interval is sized on its own, as if its calls arrived at the same rate all the time: the
stationary independent period by period (SIPP) approach. It is the usual method, and it errs if
calls are long or the demand changes fast, because calls of the previous interval still occupy
members (Green, Kolesar and Soares, Improving the SIPP approach for staffing service systems
that have cyclic demands, Operations Research 49, 2001, 549-564). So whole days are then played
with these members on duty, and the result reports the metrics of each interval on these days.
Both steps use the same people: `_on_duty` defines who can be on duty in an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from ringsim._checks import seconds_of
from ringsim._renamed import renamed
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.group import Member
from ringsim.planning._interval_sizer import IntervalSizer
from ringsim.planning._on_duty import staffed
from ringsim.planning._pool import pool_of
from ringsim.planning._replications import GrowingStudy, combined_progress
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._search import checkpoints_for, longest_wait
from ringsim.planning._size import check_called, check_reach, check_shrinkage, checked_target
from ringsim.planning._staffing import Staffing
from ringsim.planning._study import Study, check_replications, study_of
from ringsim.planning._target import Target
from ringsim.planning._week_staffing import WeekStaffing, week_staffing
from ringsim.scenario import Scenario, check_scenario, named_group
from ringsim.workload._keys import N_SEEDS

__all__ = ["staffing"]


@renamed(days="replications_played", most="max_members", most_replications="max_replications")
def staffing(
    scenario: Scenario,
    group: str | None = None,
    target: Target | None = None,
    *,
    width: float = 1800.0,
    replications_played: int = 1000,
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
) -> Staffing | WeekStaffing:
    """Find the number of members that a group needs in each interval of the day.

    If the scenario has several `days`, each is staffed on its own.

    Parameters
    ----------
    scenario : Scenario
        The scenario with the group to staff. People who are members of this group alone are
        put on duty when they are needed, within their own duty. All other people keep theirs.
    group : str, optional
        Number of the group; by default the only group.
    target : Target
        The target of each interval; without `p_target_met`, which is about whole days.
    width : float, default 1800
        Length of the intervals [s].
    replications_played : int, default 1000
        How many days to play with the members that were found.
    max_members, candidates, template, replications, max_replications
        As in `size`, for each interval.
    seed, engine, dispatcher, shrinkage, workers, executor, on_progress
        As in `size`. The days played afterwards use the next seed; after 2**128 - 1 it is 0.

    Returns
    -------
    Staffing or WeekStaffing
        The plan: `table` has a row per interval, `scenario` has the members on duty when needed.
        For several days it is a `WeekStaffing`, with the plan of each day as `by_day`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, the group receives no calls, or no number of members can
        meet the target.
    RingsimError
        If the executor loses a part of the work.

    Notes
    -----
    An interval is sized as in `size`, in a steady period in which the calls of all groups, and
    own calls, arrive at the interval's mean rates. The first five mean handle times, at least
    one interval, are a warm-up and not counted, because the period starts without calls. If no
    number of members is enough for an interval, the number that comes closest is on duty. Where no
    calls arrive, as on a closed day of a week, nobody is planned.

    Errors are controlled for each interval on its own: its size, and its verdict on the days
    played, are each wrong in less than 5 % of studies. Of twenty intervals one may be
    misjudged.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201"], "ring_strategy": "CYCLIC_HUNT"}
    >>> demand = {"600": Demand(calls_per_hour=[10, 60], interval=3600, talk_time=120)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=2)
    >>> found = staffing(
    ...     office, "600", Target(answer_rate=0.9), width=3600, replications_played=100
    ... )
    >>> found.table["members"].to_dict()
    {0.0: 2, 3600.0: 5}
    """
    check_scenario(scenario)

    def of_day(day: Scenario) -> Staffing:
        return _day_staffing(
            day,
            group,
            target,
            width=width,
            replications_played=replications_played,
            max_members=max_members,
            candidates=candidates,
            template=template,
            replications=replications,
            max_replications=max_replications,
            seed=seed,
            engine=engine,
            dispatcher=dispatcher,
            shrinkage=shrinkage,
            workers=workers,
            executor=executor,
            on_progress=on_progress,
        )

    check_called(scenario, named_group(scenario, group))
    return week_staffing(scenario, of_day, group) if len(scenario.days) > 1 else of_day(scenario)


def _day_staffing(
    scenario: Scenario,
    group: str | None,
    target: Target | None,
    *,
    width: float,
    replications_played: int,
    max_members: int | None,
    candidates: Sequence[str | Member] | None,
    template: str | None,
    replications: int,
    max_replications: int,
    seed: int,
    engine: str,
    dispatcher: DispatcherChoice,
    shrinkage: float | None,
    workers: int | None,
    executor: Executor | None,
    on_progress: OnProgress | None,
) -> Staffing:
    """Return the plan of one day, on which no calls may arrive."""
    target = checked_target(target)
    check_shrinkage(shrinkage)
    check_replications(replications_played, "replications_played")
    for name in ("p_target_met", "interruptions_per_hour"):
        if getattr(target, name) is not None:
            raise ConfigurationError(
                f"target.{name}", "must not be given: intervals are no days", getattr(target, name)
            )
    group = named_group(scenario, group)
    width = seconds_of(width)
    pool = pool_of(scenario, group, candidates, template, max_members)
    checkpoints = checkpoints_for(replications, max_replications)
    runner = Runner(workers, executor, combined_progress(on_progress))

    def studied(scenario: Scenario, seed: int = seed) -> Study:
        return study_of(scenario, seed=seed, engine=engine, dispatcher=dispatcher)

    largest = studied(pool.sized(pool.max_members))
    if scenario.expected_calls(group):
        check_reach(pool, largest, target)
    work = IntervalSizer(pool, target, checkpoints, runner, studied, width)
    layout = work.layout(largest)
    pools = work.pools(layout.n_cells)
    sizings = work.sizings(pools)
    planned = staffed(pool, pools, [each.closest for each in sizings], width)
    study, present = (studied(each, (int(seed) + 1) % N_SEEDS) for each in (planned, scenario))
    [observations], [before] = (
        GrowingStudy(each, layout, runner).upto(replications_played) for each in (study, present)
    )
    longest = longest_wait(study, layout.group)
    return Staffing(
        target, tuple(sizings), study.scenario, observations, longest, shrinkage, before
    )
