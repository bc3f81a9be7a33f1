"""What all tests share: the engines that every rule must hold on, and pictures without windows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import ringsim as rs
from ringsim._jit import INTERPRETED
from ringsim.engine._compiled import play_runs
from ringsim.metrics import _waits
from support import figures
from support.browser import browser  # noqa: F401  # a fixture for all tests
from support.entry_points import install  # noqa: F401  # another
from support.helpers import n_compilations
from support.profiles import BRIEF, PROFILE, PROFILES, STUDIES
from support.workers import compile_ahead, keep_to_own_processors

os.environ["MPLBACKEND"] = "agg"

for profile in PROFILES.values():  # without limits of time: the machine may be busy
    settings.register_profile(
        profile.name,
        deadline=None,
        max_examples=profile.examples,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(PROFILE.name)


def pytest_configure(config: pytest.Config) -> None:
    """Let workers not do the same work twice, nor wait for each other, and close figures."""
    config.pluginmanager.register(figures)  # a hook of this file would miss the docstrings
    keep_to_own_processors()
    if config.getoption("numprocesses", None):  # None in the workers
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy has counted processors by then
        if not INTERPRETED:
            compile_ahead()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the studies where a test is to be brief."""
    here = [Path(__file__).parent / study for study in STUDIES]
    return True if PROFILE is BRIEF and collection_path in here else None


@pytest.hookimpl(trylast=True)  # pytest has put tests together that share a fixture
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start long tests first: begun at the end, one of them alone keeps all waiting."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", params=["simpy", "compiled"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; they play by the same rules."""
    name: str = request.param
    return name


@pytest.fixture(scope="session", autouse=True)
def _engine_is_compiled() -> Iterator[None]:
    """Once: what it says then is said before any test, and no test makes it happen again."""
    if not INTERPRETED:
        _compile()
    yield
    assert n_compilations(play_runs) == (0 if INTERPRETED else 1)


def _compile() -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour=240, talk_time=rs.lognormal(mean=60, cv=1))},
        hours=1,
    )
    rs.play(scenario, rs.Workload.draw(scenario))
    rs.simulate(scenario, replications=1)
    with pytest.MonkeyPatch.context() as context:
        context.setattr(_waits, "MAX_KEPT", 0)  # as if there were millions of calls
        rs.simulate(scenario, replications=1)
