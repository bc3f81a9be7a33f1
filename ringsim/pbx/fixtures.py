"""Pytest fixture `pbx_twin`: a twin of the PBX on a socket, for tests of your own.

The plugin is registered by an entry point, so a test only names the fixture. It imports nothing
until a test does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ringsim.pbx import PortSIP

__all__ = ["pbx_twin"]

PASSWORD = "secret"  # noqa: S105  # of a server that only this machine reaches, for one test


@pytest.fixture
def pbx_twin() -> Iterator[PortSIP]:
    """Yield a client, signed in to a twin with one ring group, 600, of 201, 202 and 203."""
    from ringsim.pbx import PortSIP
    from ringsim.pbx.twin import running

    sales = {"name": "Sales", "extension_number": "600", "members": ["201", "202", "203"]}
    with (
        running(username="admin", password=PASSWORD, domain="test.io", groups=[sales]) as url,
        PortSIP(url, username="admin", password=PASSWORD, domain="test.io") as pbx,
    ):
        yield pbx
