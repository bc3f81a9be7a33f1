"""Weekdays that occur too rarely to be told apart from others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ringsim._words import Said
from ringsim.records import Records

__all__ = ["told_apart_sentences", "without_stray_days"]

FEW = 0.25  # of the calls of a median day, from which the only day of a weekday is kept
ENOUGH = 2  # days of a weekday that can be told apart


def without_stray_days(records: Records) -> tuple[Records, list[str]]:
    """Return records without days of few calls that are the only ones of their weekday.

    One call on a Saturday would hide how other weekdays differ. Days are left out only if all
    other weekdays occur twice or more. The second value has a sentence for each.
    """
    names = records.weekday_of_days
    n_days = Counter(names)
    n_calls = records.days["offered"].to_numpy()
    few = np.median(n_calls) * FEW
    is_stray = np.array([n_days[name] == 1 for name in names]) & (n_calls < few)
    others = {name for name, stray in zip(names, is_stray, strict=True) if not stray}
    if not is_stray.any() or len(others) < ENOUGH or min(n_days[name] for name in others) < ENOUGH:
        return records, []
    left_out = records.days[is_stray]
    sentences: list[str] = [
        Said("limits.stray_day", date=str(date.date()), n=int(n))
        for date, n in zip(left_out["date"], left_out["offered"], strict=True)
    ]
    return records.only(np.flatnonzero(~is_stray)), sentences


def told_apart_sentences(fitted: Records, weekdays: Sequence[str]) -> list[str]:
    """Return a sentence if weekdays of all records occur too rarely among the fitted days."""
    n_days = Counter(fitted.weekday_of_days)
    rare = [name for name in weekdays if n_days[name] < ENOUGH]
    if len(weekdays) == 1 or not rare:
        return []
    if len(weekdays) - len(rare) < ENOUGH:
        return [Said("limits.few_weeks")]
    return [Said("limits.rare_weekdays", which=", ".join(rare))]
