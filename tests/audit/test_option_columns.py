"""Audit of columns and rows of groups with options that follow from the other rows.

A log with another number of passes, of candidates or of calls in line is refused, and so is one
whose rings or pauses stand in another order.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.audit import audit
from support.corruptions import OptionFrames


def office(**rules: Any) -> rs.Scenario:
    group = {"extension_number": "600", "ring_time": 10, "members": ["201", "202"]}
    hunt = {"ring_strategy": "CYCLIC_HUNT"}
    return rs.Scenario(groups=[{**group, **hunt, "rules": rules}])


NOBODY = rs.Workload(arrives_at=[0], talk_time=9)
IN_LINE = {"wait_in_line": True, "retry_pause": 5, "max_wait_time": 60}
BOTH = {"201": 5, "202": 5}


def with_value(log: rs.CallLog, frame: str, row: int, column: str, value: float) -> dict[str, Any]:
    """Return the frames of a log with another number in a row."""
    frames: dict[str, pd.DataFrame] = OptionFrames.of(log)._asdict()
    changed = frames[frame].copy()
    changed.loc[row, column] = value
    return {**frames, frame: changed}


def refused(scenario: rs.Scenario, frames: dict[str, Any], workload: rs.Workload) -> set[str]:
    """Return the sentences of the violations, which must be there without the workload too."""
    assert not audit(scenario, frames).ok
    return {str(one) for one in audit(scenario, frames, workload).violations}


@pytest.mark.parametrize("passes", [1, 2, 4])
def test_passes_are_counted_by_the_pauses_between(passes: int) -> None:
    """An abandoned call made as many passes as began before its caller gave up."""
    scenario = office(passes=5, retry_pause=5)
    workload = rs.Workload(arrives_at=[0], talk_time=9, patience=55)
    log = rs.play(scenario, workload)
    assert log.visits["passes"].tolist() == [3]
    audit(scenario, log, workload).check()
    said = "visits row 0: passes passes must be 3, by the rings and the gaps between them"
    found = refused(scenario, with_value(log, "visits", 0, "passes", passes), workload)
    assert f"{said}, got {passes}" in found


@pytest.mark.parametrize("rules", [{}, {"order_by": ["-n_rung"]}, {"at_once": 2}])
def test_passes_at_once_are_counted_by_who_rings_again(rules: dict[str, Any]) -> None:
    scenario = office(passes=4, after_decline="end", **rules)
    workload = rs.Workload(arrives_at=[0], talk_time=9, patience=25)
    log = rs.play(scenario, workload)
    made = int(log.visits["passes"].iloc[0])
    audit(scenario, log, workload).check()
    found = refused(scenario, with_value(log, "visits", 0, "passes", made + 1), workload)
    assert any(f"passes must be {made}, by" in one for one in found)


def test_a_look_finds_its_candidates() -> None:
    """A member who talks is none, until the very end of the talk."""
    scenario = office(missed_rest=1)
    workload = rs.Workload(arrives_at=[0, 10, 14], talk_time=9, answer_delay=BOTH)
    log = rs.play(scenario, workload)
    assert log.visits["found"].tolist() == [2, 1, 2]
    audit(scenario, log, workload).check()
    for row, found in enumerate([1, 2, 1]):
        frames = with_value(log, "visits", row, "found", found)
        said = f"visits row {row}: S3 found must be {3 - found}, the candidates of the first look"
        assert f"{said}, got {found}" in refused(scenario, frames, workload)


def test_who_never_looked_found_nobody() -> None:
    scenario = office(**IN_LINE, max_queue_length=1)
    workload = rs.Workload(arrives_at=[0, 1], talk_time=9, answer_delay={"201": 5})
    log = rs.play(scenario, workload)
    assert log.visits["found"].tolist() == [2, -1]
    frames = with_value(log, "visits", 1, "found", 0)
    assert any("found must be -1" in one for one in refused(scenario, frames, workload))


@pytest.mark.parametrize("length", [0, 2, math.nan])
def test_a_line_has_its_length_when_another_call_leaves_it(length: float) -> None:
    """The third call arrives at the instant at which the first is answered."""
    scenario = office(**IN_LINE)
    workload = rs.Workload(
        arrives_at=[0, 1, 5], talk_time=99, answer_delay={"201": [5, 50, 50], "202": 50}
    )
    log = rs.play(scenario, workload)
    assert log.visits["line_length"].tolist() == [0, 1, 1]
    audit(scenario, log, workload).check()
    frames = with_value(log, "visits", 2, "line_length", length)
    found = refused(scenario, frames, workload)
    assert any("line_length must be" in one for one in found)


def test_rings_stand_in_the_order_of_their_ends() -> None:
    scenario = office(passes=2, retry_pause=5)
    log = rs.play(scenario, NOBODY)
    frames = OptionFrames.of(log)._asdict()
    audit(scenario, frames, NOBODY).check()
    frames["rings"] = frames["rings"].iloc[[1, 0, 2, 3]].reset_index(drop=True)
    found = refused(scenario, frames, NOBODY)
    said = "got 201 from 0.0 to 10.0 after 202 from 10.0 to 20.0"
    assert f"rings row 1: S13 rows must be in the order in which rings end, {said}" in found
    assert audit(scenario, frames, NOBODY, tolerance=0.01).ok


def test_phones_of_one_wave_stand_in_the_configured_order() -> None:
    scenario = office(passes=2, retry_pause=5, at_once=2)
    frames = OptionFrames.of(rs.play(scenario, NOBODY))._asdict()
    frames["rings"] = frames["rings"].iloc[[1, 0, 2, 3]].reset_index(drop=True)
    assert any("rings row 1: S13" in one for one in refused(scenario, frames, NOBODY))


def test_pauses_stand_in_the_order_of_their_starts() -> None:
    scenario = office(auto_pause_after=1)
    frames = OptionFrames.of(rs.play(scenario, NOBODY))._asdict()
    audit(scenario, frames, NOBODY).check()
    frames["pauses"] = frames["pauses"].iloc[::-1].reset_index(drop=True)
    assert refused(scenario, frames, NOBODY) == {
        "pauses row 1: S13 started_at must not be before the row before, 20.0, got 10.0"
    }


def test_a_call_does_not_wait_in_the_line_that_it_enters_next() -> None:
    """A page reaches nobody, and goes on to a line of greater weight in the same instant."""
    rule = {"action": "FORWARD_TO_NUMBER", "number": "601"}
    page = {"extension_number": "600", "ring_strategy": "PAGING_INTERCOM", "members": ["201"]}
    scenario = rs.Scenario(
        groups=[
            {**page, "skip_busy_member": False, "no_answer_forward_rule": rule},
            {
                "extension_number": "601",
                "members": ["201", "202"],
                "rules": {**IN_LINE, "queue_weight": 1},
            },
        ]
    )
    workload = rs.Workload(
        arrives_at=[5], talk_time=9, group="600", own_calls=[(0, "201", 60)], answer_delay=BOTH
    )
    log = rs.play(scenario, workload)
    assert log.visits["found"].tolist() == [1, 1]
    audit(scenario, log, workload).check()
    audit(scenario, log).check()


def test_callers_who_leave_as_another_arrives_may_have_stood_in_line_before_it() -> None:
    """The arrival of a call that leaves at once makes the others look."""
    scenario = office(**IN_LINE, passes=math.inf, missed_rest=50, leave_when_empty=["busy"])
    workload = rs.Workload(
        arrives_at=[0, 30], talk_time=9, own_calls=[(30, "201", 60), (30, "202", 60)]
    )
    log = rs.play(scenario, workload)
    assert log.visits["left_at"].tolist() == [30, 30]
    assert log.visits["line_length"].tolist() == [0, 1]
    audit(scenario, log, workload).check()
    audit(scenario, log).check()


def test_phones_that_are_declined_together_stand_in_the_configured_order() -> None:
    """Also if the first of them started to ring in a later wave."""
    scenario = office(
        order_by=["-position"], memory_hunt="ring_on", wave_step=2, after_decline="end"
    )
    workload = rs.Workload(arrives_at=[0], talk_time=9, decline_delay={"201": 3, "202": 5})
    log = rs.play(scenario, workload)
    assert log.rings["started_at"].tolist() == [2, 0]
    assert log.rings["ended_at"].tolist() == [5, 5]
    audit(scenario, log, workload).check()
    frames = OptionFrames.of(log)._asdict()
    frames["rings"] = frames["rings"].iloc[[1, 0]].reset_index(drop=True)
    assert any("rings row 1: S13" in one for one in refused(scenario, frames, workload))


@pytest.mark.parametrize("limit", [0.0, 1e-83, 1e-3])
@pytest.mark.parametrize("rules", [{}, IN_LINE], ids=["no line", "line"])
def test_a_call_whose_time_is_too_short_to_be_seen_finds_nobody(
    rules: dict[str, Any], limit: float
) -> None:
    """The instant at which its time is over is that of its arrival, in floats.

    Without the workload, an office without options is audited as if no call had such a limit.
    """
    workload = rs.Workload(arrives_at=[1.0], talk_time=9, max_wait_time=[limit])
    scenario = office(**{**rules, "max_wait_time": math.inf})
    log = rs.play(scenario, workload)
    for given in (workload, None) if rules else (workload,):
        audit(scenario, log, given).check()


def test_checks_that_need_instants_are_left_out_where_durations_are_lost_in_them() -> None:
    """A step of 1e-38 s sets no two waves apart; the audit says what it does not check."""
    rules = {"memory_hunt": "ring_on", "order_by": ["position"], "at_once": 1}
    for step, is_checked in ((1e-38, False), (1.0, True)):
        scenario = office(**rules, wave_step=step)
        log = rs.play(scenario, rs.Workload(arrives_at=[7.0], talk_time=9, answer_delay=BOTH))
        frames = with_value(log, "visits", 0, "found", 1)
        for given in (log, frames):
            what = [each.what for each in audit(scenario, given).unchecked]
            assert any("candidates, passes" in each for each in what) is not is_checked
        assert audit(scenario, log).ok
        assert audit(scenario, frames).ok is not is_checked
