"""Check that a dispatcher gives the same log for the same calls.

`small_days`, `BUSY_DAY`
    Hypothesis strategy for small days of all kinds, and one day with more calls.
`check_day`
    Play a day several times and compare the logs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from ringsim._play import play
from ringsim._sentences import counted
from ringsim.calllog import CallLog
from ringsim.dispatch import Dispatcher
from ringsim.errors import DispatcherError
from ringsim.scenario import Scenario
from ringsim.testing._days import Day, days
from ringsim.testing._failures import NO_STATE, contract_error
from ringsim.testing._groups import STRATEGIES
from ringsim.testing._scenarios import scenarios
from ringsim.testing._wave_checks import Make

__all__ = ["BUSY_DAY", "check_day", "small_days"]

TABLES = ("calls", "rings", "visits", "own_calls")


def small_days() -> st.SearchStrategy[Day]:
    """Return a strategy for days of up to six calls to one or two groups.

    All groups have the same strategy, as the dispatcher under test replaces it.
    """
    of = scenarios(max_groups=2, strategies=STRATEGIES[:1], demand=False)
    return days(of, max_calls=6, max_own_calls=1, max_spells=1)


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
    """Check that the same calls give the same log every time.

    One instance plays the day twice, and another instance plays it once: on the compiled engine
    if the dispatcher is an ordering.

    Parameters
    ----------
    make : callable
        Makes one more dispatcher of the same kind.
    day : Day
        The day to play.

    Raises
    ------
    DispatcherError
        If two logs differ, the dispatcher picks anything but candidates, or it raises an error.
    """
    dispatcher = make()
    name = type(dispatcher).__name__
    log = _log(dispatcher, day, "simpy")
    if found := _difference(log, _log(dispatcher, day, "simpy")):
        raise contract_error(
            f"{name} must give the same log every time, got {found}. {NO_STATE}",
            *day.source(("simpy", "dispatcher"), ("simpy", "dispatcher")),
        )
    engine = "compiled" if dispatcher.is_ordering else "simpy"
    if found := _difference(log, _log(make(), day, engine)):
        where = "on both engines" if dispatcher.is_ordering else "from every instance"
        raise contract_error(
            f"{name} must give the same log {where}, got {found}.",
            *day.source(("simpy", "dispatcher"), (engine, "another")),
        )


def _log(dispatcher: Dispatcher, day: Day, engine: str) -> CallLog:
    """Play a day and return its log; raise `DispatcherError` with the day if the run fails."""
    try:
        return play(day.scenario, day.workload, engine, dispatcher=dispatcher)
    except DispatcherError as broken:
        raise contract_error(str(broken), *day.source((engine, "dispatcher"))) from None
    except Exception as raised:
        sentence = f"{type(dispatcher).__name__} must raise nothing, got {raised!r}."
        raise contract_error(sentence, *day.source((engine, "dispatcher"))) from raised


def _difference(one: CallLog, other: CallLog) -> str:
    """Return the first difference of two logs in words; an empty string if they are equal."""
    for table in TABLES:
        if _are_equal(getattr(one.arrays, table), getattr(other.arrays, table)):
            continue
        left, right = getattr(one, table), getattr(other, table)
        if len(left) != len(right):
            return f"{len(left)} and {counted(len(right), 'row')} of {table}"
        pairs = zip(left.itertuples(index=False), right.itertuples(index=False), strict=True)
        for row, (here, there) in enumerate(pairs):
            for name, this, that in zip(left.columns, here, there, strict=True):
                if this != that and not (pd.isna(this) and pd.isna(that)):
                    return f"{this!r} and {that!r} as {table}.{name}[{row}]"
    return ""


def _are_equal(one: object, other: object) -> bool:
    """Return whether two tables of arrays are equal, NaN included; faster than with frames."""
    return all(
        np.array_equal(column, vars(other)[name], equal_nan=True)
        for name, column in vars(one).items()
    )
