"""Lines, declined rings and pauses in the log, as both engines write them."""

from __future__ import annotations

import math
from typing import Any

import pytest

import ringsim as rs

nan = math.nan
LINE = {"wait_in_line": True, "passes": "inf", "max_wait_time": 500, "retry_pause": 1}


def log_of(
    engine: str, rules: dict[str, Any], workload: dict[str, Any], **group: Any
) -> rs.CallLog:
    one = {
        "extension_number": "600",
        "ring_strategy": "PRIORITIZED_HUNT",
        "members": ["201", "202"],
        **group,
        "rules": rules,
    }
    other = {"extension_number": "601", "members": ["202", "203"]}
    scenario = rs.Scenario(groups=[one, other])
    return rs.play(scenario, rs.Workload(**{"group": "600", "talk_time": 30, **workload}), engine)


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
class TestLog:
    def test_visits_tell_when_a_call_stood_in_line_and_when_a_phone_first_rang(
        self, engine: str
    ) -> None:
        """Two talk from 5; the third waits until 35; the fourth finds the line full."""
        log = log_of(
            engine,
            {**LINE, "max_queue_length": 1},
            {
                "arrives_at": [0, 6, 20, 22, 50],
                "answer_delay": {"201": 5, "202": 5},
                "group": ["600", "600", "600", "600", "601"],
            },
        )
        shown = log.visits[["line_length", "lined_up_at", "first_rung_at"]].to_numpy().tolist()
        assert shown[:4] == [
            pytest.approx(row, nan_ok=True)
            for row in ([0, 0, 0], [0, 6, 6], [0, 20, 35], [1, nan, nan])
        ]
        assert shown[4] == pytest.approx([nan, nan, 50], nan_ok=True)  # a group without a line

    def test_a_caller_who_gives_up_in_line_was_never_rung(self, engine: str) -> None:
        log = log_of(
            engine,
            LINE,
            {"arrives_at": [0, 3], "answer_delay": {"201": 2}, "patience": [99, 9]},
            members=["201"],
        )
        assert log.visits["lined_up_at"].tolist() == [0, 3]
        assert log.visits["first_rung_at"].tolist() == pytest.approx([0, nan], nan_ok=True)

    def test_pauses_of_a_group_and_of_a_person(self, engine: str) -> None:
        rules = {"auto_pause_after": 1, "auto_pause_time": 100}
        log = log_of(engine, rules, {"arrives_at": [0]})
        assert log.pauses.astype({"extension": str, "group": str}).to_numpy().tolist() == [
            ["201", "600", 20, 120],
            ["202", "600", 40, 140],
        ]
        shared = {"auto_pause_after": 1, "auto_pause_scope": "extension"}
        log = log_of(engine, shared, {"arrives_at": [0]})
        assert log.pauses["group"].isna().all()
        assert log.pauses["ended_at"].tolist() == [math.inf] * 2

    def test_declined_rings_count_as_missed_only_if_the_rules_say_so(self, engine: str) -> None:
        for counts in (False, True):
            rules = {"auto_pause_after": 1, "auto_pause_on_decline": counts}
            declines = {"201": 3, "202": 4}
            log = log_of(engine, rules, {"arrives_at": [0], "decline_delay": declines})
            assert log.rings["result"].tolist() == ["declined"] * 2
            assert log.pauses["started_at"].tolist() == ([3, 7] if counts else [])

    def test_frames_without_options_are_as_ever(self, engine: str) -> None:
        log = log_of(engine, {"passes": 2}, {"arrives_at": [0]})
        assert "line_length" not in log.visits
        assert log.pauses.empty
        assert list(log.pauses) == ["extension", "group", "started_at", "ended_at"]
        assert (log.arrays.lines, log.arrays.pauses) == (None, None)
