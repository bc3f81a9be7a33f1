"""Sentences about records as a whole, for those who fit them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ringsim._sentences import listed
from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    Extract,
    Mask,
)
from ringsim.records._records import Records

__all__ = ["remarks"]

PARTIAL = 7200.0  # a day that begins or ends so many seconds nearer to noon than others may be cut
ONE_DAY = np.timedelta64(1, "D")


def remarks(
    records: Records, calls: pd.DataFrame, own: pd.DataFrame, extract: Extract
) -> list[str]:
    """Return sentences about the records as a whole, for those who fit them."""
    said = []
    outcome, answered_by = calls["outcome"].to_numpy(), calls["answered_by"]
    if records.n_days < 2:
        said.append(
            f"The records cover 1 day, {records.dates[0]}; intervals need at least two days."
        )
    else:
        said += _gaps(records)
        said += _cut_days(records)
    if not (outcome == ABANDONED).any():
        said.append("No caller gave up, so that nothing is known about their patience.")
    unnamed = (outcome == ANSWERED) & answered_by.isna().to_numpy()
    if unnamed.any():
        first = extract.sheet.where(int(calls["row"].to_numpy()[unnamed][0]))
        said.append(
            f"Answered calls that do not say by whom: {int(unnamed.sum())}; first at {first}."
        )
    unended = (outcome == ANSWERED) & np.isnan(calls["hung_up_at"].to_numpy(np.float64))
    if unended.any():
        first = extract.sheet.where(int(calls["row"].to_numpy()[unended][0]))
        said.append(
            f"Answered calls without an end, whose talk time is unknown: {int(unended.sum())}; "
            f"first at {first}."
        )
    said += _never_answered(records, calls, extract)
    said += _overlaps(calls, own, extract)
    return said


def _gaps(records: Records) -> list[str]:
    """Return a sentence about dates between the first and the last that have no call."""
    every = np.arange(records.dates[0], records.dates[-1] + ONE_DAY)
    missing = np.setdiff1d(every, records.dates)
    if not len(missing):
        return []
    days = listed([str(day) for day in missing])
    return [f"Dates without a call of the group are not counted as days: {days}."]


def _cut_days(records: Records) -> list[str]:
    """Return a sentence if the first or the last day seems to be cut by the window."""
    at, first = records.arrays.calls.arrives_at, records.borders.calls
    begins, ends = at[first[:-1]], at[first[1:] - 1]
    cut = []
    if records.n_days > 2:
        if begins[0] > np.median(begins[1:]) + PARTIAL:
            cut.append(str(records.dates[0]))
        if ends[-1] < np.median(ends[:-1]) - PARTIAL:
            cut.append(str(records.dates[-1]))
    return [f"{day} seems incomplete; leave it out with exclude=['{day}']." for day in cut]


def _never_answered(records: Records, calls: pd.DataFrame, extract: Extract) -> list[str]:
    """Return a sentence on people whose phone rang and who never answered."""
    rings = records.arrays.rings
    answered = set(records.arrays.calls.answered_by.tolist())
    never = [at for at in np.unique(rings.member).tolist() if at not in answered]
    numbers = [records.arrays.extensions[at] for at in never]
    if not numbers:
        return []
    ring = int(np.argmax(np.isin(rings.member, never)))
    place = calls["row"].to_numpy()[rings.call[ring]]
    first = extract.sheet.where(int(place))
    return [
        f"{listed(numbers)} never answered although the phone rang; first for the call at {first}."
    ]


def _overlaps(calls: pd.DataFrame, own: pd.DataFrame, extract: Extract) -> list[str]:
    """Return a sentence about people who are on two calls at once."""
    answered = calls[calls["answered_by"].notna().to_numpy()]
    spans = pd.DataFrame(
        {
            "who": pd.concat([answered["answered_by"], own["member"]], ignore_index=True),
            "start": np.r_[answered["ended_at"].to_numpy(), own["started_at"].to_numpy()],
            "end": np.r_[answered["hung_up_at"].to_numpy(), own["ended_at"].to_numpy()],
            "row": np.r_[answered["row"].to_numpy(), own["row"].to_numpy()],
        }
    ).dropna()
    spans = spans.sort_values(["who", "start"], kind="stable")
    who, start, end = (spans[name].to_numpy() for name in ("who", "start", "end"))
    twice: Mask = (who[1:] == who[:-1]) & (start[1:] < end[:-1] - 1.5 * extract.clock)
    if not twice.any():
        return []
    at = int(np.argmax(twice)) + 1
    first = extract.sheet.where(int(spans["row"].to_numpy()[at]))
    return [
        f"Calls that begin while the same person is on another: {int(twice.sum())}; first "
        f"{who[at]} at {first}."
    ]
