"""What all tests share: the engines that every rule must hold on."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("ringsim", deadline=None)  # the first example compiles the engine
settings.load_profile("ringsim")


@pytest.fixture(scope="session", params=["simpy", "compiled"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; they play by the same rules."""
    name: str = request.param
    return name
