"""Records in seconds from the opening of a scenario.

Records open at the hour of their earliest call, and a scenario when its author says. One call at
07:55 moves second 0 of all records to 07:00, and that of no scenario.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ringsim._log_arrays import Borders, LogArrays
from ringsim.records._duty import DutyRecord
from ringsim.records._records import Records
from ringsim.records._some_days import chosen_rows
from ringsim.scenario import Scenario, clock_seconds

__all__ = ["aligned", "opening_is_unknown", "opens_later_by", "within_hours"]


def opens_later_by(records: Records, scenario: Scenario) -> float:
    """Return by how many seconds records open later than a scenario; 0 if one has no `opens_at`."""
    opens = records.scenario.opens_at, scenario.opens_at
    if None in opens:
        return 0.0
    of_records, of_scenario = (clock_seconds(each, "opens_at") for each in opens)
    return of_records - of_scenario


def opening_is_unknown(records: Records, scenario: Scenario) -> bool:
    """Return whether either of records and scenario has an `opens_at`, and the other has none."""
    return (records.scenario.opens_at is None) != (scenario.opens_at is None)


def aligned(records: Records, scenario: Scenario) -> Records:
    """Return records in seconds from the opening of a scenario; earlier calls have negative ones.

    Spells of duty are moved too. If either has no `opens_at`, nothing is moved.
    """
    seconds = opens_later_by(records, scenario)
    if not seconds:
        return records
    arrays = records.arrays
    moved = replace(
        arrays,
        calls=_moved(arrays.calls, seconds, "arrives_at"),
        rings=_moved(arrays.rings, seconds, "started_at", "ended_at"),
        visits=_moved(arrays.visits, seconds, "entered_at", "left_at"),
        own_calls=_moved(arrays.own_calls, seconds, "started_at"),
    )
    return _copy(
        records,
        moved,
        records.borders,
        scenario=records.scenario.replace(opens_at=scenario.opens_at),
        duty=records.duty_record.moved(seconds),
    )


def _moved(table: Any, seconds: float, *columns: str) -> Any:
    return replace(table, **{name: getattr(table, name) + seconds for name in columns})


def within_hours(records: Records, scenario: Scenario) -> Records:
    """Return the records within the hours of a scenario, in seconds from its opening.

    If callers redial, some do so after closing, in the scenario as in the records: later calls
    are kept.
    """
    records = aligned(records, scenario)
    arrays, borders = records.arrays, records.borders
    closes = math.inf if scenario.redials else float(scenario.hours) * 3600
    is_in = _lies_within(arrays.calls.arrives_at, closes)
    own_is_in = _lies_within(arrays.own_calls.started_at, closes)
    if is_in.all() and own_is_in.all():
        return records
    kept = {
        "calls": is_in,
        "rings": is_in[arrays.rings.call],
        "visits": is_in[arrays.visits.call],
        "own_calls": own_is_in,
    }
    return _copy(
        records,
        chosen_rows(arrays, {name: np.flatnonzero(each) for name, each in kept.items()}),
        Borders(**{name: _borders(getattr(borders, name), kept[name]) for name in kept}),
    )


def _copy(
    records: Records,
    arrays: LogArrays,
    borders: Borders,
    *,
    scenario: Scenario | None = None,
    duty: DutyRecord | None = None,
) -> Records:
    """Return records with other rows, and if given another opening and other spells of duty."""
    return Records(
        scenario or records.scenario,
        arrays,
        borders,
        records.dates,
        grade=records.grade,
        notes=records.notes,
        clock=records.clock,
        timezone=records.timezone,
        rings_are_worked_out=records.rings_are_worked_out,
        duty=duty or records.duty_record,
        callers_wait=records.callers_wait,
    )


def _lies_within(instants: Any, closes: float) -> Any:
    return (instants >= 0) & (instants < closes)


def _borders(borders: Any, is_kept: Any) -> Any:
    """Return the first row of each day after some rows are left out."""
    return np.concatenate(([0], np.cumsum(is_kept)))[borders]
