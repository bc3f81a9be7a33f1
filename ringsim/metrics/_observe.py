"""Runs reduced to what metrics need: columns of calls, and sums by group, seat and person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import pooled
from ringsim.errors import RingsimError
from ringsim.logarrays import (
    ANSWERED,
    NOBODY,
    OUTCOMES,
    PAGED,
    RING_ANSWERED,
    RING_NO_ANSWER,
    LogArrays,
)
from ringsim.metrics._roster import Roster

__all__ = ["Observation", "Observations", "check_identity", "observe"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]
Wide: TypeAlias = NDArray[np.signedinteger[Any]]  # of numpy's own counts and places


@dataclass(frozen=True)
class Observation:
    """One run. Calls are columns of n; the rest is by group (G), seat (S) or person (E)."""

    group: Ints
    arrives_at: Floats
    outcome: Ints
    wait: Floats
    n_rings: Ints
    n_no_answer: Wide
    handle_time: Floats  # talk + wrap-up of answered calls, 0 of others
    received: Floats  # G: visits
    no_candidate: Floats  # G: visits whose first look found nobody
    answered_here: Floats  # G
    rung: Floats  # S: rings, pages apart
    answered: Floats  # S
    ring_no_answer: Floats  # S
    paged: Floats  # S
    interruptions: Floats  # S: rings and pages that began within hours
    talk_time: Floats  # E: seconds within duty and hours, as the next two
    ring_time: Floats  # E
    wrap_up_time: Floats  # E


def check_identity(log: LogArrays) -> None:
    """Counting identity: offered = answered + abandoned + overflowed.

    Raises
    ------
    RingsimError
        When some call has no outcome or several, which no engine may do.
    """
    offered = len(log.calls)
    counts = [int((log.calls.outcome == code).sum()) for code in range(len(OUTCOMES))]
    if not offered == len(log.calls.outcome) == sum(counts):
        told = " + ".join(f"{n} {name}" for n, name in zip(counts, OUTCOMES, strict=True))
        raise RingsimError(f"The engine must give each of {offered} calls an outcome, got {told}.")


def observe(log: LogArrays, roster: Roster) -> Observation:
    """Reduce one run."""
    calls, rings, visits = log.calls, log.rings, log.visits
    n, groups = len(calls), len(log.groups)
    no_answer = rings.result == RING_NO_ANSWER
    answered = calls.outcome == ANSWERED
    seat = _seat_of(rings.group, rings.member, roster)

    def by_group(places: Ints) -> Floats:
        return np.bincount(places, minlength=groups).astype(np.float64)

    def by_seat(which: NDArray[np.bool_]) -> Floats:
        return np.bincount(seat[which], minlength=len(roster.seats)).astype(np.float64)

    wrap_up = np.where(calls.answered_by != NOBODY, calls.wrap_up_time, 0.0)
    talk_time, ring_time, wrap_up_time = _times_of_people(log, roster)
    return Observation(
        group=calls.group,
        arrives_at=calls.arrives_at,
        outcome=calls.outcome,
        wait=calls.wait,
        n_rings=calls.n_rings,
        n_no_answer=np.bincount(rings.call[no_answer], minlength=n),
        handle_time=np.where(answered, calls.talk_time + wrap_up, 0.0),
        received=by_group(visits.group),
        no_candidate=by_group(visits.group[visits.found == 0]),
        answered_here=by_group(calls.ended_in[answered]),
        rung=by_seat(rings.result != PAGED),
        answered=by_seat(rings.result == RING_ANSWERED),
        ring_no_answer=by_seat(no_answer),
        paged=by_seat(rings.result == PAGED),
        interruptions=by_seat(rings.started_at < roster.end),
        talk_time=talk_time,
        ring_time=ring_time,
        wrap_up_time=wrap_up_time,
    )


def _seat_of(group: Ints, member: Ints, roster: Roster) -> Ints:
    """Place among the seats of each (group, member)."""
    seats = np.full((len(roster.groups) or 1, len(roster.extensions) or 1), -1, dtype=np.int32)
    for place, (at, who) in enumerate(roster.seats):
        seats[at, who] = place
    found: Ints = seats[group, member]
    return found


def _times_of_people(log: LogArrays, roster: Roster) -> tuple[Floats, Floats, Floats]:
    """Seconds that each person talked, was rung, and was in wrap-up, on duty and in hours.

    A phone that rings for two calls at once rings once. Time of wrap-up that a page fills
    with talk is talk.
    """
    rings, own = log.rings, log.own_calls
    talks = (rings.result == RING_ANSWERED) | (rings.result == PAGED)
    who = np.concatenate((rings.member[talks], own.extension[own.taken]))
    begins = np.concatenate((rings.ended_at[talks], own.started_at[own.taken]))
    talk = np.concatenate((log.calls.talk_time[rings.call[talks]], own.talk_time[own.taken]))
    wraps = rings.result[talks] == RING_ANSWERED
    wrap_up = np.zeros(len(talk))
    wrap_up[: len(wraps)][wraps] = log.calls.wrap_up_time[rings.call[talks][wraps]]
    times = np.zeros((3, len(roster.extensions)))
    for person, clock in enumerate(roster.clocks):
        mine, rung = who == person, rings.member == person
        starts, ends = begins[mine], begins[mine] + talk[mine]
        talked = clock.covered(starts, ends)
        busy = clock.covered(
            np.concatenate((starts, ends)), np.concatenate((ends, ends + wrap_up[mine]))
        )
        times[0, person] = talked
        times[1, person] = clock.covered(rings.started_at[rung], rings.ended_at[rung])
        times[2, person] = max(0.0, busy - talked) if wrap_up[mine].any() else 0.0
    return times[0], times[1], times[2]


class Observations:
    """Any number of runs of one scenario.

    Attributes are those of `Observation`: columns of calls pooled, with `replication` beside
    them; the rest stacked, shape (R, G), (R, S) or (R, E).
    """

    def __init__(self, runs: Sequence[Observation], roster: Roster) -> None:
        self.roster = roster
        self.replications = len(runs)
        columns = {name: [getattr(run, name) for run in runs] for name in _FIELDS}
        self.group, self.replication = pooled(columns["group"])
        for name in _PER_CALL[1:]:
            setattr(self, name, np.concatenate(columns[name]))
        for name in _STACKED:
            setattr(self, name, np.stack(columns[name]))

    group: Ints
    arrives_at: Floats
    outcome: Ints
    wait: Floats
    n_rings: Ints
    n_no_answer: Wide
    handle_time: Floats
    received: Floats
    no_candidate: Floats
    answered_here: Floats
    rung: Floats
    answered: Floats
    ring_no_answer: Floats
    paged: Floats
    interruptions: Floats
    talk_time: Floats
    ring_time: Floats
    wrap_up_time: Floats

    def per_replication(self, replication: Wide, weights: NDArray[Any] | None = None) -> Floats:
        """Counts, or sums of weights, by replication: shape (R,)."""
        return np.bincount(replication, weights, minlength=self.replications).astype(np.float64)


_FIELDS = tuple(Observation.__dataclass_fields__)
_PER_CALL = _FIELDS[: _FIELDS.index("received")]
_STACKED = _FIELDS[_FIELDS.index("received") :]
