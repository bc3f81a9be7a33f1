"""What a twin refuses: a table of cases, each with the documented error."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from fastapi.routing import APIRoute

from ringsim.pbx.twin import create_app
from ringsim.pbx.twin._accounts import add_groups, add_tenant, add_user
from ringsim.pbx.twin._app import ROUTERS
from ringsim.pbx.twin._serving import serving
from support.pbx_twins import SALES, new_client, sign_in, twin_client

HOST = "http://testserver"
OTHERS = {"name": "Theirs", "extension_number": "600", "members": ["201"]}


@pytest.fixture(scope="module")
def client() -> Any:
    """Return a client of a twin with two tenants."""
    client = twin_client()
    twin = client.app.state.twin
    other = add_tenant(twin, "other.io")
    add_user(twin, other, "admin", password="theirs", role="Admin")
    add_user(twin, other, "root", password="x", role="StandardUser")
    add_groups(twin, other, [OTHERS])
    add_user(twin, None, "system", password="root", role="SystemAdmin")
    with twin.store.read() as connection:
        mine = connection.exec_driver_sql("SELECT id FROM tenants WHERE domain='test.io'")
        tenant = mine.scalar_one()
    add_user(twin, tenant, "bob", password="pw", role="StandardUser", number="209")
    add_user(twin, tenant, "queue", password="pw", role="QueueManager")
    client.post(
        f"{HOST}/_twin/play",
        json={"demand": {"600": {"calls_per_hour": 5, "talk_time": 60}}, "hours": 1},
    )
    return client


def theirs(client: Any) -> dict[str, str]:
    form = {
        "grant_type": "password",
        "scope": "all",
        "client_id": "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a",
        "username": "admin",
        "password": "theirs",
        "domain": "other.io",
    }
    token = client.post("/login/oauth/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


PATHS = [
    ("GET", "/ring_groups"),
    ("POST", "/ring_groups"),
    ("GET", "/ring_groups/1"),
    ("POST", "/ring_groups/1"),
    ("POST", "/ring_groups/1/destroy"),
    ("GET", "/ring_groups/1/agents"),
    ("POST", "/ring_groups/1/agents"),
    ("GET", "/ring_groups/1/agents/201"),
    ("GET", "/extension_numbers/600"),
    ("GET", "/users"),
    ("GET", "/users/1/status"),
    ("POST", "/users/status/get_many"),
    ("GET", "/providers"),
    ("GET", "/tenant"),
    ("GET", "/tenant/status"),
    ("POST", "/call_reports"),
    ("POST", "/call_reports/1"),
    ("POST", "/call_reports/1/destroy"),
    ("POST", "/completed_call_reports/1/destroy"),
    ("POST", f"{HOST}/_twin/play"),
    ("GET", f"{HOST}/_twin/play"),
    ("POST", f"{HOST}/_twin/faults"),
    ("POST", f"{HOST}/_twin/faults/clear"),
    ("POST", f"{HOST}/_twin/webhooks"),
]
RECORDS = [
    ("GET", "/cdrs"),
    ("POST", "/cdrs"),
    ("GET", "/cdrs/1"),
    ("GET", "/calllogs"),
    ("GET", "/calllogs/1"),
    ("GET", "/sessions"),
    ("GET", "/sessions/1"),
    ("GET", "/dataflow/analytics/calls/history"),
    ("POST", "/dataflow/analytics/calls/history"),
    ("GET", "/dataflow/analytics/calls/history/1"),
    ("POST", "/dataflow/analytics/calls/history/1"),
    ("GET", "/recordings"),
    ("POST", "/recordings"),
    ("GET", "/recordings/1"),
    ("POST", "/recordings/1"),
    ("GET", "/call_reports"),
    ("GET", "/call_reports/1"),
    ("GET", "/completed_call_reports"),
    ("GET", "/completed_call_reports/1"),
]
OWN = [
    ("GET", "/user/status"),
    ("POST", "/user/presence"),
    ("GET", "/user/ring_groups"),
    ("GET", "/user/outbound_caller_ids"),
    ("GET", "/user/cdrs"),
    ("GET", "/user/cdrs/1"),
    ("POST", "/user/cdrs/sync_tokens"),
    ("POST", "/user/cdrs/sync_tokens/1/diff"),
]
TOKEN_ONLY = [
    ("GET", "/auth/user"),
    ("POST", "/auth/sign_out"),
    ("POST", "/login/oauth/revoke"),
    ("POST", "/tenants/switch"),
]
NO_TOKEN = [  # the documents open these to everybody; those that sign in want credentials instead
    ("GET", "/info"),
    ("GET", "/sessions/directly"),
    ("GET", "/blobs/1"),
    ("POST", "/login/oauth/token"),
    ("POST", "/auth/sign_in"),
    ("POST", "/auth/send_otp"),
    ("POST", "/auth/verify_otp"),
    ("POST", "/auth/refresh_token"),
    ("POST", "/login"),
]
COOKIE = [("GET", "/login"), ("POST", "/logout")]  # 401 without a session of either kind


def test_every_endpoint_is_in_the_table_of_cases() -> None:
    cases = [*PATHS, *RECORDS, *OWN, *TOKEN_ONLY, *NO_TOKEN, *COOKIE]
    missing = [
        (verb, route.path)
        for prefix, part in ROUTERS
        for route in part.routes
        if isinstance(route, APIRoute)
        for verb in route.methods
        if not any(
            verb == case and route.path_regex.fullmatch(path.removeprefix(f"{HOST}{prefix}"))
            for case, path in cases
        )
    ]
    assert missing == []


@pytest.mark.parametrize(("verb", "path"), NO_TOKEN)
def test_an_endpoint_without_a_token_shows_nothing_of_the_tenant(
    client: Any, verb: str, path: str
) -> None:
    answer = client.request(verb, path, headers={"Authorization": ""}, json={})
    assert answer.status_code in (200, 400, 404)
    assert answer.status_code != 200 or answer.json() == {}


@pytest.mark.parametrize(("verb", "path"), COOKIE)
def test_no_cookie_and_no_token_are_a_401(client: Any, verb: str, path: str) -> None:
    client.cookies.clear()
    answer = client.request(verb, path, headers={"Authorization": ""})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(("verb", "path"), [*PATHS, *RECORDS, *OWN, *TOKEN_ONLY])
def test_no_token_opens_nothing(client: Any, verb: str, path: str) -> None:
    answer = client.request(verb, path, headers={"Authorization": ""}, json={})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "UNAUTHORIZED")


@pytest.fixture(scope="module")
def bob(client: Any) -> dict[str, str]:
    return sign_in(client, "bob", "pw")


@pytest.fixture(scope="module")
def queue(client: Any) -> dict[str, str]:
    return sign_in(client, "queue", "pw")


@pytest.mark.parametrize(("verb", "path"), [*PATHS, *RECORDS])
def test_a_standard_user_sees_only_the_own(
    client: Any, bob: dict[str, str], verb: str, path: str
) -> None:
    answer = client.request(verb, path, headers=bob, json={})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "DENIED")


@pytest.mark.parametrize(("verb", "path"), PATHS)
def test_a_queue_manager_sees_no_groups(
    client: Any, queue: dict[str, str], verb: str, path: str
) -> None:
    answer = client.request(verb, path, headers=queue, json={})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "DENIED")


def test_another_tenant_sees_nothing_of_ours(client: Any) -> None:
    other = theirs(client)
    identity = client.get("/ring_groups").json()["items"][0]["id"]
    [own] = client.get("/ring_groups", headers=other).json()["items"]
    assert own["name"] == "Theirs"
    path = f"/ring_groups/{identity}"
    cdr = client.get("/cdrs").json()["items"][0]["id"]
    log = client.get("/calllogs").json()["items"][0]["id"]
    user = client.get("/users").json()["items"][0]["id"]
    unknown = [
        client.get(path, headers=other),
        client.post(path, headers=other, json={"name": "Stolen"}),
        client.get(f"{path}/agents", headers=other),
        client.post(f"{path}/agents", headers=other, json={"items": []}),
        client.get(f"/cdrs/{cdr}", headers=other),
        client.get(f"/calllogs/{log}", headers=other),
        client.get(f"/users/{user}/status", headers=other),
        client.get(f"/user/cdrs/{cdr}", headers=other),
    ]
    assert {answer.status_code for answer in unknown} == {404}
    assert client.post(f"{path}/destroy", headers=other).status_code == 400
    for listed in ("/cdrs", "/calllogs", "/users"):
        assert len(client.get(listed, headers=other).json()["items"]) == (listed == "/users")
    assert client.get(path).json()["name"] == "Sales"
    either = {"filter": f"name eq 'x' or id eq '{identity}'"}
    assert client.get("/ring_groups", params=either, headers=other).json()["count"] == 0


def test_a_system_administrator_must_choose_a_tenant(client: Any) -> None:
    form = {
        "grant_type": "password",
        "client_id": "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a",
        "username": "system",
        "password": "root",
    }
    token = client.post("/login/oauth/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/ring_groups", headers=headers).status_code == 403
    assert client.post("/tenants/switch?id=1", headers=headers).status_code == 404
    with client.app.state.twin.store.read() as connection:
        found = connection.exec_driver_sql("SELECT id FROM tenants WHERE domain='other.io'")
        tenant = found.scalar_one()
    switch = f"/tenants/switch?id={tenant}"
    assert client.post(switch, headers=headers).status_code == 200
    assert client.get("/ring_groups", headers=headers).json()["items"][0]["name"] == "Theirs"
    assert client.post(switch).status_code == 403  # an administrator of one tenant


INJECTIONS = [
    "'; DROP TABLE ring_groups; --",
    "' OR '1'='1",
    "1 OR 1=1",
    "%' UNION SELECT password_hash FROM users --",
    "x') or 1 eq 1 or contains(name,'",
    "\x00",
    "%",
    "_",
    "\\",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_injection_finds_nothing_and_breaks_nothing(client: Any, text: str) -> None:
    doubled = text.replace("'", "''")
    quoted = client.get("/ring_groups", params={"filter": f"contains(name,'{doubled}')"}).json()
    assert quoted["count"] == 0
    assert client.get("/ring_groups", params={"search": f"zz{text}"}).json()["count"] == 0
    raw = client.get("/ring_groups", params={"filter": f"name eq '{text}'"})
    assert raw.status_code in (200, 400)
    assert raw.json().get("count", 0) == 0
    assert client.get("/ring_groups", params={"orderby": text}).status_code == 400
    for path in ("/ring_groups/{}", "/extension_numbers/{}", "/blobs/{}", "/cdrs/{}"):
        from urllib.parse import quote

        assert client.get(path.format(quote(text, safe=""))).status_code == 404
    assert client.get("/ring_groups").json()["count"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/blobs/../../etc/passwd",
        "/blobs/..%2f..%2fetc%2fpasswd",
        "/blobs/%2e%2e/%2e%2e/etc/passwd",
        "/blobs/....//....//etc/passwd",
        "/blobs/%00",
        "/blobs/" + "A" * 5000,
        "/blobs/",
    ],
)
def test_path_tricks_find_no_file(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize("path", ["/ring_groups", "/login/oauth/token", "/auth/sign_in"])
def test_ten_megabytes_are_refused(client: Any, path: str) -> None:
    body = b'{"name": "' + b"x" * 10_000_000 + b'"}'
    for content in (body, iter([body[:5_000_000], body[5_000_000:]])):
        answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["errors"][0]["code"] == "VALIDATE_FAILED"


def test_a_slow_client_holds_nobody_up() -> None:
    app = create_app(password="secret", groups=[SALES])
    with serving(app) as url:
        host, port = url.removeprefix("http://").split(":")
        slow = [socket.create_connection((host, int(port))) for _ in range(20)]
        for each in slow:
            each.sendall(
                b"POST /api/ring_groups HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"
            )
        with new_client(app) as _, socket.create_connection((host, int(port))) as quick:
            quick.settimeout(60)  # no answer comes while one client is waited for
            quick.sendall(b"GET /api/ring_groups HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = quick.recv(100)
        assert answer.startswith(b"HTTP/1.1 401")
        for each in slow:
            each.close()


def test_passwords_are_kept_as_hashes_in_a_private_file(tmp_path: Any) -> None:
    file = tmp_path / "twin.db"
    app = create_app(password="a long secret", database=file)
    app.state.twin.store.close()
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"a long secret" not in everything
    assert file.stat().st_mode & 0o077 == 0
    again = create_app(password="another", database=file)
    assert sign_in(new_client(again), "admin", "a long secret")  # the first password stays


def test_answers_with_tokens_are_not_cached(client: Any) -> None:
    body = {"username": "bob", "password": "pw", "domain": "test.io"}
    assert client.post("/auth/sign_in", json=body).headers["cache-control"] == "no-store"


def test_guessing_a_code_ends_the_sign_in(client: Any) -> None:
    twin = client.app.state.twin
    with twin.store.read() as connection:
        mine = connection.exec_driver_sql("SELECT id FROM tenants WHERE domain='test.io'")
        tenant = mine.scalar_one()
    add_user(twin, tenant, "two", password="pw", two_factor=True)
    body = {"username": "two", "password": "pw", "domain": "test.io"}
    token = client.post("/auth/sign_in", json=body).json()["token"]
    client.post("/auth/send_otp", json={"token": token})
    for _ in range(5):
        client.post("/auth/verify_otp", json={"token": token, "code": "guess"})
    right = {"token": token, "code": client.app.state.last_code}
    assert client.post("/auth/verify_otp", json=right).status_code == 400
