"""Rosters meet their targets in new days: a part of the problems of `roster_studies`.

All 20 problems are played with RINGSIM_SLOW=1, and two otherwise. The week of 12 people is solved
and played in full.
"""

from __future__ import annotations

import pytest

import ringsim as rs
from roster_studies import study, week
from support.profiles import SLOW

NUMBERS = range(20) if SLOW else range(2)
LEAST = 0.95  # share of the rosters that claim to meet their targets


@pytest.mark.long
def test_rosters_meet_in_new_days_what_they_claim() -> None:
    rows = [study(number, days=1000, played=600) for number in NUMBERS]
    claimed = [row for row in rows if row.claimed == "yes"]
    assert len(claimed) >= 0.8 * len(rows)
    assert sum(row.met for row in claimed) >= LEAST * len(claimed)


def test_a_week_of_twelve_people_and_five_shift_patterns_is_covered() -> None:
    asked = week()
    found = rs.roster(**asked)
    assert (len(asked["people"]), len(asked["shifts"]), len(found.days)) == (12, 5, 5)
    assert found.meets == "yes"
    hours = found.table.groupby("person")["hours"].sum()
    for person in asked["people"]:
        assert hours.get(person.extension_number, 0) <= person.max_hours
    assert {*found.table["shift"]} <= {shift.name for shift in asked["shifts"]}
