"""The scenarios and works that are measured.

`office`
    The group of `bare_simpy`, with any strategy and size.
`study`, `summarised`, `drawn`, `played`, `replayed`, `framed`, `compared`
    Works on replications of a scenario, in one thread.
`bare`
    The bare script, the reference for speed.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import bare_simpy
from measure import Work
from scipy import stats

import ringsim as rs

__all__ = [
    "CALLS_A_DAY",
    "DURATIONS",
    "HUNTS",
    "STRATEGIES",
    "bare",
    "compared",
    "drawn",
    "framed",
    "my_office",
    "neighbours",
    "numbers",
    "office",
    "played",
    "replayed",
    "study",
    "summarised",
]

STRATEGIES = tuple(rs.RingStrategy)
HUNTS = tuple(strategy for strategy in STRATEGIES if strategy.endswith("HUNT"))
CALLS_A_DAY = 960  # 8 hours of the bare script's 120 calls per hour
CALLS_PER_MEMBER = bare_simpy.CALLS_PER_HOUR / bare_simpy.MEMBERS
DURATIONS: dict[str, Any] = {  # all of mean 1
    "constant": 1.0,
    "exponential": stats.expon(),
    "lognormal": rs.lognormal(mean=1, cv=1.2),
    "gamma": stats.gamma(2, scale=0.5),
    "Weibull": stats.weibull_min(1),
    "samples": rs.Empirical([0.2, 0.5, 0.9, 1.1, 2.3]),
}


def numbers(members: int) -> list[str]:
    """Return the extension numbers of a group's members."""
    return [str(201 + place) for place in range(members)]


def office(
    strategy: str = "CYCLIC_HUNT",
    members: int = bare_simpy.MEMBERS,
    *,
    calls: float = CALLS_A_DAY,
    skip_busy: bool = True,
    talk_time: Any = None,
    answer_delay: Any = None,
) -> rs.Scenario:
    """Return a scenario of one group with 0.6 erlang per member and an expected number of calls.

    With ten members it is the group of `bare_simpy`. Every second member has skill level 2, which
    affects only the skill-based strategies.
    """
    group = rs.RingGroup(
        extension_number="600",
        ring_time=bare_simpy.RING_TIME,
        ring_strategy=strategy,
        skip_busy_member=skip_busy,
        members=[
            rs.Member(number, skill_level=1 + place % 2)
            for place, number in enumerate(numbers(members))
        ],
    )
    habits: dict[str, Any] = {"answer_probability": bare_simpy.ANSWER_PROBABILITY}
    if answer_delay is not None:
        habits["answer_delay"] = answer_delay
    calls_per_hour = CALLS_PER_MEMBER * members
    return rs.Scenario(
        groups=[group],
        demand={"600": _demand(calls_per_hour, talk_time)},
        extensions=[rs.Extension(number, **habits) for number in numbers(members)],
        hours=calls / calls_per_hour,
    )


def neighbours(strategy: str = "CYCLIC_HUNT") -> rs.Scenario:
    """Return two groups with half of the bare script's members and calls, overflowing mutually."""
    people = numbers(bare_simpy.MEMBERS)
    half = len(people) // 2
    groups = [
        rs.RingGroup(
            extension_number=number,
            ring_time=bare_simpy.RING_TIME,
            ring_strategy=strategy,
            members=members,
            no_answer_forward_rule={"action": "FORWARD_TO_NUMBER", "number": other},
        )
        for number, other, members in (("600", "601", people[:half]), ("601", "600", people[half:]))
    ]
    demand = _demand(bare_simpy.CALLS_PER_HOUR / 2, None)
    return rs.Scenario(
        groups=groups,
        demand={"600": demand, "601": demand},
        extensions=[
            rs.Extension(number, answer_probability=bare_simpy.ANSWER_PROBABILITY)
            for number in people
        ],
        hours=CALLS_A_DAY / bare_simpy.CALLS_PER_HOUR,
    )


def my_office() -> rs.Scenario:
    """Return the example scenario of the package."""
    return rs.Scenario.load(str(files("ringsim") / "data" / "my-office.toml"))


def _demand(calls_per_hour: float, talk_time: Any) -> rs.Demand:
    return rs.Demand(
        calls_per_hour=calls_per_hour,
        talk_time=rs.lognormal(mean=180, cv=1.2) if talk_time is None else talk_time,
        patience=stats.expon(scale=bare_simpy.MEAN_PATIENCE),
    )


def bare(calls: int) -> Work:
    """Return the bare script's work on a number of calls."""
    return Work(lambda: bare_simpy.play(calls), calls)


def study(scenario: rs.Scenario, replications: int, **options: Any) -> Work:
    """Return the work of `simulate`: draw, play and sum all metrics."""

    def run() -> rs.Result:
        return rs.simulate(scenario, replications=replications, **{"workers": 1, **options})

    return Work(run, _calls(scenario, replications))


def summarised(scenario: rs.Scenario, replications: int) -> Work:
    """Return the work of `study` and of its two tables with their intervals."""

    def run() -> None:
        result = rs.simulate(scenario, replications=replications, workers=1)
        result.summary()
        result.members()

    return Work(run, _calls(scenario, replications))


def drawn(scenario: rs.Scenario, replications: int) -> Work:
    """Return the work of drawing calls, without answer delays, which are drawn during play."""

    def run() -> None:
        for replication in range(replications):
            rs.Workload.draw(scenario, replication=replication)

    return Work(run, _calls(scenario, replications))


def played(scenario: rs.Scenario, replications: int, engine: str = "auto") -> Work:
    """Return the work of playing drawn workloads to full logs."""
    workloads = [rs.Workload.draw(scenario, replication=each) for each in range(replications)]

    def run() -> None:
        for workload in workloads:
            rs.play(scenario, workload, engine=engine)

    return Work(run, sum(map(len, workloads)))


def replayed(scenario: rs.Scenario, replications: int) -> Work:
    """Return the work of `played` with all answer delays given, as for the calls of a real day."""
    people = [person.extension_number for person in scenario.extensions]
    workloads = [
        _by_hand(rs.Workload.draw(scenario, replication=each), people)
        for each in range(replications)
    ]

    def run() -> None:
        for workload in workloads:
            rs.play(scenario, workload)

    return Work(run, sum(map(len, workloads)))


def framed(scenario: rs.Scenario, replications: int) -> Work:
    """Return the work of `played` and of building the four data frames of each log."""
    workloads = [rs.Workload.draw(scenario, replication=each) for each in range(replications)]

    def run() -> None:
        for workload in workloads:
            log = rs.play(scenario, workload)
            for name in ("calls", "rings", "visits", "own_calls"):
                getattr(log, name)

    return Work(run, sum(map(len, workloads)))


def compared(scenario: rs.Scenario, replications: int) -> Work:
    """Return the work of comparing all strategies of the first group on the same callers."""
    number = scenario.groups[0].extension_number

    def run() -> rs.Comparison:
        return rs.compare(
            scenario,
            group=number,
            strategies=list(STRATEGIES),  # by default, paging is left out
            replications=replications,
            workers=1,
        )

    return Work(run, len(STRATEGIES) * _calls(scenario, replications))


def _calls(scenario: rs.Scenario, replications: int) -> int:
    return sum(len(rs.Workload.draw(scenario, replication=each)) for each in range(replications))


def _by_hand(workload: rs.Workload, people: list[str]) -> rs.Workload:
    """Return the same calls as a workload written by hand."""
    delays = {number: workload.phones.answer_delay_of(number) for number in people}
    return rs.Workload(
        arrives_at=workload.arrives_at,
        talk_time=workload.talk_time,
        patience=workload.patience,
        answer_delay={
            number: [delay(call, 0) for call in range(len(workload))]  # drawn in blocks
            for number, delay in delays.items()
        },
    )
