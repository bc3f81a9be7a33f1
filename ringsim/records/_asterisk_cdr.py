"""Reader of Asterisk's call detail records: `Master.csv` and exports of the table `cdr`.

Since Asterisk 12 a dialled phone has a row of its own, so that `start` and `end` of the row are
those of the ring. The rows of one call share `linkedid`. What has to be undone:

- An `Answer()` before the Dial fills `answer` in every row; only the disposition tells who
  answered, and the others' `end` tells when. The first phone's row then begins with the channel.
- A pair of Local channels (delays, follow-me, queues) adds rows; the phone is in the row of the
  half `;2`, and the row of the half `;1` is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ringsim.errors import ConfigurationError
from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    FORWARD_TO_NUMBER,
    FORWARD_TO_VOICEMAIL,
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
    phone_of,
)
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, Text, first_fields, joined, sheet_of_csv
from ringsim.records._sources import Source
from ringsim.records._stamps import StampReader, seconds_in

__all__ = ["MASTER", "AsteriskCdr"]

MASTER: Final = [
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "peeraccount",
    "linkedid",
    "sequence",
]
LEAST_MASTER = 16
WANTED: Final = [
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "uniqueid",
    "linkedid",
    "sequence",
    "did",
]
DISPOSITIONS = {"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"}
OTHER_NAMES: Final = {"calldate": "start"}
LEGS: Final = ("dial", "queue")
AFTERWARDS: Final = ("dial", "queue", "voicemail")
ZERO_DATES = r"^(0000-|1000-01-01|0001-01-01)"
DIAL_TIMEOUT = re.compile(r"^[^,]*,(\d{1,4})(?:,|$)")
LOCAL = re.compile(r"^(Local/.*);([12])$", re.IGNORECASE)
SLACK = 1.5  # seconds by which two truncated instants of one event may differ


class AsteriskCdr(Reader):
    """Reader of Asterisk CDR as a file or as an export of the table, FreePBX's included."""

    name = "asterisk_cdr"
    title = "Asterisk CDR"

    def recognises(self, sample: Sample) -> bool:
        """Return True for the columns of the table, or for rows like those of `Master.csv`."""
        header = sample.header()
        if {"dstchannel", "lastapp", "disposition"} <= header:
            return True
        rows = sample.rows()
        return bool(rows) and all(_is_master(row) for row in rows)

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the rows say about one group."""
        sheet = _with_dates(joined([_sheet(source) for source in sources]))
        return _Rows(sheet.without_duplicates(), request).extract()


def _is_master(row: Sequence[str]) -> bool:
    return LEAST_MASTER <= len(row) <= len(MASTER) and row[14].upper() in DISPOSITIONS


def _sheet(source: Source) -> Sheet:
    head = (first_fields(source.data, ",", 1) or [[]])[0]
    if _is_master(head):
        return sheet_of_csv(source, MASTER[: max(LEAST_MASTER, len(head))], wanted=WANTED)
    names = [OTHER_NAMES.get(name.lower(), name.lower()) for name in head]
    sheet = sheet_of_csv(source, wanted=head)
    columns = dict(zip(names, (sheet[name] for name in head), strict=True))
    missing = {"start", "dstchannel", "lastapp", "disposition", "dst", "channel"} - set(columns)
    if missing:
        raise ConfigurationError(
            source.name,
            "must be Asterisk CDR: Master.csv, or a table with the columns start or calldate, "
            "dst, channel, dstchannel, lastapp and disposition",
            head,
        )
    return Sheet(columns, sheet.names, sheet.file, sheet.row, sheet.notes)


def _with_dates(sheet: Sheet) -> Sheet:
    """Return the rows with a real date."""
    zero = sheet["start"].matches(ZERO_DATES) | ~sheet["start"].given
    sheet.leave_out(zero, "they have a zero date, or none")
    return sheet.at(~zero)


class _Rows:
    """The rows of the table, with instants."""

    def __init__(self, sheet: Sheet, request: Request) -> None:
        self.request = request
        stamps = StampReader(sheet, request.clock)
        born = _born(sheet)
        self.notes = stamps.check_births(stamps.wall("start"), born)
        start = stamps.column("start", born)
        bad = np.isnan(start)
        sheet.leave_out(bad, "their start is no instant")
        self.sheet = sheet = sheet.at(~bad)
        self.start, self.born = start[~bad], born[~bad]
        self.duration = np.nan_to_num(seconds_in(sheet, "duration"))
        billsec = np.nan_to_num(seconds_in(sheet, "billsec"))
        end, answer = self.start + self.duration, np.full(len(self.start), np.nan)
        if "end" in sheet:
            inner = StampReader(sheet, request.clock)
            written = inner.column("end", self.start)
            end = np.where(np.isnan(written), end, written)
            answer = inner.column("answer", self.start)
        else:
            answer = np.where(billsec > 0, end - billsec, np.nan)
        self.notes += stamps.notes()
        self.end = np.maximum(end, self.start)
        self.answer = answer
        self.answered = sheet["disposition"].is_in(["ANSWERED"]) & sheet["dstchannel"].given
        self.linked = _linked(sheet)

    def extract(self) -> Extract:
        """Return calls, rings and own calls of the group."""
        mine = self._of_group()
        inside, to_local = self._local_rows(mine)
        legs = self._legs(np.flatnonzero((mine | inside) & ~to_local))
        codes, links = pd.factorize(self.linked[mine])
        n = len(links)
        call_of_link = pd.Index(links)
        legs = legs.assign(call=call_of_link.get_indexer(pd.Index(legs["linked"])))
        groups = Groups(codes, n)
        calls, rings = self._calls_and_rings(np.flatnonzero(mine), groups, legs, links)
        own = self._own(~(mine | inside | to_local), calls, call_of_link)
        grade = self._grade(mine, groups)
        return Extract(
            calls,
            rings if grade == "A" else Extract.no_rings(),
            own,
            self.sheet,
            grade,
            1.0,
            self.notes,
        )

    def _of_group(self) -> Mask:
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

    def _local_rows(self, mine: Mask) -> tuple[Mask, Mask]:
        """Return the rows inside Local channels of the group, and the rows that only lead there.

        A row leads there if its phone is the half `;1` of a pair; the row of the half `;2` has
        the phone. Pairs may be nested. A queue's member without a half `;2` in the records is
        taken for the phone itself.
        """
        sheet = self.sheet
        outer, inner = (
            sheet[name].each(_pair_of(half), object)
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

    def _legs(self, rows: Ints) -> pd.DataFrame:
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
        text = self.sheet["lastdata"].each(_timeout, np.float64)
        result: Floats = text[rows]
        return result

    def _members(self, rows: Ints) -> list[str]:
        """Return the phone of each row: that of the channel, or the number dialled over a trunk."""
        channel = self.sheet["dstchannel"].each(lambda text: phone_of(_base(text)))[rows]
        dialled = self.sheet["lastdata"].text[rows]
        names = [
            _over_trunk(phone, data) if "@" in data else phone
            for phone, data in zip(channel, dialled, strict=True)
        ]
        kinds = self.sheet["dstchannel"].each(lambda text: text.split("/", 1)[0])[rows]
        return [f"{kind}/{name}" for kind, name in zip(kinds, names, strict=True)]

    def _calls_and_rings(
        self, rows: Ints, groups: Groups, legs: pd.DataFrame, links: Ints
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Work out arrival, outcome and rings of each call."""
        legs = legs[legs["call"].to_numpy() >= 0].reset_index(drop=True)
        of_leg = Groups(legs["call"].to_numpy(), groups.n)
        start, end = _ring_starts(legs, of_leg), legs["end"].to_numpy()
        arrived = np.fmin(
            of_leg.least(start),
            np.where(of_leg.has(start == start), np.inf, groups.least(self.start[rows])),
        )
        won = legs["answered"].to_numpy(np.bool_)
        winner = of_leg.first(won)
        won = won & (np.arange(len(legs)) == winner[of_leg.code])
        answered = winner >= 0
        answered_at = self._answers(legs, of_leg, winner, start)
        last_end = np.where(
            of_leg.has(np.ones(len(legs), bool)),
            of_leg.greatest(end),
            groups.greatest(self.end[rows]),
        )
        ended = np.where(answered, answered_at, last_end)
        result, rang = _results(legs, of_leg, start, ended, answered, won)
        later = self._goes_on(rows, links, ended)
        last_wave = (end > of_leg.greatest(start)[of_leg.code]) | (
            start == of_leg.greatest(start)[of_leg.code]
        )
        at_end = last_wave & (end >= ended[of_leg.code] - SLACK)
        timed_out = of_leg.has((result == RING_NO_ANSWER) & at_end)
        gave_up = of_leg.has(result == CALLER_GAVE_UP) & ~timed_out & (later < 0)
        outcome = np.where(answered, ANSWERED, np.where(gave_up, ABANDONED, OVERFLOWED))
        action = np.where(outcome == OVERFLOWED, np.maximum(later, HANGUP), -1)
        flip = (result == CALLER_GAVE_UP) & (outcome[of_leg.code] != ABANDONED)
        result = np.where(flip, RING_NO_ANSWER, result)
        member = legs["member"].to_numpy(object)
        calls = Extract.call_rows(
            arrived_at=arrived,
            ended_at=ended,
            outcome=outcome,
            answered_by=np.where(answered, member[winner] if len(member) else "", ""),
            hung_up_at=np.where(answered, self._hang_ups(links, ended), np.nan),
            action=action,
            row=rows[groups.first(np.ones(len(rows), bool))],
        )
        self._note_failed(legs, rang)
        ring_end = np.where(won, ended[of_leg.code], np.minimum(end, ended[of_leg.code]))
        rings = pd.DataFrame(
            {
                "call": of_leg.code,
                "member": member,
                "started_at": start,
                "ended_at": ring_end,
                "result": result,
            }
        )
        return calls, rings[rang].reset_index(drop=True)

    def _answers(self, legs: pd.DataFrame, of_leg: Groups, winner: Ints, start: Floats) -> Floats:
        """Return when each call was answered.

        If the winner's row does not say, because of an `Answer()`, the other phones stopped then.
        """
        said = legs["answer"].to_numpy()[winner] if len(legs) else np.full(of_leg.n, np.nan)
        end = legs["end"].to_numpy()
        lost = ~legs["answered"].to_numpy(np.bool_) & ~legs["failed"].to_numpy(np.bool_)
        first = start[winner] if len(legs) else said
        if len(legs):
            lost &= np.abs(start - first[of_leg.code]) <= SLACK
        others = of_leg.greatest(end, lost)
        by_others = np.where(others >= first - SLACK, np.maximum(others, first), np.nan)
        if len(legs):  # the talk may have a row of its own, which begins when the ring ends
            rung_until = end[winner]
            talks = legs["answered"].to_numpy(np.bool_) & (
                np.arange(len(legs)) != winner[of_leg.code]
            )
            talks &= np.abs(start - rung_until[of_leg.code]) <= SLACK
            by_others = np.where(of_leg.has(talks), rung_until, by_others)
        unknown = (winner >= 0) & np.isnan(said) & np.isnan(by_others)
        if unknown.any():
            at = int(legs["row"].to_numpy()[winner[unknown]][0])
            self.notes.append(
                f"{int(unknown.sum())} calls had been answered by the phone system before a phone "
                "rang, and do not say when it was lifted: their wait counts as 0; first at "
                f"{self.sheet.where(at)}."
            )
        return np.where(np.isnan(said), np.where(np.isnan(by_others), first, by_others), said)

    def _goes_on(self, rows: Ints, links: Ints, ended: Floats) -> Ints:
        """Return the action by which each call went on after the group, -1 if it did not."""
        call = pd.Index(links).get_indexer(pd.Index(self.linked))
        other = np.ones(len(self.sheet), bool)
        other[rows] = False
        app = self.sheet["lastapp"]
        after = (call >= 0) & other & app.is_in(AFTERWARDS)
        after &= self.start >= ended[np.maximum(call, 0)] - SLACK
        # rows inside Local channels of the group are not a way on
        after &= ~self.sheet["channel"].matches(r"^Local/.*;2$")
        groups = Groups(call[after], len(links))
        mail = app.is_in(["voicemail"])[after]
        return np.where(
            groups.has(mail),
            FORWARD_TO_VOICEMAIL,
            np.where(groups.has(~mail), FORWARD_TO_NUMBER, -1),
        )

    def _hang_ups(self, links: Ints, ended: Floats) -> Floats:
        """Return the end of the last row of each call; a transfer adds rows."""
        call = pd.Index(links).get_indexer(pd.Index(self.linked))
        kept = call >= 0
        return np.maximum(Groups(call[kept], len(links)).greatest(self.end[kept]), ended)

    def _note_failed(self, legs: pd.DataFrame, rang: Mask) -> None:
        if not rang.all():
            at = int(legs["row"].to_numpy()[~rang][0])
            self.notes.append(
                f"{int((~rang).sum())} phones were busy or could not be reached, and did not ring; "
                f"first at {self.sheet.where(at)}."
            )

    def _own(self, rows: Mask, calls: pd.DataFrame, call_of_link: pd.Index) -> pd.DataFrame:
        """Return the calls of people outside the group, both ways.

        Rows of one call, such as attempts over several trunks, are merged.
        """
        sheet = self.sheet
        caller = sheet["channel"].each(lambda text: phone_of(_base(text)))
        called = sheet["dstchannel"].each(lambda text: phone_of(_base(text)))
        incoming = rows & self.answered
        outgoing = rows & sheet["lastapp"].is_in(["dial"])
        answer = np.where(np.isnan(self.answer), self.start, self.answer)
        call = call_of_link.get_indexer(pd.Index(self.linked))
        winner = calls["answered_by"].map(phone_of).to_numpy(object)
        at = np.r_[np.flatnonzero(outgoing), np.flatnonzero(incoming)]
        frame = pd.DataFrame(
            {
                "linked": self.linked[at],
                "member": np.r_[caller[outgoing], called[incoming]],
                "start": np.r_[self.start[outgoing], answer[incoming]],
                "end": self.end[at],
                "row": at,
            }
        )
        of_call = call[at]
        answered_it = np.zeros(len(at), bool)
        if len(winner):
            answered_it = (of_call >= 0) & (winner[np.maximum(of_call, 0)] == frame["member"])
        frame = frame[~np.asarray(answered_it, bool) & (frame["end"] > frame["start"]).to_numpy()]
        merged = frame.groupby(["linked", "member"], sort=False).agg(
            start=("start", "min"), end=("end", "max"), row=("row", "first")
        )
        merged = merged.reset_index()
        return Extract.own_rows(
            merged["member"].to_numpy(object),
            merged["start"].to_numpy(),
            merged["end"].to_numpy(),
            merged["row"].to_numpy(np.int64),
        )

    def _grade(self, mine: Mask, groups: Groups) -> str:
        """Return C if a call has one row although several phones are dialled."""
        several = self.sheet["lastdata"].matches(r"^[^,]*&")[mine]
        if several.any() and groups.count(np.ones(len(several), bool)).max() == 1:
            self.notes.append(
                "Several phones are dialled, but each call has one row: the phone system does not "
                "record every ring."
            )
            return "C"
        return "A"


def _born(sheet: Sheet) -> Floats:
    """Return when each channel was made, from its unique id; NaN if it does not say."""
    column = "uniqueid" if "uniqueid" in sheet else "linkedid"
    return sheet[column].each(epoch_in, np.float64)


def _linked(sheet: Sheet) -> Ints:
    """Return a code of the call of each row: `linkedid`, else `uniqueid`, else the channel."""
    code = np.arange(len(sheet))
    last = len(sheet)
    for name in ("channel", "uniqueid", "linkedid"):
        if name in sheet:
            column: Text = sheet[name]
            code = np.where(column.given, last + column.codes, code)
            last += len(column.distinct)
    return pd.factorize(code)[0].astype(np.int64)


def _timeout(data: str) -> float:
    found = DIAL_TIMEOUT.match(data)
    return float(found[1]) if found else np.nan


def _base(channel: str) -> str:
    """Return a channel without the number that makes it unique."""
    return channel.rpartition("-")[0] if "-" in channel else channel


def _pair_of(half: str):  # type: ignore[no-untyped-def]
    """Return a function from a channel to the name of its Local pair, "" if it is not that half."""

    def name(channel: str) -> str:
        found = LOCAL.match(channel)
        return found[1] if found and found[2] == half else ""

    return name


def _over_trunk(peer: str, dialled: str) -> str:
    """Return the number that was dialled over a trunk, or the peer itself."""
    for target in dialled.split(",", 1)[0].split("&"):
        user, _, trunk = target.partition("/")[2].partition("@")
        if trunk == peer and user:
            return user
    return peer


def _ring_starts(legs: pd.DataFrame, of_leg: Groups) -> Floats:
    """Return when each phone began to ring.

    The row of the first phone may begin with the channel, before an announcement. Phones that
    are dialled together begin together; so the first began with those that overlap it.
    """
    start, end = legs["start"].to_numpy(np.float64), legs["end"].to_numpy(np.float64)
    born = legs["born"].to_numpy(np.float64)
    earliest = of_leg.least(start)[of_leg.code]
    first = start == earliest
    with_channel = first & (np.abs(start - born) <= 1)
    second = of_leg.least(start, ~first)
    first_end = of_leg.least(end, first)
    together = (second < first_end - SLACK)[of_leg.code]
    n_first = of_leg.count(first)[of_leg.code]
    moved = with_channel & together & (n_first == 1)
    return np.where(moved, second[of_leg.code], start)


def _results(
    legs: pd.DataFrame, of_leg: Groups, start: Floats, ended: Floats, answered: Mask, won: Mask
) -> tuple[Ints, Mask]:
    """Return how each ring ended, and which phones rang at all."""
    end = legs["end"].to_numpy(np.float64)
    failed = legs["failed"].to_numpy(np.bool_) & ~won
    length = end - start
    timeout = legs["timeout"].to_numpy(np.float64)
    unanswered = ~won & ~failed
    longest = length[unanswered].max(initial=0.0)
    full = length >= np.where(np.isnan(timeout), longest - 1, timeout)
    at_end = end >= ended[of_leg.code] - SLACK
    was_answered = answered[of_leg.code]
    won_at = of_leg.least(start, won)[of_leg.code]
    beside = (end > won_at) | (start >= won_at)  # rang while the winner did, not before
    result = np.where(
        won,
        RING_ANSWERED,
        np.where(
            was_answered & at_end & beside,
            ANSWERED_ELSEWHERE,
            np.where(full | ~at_end | was_answered, RING_NO_ANSWER, CALLER_GAVE_UP),
        ),
    )
    # a phone that was dialled only after somebody else had answered did not ring
    late = was_answered & ~won & (start >= ended[of_leg.code]) & (start > won_at)
    return result.astype(np.int64), ~failed & ~late
