"""Any records give a fit or an error of one sentence."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.records import Records
from support.helpers import makes_or_refuses
from support.profiles import PROFILE

EXAMPLES = max(10, PROFILE.examples // 8)
PEOPLE = ("201", "202", "203")


@st.composite
def days_of_calls(draw):
    """Return records of a few days, whole seconds or not, consistent or not."""
    calls, rings, own = [], [], []
    seconds = st.integers(0, 3600) if draw(st.booleans()) else st.floats(0, 3600, width=32)
    number = 0
    for day in range(draw(st.integers(1, 4))):
        for at in draw(st.lists(seconds, min_size=1, max_size=8)):
            wait = draw(st.floats(0, 60, width=32) | st.integers(0, 60))
            outcome = draw(st.sampled_from(["answered", "abandoned", "overflowed"]))
            by = draw(st.sampled_from(PEOPLE)) if outcome == "answered" else None
            talk = draw(st.integers(0, 300)) if by else None
            calls.append((number, day, at, outcome, wait, by, talk))
            for member in draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3)):
                result = "answered" if member == by else "ring_no_answer"
                rings.append((number, member, at, at + wait, result))
            number += 1
        people = draw(st.lists(st.sampled_from(PEOPLE), max_size=2))
        own += [(day, person, draw(seconds), draw(st.integers(0, 900))) for person in people]
    return (
        pd.DataFrame(
            calls,
            columns=["call", "day", "arrives_at", "outcome", "wait", "answered_by", "talk_time"],
        ).astype({"talk_time": float}),
        pd.DataFrame(rings, columns=["call", "member", "started_at", "ended_at", "result"]),
        pd.DataFrame(own, columns=["day", "extension", "started_at", "talk_time"]),
    )


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(days_of_calls(), st.sampled_from([None, "PRIORITIZED_HUNT", "RING_SIMULTANEOUSLY"]))
def test_any_records_give_a_fit_or_a_sentence(frames, strategy):
    template = None
    if strategy is not None:
        template = rs.RingGroup(extension_number="600", ring_strategy=strategy, members=PEOPLE[:2])

    def fitted():
        records = Records.from_frames(*frames, group="600", members=PEOPLE)
        found = rs.fit(records, template=template)
        assert rs.Scenario.from_file(found.scenario.to_file()) == found.scenario
        check = found.check()
        assert check.verdict.endswith(".")
        return found

    makes_or_refuses(fitted)
