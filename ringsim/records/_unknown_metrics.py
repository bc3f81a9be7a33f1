"""Metrics that the records of a grade cannot show: they need every ring, or any ring."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

__all__ = ["blank_members", "blank_rows", "blank_summary"]

# Metrics of a group, and of its members
NEED_EVERY_RING: Final = (
    "rings_per_call",
    "rings_per_answer",
    "ring_no_answer_rate",
    "interruptions_per_hour",
    "no_candidate_rate",
)
NEED_RINGS: Final = ("blocked", *NEED_EVERY_RING)
MEMBERS_NEED_EVERY_RING: Final = ("rung", "interruptions_per_hour", "ring_share")
MEMBERS_NEED_RINGS: Final = ("ring_no_answer", *MEMBERS_NEED_EVERY_RING)
BOUNDS: Final = ("", "_low", "_high")  # columns of a metric


def blank_summary(table: pd.DataFrame, grade: str) -> None:
    """Set the rows of unknown metrics to NaN, with the reason as note."""
    unknown = _unknown(grade)
    table.loc[unknown, ["estimate", "low", "high"]] = np.nan
    table.loc[unknown, "note"] = f"not recorded (grade {grade})"


def blank_rows(table: pd.DataFrame, grade: str) -> None:
    """Set the columns of unknown metrics to NaN in a table with a row for each weekday."""
    _blank_columns(table, _unknown(grade))


def blank_members(table: pd.DataFrame, grade: str) -> None:
    """Set the columns of unknown metrics of members to NaN."""
    _blank_columns(table, [*(MEMBERS_NEED_RINGS if grade == "C" else MEMBERS_NEED_EVERY_RING)])


def _unknown(grade: str) -> list[str]:
    return [*(NEED_RINGS if grade == "C" else NEED_EVERY_RING)]


def _blank_columns(table: pd.DataFrame, names: list[str]) -> None:
    table[[name + bound for name in names for bound in BOUNDS]] = np.nan
