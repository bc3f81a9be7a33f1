"""Difficult days by number whose groups have options of other PBXs' rules.

`option_day`
    The day with a number: a day of `support.numbered_days` with options drawn for each group.
"""

from __future__ import annotations

import math
from random import Random
from typing import Any

import ringsim as rs
from ringsim.dispatch import SORT_FIELDS
from ringsim.engine import plan_of
from support.numbered_days import random_day

ORDERS = [field for field in SORT_FIELDS if field not in ("position", "rotation")]
STATES = ["off_duty", "paused", "busy", "ringing", "wrap_up"]


def option_day(number: int, *, redials: bool = False) -> tuple[rs.Scenario, rs.Workload]:
    """Return the scenario and the workload of a number; the same number gives the same ones.

    With `redials`, callers of the same day try again.
    """
    random = Random(f"options {number}")
    day = random_day(number)
    unit = random.choice([1.0, 0.1])
    groups = [_group(random, dict(group), unit) for group in day.groups]
    people = [
        rs.Extension(number) if spans is None else rs.Extension(number, on_duty=spans)
        for number, spans in day.people.items()
    ]
    scenario = rs.Scenario(groups=groups, extensions=people, ringing_is_busy=day.ringing_is_busy)
    given = _redials(Random(f"redials {number}"), len(day.calls), unit) if redials else {}
    return scenario, _workload(random, day, unit, given)


def _group(random: Random, group: dict[str, Any], unit: float) -> dict[str, Any]:
    """Return a group with as many of the drawn options as go together."""
    if random.random() < 0.8:  # `passes` goes neither with these fields nor with REPEAT
        group.pop("max_repeats", None)
        group.pop("repeat_delay", None)
        if rs.RingGroup(**group).no_answer_forward_rule.action == "REPEAT":
            group.pop("no_answer_forward_rule")
    if random.random() < 0.7 and group["ring_strategy"] == rs.RingStrategy.PAGING_INTERCOM:
        group["ring_strategy"] = rs.RingStrategy.CYCLIC_HUNT
    rules: dict[str, Any] = {}
    for name, value in [*_options(random, unit), *_rare_options(random, unit)]:
        tried = {
            **group,
            "rules": {**rules, **({name: value} if not isinstance(value, dict) else value)},
        }
        try:
            plan_of(rs.Scenario(groups=[tried]), None)
        except rs.ConfigurationError:
            continue
        rules = tried["rules"]
    group["rules"] = rules
    return _with_members(random, group, unit)


def _options(random: Random, unit: float) -> list[tuple[str, Any]]:
    """Draw options in an order such that the later ones need the earlier ones."""

    def time(most: int = 40) -> float:
        return random.randint(0, most) * unit

    drawn: list[tuple[str, Any]] = []

    def maybe(probability: float, name: str, value: Any) -> None:
        if random.random() < probability:
            drawn.append((name, value))

    line = random.random() < 0.5
    if line:
        passes = math.inf
        drawn.append(
            (
                "line",
                {
                    "wait_in_line": True,
                    "passes": passes,
                    "retry_pause": time(6) + unit,
                    "max_wait_time": time(200) + 20 * unit,
                },
            )
        )
        maybe(0.6, "line_serves", random.choice(["all", "head", "one_ringing"]))
        maybe(0.4, "line_poll", random.randint(1, 20) * unit)
        maybe(0.3, "max_queue_length", random.randint(1, 3))
        maybe(0.3, "join_empty", random.sample(STATES, random.randint(1, 3)))
        maybe(0.3, "leave_when_empty", random.sample(STATES, random.randint(1, 3)))
        maybe(0.4, "queue_weight", random.randint(0, 2))
        maybe(0.3, "last_ring", "finish")
    else:
        maybe(0.4, "passes", random.randint(1, 4))
        maybe(0.4, "retry_pause", time(10))
        maybe(0.4, "max_wait_time", time(100))
        maybe(0.2, "last_ring", "finish")
    if random.random() < 0.4:
        mode = random.choice(["rung", "answered", "within_call"])
        levels = ["skill_level"] if random.random() < 0.5 else []
        drawn.append(("rotation", {"rotation": mode, "order_by": [*levels, "rotation"]}))
    else:
        maybe(0.5, "order_by", random.sample(ORDERS, random.randint(0, 2)))
    maybe(0.4, "at_once", random.choice([1, 1, 2, 3, "ALL", "TIED"]))
    maybe(0.3, "one_wave", random.random() < 0.5)
    maybe(0.4, "order_fixed", random.choice(["pass", "call"]))
    maybe(0.3, "memory_scope", "extension")
    if random.random() < 0.3:
        hunt = {"memory_hunt": "again"}
        if random.random() < 0.5:
            hunt = {"memory_hunt": "ring_on", "wave_step": time(20)}
        drawn.append(("hunt", hunt))
    maybe(0.3, "join_ringing", True)
    maybe(0.4, "ringing_is_busy", random.random() < 0.5)
    maybe(0.4, "enforced_wrap_up", random.choice([time(), "drawn"]))
    maybe(0.5, "after_decline", random.choice(["rest", "end", "next"]))
    maybe(0.3, "declined_again", False)
    maybe(0.3, "missed_rest", time(60))
    maybe(0.3, "declined_rest", time(60))
    if random.random() < 0.3:
        pause: dict[str, Any] = {"auto_pause_after": random.randint(1, 2)}
        if random.random() < 0.7:
            pause["auto_pause_time"] = time(100)
        if random.random() < 0.5:
            pause["auto_pause_scope"] = "extension"
        if random.random() < 0.5:
            pause["auto_pause_on_decline"] = True
        if random.random() < 0.3:
            pause["auto_pause_grace"] = time(60)
        drawn.append(("pause", pause))
    maybe(0.2, "max_active_calls", random.randint(1, 2))
    maybe(0.3, "primary", True)
    if random.random() < 0.3:
        drawn.append(("levels", {"level_rules": _rows(random, unit), "order_by": ["skill_level"]}))
        maybe(0.4, "empty_level_opens_next", True)
        maybe(0.3, "levels_ignored_up_to", random.randint(1, 3))
    maybe(0.2, "skill_order", "highest_first")
    maybe(0.3, "connect_delay", time(8))
    return drawn


def _rare_options(random: Random, unit: float) -> list[tuple[str, Any]]:
    """Draw options that few of the others go with, or that S1 to S15 have, too."""
    drawn: list[tuple[str, Any]] = []
    if random.random() < 0.3:
        drawn.append(("repeat_delay", random.randint(0, 6) * unit))
    if random.random() < 0.3:
        drawn.append(("auto_answer", random.random() < 0.7))
    return drawn


def _rows(random: Random, unit: float) -> list[Any]:
    def level() -> Any:
        return random.choice([None, 1, 2, 3, "+1", "-1"])

    after = 0.0
    rows = [(0, level(), random.choice([1, 2, None]), None)]
    for _ in range(random.randint(0, 2)):
        after += random.randint(1, 40) * unit
        rows.append((after, level(), level(), level()))
    return rows


def _with_members(random: Random, group: dict[str, Any], unit: float) -> dict[str, Any]:
    members = [
        dict(member) if not isinstance(member, str) else {"extension_number": member}
        for member in group["members"]
    ]
    tried = [dict(member) for member in members]
    for member in tried:
        if random.random() < 0.3:
            member["ring_time"] = random.randint(0, 40) * unit
        if random.random() < 0.3:
            member["skip_busy"] = random.random() < 0.5
        if random.random() < 0.2:
            member["enforced_wrap_up"] = random.randint(0, 40) * unit
        if random.random() < 0.3:
            delayed = {**member, "ring_delay": random.randint(0, 20) * unit}
            try:
                plan_of(rs.Scenario(groups=[{**group, "members": [delayed]}]), None)
                member.update(delayed)
            except rs.ConfigurationError:
                pass
    return {**group, "members": tried}


def _redials(random: Random, n: int, unit: float) -> dict[str, Any]:
    columns = random.randint(1, 4)
    delays = [0, 0, *(random.randint(0, 60) * unit for _ in range(3)), math.inf]
    given: dict[str, Any] = {
        "redial_delay": [[random.choice(delays) for _ in range(columns)] for _ in range(n)],
        "redial_after": random.choice(
            ["abandoned", "overflowed", ["abandoned", "overflowed"], ["overflowed", "abandoned"]]
        ),
    }
    if random.random() < 0.4:
        given["redial_patience"] = [
            [random.choice([math.inf, random.randint(0, 60) * unit]) for _ in range(2)]
            for _ in range(n)
        ]
    return given


def _workload(random: Random, day: Any, unit: float, redials: dict[str, Any]) -> rs.Workload:
    calls = day.calls
    people = list(calls[0].delays) if calls else []
    n = len(calls)

    def declines() -> list[list[float]]:
        return [
            [random.choice([math.inf, math.inf, random.randint(0, 20) * unit]) for _ in range(2)]
            for _ in range(n)
        ]

    given: dict[str, Any] = dict(redials)
    if random.random() < 0.7:
        given["decline_delay"] = {number: declines() for number in people}
    if random.random() < 0.3 and people:
        given["away"] = [
            (random.randint(0, 100) * unit, random.choice(people), random.randint(1, 60) * unit)
            for _ in range(3)
        ]
    if random.random() < 0.3:
        given["priority"] = [random.randint(0, 2) for _ in range(n)]
    if random.random() < 0.3:
        given["max_wait_time"] = [random.randint(0, 200) * unit for _ in range(n)]
    return rs.Workload(
        arrives_at=[call.arrives_at for call in calls],
        group=[call.group for call in calls],
        talk_time=[call.talk_time for call in calls],
        wrap_up_time=[call.wrap_up_time for call in calls],
        patience=[call.patience for call in calls],
        answer_delay={number: [call.delays[number] for call in calls] for number in people},
        random={
            number: [[random.random() for _ in range(3)] for _ in range(n)] for number in people
        },
        own_calls=day.own_calls,
        **given,
    )
