"""Small days by number on which lines of several groups look for the same members at one instant.

`line_day`
    The day with a number: groups with lines that share members, some of them with `line_poll`.
"""

from __future__ import annotations

from random import Random
from typing import Any

import ringsim as rs

PEOPLE = ("201", "202", "203")
GROUPS = ("600", "601", "602")
STEP = 5  # s, of all times, so that many events coincide
LINE = {"wait_in_line": True, "passes": "inf", "max_wait_time": 500, "ringing_is_busy": True}


def line_day(number: int) -> tuple[rs.Scenario, rs.Workload]:
    """Return the scenario and the workload of a number; the same number gives the same ones."""
    random = Random(f"lines {number}")
    n_calls = 8
    workload = rs.Workload(
        arrives_at=[0, 0, 0, *(_time(random, 0, 12) for _ in range(n_calls - 3))],
        talk_time=[_time(random, 1, 6) for _ in range(n_calls)],
        answer_delay=dict.fromkeys(PEOPLE, 0),
        own_calls=[
            (_time(random, 0, 12), random.choice(PEOPLE), _time(random, 1, 8)) for _ in range(8)
        ],
        group=random.choices(GROUPS, k=n_calls),
    )
    scenario = rs.Scenario(
        groups=[_group(random, number) for number in GROUPS],
        extensions=[rs.Extension(number) for number in PEOPLE],
    )
    return scenario, workload


def _group(random: Random, number: str) -> rs.RingGroup:
    polls: dict[str, Any] = {"line_poll": _time(random, 1, 2)} if random.random() < 0.5 else {}
    return rs.RingGroup(
        extension_number=number,
        ring_strategy="PRIORITIZED_HUNT",
        members=random.sample(PEOPLE, random.randint(1, len(PEOPLE))),
        rules={**LINE, "queue_weight": random.randint(0, 1), **polls},
    )


def _time(random: Random, least: int, most: int) -> float:
    return float(STEP * random.randint(least, most))
