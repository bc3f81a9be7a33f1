"""From the PBX to a better PBX: pull, fit, compare, push, and see the promised improvement.

The twin plays by people and callers that only the test knows, so what is predicted from its
records can be held against what then happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import ringsim as rs
from ringsim.pbx import PortSIP
from ringsim.pbx._times import parsed_time
from ringsim.pbx.twin import ManualClock, create_app
from ringsim.pbx.twin._serving import serving
from support.pbx_twins import new_client, sign_in
from support.profiles import SLOW

pytestmark = [
    pytest.mark.skipif(not SLOW, reason="fits and plays for a minute: set RINGSIM_SLOW=1"),
    pytest.mark.long,
]
DAYS = 20
SALES = {
    "name": "Sales",
    "extension_number": "600",
    "ring_strategy": "PRIORITIZED_HUNT",
    "ring_time": 30,
    "members": ["201", "202", "203", "204"],
    "no_answer_forward_rule": {"action": "HANGUP"},
}
TRUTH = {
    "demand": {
        "600": {
            "calls_per_hour": 35,
            "talk_time": {"mean": 150, "cv": 1},
            "patience": {"dist": "expon", "scale": 50},
        }
    },
    "extensions": [
        {"extension_number": "201", "answer_probability": 0.6},
        {"extension_number": "202", "answer_probability": 0.9},
    ],
    "hours": 8,
    "opens_at": "08:00",
    "days": DAYS,
}
VARIANT = {"ring_strategy": "RING_SIMULTANEOUSLY", "ring_time": 20}
METRICS = ("answer_rate", "mean_speed_of_answer")


@pytest.fixture
def twin() -> Iterator[tuple[Any, PortSIP]]:
    """Yield a function that plays days, and a client of the twin."""
    account = {"username": "admin", "password": "secret", "domain": "test.io"}
    clock = ManualClock(parsed_time("2026-11-20T12:00:00Z"))
    app = create_app(groups=[SALES], clock=clock, **account)
    inside = new_client(app)
    headers = sign_in(inside)

    def play(first: str, seed: int) -> None:
        order = {**TRUTH, "starts_on": first, "seed": seed}
        answer = inside.post("http://testserver/_twin/play", json=order, headers=headers)
        assert answer.status_code == 201, answer.text

    with serving(app) as url, PortSIP(url, **account) as pbx:
        yield play, pbx


def month(pbx: PortSIP, start: str, end: str) -> Any:
    """Return the records of the days in [start, end)."""
    first, last = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (start, end))
    return pbx.call_records(first, last, "600")


def test_what_was_predicted_is_what_happens(twin: Any) -> None:
    play, pbx = twin
    play("2026-09-01", seed=1)
    before = month(pbx, "2026-09-01", "2026-09-30")
    fitted = rs.fit(before, template=pbx.ring_group("600"), hold_out=3).scenario
    comparison = rs.compare(
        fitted, group="600", variants={"together": VARIANT}, replications=40, seed=3
    )
    predicted = comparison.table.loc["together"]
    assert predicted.loc["answer_rate", "difference"] > 0.02
    assert predicted.loc["mean_speed_of_answer", "difference"] < -2
    pbx.update("600", VARIANT)
    play("2026-10-05", seed=2)
    after = month(pbx, "2026-10-05", "2026-10-30")
    old, new = before.summary(within=20), after.summary(within=20)
    for metric in METRICS:
        observed = new.loc[metric, "estimate"] - old.loc[metric, "estimate"]
        # Half widths at 95 % of both months and of the prediction, widened to 99.9 %
        widths = [
            (frame.loc[metric, "high"] - frame.loc[metric, "low"]) / 2
            for frame in (old, new, predicted.rename(columns={}))
        ]
        margin = 1.7 * sum(width**2 for width in widths) ** 0.5
        assert observed == pytest.approx(predicted.loc[metric, "difference"], abs=margin)
