"""State of people at an instant, looked up in all rows of a log whose groups have options.

`Timeline`
    All rows of a log by person, group and call, and the questions that the rules ask of them.
`surely_waits`
    Whether a call surely stands in line, and no phone rings for it.

Of events at the same instant, or within the tolerance of each other, the order is taken to be
unknown: a state holds *surely* if it holds on both sides of the instant.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from ringsim.audit._option_pauses import pauses_of
from ringsim.audit._option_rows import Busy, OptionGroup, Ring, Visit
from ringsim.audit._rows import RingRow, Tables, VisitRow
from ringsim.dispatch import Dispatcher
from ringsim.scenario import Scenario
from ringsim.workload import Workload

__all__ = ["Timeline", "surely_waits"]

FLOATS = 1e-9  # s, room for the rounding of sums


class Timeline:
    """All rows of a log by person, group and call."""

    def __init__(
        self,
        tables: Tables,
        scenario: Scenario,
        dispatchers: Mapping[str, Dispatcher],
        workload: Workload | None,
        slack: float,
    ) -> None:
        self.slack = slack + FLOATS
        self.is_exact = not slack
        self.scenario = scenario
        self.workload = workload
        self.groups = {
            number: OptionGroup(record, scenario.rules(number), dispatchers[number])
            for record in scenario.groups
            for number in [record.extension_number]
        }
        self.duty = {number: scenario.duty(number) for number in scenario.extension_numbers}
        self.calls = tables.calls
        self.visits = list(self._visits_of(tables))
        self.of_call: dict[int, list[Visit]] = defaultdict(list)
        for visit in self.visits:
            self.of_call[visit.row.call].append(visit)
        self.strangers = [ring for ring in tables.rings if not self._place(ring)]
        self.of_group: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.visits:
            self.of_group[visit.row.group].append(visit)
        for visit in self.visits:
            visit.rings.sort(key=lambda ring: ring.row.started_at)
        self.rings = [ring for visit in self.visits for ring in visit.rings]
        self.of_person: dict[str, list[Ring]] = defaultdict(list)
        for ring in self.rings:
            self.of_person[ring.row.member].append(ring)
        self.busy = self._busy(tables)
        self.pauses = pauses_of(self.rings)

    # Rows

    def _visits_of(self, tables: Tables) -> Iterator[Visit]:
        by_call: dict[int, list[VisitRow]] = defaultdict(list)
        for row in tables.visits:
            by_call[row.call].append(row)
        given = None if self.workload is None else self.workload.max_wait_time
        for rows in by_call.values():
            for row in rows:
                group = self.groups[row.group]
                limit = float(group.rules.max_wait_time)
                if given is not None and row is rows[0]:
                    limit = float(given[row.call])
                yield Visit(
                    row, group, tables.calls[row.call], row is rows[-1], max_wait_time=limit
                )

    def _place(self, row: RingRow) -> bool:
        """Add a ring to its visit; return False if the call visits no such group of the member."""
        for visit in self.of_call[row.call]:
            position = visit.group.position_of(row.member)
            if visit.row.group == row.group and position is not None:
                nth = sum(
                    ring.row.member == row.member
                    for other in self.of_call[row.call]
                    for ring in other.rings
                )
                visit.rings.append(Ring(row, visit, position, nth))
                return True
        return False

    def _busy(self, tables: Tables) -> Mapping[str, list[Busy]]:
        found: dict[str, list[Busy]] = defaultdict(list)
        for ring in self.rings:
            if ring.row.result not in ("answered", "paged"):
                continue
            call, group, is_page = ring.visit.call, ring.visit.group, ring.row.result == "paged"
            starts = ring.row.ended_at + (0 if is_page else group.rules.connect_delay)
            until = starts + (call.talk_time or 0.0)
            free_at = until + (0 if is_page else call.wrap_up_time)
            enforced = -math.inf
            if not is_page:
                enforced = until + group.wrap_up(ring.position, call.wrap_up_time)
            at = ring.row.ended_at
            busy = Busy(group.number, call.call, at, until, free_at, enforced, is_page=is_page)
            found[ring.row.member].append(busy)
        for own in tables.own_calls:
            if own.taken:
                until = own.started_at + own.talk_time
                found[own.extension].append(Busy("", -1, own.started_at, until, until))
        if self.workload is not None:
            away = self.workload.away
            for number, at, lasting in zip(away.extension, away.at, away.talk_time, strict=True):
                busy = Busy("", -1, float(at), float(at), float(at + lasting), is_talk=False)
                found[number].append(busy)
        return found

    # Questions

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
        if any(
            one.is_talk and self.surely(at, one.at, one.until, may=may) for one in self.busy[member]
        ):
            return True
        return bool(group.rules.ringing_is_busy) and any(
            self.surely(at, other.row.started_at, other.row.ended_at, may=may)
            for other in self.of_person[member]
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
        if any(
            pause.member == member
            and pause.group in ("", group.number)
            and self.surely(at, pause.at, pause.until, may=may)
            for pause in self.pauses
        ):
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
        if self._wraps_up(group, member, at, may=may):
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

    def _wraps_up(self, group: OptionGroup, member: str, at: float, *, may: bool) -> bool:
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
