"""Candidates of a call with options at a moment: who surely, and who possibly, can be rung (S3).

`bounds_of_candidates`
    The least and the largest number of candidates of a first look.
`bounds_of_available`
    The same of members who are available.
`waits`
    Whether a caller in line waits for a member.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ringsim.audit._option_levels import limits_of, rows_at
from ringsim.audit._option_moments import Moment, Truth, any_of, both, inverse
from ringsim.audit._option_rows import Busy, OptionGroup, Pause, Ring, Visit

__all__ = ["bounds_of_available", "bounds_of_candidates", "waits"]


def bounds_of_candidates(moment: Moment) -> tuple[int, int]:
    """Return the least and the largest number of members who could be rung at a first look."""
    return _bounds(_may_be_rung(moment, position) for position in _positions(moment))


def bounds_of_available(moment: Moment) -> tuple[int, int]:
    """Return the least and the largest number of members who are available for the group."""
    return _bounds(_is_available(moment, position) for position in _positions(moment))


def _positions(moment: Moment) -> range:
    return range(len(moment.visit.group.record.members))


def _bounds(values: Iterable[Truth]) -> tuple[int, int]:
    found = [*values]
    return found.count(True), len(found) - found.count(False)


def _may_be_rung(moment: Moment, position: int) -> Truth:
    """S3: available, of a level that is open for this call, and not declined before."""
    member = moment.visit.group.record.members[position].extension_number
    is_open = inverse(any_of([_is_closed(moment, position), _has_declined(moment, member)]))
    return both(_is_available(moment, position), is_open)


def _is_available(moment: Moment, position: int) -> Truth:
    """S3, S12: on duty, not on a call, not paused, resting or in enforced wrap-up."""
    group = moment.visit.group
    member = group.record.members[position].extension_number
    reasons = [
        _is_off_duty(moment, member),
        both(group.skips_busy(position), _is_on_call(moment, group, member)),
        _is_paused(moment, group, member),
        _is_resting(moment, group, member),
        _wraps_up(moment, group, member),
        _is_full(moment, group),
        _is_wanted_more(moment, group, member),
    ]
    return inverse(any_of(reasons))


def _is_off_duty(moment: Moment, member: str) -> Truth:
    """S12: on duty in [start, end) of each span."""
    spans = moment.line.duty[member]
    if spans is None:
        return False
    return inverse(any_of(_lasts(moment, moment.is_past(start), end) for start, end in spans))


def _is_on_call(moment: Moment, group: OptionGroup, member: str) -> Truth:
    """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
    talks = any_of(_talks(moment, one) for one in moment.line.busy[member])
    if not group.rules.ringing_is_busy:
        return talks
    return any_of([talks, *(_rings(moment, ring) for ring in moment.line.of_person[member])])


def _is_paused(moment: Moment, group: OptionGroup, member: str) -> Truth:
    """auto_pause_after: paused in the group, or in all groups."""
    pauses = moment.line.pauses
    return any_of(
        both(
            pause in pauses.surely or None, _lasts(moment, _has_paused(moment, pause), pause.until)
        )
        for pause in pauses.possibly
        if pause.member == member and pause.group in ("", group.number)
    )


def _is_resting(moment: Moment, group: OptionGroup, member: str) -> Truth:
    """missed_rest, declined_rest: at rest after a ring that was missed, or declined."""
    everywhere = group.rules.memory_scope == "extension"
    found = []
    for ring in moment.line.of_person[member]:
        rules = ring.visit.group.rules
        rests = {"ring_no_answer": rules.missed_rest, "declined": rules.declined_rest}
        seconds = rests.get(ring.row.result, 0)
        if seconds and (everywhere or ring.row.group == group.number):
            until = ring.row.ended_at + seconds
            found.append(_lasts(moment, moment.has_ended(ring), until))
    return any_of(found)


def _wraps_up(moment: Moment, group: OptionGroup, member: str) -> Truth:
    """enforced_wrap_up: after the last talk for the group that is over, or with `memory_scope`."""
    everywhere = group.rules.memory_scope == "extension"
    talks = sorted(
        (
            one
            for one in moment.line.busy[member]
            if one.call >= 0 and (everywhere or one.group == group.number)
        ),
        key=lambda one: one.at,
    )
    if len({one.at for one in talks}) < len(talks):
        return None
    before = -math.inf  # end of the wrap-up that counts while a talk goes on
    found: set[Truth] = {False}
    for one in talks:
        began = _began(moment, one)
        if began is False:
            continue
        after = before if one.is_page else one.wraps_up_until
        is_over = moment.is_past(one.until)
        ends = {True: [after], False: [before], None: [before, after]}[is_over]
        now = {_is_before(moment, end) for end in ends}
        found = now if began else found | now
        before = after
    return found.pop() if len(found) == 1 else None


def _is_full(moment: Moment, group: OptionGroup) -> Truth:
    """max_active_calls: the group has as many talks as it may have."""
    most = group.rules.max_active_calls
    if most == math.inf:
        return False
    surely, possibly = _bounds(
        _talks(moment, one)
        for member in group.record.members
        for one in moment.line.busy[member.extension_number]
        if one.group == group.number and not one.is_page
    )
    return True if surely >= most else None if possibly >= most else False


def _is_wanted_more(moment: Moment, group: OptionGroup, member: str) -> Truth:
    """queue_weight: a caller of a group of greater weight waits for the member."""
    return any_of(
        waits(moment, visit)
        for other in moment.line.groups.values()
        if other.rules.queue_weight > group.rules.queue_weight
        and other.position_of(member) is not None
        for visit in moment.line.of_group[other.number]
        if not math.isnan(visit.lined_up_at)
    )


def _is_closed(moment: Moment, position: int) -> Truth:
    """level_rules: the member's level is not among those that are open for the call."""
    group, rules = moment.visit.group, moment.visit.group.rules
    if not rules.level_rules or len(group.record.members) <= rules.levels_ignored_up_to:
        return False
    own = group.record.members[position].skill_level
    waited = moment.at - moment.visit.row.entered_at
    slack = 0.0 if moment.line.is_exact else moment.line.slack
    fewest, most_rows = (rows_at(rules, waited + one) for one in (-slack, slack))
    found: set[Truth] = set()
    for n in range(fewest, most_rows + 1):
        least, most, raised = limits_of(rules, n)
        is_closed = not least <= own or not max(own, raised) <= most
        if is_closed and least <= own and rules.empty_level_opens_next:  # duty may have opened it
            found.add(None)
        else:
            found.add(is_closed)
    return found.pop() if len(found) == 1 else None


def _has_declined(moment: Moment, member: str) -> Truth:
    """declined_again: the member declined the call in a group that it visited before."""
    if moment.visit.group.rules.declined_again:
        return False
    return any(
        ring.row.call == moment.visit.row.call
        and ring.row.result == "declined"
        and ring.visit.row.row < moment.visit.row.row
        for ring in moment.line.of_person[member]
    )


def waits(moment: Moment, visit: Visit) -> Truth:
    """Return whether a caller in line waits: no phone rings for them, and nobody has answered."""
    stands = moment.stands_in_line(visit)
    if stands is False:
        return False
    if visit.leaves_line_at > visit.row.left_at:
        left = moment.has_happened(visit.row.left_at, visit.row.call, by_line=True)
        stands = both(stands, inverse(left))
    rings = any_of(_rings(moment, ring) for ring in visit.rings)
    if visit.group.starts_late and rings is False:
        rings = None
    return both(stands, inverse(rings))


# States that begin with an event and end by themselves


def _has_paused(moment: Moment, pause: Pause) -> Truth:
    if pause.ring is not None:
        return moment.has_ended(pause.ring)
    return moment.is_past(pause.at) and None


def _is_before(moment: Moment, until: float) -> Truth:
    return inverse(moment.is_past(until))


def _lasts(moment: Moment, has_begun: Truth, until: float) -> Truth:
    return both(has_begun, _is_before(moment, until))


def _began(moment: Moment, one: Busy) -> Truth:
    if one.ring is not None:
        return moment.has_ended(one.ring)
    return moment.has_happened(one.at, -1)


def _talks(moment: Moment, one: Busy) -> Truth:
    return one.is_talk and _lasts(moment, _began(moment, one), one.until)


def _rings(moment: Moment, ring: Ring) -> Truth:
    return both(moment.has_begun(ring), inverse(moment.has_ended(ring)))
