"""The worked example of every option of `Rules`, on both engines.

Unless a case says otherwise, group 600 has the members A, B and C, hunts in the configured order,
rings each phone for 20 s, and one call arrives at 0 whose talk would take 30 s. Nobody answers.
A log is written as in the docstring of `Rules`: `A 0-20` is a ring, `>60` the end of a call that
overflows, `=5` an answer after 5 s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pytest

import ringsim as rs

inf = math.inf
NUMBERS = {name: f"20{place}" for place, name in enumerate("ABCDE", 1)}
NAMES = {number: name for name, number in NUMBERS.items()}


@dataclass(frozen=True)
class Case:
    """An example: options, calls and people, and the rings and the end of each call."""

    rules: dict[str, Any]
    expected: list[str]
    members: tuple[Any, ...] = ("A", "B", "C")
    arrives_at: tuple[float, ...] = (0,)
    talk_time: Any = 30
    answers: dict[str, Any] = field(default_factory=dict)
    declines: dict[str, Any] = field(default_factory=dict)
    own_calls: tuple[tuple[float, str, float], ...] = ()
    given: dict[str, Any] = field(default_factory=dict)  # fields of the group
    calls: dict[str, Any] = field(default_factory=dict)  # of the workload
    others: tuple[dict[str, Any], ...] = ()  # further groups
    people: dict[str, Any] = field(default_factory=dict)  # fields of extensions

    def scenario(self, *without: str) -> rs.Scenario:
        """Return the scenario of the example, without some of its options."""
        members = [
            rs.Member(NUMBERS[one])
            if isinstance(one, str)
            else rs.Member(NUMBERS[one[0]], **one[1])
            for one in self.members
        ]
        group = {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT", **self.given}
        rules = {name: value for name, value in self.rules.items() if name not in without}
        return rs.Scenario(
            groups=[
                rs.RingGroup(**group, members=members, rules=rules),
                *(rs.RingGroup(**other) for other in self.others),
            ],
            extensions=[rs.Extension(NUMBERS[one], **given) for one, given in self.people.items()],
        )

    @property
    def workload(self) -> rs.Workload:
        return rs.Workload(
            arrives_at=self.arrives_at,
            talk_time=self.talk_time,
            answer_delay={NUMBERS[name]: delay for name, delay in self.answers.items()},
            decline_delay={NUMBERS[name]: delay for name, delay in self.declines.items()},
            own_calls=[(at, NUMBERS[name], talk) for at, name, talk in self.own_calls],
            **({"group": "600"} | self.calls),
        )

    def play(self, engine: str) -> rs.CallLog:
        return rs.play(self.scenario(), self.workload, engine)


def written(log: rs.CallLog) -> list[str]:
    """Return the rings and the end of each call, as the cases write them."""
    lines = []
    for call, row in enumerate(log.calls.itertuples()):
        rings = log.rings[log.rings["call"] == call].sort_values("started_at", kind="stable")
        parts = [
            f"{NAMES[str(ring.member)]} {ring.started_at:g}-{ring.ended_at:g}"
            for ring in rings.itertuples()
        ]
        at = row.arrives_at + row.wait
        mark = {"answered": "=", "overflowed": ">", "abandoned": "!"}[str(row.outcome)]
        lines.append(" ".join([", ".join(parts), f"{mark}{at:g}"]).strip())
    return lines


IN_LINE = {"wait_in_line": True, "passes": inf, "max_wait_time": 50}
ONE_RINGS = {**IN_LINE, "ringing_is_busy": True}
WITH_OPTIONS = {"connect_delay": 1}  # so that engines with options play what S1 to S15 have, too
A_TALKS_ON: dict[str, Any] = {  # while B has answered, too, and has hung up
    "arrives_at": (0, 10, 100),
    "talk_time": [250, 30, 30],
    "answers": {"A": [5, inf, inf], "B": [inf, 5, inf]},
    "given": {"skip_busy_member": False},
}

CASES = {
    "order_by counts hang-ups": Case(
        {"order_by": ["last_completed_at"], "ringing_is_busy": True},
        ["A 0-5 =5", "B 5-15 =15", "C 300-320, B 320-340, A 340-360 >360"],
        arrives_at=(0, 5, 300),
        talk_time=[250, 30, 30],
        answers={"A": [5, inf, inf], "B": [inf, 10, inf]},
    ),
    "order_by counts answers": Case(
        {"order_by": ["last_answered_at"], "ringing_is_busy": True},
        ["A 0-5 =5", "B 5-15 =15", "C 300-320, A 320-340, B 340-360 >360"],
        arrives_at=(0, 5, 300),
        talk_time=[250, 30, 30],
        answers={"A": [5, inf, inf], "B": [inf, 10, inf]},
    ),
    "rotation: whom a busy member's turn has passed is not next": Case(
        {"order_by": ["rotation"], "rotation": "rung"},
        ["A 0-5 =5", "C 100-105 =105", "A 200-220, B 220-240, C 240-260 >260"],
        arrives_at=(0, 100, 200),
        answers={"A": [5, inf, inf], "C": [inf, 5, inf]},
        own_calls=((90, "B", 60),),
    ),
    "rotation: the key last_rung_at rings who was never rung": Case(
        {"order_by": ["last_rung_at"]},
        ["A 0-5 =5", "C 100-105 =105", "B 200-220, A 220-240, C 240-260 >260"],
        arrives_at=(0, 100, 200),
        answers={"A": [5, inf, inf], "C": [inf, 5, inf]},
        own_calls=((90, "B", 60),),
    ),
    "rotation rung moves by a missed ring": Case(
        {"order_by": ["rotation"], "rotation": "rung", "one_wave": True},
        ["A 0-20 >20", "B 100-120 >120"],
        arrives_at=(0, 100),
    ),
    "rotation answered moves by an answer alone": Case(
        {"order_by": ["rotation"], "rotation": "answered"},
        [
            "A 0-20, B 20-25 =25",
            "C 100-120, A 120-140, B 140-160 >160",
            "C 300-320, A 320-340, B 340-360 >360",
        ],
        arrives_at=(0, 100, 300),
        answers={"B": [5, inf, inf]},
    ),
    "rotation rung moves by no caller who gives up while no phone rings": Case(
        {
            "order_by": ["rotation"],
            "rotation": "rung",
            "one_wave": True,
            "passes": 2,
            "retry_pause": 40,
        },
        ["A 0-20 !50", "B 25-45 !46", "C 60-80, A 120-140 >140"],
        arrives_at=(0, 25, 60),
        calls={"patience": [50, 21, inf]},
    ),
    "rotation within_call starts at the top": Case(
        {"order_by": ["rotation"], "rotation": "within_call", "one_wave": True, "passes": 3},
        ["A 0-20, B 20-40, C 40-60 >60", "A 100-120, B 120-140, C 140-160 >160"],
        arrives_at=(0, 100),
    ),
    "order_fixed ring looks afresh": Case(
        {"order_fixed": "ring"},
        ["B 0-20, C 20-40, A 40-60 >60"],
        own_calls=((0, "A", 30),),
        arrives_at=(0,),
    ),
    "order_fixed pass passes over who is busy at their turn": Case(
        {"order_fixed": "pass"}, ["B 0-20, C 20-40 >40"], own_calls=((0, "A", 30),)
    ),
    "order_fixed pass looks when the turn comes": Case(
        {"order_fixed": "pass"}, ["A 0-20, B 20-40, C 40-60 >60"], own_calls=((0, "B", 10),)
    ),
    "order_fixed call strikes off who is busy at arrival": Case(
        {"order_fixed": "call"},
        ["A 0-20, C 20-40 >40"],
        own_calls=((0, "B", 10), (5, "C", 60)),
    ),
    "order_fixed pass pages nobody on a call": Case(
        {"order_fixed": "pass", "auto_answer": True, "at_once": "ALL", "one_wave": True},
        ["B 5-5, C 5-5 =5"],
        given={"skip_busy_member": False},
        own_calls=((0, "A", 60),),
        arrives_at=(5,),
    ),
    "memory_scope group": Case(
        {"order_by": ["last_answered_at"]},
        ["A 0-5 =5", "A 100-120, B 120-140, C 140-160 >160"],
        arrives_at=(0, 100),
        answers={"A": [5, inf]},
        calls={"group": ["700", "600"]},
        others=({"extension_number": "700", "members": ["201"]},),
    ),
    "memory_scope extension": Case(
        {"order_by": ["last_answered_at"], "memory_scope": "extension"},
        ["A 0-5 =5", "B 100-120, C 120-140, A 140-160 >160"],
        arrives_at=(0, 100),
        answers={"A": [5, inf]},
        calls={"group": ["700", "600"]},
        others=({"extension_number": "700", "members": ["201"]},),
    ),
    "at_once TIED rings a level at a time": Case(
        {"order_by": ["skill_level"], "at_once": "TIED"},
        ["A 0-20, B 0-20, C 20-40 >40"],
        members=("A", "B", ("C", {"skill_level": 2})),
    ),
    "memory_hunt again": Case(
        {"memory_hunt": "again"},
        ["A 0-20, A 20-40, B 20-40, A 40-60, B 40-60, C 40-60 >60"],
    ),
    "memory_hunt ring_on and wave_step": Case(
        {"memory_hunt": "ring_on", "wave_step": 10}, ["A 0-20, B 10-30, C 20-40 >40"]
    ),
    "ring_delay and ring_time of members": Case(
        {"at_once": "ALL", "one_wave": True},
        ["A 0-20, B 5-15, C 10-40 >40"],
        members=(
            ("A", {"ring_time": 20}),
            ("B", {"ring_delay": 5, "ring_time": 10}),
            ("C", {"ring_delay": 10, "ring_time": 30}),
        ),
    ),
    "ring_delay: who starts too late never rings": Case(
        {"at_once": "ALL", "one_wave": True},
        ["A 0-4 =4"],
        members=("A", ("B", {"ring_delay": 5})),
        answers={"A": 4},
    ),
    "ring_delay: a wave is over if its only phone may not start": Case(
        {"at_once": "ALL", "one_wave": True},
        [">5"],
        members=(("A", {"ring_delay": 5}),),
        own_calls=((3, "A", 60),),
    ),
    "passes and retry_pause": Case(
        {"one_wave": True, "passes": 3, "retry_pause": 5},
        ["A 0-20, A 25-45, A 50-70 >70"],
    ),
    "max_wait_time cuts the last ring": Case(
        {"max_wait_time": 50}, ["A 0-20, B 20-40, C 40-50 >50"]
    ),
    "last_ring finish": Case(
        {"max_wait_time": 50, "last_ring": "finish"}, ["A 0-20, B 20-40, C 40-60 >60"]
    ),
    "max_wait_time never cuts a pause": Case(
        {
            "max_wait_time": 20,
            "one_wave": True,
            "passes": inf,
            "retry_pause": 5,
        },
        ["A 0-3, A 8-11, A 16-19 >24"],
        given={"ring_time": 3},
    ),
    "join_ringing": Case(
        {"join_ringing": True, "at_once": "ALL", "one_wave": True},
        ["A 0-20, B 0-20, C 8-20 >20"],
        own_calls=((0, "C", 8),),
    ),
    "join_ringing ends with the wave": Case(
        {"join_ringing": True, "at_once": "ALL", "one_wave": True},
        ["A 0-20, B 0-20 >20"],
        own_calls=((0, "C", 20),),
    ),
    "join_ringing ends with the ring time of the group": Case(
        {"join_ringing": True, "at_once": "ALL", "one_wave": True},
        ["A 0-40, B 0-40 >40"],
        members=(("A", {"ring_time": 40}), ("B", {"ring_time": 40}), "C"),
        own_calls=((0, "C", 25),),
    ),
    "join_ringing keeps the configured order": Case(
        {"join_ringing": True, "at_once": "ALL", "one_wave": True},
        ["B 0-9, C 0-9, A 8-9 =9"],
        own_calls=((0, "A", 8),),
        answers={"A": 1},
    ),
    "ringing_is_busy off": Case(
        {"ringing_is_busy": False},
        ["A 0-20, B 20-40, C 40-60 >60", "A 5-25, B 25-45, C 45-65 >65"],
        arrives_at=(0, 5),
    ),
    "ringing_is_busy on": Case(
        {"ringing_is_busy": True},
        ["A 0-20, C 20-40, B 40-60 >60", "B 5-25, A 25-45, C 45-65 >65"],
        arrives_at=(0, 5),
    ),
    "ringing_is_busy beside another option": Case(
        {"ringing_is_busy": True, **WITH_OPTIONS},
        ["A 0-20, C 20-40, B 40-60 >60", "B 5-25, A 25-45, C 45-65 >65"],
        arrives_at=(0, 5),
    ),
    "ringing_is_busy in line": Case(
        {"ringing_is_busy": True, "wait_in_line": True},
        ["A 0-20 >20", "A 20-40 >40"],
        arrives_at=(0, 1),
        members=("A",),
    ),
    "skip_busy of a member": Case(
        {},
        ["B 0-20, C 20-40 >40"],
        members=(("A", {"skip_busy": True}), "B", "C"),
        given={"skip_busy_member": False},
        own_calls=((0, "A", 100), (0, "B", 100)),
    ),
    "skip_busy of a member in line": Case(
        {"wait_in_line": True},
        ["A 30-50 >50"],
        members=(("A", {"skip_busy": True}),),
        given={"skip_busy_member": False},
        own_calls=((0, "A", 30),),
    ),
    "enforced_wrap_up": Case(
        {"order_by": ["last_completed_at"], "enforced_wrap_up": 30},
        ["A 0-5 =5", "B 45-65, A 65-85 >85"],
        members=("A", "B"),
        arrives_at=(0, 45),
        answers={"A": [5, inf]},
    ),
    "after_decline next": Case(
        {"after_decline": "next"}, ["A 0-3, B 3-23, C 23-43 >43"], declines={"A": 3}
    ),
    "after_decline rest": Case(
        {"after_decline": "rest"}, ["A 0-3, B 3-20, C 20-40 >40"], declines={"A": 3}
    ),
    "after_decline end": Case({"after_decline": "end"}, ["A 0-3 >3"], declines={"A": 3}),
    "a decline ends one ring of a fan-out": Case(
        {"at_once": "ALL", "one_wave": True},
        ["A 0-3, B 0-20, C 0-20 >20"],
        declines={"A": 3},
    ),
    "the answer comes before a decline at one instant": Case(
        {}, ["A 0-3 =3"], declines={"A": 3}, answers={"A": 3}
    ),
    "declined_again": Case(
        {"declined_again": False, "passes": 2},
        ["A 0-3, B 3-23, C 23-43, B 43-63, C 63-83 >83"],
        declines={"A": 3},
    ),
    "missed_rest": Case(
        {"missed_rest": 50, "passes": 2},
        ["A 0-20, B 20-40, C 40-60 >60"],
    ),
    "missed_rest in line": Case(
        {"missed_rest": 50, "passes": 2, "wait_in_line": True},
        ["A 0-20, B 20-40, C 40-60, A 70-90, B 90-110, C 110-130 >130"],
    ),
    "declined_rest": Case(
        {"declined_rest": 50, "passes": 2},
        ["A 0-3, B 3-23, B 23-43 >43", "A 100-103, B 103-123, B 123-143 >143"],
        members=("A", "B"),
        arrives_at=(0, 100),
        declines={"A": 3},
    ),
    "auto_pause_after": Case(
        {"auto_pause_after": 1},
        ["A 0-20, B 20-40, C 40-60 >60", ">100"],
        arrives_at=(0, 100),
    ),
    "auto_pause_scope group": Case(
        {"auto_pause_after": 1},
        ["A 0-20, B 20-40 >40", "A 100-120, C 120-140 >140"],
        members=("A", "B"),
        arrives_at=(0, 100),
        calls={"group": ["600", "700"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201", "203"],
                "ring_strategy": "PRIORITIZED_HUNT",
            },
        ),
    ),
    "auto_pause_scope extension": Case(
        {"auto_pause_after": 1, "auto_pause_scope": "extension"},
        ["A 0-20, B 20-40 >40", "C 100-120 >120"],
        members=("A", "B"),
        arrives_at=(0, 100),
        calls={"group": ["600", "700"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201", "203"],
                "ring_strategy": "PRIORITIZED_HUNT",
            },
        ),
    ),
    "auto_pause_grace counts from a talk for any group": Case(
        {
            "memory_scope": "extension",
            "auto_pause_after": 1,
            "auto_pause_grace": 30,
            "one_wave": True,
        },
        ["A 0-20 >20", "A 1-5 =5", "A 41-61 >61"],
        members=("A", "B"),
        arrives_at=(0, 1, 41),
        talk_time=10,
        answers={"A": [inf, 4, inf]},
        calls={"group": ["600", "700", "600"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201"],
                "ring_strategy": "PRIORITIZED_HUNT",
            },
        ),
    ),
    "max_active_calls": Case(
        {"max_active_calls": 1},
        ["A 0-5 =5", ">10"],
        arrives_at=(0, 10),
        answers={"A": [5, inf]},
    ),
    "max_active_calls in line": Case(
        {"max_active_calls": 1, "wait_in_line": True, "max_wait_time": 35},
        ["A 0-5 =5", "A 35-45 >45"],
        arrives_at=(0, 10),
        answers={"A": [5, inf]},
    ),
    "primary on a call is rung alone": Case(
        {"primary": True, "order_fixed": "call", "at_once": "ALL", "one_wave": True},
        ["A 0-20 >20"],
        given={"skip_busy_member": False},
        own_calls=((0, "A", 60),),
    ),
    "primary who may not be rung": Case(
        {"primary": True, "order_fixed": "call"}, [">0"], own_calls=((0, "A", 60),)
    ),
    "wait_in_line": Case(
        {"wait_in_line": True, "passes": inf, "ringing_is_busy": True},
        ["A 0-5 =5", "B 1-6 =6", "A 35-40 =40"],
        members=("A", "B"),
        arrives_at=(0, 1, 2),
        answers={"A": 5, "B": 5},
    ),
    "line_serves all": Case(
        {"wait_in_line": True, "passes": inf, "ringing_is_busy": True, "line_serves": "all"},
        ["A 0-5 =5", "B 1-6 =6"],
        arrives_at=(0, 1),
        answers={"A": 5, "B": 5},
    ),
    "line_serves head": Case(
        {"wait_in_line": True, "passes": inf, "ringing_is_busy": True, "line_serves": "head"},
        ["A 0-5 =5", "B 5-10 =10"],
        arrives_at=(0, 1),
        answers={"A": 5, "B": 5},
    ),
    "line_serves one_ringing": Case(
        {
            "wait_in_line": True,
            "passes": inf,
            "ringing_is_busy": True,
            "line_serves": "one_ringing",
            "at_once": "ALL",
            "one_wave": True,
        },
        ["A 0-5, B 0-5, C 0-5 =5", "B 5-10, C 5-10 =10"],
        arrives_at=(0, 1),
        answers={"A": [5, inf], "B": [inf, 5]},
    ),
    "line_poll": Case(
        {"wait_in_line": True, "passes": inf, "ringing_is_busy": True, "line_poll": 1},
        ["A 0-5 =5", "B 1-6 =6", "A 35.4-40.4 =40.4"],
        members=("A", "B"),
        arrives_at=(0, 1, 2.4),
        answers={"A": 5, "B": 5},
    ),
    "line_poll holds when a limit of calls does": Case(
        {
            "wait_in_line": True,
            "passes": inf,
            "line_poll": 4,
            "max_active_calls": 1,
        },
        ["A 0-5 =5", "A 38-43 =43"],
        arrives_at=(0, 6),
        answers={"A": 5},
    ),
    "line_poll holds when members join": Case(
        {
            "wait_in_line": True,
            "passes": inf,
            "line_poll": 4,
            "join_ringing": True,
            "at_once": "ALL",
            "one_wave": True,
        },
        ["A 0-5 =5", "A 38-43 =43"],
        members=("A",),
        arrives_at=(0, 6),
        answers={"A": 5},
    ),
    "line_poll: a look at a line comes before a caller who looks": Case(
        {**ONE_RINGS, "max_wait_time": 500, "line_poll": 30},
        ["A 120-125 =125", "A 60-65 =65"],
        members=("A",),
        arrives_at=(0, 50),
        answers={"A": 5},
        own_calls=((0, "A", 60),),
        calls={"group": ["600", "700"]},
        others=({"extension_number": "700", "members": ["201"], "rules": ONE_RINGS},),
    ),
    "line_poll: that look comes first, whatever was scheduled first": Case(
        ONE_RINGS,
        ["A 120-125 =125", "A 60-65 =65"],
        members=("A",),
        arrives_at=(0, 50),
        answers={"A": 5},
        own_calls=((0, "A", 34), (35, "A", 25)),
        calls={"group": ["700", "600"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201"],
                "rules": {**ONE_RINGS, "max_wait_time": 500, "line_poll": 30},
            },
        ),
    ),
    "max_queue_length": Case(
        {"wait_in_line": True, "passes": inf, "max_queue_length": 1},
        ["A 0-5 =5", "A 35-40 =40", ">12"],
        members=("A",),
        arrives_at=(0, 10, 12),
        answers={"A": 5},
    ),
    "join_empty": Case(
        {"wait_in_line": True, "passes": inf, "max_wait_time": 50, "join_empty": ["busy"]},
        [">1"],
        arrives_at=(1,),
        own_calls=((0, "A", 60), (0, "B", 60), (0, "C", 60)),
    ),
    "an empty join_empty lets the caller wait": Case(
        {"wait_in_line": True, "passes": inf, "max_wait_time": 50},
        [">51"],
        arrives_at=(1,),
        own_calls=((0, "A", 60), (0, "B", 60), (0, "C", 60)),
    ),
    "queue_weight": Case(
        {"wait_in_line": True, "passes": inf, "max_wait_time": 500, "ringing_is_busy": True},
        ["A 0-5 =5", "A 70-75 =75", "A 35-40 =40"],
        members=("A",),
        arrives_at=(0, 10, 20),
        answers={"A": 5},
        calls={"group": ["600", "600", "700"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201"],
                "ring_strategy": "PRIORITIZED_HUNT",
                "rules": {
                    "wait_in_line": True,
                    "passes": inf,
                    "max_wait_time": 500,
                    "queue_weight": 10,
                    "ringing_is_busy": True,
                },
            },
        ),
    ),
    "priority of callers": Case(
        {"wait_in_line": True, "passes": inf, "ringing_is_busy": True},
        ["A 0-5 =5", "A 75-80 =80", "A 35-40 =40"],
        members=("A",),
        arrives_at=(0, 10, 20),
        talk_time=[30, 30, 35],
        answers={"A": 5},
        calls={"priority": [0, 0, 1]},
    ),
    "skill_order": Case(
        {"skill_order": "highest_first"},
        ["C 0-20, B 20-40, A 40-60 >60"],
        members=("A", ("B", {"skill_level": 2}), ("C", {"skill_level": 3})),
        given={"ring_strategy": "SKILL_BASED_ROUTING_PRIORITIZED_HUNT"},
    ),
    "level_rules": Case(
        {
            "order_by": ["skill_level"],
            "one_wave": True,
            "passes": inf,
            "retry_pause": 5,
            "wait_in_line": True,
            "line_poll": 1,
            "max_wait_time": 60,
            "level_rules": [(0, 1, 1), (25, 1, 2)],
        },
        ["B 30-50, B 55-60 >60"],
        members=("A", ("B", {"skill_level": 2}), ("C", {"skill_level": 3})),
        own_calls=((0, "A", 100),),
    ),
    "without level_rules a silent level rings on": Case(
        {
            "order_by": ["skill_level"],
            "one_wave": True,
            "passes": inf,
            "retry_pause": 5,
            "wait_in_line": True,
            "line_poll": 1,
            "max_wait_time": 60,
        },
        ["A 0-20, A 25-45, A 50-60 >60"],
        members=("A", ("B", {"skill_level": 2}), ("C", {"skill_level": 3})),
    ),
    "connect_delay": Case(
        {"connect_delay": 2},
        ["A 0-5 =5", "B 36-56, A 56-76, C 76-96 >96"],
        arrives_at=(0, 36),
        answers={"A": [5, inf]},
    ),
    "order_by last_completed_at does not count a talk that goes on": Case(
        {"order_by": ["last_completed_at"]},
        ["A 0-5 =5", "A 10-30, B 30-35 =35", "A 100-120, C 120-140, B 140-160 >160"],
        **A_TALKS_ON,
    ),
    "order_by n_completed does not count a talk that goes on": Case(
        {"order_by": ["n_completed"]},
        ["A 0-5 =5", "A 10-30, B 30-35 =35", "A 100-120, C 120-140, B 140-160 >160"],
        **A_TALKS_ON,
    ),
    "order_by idle_since counts own calls": Case(
        {"order_by": ["idle_since"]},
        ["B 100-120, C 120-140, A 140-160 >160"],
        arrives_at=(100,),
        own_calls=((10, "A", 20),),
    ),
    "order_by redrawn draws anew at each look": Case(
        {"order_by": ["redrawn"]},
        ["A 0-20, C 20-40, B 40-60 >60"],
        calls={"random": {"201": [[0.1, 0.9]], "202": [[0.5, 0.9]], "203": [[0.8, 0.2]]}},
    ),
    "order_by weighted is a draw times the level": Case(
        {"order_by": ["weighted"]},
        ["B 0-20, C 20-40, A 40-60 >60"],
        members=(("A", {"skill_level": 3}), "B", "C"),
        calls={"random": {"201": 0.3, "202": 0.5, "203": 0.6}},
    ),
    "rotation answered moves behind who answered": Case(
        {"order_by": ["rotation"], "rotation": "answered", "at_once": 2},
        ["A 0-5, B 0-5 =5", "B 100-120, C 100-120, A 120-140 >140"],
        arrives_at=(0, 100),
        answers={"A": [5, inf]},
    ),
    "rotation starts at the top after a fixed order that is used up": Case(
        {"order_by": ["rotation"], "rotation": "rung", "order_fixed": "pass"},
        [
            "A 0-5 =5",
            "B 100-120, C 120-140, A 140-160 >160",
            "A 200-220, B 220-240, C 240-260 >260",
        ],
        arrives_at=(0, 100, 200),
        answers={"A": [5, inf, inf]},
    ),
    "order_fixed pass sorts for each pass anew": Case(
        {"order_by": ["last_rung_at"], "order_fixed": "pass", "passes": 2},
        ["A 0-20, C 20-40, B 40-60, A 60-80, C 80-100 >100"],
        own_calls=((0, "B", 30),),
    ),
    "memory_scope extension: wrap-up after a talk for any group": Case(
        {"memory_scope": "extension"},
        ["A 0-5 =5", "B 45-65, A 65-85, C 85-105 >105"],
        arrives_at=(0, 45),
        answers={"A": [5, inf]},
        calls={"group": ["700", "600"]},
        others=(
            {"extension_number": "700", "members": ["201"], "rules": {"enforced_wrap_up": 30}},
        ),
    ),
    "at_once TIED in a fixed order": Case(
        {"order_by": ["skill_level"], "at_once": "TIED", "order_fixed": "pass"},
        ["A 0-20, B 0-20, C 20-40 >40"],
        members=("A", "B", ("C", {"skill_level": 2})),
    ),
    "at_once 2": Case({"at_once": 2, **WITH_OPTIONS}, ["A 0-20, B 0-20, C 20-40 >40"]),
    "at_once TIED beside another option": Case(
        {"order_by": ["skill_level"], "at_once": "TIED", **WITH_OPTIONS},
        ["A 0-20, B 0-20, C 20-40 >40"],
        members=("A", "B", ("C", {"skill_level": 2})),
    ),
    "at_once 2 in a fixed order": Case(
        {"at_once": 2, "order_fixed": "pass"}, ["A 0-20, B 0-20, C 20-40 >40"]
    ),
    "one_wave": Case({"one_wave": True, **WITH_OPTIONS}, ["A 0-20 >20"]),
    "auto_answer": Case({"auto_answer": True, "order_fixed": "pass"}, ["A 0-0 =0"]),
    "memory_hunt ring_on: no phone starts when the time is over": Case(
        {
            **IN_LINE,
            "memory_hunt": "ring_on",
            "wave_step": 6,
            "max_wait_time": 17,
            "line_poll": 10,
        },
        ["A 0-17, B 6-23, C 12-19 >23"],
        members=("A", "B", "C", "D", "E"),
    ),
    "memory_hunt ring_on: last_ring finish starts no phone when the time is over": Case(
        {"memory_hunt": "ring_on", "wave_step": 10, "max_wait_time": 15, "last_ring": "finish"},
        ["A 0-20, B 10-30 >30"],
    ),
    "ring_delay: no wave starts when the time is over as phones are left out": Case(
        {"at_once": 2, "max_wait_time": 8, "last_ring": "finish"},
        ["A 4-5, B 4-5 >9"],
        members=tuple((name, {"ring_delay": 4, "ring_time": 1}) for name in "ABCDE"),
        own_calls=((6, "C", 60), (6, "D", 60)),
    ),
    "ring_delay: nor if phones are left out at the very instant": Case(
        {"at_once": 2, "max_wait_time": 9},
        ["A 4-5, B 4-5 >9"],
        members=(
            *((name, {"ring_delay": 4, "ring_time": 1}) for name in "ABCD"),
            "E",
        ),
        answers={"E": 0},
        own_calls=((6, "C", 60), (6, "D", 60)),
    ),
    "memory_hunt again in a fixed order, without who declined": Case(
        {"memory_hunt": "again", "declined_again": False, "order_fixed": "call"},
        ["A 0-3, B 3-23, B 23-43, C 23-43 >43"],
        declines={"A": 3},
    ),
    "repeat_delay after a pass in which no phone rang": Case(
        {"passes": 2, "repeat_delay": 7, **WITH_OPTIONS},
        ["A 7-27, B 27-47, C 47-67 >67"],
        own_calls=((0, "A", 5), (0, "B", 5), (0, "C", 5)),
    ),
    "max_wait_time in line": Case(
        {"wait_in_line": True, "passes": inf, "max_wait_time": 50},
        [">51"],
        members=("A",),
        arrives_at=(1,),
        own_calls=((0, "A", 60),),
    ),
    "max_wait_time of a caller counts in the group of arrival": Case(
        WITH_OPTIONS,
        ["A 0-15, C 15-35 >35"],
        members=("A", "B"),
        given={"no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "700"}},
        calls={"max_wait_time": [15]},
        others=({"extension_number": "700", "members": ["203"]},),
    ),
    "last_ring cut with line_poll counts whole polls": Case(
        {
            "wait_in_line": True,
            "passes": inf,
            "retry_pause": 5,
            "line_poll": 1,
            "max_wait_time": 30,
            "one_wave": True,
        },
        ["A 0-3.5, B 3.5-23.5, B 28.5-30.5 >30.5"],
        declines={"A": 3.5},
        own_calls=((4, "A", 100),),
    ),
    "join_ringing as far as there is room": Case(
        {"join_ringing": True, "at_once": 2},
        ["A 0-20, B 8-20, C 20-40 >40"],
        own_calls=((0, "B", 8), (0, "C", 9)),
    ),
    "enforced_wrap_up as drawn": Case(
        {"enforced_wrap_up": "drawn"},
        ["A 0-5 =5", "B 40-60, A 60-80 >80"],
        members=("A", "B"),
        arrives_at=(0, 40),
        answers={"A": [5, inf]},
        calls={"wrap_up_time": [10, 0]},
    ),
    "enforced_wrap_up of a member": Case(
        {},
        ["A 0-5 =5", "B 45-65, A 65-85 >85"],
        members=(("A", {"enforced_wrap_up": 30}), "B"),
        arrives_at=(0, 45),
        answers={"A": [5, inf]},
    ),
    "after_decline rest: nobody rings for less than half a second": Case(
        {"after_decline": "rest"}, ["A 0-19.75 >19.75"], declines={"A": 19.75}
    ),
    "auto_pause_after: an answer sets the count to 0": Case(
        {"auto_pause_after": 2},
        ["A 0-20 >20", "A 100-105 =105", "A 200-220 >220", "A 300-320 >320"],
        members=("A",),
        arrives_at=(0, 100, 200, 300),
        answers={"A": [inf, 5, inf, inf]},
    ),
    "auto_pause_time": Case(
        {"auto_pause_after": 1, "auto_pause_time": 50},
        ["A 0-20 >20", ">60", "A 80-100 >100"],
        members=("A",),
        arrives_at=(0, 60, 80),
    ),
    "auto_pause_time: a shorter pause does not end a longer one": Case(
        {"auto_pause_after": 1, "auto_pause_scope": "extension"},
        ["A 0-20 >20", "A 10-30 >30", ">50"],
        members=("A",),
        arrives_at=(0, 10, 50),
        calls={"group": ["600", "700", "600"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201"],
                "rules": {
                    "auto_pause_after": 1,
                    "auto_pause_scope": "extension",
                    "auto_pause_time": 5,
                },
            },
        ),
    ),
    "auto_pause_on_decline": Case(
        {"auto_pause_after": 1, "auto_pause_on_decline": True},
        ["A 0-3 >3", ">100"],
        members=("A",),
        arrives_at=(0, 100),
        declines={"A": 3},
    ),
    "join_empty off_duty": Case(
        {**IN_LINE, "join_empty": ["off_duty"]},
        [">1"],
        members=("A",),
        arrives_at=(1,),
        people={"A": {"on_duty": []}},
    ),
    "join_empty of a group without members": Case(
        {**IN_LINE, "join_empty": ["level"]}, [">0"], members=()
    ),
    "join_empty paused": Case(
        {**IN_LINE, "passes": 1, "auto_pause_after": 1, "join_empty": ["paused"]},
        ["A 0-20 >20", ">100"],
        members=("A",),
        arrives_at=(0, 100),
    ),
    "join_empty ringing": Case(
        {**IN_LINE, "passes": 1, "ringing_is_busy": True, "join_empty": ["ringing"]},
        ["A 0-20 >20", ">10"],
        members=("A",),
        arrives_at=(0, 10),
    ),
    "join_empty wrap_up": Case(
        {**IN_LINE, "enforced_wrap_up": 30, "join_empty": ["wrap_up"]},
        ["A 0-5 =5", ">45"],
        members=("A",),
        arrives_at=(0, 45),
        answers={"A": 5},
    ),
    "wait_in_line until the instant at which a member is free": Case(
        {"wait_in_line": True, "passes": inf, "ringing_is_busy": True},
        ["A 0-5 =5", "A 35-40 =40"],
        members=("A",),
        arrives_at=(0, 2.5),
        answers={"A": 5},
    ),
    "line_serves all in their turn": Case(
        {**IN_LINE, "retry_pause": 10, "ringing_is_busy": True},
        ["A 0-20, A 30-50 >50", "A 50-70 >80"],
        members=("A",),
        arrives_at=(0, 22),
    ),
    "line_serves one_ringing when all before ring": Case(
        {
            **IN_LINE,
            "retry_pause": 10,
            "one_wave": True,
            "ringing_is_busy": True,
            "line_serves": "one_ringing",
        },
        ["A 0-20, A 30-50 >50", "B 30-50, A 60-72 >72"],
        members=("A", "B"),
        arrives_at=(0, 22),
    ),
    "queue_weight: a caller between two passes keeps others from the member": Case(
        IN_LINE,
        ["A 0-20, A 30-50 >50", "A 30-50, A 50-70, A 70-72 >72"],
        members=("A",),
        arrives_at=(0, 22),
        calls={"group": ["700", "600"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201"],
                "rules": {**IN_LINE, "retry_pause": 10, "queue_weight": 10},
            },
        ),
    ),
    "queue_weight: who no longer waits for a member leaves them to others at once": Case(
        {**IN_LINE, "max_wait_time": 100},
        ["A 0-20, C 40-50 =50", "A 40-45 =45"],
        members=("A",),
        arrives_at=(0, 25),
        answers={"A": [inf, 5], "C": 10},
        own_calls=((0, "C", 40),),
        calls={"group": ["700", "600"]},
        others=(
            {
                "extension_number": "700",
                "members": ["201", "203"],
                "ring_strategy": "PRIORITIZED_HUNT",
                "rules": {**IN_LINE, "missed_rest": 200, "queue_weight": 10},
            },
        ),
    ),
    "leave_when_empty": Case(
        {**IN_LINE, "leave_when_empty": ["busy"]},
        ["A 0-5 =5", ">10"],
        members=("A",),
        arrives_at=(0, 10),
        answers={"A": 5},
    ),
    "leave_when_empty after a pass": Case(
        {**IN_LINE, "retry_pause": 5, "auto_pause_after": 1, "leave_when_empty": ["paused"]},
        ["A 0-20 >20"],
        members=("A",),
    ),
    "level_rules: from the lowest level": Case(
        {"order_by": ["skill_level"], "level_rules": [(0, 2)]},
        ["B 0-20, C 20-40 >40"],
        members=("A", ("B", {"skill_level": 2}), ("C", {"skill_level": 3})),
    ),
    "level_rules: levels are raised": Case(
        {"order_by": ["skill_level"], "level_rules": [(0, None, None, 2)]},
        ["A 0-20, B 20-40, C 40-60 >60"],
        members=(("A", {"skill_level": 2}), "B", ("C", {"skill_level": 3})),
    ),
    "level_rules: one level more": Case(
        {"order_by": ["skill_level"], "level_rules": [(0, 1, 1), (25, None, "+1")], "passes": 3},
        ["A 0-20, A 20-40, B 40-60, A 60-80, B 80-100 >100"],
        members=("A", ("B", {"skill_level": 2}), ("C", {"skill_level": 3})),
    ),
    "level_rules: a row applies after its time, not at it": Case(
        {"order_by": ["skill_level"], "level_rules": [(0, 1, 1), (20, 1, 2)]},
        ["A 0-20 >20"],
        members=("A", ("B", {"skill_level": 2})),
    ),
    "levels_ignored_up_to": Case(
        {"order_by": ["skill_level"], "level_rules": [(0, 1, 1)], "levels_ignored_up_to": 3},
        ["A 0-20, B 20-40, C 40-60 >60"],
        members=(("A", {"skill_level": 2}), "B", ("C", {"skill_level": 3})),
    ),
    "connect_delay keeps the place in line": Case(
        {**IN_LINE, "max_queue_length": 1, "connect_delay": 10},
        ["A 0-5 =5", ">8", "B 16-21 =21"],
        members=("A", "B"),
        arrives_at=(0, 8, 16),
        answers={"A": [5, inf, inf], "B": 5},
    ),
}


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("name", CASES)
def test_worked_example(name: str, engine: str) -> None:
    case = CASES[name]
    assert written(case.play(engine)) == case.expected


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize(("off_duty", "expected"), [("A", ["B 0-20 >20"]), ("ABC", [">0"])])
def test_empty_level_opens_next_if_nobody_of_it_is_on_duty(
    off_duty: str, expected: list[str], engine: str
) -> None:
    """Only level 1 is open, and nobody of it is on duty."""
    rules = {
        "order_by": ["skill_level"],
        "level_rules": [(0, 1, 1)],
        "empty_level_opens_next": True,
        "order_fixed": "pass",
    }
    levels = zip("ABC", (1, 3, 4), strict=True)
    members = [rs.Member(NUMBERS[name], skill_level=level) for name, level in levels]
    group = {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT"}
    scenario = rs.Scenario(
        groups=[rs.RingGroup(**group, members=members, rules=rules)],
        extensions=[rs.Extension(NUMBERS[name], on_duty=[]) for name in off_duty],
    )
    workload = rs.Workload(arrives_at=[0], talk_time=1)
    assert written(rs.play(scenario, workload, engine)) == expected


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_call_may_have_a_max_wait_time_where_no_group_has_options(engine: str) -> None:
    group = {"extension_number": "600", "members": ["201"], "ring_strategy": "PRIORITIZED_HUNT"}
    workload = rs.Workload(arrives_at=[0, 100], talk_time=1, max_wait_time=[15, inf])
    log = rs.play(rs.Scenario(groups=[group]), workload, engine)
    assert written(log) == ["A 0-15 >15", "A 100-120 >120"]
