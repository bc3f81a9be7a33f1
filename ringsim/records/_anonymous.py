"""Records without anything that names a person, a place or a date."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringsim.records._records import Records
from ringsim.scenario import Scenario

__all__ = ["anonymised"]

GROUP, FIRST_MEMBER = "600", 201
MONDAY = np.datetime64("2001-01-01", "D")
WEEK = 7


def anonymised(records: Records) -> Records:
    """Return records with other numbers of the group and its members, and other dates.

    Members are numbered from 201 in an order that the number of their answers decides, and the
    first week begins on 1 January 2001; weekdays and the distances of dates are kept, as are times
    of day. Notes, which quote files and numbers, are dropped, and so is the time zone.
    """
    arrays = records.arrays
    calls, rings, own = arrays.calls, arrays.rings, arrays.own_calls
    n = len(arrays.extensions)
    answers = np.bincount(calls.answered_by[calls.answered_by >= 0], minlength=n)
    rung = np.bincount(rings.member, minlength=n)
    order = np.lexsort((np.arange(n), -rung, -answers))
    number = np.empty(n + 1, dtype=np.int32)
    number[order] = np.arange(n)
    number[n] = -1  # nobody
    people = tuple(str(FIRST_MEMBER + at) for at in range(n))
    scenario = Scenario(
        groups=[{"extension_number": GROUP, "members": list(people)}],
        hours=records.scenario.hours,
        opens_at=records.scenario.opens_at,
    )
    changed = replace(
        arrays,
        groups=(GROUP,),
        extensions=people,
        calls=replace(calls, answered_by=number[calls.answered_by]),
        rings=replace(rings, member=number[rings.member]),
        own_calls=replace(own, extension=number[own.extension]),
    )
    first = records.dates[0] if records.n_days else MONDAY
    weeks = (first - MONDAY).astype(np.int64) // WEEK
    return Records(
        scenario,
        changed,
        records.borders,
        records.dates - weeks * WEEK,
        grade=records.grade,
        clock=records.clock,
        duty=records.duty_record.renamed(
            {person: people[at] for person, at in zip(arrays.extensions, number, strict=False)}
        ),
        callers_wait=records.callers_wait,
        rings_are_worked_out=records.rings_are_worked_out,
    )
