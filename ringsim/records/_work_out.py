"""Rings worked out from the roster and the strategy, where a phone system does not record them.

Whoever is on duty and not on a call rings, in the order of the strategy: for a fan-out from the
arrival to the end of the call, for a hunt one ring time after another; a queue goes on by attempts
(`_work_out_queue`). What nobody recorded stays
unknown: phones that were off, and calls that the records do not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Any, Final

import numpy as np
import pandas as pd

from ringsim._sentences import listed
from ringsim.dispatch import Moment, dispatchers_of
from ringsim.errors import ConfigurationError
from ringsim.records._aligned import aligned, opening_is_unknown, opens_later_by
from ringsim.records._records import Records
from ringsim.records._tables import rows_of
from ringsim.records._work_out_people import Person, people_of_day, picked
from ringsim.records._work_out_queue import rings_of_queue
from ringsim.scenario import Scenario

__all__ = ["with_rings"]

SLACK: Final = 1e-9
RECORDED, WAVE = range(2)
UNKNOWN_OPENING: Final = (
    "The records or the scenario have no opens_at: both are taken to open at the same time."
)


def with_rings(records: Records, scenario: Scenario) -> Records:
    """Return the records with the rings that the roster and the strategy imply.

    Recorded rings are kept; a call with recorded rings gets only phones that rang beside the last
    of them.

    Raises
    ------
    ConfigurationError
        If the scenario lacks the group or somebody who answered, or its strategy pages or needs
        draws.
    """
    group = scenario.group(records.group)
    dispatcher = dispatchers_of(scenario, None)[records.group]
    if dispatcher.auto_answer or not dispatcher.is_ordering or dispatcher.looks_at("random"):
        raise ConfigurationError(
            f"groups.{records.group}.{'preset' if group.preset else 'ring_strategy'}",
            "must be a hunt or ring everyone, whose rings follow from the records",
            group.preset or str(group.ring_strategy),
        )
    roster = [member.extension_number for member in group.members]
    strangers = [number for number in records.member_numbers if number not in roster]
    answered = set(records.calls["answered_by"].dropna().astype(object))
    if unknown := [number for number in strangers if number in answered]:
        raise ConfigurationError(
            f"groups.{records.group}.members",
            "must include everybody who answered",
            unknown[0],
            f"Add {listed(unknown)}, also if another group answers what {records.group} forwards.",
        )
    moved = aligned(records, scenario)
    rings = pd.concat(
        [
            pd.DataFrame(_rings_of_day(moved, day, each, dispatcher), columns=COLUMNS)
            for day, each in enumerate(moved.scenarios_on_duty(scenario))
        ],
        ignore_index=True,
    )
    rings = rings.astype({"call": np.int64, "started_at": float, "ended_at": float})
    rings[["started_at", "ended_at"]] -= opens_later_by(records, scenario)
    found = Records.from_frames(
        records.calls,
        rings,
        records.own_calls,
        group=records.group,
        members=[*roster, *(number for number in strangers if number not in roster)],
        grade=records.grade,
        opens_at=records.scenario.opens_at,
        hours=records.scenario.hours,
        notes=[
            *records.notes,
            "Rings that are worked out from the roster and the strategy, and not recorded: "
            f"{len(rings) - len(records.rings)}.",
            *([UNKNOWN_OPENING] if opening_is_unknown(records, scenario) else []),
        ],
        clock=records.clock,
        timezone=records.timezone,
        name=records.scenario.groups[0].name,
    )
    found.rings_are_worked_out = True
    found.duty_record, found.callers_wait = records.duty_record, records.callers_wait
    return found


COLUMNS: Final = ("call", "member", "started_at", "ended_at", "result")


def _rings_of_day(
    records: Records, day: int, scenario: Scenario, dispatcher: Any
) -> Iterator[tuple[int, str, float, float, str]]:
    """Yield the rings of one day, recorded or not."""
    calls = records.calls[(records.calls["day"] == day).to_numpy()]
    own = records.own_calls[(records.own_calls["day"] == day).to_numpy()]
    recorded: dict[int, list[Any]] = {}
    for row in rows_of(records.rings[(records.rings["day"] == day).to_numpy()]):
        recorded.setdefault(int(row.call), []).append(row)
    group = scenario.group(records.group)
    people = people_of_day(calls, own, scenario, records.group)
    if group.rules.wait_in_line:
        yield from rings_of_queue(
            list(rows_of(calls)),
            recorded,
            people,
            dispatcher,
            group,
            missed_are_recorded=records.grade == "B",
        )
        return
    by_number = {person.number: person for person in people}
    ring_time = float(group.ring_time)
    row_of = {int(row.call): row for row in rows_of(calls)}
    events: list[tuple[float, int, int, int]] = []  # instant, kind, call, wave or ring
    for call, row in row_of.items():
        known = recorded.get(call, [])
        for index, ring in enumerate(known):
            yield (call, ring.member, ring.started_at, ring.ended_at, ring.result)
            heappush(events, (float(ring.started_at), RECORDED, call, index))
        start = _goes_on_at(row, known, one_wave=dispatcher.one_wave)
        if start is not None:
            heappush(events, (start, WAVE, call, 0))
    while events:
        at, kind, call, number = heappop(events)
        row = row_of[call]
        if kind == RECORDED:
            ring = recorded[call][number]
            by_number[ring.member].ring_starts(call, at)
            if ring.result == "answered":
                by_number[ring.member].answers(ring.ended_at, row.talk_time)
            continue
        ends_at = row.arrives_at + row.wait
        if ends_at <= at and number:
            continue
        last = ends_at <= at + ring_time + SLACK
        until = ends_at if last else at + ring_time
        winner = row.answered_by if row.outcome == "answered" else None
        shown = {ring.member for ring in recorded.get(call, []) if ring.ended_at > at}
        if not last and records.grade == "B":  # which records every ring of full length
            continue
        moment = Moment(at, call, number, 0.0)
        rung = _wave(people, dispatcher, moment, winner if last else None, winner)
        for person in rung:
            person.ring_starts(call, at)
            if person.number in shown and dispatcher.one_wave:
                continue
            result = _result(person.number, winner, row.outcome, last)
            yield (call, person.number, at, until, result)
            if result == "answered":
                person.answers(until, row.talk_time)
        if not last and rung and not dispatcher.one_wave:
            heappush(events, (at + ring_time, WAVE, call, number + 1))


def _goes_on_at(row: Any, known: Sequence[Any], *, one_wave: bool) -> float | None:
    """Return when phones rang that are not recorded, None if there are none.

    With a fan-out they rang beside the last recorded wave. A hunt went on after the last recorded
    ring, unless somebody answered.
    """
    if not known:
        return float(row.arrives_at)
    if one_wave:
        return float(max(ring.started_at for ring in known))
    over = max(ring.ended_at for ring in known)
    goes_on = row.outcome == "abandoned" and over < row.arrives_at + row.wait - SLACK
    return float(over) if goes_on else None


def _wave(
    people: Sequence[Person],
    dispatcher: Any,
    moment: Moment,
    must: str | None,
    winner: str | None,
) -> list[Person]:
    """Return whose phones ring now; `must` is among them, and the winner does not ring earlier."""
    free = [
        person
        for person in people
        if (moment.call not in person.rung_for or dispatcher.one_wave)
        and (person.number == must or person.is_free(moment.now))
        and (person.number == must or person.number != winner or dispatcher.one_wave)
    ]
    return picked(free, dispatcher, moment, must)


def _result(number: str, winner: str | None, outcome: str, last: bool) -> str:
    if not last:
        return "ring_no_answer"
    if outcome == "answered":
        return "answered" if number == winner else "answered_elsewhere"
    return "caller_gave_up" if outcome == "abandoned" else "ring_no_answer"
