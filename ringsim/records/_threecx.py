"""Reader of 3CX's call report: a row per step of a call, joined by caller and time (grade C)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.records._csv import first_fields, sheet_of_csv
from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    FORWARD_TO_NUMBER,
    OVERFLOWED,
    Extract,
    Floats,
    Ints,
    Mask,
    Request,
)
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, joined
from ringsim.records._stamps import StampReader, seconds_in

__all__ = ["ThreeCx"]

NEEDED: Final = ("call time", "caller id", "destination", "status", "ringing", "talking")
NUMBER = re.compile(r"\((\d+)\)\s*$")
TOTALS: Final = ("total", "totals")
GOES_ON: Final = 2.0  # seconds between a step's end and the next step's start


class ThreeCx(Reader):
    """Reader of 3CX's call report."""

    name = "3cx"
    title = "3CX call report"

    def recognises(self, sample: Sample) -> bool:
        """Return True for the names of the columns."""
        return any(set(NEEDED) <= header for header in _headers(sample))

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the steps say about one group."""
        sheet = joined([_sheet(source) for source in sources]).without_duplicates()
        return _extract(sheet, request)


def _headers(sample: Sample) -> list[frozenset[str]]:
    return [frozenset(field.lower() for field in row) for row in sample.rows()]


def _sheet(source: Source) -> Sheet:
    """Return the steps; titles may stand above the names of the columns."""
    above = 0
    head: list[str] = []
    for row in first_fields(source.head, n=10):
        if set(NEEDED) <= {field.lower() for field in row}:
            head = row
            break
        above += 1
    if not head:
        raise ConfigurationError(
            source.name, f"must have the columns {', '.join(NEEDED)}", source.head[:60]
        )
    sheet = sheet_of_csv(source, head)
    columns = {name.lower(): column for name, column in sheet.columns.items()}
    sheet = Sheet(columns, sheet.names, sheet.file, sheet.row, sheet.notes)
    sheet = sheet.at(np.arange(len(sheet)) > above)
    totals = sheet["call time"].each(lambda text: text.split(":")[0].lower() in TOTALS, np.bool_)
    return sheet.at(~totals)


def _extract(sheet: Sheet, request: Request) -> Extract:
    stamps = StampReader(sheet, request.clock)
    at = stamps.column("call time")
    bad = np.isnan(at)
    sheet.leave_out(bad, "their Call Time is not an instant")
    sheet, at = sheet.at(~bad), at[~bad]
    ringing, talking = (np.nan_to_num(seconds_in(sheet, name)) for name in ("ringing", "talking"))
    number = sheet["destination"].each(_number_of)
    mine = _is_group(sheet, number, request.group)
    if not mine.any():
        raise request.no_such_group(sheet, number.tolist())
    answered = sheet["status"].is_in(["Answered"])
    caller = sheet["caller id"].codes
    rows = np.flatnonzero(mine)
    person = _person_of(rows, caller, at, ringing, answered & ~mine)
    goes_on = _goes_on(rows, caller, at, ringing, ~mine)
    direct = answered[rows]  # versions that name the person's talk on the group's row
    by = np.where(person >= 0, number[person], "").astype(object)
    taken = (person >= 0) | direct
    talk = np.where(person >= 0, talking[person], talking[rows])
    outcome = np.where(taken, ANSWERED, np.where(goes_on, OVERFLOWED, ABANDONED))
    ended = at[rows] + ringing[rows]
    calls = Extract.call_rows(
        arrived_at=at[rows],
        ended_at=ended,
        outcome=outcome,
        answered_by=by,
        hung_up_at=np.where(taken, ended + talk, np.nan),
        action=np.where(outcome == OVERFLOWED, FORWARD_TO_NUMBER, -1),
        row=rows,
    )
    used = np.zeros(len(sheet), bool)
    used[person[person >= 0]] = True
    own = np.flatnonzero(answered & ~mine & ~used & (number != ""))
    begun = at[own] + ringing[own]
    notes = [
        *stamps.notes(),
        "A 3CX call report does not say its time zone; Call Time is taken as local.",
    ]
    return Extract(
        calls,
        Extract.no_rings(),
        Extract.own_rows(number[own], begun, begun + talking[own], own),
        sheet,
        "C",
        1.0,
        notes,
    )


def _number_of(destination: str) -> str:
    found = NUMBER.search(destination)
    return found[1] if found else destination


def _is_group(sheet: Sheet, number: NDArray[np.object_], group: str) -> Mask:
    named = sheet["destination"].each(lambda text: NUMBER.sub("", text).strip() == group, np.bool_)
    result: Mask = (number == group) | named
    return result


def _person_of(rows: Ints, caller: Ints, at: Floats, ringing: Floats, candidates: Mask) -> Ints:
    """Return the row, by caller, time and ringing, of the person who took each call, or -1."""
    key: dict[tuple[int, float, float], list[int]] = {}
    for row in np.flatnonzero(candidates).tolist():
        key.setdefault((int(caller[row]), at[row], ringing[row]), []).append(row)
    found = [
        (key.get((int(caller[row]), at[row], ringing[row])) or [-1]).pop() for row in rows.tolist()
    ]
    return np.array(found, dtype=np.int64)


def _goes_on(rows: Ints, caller: Ints, at: Floats, ringing: Floats, others: Mask) -> Mask:
    """Return which calls have a further step that begins as the group's step ends."""
    starts: dict[int, list[float]] = {}
    for row in np.flatnonzero(others).tolist():
        starts.setdefault(int(caller[row]), []).append(float(at[row]))
    return np.array(
        [
            any(
                start - at[row] > 0 and abs(start - at[row] - ringing[row]) <= GOES_ON
                for start in starts.get(int(caller[row]), [])
            )
            for row in rows.tolist()
        ],
        dtype=bool,
    )
