"""A group whose inputs are known, and months of its days as records.

Six people of different habits, duty and own calls, and 400 calls a day, with days that differ by
20 % beyond chance.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from scipy import stats

import ringsim as rs
from ringsim.records import Records

BUSYNESS = 0.2
TALK, WRAP_UP = 150.0, 25.0
PATIENCE = stats.weibull_min(0.8, scale=60)
SHAPE = 2.5
RING_TIME = 15
STRATEGIES = ("RING_SIMULTANEOUSLY", "CYCLIC_HUNT")
PEOPLE = {  # answer probability, mean delay [s], duty, own calls per hour
    "201": (0.95, 4.0, [("08:00", "12:00"), ("12:30", "16:00")], 0),
    "202": (0.90, 6.0, [("08:00", "12:30"), ("13:00", "16:00")], 4),
    "203": (0.80, 7.0, [("08:00", "12:00")], 0),
    "204": (0.70, 9.0, [("08:00", "11:30"), ("12:30", "16:00")], 2),
    "205": (0.60, 11.0, [("09:00", "16:00")], 3),
    "206": (0.85, 5.0, [("12:00", "16:00")], 6),
}
RATES = np.array([40, 60, 75, 80, 70, 62, 50, 38, 32, 40, 50, 55, 48, 42, 33, 25.0])
RATES *= 400 / (RATES.sum() / 2)


def person(number: str, **fields: Any) -> rs.Extension:
    probability, delay, duty, own = PEOPLE[number]
    if own:
        talk_time = rs.lognormal(mean=120, cv=1)
        fields |= {"own_calls": rs.Demand(calls_per_hour=own, talk_time=talk_time)}
    return rs.Extension(
        number,
        answer_probability=probability,
        answer_delay=stats.gamma(SHAPE, scale=delay / SHAPE),
        on_duty=duty,
        **fields,
    )


@cache
def known_group(strategy: str = "CYCLIC_HUNT", busyness: float = 0.0) -> rs.Scenario:
    """Return the scenario; its days are equally busy by default."""
    group = rs.RingGroup(
        name="Sales",
        extension_number="600",
        ring_time=RING_TIME,
        ring_strategy=strategy,
        members=list(PEOPLE),
        no_answer_forward_rule={"action": "FORWARD_TO_VOICEMAIL"},
    )
    demand = rs.Demand(
        calls_per_hour=list(RATES),
        talk_time=rs.lognormal(mean=TALK, cv=1.2),
        wrap_up_time=rs.lognormal(mean=WRAP_UP, cv=0.8),
        patience=PATIENCE,
        **({"busyness": busyness} if busyness else {}),
    )
    return rs.Scenario(
        groups=[group],
        demand={"600": demand},
        extensions=[person(number) for number in PEOPLE],
        hours=8,
        opens_at="08:00",
    )


def month(
    strategy: str = "CYCLIC_HUNT",
    *,
    days: int = 20,
    seed: int = 1,
    busyness: float = BUSYNESS,
    factors: Any = None,
    scenario: rs.Scenario | None = None,
    **fields: Any,
) -> Records:
    """Return the records of some days, each with a factor of its own that may be given."""
    rng = np.random.default_rng(seed)
    base = known_group(strategy) if scenario is None else scenario
    logs = []
    if factors is None:
        factors = rng.gamma(busyness**-2, busyness**2, days) if busyness else np.ones(days)
    for day, factor in enumerate(factors):
        demand = {number: each.scaled(float(factor)) for number, each in base.demand.items()}
        today = base.replace(demand=demand)
        logs.append(rs.play(today, rs.Workload.draw(today, seed=1000 * seed + day)))
    return Records.from_logs(logs, **fields)
