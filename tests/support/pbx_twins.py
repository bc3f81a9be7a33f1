"""Helpers for tests of the PBX: twins in this process, and signed-in test clients.

`twin_client`
    A client of a new twin, signed in as its administrator.
`sign_in`
    The header of a new token.
`amount`
    How much of a slow test to do.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

from ringsim.pbx.twin import create_app
from support.profiles import SLOW

OAUTH = {
    "grant_type": "password",
    "scope": "all",
    "client_id": "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a",
    "domain": "test.io",
}
SALES = {
    "name": "Sales",
    "extension_number": "600",
    "ring_strategy": "CYCLIC_HUNT",
    "members": ["201", "202", "203"],
}


def amount(desk: int, ci: int, slow: int) -> int:
    """Return how much to do: at a desk, in CI, and with RINGSIM_SLOW=1 at a desk."""
    if not SLOW:
        return desk
    return ci if os.environ.get("CI") else slow


def new_client(app: Any) -> Any:
    """Return a client of an application in this process, not signed in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from starlette.testclient import TestClient
    return TestClient(app, base_url="http://testserver/api", raise_server_exceptions=False)


def twin_client(**options: Any) -> Any:
    """Return a client of a new twin, signed in as its administrator; `client.app` is the twin."""
    options = {"password": "secret", "groups": [SALES], **options}
    client = new_client(create_app(**options))
    client.headers.update(sign_in(client))
    return client


def sign_in(client: Any, username: str = "admin", password: str = "secret") -> dict[str, str]:
    """Return the header of a new token."""
    form = {**OAUTH, "username": username, "password": password}
    answer = client.post("/login/oauth/token", data=form, headers={"Authorization": ""})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def faults(answer: Any) -> list[tuple[str | None, str]]:
    """Return the fields and reasons of a refusal."""
    assert answer.status_code == 400, answer.text
    [error] = answer.json()["errors"]
    assert error["code"] == "VALIDATE_FAILED"
    return [(fault["field"], fault["reason"]) for fault in error["detail"]]
