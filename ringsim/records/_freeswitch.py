"""Reader of FreeSWITCH's call detail records: CSV of the template `example`, FusionPBX, JSON.

With the legs of phones logged (`legs` = `ab`, `log-b-leg` = true) every ring is there: grade A.
Otherwise each call has one row: grade C.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ringsim._sources import Source
from ringsim.records._csv import mostly
from ringsim.records._extract import (
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    RING_ANSWERED,
    RING_NO_ANSWER,
    Extract,
    Floats,
    Ints,
    Mask,
    Request,
)
from ringsim.records._freeswitch_sheet import freeswitch_sheet, is_template
from ringsim.records._legs import DID_NOT_RING, UNKNOWN, Callers, calls_and_rings
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, joined
from ringsim.records._stamps import StampReader, seconds_in

__all__ = ["FreeSwitch"]

CAUSES: Final = {
    "LOSE_RACE": ANSWERED_ELSEWHERE,
    "ORIGINATOR_CANCEL": CALLER_GAVE_UP,
    "NO_ANSWER": RING_NO_ANSWER,
    "ALLOTTED_TIMEOUT": RING_NO_ANSWER,
    "PROGRESS_TIMEOUT": RING_NO_ANSWER,
    "USER_BUSY": DID_NOT_RING,
    "CALL_REJECTED": DID_NOT_RING,
    "USER_NOT_REGISTERED": DID_NOT_RING,
    "NO_USER_RESPONSE": DID_NOT_RING,
    "SUBSCRIBER_ABSENT": DID_NOT_RING,
    "DESTINATION_OUT_OF_ORDER": DID_NOT_RING,
    "RECOVERY_ON_TIMER_EXPIRE": DID_NOT_RING,
}
GAVE_UP: Final = ("ORIGINATOR_CANCEL",)
SLACK: Final = 1.5
FORWARDS: Final = ("voicemail", "transfer", "bridge")


class FreeSwitch(Reader):
    """Reader of FreeSWITCH and FusionPBX CDR."""

    name = "freeswitch_cdr"
    title = "FreeSWITCH CDR"

    def recognises(self, sample: Sample) -> bool:
        """Return True for the template's fields, FusionPBX's columns, or JSON with variables.

        XML of calls is recognised too, so that `read` can say what to export instead.
        """
        if sample.text.lstrip().startswith("<"):
            return "<cdr" in sample.text
        if sample.is_json:
            return '"hangup_cause"' in sample.text and '"start_' in sample.text
        header = sample.header()
        if {"destination_number", "hangup_cause"} <= header and header & {
            "start_stamp",
            "start_epoch",
        }:
            return True
        rows = sample.rows()
        return mostly(rows, is_template)

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the legs say about one group."""
        sheet = joined([freeswitch_sheet(source) for source in sources]).without_duplicates()
        return _Legs(sheet, request).extract()


class _Legs:
    """The legs of all calls."""

    def __init__(self, sheet: Sheet, request: Request) -> None:
        self.request = request
        sheet = _once(sheet)
        stamps = StampReader(sheet, request.clock)
        start = _instant(sheet, stamps, "start")
        bad = np.isnan(start)
        sheet.leave_out(bad, "they have no start")
        answer, end = (_instant(sheet, stamps, name, start) for name in ("answer", "end"))
        progress = _instant(sheet, stamps, "progress", start)
        progress = np.where(np.isnan(progress), _instant(sheet, stamps, "progress_media"), progress)
        end = np.where(np.isnan(end), start + seconds_in(sheet, "duration"), end)
        open_ended = ~bad & np.isnan(end)
        sheet.leave_out(open_ended, "they have no end")
        good = ~bad & ~open_ended
        self.sheet = sheet.at(good)
        self.start, self.answer, self.end = start[good], answer[good], end[good]
        progress = progress[good]
        self.rings_at = np.where(np.isnan(progress), self.start, progress)
        self.notes = stamps.notes()
        whole = not (self.start % 1).any()
        self.clock = 1.0 if whole else 1e-6
        self.slack = SLACK if whole else 0.25

    def extract(self) -> Extract:
        """Return calls, rings and own calls of the group."""
        sheet = self.sheet
        main = self._of_group()
        uuid = sheet["uuid"].text
        number = {text: at for at, text in enumerate(uuid[main].tolist()) if text}
        n = int(main.sum())
        call = np.full(len(sheet), -1)
        call[main] = np.arange(n)
        parent = self._parents()
        of_parent = np.array([number.get(text, -1) for text in parent], dtype=np.int64)
        phones = ~main & (of_parent >= 0)
        if not phones.any():
            of_parent = self._by_bridge(main, number)
            phones = ~main & (of_parent >= 0)
        grade = "A" if phones.any() else "C"
        callers = self._callers(main)
        if grade == "C":
            self.notes.append(
                "Each call has one row: the phones that rang are not there. FreeSWITCH records "
                "them with legs=ab or log-b-leg=true."
            )
            legs = self._own_legs(main)
        else:
            legs = self._phone_legs(np.flatnonzero(phones), of_parent)
        calls, rings = calls_and_rings(callers, legs, sheet, self.slack, self.notes)
        own = self._own(~main & ~phones)
        kept = rings if grade == "A" else Extract.no_rings()
        return Extract(calls, kept, own, sheet, grade, self.clock, self.notes)

    def _of_group(self) -> Mask:
        sheet, group = self.sheet, self.request.group
        mine = np.zeros(len(sheet), bool)
        for column in ("destination_number", "caller_destination", "ring_group_uuid", "cc_queue"):
            mine |= sheet[column].each(
                lambda text: text == group or text.partition("@")[0] == group, np.bool_
            )
        mine &= ~(sheet["originating_leg_uuid"].given | sheet["originator"].given)
        mine &= ~sheet["leg"].is_in(["b"])
        mine &= ~sheet["cc_side"].is_in(["agent"])
        if not mine.any():
            raise self.request.no_such_group(sheet, sheet["destination_number"].distinct)
        return mine

    def _parents(self) -> Any:
        """Return the uuid of the caller's leg of each phone, "" if it does not say."""
        return np.where(
            self.sheet["originating_leg_uuid"].given,
            self.sheet["originating_leg_uuid"].text,
            self.sheet["originator"].text,
        )

    def _by_bridge(self, main: Mask, number: Mapping[str, int]) -> Ints:
        """Return the call of each leg in a table without links to the caller's leg.

        The winner is named by the caller's row; others have the caller's number and lie inside
        the time of the caller's leg.
        """
        sheet = self.sheet
        found = np.full(len(sheet), -1)
        winner = {
            text: at for at, text in enumerate(sheet["bleg_uuid"].text[main].tolist()) if text
        }
        if not winner:
            return found
        rows = np.flatnonzero(main)
        by_caller: dict[str, list[int]] = {}
        caller = sheet["caller_id_number"].text
        for at, row in enumerate(rows.tolist()):
            by_caller.setdefault(caller[row], []).append(at)
        uuid = sheet["uuid"].text
        del number
        for row in np.flatnonzero(~main).tolist():
            if uuid[row] in winner:
                found[row] = winner[uuid[row]]
                continue
            for at in by_caller.get(caller[row], []):
                inside = self.start[rows[at]] <= self.start[row] <= self.end[rows[at]]
                if inside and sheet["hangup_cause"].text[row] in CAUSES:
                    found[row] = at
                    break
        return found

    def _callers(self, main: Mask) -> Callers:
        sheet = self.sheet
        cause = sheet["hangup_cause"].at(main)
        app = sheet["last_app"].at(main)
        status = sheet["cc_cancel_reason"].at(main)
        joined_at = _epochs(sheet, "cc_queue_joined_epoch")[main]
        arrived = np.where(np.isnan(joined_at), self.start[main], joined_at)
        over = self.end[main]
        answered = ~np.isnan(self.answer[main])
        gave_up = cause.is_in(GAVE_UP) & ~answered
        forwarded = (app.is_in(FORWARDS) & answered) | status.is_in(["TIMEOUT", "NO_AGENT_TIMEOUT"])
        return Callers(arrived, over, gave_up, forwarded, np.flatnonzero(main))

    def _own_legs(self, main: Mask) -> pd.DataFrame:
        """Return a leg for each answered call that has one row."""
        rows = np.flatnonzero(main)
        answer = self.answer[rows]
        queue = _epochs(self.sheet, "cc_queue_answered_epoch")[rows]
        answer = np.where(np.isnan(queue), answer, queue)
        mailed = self.sheet["last_app"].is_in(["voicemail"])[rows]
        mailed |= self.sheet["voicemail_message"].is_in(["true"])[rows]
        answer = np.where(mailed, np.nan, answer)
        number = np.arange(len(rows))
        known = ~np.isnan(answer)
        agent = self.sheet["cc_agent"].text[rows]
        return pd.DataFrame(
            {
                "call": number[known],
                "member": agent[known],
                "start": self.start[rows[known]],
                "answer": answer[known],
                "end": self.end[rows[known]],
                "result": np.full(int(known.sum()), RING_ANSWERED),
                "row": rows[known],
            }
        )

    def _phone_legs(self, rows: Ints, of_parent: Ints) -> pd.DataFrame:
        cause = self.sheet["hangup_cause"].each(lambda text: CAUSES.get(text.upper(), UNKNOWN))
        result = cause[rows].astype(np.int64)
        result[~np.isnan(self.answer[rows])] = RING_ANSWERED
        return pd.DataFrame(
            {
                "call": of_parent[rows],
                "member": self.sheet["destination_number"].text[rows],
                "start": self.rings_at[rows],
                "answer": self.answer[rows],
                "end": self.end[rows],
                "result": result,
                "row": rows,
            }
        )

    def _own(self, rows: Mask) -> pd.DataFrame:
        at = np.flatnonzero(rows & ~np.isnan(self.answer))
        return Extract.own_rows(
            np.r_[
                self.sheet["destination_number"].text[at], self.sheet["caller_id_number"].text[at]
            ],
            np.r_[self.answer[at], self.start[at]],
            np.r_[self.end[at], self.end[at]],
            np.r_[at, at],
        )


def _once(sheet: Sheet) -> Sheet:
    """Return one row per leg: a spreadsheet's copies may differ in the cause only."""
    uuid = sheet["uuid"]
    if not uuid.given.any():
        return sheet
    again = pd.Series(uuid.codes).duplicated().to_numpy() & uuid.given
    if not again.any():
        return sheet
    sheet.leave_out(again, "they repeat the leg of an earlier row")
    return sheet.at(~again)


def _epochs(sheet: Sheet, name: str) -> Floats:
    """Return a column of epochs; 0 means missing."""
    values = seconds_in(sheet, name)
    return np.where(values > 0, values, np.nan)


def _instant(sheet: Sheet, stamps: StampReader, name: str, near: Floats | None = None) -> Floats:
    """Return an instant by its most exact column: microseconds, seconds, or local time."""
    found = np.full(len(sheet), np.nan)
    for column, unit in ((f"{name}_uepoch", 1e-6), (f"{name}_epoch", 1.0)):
        if column in sheet:
            values = seconds_in(sheet, column, unit)
            found = np.where(np.isnan(found) & (values > 0), values, found)
    stamp = f"{name}_stamp"
    if stamp in sheet and np.isnan(found).any():
        found = np.where(np.isnan(found), stamps.column(stamp, near), found)
    elif stamp not in sheet and len(sheet):
        stamps.in_utc = True
    return found
