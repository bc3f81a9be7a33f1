"""Reader of Webex Calling's detailed call history: a row per leg and direction, in CSV or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.records._csv import check_columns, sheet_of_csv
from ringsim.records._extract import (
    ANSWERED_ELSEWHERE,
    RING_ANSWERED,
    RING_NO_ANSWER,
    Extract,
    Groups,
    Ints,
    Mask,
    Request,
)
from ringsim.records._json import sheet_of_json
from ringsim.records._legs import DID_NOT_RING, UNKNOWN, Callers, calls_and_rings
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, joined
from ringsim.records._stamps import StampReader, seconds_in

__all__ = ["Webex"]

NEEDED: Final = ("start time", "direction", "correlation id", "user type")
NEEDED_TOO: Final = (  # one of each
    ("answer time",),
    ("release time", "duration"),
    ("redirect reason",),
    ("called number", "user"),
)
GROUPS: Final = (
    "huntgroup",
    "callqueue",
    "callcenterstandard",
    "callcenterpremium",
    "callcenterbasic",
)
VIA_GROUP: Final = ("huntgroup", "callqueue")
CLOCK: Final = 0.001
SLACK: Final = 1.0  # ring durations are whole seconds


class Webex(Reader):
    """Reader of Webex Calling's detailed call history."""

    name = "webex"
    title = "Webex detailed call history"

    def recognises(self, sample: Sample) -> bool:
        """Return True for the names of the columns."""
        if sample.is_json:
            text = sample.text.lower()
            return all(f'"{name}"' in text for name in NEEDED)
        return set(NEEDED) <= sample.header()

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the legs say about one group."""
        sheet = joined([_sheet(source) for source in sources])
        return _Legs(_once(sheet.without_duplicates()), request).extract()


def _sheet(source: Source) -> Sheet:
    looks_json = source.head.lstrip()[:1] in (b"{", b"[")
    sheet = sheet_of_json(source) if looks_json else sheet_of_csv(source)
    columns = {name.lower(): column for name, column in sheet.columns.items()}
    missing = [name for name in NEEDED if name not in columns]
    if missing and len(sheet):
        raise ConfigurationError(
            source.name, f"must have the columns {', '.join(NEEDED)}", list(sheet.columns)[:20]
        )
    if len(sheet):
        check_columns(source.name, columns, *NEEDED_TOO)
    return Sheet(columns, sheet.names, sheet.file, sheet.row, sheet.notes)


def _once(sheet: Sheet) -> Sheet:
    """Return the sheet without rows that the feed delivered twice, by their report id."""
    column = sheet["report id"]
    again = pd.Series(column.codes).duplicated().to_numpy() & column.given
    if not again.any():
        return sheet
    sheet.leave_out(again, "their Report ID came before")
    return sheet.at(~again)


class _Legs:
    """The legs of all calls."""

    def __init__(self, sheet: Sheet, request: Request) -> None:
        stamps = StampReader(sheet, request.clock)
        start = stamps.column("start time")
        bad = np.isnan(start)
        sheet.leave_out(bad, "they have no start")
        answer, over = (
            stamps.column(name, start)[~bad] for name in ("answer time", "release time")
        )
        self.sheet, self.request, self.start = sheet.at(~bad), request, start[~bad]
        self.answer = np.where(self.sheet["answered"].is_in(["false", "no"]), np.nan, answer)
        talk = seconds_in(self.sheet, "duration")
        self.ring = seconds_in(self.sheet, "ring duration")
        self.end = np.where(np.isnan(over), self.answer + talk, over)
        self.notes = stamps.notes()

    def extract(self) -> Extract:
        """Return calls, rings and own calls of the group."""
        sheet = self.sheet
        terminating = sheet["direction"].is_in(["TERMINATING"])
        main = terminating & sheet["user type"].is_in(GROUPS) & self._names_group()
        via = (
            terminating
            & ~sheet["user type"].is_in(GROUPS)
            & sheet["redirect reason"].is_in(VIA_GROUP)
        )
        number = sheet["redirecting number"]
        ours = number.each(lambda text: text == self.request.group, np.bool_)
        if not main.any() and not (via & ours).any():
            raise self.request.no_such_group(sheet, self._named(terminating))
        code = sheet["correlation id"].codes
        calls_of = np.unique(code[main | (via & ours)])
        call = np.where(np.isin(code, calls_of), np.searchsorted(calls_of, code), -1)
        n = len(calls_of)
        phones = via & (call >= 0) & (ours | ~number.given)
        callers = self._callers(main, phones, call, n)
        legs = self._phone_legs(np.flatnonzero(phones), call)
        calls, rings = calls_and_rings(callers, legs, sheet, SLACK, self.notes)
        own = self._own((call < 0) | (~main & ~phones & ~self._callers_legs(call)))
        return Extract(calls, rings, own, sheet, "A", CLOCK, self.notes)

    def _names_group(self) -> Mask:
        found = np.zeros(len(self.sheet), bool)
        for name in ("called number", "user", "called line id", "dialed digits", "location"):
            found |= self.sheet[name].each(lambda text: text == self.request.group, np.bool_)
        return found

    def _named(self, rows: Mask) -> set[str]:
        groups = rows & self.sheet["user type"].is_in(GROUPS)
        return set(self.sheet["called number"].text[groups]) | set(self.sheet["user"].text[groups])

    def _callers_legs(self, call: Ints) -> Mask:
        """Return the originating legs of callers of the group."""
        return (call >= 0) & self.sheet["direction"].is_in(["ORIGINATING"])

    def _callers(self, main: Mask, phones: Mask, call: Ints, n: int) -> Callers:
        of_main, of_phone = Groups(call[main], n), Groups(call[phones], n)
        begun = of_main.least(self.start[main])
        arrived = np.where(np.isinf(begun), of_phone.least(self.start[phones]), begun)
        over = of_main.greatest(self.end[main])
        unanswered = np.isnan(self.answer[main])
        remote = self.sheet["releasing party"].is_in(["Remote"])[main] & unanswered
        redirected = self.sheet["answer indicator"].is_in(["Yes-PostRedirection"])[main]
        rows = np.full(n, 0)
        either = np.flatnonzero(main | phones)[::-1]
        rows[call[either]] = either
        return Callers(
            arrived_at=arrived,
            over_at=np.where(np.isinf(over), np.nan, over),
            gave_up=of_main.has(remote),
            forwarded=of_main.has(
                redirected & ~of_phone.has(~np.isnan(self.answer[phones]))[call[main]]
            ),
            row=rows,
        )

    def _phone_legs(self, rows: Ints, call: Ints) -> pd.DataFrame:
        answer, start = self.answer[rows], self.start[rows]
        end = np.where(np.isnan(self.end[rows]), start + self.ring[rows], self.end[rows])
        reason = self.sheet["call outcome reason"].at(rows)
        result = np.full(len(rows), UNKNOWN)
        result[reason.is_in(["NoAnswer"])] = RING_NO_ANSWER
        result[reason.is_in(["UserBusy", "Busy", "SubscriberOffline"])] = DID_NOT_RING
        result[self.sheet["call outcome"].at(rows).is_in(["Refusal"])] = DID_NOT_RING
        result[self.sheet["answered elsewhere"].at(rows).is_in(["Yes", "true"])] = (
            ANSWERED_ELSEWHERE
        )
        result[~np.isnan(answer)] = RING_ANSWERED
        name = np.where(
            self.sheet["called number"].given[rows],
            self.sheet["called number"].text[rows],
            self.sheet["user"].text[rows],
        )
        known = ~np.isnan(end)
        frame = pd.DataFrame(
            {
                "call": call[rows],
                "member": name,
                "start": start,
                "answer": answer,
                "end": end,
                "result": result,
                "row": rows,
            }
        )
        return frame[known].reset_index(drop=True)

    def _own(self, rows: Mask) -> pd.DataFrame:
        sheet = self.sheet
        at = np.flatnonzero(rows & ~np.isnan(self.answer) & ~np.isnan(self.end))
        outgoing = sheet["direction"].is_in(["ORIGINATING"])[at]
        name = np.where(outgoing, sheet["calling number"].text[at], sheet["called number"].text[at])
        name = np.where(name == "", sheet["user"].text[at], name)
        start = np.where(outgoing, self.start[at], self.answer[at])
        return Extract.own_rows(name, start, self.end[at], at)
