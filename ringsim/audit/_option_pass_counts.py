"""Number of passes that a call made in a group, counted from its rings and the gaps between (S9).

`passes_are_counted`
    `passes` is a number that explains the rings and the gaps of a visit.

A pass ends when nobody is left to ring, and the next begins after `retry_pause`, or at once. A pass
in which no phone rang takes the longer of `retry_pause` and `repeat_delay`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from ringsim.audit._option_picks import Pick, picks_of
from ringsim.audit._option_rows import ROUNDING, Visit
from ringsim.audit._option_state import Timeline
from ringsim.audit._rows import Violation

__all__ = ["passes_are_counted"]

Bounds: TypeAlias = tuple[float, float]
"""The least and the largest number of passes."""

Members: TypeAlias = frozenset[int]
"""Positions of the members who were rung in a pass."""

LAST: Final = {"answered", "answered_elsewhere", "caller_gave_up", "paged"}
"""Results of rings with which a call ends."""

MOST: Final = 10_001  # passes


def passes_are_counted(line: Timeline, visit: Visit) -> Iterator[Violation]:
    """S9, option 8: `passes` explains the rings of a visit and the gaps between them."""
    bounds = _Count(line, visit).bounds()
    if bounds is not None and not bounds[0] <= visit.row.passes <= bounds[1]:
        least, most = bounds
        wanted = f"{least:g}" if least == most else f"{least:g} to {most:g}"
        said = f"passes must be {wanted}, by the rings and the gaps between them"
        yield Violation.of(visit.row, "passes", f"{said}, got {visit.row.passes}")


class _Count:
    """Count of the passes of a visit."""

    def __init__(self, line: Timeline, visit: Visit) -> None:
        self.line, self.visit, self.row = line, visit, visit.row
        self.rules = visit.group.rules
        self.slack = 2 * line.slack + ROUNDING
        self.pause = float(self.rules.retry_pause)
        self.empty = max(self.pause, float(self.rules.repeat_delay))
        self.in_line = bool(self.rules.wait_in_line)
        self.late = sum(map(visit.group.ring_delay, range(len(visit.group.record.members))))
        declined = any(
            ring.row.result == "declined"
            for one in line.of_call[visit.row.call]
            for ring in one.rings
        )
        self.may_be_empty = bool(self.rules.level_rules) or (
            declined and not self.rules.declined_again
        )

    def bounds(self) -> Bounds | None:
        """Return the least and the largest number of passes, None if the log does not tell."""
        waves = _waves(self.visit, self.line.slack)
        if waves is None or not self.visit.group.picks_are_known:
            return None
        states: dict[Members, Bounds] = {frozenset(): (1, 1)}
        for n, wave in enumerate(waves):
            states = self._after(states, waves[:n], wave)
        found = [self._at_the_end(bounds, waves) for bounds in states.values()]
        least = min((one[0] for one in found), default=math.inf)
        most = min(max((one[1] for one in found), default=0), self.rules.passes)
        return (least, most) if least <= most else None

    # From wave to wave

    def _after(
        self, states: Mapping[Members, Bounds], before: Sequence[Pick], wave: Pick
    ) -> dict[Members, Bounds]:
        """Return the number of each pass to which a wave may belong, by who was rung in it."""
        found: dict[Members, Bounds] = {}
        for rung, bounds in states.items():
            for members, more in self._steps(rung, before, wave):
                least, most = bounds[0] + more[0], bounds[1] + more[1]
                known = found.get(members, (least, most))
                found[members] = min(least, known[0]), max(most, known[1])
        return found

    def _steps(
        self, rung: Members, before: Sequence[Pick], wave: Pick
    ) -> Iterator[tuple[Members, Bounds]]:
        """Yield who may have been rung in the pass of a wave, and how many passes began."""
        members = frozenset(wave.members)
        if not before:
            least, most = self._empty_passes(self.row.entered_at, wave.at)
            rings_first = self._first_look_rings()
            if rings_first is not None:
                least, most = (least, 0.0) if rings_first else (max(least, 1), most)
            if least <= most:
                yield members, (least, most)
            return
        ended_at = max(one.ended_at for one in before)
        gap = wave.at - ended_at
        if wave.has_joined or gap < -self.slack:
            yield rung | members, (0, 0)
            return
        if gap <= self.slack and self._ends(before) & LAST:  # joined when the call was answered
            if not members & rung:
                yield rung | members, (0, 0)
            return
        if gap <= self.late + self.slack and self._may_go_on(rung, before, members):
            yield rung | members, (0, 0)
        if gap > self.slack or self._may_begin_anew(rung, before, members):
            least, most = self._empty_passes(ended_at + self.pause, wave.at)
            yield members, (1 + least, 1 + most)

    def _empty_passes(self, start: float, end: float) -> Bounds:
        """Return how many passes without a ring may lie between two instants."""
        if self.empty <= self.slack:
            return 0, math.inf
        most = max(0, math.floor((end - start + self.slack) / self.empty))
        if self.in_line:
            return 0, most if self.may_be_empty or self.late else 0
        if self.late:
            least = math.floor((end - start - self.late) / (self.empty + self.late))
            return max(0, least), most
        return most, most

    def _first_look_rings(self) -> bool | None:
        """Return whether the first look rang a phone, by what it found; None if unknown."""
        is_known = self.rules.order_fixed != "call" and not self.late
        if not is_known or self.visit.group.dispatcher.auto_answer:
            return None
        return self.row.found > 0

    def _may_go_on(self, rung: Members, before: Sequence[Pick], members: Members) -> bool:
        """Return whether a wave that starts as another ends may belong to the same pass."""
        ends = self._ends(before)
        if ends == {"declined"}:
            is_over = self.rules.after_decline == "end" and not self.late
        else:
            is_over = self.visit.group.dispatcher.one_wave and "declined" not in ends
        if self.rules.memory_hunt == "ring_on":  # its rings may end before those of earlier waves
            return not members & rung
        if self.rules.memory_hunt == "again":
            return not is_over and (bool(self.late) or not members <= rung)
        return not is_over and not members & rung

    def _may_begin_anew(self, rung: Members, before: Sequence[Pick], members: Members) -> bool:
        """Return whether a wave that starts as another ends may begin the next pass."""
        if self.pause > self.slack:
            return False
        declined = "declined" in self._ends(before) and self.rules.after_decline != "next"
        is_over = self.visit.group.dispatcher.one_wave or declined
        is_open = bool(self.late) or self.in_line or self.rules.order_fixed != "ring"
        return is_over or is_open or members <= rung

    def _ends(self, before: Sequence[Pick]) -> set[str]:
        """Return the results of the rings that ended last."""
        rings = [ring.row for wave in before for ring in wave.rings]
        last = max((row.ended_at for row in rings), default=0.0)
        return {row.result for row in rings if row.ended_at >= last - self.slack}

    # After the last wave

    def _at_the_end(self, bounds: Bounds, waves: Sequence[Pick]) -> Bounds:
        """Return the bounds of the pass in which the call leaves, given those of the last wave."""
        if self._ends(waves) & LAST:
            return bounds
        least, most = self._passes_after(waves)
        least, most = bounds[0] + least, bounds[1] + most
        if self._is_the_last_pass():
            return max(least, self.rules.passes), min(most, self.rules.passes)
        return least, most

    def _passes_after(self, waves: Sequence[Pick]) -> Bounds:
        """Return how many passes may have begun after the last wave."""
        ended_at = max((wave.ended_at for wave in waves), default=self.row.entered_at)
        at_once = bool(waves) and not self.pause
        first = ended_at + (self.pause if waves and self.pause else self.empty)
        least, most = self._repeats(first)
        if self.in_line:  # where a call may wait for its turn
            least = min(least, 1) if waves and not at_once else 0
            most = (
                most if self.may_be_empty or self.late else min(most, bool(waves) and not at_once)
            )
        least, most = least + at_once, most + at_once
        if at_once and self._overflows and self.row.left_at <= ended_at + self.slack:
            least = 0  # if the time was over
        return 0 if self.late else least, most

    def _repeats(self, first: float) -> Bounds:
        """Return how many passes may have begun from an instant on until the call leaves.

        A caller gives up before a pass that begins in the same instant, and overflows after it.
        """
        if self.empty <= self.slack:
            return 0, math.inf
        slack = 0.0 if self.line.is_exact else self.slack
        counts = []
        for end in (self.row.left_at - slack, self.row.left_at + slack):
            n, at = 0, first
            while n < MOST and (at < end or (self._overflows and at == end)):
                n, at = n + 1, at + self.empty
            counts.append(n)
        return counts[0], counts[1]

    @property
    def _overflows(self) -> bool:
        return not self.visit.is_last or self.visit.call.outcome == "overflowed"

    def _is_the_last_pass(self) -> bool:
        """Return whether the call surely left as it had no other pass, and not for its time."""
        if self.in_line or self.line.workload is None or not self._overflows:
            return False
        return bool(self.row.left_at < self.visit.leaves_at - self.slack)


def _waves(visit: Visit, slack: float) -> list[Pick] | None:
    """Return the waves of a visit; None if waves of one instant cannot be told from each other."""
    found: list[Pick] = []
    for pick in picks_of(visit, slack):
        if len(pick.rings) == 1 or pick.is_one(slack):
            found.append(pick)
        elif visit.group.dispatcher.at_once == 1 and visit.group.rules.memory_hunt != "again":
            rings = sorted(pick.rings, key=lambda ring: ring.row.row)
            found += [replace(pick, rings=[ring]) for ring in rings]
        else:
            return None
    return found
