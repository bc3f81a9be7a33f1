"""Reader of Asterisk's channel event log: a CSV with a header, or exports of the table `cel`.

Each channel of a call other than the caller's is a phone: it rings from CHAN_START to ANSWER or
HANGUP, whose `extra` says why.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ringsim._sources import Source
from ringsim.records._cel_sheet import NEEDED, cel_sheet, is_event
from ringsim.records._csv import mostly
from ringsim.records._extract import (
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    RING_ANSWERED,
    RING_NO_ANSWER,
    Extract,
    Groups,
    Ints,
    Mask,
    Request,
    epoch_in,
)
from ringsim.records._legs import DID_NOT_RING, UNKNOWN, Callers, calls_and_rings
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, joined
from ringsim.records._stamps import StampReader

__all__ = ["AsteriskCel"]

SLACK: Final = 0.25
ELSEWHERE, NO_ANSWER = 26, 19
NORMAL = 16
SILENT: Final = (1, 3, 17, 18, 20, 21, 22, 27, 31, 34, 38, 41, 42, 47, 58, 66)


class AsteriskCel(Reader):
    """Reader of Asterisk CEL."""

    name = "asterisk_cel"
    title = "Asterisk CEL"

    def recognises(self, sample: Sample) -> bool:
        """Return True for the names of the columns, or rows of events in the usual order."""
        if set(NEEDED) <= sample.header():
            return True
        rows = sample.rows()
        return mostly(rows, is_event)

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the events say about one group."""
        sheet = joined([cel_sheet(source) for source in sources]).without_duplicates()
        return _Events(sheet, request).extract()


class _Events:
    """The events of all channels, in the order of time."""

    def __init__(self, sheet: Sheet, request: Request) -> None:
        self.request = request
        born = sheet["uniqueid"].each(epoch_in, np.float64)
        stamps = StampReader(sheet, request.clock)
        starts = sheet["eventtype"].is_in(["CHAN_START"])
        zone = stamps.check_births(np.where(starts, stamps.wall("eventtime"), np.nan), born)
        at = stamps.column("eventtime", born)
        bad = np.isnan(at)
        sheet.leave_out(bad, "their time is not an instant")
        order = np.flatnonzero(~bad)
        order = order[np.argsort(at[order], kind="stable")]
        self.sheet, self.at = sheet.at(order), at[order]
        self.notes = [*zone, *stamps.notes()]
        self.clock = 1.0 if not (self.at % 1).any() else 1e-6
        self.slack = max(SLACK, 1.5 * self.clock if self.clock == 1.0 else SLACK)

    def extract(self) -> Extract:
        """Return calls, rings and own calls of the group."""
        sheet = self.sheet
        mine = self._of_group()
        linked, _ = pd.factorize(sheet["linkedid"].codes)
        calls_of = np.unique(linked[mine])
        call = np.where(np.isin(linked, calls_of), np.searchsorted(calls_of, linked), -1)
        n = len(calls_of)
        is_caller = self._caller_channels(mine, call)
        channels = self._channels(call, is_caller)
        callers = self._callers(call, mine, is_caller, n)
        phones = channels[(channels["call"] >= 0).to_numpy() & ~channels["caller"].to_numpy()]
        code = phones["call"].to_numpy(np.int64)
        start = phones["start"].to_numpy()
        in_group = start >= callers.arrived_at[code] - self.slack
        left = callers.over_at[code]
        in_group &= np.isnan(left) | (start <= left)
        in_group &= ~phones["local"].to_numpy(np.bool_)
        legs = phones[in_group].reset_index(drop=True)
        legs = legs.assign(result=self._results(legs))
        without_end = np.isnan(legs["end"].to_numpy())
        if without_end.any():
            first = sheet.where(int(legs["row"].to_numpy()[without_end][0]))
            self.notes.append(
                f"Phones left out because they have no end: {int(without_end.sum())}; first at "
                f"{first}."
            )
        legs = legs[~without_end].reset_index(drop=True)
        calls, rings = calls_and_rings(callers, legs, sheet, self.slack, self.notes)
        own = self._own(channels, in_group, phones)
        return Extract(calls, rings, own, sheet, "A", self.clock, self.notes)

    def _of_group(self) -> Mask:
        """Return the events of callers in the group."""
        sheet, group = self.sheet, self.request.group
        mine = sheet["exten"].each(lambda text: text == group, np.bool_)
        mine |= sheet["appname"].is_in(["Queue"]) & sheet["appdata"].each(
            lambda text: text.split(",", 1)[0] == group, np.bool_
        )
        if "/" in group or "&" in group:
            mine |= sheet["appdata"].each(lambda text: group in text, np.bool_)
        mine &= sheet["linkedid"].given
        if not mine.any():
            raise self.request.no_such_group(sheet, sheet["exten"].distinct)
        return mine

    def _caller_channels(self, mine: Mask, call: Ints) -> Mask:
        """Return the events on a caller's channel: the first that was in the group."""
        unique = self.sheet["uniqueid"].codes
        first = Groups(call[mine], int(call.max(initial=0)) + 1).first(np.ones(mine.sum(), bool))
        channel = np.full(len(first), -1)
        rows = np.flatnonzero(mine)
        channel[first >= 0] = unique[rows[first[first >= 0]]]
        result: Mask = (call >= 0) & (unique == channel[np.maximum(call, 0)])
        return result

    def _channels(self, call: Ints, is_caller: Mask) -> pd.DataFrame:
        """Return a row per channel: when it began, was answered and ended, and why."""
        sheet = self.sheet
        code, different = pd.factorize(sheet["uniqueid"].codes)
        groups = Groups(code, len(different))
        event = sheet["eventtype"]
        begins = event.is_in(["CHAN_START"])
        over = event.is_in(["HANGUP", "CHAN_END"])
        first = groups.first(np.ones(len(sheet), bool))
        started = groups.first(begins)
        at = np.where(started >= 0, started, first)
        extra = groups.first(event.is_in(["HANGUP"]))
        answer, end = groups.least(self.at, event.is_in(["ANSWER"])), groups.least(self.at, over)
        name = sheet["channame"].at(at)
        return pd.DataFrame(
            {
                "call": call[at],
                "caller": is_caller[at],
                "member": name.each(lambda text: text.rpartition("-")[0] or text),
                "local": name.each(lambda text: text.lower().startswith("local/"), np.bool_),
                "start": self.at[at],
                "answer": np.where(np.isinf(answer), np.nan, answer),
                "end": np.where(np.isinf(end), np.nan, end),
                "cause": self._causes(extra),
                "status": self._statuses(extra),
                "row": at,
            }
        )

    def _extras(self, at: Ints, read: Callable[[dict[str, Any]], Any], missing: Any) -> Any:
        found = self.sheet["extra"].each(lambda text: read(_object(text)))
        return np.where(at >= 0, found[np.maximum(at, 0)], missing) if len(found) else found

    def _causes(self, at: Ints) -> Any:
        return self._extras(at, _cause, 0)

    def _statuses(self, at: Ints) -> Any:
        return self._extras(at, lambda extra: str(extra.get("dialstatus", "")).upper(), "")

    def _results(self, legs: pd.DataFrame) -> Ints:
        cause = legs["cause"].to_numpy(np.int64)
        status = legs["status"].to_numpy(object)
        result = np.full(len(legs), UNKNOWN)
        result[cause == ELSEWHERE] = ANSWERED_ELSEWHERE
        result[(cause == NO_ANSWER) | (status == "NOANSWER")] = RING_NO_ANSWER
        result[(status == "CANCEL") & (cause != ELSEWHERE)] = CALLER_GAVE_UP
        result[np.isin(cause, SILENT)] = DID_NOT_RING
        result[~np.isnan(legs["answer"].to_numpy())] = RING_ANSWERED
        return result

    def _callers(self, call: Ints, mine: Mask, is_caller: Mask, n: int) -> Callers:
        """Return arrival and end of each caller; the stay ends where the dialplan goes on."""
        sheet = self.sheet
        arrivals = Groups(call[mine], n)
        arrived = arrivals.least(self.at[mine])
        over = is_caller & sheet["eventtype"].is_in(["HANGUP", "CHAN_END"])
        elsewhere = is_caller & sheet["exten"].given & ~mine & ~over
        elsewhere &= self.at > arrived[np.maximum(call, 0)]
        elsewhere &= sheet["eventtype"].is_in(["APP_START"])
        gone = Groups(call[elsewhere], n).least(self.at[elsewhere])
        hung_up = Groups(call[over], n).least(self.at[over])
        left = np.minimum(gone, hung_up)
        return Callers(
            arrived_at=arrived,
            over_at=np.where(np.isinf(left), np.nan, left),
            gave_up=self._hung_up_by_caller(call, is_caller, n),
            forwarded=~np.isinf(gone),
            row=np.flatnonzero(mine)[arrivals.first(np.ones(int(mine.sum()), bool))],
        )

    def _hung_up_by_caller(self, call: Ints, is_caller: Mask, n: int) -> Mask:
        """Return the calls whose HANGUP names the caller's channel as its source."""
        sheet = self.sheet
        source = sheet["extra"].each(lambda text: str(_object(text).get("hangupsource", "")))
        own = is_caller & sheet["eventtype"].is_in(["HANGUP"])
        own &= (source != "") & (source == sheet["channame"].text)
        return Groups(call[own], n).has(np.ones(int(own.sum()), bool))

    def _own(self, channels: pd.DataFrame, in_group: Mask, phones: pd.DataFrame) -> pd.DataFrame:
        """Return the calls on channels that are neither the group's phones nor its callers."""
        used = set(phones.index[in_group].tolist()) | set(
            channels.index[channels["caller"].to_numpy(np.bool_)].tolist()
        )
        rest = channels[~channels.index.isin(list(used)) & ~channels["local"].to_numpy(np.bool_)]
        rest = rest[rest["answer"].notna().to_numpy() & rest["end"].notna().to_numpy()]
        return Extract.own_rows(
            rest["member"].to_numpy(object),
            rest["answer"].to_numpy(),
            rest["end"].to_numpy(),
            rest["row"].to_numpy(np.int64),
        )


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text, empty if there is none."""
    try:
        found = json.loads(text) if text.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _cause(extra: dict[str, Any]) -> int:
    value = extra.get("hangupcause", 0)
    return value if isinstance(value, int) and 0 <= value < 1000 else 0
