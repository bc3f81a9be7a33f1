"""What all tests share: the engines that every rule must hold on."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", params=["simpy"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; they play by the same rules."""
    name: str = request.param
    return name
