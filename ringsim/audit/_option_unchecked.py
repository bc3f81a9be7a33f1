"""Parts of rules that no audit of groups with options can check, each with the reason.

`unchecked_options`
    The parts for the groups and the columns of a log.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from ringsim.audit._option_order_rules import order_is_known
from ringsim.audit._option_rows import OptionGroup

__all__ = ["unchecked_options"]

OF_LINES = {"line_length", "lined_up_at"}
DRAWS = ("random", "redrawn", "weighted")
NO_ROW = "phones that were to start later may have no row"

# Rules that follow from no row, or from the order of events at one instant
NEVER_CHECKED = (
    ("S13", "the order of events at one instant", "rows are not played again"),
    ("S13", "the order of pauses that begin together", "rows are not played again"),
    ("S4, S7", "keys that change at the instant of a ring", "the order of events is unknown"),
    (
        "join_empty, leave_when_empty",
        "states that begin or end at the instant of a look",
        "the order of events is unknown",
    ),
    (
        "S3",
        "`found`, if a member's state begins at the instant of the look",
        "only bounds are checked",
    ),
    (
        "S9",
        "how many passes a call made, if waves or passes of one instant look alike",
        "only bounds are checked",
    ),
    ("join_ringing", "who must join a wave", "only who may is checked"),
    ("S5", "whether a pass left nobody out, in line or with levels", "it is not derived"),
)


def unchecked_options(
    groups: Iterable[OptionGroup],
    columns_of_visits: Iterable[str],
    *,
    has_pauses: bool,
    has_workload: bool,
) -> Iterator[tuple[str, str, str]]:
    """Yield rule, part and reason of what the checks of groups with options leave out."""
    groups = tuple(groups)
    yield from NEVER_CHECKED
    if not all(group.durations_are_seen for group in groups):
        what = "how many phones ring at once, candidates, passes, calls in line, the order of rings"
        yield "S3, S4, S9, S13", what, "instants may hide durations below a microsecond"
    for group in groups:
        yield from _orders(group, has_workload=has_workload)
        if group.rules.wait_in_line and not group.first_picks_are_known:
            yield "line_serves, line_poll", f"when a call of group {group.number} looks", NO_ROW
        yield from _counts(group)
    if any(group.rules.wait_in_line for group in groups):
        if not has_workload:
            yield "line_serves", "who is ahead in line", "needs the workload's priorities"
        if not {*columns_of_visits} >= OF_LINES:
            yield "wait_in_line", "how long the line is", "visits have no columns of the line"
    if not has_pauses and any(group.rules.auto_pause_after < math.inf for group in groups):
        yield "auto_pause_after", "when pauses begin and end", "the log has no frame of pauses"
    if not has_workload:
        yield "after_decline", "when members decline", "needs the workload's delays"
        yield "max_wait_time", "when the time is over", "needs the workload's limits"
        yield "S15", "own calls that were not taken", "needs the workload's spells away"


def _counts(group: OptionGroup) -> Iterator[tuple[str, str, str]]:
    """Yield which counts of a visit to a group are checked within bounds alone."""
    rules = group.rules
    what = f"how many passes a call of group {group.number} made, but for bounds"
    found = f"what a call found that waited in line of group {group.number}, but for bounds"
    may_pass_empty = rules.level_rules or not rules.declined_again
    if group.starts_late:
        yield "S9", what, NO_ROW
    elif rules.wait_in_line and may_pass_empty:
        yield "S9", what, "no row tells of passes without a ring"
    if rules.wait_in_line and (may_pass_empty or group.starts_late):
        yield "S3", found, "no row tells when a call first looked"


def _orders(group: OptionGroup, *, has_workload: bool) -> Iterator[tuple[str, str, str]]:
    """Yield what is not checked of the order in which a group rings its members."""
    rules, dispatcher = group.rules, group.dispatcher
    whom = f"whom group {group.number} rings"
    if not dispatcher.is_ordering:
        yield "S4", whom, "its dispatcher overrides wave()"
        return
    if not order_is_known(group):
        yield "S4", whom, "phones that start later are not told from those that join or ring again"
        return
    if rules.order_fixed == "pass" and not group.first_picks_are_known:
        yield "S4", f"{whom} after its first wave", NO_ROW
    if not has_workload and any(map(dispatcher.looks_at, DRAWS)):
        yield "S4", f"whom of its candidates group {group.number} rings", "needs the random draws"
    if rules.passes > 1 and not rules.retry_pause and not dispatcher.one_wave:
        whom = f"whom later passes of group {group.number} ring first"
        yield "S2", whom, "without a retry_pause no row tells when a pass begins"
    if dispatcher.looks_at("rotation") and rules.rotation != "answered":
        where = f"where the pointer of group {group.number} stands"
        if group.starts_late or rules.memory_hunt == "ring_on":
            yield "rotation", where, "no row tells when a wave ends"
        elif rules.order_fixed == "call":
            yield "rotation", where, "no row tells who was struck off"
