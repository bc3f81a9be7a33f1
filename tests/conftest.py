"""What all tests share: the engines that every rule must hold on."""

from __future__ import annotations

import pytest
from hypothesis import settings

import ringsim as rs

settings.register_profile("ringsim", deadline=None)  # the first example may compile something
settings.load_profile("ringsim")


@pytest.fixture(scope="session", params=["simpy", "compiled"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; they play by the same rules."""
    name: str = request.param
    return name


@pytest.fixture(scope="session", autouse=True)
def _engine_is_compiled() -> None:
    """The line that says so, once after installation, is printed before any test."""
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=rs.lognormal(mean=60, cv=1))},
    )
    rs.play(scenario, rs.Workload.draw(scenario))
