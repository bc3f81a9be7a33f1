"""Days of calls, and the laws that a dispatcher keeps while they are played.

`Day`
    A scenario and a workload.
`days`, `BUSY_DAY`
    Small days of all kinds, and one with more calls.
`check_day`
    Whether the same calls give the same log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from ringsim._play import play
from ringsim.calllog import CallLog
from ringsim.dispatch import Dispatcher
from ringsim.errors import DispatcherError
from ringsim.scenario import Scenario
from ringsim.testing._groups import STRATEGIES
from ringsim.testing._scenarios import scenarios
from ringsim.testing._times import Times
from ringsim.testing._wave_checks import NO_MEMORY, Make, assertion, scenario_source
from ringsim.testing._workloads import workload_fields
from ringsim.workload import Workload

__all__ = ["BUSY_DAY", "Day", "check_day", "days"]

TABLES = ("calls", "rings", "visits", "own_calls")


class Day(NamedTuple):
    """Calls to be played: a scenario, and what `Workload` is called with."""

    scenario: Scenario
    workload: Mapping[str, Any]

    def played(self, *by: tuple[str, str]) -> list[str]:
        """The lines that play it, with each of these engines and dispatchers."""
        return scenario_source(self.scenario, self.workload) + [
            f"rs.play(scenario, workload, {engine!r}, dispatcher={whose})" for engine, whose in by
        ]


def days() -> st.SearchStrategy[Day]:
    """Up to six calls to one or two groups, whose own strategies play no part."""
    return scenarios(max_groups=2, strategies=STRATEGIES[:1], demand=False).flatmap(
        lambda scenario: workload_fields(scenario, Times(), 0, 6, 1).map(
            lambda fields: Day(scenario, fields)
        )
    )


BUSY_DAY = Day(
    Scenario(
        groups=[
            {
                "extension_number": "600",
                "ring_time": 8,
                "members": [
                    "201",
                    "202",
                    "203",
                    {"extension_number": "204", "skill_level": 2},
                    {"extension_number": "205", "skill_level": 2},
                ],
            }
        ]
    ),
    {
        "arrives_at": list(range(0, 480, 8)),
        "talk_time": 20,
        "wrap_up_time": 5,
        "patience": 30,
        "answer_delay": {"201": 9, "202": 5, "203": 3, "204": 9, "205": 6},
        "random": {"201": 0.5, "202": 0.25, "203": 0.75, "204": 0.5, "205": 0.0},
    },
)


def check_day(make: Make, day: Day) -> None:
    """Find out whether the same calls, played again, give the same log.

    They are played again by the same instance, and by another one: for an ordering, on the
    compiled engine.

    Parameters
    ----------
    make : callable
        Makes another dispatcher of the same kind.
    day : Day
        What is played.

    Raises
    ------
    DispatcherError
        When logs differ, or a dispatcher picks whom it must not.
    """
    dispatcher = make()
    name = type(dispatcher).__name__
    log = _log(dispatcher, day, "simpy")
    if found := _difference(log, _log(dispatcher, day, "simpy")):
        raise assertion(
            f"{name} must give the same log every time, got {found}. {NO_MEMORY}",
            *day.played(("simpy", "dispatcher"), ("simpy", "dispatcher")),
        )
    engine = "compiled" if dispatcher.is_ordering else "simpy"
    if found := _difference(log, _log(make(), day, engine)):
        whoever = "on both engines" if dispatcher.is_ordering else "whichever instance plays"
        raise assertion(
            f"{name} must give the same log {whoever}, got {found}.",
            *day.played(("simpy", "dispatcher"), (engine, "another")),
        )


def _log(dispatcher: Dispatcher, day: Day, engine: str) -> CallLog:
    try:
        return play(day.scenario, Workload(**day.workload), engine, dispatcher=dispatcher)
    except DispatcherError as broken:
        raise assertion(str(broken), *day.played((engine, "dispatcher"))) from None
    except Exception as raised:
        sentence = f"{type(dispatcher).__name__} must raise nothing, got {raised!r}."
        raise assertion(sentence, *day.played((engine, "dispatcher"))) from raised


def _difference(one: CallLog, other: CallLog) -> str:
    """The first place where two logs differ; nothing where they are equal."""
    for table in TABLES:
        if _are_equal(getattr(one.arrays, table), getattr(other.arrays, table)):
            continue
        left, right = getattr(one, table), getattr(other, table)
        if len(left) != len(right):
            return f"{len(left)} and {len(right)} rows of {table}"
        pairs = zip(left.itertuples(index=False), right.itertuples(index=False), strict=True)
        for row, (here, there) in enumerate(pairs):
            for name, this, that in zip(left.columns, here, there, strict=True):
                if this != that and not (pd.isna(this) and pd.isna(that)):
                    return f"{this!r} and {that!r} as {table}.{name}[{row}]"
    return ""


def _are_equal(one: object, other: object) -> bool:
    """Whether two tables of arrays are equal, column by column; frames would take longer."""
    return all(
        np.array_equal(column, vars(other)[name], equal_nan=True)
        for name, column in vars(one).items()
    )
