"""Rings and channels of Asterisk's call detail records."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ringsim.records._extract import (
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    RING_ANSWERED,
    RING_NO_ANSWER,
    Floats,
    Groups,
    Ints,
    Mask,
    epoch_in,
    phone_of,
)
from ringsim.records._sheet import Sheet, Text

__all__ = [
    "SLACK",
    "births",
    "call_codes",
    "dial_timeout",
    "dialled_over",
    "local_pair",
    "phones",
    "ring_results",
    "ring_starts",
]

DIAL_TIMEOUT = re.compile(r"^[^,]*,(\d{1,4})(?:,|$)")
LOCAL = re.compile(r"^(Local/.*);([12])$", re.IGNORECASE)
SLACK = 1.5  # seconds by which two truncated instants of one event may differ


def births(sheet: Sheet) -> Floats:
    """Return when each channel was made, from its unique id; NaN if it does not say."""
    column = "uniqueid" if "uniqueid" in sheet else "linkedid"
    return sheet[column].each(epoch_in, np.float64)


def call_codes(sheet: Sheet) -> Ints:
    """Return a code of the call of each row: `linkedid`, else `uniqueid`, else the channel."""
    code = np.arange(len(sheet))
    last = len(sheet)
    for name in ("channel", "uniqueid", "linkedid"):
        if name in sheet:
            column: Text = sheet[name]
            code = np.where(column.given, last + column.codes, code)
            last += len(column.distinct)
    return pd.factorize(code)[0].astype(np.int64)


def dial_timeout(data: str) -> float:
    found = DIAL_TIMEOUT.match(data)
    return float(found[1]) if found else np.nan


def without_suffix(channel: str) -> str:
    """Return a channel without the number that makes it unique."""
    return channel.rpartition("-")[0] if "-" in channel else channel


def phones(sheet: Sheet, name: str) -> NDArray[np.object_]:
    """Return the number or name in the channel of each row."""
    return sheet[name].derived(without_suffix).each(phone_of)


def local_pair(half: str) -> Callable[[str], str]:
    """Return a function from a channel to the name of its Local pair; "" for the other half."""

    def name(channel: str) -> str:
        found = LOCAL.match(channel)
        return found[1] if found and found[2] == half else ""

    return name


def dialled_over(peer: str, dialled: str) -> str:
    """Return the number that was dialled over a trunk, or the peer itself."""
    for target in dialled.split(",", 1)[0].split("&"):
        user, _, trunk = target.partition("/")[2].partition("@")
        if trunk == peer and user:
            return user
    return peer


def ring_starts(legs: pd.DataFrame, of_leg: Groups) -> Floats:
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


def ring_results(
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
