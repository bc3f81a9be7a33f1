"""The same group with every input estimated by the usual shortcut.

It shows what the estimators are for: patience as the mean wait of those who gave up, answer
probability as answered over rung, answer delay as the mean of answered rings, everybody always on
duty, no wrap-up, no own calls, all hours and days alike.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ringsim.fitting._arrays import RecordArrays
from ringsim.group import RingGroup
from ringsim.scenario import Demand, Extension, Scenario

__all__ = ["naive_scenario"]


def naive_scenario(arrays: RecordArrays, group: RingGroup) -> Scenario:
    """Return a scenario in which every input is estimated by the usual shortcut."""
    hours = arrays.records.scenario.hours
    talked = (arrays.answers["end"] - arrays.answers["start"]).to_numpy(dtype=np.float64)
    gave_up = arrays.wait[arrays.gave_up]
    demand = Demand(
        calls_per_hour=len(arrays.wait) / arrays.n_days / hours,
        talk_time=_exponential(talked),
        patience=_exponential(gave_up) if len(gave_up) else math.inf,
    )
    return Scenario(
        name=f"Usual shortcuts, group {group.extension_number}",
        groups=[group],
        demand={group.extension_number: demand},
        extensions=_people(arrays),
        hours=hours,
        opens_at=arrays.records.scenario.opens_at,
    )


def _exponential(values: Any) -> dict[str, Any]:
    return {"dist": "expon", "scale": max(float(values.mean()), 1e-3)}


def _people(arrays: RecordArrays) -> list[Extension]:
    rings = arrays.rings
    taken = rings[rings["answered"].to_numpy()]
    delays = (taken["end"] - taken["start"]).to_numpy(dtype=np.float64)
    mean, variance = float(delays.mean()), max(float(delays.var(ddof=1)), 1e-6)
    delay = {"dist": "gamma", "a": max(mean**2 / variance, 1e-3), "scale": variance / mean}
    n = len(arrays.people)
    rung = np.bincount(rings["member"], minlength=n)
    answered = np.bincount(taken["member"], minlength=n)
    shares = answered / np.maximum(rung, 1)
    return [
        Extension(person, answer_probability=float(share), answer_delay=delay)
        for person, share in zip(arrays.people, shares, strict=True)
    ]
