"""Calls and rings worked out from legs: a leg per phone, and one of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    ANSWERED_ELSEWHERE,
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
)
from ringsim.records._sheet import Sheet

__all__ = ["DID_NOT_RING", "UNKNOWN", "Callers", "calls_and_rings"]

UNKNOWN: Final = -1  # how a ring ended is worked out
DID_NOT_RING: Final = -2  # the phone was busy, unreachable or refused


@dataclass(frozen=True)
class Callers:
    """The known facts about each of n calls.

    Attributes
    ----------
    arrived_at, over_at : ndarray
        When the call reached the group, and when the caller's leg ended (or left the group); NaN
        if not known.
    gave_up : ndarray of bool
        Callers who are known to have hung up before an answer.
    forwarded : ndarray of bool
        Calls that went on elsewhere after the group.
    row : ndarray of int
        Row of the sheet, for messages.
    """

    arrived_at: Floats
    over_at: Floats
    gave_up: Mask
    forwarded: Mask
    row: Ints


def calls_and_rings(
    callers: Callers, legs: pd.DataFrame, sheet: Sheet, slack: float, notes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables `calls` and `rings` of an extract.

    Parameters
    ----------
    callers : Callers
        The calls.
    legs : DataFrame
        A row per phone: `call`, `member`, `start` (of the ring), `answer` (NaN if not answered),
        `end`, `result` (code of a ring, `UNKNOWN` or `DID_NOT_RING`), `row`.
    sheet : Sheet
        Rows, for messages.
    slack : float
        Seconds by which two instants of one event may differ.
    notes : list of str
        Sentences are added to it.
    """
    n = len(callers.arrived_at)
    code = legs["call"].to_numpy(np.int64)
    groups = Groups(code, n)
    start, answer, end = (legs[name].to_numpy(np.float64) for name in ("start", "answer", "end"))
    stated = legs["result"].to_numpy(np.int64)
    lifted = (stated == RING_ANSWERED) | ((stated == UNKNOWN) & ~np.isnan(answer))
    winner = _earliest(groups, np.where(np.isnan(answer), end, answer), lifted)
    answered = winner >= 0
    won = np.zeros(len(legs), bool)
    won[winner[answered]] = True
    rang = (stated != DID_NOT_RING) | won
    at = np.maximum(winner, 0)
    lifted_at = np.full(n, np.nan)
    if len(legs):
        lifted_at = np.where(np.isnan(answer[at]), start[at], answer[at])
    last_ring = groups.greatest(end, rang)
    stopped = np.where(np.isinf(last_ring), callers.over_at, last_ring)
    stopped = np.where(callers.gave_up & ~np.isnan(callers.over_at), callers.over_at, stopped)
    stopped = np.where(np.isnan(stopped), callers.arrived_at, stopped)
    ended = np.where(answered, lifted_at, stopped)
    outcome = _outcomes(callers, groups, answered, ended, start, end, stated, rang, slack)
    result = _results(groups, stated, won, answered, ended, outcome, start, end, slack)
    late = answered[code] & ~won & (start >= ended[code]) & (start > _of(start, winner, code))
    member = legs["member"].to_numpy(object)
    hung_up = np.where(answered, end[at], np.nan) if len(legs) else np.full(n, np.nan)
    calls = Extract.call_rows(
        arrived_at=callers.arrived_at,
        ended_at=ended,
        outcome=outcome,
        answered_by=np.where(answered, member[at] if len(legs) else "", "").astype(object),
        hung_up_at=hung_up,
        action=np.where(
            outcome == OVERFLOWED, np.where(callers.forwarded, FORWARD_TO_NUMBER, HANGUP), -1
        ),
        row=callers.row,
    )
    rings = pd.DataFrame(
        {
            "call": code,
            "member": member,
            "started_at": start,
            "ended_at": np.where(won, ended[code], np.minimum(end, ended[code])),
            "result": result,
        }
    )
    silent = int((~rang).sum())
    if silent:
        first = sheet.where(int(legs["row"].to_numpy()[~rang][0]))
        notes.append(
            "Phones that were busy, unreachable or refused the call, and did not ring: "
            f"{silent}; first at {first}."
        )
    return calls, rings[rang & ~late].reset_index(drop=True)


def _of(values: Floats, winner: Ints, code: Ints) -> Floats:
    """Return for each leg the value of its call's winner."""
    return values[np.maximum(winner, 0)][code] if len(values) else values


def _earliest(groups: Groups, at: Floats, rows: Mask) -> Ints:
    """Return the row with the least instant in each group, -1 if it has none."""
    chosen = np.flatnonzero(rows)
    found = np.full(groups.n, -1, dtype=np.int64)
    order = chosen[np.lexsort((-chosen, -at[chosen]))]
    found[groups.code[order]] = order
    return found


def _outcomes(
    callers: Callers,
    groups: Groups,
    answered: Mask,
    ended: Floats,
    start: Floats,
    end: Floats,
    stated: Ints,
    rang: Mask,
    slack: float,
) -> Ints:
    """Return the outcome of each call; an unanswered one was given up if the records say so."""
    code = groups.code
    at_end = rang & (end >= ended[code] - slack)
    gave_up = callers.gave_up | groups.has(at_end & (stated == CALLER_GAVE_UP))
    timed_out = groups.has(at_end & (stated == RING_NO_ANSWER))
    longest = (end - start)[rang & (stated == UNKNOWN)].max(initial=0.0)
    short = groups.has(at_end & (stated == UNKNOWN) & (end - start < longest - slack))
    short &= ~callers.forwarded & ~timed_out
    gave_up |= short
    return np.where(answered, ANSWERED, np.where(gave_up, ABANDONED, OVERFLOWED))


def _results(
    groups: Groups,
    stated: Ints,
    won: Mask,
    answered: Mask,
    ended: Floats,
    outcome: Ints,
    start: Floats,
    end: Floats,
    slack: float,
) -> Ints:
    """Return how each ring ended."""
    code = groups.code
    at_end = end >= ended[code] - slack
    won_at = groups.least(start, won)[code]
    beside = (end > won_at) | (start >= won_at)  # rang while the winner did, not before
    guess = np.where(
        at_end & answered[code] & beside,
        ANSWERED_ELSEWHERE,
        np.where(at_end & (outcome[code] == ABANDONED), CALLER_GAVE_UP, RING_NO_ANSWER),
    )
    other = (stated == RING_ANSWERED) & ~won
    result = np.where(won, RING_ANSWERED, np.where((stated < 0) | other, guess, stated))
    return result.astype(np.int64)
