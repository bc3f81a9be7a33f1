"""Pauses of members who missed rings, worked out from the rings of a log (auto_pause_after).

`Pauses`
    The pauses that surely, and those that possibly, follow from the rings of a log.
`pauses_of`
    Work them out.

Where the log does not tell the order in which rings of a person ended, all orders are tried. If
the log tells of pauses, an order that gives them is taken.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple, TypeAlias

from ringsim.audit._option_end_order import Orders, orders_of
from ringsim.audit._option_picks import GOES_ON
from ringsim.audit._option_rows import Pause, Ring

__all__ = ["Pauses", "pauses_of"]

MOST_STATES: Final = 200  # of one person, for orders that are not known

Key: TypeAlias = tuple[str, str]
"""A group and a member of it, or "" and a person."""


class Pauses(NamedTuple):
    """Pauses that surely follow from the rings of a log, and all that possibly do."""

    surely: list[Pause]
    possibly: list[Pause]


class _State(NamedTuple):
    """What groups count and remember of a person, and the pauses until now."""

    missed: Mapping[Key, int]
    hung_up: Mapping[Key, float]
    pauses: tuple[Pause, ...]


def pauses_of(rings: Sequence[Ring], slack: float, told: Sequence[Pause] | None) -> Pauses:
    """Return the pauses that follow from the missed rings of a log.

    `told` are the pauses in the log, None if it has no frame of them. If no order of ends gives
    them, the pauses are those of one order.
    """
    found = Pauses([], [])
    if all(ring.visit.group.rules.auto_pause_after == math.inf for ring in rings):
        return found
    by_person: dict[str, list[Pause]] = defaultdict(list)
    for pause in told or ():
        by_person[pause.member].append(pause)
    for member, ends in orders_of(rings, slack):
        of_person = None if told is None else by_person[member]
        states = _states(ends, slack, of_person)
        if not states:  # too many orders to try
            found.surely.extend(of_person or ())
            found.possibly.extend(of_person or [Pause("", member, -math.inf, math.inf)])
            continue
        first, *others = (state.pauses for state in states)
        found.surely.extend(one for one in first if all(one in other for other in others))
        found.possibly.extend(dict.fromkeys(chain(first, *others)))
    return found


def _states(ends: Sequence[Orders], slack: float, told: Sequence[Pause] | None) -> list[_State]:
    """Return the states in which groups may be at the end, none if there are too many orders.

    With `told` it is one state, with these pauses if possible.
    """
    states = [_State({}, {}, ())]
    for orders in ends:
        if orders is None:
            return []
        found = [
            after for order in orders for state in states for after in _after(state, order, slack)
        ]
        states = found if len(found) == 1 else _without_doubles(found)
        if told is not None and len(states) > 1:
            states = [one for one in states if _agrees(one.pauses, told, slack)] or states[:1]
        if len(states) > MOST_STATES:
            return []
    if told is None:
        return states
    return [one for one in states if len(one.pauses) == len(told)][:1] or states[:1]


def _without_doubles(states: Sequence[_State]) -> list[_State]:
    kept = {
        (frozenset(one.missed.items()), frozenset(one.hung_up.items()), one.pauses): one
        for one in reversed(states)
    }
    return [*reversed(kept.values())]


def _agrees(pauses: Sequence[Pause], told: Sequence[Pause], slack: float) -> bool:
    """Return whether all pauses are in the log."""
    return all(any(one.is_like(other, slack) for other in told) for one in pauses)


def _after(state: _State, rings: Sequence[Ring], slack: float) -> list[_State]:
    """Return the states after rings have ended: several if a time is just as long as another."""
    states = [state]
    for ring in rings:
        states = [after for one in states for after in _after_ring(one, ring, slack)]
    return states


def _after_ring(state: _State, ring: Ring, slack: float) -> list[_State]:
    row, rules = ring.row, ring.visit.group.rules
    keys = ((row.group, row.member), ("", row.member))
    if row.result not in GOES_ON:
        delay = rules.connect_delay if row.result == "answered" else 0
        hung_up = row.ended_at + delay + (ring.visit.call.talk_time or 0.0)
        return [
            state._replace(
                missed={**state.missed, **dict.fromkeys(keys, 0)},
                hung_up={**state.hung_up, **dict.fromkeys(keys, hung_up)},
            )
        ]
    counts = row.result == "ring_no_answer" or rules.auto_pause_on_decline
    if not counts or rules.auto_pause_after == math.inf:
        return [state]
    last = state.hung_up.get(keys[rules.memory_scope == "extension"], -math.inf)
    late = row.ended_at - min(last, row.ended_at) - rules.auto_pause_grace
    unclear = slack and abs(late) <= 2 * slack
    found = [state] if late < 0 or unclear else []
    return [*found, _missed(state, ring)] if late >= 0 or unclear else found


def _missed(state: _State, ring: Ring) -> _State:
    """Return the state after a ring that counts as missed."""
    row, rules = ring.row, ring.visit.group.rules
    key = ("" if rules.auto_pause_scope == "extension" else row.group, row.member)
    missed = state.missed.get(key, 0) + 1
    if missed < rules.auto_pause_after:
        return state._replace(missed={**state.missed, key: missed})
    pause = Pause(*key, row.ended_at, row.ended_at + rules.auto_pause_time, ring)
    return _State({**state.missed, key: 0}, state.hung_up, (*state.pauses, pause))
