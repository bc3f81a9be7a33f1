"""State of people at an instant, looked up in all rows of a log whose groups have options.

`Timeline`
    All rows of a log, and the questions that the rules ask of them.
`surely_waits`, `may_wait`
    Whether a call surely, or possibly, stands in line, and no phone rings for it.
`may_be_wanted`
    Whether a caller of a group of greater weight may wait for a member.

Of events at the same instant, or within the tolerance of each other, the order is taken to be
unknown: a state holds *surely* if it holds on both sides of the instant.
"""

from __future__ import annotations

from functools import cached_property

from ringsim.audit._option_log import LogRows
from ringsim.audit._option_rows import OptionGroup, Ring, Visit

__all__ = ["Timeline", "may_be_wanted", "may_wait", "surely_waits"]


class Timeline(LogRows):
    """All rows of a log, and the state of people that follows from them."""

    def last_arrival(self, at: float) -> int:
        """Return the number of the last call that arrives at an instant, -1 if none does."""
        return self._last_arrivals.get(at, -1)

    @cached_property
    def _last_arrivals(self) -> dict[float, int]:
        return {call.arrives_at: call.call for call in self.calls}

    def surely(self, at: float, start: float, end: float, *, may: bool = False) -> bool:
        """Return whether an instant surely, or with `may` possibly, lies in a span of time."""
        slack = -self.slack if may else self.slack
        return start + slack < at < end - slack

    def is_surely_off_duty(self, member: str, at: float, *, may: bool = False) -> bool:
        """S12: whether a person is surely, or with `may` possibly, off duty."""
        spans = self.duty[member]
        slack = -self.slack if may else self.slack
        return spans is not None and not any(
            start - slack <= at <= end + slack for start, end in spans
        )

    def is_surely_on_call(self, ring: Ring, at: float) -> bool:
        """S3: whether the member surely is on a call, or rings if that counts."""
        return self.is_member_surely_on_call(ring.visit.group, ring.row.member, at)

    def is_member_surely_on_call(
        self, group: OptionGroup, member: str, at: float, *, may: bool = False
    ) -> bool:
        """S3: the same of a member of a group."""
        rings = bool(group.rules.ringing_is_busy) and self.surely_rings(member, at, may=may)
        return rings or self.surely_talks(member, at, may=may)

    def surely_talks(self, member: str, at: float, *, may: bool = False) -> bool:
        """Return whether a person surely, or with `may` possibly, is on a call."""
        return any(
            one.is_talk and self.surely(at, one.at, one.until, may=may) for one in self.busy[member]
        )

    def surely_rings(self, member: str, at: float, *, may: bool = False) -> bool:
        """Return whether a person's phone surely, or with `may` possibly, rings."""
        return any(
            self.surely(at, ring.row.started_at, ring.row.ended_at, may=may)
            for ring in self.of_person[member]
        )

    def is_paused(self, group: OptionGroup, member: str, at: float, *, may: bool = False) -> bool:
        """auto_pause_after: return whether a member surely, or with `may` possibly, is paused."""
        return any(
            pause.member == member
            and pause.group in ("", group.number)
            and self.surely(at, pause.at, pause.until, may=may)
            for pause in (self.pauses.possibly if may else self.pauses.surely)
        )

    def why_unavailable(
        self, group: OptionGroup, member: str, at: float, *, may: bool = False
    ) -> tuple[str, str] | None:
        """Return the rule by which a member surely is not available, and the state in words.

        With `may`, also a rule by which the member possibly is not.
        """
        position = group.position_of(member)
        assert position is not None  # noqa: S101 - rings of strangers have no visit
        rules = group.rules
        if self.is_surely_off_duty(member, at, may=may):
            return "S12", "off duty"
        if group.skips_busy(position) and self.is_member_surely_on_call(group, member, at, may=may):
            return "S3", "on a call"
        if self.is_paused(group, member, at, may=may):
            return "auto_pause_after", "paused"
        everywhere = rules.memory_scope == "extension"
        for other in self.of_person[member]:
            resting = other.visit.group.rules
            rests = {"ring_no_answer": resting.missed_rest, "declined": resting.declined_rest}
            lasting = rests.get(other.row.result, 0)
            if everywhere or other.row.group == group.number:
                end = other.row.ended_at
                if lasting and self.surely(at, end, end + lasting, may=may):
                    return "missed_rest, declined_rest", "at rest"
        if self.wraps_up(group, member, at, may=may):
            return "enforced_wrap_up", "in enforced wrap-up"
        talks = sum(
            one.group == group.number
            and not one.is_page
            and self.surely(at, one.at, one.until, may=may)
            for member in group.record.members
            for one in self.busy[member.extension_number]
        )
        if talks >= rules.max_active_calls:
            return "max_active_calls", f"in a group with {talks} calls"
        return None

    def wraps_up(self, group: OptionGroup, member: str, at: float, *, may: bool = False) -> bool:
        """enforced_wrap_up: return whether the wrap-up after the last talk surely goes on."""
        everywhere = group.rules.memory_scope == "extension"
        talks = [
            one
            for one in self.busy[member]
            if one.call >= 0 and (everywhere or one.group == group.number)
        ]
        if may:
            return any(self.surely(at, one.until, one.wraps_up_until, may=True) for one in talks)
        ended = [one for one in talks if one.until <= at + self.slack]
        if not ended:
            return False
        last = max(ended, key=lambda one: one.at)
        alike = [one for one in ended if one.at >= last.at - self.slack]
        return len(alike) == 1 and self.surely(at, last.until, last.wraps_up_until)


def surely_waits(line: Timeline, visit: Visit, at: float) -> bool:
    """Return whether a call surely stands in line at an instant, and no phone rings for it."""
    stands = line.surely(at, visit.lined_up_at, visit.row.left_at)
    return stands and not visit.group.starts_late and not visit.is_ringing(at, line.slack)


def may_wait(line: Timeline, visit: Visit, at: float) -> bool:
    """Return whether a call possibly stands in line at an instant while no phone rings for it."""
    stands = line.surely(at, visit.lined_up_at, visit.leaves_line_at, may=True)
    return stands and not any(
        line.surely(at, ring.row.started_at, ring.row.ended_at) for ring in visit.rings
    )


def may_be_wanted(line: Timeline, group: OptionGroup, member: str, at: float) -> bool:
    """queue_weight: return whether a caller of a heavier group may wait for a member."""
    return any(
        other.rules.queue_weight > group.rules.queue_weight
        and other.position_of(member) is not None
        and any(may_wait(line, visit, at) for visit in line.of_group[other.number])
        for other in line.groups.values()
    )
