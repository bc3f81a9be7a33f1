"""Service level by ring time and number of members, for the section `settings` of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ringsim.planning import sweep
from ringsim.reporting._subject import Subject

__all__ = ["settings_of"]

RING_TIMES = (5, 10, 15, 20, 30)  # compared in every report [s]


def settings_of(subject: Subject, running: Mapping[str, Any]) -> pd.DataFrame | None:
    """Return the service level by ring time and number of members, on the same callers.

    Return None for all groups, for a group without calls of its own, and for given days, which
    do not say how further members would answer.
    """
    if subject.group is None or not subject.is_called or subject.now.study.workloads:
        return None
    now = subject.now
    group = now.scenario.group(subject.group)
    size = len(group.members)
    return sweep(
        now.scenario,
        {
            "ring_time": sorted({*map(float, RING_TIMES), float(group.ring_time)}),
            "n_members": [n for n in range(size - 2, size + 3) if n > 0],
        },
        subject.group,
        metrics=["service_level"],
        **subject.asked,
        **running,
    )
