"""Rosters meet their targets in new days: a part of the problems of `roster_studies`.

All 20 problems are played with RINGSIM_SLOW=1, and two otherwise.
"""

from __future__ import annotations

import os

from roster_studies import study

NUMBERS = range(20) if os.environ.get("RINGSIM_SLOW") else range(2)
LEAST = 0.95  # share of the rosters that claim to meet their targets


def test_rosters_meet_in_new_days_what_they_claim() -> None:
    rows = [study(number, days=1000, played=600) for number in NUMBERS]
    claimed = [row for row in rows if row.claimed == "yes"]
    assert len(claimed) >= 0.8 * len(rows)
    assert sum(row.met for row in claimed) >= LEAST * len(claimed)
