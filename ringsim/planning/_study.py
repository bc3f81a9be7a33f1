"""Studies: scenarios with their dispatchers, seed and engine, and the checks of what is asked.

`Study`
    A scenario with its dispatchers, seed and engine.
`study_of`
    Return a checked study.
`given_workloads`, `check_replications`, `check_first_replication`
    Checks of other arguments that functions of planning share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ringsim._checks import is_integer, is_number, seconds_of
from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.dispatch import Dispatcher, DispatcherChoice, dispatchers_of
from ringsim.engine import (
    Plan,
    check_engine,
    plan_of,
    run,
    takes_compiled,
)
from ringsim.errors import ConfigurationError
from ringsim.group import Action, NoAnswerForwardRule, RingGroup, RingStrategy
from ringsim.metrics import Roster
from ringsim.planning._control import check_control
from ringsim.scenario import Scenario, check_scenario
from ringsim.workload import MOST_CALLS, Sampler, Workload
from ringsim.workload._keys import check_key_number

__all__ = [
    "Study",
    "check_first_replication",
    "check_replications",
    "given_workloads",
    "study_of",
]

MOST_REPLICATIONS = 1_000_000
LAST_FIRST_REPLICATION = 1_000_000_000


@dataclass(frozen=True)
class Study:
    """A scenario with its dispatchers, seed and engine.

    Attributes
    ----------
    scenario : Scenario
        The scenario to play: a day, or a week that is played day by day.
    dispatchers : dict of str to Dispatcher
        Dispatcher of every group, by its number.
    seed : int
        Seed of the random numbers.
    engine : str
        Name of the engine, as in `ringsim.play`.
    max_calls : float
        Greatest expected number of calls of one day.
    warm_up : float
        Instant [s] of arrival from which calls count.
    workloads : tuple of Workload
        The workload of each replication, such as those of real days; drawn if there are none.
    control : bool
        Whether rates and means are corrected by the talk time of the callers.
    """

    scenario: Scenario
    dispatchers: dict[str, Dispatcher]
    seed: int
    engine: str
    max_calls: float = MOST_CALLS
    warm_up: float = 0.0
    workloads: tuple[Workload, ...] = ()
    control: bool = False

    @cached_property
    def daily(self) -> tuple[Study, ...]:
        """Study of each day of a week; the study itself alone, if there is one day."""
        days = self.scenario.daily
        return (self,) if len(days) == 1 else tuple(replace(self, scenario=day) for day in days)

    @property
    def is_week(self) -> bool:
        """True if the scenario has several days."""
        return len(self.scenario.days) > 1

    @cached_property
    def takes_compiled(self) -> bool:
        """True if the compiled engine plays the study."""
        return all(takes_compiled(day.plan, day.engine) for day in self.daily)

    @cached_property
    def plan(self) -> Plan:
        """The scenario of the only day in the form that the engines take."""
        return plan_of(self.scenario, self.dispatchers)

    @cached_property
    def sampler(self) -> Sampler:
        """Scenario of the only day, prepared for drawing; all threads share it."""
        return Sampler(self.scenario, self.max_calls)

    @cached_property
    def groups_without_strategies(self) -> tuple[RingGroup, ...]:
        """Groups, all with one strategy, to compare the rest of them.

        Calls that leave the scenario have overflowed wherever they go: to voicemail, to a number
        that is no group's, or nowhere.
        """
        return tuple(
            group.replace(ring_strategy=RingStrategy.PRIORITIZED_HUNT)
            if self._keeps_calls(group)
            else group.replace(
                ring_strategy=RingStrategy.PRIORITIZED_HUNT,
                no_answer_forward_rule=NoAnswerForwardRule(action=Action.HANGUP),
            )
            for group in self.scenario.groups
        )

    def _keeps_calls(self, group: RingGroup) -> bool:
        """Return whether calls that a group does not answer ring again, there or elsewhere."""
        rule = group.no_answer_forward_rule
        forwards = rule.action is Action.FORWARD_TO_NUMBER
        is_inside = forwards and rule.number in self.scenario.group_numbers
        return is_inside or rule.action is Action.REPEAT

    @cached_property
    def roster(self) -> Roster:
        """Groups and members of the scenario, and the time that counts."""
        return Roster(self.scenario, self.warm_up, counts_callers=self.counts_callers)

    @property
    def counts_callers(self) -> bool:
        """True if callers may try again."""
        if self.workloads:
            return any(workload.redials is not None for workload in self.workloads)
        return self.scenario.redials

    @cached_property
    def latest(self) -> float:
        """Latest given instant of a call [s]; 0 if no instants are given."""
        given: list[Any] = [demand.arrives_at or () for demand in self.scenario.demand.values()]
        given += [workload.arrives_at.tolist() for workload in self.workloads]
        return max((max(instants, default=0.0) for instants in given), default=0.0)

    def replay(self, replication: int) -> CallLog | WeekLog:
        """Play one replication, by its index from 0, and return its log."""
        if self.is_week:
            logs = [day.log(day.workload(replication)) for day in self.daily]
            return WeekLog(self.scenario, logs)
        return self.log(self.workload(replication))

    def workload(self, replication: int) -> Workload:
        """Return the workload of a replication: the given one, or a drawn one."""
        if self.workloads:
            return self.workloads[replication]
        return Workload.drawn(self.sampler, self.seed, replication)

    def log(self, workload: Workload) -> CallLog:
        """Play a workload and return its log."""
        return CallLog(self.scenario, run(self.plan, workload, self.engine), self.warm_up)

    def __getstate__(self) -> dict[str, Any]:
        return {name: vars(self)[name] for name in self.__dataclass_fields__}


def study_of(
    scenario: Scenario,
    *,
    seed: int,
    engine: str,
    dispatcher: DispatcherChoice,
    max_calls: float = MOST_CALLS,
    warm_up: float = 0.0,
    workloads: tuple[Workload, ...] = (),
    control: bool = False,
) -> Study:
    """Return a checked study; nothing is drawn yet.

    Raises
    ------
    ConfigurationError
        If the scenario, the seed, the engine, the warm-up or a dispatcher is invalid, the
        compiled engine
        cannot run a dispatcher, or too many calls are expected.
    """
    check_scenario(scenario)
    check_engine(engine)
    check_key_number(seed, "seed")
    chosen = dispatchers_of(scenario, dispatcher)
    counted_from = _checked_warm_up(scenario, warm_up)
    study = Study(scenario, chosen, int(seed), engine, max_calls, counted_from, workloads, control)
    _ = study.takes_compiled
    if workloads and study.is_week:
        raise ConfigurationError(
            "workload",
            "must not be given for a scenario with several days",
            list(scenario.days),
            f"Take one of them with scenario.on({scenario.days[0]!r}).",
        )
    for day in study.daily:
        _ = day.sampler  # refuses too many calls
        if control:
            check_control(day.scenario)
    return study


def _checked_warm_up(scenario: Scenario, warm_up: float) -> float:
    end, warm_up = float(scenario.hours) * 3600, seconds_of(warm_up)
    if not is_number(warm_up) or not 0 <= warm_up < end:
        raise ConfigurationError(
            "warm_up", f"must be seconds from 0 to before the end of the day, {end:g} s", warm_up
        )
    return float(warm_up)


def given_workloads(
    workload: Workload | Sequence[Workload] | None, replications: int | None
) -> tuple[Workload, ...]:
    """Return the workloads that stand in place of drawn ones, one for each replication.

    Raises
    ------
    ConfigurationError
        If they are not workloads, or another number of replications is given.
    """
    if workload is None:
        return ()
    given = tuple(workload) if isinstance(workload, (list, tuple)) else (workload,)
    if not given or not all(isinstance(each, Workload) for each in given):
        raise ConfigurationError("workload", "must be a Workload, or a list of them", workload)
    if replications not in (None, len(given)):
        raise ConfigurationError(
            "replications", f"must be {len(given)}, the number of workloads", replications
        )
    return given


def check_replications(replications: int, subject: str = "replications") -> None:
    """Raise `ConfigurationError` if a number of replications is not from 1 to 1,000,000.

    The upper limit catches typing errors.
    """
    if not is_integer(replications) or replications < 1:
        raise ConfigurationError(subject, "must be a whole number, at least 1", replications)
    if replications > MOST_REPLICATIONS:
        raise ConfigurationError(subject, f"must be at most {MOST_REPLICATIONS:,}", replications)


def check_first_replication(number: int) -> None:
    """Raise `ConfigurationError` if the number of a first replication is not from 0 to 10**9."""
    if not is_integer(number) or not 0 <= number <= LAST_FIRST_REPLICATION:
        raise ConfigurationError(
            "first_replication",
            f"must be a whole number from 0 to {LAST_FIRST_REPLICATION:,}",
            number,
        )
