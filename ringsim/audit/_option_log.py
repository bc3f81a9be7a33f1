"""Rows of a log whose groups have options, by person, group and call.

`option_groups`
    The groups of a scenario, with the rules that are played.
`LogRows`
    All rows of a log, with the calls and the pauses of people that follow from them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ringsim.audit._option_pauses import pauses_of
from ringsim.audit._option_rows import Busy, OptionGroup, Pause, Ring, Visit
from ringsim.audit._rows import RingRow, Tables, VisitRow
from ringsim.dispatch import Dispatcher
from ringsim.dispatch._played_rules import played_rules
from ringsim.scenario import Scenario
from ringsim.workload import Workload

__all__ = ["LogRows", "option_groups"]

FLOATS = 1e-9  # s, room for the rounding of sums


def option_groups(
    scenario: Scenario, dispatchers: Mapping[str, Dispatcher]
) -> dict[str, OptionGroup]:
    """Return the groups of a scenario by number, with the rules that are played."""
    found = {}
    for record in scenario.groups:
        dispatcher = dispatchers[record.extension_number]
        rules = played_rules(scenario, record, dispatcher)
        found[record.extension_number] = OptionGroup(record, rules, dispatcher)
    return found


class LogRows:
    """All rows of a log by person, group and call."""

    def __init__(
        self,
        tables: Tables,
        scenario: Scenario,
        dispatchers: Mapping[str, Dispatcher],
        workload: Workload | None,
        slack: float,
        pauses: Sequence[Pause] | None = None,
    ) -> None:
        self.slack = slack + FLOATS
        self.is_exact = not slack
        self.tells_of_lines = False  # whether the visits have columns of the line
        self.scenario = scenario
        self.workload = workload
        self.groups = option_groups(scenario, dispatchers)
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
        self.pauses = pauses_of(self.rings, slack and self.slack, pauses)

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
                is_first, is_last = row is rows[0], row is rows[-1]
                call = tables.calls[row.call]
                yield Visit(row, group, call, is_first, is_last, max_wait_time=limit)

    def _place(self, row: RingRow) -> bool:
        """Add a ring to its visit; return False if the call visits no such group of the member."""
        visits = self.of_call.get(row.call, ())
        for visit in visits:
            position = visit.group.position_of(row.member)
            if visit.row.group == row.group and position is not None:
                nth = sum(ring.row.member == row.member for other in visits for ring in other.rings)
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
            busy = Busy(
                group.number, call.call, at, until, free_at, enforced, is_page=is_page, ring=ring
            )
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
