"""Search for the cheapest roster of real people with which a group meets its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from ringsim._checks import is_integer, seconds_of
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.metrics import Roster as Seats
from ringsim.metrics import interval_layout
from ringsim.planning._objective import Cost
from ringsim.planning._on_duty import covers
from ringsim.planning._pool import pool_of
from ringsim.planning._replications import combined_progress
from ringsim.planning._roster_people import records_of, team_of
from ringsim.planning._roster_result import Roster
from ringsim.planning._roster_rounds import Rounds
from ringsim.planning._roster_slots import Slot, slots_of
from ringsim.planning._roster_team import Team
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._shifts import Person, Shift
from ringsim.planning._size import check_called, check_reach, checked_target
from ringsim.planning._study import Study, check_replications, study_of
from ringsim.planning._target import Target
from ringsim.planning._turns import RosterDay, turns_of
from ringsim.scenario import DAY, Scenario, check_scenario, named_group
from ringsim.workload._keys import N_SEEDS

__all__ = ["roster"]

MAX_DAYS, LONGEST_DAY, MAX_ROUNDS = 31, 24, 50


def roster(
    scenario: Scenario | Mapping[str, Scenario],
    group: str | Sequence[str] | None = None,
    target: Target | Mapping[str, Target] | None = None,
    *,
    people: Sequence[Person | str | Mapping[str, Any]] | None = None,
    shifts: Sequence[Shift | Mapping[str, Any]],
    costs: float | Cost | Mapping[str, float] | None = None,
    days: Sequence[str] | None = None,
    width: float = 1800.0,
    max_rounds: int = 10,
    replications_played: int = 2000,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Roster:
    """Find the cheapest roster of real people with which a group meets its target.

    Parameters
    ----------
    scenario : Scenario, or dict of str to Scenario
        The day to staff; or the days of a week by their names, in their order.
    group : str or list of str, optional
        Number of the group, or of several groups to staff together; by default the only group.
        A person of several groups is counted in one of them at a time.
    target : Target, or dict of str to Target
        Target of each interval; of each group, if several groups have different ones.
    people : list of Person, str or dict, optional
        The people to choose from, who become the members of the group in place of the present
        ones; by default, the present members who belong to no other group. Members of groups
        outside the roster who are not listed keep their duty, and count while they are there.
    shifts : list of Shift or dict
        The shifts that people can work, at most one a day.
    costs : float, Cost or dict of str to float, optional
        Cost of an hour, or of an hour of each person by number; by default 1, so that the
        cost is the number of hours. A `Cost` has a `member_hour` alone.
    days : list of str, optional
        Names of several days that are all like the scenario, or of some of its weekdays; by
        default, all of its `days`.
    width : float, default 1800
        Length of the intervals [s].
    max_rounds : int, default 10
        Number of times that the needs are raised and the roster is solved again.
    replications_played : int, default 2000
        Largest number of days to play, for each day of the roster and each round.
    seed, engine, dispatcher, workers, executor, on_progress
        As in `size`. The days played in each round have the next seeds.

    Returns
    -------
    Roster
        The roster: `table` says who works when, `by_interval` what callers get.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, a group receives no calls, no shift covers an interval with
        calls, a person can work no shift, or no number of members can meet the target.
    RingsimError
        If the executor loses a part of the work.

    Notes
    -----
    Each interval is first sized on its own, as in `staffing`. The shifts that cover these needs
    at the least cost come from a mixed-integer linear program (HiGHS, by
    `scipy.optimize.milp`): at most one shift a day for each person, within availability,
    maximum hours and rest. Then whole days are played with these people. Where an interval is
    not shown to meet its target, its need is raised, and the roster is solved again. All verdicts
    on all rounds hold together with 95 % confidence.

    If people or shifts are not enough, the roster is the one that misses least, weighted by the
    load of each interval; `binding` says which constraint is to blame. Days are independent, as
    in any study. A shift that lasts until closing time stays until all calls are over. A shift
    covers an interval only if it lasts throughout.

    A shift over midnight belongs to the day on which it begins, and covers intervals of the next
    day too if that day is in the roster: a shift of Monday from 22:00 to 06:00 staffs Tuesday
    until 06:00. All its hours count, once, even if the next day is not in the roster. Days named
    for weekdays repeat each week, so that Sunday's night shift staffs Monday morning, and rest is
    kept between them. A single day named for neither a weekday nor a date repeats daily: its own
    night shift staffs its morning. Other days do not repeat; the first hours of the first one
    need a shift that begins on it.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202", "203"]}
    >>> demand = {"600": Demand(calls_per_hour=[4, 12], interval=7200, talk_time=120)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=4, opens_at="08:00")
    >>> found = roster(
    ...     office,
    ...     target=Target(answer_rate=0.9),
    ...     shifts=[Shift("08:00", "10:00"), Shift("08:00", "12:00"), Shift("10:00", "12:00")],
    ...     width=7200,
    ...     replications_played=400,
    ... )
    >>> found.hours, found.meets
    (8.0, 'yes')
    """
    listed = _days(scenario, days, width)
    groups = _groups(listed, group)
    targets = _targets(groups, target)
    if not is_integer(max_rounds) or not 0 <= max_rounds <= MAX_ROUNDS:
        raise ConfigurationError(
            "max_rounds", f"must be a whole number from 0 to {MAX_ROUNDS}", max_rounds
        )
    check_replications(replications_played, "replications_played")
    given = records_of(Shift, shifts, "shifts")
    turns = turns_of(listed, given)
    team = team_of(listed, groups, people, given, turns, costs)
    runner = Runner(workers, executor, combined_progress(on_progress))

    def studied(scenario: Scenario, seed: int = seed) -> Study:
        wrapped = int(seed) % N_SEEDS
        return study_of(scenario, seed=wrapped, engine=engine, dispatcher=dispatcher)

    study_of(listed[0].scenario, seed=seed, engine=engine, dispatcher=dispatcher)
    for number in groups:
        called = [day for day in listed if day.scenario.expected_calls(number)]
        check_called((called or listed)[0].scenario, number)
        for day in called:
            _check_reach(day, number, team, studied, targets[number])
    slots = slots_of(team, targets, runner, studied)
    for slot in slots:
        _check_cover(slot, team)
    rounds = Rounds(team, slots, studied, runner, max_rounds, replications_played, int(seed))
    return Roster(
        rounds, tuple(rounds.attempts()), None if isinstance(scenario, Mapping) else scenario
    )


def _days(
    scenario: Scenario | Mapping[str, Scenario], names: Sequence[str] | None, width: float
) -> list[RosterDay]:
    """Return the days of a roster, each with its intervals."""
    if isinstance(scenario, Mapping):
        if names is not None:
            raise ConfigurationError("days", "must not be given beside scenarios by day", names)
        given = dict(scenario)
    else:
        check_scenario(scenario)
        weekdays = scenario.days
        chosen = (weekdays or ["day"]) if names is None else _names(names)
        given = {name: scenario.on(name) if weekdays else scenario for name in chosen}
    if not 1 <= len(given) <= MAX_DAYS:
        raise ConfigurationError("scenario", f"must have from 1 to {MAX_DAYS} days", len(given))
    found = []
    for name, each in given.items():
        check_scenario(each)
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise ConfigurationError("scenario", "must have days with names", name)
        if each.hours > LONGEST_DAY:
            raise ConfigurationError(
                "hours",
                f"must be at most {LONGEST_DAY}",
                each.hours,
                "Give a scenario for each day.",
            )
        latest = max((max(d.arrives_at or (0.0,)) for d in each.demand.values()), default=0.0)
        asked = Target(answer_rate=0.5).question
        layout = interval_layout(Seats(each), latest, asked, width=width, group=None)
        found.append(RosterDay(name, each, float(seconds_of(width)), layout.n_cells))
    return found


def _names(names: Sequence[str]) -> Sequence[str]:
    if isinstance(names, str) or not isinstance(names, Sequence) or len({*names}) < len(names):
        raise ConfigurationError("days", "must be a list of different names", names)
    return names


def _groups(days: Sequence[RosterDay], group: str | Sequence[str] | None) -> list[str]:
    """Return the numbers of the groups to staff; each day must have them."""
    scenario = days[0].scenario
    if isinstance(group, Sequence) and not isinstance(group, str):
        found = [scenario.group(number).extension_number for number in group]
        if not found or len({*found}) < len(found):
            raise ConfigurationError("group", "must be a list of different groups", group)
    else:
        found = [named_group(scenario, group)]
    for day in days:
        for number in found:
            day.scenario.group(number)
    return found


def _targets(
    groups: Sequence[str], target: Target | Mapping[str, Target] | None
) -> dict[str, Target]:
    if not isinstance(target, Mapping):
        found = dict.fromkeys(groups, checked_target(target))
    else:
        for number in groups:
            if number not in target:
                raise ConfigurationError(f"target.{number}", "must be given")
        for number in target:
            if number not in groups:
                raise ConfigurationError(
                    f"target.{number}",
                    f"must be for a group of the roster, {' or '.join(groups)}",
                    hint=did_you_mean(number, groups),
                )
        found = {number: checked_target(target[number]) for number in groups}
    for each in found.values():
        if each.p_target_met is not None:
            raise ConfigurationError(
                "target.p_target_met", "must not be given: intervals are no days", each.p_target_met
            )
    return found


def _check_reach(day: RosterDay, group: str, team: Team, studied: Any, target: Target) -> None:
    """Raise `ConfigurationError` if a group cannot meet its target on a day with calls."""
    pool = pool_of(team.sized(day, group), group, None, None, team.max_members(group))
    check_reach(pool, studied(pool.sized(pool.max_members)), target)


def _check_cover(slot: Slot, team: Team) -> None:
    """Raise `ConfigurationError` if no shift covers an interval that needs members."""
    day, turns = team.days[slot.day], team.turns
    covered = {at for turn in turns for place, at in turn.covered() if place == slot.day}
    for at, members in enumerate(slot.need(slot.enough).members):
        if members and at not in covered:
            start, end = (day.clock(instant) for instant in day.interval(at))
            where = f" on {day.name}" if len(team.days) > 1 else ""
            hint = "Add a shift, or move a lunch window."
            before = [(a - DAY, b - DAY) for t in turns if t.day == slot.day for a, b in t.spans]
            if covers(before, *day.interval(at)):
                hint += (
                    f" The day before {day.name} is not in the roster, so no shift of that day "
                    "lasts until then."
                )
            raise ConfigurationError(
                "shifts",
                f"must cover all intervals with calls; none lasts from {start} to {end}{where}",
                hint=hint,
            )
