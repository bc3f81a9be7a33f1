"""Frames of figures and notes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from support.effort import lines_run

from ringsim._frames import frame_of_figures, named
from ringsim.metrics._printed import Summary

NAMES = ("answered", "answered_low")


def test_a_frame_of_figures_is_that_of_a_dict_of_columns() -> None:
    figures, notes = np.array([[1.0, np.nan], [2.0, 0.5]]), ["", "few events"]
    index = pd.Index(["201", "202"], name="member")
    expected = pd.DataFrame(
        {"answered": [1.0, 2.0], "answered_low": [np.nan, 0.5], "note": notes}, index=index
    )
    found = frame_of_figures(figures, notes, NAMES, index)
    pd.testing.assert_frame_equal(found, expected)
    assert type(frame_of_figures(figures, notes, NAMES, index, Summary)) is Summary


def test_frames_share_nothing_that_can_be_changed() -> None:
    """Names and notes that recur are kept."""
    figures, index = np.ones((2, 2)), pd.RangeIndex(2)
    first = frame_of_figures(figures, ["", ""], NAMES, index)
    first.columns.name = "changed"
    first.loc[0, "note"] = "changed"
    first.loc[0, "answered"] = 7.0
    second = frame_of_figures(figures, ["", ""], NAMES, index)
    assert second.columns.name is None
    assert second["note"].tolist() == ["", ""]
    assert (figures == 1).all()


def test_the_names_of_columns_are_made_once() -> None:
    columns = {0: np.zeros(3), 1: np.ones(3)}
    names = ("only", "here")
    first, again = (lines_run(named, pd.DataFrame(columns), names) for _ in range(2))
    assert again < first / 2
