"""Checks of the waves of groups with options: how many phones ring together, and when.

Each function yields the violations of its rule in a visit, given all other rows of the log.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, TypeAlias

from ringsim.audit._option_rows import ROUNDING, Visit
from ringsim.audit._option_state import Timeline
from ringsim.audit._rows import Violation
from ringsim.rules import Rules

__all__ = ["ON_WAVES", "rings_are_at_once"]

Violations: TypeAlias = Iterator[Violation]


def rings_are_at_once(line: Timeline, visit: Visit) -> Violations:
    """S4, options 5, 6, 10: no more phones ring at a time than `at_once`.

    If the log does not tell when a phone was picked, those that start together are compared.
    """
    rules, at_once = visit.group.rules, visit.group.dispatcher.at_once
    if not isinstance(at_once, int) or rules.wave_step <= line.slack or not line.is_exact:
        return
    by_pick = visit.group.picks_are_known
    if rules.memory_hunt == "again" or (rules.memory_hunt == "ring_on" and not by_pick):
        return
    begins = [ring.picked_at if by_pick else ring.row.started_at for ring in visit.rings]
    for ring, begin in zip(visit.rings, begins, strict=True):
        at = ring.row.started_at
        alike = [
            one
            for one, other in zip(visit.rings, begins, strict=True)
            if abs(other - begin) <= line.slack
        ]
        together = alike
        if rules.memory_hunt == "none":
            together = [
                one
                for one in visit.rings
                if one in alike or line.surely(at, one.row.started_at, one.row.ended_at)
            ]
        instant = any(one.row.started_at == one.row.ended_at for one in together)
        if len(together) > at_once and ring is alike[-1] and not instant:
            yield Violation.of(ring.row, "at_once", f"rings must be {at_once}, got {len(together)}")


def waves_follow_each_other(line: Timeline, visit: Visit) -> Violations:
    """S5, S9, options 6, 8, 13: a wave begins when the one before ends, or after a pause."""
    group, rules = visit.group, visit.group.rules
    if rules.wait_in_line or group.starts_late:
        return
    ended, step = visit.row.entered_at, math.nan
    is_first = True
    declined = any(ring.row.result == "declined" for ring in visit.rings)
    pauses_between = group.dispatcher.one_wave and not declined and not rules.join_ringing
    for ring in visit.rings:
        at = ring.row.started_at
        if at != step and not (rules.join_ringing and at < ended):
            begins = (
                {ended}
                if math.isnan(step) or rules.memory_hunt != "ring_on"
                else {
                    ended,
                    step + rules.wave_step,
                }
            )
            pauses = [0.0 if is_first else rules.retry_pause]
            if not any(
                _fits(
                    at - begin, pauses[0], rules, line.slack, at_once=is_first or not pauses_between
                )
                for begin in begins
            ):
                said = f"started_at must be when the wave before ends, {ended!r}, or after a pause"
                yield Violation.of(ring.row, "S5", f"{said}, got {at!r}")
                return
            step = at
        is_first = False
        ended = max(ended, ring.row.ended_at)


def passes_have_one_wave(line: Timeline, visit: Visit) -> Violations:
    """Options 5, 13: with `one_wave` a pass has one wave, unless a wave is declined."""
    group, rules = visit.group, visit.group.rules
    declined = any(ring.row.result == "declined" for ring in visit.rings)
    if not group.dispatcher.one_wave or declined or rules.join_ringing or group.starts_late:
        return
    waves: list[float] = []
    for ring in visit.rings:
        if not waves or ring.row.started_at - waves[-1] > line.slack:
            waves.append(ring.row.started_at)
        if len(waves) > visit.row.passes:
            said = f"waves must be one in each of {visit.row.passes} passes"
            yield Violation.of(ring.row, "one_wave", f"{said}, got another")
            return


def declines_end_the_wave(line: Timeline, visit: Visit) -> Violations:
    """Option 13: after the last phone of a wave was declined the pass ends, or has its rest."""
    group, rules = visit.group, visit.group.rules
    if visit.row.passes != 1 or rules.memory_hunt != "none" or group.starts_late:
        return
    if group.dispatcher.at_once != 1 or rules.wait_in_line or rules.join_ringing:
        return
    window = math.inf
    for before, after in pairwise(visit.rings):
        ended, row = before.row.ended_at, after.row
        if before.row.result != "declined":
            window = math.inf
            continue
        window = min(window, before.row.started_at + float(group.record.ring_time))
        if rules.after_decline == "end":
            said = f"{row.member} must not ring after the pass ended at {ended!r}"
            yield Violation.of(row, "after_decline", f"{said}, got {row.started_at!r}")
        elif rules.after_decline == "rest" and row.ended_at > window + ROUNDING + 2 * line.slack:
            said = f"ended_at must be at most {window!r}, the end of the declined wave"
            yield Violation.of(row, "after_decline", f"{said}, got {row.ended_at!r}")


def earlier_phones_ring_again(line: Timeline, visit: Visit) -> Violations:
    """Option 6: with `memory_hunt = again` each wave rings all who rang before in the pass."""
    rules, group = visit.group.rules, visit.group
    if rules.memory_hunt != "again" or visit.row.passes != 1 or group.starts_late:
        return
    heavier = any(one.rules.queue_weight > rules.queue_weight for one in line.groups.values())
    if rules.order_fixed != "ring" or rules.level_rules or rules.join_ringing or heavier:
        return
    rung: list[str] = []
    for ring in visit.rings:
        at = ring.row.started_at
        wave = {one.row.member for one in visit.rings if abs(one.row.started_at - at) <= line.slack}
        for member in set(rung) - wave:
            declined = not rules.declined_again and any(
                one.row.member == member and one.row.result == "declined" for one in visit.rings
            )
            if not declined and line.why_unavailable(group, member, at, may=True) is None:
                said = f"{member} must ring again for call {visit.row.call} at {at!r}, got no row"
                yield Violation.of(ring.row, "memory_hunt", said)
                return
        rung.append(ring.row.member)


ON_WAVES: Final[tuple[Callable[[Timeline, Visit], Violations], ...]] = (
    rings_are_at_once,
    waves_follow_each_other,
    passes_have_one_wave,
    declines_end_the_wave,
    earlier_phones_ring_again,
)


def _fits(late: float, pause: float, rules: Rules, slack: float, *, at_once: bool) -> bool:
    """Return whether a wave may begin `late` seconds after another: at once, or after pauses."""
    slack = 2 * slack + ROUNDING
    if at_once and abs(late) <= slack:
        return True
    empty = max(float(rules.retry_pause or 0), float(rules.repeat_delay or 0))
    rest = late - pause
    if not empty or math.isinf(rest):
        return abs(rest) <= slack
    passes = round(rest / empty)
    return passes >= 0 and abs(rest - passes * empty) <= slack * max(1, passes)
