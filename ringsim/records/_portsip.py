"""Reader of PortSIP's call detail records: the JSON of its API, or a table with these columns.

A row is a leg with `rang_at`, so it shows a ring with its start and end. If calls have legs of
several members, or legs of phones that rang in vain, every ring is there (grade A); if they only
have the leg that was set up, C.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.records._csv import sheet_of_csv
from ringsim.records._extract import (
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
from ringsim.records._stamps import StampReader

__all__ = ["PortSip"]

NEEDED: Final = ("session_id", "started_at", "answered_at", "ended_at", "callee")
SLACK: Final = 0.25
CLOCK: Final = 1e-6
BUSY: Final = ("486", "600", "603", "404", "403", "488", "503")
NO_ANSWER: Final = ("408", "480")
CANCELLED: Final = ("487",)


class PortSip(Reader):
    """Reader of PortSIP's CDR."""

    name = "portsip"
    title = "PortSIP CDR"

    def recognises(self, sample: Sample) -> bool:
        """Return True for the names of the fields."""
        names = ("session_id", "rang_at", "callee")
        if sample.is_json:
            return all(f'"{name}"' in sample.text for name in names)
        return set(names) <= sample.header()

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the legs say about one group."""
        sheet = joined([_sheet(source) for source in sources]).without_duplicates()
        return _Legs(sheet, request).extract()


def _sheet(source: Source) -> Sheet:
    looks_json = source.head.lstrip()[:1] in (b"{", b"[")
    sheet = sheet_of_json(source) if looks_json else sheet_of_csv(source)
    missing = [name for name in NEEDED if name not in sheet]
    if missing and len(sheet):
        raise ConfigurationError(
            source.name, f"must have the fields {', '.join(NEEDED)}", list(sheet.columns)[:20]
        )
    return sheet


class _Legs:
    """The legs of all calls."""

    def __init__(self, sheet: Sheet, request: Request) -> None:
        stamps = StampReader(sheet, request.clock)
        start = stamps.column("started_at")
        bad = np.isnan(start)
        sheet.leave_out(bad, "they have no start")
        open_ended = ~bad & ~sheet["ended_at"].given
        sheet.leave_out(open_ended, "they have no end")
        good = ~bad & ~open_ended
        rang, answer, end = (
            stamps.column(name, start)[good] for name in ("rang_at", "answered_at", "ended_at")
        )
        self.sheet, self.request, self.start = sheet.at(good), request, start[good]
        self.rang, self.answer, self.end = rang, answer, end
        self.notes = stamps.notes()

    def extract(self) -> Extract:
        """Return calls, rings and own calls of the group."""
        sheet, group = self.sheet, self.request.group
        to_group = _equals(sheet, "callee", group) | _equals(sheet, "destination", group)
        of_group = to_group | _equals(sheet, "service_number", group)
        if not of_group.any():
            named = set(sheet["service_number"].distinct) | set(sheet["callee"].distinct)
            raise self.request.no_such_group(sheet, named)
        session = sheet["session_id"].codes
        alone = ~sheet["session_id"].given
        session = np.where(
            alone, len(sheet["session_id"].distinct) + np.arange(len(sheet)), session
        )
        sessions = np.unique(session[of_group])
        call = np.searchsorted(sessions, session)
        inside = np.isin(session, sessions)
        call = np.where(inside, call, -1)
        groups = Groups(call[inside], len(sessions))
        main = inside & _equals(sheet, "callee", group)
        phones = inside & ~_equals(sheet, "callee", group) & sheet["callee"].given
        if not phones.any():
            phones = main
        callers = self._callers(call, inside, main, phones, of_group, groups.n)
        arrived = callers.arrived_at[np.maximum(call, 0)]
        phones &= (self.start >= arrived - SLACK) & ~(self._is_direct(main, call, groups.n))
        legs = self._phone_legs(np.flatnonzero(phones), call)
        calls, rings = calls_and_rings(callers, legs, sheet, SLACK, self.notes)
        several = np.bincount(legs["call"], minlength=groups.n).max(initial=0) > 1
        in_vain = np.isnan(legs["answer"].to_numpy()).any() and main.any()
        grade = "A" if several or in_vain else "C"
        if grade == "C":
            self.notes.append(
                "Each call has the leg of one phone only: phones that rang in vain are not there."
            )
        own = self._own(~inside)
        kept = rings if grade == "A" else Extract.no_rings()
        return Extract(calls, kept, own, sheet, grade, CLOCK, self.notes)

    def _is_direct(self, main: Mask, call: Ints, n: int) -> Mask:
        """Return the legs that begin after the group's own leg ended unanswered: an overflow."""
        if not main.any():
            return np.zeros(len(call), bool)
        over = Groups(call[main], n).greatest(self.end[main])
        unanswered = Groups(call[main], n).has(~np.isnan(self.answer[main])) == 0
        at = np.maximum(call, 0)
        result: Mask = (call >= 0) & unanswered[at] & (self.start >= over[at])
        return result

    def _callers(
        self, call: Ints, inside: Mask, main: Mask, phones: Mask, of_group: Mask, n: int
    ) -> Callers:
        everything = Groups(call[of_group], n)
        has_main = Groups(call[main], n)
        arrived = np.where(
            np.isinf(has_main.least(self.start[main])),
            everything.least(self.start[of_group]),
            has_main.least(self.start[main]),
        )
        over = has_main.greatest(self.end[main])
        reason = self.sheet["end_reason"]
        quit_by_caller = reason.is_in(["CALLER_DISCONNECTED", "CALLER_DISCONNECT", "CANCELLED"])
        moved = self.sheet["reroute_reason"].given | reason.is_in(["REDIRECTED", "REFERRED"])
        gave_up = has_main.has((quit_by_caller & ~moved)[main] & np.isnan(self.answer[main]))
        last = Groups(call[phones], n)
        cancelled = last.has((quit_by_caller & ~moved)[phones] & np.isnan(self.answer[phones]))
        gave_up |= ~has_main.has(np.ones(int(main.sum()), bool)) & cancelled
        return Callers(
            arrived_at=arrived,
            over_at=np.where(np.isinf(over), np.nan, over),
            gave_up=gave_up,
            forwarded=Groups(call[inside], n).has(moved[inside]),
            row=np.flatnonzero(of_group)[everything.first(np.ones(int(of_group.sum()), bool))],
        )

    def _phone_legs(self, rows: Ints, call: Ints) -> pd.DataFrame:
        status = self.sheet["status_code"].at(rows)
        answered = ~np.isnan(self.answer[rows])
        silent = np.isnan(self.rang[rows]) & ~answered
        result = np.full(len(rows), UNKNOWN)
        result[status.is_in(NO_ANSWER)] = RING_NO_ANSWER
        result[status.is_in(BUSY) | silent] = DID_NOT_RING
        result[answered] = RING_ANSWERED
        start = np.where(np.isnan(self.rang[rows]), self.start[rows], self.rang[rows])
        return pd.DataFrame(
            {
                "call": call[rows],
                "member": self.sheet["callee"].text[rows],
                "start": start,
                "answer": self.answer[rows],
                "end": self.end[rows],
                "result": result,
                "row": rows,
            }
        )

    def _own(self, rows: Mask) -> pd.DataFrame:
        at = np.flatnonzero(rows & ~np.isnan(self.answer))
        return Extract.own_rows(
            np.r_[self.sheet["callee"].text[at], self.sheet["caller"].text[at]],
            np.r_[self.answer[at], self.start[at]],
            np.r_[self.end[at], self.end[at]],
            np.r_[at, at],
        )


def _equals(sheet: Sheet, column: str, text: str) -> Mask:
    return sheet[column].each(lambda value: value == text, np.bool_)
