"""Audit of real days: each day by itself, with the rules that its records can show.

With every ring recorded (grade A) a day is read like a log. Without, only what holds for single
rows is checked: how long a phone rang, whether its owner was on duty, and that nobody is on two
calls at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ringsim.audit._rows import Violation
from ringsim.records import Records
from ringsim.scenario import Scenario

__all__ = ["UNSEEN", "row_violations", "violations_of_days"]

# Rules, or parts of them, that no records show, with the reason
UNSEEN = {
    "A": (
        ("S3", "how many candidates a visit found", "records do not show it"),
        ("S6", "whether wrap-up had ended", "no phone system records wrap-up"),
        ("S8", "patience of those who did not give up", "it cannot be seen"),
        ("S9", "how many passes a visit had", "records do not show it"),
    ),
    "B": (
        ("S2 to S5", "who rang", "rings that were cut short are not recorded (grade B)"),
        ("S7 to S11", "memory, patience, forwarding and skill", "they need every ring"),
    ),
    "C": (("S2 to S12", "everything about rings", "no ring is recorded (grade C)"),),
}
NOT_SHOWN = "visits"


def violations_of_days(
    records: Records, by_day: Sequence[Sequence[Violation]]
) -> Iterator[Violation]:
    """Yield the violations of each day, with rows counted as in the frames of the records."""
    for day, violations in enumerate(by_day):
        for violation in violations:
            if violation.frame != NOT_SHOWN:
                first = int(getattr(records.borders, violation.frame)[day])
                yield Violation(
                    violation.frame, violation.row + first, violation.rule, violation.said
                )


def row_violations(records: Records, scenario: Scenario, slack: float) -> Iterator[Violation]:
    """Yield the violations that single rows show."""
    group = scenario.group(records.group)
    members = {member.extension_number for member in group.members}
    days = records.scenarios(scenario)
    for row, ring in enumerate(records.rings.to_dict("records")):
        number = str(ring["member"])
        length, at = ring["ended_at"] - ring["started_at"], float(ring["started_at"])
        if number not in members:
            yield Violation(
                "rings", row, "S3", f"{number} must be a member of group {records.group}"
            )
            continue
        if length > group.ring_time + slack:
            said = f"must ring for at most {group.ring_time:g} s, got {length:g}"
            yield Violation("rings", row, "S5", said)
        duty = days[int(ring["day"])].duty(number)
        if duty is not None and not any(start - slack <= at < end + slack for start, end in duty):
            yield Violation("rings", row, "S12", f"{number} must be on duty at {at:g}")
    yield from _two_calls_at_once(records, slack)


def _two_calls_at_once(records: Records, slack: float) -> Iterator[Violation]:
    calls, own = records.calls, records.own_calls
    answered = calls[
        calls["answered_by"].notna().to_numpy() & calls["talk_time"].notna().to_numpy()
    ]
    starts = answered["arrives_at"] + answered["wait"]
    spans = [
        (int(day), str(who), float(start), float(start + talk), "calls", int(row))
        for row, day, who, start, talk in zip(
            answered.index,
            answered["day"],
            answered["answered_by"],
            starts,
            answered["talk_time"],
            strict=True,
        )
    ]
    spans += [
        (int(day), str(who), float(start), float(start + talk), "own_calls", int(row))
        for row, day, who, start, talk in zip(
            own.index,
            own["day"],
            own["extension"],
            own["started_at"],
            own["talk_time"],
            strict=True,
        )
    ]
    until: dict[tuple[int, str], float] = {}
    for day, who, start, end, frame, row in sorted(spans):
        free_at = until.get((day, who), -np.inf)
        if start < free_at - slack:
            said = f"{who} must be free at {start:g}, but is on a call until {free_at:g}"
            yield Violation(frame, row, "S6" if frame == "calls" else "S15", said)
        until[day, who] = max(free_at, end)
