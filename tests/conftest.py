"""What all tests share: the engines that every rule must hold on, and pictures without windows."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import ringsim as rs
from ringsim.engine._compiled import play_loop

os.environ["MPLBACKEND"] = "agg"

settings.register_profile("ringsim", deadline=None)  # the first example may compile something
settings.load_profile("ringsim")


@pytest.fixture(scope="session", params=["simpy", "compiled"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; they play by the same rules."""
    name: str = request.param
    return name


@pytest.fixture(scope="session", autouse=True)
def _engine_is_compiled() -> Iterator[None]:
    """Once: what it says then is said before any test, and no test makes it happen again."""
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=rs.lognormal(mean=60, cv=1))},
    )
    rs.play(scenario, rs.Workload.draw(scenario))
    yield
    assert len(play_loop.signatures) == 1
