"""Calls, rings and own calls, worked out from the rows of Asterisk's call detail records."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ringsim.records._asterisk_rings import (
    SLACK,
    phones,
    ring_results,
    ring_starts,
)
from ringsim.records._asterisk_rows import CdrRows
from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    CALLER_GAVE_UP,
    FORWARD_TO_NUMBER,
    FORWARD_TO_VOICEMAIL,
    HANGUP,
    OVERFLOWED,
    RING_NO_ANSWER,
    Extract,
    Floats,
    Groups,
    Ints,
    Mask,
    phone_of,
)

__all__ = ["CdrCalls"]

AFTERWARDS: Final = ("dial", "queue", "voicemail")


class CdrCalls:
    """Calls of the group in some rows."""

    def __init__(self, rows: CdrRows) -> None:
        self.rows = rows

    def extract(self) -> Extract:
        """Return calls, rings and own calls of the group."""
        mine = self.rows.of_group()
        inside, to_local = self.rows.local_rows(mine)
        legs = self.rows.legs(np.flatnonzero((mine | inside) & ~to_local))
        codes, links = pd.factorize(self.rows.linked[mine])
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
            self.rows.sheet,
            grade,
            1.0,
            self.rows.notes,
        )

    def _calls_and_rings(
        self, rows: Ints, groups: Groups, legs: pd.DataFrame, links: Ints
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Work out arrival, outcome and rings of each call."""
        legs = legs[legs["call"].to_numpy() >= 0].reset_index(drop=True)
        of_leg = Groups(legs["call"].to_numpy(), groups.n)
        start, end = ring_starts(legs, of_leg), legs["end"].to_numpy()
        arrived = np.fmin(
            of_leg.least(start),
            np.where(of_leg.has(start == start), np.inf, groups.least(self.rows.start[rows])),
        )
        won = legs["answered"].to_numpy(np.bool_)
        winner = of_leg.first(won)
        won = won & (np.arange(len(legs)) == winner[of_leg.code])
        answered = winner >= 0
        answered_at = self._answers(legs, of_leg, winner, start)
        last_end = np.where(
            of_leg.has(np.ones(len(legs), bool)),
            of_leg.greatest(end),
            groups.greatest(self.rows.end[rows]),
        )
        ended = np.where(answered, answered_at, last_end)
        result, rang = ring_results(legs, of_leg, start, ended, answered, won)
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
            self.rows.notes.append(
                "Calls that the phone system had answered before a phone rang, which do not say "
                f"when it was lifted and whose wait counts as 0: {int(unknown.sum())}; first at "
                f"{self.rows.sheet.where(at)}."
            )
        return np.where(np.isnan(said), np.where(np.isnan(by_others), first, by_others), said)

    def _goes_on(self, rows: Ints, links: Ints, ended: Floats) -> Ints:
        """Return the action by which each call went on after the group, -1 if it did not."""
        call = pd.Index(links).get_indexer(pd.Index(self.rows.linked))
        other = np.ones(len(self.rows.sheet), bool)
        other[rows] = False
        app = self.rows.sheet["lastapp"]
        after = (call >= 0) & other & app.is_in(AFTERWARDS)
        after &= self.rows.start >= ended[np.maximum(call, 0)] - SLACK
        # rows of the group's own Local channels lead nowhere else
        after &= ~self.rows.sheet["channel"].matches(r"^Local/.*;2$")
        groups = Groups(call[after], len(links))
        mail = app.is_in(["voicemail"])[after]
        return np.where(
            groups.has(mail),
            FORWARD_TO_VOICEMAIL,
            np.where(groups.has(~mail), FORWARD_TO_NUMBER, -1),
        )

    def _hang_ups(self, links: Ints, ended: Floats) -> Floats:
        """Return the end of the last row of each call; a transfer adds rows."""
        call = pd.Index(links).get_indexer(pd.Index(self.rows.linked))
        kept = call >= 0
        return np.maximum(Groups(call[kept], len(links)).greatest(self.rows.end[kept]), ended)

    def _note_failed(self, legs: pd.DataFrame, rang: Mask) -> None:
        if not rang.all():
            at = int(legs["row"].to_numpy()[~rang][0])
            self.rows.notes.append(
                "Phones that were busy or could not be reached, and did not ring: "
                f"{int((~rang).sum())}; first at {self.rows.sheet.where(at)}."
            )

    def _own(self, rows: Mask, calls: pd.DataFrame, call_of_link: pd.Index) -> pd.DataFrame:
        """Return the calls of people outside the group, both ways.

        Rows of one call, such as attempts over several trunks, are merged.
        """
        sheet = self.rows.sheet
        caller, called = (phones(sheet, name) for name in ("channel", "dstchannel"))
        incoming = rows & self.rows.answered
        outgoing = rows & sheet["lastapp"].is_in(["dial"])
        answer = np.where(np.isnan(self.rows.answer), self.rows.start, self.rows.answer)
        call = call_of_link.get_indexer(pd.Index(self.rows.linked))
        winners = calls["answered_by"]
        winner = winners.map({name: phone_of(name) for name in winners.unique()}).to_numpy(object)
        at = np.r_[np.flatnonzero(outgoing), np.flatnonzero(incoming)]
        frame = pd.DataFrame(
            {
                "linked": self.rows.linked[at],
                "member": np.r_[caller[outgoing], called[incoming]],
                "start": np.r_[self.rows.start[outgoing], answer[incoming]],
                "end": self.rows.end[at],
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
        several = self.rows.sheet["lastdata"].matches(r"^[^,]*&")[mine]
        if several.any() and groups.count(np.ones(len(several), bool)).max() == 1:
            self.rows.notes.append(
                "Several phones are dialled, but each call has one row: the phone system does not "
                "record every ring."
            )
            return "C"
        return "A"
