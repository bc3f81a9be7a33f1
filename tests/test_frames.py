"""Frames of figures and notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ringsim import CallLog, Scenario, Workload, _frames, play
from ringsim._frames import frame_of_columns, frame_of_figures
from ringsim.metrics._printed import Summary
from support.effort import lines_run

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


COLUMNS = {
    "call": np.arange(3),
    "group": pd.Categorical(["600", None, "601"]),
    "wait": np.array([1.5, np.nan, 0.0]),
    "talk_time": np.array([2.5, 3.5, 4.5]),
    "taken": np.array([True, False, True]),
}


@pytest.mark.parametrize("rows", [0, 3])
@pytest.mark.parametrize("form", ["short", "long", "without the method"])
def test_a_frame_of_columns_is_that_of_pandas(
    rows: int, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns: dict[str, Any] = {name: column[:rows] for name, column in COLUMNS.items()}
    if form == "long":
        monkeypatch.setattr(_frames, "SHORT", -1)
    if form == "without the method":
        monkeypatch.delattr(pd.DataFrame, "_from_arrays")
    found = frame_of_columns(columns)
    pd.testing.assert_frame_equal(found, pd.DataFrame(columns))
    assert type(found.index) is pd.RangeIndex
    shares = np.shares_memory(found["wait"].to_numpy(), columns["wait"])
    assert shares == (form != "short" and rows > 0)


@pytest.mark.parametrize("short", [-1, 10])
def test_changing_a_frame_of_a_log_changes_nothing_else(
    short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_frames, "SHORT", short)
    scenario = Scenario(groups=[{"extension_number": "600", "members": ["201"], "ring_time": 15}])
    workload = Workload(arrives_at=[0, 10], talk_time=60, answer_delay={"201": 4})
    log = play(scenario, workload)
    of_equal_log = play(scenario, workload)
    before = {name: getattr(of_equal_log, name).copy() for name in ("calls", "rings", "visits")}
    for name, expected in before.items():
        for _ in range(3):  # the first frame, the second, and a later one are made in three ways
            frame = getattr(log, name)
            pd.testing.assert_frame_equal(frame, expected)
            for column in frame:
                is_time = frame[column].dtype == float
                frame.loc[0, column] = -1.0 if is_time else frame[column].iloc[-1]
            frame.columns.name = frame.index.name = "changed"
            assert not frame.equals(expected)
        pd.testing.assert_frame_equal(getattr(log, name), expected)
    assert (log.arrays.calls.wait >= 0).all()
    assert (log.arrays.rings.started_at >= 0).all()


def test_changing_a_category_changes_no_code_of_the_log() -> None:
    """With this many people, the codes of a column have the type of those of the log."""
    people = [str(number) for number in range(201, 201 + 2**15)]
    scenario = Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    workload = Workload(arrives_at=[0], talk_time=60, answer_delay={"201": 4})
    played = play(scenario, workload).arrays
    log = CallLog(scenario, replace(played, extensions=tuple(people)))
    for _ in range(3):
        frame = log.calls
        assert frame["answered_by"].cat.codes.dtype == played.calls.answered_by.dtype
        frame.loc[0, "answered_by"] = "202"
        assert played.calls.answered_by.tolist() == [0]
        assert log.calls["answered_by"].tolist() == ["201"]


def test_names_that_recur_are_made_once() -> None:
    first, again = (lines_run(frame_of_columns, {"only": np.zeros(3)}) for _ in range(2))
    assert again < 2 / 3 * first


def test_the_first_frame_of_a_log_takes_no_shallow_copy() -> None:
    scenario = Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    log = play(scenario, Workload(arrives_at=[0], talk_time=60, answer_delay={"201": 4}))
    _ = play(scenario, Workload(arrives_at=[0], talk_time=60)).calls  # names are cached then
    first, second, third = (lines_run(getattr, log, "calls") for _ in range(3))
    assert first < second
    assert third < first / 2
