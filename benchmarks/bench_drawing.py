"""Benchmarks of the stages of a study, and of drawing from each distribution."""

from __future__ import annotations

import pytest
from cases import CALLS_A_DAY, DURATIONS, drawn, framed, office, played, replayed, study
from measure import Measured

STAGES = [drawn, played, replayed, framed, study]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def bench_stages_of_many_days(measured: Measured, stage: type) -> None:
    measured(stage(office(), 20), "stages, 20 days")


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def bench_stages_of_one_long_day(measured: Measured, stage: type) -> None:
    measured(stage(office(calls=20 * CALLS_A_DAY), 1), "stages, one day 20 times as long")


@pytest.mark.parametrize("distribution", DURATIONS)
def bench_talk_times_drawn(measured: Measured, distribution: str) -> None:
    measured(drawn(office(talk_time=DURATIONS[distribution]), 20), "talk times drawn, 20 days")


@pytest.mark.parametrize("distribution", DURATIONS)
def bench_answer_delays_drawn(measured: Measured, distribution: str) -> None:
    day = office(answer_delay=DURATIONS[distribution])
    measured(played(day, 20), "played, answer delays drawn, 20 days")
