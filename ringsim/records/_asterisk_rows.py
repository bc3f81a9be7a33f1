"""Rows of Asterisk's call detail records: those of a group, and the phones in them."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ringsim.records._asterisk_rings import (
    births,
    call_codes,
    dial_timeout,
    dialled_over,
    local_pair,
    phones,
)
from ringsim.records._extract import (
    Floats,
    Ints,
    Mask,
    Request,
)
from ringsim.records._sheet import Sheet
from ringsim.records._stamps import StampReader, seconds_in

__all__ = ["CdrRows"]

LEGS: Final = ("dial", "queue")
KEPT: Final = (  # the other columns are arrays here
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "disposition",
    "did",
)


class CdrRows:
    """The rows of the table, with instants."""

    def __init__(self, sheet: Sheet, request: Request) -> None:
        self.request = request
        stamps = StampReader(sheet, request.clock)
        born = births(sheet)
        self.notes = stamps.check_births(stamps.wall("start"), born)
        start = stamps.column("start", born)
        bad = np.isnan(start)
        sheet.leave_out(bad, "their start is not an instant")
        sheet, start, born = sheet.at(~bad), start[~bad], born[~bad]
        duration = np.nan_to_num(seconds_in(sheet, "duration"))
        billsec = np.nan_to_num(seconds_in(sheet, "billsec"))
        inner = StampReader(sheet, request.clock)
        end = start + duration
        if "end" in sheet:
            written = inner.column("end", start)
            end = np.where(np.isnan(written), end, written)
        if "answer" in sheet:
            answer = inner.column("answer", start)
        else:
            lifted = (billsec > 0) | sheet["disposition"].is_in(["ANSWERED"])
            answer = np.where(lifted, end - billsec, np.nan)
        self.notes += stamps.notes()
        end = np.maximum(end, start)
        # As a leg is written when it ends; exports may have the newest row first
        order = np.lexsort((seconds_in(sheet, "sequence"), start, end))
        sheet = sheet.at(order)
        self.start, self.answer, self.end = start[order], answer[order], end[order]
        self.duration, self.born = duration[order], born[order]
        self.answered = sheet["disposition"].is_in(["ANSWERED"]) & sheet["dstchannel"].given
        self.linked = call_codes(sheet)
        self.sheet = sheet.of(KEPT)

    def of_group(self) -> Mask:
        """Return the rows of calls to the group."""
        sheet, group = self.sheet, self.request.group
        to_it = sheet["dst"].each(lambda text: text == group, np.bool_)
        leg = sheet["lastapp"].is_in(LEGS)
        if "/" in group or "&" in group:  # the phones that a Dial names
            mine = leg & sheet["lastdata"].each(lambda text: group in text, np.bool_)
        else:
            named = sheet["lastdata"].each(lambda text: text.split(",", 1)[0] == group, np.bool_)
            queue = named & sheet["lastapp"].is_in(["queue"])
            to_it |= sheet["did"].each(lambda text: text == group, np.bool_) & leg
            ring_group = sheet["dcontext"].is_in(["ext-group", "ext-queues"])
            mine = (to_it & (leg | ring_group)) | queue
        if not mine.any():
            some = sheet["dst"].at(leg & (sheet["dcontext"].matches("^ext-(group|queues)$") | leg))
            raise self.request.no_such_group(sheet, set(some.text.tolist()))
        result: Mask = mine
        return result

    def local_rows(self, mine: Mask) -> tuple[Mask, Mask]:
        """Return the rows inside Local channels of the group, and the rows that only lead there.

        A row leads there if its phone is the half `;1` of a pair; the row of the half `;2` has
        the phone. Pairs may be nested. A queue's member without a half `;2` in the records is
        taken for the phone itself.
        """
        sheet = self.sheet
        outer, inner = (
            sheet[name].each(local_pair(half), object)
            for name, half in (("dstchannel", "1"), ("channel", "2"))
        )
        known = set(inner.tolist())
        alone = sheet["lastapp"].is_in(["queue"]) & ~np.array([name in known for name in outer])
        outer[alone] = ""
        to_local = outer != ""
        inside = np.zeros(len(sheet), bool)
        for _ in range(3):
            led_to = set(
                zip(
                    self.linked[(mine | inside) & to_local].tolist(),
                    outer[(mine | inside) & to_local].tolist(),
                    strict=True,
                )
            )
            if not led_to:
                break
            candidates = np.flatnonzero((inner != "") & ~inside)
            found = [
                at
                for at, key in zip(
                    candidates.tolist(),
                    zip(self.linked[candidates].tolist(), inner[candidates].tolist(), strict=True),
                    strict=True,
                )
                if key in led_to
            ]
            if not found:
                break
            inside[found] = True
        return inside, to_local

    def legs(self, rows: Ints) -> pd.DataFrame:
        """Return a row per phone of each call: rows of one channel are merged."""
        sheet = self.sheet
        rows = rows[sheet["dstchannel"].given[rows]]
        answer_at = self._answer_of(rows)
        failed = sheet["disposition"].is_in(["BUSY", "CONGESTION", "FAILED"])[rows]
        failed &= ~(sheet["lastapp"].is_in(["queue"])[rows] & (self.duration[rows] > 1))
        frame = pd.DataFrame(
            {
                "linked": self.linked[rows],
                "channel": sheet["dstchannel"].codes[rows],
                "start": self.start[rows],
                "end": self.end[rows],
                "answered": self.answered[rows],
                "answer": answer_at,
                "failed": failed,
                "timeout": self._timeouts(rows),
                "row": rows,
                "born": self.born[rows],
            }
        )
        merged = frame.groupby(["linked", "channel"], sort=False).agg(
            start=("start", "min"),
            end=("end", "max"),
            answered=("answered", "max"),
            answer=("answer", "min"),
            failed=("failed", "min"),
            timeout=("timeout", "min"),
            row=("row", "first"),
            born=("born", "first"),
        )
        merged = merged.reset_index()
        merged["member"] = self._members(merged["row"].to_numpy())
        return merged

    def _answer_of(self, rows: Ints) -> Floats:
        """Return when the phone of an answered row was lifted, NaN if that is not known.

        After an `Answer()` the column has an instant from before the Dial, at most the start.
        """
        known = self.answered[rows] & (self.answer[rows] > self.start[rows])
        at_once = self.answered[rows] & (self.end[rows] == self.start[rows])
        return np.where(known, self.answer[rows], np.where(at_once, self.end[rows], np.nan))

    def _timeouts(self, rows: Ints) -> Floats:
        text = self.sheet["lastdata"].each(dial_timeout, np.float64)
        result: Floats = text[rows]
        return result

    def _members(self, rows: Ints) -> list[str]:
        """Return the phone of each row: its channel's, or the number dialled over a trunk."""
        channel = phones(self.sheet, "dstchannel")[rows]
        dialled = self.sheet["lastdata"].text[rows]
        names = [
            dialled_over(phone, data) if "@" in data else phone
            for phone, data in zip(channel, dialled, strict=True)
        ]
        kinds = self.sheet["dstchannel"].each(lambda text: text.split("/", 1)[0])[rows]
        return [f"{kind}/{name}" for kind, name in zip(kinds, names, strict=True)]
