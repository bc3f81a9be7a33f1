"""The control of a study, by group and for all groups together."""

from __future__ import annotations

import numpy as np

import ringsim as rs
from ringsim.confidence import Controlled

OFFICE = rs.Scenario(
    groups=[
        {"extension_number": "600", "members": ["201"]},
        {"extension_number": "601", "members": ["202"]},
    ],
    demand={number: rs.Demand(calls_per_hour=20, talk_time=60) for number in ("600", "601")},
    hours=1,
)


def test_all_groups_have_the_talk_time_of_all_callers() -> None:
    result = rs.simulate(OFFICE, replications=20, control=True, workers=1)
    found = [result.figure("service_level", group) for group in ("600", "601", None)]
    controls = [figure.control for figure in found if isinstance(figure, Controlled)]
    assert len(controls) == 3
    assert np.allclose(controls[0] + controls[1], controls[2])
    assert not isinstance(result.figure("offered", "600"), Controlled)
    assert not np.array_equal(controls[0], controls[1])


def test_tables_by_interval_and_member_are_those_without_control() -> None:
    one, other = (rs.simulate(OFFICE, replications=20, control=each) for each in (True, False))
    assert one.intervals(1800).equals(other.intervals(1800))
    assert one.members().equals(other.members())
