"""Reader of Asterisk's `queue_log`: the file, the realtime table and Thirdlane's table.

The log has a line per event, but none for the phones of a ring-all queue that stopped because
another one answered nor, before Asterisk 15, for phones that rang when the caller hung up: grade B.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ringsim._sources import Source
from ringsim.records._csv import mostly
from ringsim.records._duty import (
    PAUSED,
    RESTARTED,
    RESUMED,
    SIGNED_IN,
    SIGNED_OUT,
    events_of,
)
from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    CALLER_GAVE_UP,
    FORWARD_TO_NUMBER,
    HANGUP,
    OVERFLOWED,
    RING_ANSWERED,
    RING_NO_ANSWER,
    Extract,
    Floats,
    Groups,
    Ints,
    Mask,
    Request,
    epoch_in,
)
from ringsim.records._queue_log_sheet import TABLES, is_line, queue_log_sheet
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, joined
from ringsim.records._stamps import StampReader, seconds_in

__all__ = ["QueueLog"]

ENDS: Final = ("COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER")
TRANSFERS: Final = ENDS[2:]
EXITS: Final = ("EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY", "WITHDRAW", "SYSCOMPAT")
OUTCOMES: Final = ("CONNECT", "ABANDON", *EXITS)
NO_CALL: Final = ("", "NONE", "REALTIME", "MANAGER", "CLI")
RESTART: Final = "QUEUESTART"
DUTY: Final = {
    "ADDMEMBER": SIGNED_IN,
    "REMOVEMEMBER": SIGNED_OUT,
    "AGENTLOGIN": SIGNED_IN,
    "AGENTLOGOFF": SIGNED_OUT,
    "AGENTCALLBACKLOGIN": SIGNED_IN,
    "AGENTCALLBACKLOGOFF": SIGNED_OUT,
    "PAUSE": PAUSED,
    "PAUSEALL": PAUSED,
    "UNPAUSE": RESUMED,
    "UNPAUSEALL": RESUMED,
    RESTART: RESTARTED,
}
DID_NOT_RING: Final = 1.0  # seconds: 0 and 1000 ms mean busy, unreachable or refused


class QueueLog(Reader):
    """Reader of `queue_log`."""

    name = "queue_log"
    title = "Asterisk queue_log"

    def recognises(self, sample: Sample) -> bool:
        """Return True for lines of events, or the columns of a table of them."""
        if any(table <= sample.header() for table in TABLES):
            return True
        rows = sample.rows("|")
        return mostly(rows, is_line)

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the events say about one queue."""
        sheet = joined([queue_log_sheet(source) for source in sources]).without_duplicates()
        return _Events(sheet, request).extract()


class _Events:
    """The events of all queues, in the order of time."""

    def __init__(self, sheet: Sheet, request: Request) -> None:
        self.request = request
        stamps = StampReader(sheet, request.clock)
        born = sheet["callid"].each(epoch_in, np.float64)
        enters = sheet["event"].is_in(["ENTERQUEUE"])
        zone = stamps.check_births(np.where(enters, stamps.wall("time"), np.nan), born)
        at = stamps.column("time", born)
        bad = np.isnan(at)
        sheet.leave_out(bad, "their time is not an instant")
        order = np.flatnonzero(~bad)
        order = order[np.argsort(at[order], kind="stable")]
        self.sheet = sheet = sheet.at(order)
        self.at = at[order]
        self.notes = [*zone, *stamps.notes()]
        self.clock = 1.0 if not (self.at % 1).any() else 1e-6
        self.event = sheet["event"].each(str.upper)
        self.has_call = ~sheet["callid"].is_in(NO_CALL)
        self.is_thirdlane = "htime" in sheet

    def extract(self) -> Extract:
        """Return calls, rings and own calls of the queue."""
        sheet = self.sheet
        mine = sheet["queue"].each(lambda text: text == self.request.group, np.bool_)
        mine &= self.has_call
        if not mine.any():
            queues = sheet["queue"].distinct
            raise self.request.no_such_group(sheet, set(queues) - set(NO_CALL))
        rows = np.flatnonzero(mine)
        codes, different = pd.factorize(sheet["callid"].codes[rows])
        groups = Groups(codes, len(different))
        calls, kept = self._calls(rows, groups)
        rings = self._rings(rows, codes, kept)
        return Extract(
            calls,
            rings,
            self._own(),
            sheet,
            "B",
            self.clock,
            self.notes,
            duty=self._duty(),
            callers_wait=True,
        )

    def _duty(self) -> pd.DataFrame:
        """Return sign-ins and pauses of this queue, and of agents in all queues.

        A member can be added paused.
        """
        sheet, event = self.sheet, self.event
        everywhere = (self.request.group, *NO_CALL)
        rows = np.flatnonzero(
            sheet["event"].each(lambda text: text.upper() in DUTY, np.bool_)
            & sheet["queue"].each(lambda text: text in everywhere, np.bool_)
        )
        code = np.array([DUTY[str(each)] for each in event[rows]], dtype=np.int64)
        member = np.where(code == RESTARTED, "", sheet["agent"].text[rows])
        added = (code == SIGNED_IN) & (
            np.char.upper(sheet["data1"].text[rows].astype(str)) == "PAUSED"
        )
        found = events_of(member, self.at[rows], code)
        paused = found[added].assign(event=PAUSED)
        both: pd.DataFrame = pd.concat([found, paused])
        return both.sort_values("at", kind="stable", ignore_index=True)

    def _is(self, rows: Ints, *events: str) -> Mask:
        found = self.sheet["event"].is_in(events)
        return found[rows]

    def _calls(self, rows: Ints, groups: Groups) -> tuple[pd.DataFrame, Mask]:
        """Return a row per call that entered and left the queue, and which calls these are."""
        at, sheet = self.at[rows], self.sheet
        entered = groups.first(self._is(rows, "ENTERQUEUE"))
        connected = groups.first(self._is(rows, "CONNECT"))
        left = self._is(rows, "ABANDON", *EXITS)
        last_left = _last(groups, left)
        answered = connected >= 0
        decided = np.where(answered, connected, last_left)
        self._note_re_entries(rows, groups)
        known = (entered >= 0) & (decided >= 0)
        self._note_unended(rows, entered, decided)
        first = np.maximum(entered, 0)
        by = np.maximum(decided, 0)
        ended = at[by]
        event = self.event[rows][by]
        hung_up = self._hang_ups(rows, groups, answered, ended)
        outcome = np.where(answered, ANSWERED, np.where(event == "ABANDON", ABANDONED, OVERFLOWED))
        key = event == "EXITWITHKEY"
        if (key & known).any():
            self.notes.append(
                "Callers who left the queue by pressing a key, counted as overflowed: "
                f"{int((key & known).sum())}."
            )
        action = np.where(key, FORWARD_TO_NUMBER, HANGUP)
        calls = Extract.call_rows(
            arrived_at=at[first],
            ended_at=ended,
            outcome=outcome,
            answered_by=np.where(answered, sheet["agent"].text[rows][by], "").astype(object),
            hung_up_at=hung_up,
            action=np.where(outcome == OVERFLOWED, action, -1),
            row=rows[first],
        )
        return calls[known].reset_index(drop=True), known

    def _note_re_entries(self, rows: Ints, groups: Groups) -> None:
        again = groups.count(self._is(rows, "ENTERQUEUE")) > 1
        if again.any():
            self.notes.append(
                "Calls that enter the queue more than once, each counted once from its first "
                f"arrival: {int(again.sum())}."
            )

    def _note_unended(self, rows: Ints, entered: Ints, decided: Ints) -> None:
        began = (entered >= 0) & (decided < 0)
        odd = np.zeros(len(self.sheet), bool)
        odd[rows[entered[began]]] = True
        self.sheet.leave_out(odd, "a restart or the edge of the file took their end", "Call")
        without = (entered < 0) & (decided >= 0)
        odd[:] = False
        odd[rows[decided[without]]] = True
        self.sheet.leave_out(odd, "they entered the queue before the records begin", "Call")

    def _hang_ups(self, rows: Ints, groups: Groups, answered: Mask, ended: Floats) -> Floats:
        """Return when each answered call was hung up or transferred, NaN if that is not known.

        A restart ends every call without an event.
        """
        at = self.at[rows]
        ends = self._is(rows, *ENDS)
        last = _last(groups, ends)
        hung_up = np.where(answered & (last >= 0), at[np.maximum(last, 0)], np.nan)
        moved = groups.has(self._is(rows, *TRANSFERS)) & answered
        if moved.any():
            self.notes.append(
                "Answered calls that ended by a transfer, at which the member's talk ends: "
                f"{int(moved.sum())}."
            )
        restarts = self.at[self.event == RESTART]
        if len(restarts):
            unknown = answered & np.isnan(hung_up)
            n = int((unknown & (np.searchsorted(restarts, ended) < len(restarts))).sum())
            if n:
                self.notes.append(f"Answered calls without an end because Asterisk restarted: {n}.")
        return hung_up

    def _rings(self, rows: Ints, codes: Ints, kept: Mask) -> pd.DataFrame:
        """Return the rings of the calls that are kept."""
        sheet, at = self.sheet, self.at[rows]
        connect = self._is(rows, "CONNECT")
        failed = self._is(rows, "RINGNOANSWER")
        cancelled = self._is(rows, "RINGCANCELED")
        milliseconds = "htime" if self.is_thirdlane else "data1"
        length = np.where(
            connect,
            np.nan_to_num(seconds_in(sheet, "data3"))[rows],
            np.nan_to_num(seconds_in(sheet, milliseconds, 0.001))[rows],
        )
        no_ring = failed & (length <= DID_NOT_RING)
        if no_ring.any():
            where = sheet.where(int(rows[int(np.argmax(no_ring))]))
            self.notes.append(
                "Phones that were busy, unreachable or refused the call, and did not ring: "
                f"{int(no_ring.sum())}; first at {where}."
            )
        chosen = (connect | failed | cancelled) & ~no_ring & kept[codes]
        number = np.cumsum(kept) - 1
        result = np.where(
            connect, RING_ANSWERED, np.where(cancelled, CALLER_GAVE_UP, RING_NO_ANSWER)
        )
        first_connect = np.zeros(len(rows), bool)
        first = Groups(codes, len(kept)).first(connect)
        first_connect[first[first >= 0]] = True
        chosen &= ~connect | first_connect
        return pd.DataFrame(
            {
                "call": number[codes[chosen]],
                "member": sheet["agent"].text[rows[chosen]],
                "started_at": (at - length)[chosen],
                "ended_at": at[chosen],
                "result": result[chosen],
            }
        )

    def _own(self) -> pd.DataFrame:
        """Return the calls that members made, which add-ons write, and calls of other queues."""
        sheet = self.sheet
        parts = []
        if self.is_thirdlane:
            out = np.flatnonzero(sheet["event"].is_in(["OUTANSWER"]))
            talk = np.nan_to_num(seconds_in(sheet, "ttime"))[out]
            parts.append(
                Extract.own_rows(sheet["agent"].text[out], self.at[out] - talk, self.at[out], out)
            )
        elsewhere = self.has_call & ~sheet["queue"].each(
            lambda text: text == self.request.group, np.bool_
        )
        rows = np.flatnonzero(elsewhere)
        codes, different = pd.factorize(sheet["callid"].codes[rows])
        groups = Groups(codes, len(different))
        began = groups.first(self._is(rows, "CONNECT", "CALLOUTBOUND", "CALLANSWER"))
        ended = _last(groups, self._is(rows, *ENDS))
        known = (began >= 0) & (ended > began)
        start, end = rows[began[known]], rows[ended[known]]
        parts.append(
            Extract.own_rows(sheet["agent"].text[end], self.at[start], self.at[end], start)
        )
        return pd.concat(parts, ignore_index=True)


def _last(groups: Groups, rows: Mask) -> Ints:
    """Return the index of the last marked row of each group, -1 if there is none."""
    found = np.full(groups.n, -1, dtype=np.int64)
    at = np.flatnonzero(rows)
    found[groups.code[at]] = at
    return found
