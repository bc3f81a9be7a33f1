"""A plugin of pytest: no test leaves a figure open, also no example of a docstring."""

from __future__ import annotations

import sys

import pytest

__all__ = ["pytest_runtest_teardown"]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Close what a test drew with pyplot, which keeps figures and warns of the 21st."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
