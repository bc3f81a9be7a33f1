"""Names of the situations that occur in a log, so that tests can check their coverage.

`happenings`
    The situations in one log.
`EVERYTHING`
    All situations that can occur.
`ready`
    The rings of a log, each with the instant from which a free member would answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate, combinations_with_replacement
from typing import NamedTuple

import ringsim as rs
from support.hard_days import Day
from support.played import Talk, rows, talks

KINDS = ("free", "answer", "give-up", "time-out", "repeat", "own call", "arrival")  # as in S13
MEETINGS = {
    pair: f"{pair[0]} and {pair[1]} at one instant"
    for pair in combinations_with_replacement(KINDS, 2)
}
EVERYTHING = frozenset(
    {
        *("answered", "abandoned", "overflowed"),
        *("HANGUP", "FORWARD_TO_VOICEMAIL", "FORWARD_TO_NUMBER", "LOOP"),
        *("ring_no_answer", "answered_elsewhere", "caller_gave_up", "paged"),
        *("a forward", "a repeat", "a repeat after a pass without a ring"),
        *("an own call taken", "an own call not taken"),
        *("an answer at once", "an answer at the last instant"),
        *("an answer by a member rung while on a call", "an answer by one rung in wrap-up"),
        *("a page in wrap-up", "a phone ringing for two calls"),
        "an ordering of one's own rings",
        *MEETINGS.values(),
    }
)


def happenings(day: Day, log: rs.CallLog) -> set[str]:
    """Return the situations of `EVERYTHING` that occur in the log of a day."""
    occurs = {**_to_callers(day, log), **_to_phones(day, log), **_to_people(day, log)}
    found = {what for what, does in occurs.items() if does}
    for column in (log.calls["outcome"], log.calls["action"], log.rings["result"]):
        found |= set(column.dropna())
    return found | _meetings(day, log)


def _to_callers(day: Day, log: rs.CallLog) -> dict[str, bool]:
    passes = rows(log.visits, "passes", "n_rings")
    taken = {taken for (taken,) in rows(log.own_calls, "taken")}
    return {
        "a forward": len(passes) > len(day.calls),
        "a repeat": any(n > 1 for n, _ in passes),
        "a repeat after a pass without a ring": any(n > 1 and not rings for n, rings in passes),
        "an own call taken": True in taken,
        "an own call not taken": False in taken,
    }


def _to_phones(day: Day, log: rs.CallLog) -> dict[str, bool]:
    rings = rows(log.rings)
    ring_times = {group["extension_number"]: group["ring_time"] for group in day.groups}
    answered = [
        (start, end, start + ring_times[group])
        for _, group, _, start, end, result in rings
        if result == "answered"
    ]
    return {
        "an answer at once": any(start == end for start, end, _ in answered),
        "an answer at the last instant": any(end == times_out for _, end, times_out in answered),
        "a phone ringing for two calls": any(
            one[0] != other[0] and one[2] == other[2] and one[3] <= other[3] < one[4]
            for one in rings
            for other in rings
        ),
        "an ordering of one's own rings": any(group in day.dispatchers for _, group, *_ in rings),
    }


def _to_people(day: Day, log: rs.CallLog) -> dict[str, bool]:
    talked = talks(log)
    waited_for = [
        (ring.started_at, talk)
        for ring in ready(day, log)
        if ring.result == "answered" and ring.ready_at < ring.ended_at
        for talk in talked[ring.member]
    ]
    pages = [
        (page.starts_at, talk)
        for calls in talked.values()
        for page in calls
        if page.kind == "paged"
        for talk in calls
    ]
    return {
        "an answer by a member rung while on a call": any(
            talk.starts_at < at < talk.ends_at for at, talk in waited_for
        ),
        "an answer by one rung in wrap-up": any(_wraps_up(talk, at) for at, talk in waited_for),
        "a page in wrap-up": any(_wraps_up(talk, at) for at, talk in pages),
    }


def _wraps_up(talk: Talk, at: float) -> bool:
    return talk.ends_at <= at < talk.free_at


class Ready(NamedTuple):
    """A ring that is not a page, and the first instant at which a free member would answer it."""

    member: str
    started_at: float
    ready_at: float
    ended_at: float
    result: str


def ready(day: Day, log: rs.CallLog) -> Iterator[Ready]:
    """Yield every ring that is not a page."""
    nth: Counter[tuple[int, str]] = Counter()
    for call, member, start, end, result in rows(
        log.rings, "call", "member", "started_at", "ended_at", "result"
    ):
        delays = day.calls[call].delays[member]
        delay = delays[min(nth[call, member], len(delays) - 1)]
        nth[call, member] += 1
        if result != "paged":
            yield Ready(member, start, start + delay, end, result)


# Events (S13)


def _meetings(day: Day, log: rs.CallLog) -> set[str]:
    """Return the pairs of kinds of events that occur at one instant."""
    kinds_at: dict[float, list[str]] = defaultdict(list)
    for at, kind in _events(day, log):
        kinds_at[at].append(kind)
    return {
        MEETINGS[pair]
        for kinds in kinds_at.values()
        if len(kinds) > 1
        for pair in combinations_with_replacement(KINDS, 2)
        if (kinds.count(pair[0]) > 1 if pair[0] == pair[1] else set(pair) <= set(kinds))
    }


def _events(day: Day, log: rs.CallLog) -> Iterator[tuple[float, str]]:
    """Yield the instant and the kind of every event that a log shows."""
    for calls in talks(log).values():
        yield from ((talk.free_at, "free") for talk in calls)
    waves = set(rows(log.rings, "call", "ended_at", "result"))
    yield from ((at, "answer") for _, at, result in waves if result == "answered")
    yield from ((at, "time-out") for _, at, result in waves if result == "ring_no_answer")
    ends = dict(rows(log.visits, "call", "left_at"))
    outcomes = rows(log.calls, "call", "outcome")
    yield from ((ends[call], "give-up") for call, outcome in outcomes if outcome == "abandoned")
    yield from ((at, "repeat") for at in _delayed_repeats(day, log))
    yield from ((own.at, "own call") for own in day.own_calls)
    yield from ((call.arrives_at, "arrival") for call in day.calls)


def _delayed_repeats(day: Day, log: rs.CallLog) -> Iterator[float]:
    """Yield the instants of repeats before the first ring of a visit; a log hides later ones."""
    delays = {group["extension_number"]: group["repeat_delay"] for group in day.groups}
    first_ring = {
        (call, group): at
        for call, group, at in reversed(rows(log.rings, "call", "group", "started_at"))
    }
    for call, group, entered_at, left_at, passes in rows(
        log.visits, "call", "group", "entered_at", "left_at", "passes"
    ):
        rings_at = first_ring.get((call, group), left_at)
        _, *repeats = accumulate([delays[group]] * (passes - 1), initial=entered_at)
        if rings_at > entered_at or (call, group) not in first_ring:
            yield from (at for at in repeats if at <= rings_at)
