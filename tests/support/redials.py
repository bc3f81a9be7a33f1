"""A small office whose callers try again."""

from __future__ import annotations

from typing import Any

import ringsim as rs

EAGER = rs.Redial(probability=0.8, delay={"mean": 100, "cv": 1}, patience_anew=True)


def office(redial: rs.Redial | None = None, **demand: Any) -> rs.Scenario:
    """Two members who are often busy or do not answer; callers try again if so told."""
    fields: dict[str, Any] = {
        "calls_per_hour": 60,
        "talk_time": rs.lognormal(mean=120, cv=1),
        "patience": {"mean": 30, "cv": 1},
        "redial": redial,
    }
    return rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"], "ring_time": 15}],
        extensions=[
            rs.Extension("201", answer_probability=0.5),
            rs.Extension("202", answer_probability=0.6),
        ],
        demand={"600": rs.Demand(**{**fields, **demand})},
        hours=2,
    )
