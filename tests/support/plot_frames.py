"""Small data with known values for tests of pictures.

`office`, `result`
    Two groups with a member in common, and five replications of one hour of calls.
`optimum`
    A choice among six combinations of settings of one of them.
`comparison`
    A hand-written summary of a comparison of three variants.
`backtested`
    A hand-written backtest of three days, one of them outside its bounds.
`rostered`, `stressed`
    A roster of one hour and six people, with a lunch; a stress test of four events.
`PAIRS`
    A metric for pairs of values of two settings.
"""

from __future__ import annotations

from functools import cache
from math import nan

import pandas as pd

import ringsim as rs
from ringsim.fitting import Backtest


@cache
def office() -> rs.Scenario:
    return rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "ring_strategy": "CYCLIC_HUNT",
                "members": ["201", "202", "203"],
                "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
            },
            {"extension_number": "601", "members": ["203", "204"]},
        ],
        extensions=[rs.Extension("201", answer_probability=0.5, on_duty=[("08:00", "08:40")])],
        demand={
            "600": rs.Demand(calls_per_hour=60, talk_time=90, wrap_up_time=20, patience=45),
            "601": rs.Demand(calls_per_hour=10, talk_time=90),
        },
        hours=1,
        opens_at="08:00",
    )


@cache
def result() -> rs.Result:
    return rs.simulate(office(), replications=5, seed=3)


@cache
def optimum() -> rs.Optimum:
    return rs.optimize(
        office(),
        group="600",
        over={"ring_strategy": ["CYCLIC_HUNT", "RING_SIMULTANEOUSLY"], "n_members": [2, 3, 4]},
        minimise="interruptions_per_hour",
        subject_to=rs.Target(service_level=0.5),
    )


COLUMNS = ("estimate", "low", "high", "difference", "difference_low", "difference_high")


@cache
def by_day() -> pd.DataFrame:
    return rs.simulate(office().replace(days=["mon", "tue"]), replications=5).by_day()


def comparison() -> pd.DataFrame:
    """Return a summary of `now` (baseline), `new` (best) and `old`; `now` may be best too."""
    rows = {
        ("now", "answer_rate"): (0.80, 0.78, 0.82, nan, nan, nan, True, ""),
        ("now", "service_level"): (0.70, 0.67, 0.73, nan, nan, nan, True, NOTE),
        ("new", "answer_rate"): (0.81, 0.79, 0.83, 0.01, -0.01, 0.03, True, ""),
        ("new", "service_level"): (0.75, 0.72, 0.78, 0.05, 0.03, 0.07, True, f"{NOTE}; few events"),
        ("old", "answer_rate"): (0.60, 0.57, 0.63, -0.2, -0.22, -0.18, False, ""),
        ("old", "service_level"): (nan, nan, nan, nan, nan, nan, False, NOTE),
    }
    index = pd.MultiIndex.from_tuples(rows, names=["variant", "metric"])
    return pd.DataFrame(list(rows.values()), index, [*COLUMNS, "best", "note"])


NOTE = "within 20 s, offered"

PAIRS = pd.DataFrame(
    [(3, 20, 0.80), (2, 10, 0.61), (3, 10, 0.83), (2, 30, nan)],
    columns=["members", "ring_time", "service_level"],
)


@cache
def backtested() -> Backtest:
    rows = [
        ("answer_rate", 0, 0.80, 0.78, 0.74, 0.82, 0.7, "inside"),
        ("answer_rate", 1, 0.71, 0.78, 0.74, 0.82, 0.01, "below"),
        ("answer_rate", 2, 0.77, 0.76, 0.72, 0.80, 0.6, "inside"),
        ("service_level", 0, 0.60, 0.62, 0.55, 0.69, 0.4, "inside"),
        ("service_level", 1, 0.58, 0.62, 0.55, 0.69, 0.2, "inside"),
        ("service_level", 2, 0.66, 0.61, 0.54, 0.68, 0.9, "inside"),
    ]
    columns = ["metric", "day", "observed", "predicted", "low", "high", "pit", "verdict"]
    return Backtest(
        verdict="Does not reproduce the 3 days, because of the answer rate.",
        table=pd.DataFrame(rows, columns=columns),
        tests=pd.DataFrame(),
        p_value=0.01,
        reproduces=False,
        given_calls=True,
        within=20.0,
    )


@cache
def rostered() -> rs.Roster:
    return rs.roster(
        office(),
        "600",
        rs.Target(answer_rate=0.4, service_level=0.4),
        people=[rs.Person("201", name="Ada", available=[(0, 3600)]), "203", "205", "206"],
        shifts=[
            rs.Shift("08:00", "09:00", lunch=("08:15", "08:45"), lunch_time=900),
            rs.Shift("08:00", "09:00"),
        ],
        width=900,
        replications_played=40,
        max_rounds=1,
    )


@cache
def stressed() -> rs.StressTest:
    return rs.stress(office(), group="600", replications=5, seed=3)
