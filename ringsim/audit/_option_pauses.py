"""Pauses of members who missed rings, worked out from the rings of a log."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from ringsim.audit._option_picks import GOES_ON
from ringsim.audit._option_rows import Pause, Ring

__all__ = ["pauses_of"]

TIME_OUT, ARRIVAL = 2, 6  # places of events of one instant
KINDS: Final = {"answered": 0, "paged": 0, "declined": 1}


def pauses_of(rings: Sequence[Ring]) -> list[Pause]:
    """auto_pause_after: return the pauses that follow from the missed rings of a log."""
    ends = _in_order(rings)
    missed: dict[tuple[str, str], int] = defaultdict(int)
    hung_up: dict[tuple[str, str], float] = defaultdict(lambda: -math.inf)
    pauses = []
    for ring in ends:
        row, rules = ring.row, ring.visit.group.rules
        keys = ((row.group, row.member), ("", row.member))
        if row.result in ("answered", "paged"):
            for key in keys:
                missed[key] = 0
            delay = rules.connect_delay if row.result == "answered" else 0
            for key in keys:
                hung_up[key] = row.ended_at + delay + (ring.visit.call.talk_time or 0.0)
        counts = row.result == "ring_no_answer" or (
            row.result == "declined" and rules.auto_pause_on_decline
        )
        if not counts or rules.auto_pause_after == math.inf:
            continue
        last = hung_up[keys[rules.memory_scope == "extension"]]
        if row.ended_at - min(last, row.ended_at) < rules.auto_pause_grace:
            continue
        key = keys[rules.auto_pause_scope == "extension"]
        missed[key] += 1
        if missed[key] >= rules.auto_pause_after:
            missed[key] = 0
            until = row.ended_at + rules.auto_pause_time
            pauses.append(Pause(key[0], row.member, row.ended_at, until))
    return pauses


def _in_order(rings: Sequence[Ring]) -> list[Ring]:
    """Return rings in the order of their ends (S13).

    A ring that begins and ends at one instant follows what began it: the end of an earlier ring of
    its call, which timed out or was declined, or the arrival.
    """
    latest: dict[tuple[int, float], int] = {}  # kind of the last event of a call at an instant
    places = []
    for n, ring in enumerate(rings):  # those of a call are in the order of their starts
        row = ring.row
        kind, is_instant = KINDS.get(row.result, TIME_OUT), row.started_at == row.ended_at
        key = (row.call, row.ended_at)
        if is_instant and key in latest:
            kind = max(kind, latest[key])
        elif is_instant and ring.visit.call.arrives_at == row.ended_at:
            kind = ARRIVAL
        if row.result in GOES_ON:
            latest[key] = max(kind, latest.get(key, kind))
        places.append((row.ended_at, kind, row.call, is_instant, n))
    return [rings[n] for *_, n in sorted(places)]
