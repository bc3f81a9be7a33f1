"""Hypothesis strategy for half-hours drawn from distributions, without coincidences.

`offices`
    Two or three groups that share six people with different delays, duty and own calls.
`Office`
    A scenario, a drawn workload, and dispatchers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.dispatch import ALL, TIED
from ringsim.testing import Ordering

PEOPLE = [str(201 + place) for place in range(6)]
GROUPS = ["600", "601", "602"]
DELAYS = [
    stats.gamma(2, scale=3),
    stats.expon(scale=10),
    rs.lognormal(mean=8, cv=1),
    4,
    rs.Empirical([2, 4, 4, 9]),
]
DUTY = [None, None, [(0, 900)], [(300, 600), (600, 1500)], []]
RULES = [
    {"action": "FORWARD_TO_NUMBER", "number": "601"},
    {"action": "FORWARD_TO_NUMBER", "number": "602"},
    {"action": "REPEAT"},
    {"action": "FORWARD_TO_VOICEMAIL"},
]
ORDERINGS = [
    Ordering("random"),
    Ordering("n_answered", at_once=2),
    Ordering("skill_level", at_once=TIED),
    Ordering("-last_hung_up_at", "talked_time"),
    Ordering("n_rung", at_once=ALL),
]


class Office(NamedTuple):
    """A scenario, a drawn workload, and dispatchers."""

    scenario: rs.Scenario
    workload: rs.Workload
    dispatchers: Mapping[str, Ordering]

    def play(self, engine: str) -> rs.CallLog:
        return rs.play(self.scenario, self.workload, engine, dispatcher=self.dispatchers)


@st.composite
def _offices(draw: st.DrawFn) -> Office:
    def group(number: str) -> dict[str, Any]:
        members = draw(st.lists(st.sampled_from(PEOPLE), max_size=5, unique=True))
        return {
            "extension_number": number,
            "ring_strategy": draw(st.sampled_from(list(rs.RingStrategy))),
            "members": [{"extension_number": m, "skill_level": int(m) % 3 + 1} for m in members],
            "ring_time": draw(st.sampled_from([5, 12.5])),
            "skip_busy_member": draw(st.booleans()),
            "no_answer_forward_rule": draw(st.sampled_from(RULES)),
            "max_repeats": draw(st.integers(0, 7)),
            "rules": {"ringing_is_busy": draw(st.sampled_from([None, True, False]))},
        }

    def person(number: str) -> rs.Extension:
        return rs.Extension(
            number,
            answer_delay=draw(st.sampled_from(DELAYS)),
            answer_probability=draw(st.sampled_from([0.5, 1])),
            on_duty=draw(st.sampled_from(DUTY)),
            own_calls=draw(st.sampled_from([None, rs.Demand(calls_per_hour=20, talk_time=30)])),
        )

    demand = rs.Demand(
        calls_per_hour=draw(st.sampled_from([30, 90])),
        talk_time=rs.lognormal(mean=60, cv=1),
        wrap_up_time=stats.uniform(0, 20),
        patience=draw(st.sampled_from([stats.expon(scale=30), "inf"])),
    )
    numbers = GROUPS[: draw(st.integers(2, 3))]
    scenario = rs.Scenario(
        groups=[group(number) for number in numbers],
        extensions=[person(number) for number in PEOPLE],
        demand=dict.fromkeys(numbers[:2], demand),
        ringing_is_busy=draw(st.booleans()),
        hours=0.5,
    )
    dispatchers = draw(st.dictionaries(st.sampled_from(numbers), st.sampled_from(ORDERINGS)))
    return Office(scenario, rs.Workload.draw(scenario, draw(st.integers(0, 9999))), dispatchers)


offices = _offices()
