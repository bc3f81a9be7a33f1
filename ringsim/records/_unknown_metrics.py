"""Metrics that records cannot show, and why.

`unknown_metrics`, `unknown_of_members`
    Metrics of the group, and of its members, each with the reason.
`time_on_duty`
    Mean recorded time on duty of each person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ringsim.records._duty import ON_DUTY, DutyRecord

__all__ = ["time_on_duty", "unknown_metrics", "unknown_of_members"]

WITHOUT_EVERY_RING: Final = (
    "rings_per_call",
    "rings_per_answer",
    "ring_no_answer_rate",
    "interruptions_per_hour",
    "no_candidate_rate",
)
WITHOUT_RINGS: Final = ("blocked", *WITHOUT_EVERY_RING)
WITHOUT_HOURS: Final = ("interruptions_per_hour", "fairness")
HOURS_UNKNOWN: Final = "hours on duty unknown"

MEMBERS_WITHOUT_EVERY_RING: Final = ("rung", "interruptions_per_hour", "ring_share")
MEMBERS_WITHOUT_RINGS: Final = ("ring_no_answer", *MEMBERS_WITHOUT_EVERY_RING)
MEMBERS_WITHOUT_HOURS: Final = ("interruptions_per_hour", "talk_share", "ring_share")
MEMBERS_WITHOUT_WRAP_UP: Final = ("wrap_up_share", "occupancy")  # no phone system records it


def unknown_metrics(grade: str, *, all_rings: bool, all_hours: bool) -> dict[str, str]:
    """Return the metrics of a group that records cannot show, each with the reason.

    Parameters
    ----------
    grade : str
        A, B or C.
    all_rings : bool
        Whether every ring is recorded, or was worked out.
    all_hours : bool
        Whether the hours on duty of all members are recorded.
    """
    found = {} if all_hours else dict.fromkeys(WITHOUT_HOURS, HOURS_UNKNOWN)
    if not all_rings:
        names = WITHOUT_RINGS if grade == "C" else WITHOUT_EVERY_RING
        found |= dict.fromkeys(names, f"not recorded (grade {grade})")
    return found


def unknown_of_members(grade: str, *, all_rings: bool, has_hours: bool) -> list[str]:
    """Return the metrics of a member that records cannot show.

    `has_hours` is true if the member's hours on duty are recorded.
    """
    found = [*MEMBERS_WITHOUT_WRAP_UP]
    if not has_hours:
        found += MEMBERS_WITHOUT_HOURS
    if not all_rings:
        found += MEMBERS_WITHOUT_RINGS if grade == "C" else MEMBERS_WITHOUT_EVERY_RING
    return list(dict.fromkeys(found))


def time_on_duty(
    duty: DutyRecord, people: Sequence[str], n_days: int, otherwise: float
) -> tuple[float, ...]:
    """Return the mean time on duty of each person a day [s].

    `otherwise` is that of people whose sign-ins are not recorded.
    """
    spells = duty.frame[(duty.frame["state"] == ON_DUTY).to_numpy(dtype=bool)]
    lasting = (spells["ended_at"] - spells["started_at"]).groupby(spells["extension"]).sum()
    return tuple(
        float(np.float64(lasting.get(person, 0.0)) / n_days)
        if person in duty.signing
        else otherwise
        for person in people
    )
