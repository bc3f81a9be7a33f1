"""The twin's choices T1 to T30, one by one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ringsim.errors import ConfigurationError
from ringsim.pbx import twin
from ringsim.pbx.twin import ManualClock, create_app
from ringsim.pbx.twin._accounts import add_provider, add_user
from support.pbx_twins import OAUTH, SALES, faults, new_client, sign_in, twin_client

NEW = {"name": "Support", "extension_number": "601", "ring_strategy": "PRIORITIZED_HUNT"}


@pytest.fixture
def client() -> Any:
    return twin_client()


def tenant_of(client: Any) -> str:
    with client.app.state.twin.store.read() as connection:
        found: str = connection.exec_driver_sql("SELECT id FROM tenants").scalar_one()
    return found


def the_group(client: Any) -> str:
    identity: str = client.get("/ring_groups").json()["items"][0]["id"]
    return identity


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YWRtaW46c2VjcmV0"])
def test_t1_a_bad_token_is_a_401(client: Any, header: str) -> None:
    answer = client.get("/ring_groups", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json() == {
        "errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]
    }


def test_t2_tokens_expire_rotate_and_end() -> None:
    clock = ManualClock()
    client = new_client(create_app(password="secret", clock=clock))
    form = {**OAUTH, "username": "admin", "password": "secret"}
    first = client.post("/login/oauth/token", data=form).json()
    assert re.fullmatch("[A-Z0-9]{48}", first["access_token"])
    assert (first["expires_in"], first["token_type"]) == (1800, "Bearer")

    def status(pair: dict[str, Any]) -> int:
        headers = {"Authorization": f"Bearer {pair['access_token']}"}
        code: int = client.get("/ring_groups", headers=headers).status_code
        return code

    again = {
        "grant_type": "refresh_token",
        "client_id": OAUTH["client_id"],
        "refresh_token": first["refresh_token"],
    }
    second = client.post("/login/oauth/token", data=again).json()
    assert (status(first), status(second)) == (401, 200)
    used = client.post("/login/oauth/token", data=again)
    assert (used.status_code, used.json()["errors"][0]["code"]) == (400, "UNKNOWN")
    clock.advance(1800)
    assert status(second) == 401
    third = client.post("/auth/refresh_token", json={"refresh_token": second["refresh_token"]})
    assert status(third.json()) == 200
    clock.advance(24 * 3600)
    late = client.post("/auth/refresh_token", json={"refresh_token": third.json()["refresh_token"]})
    assert late.status_code == 400


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "wrong"}, "UNAUTHORIZED"),
        ({"username": "nobody"}, "UNAUTHORIZED"),
        ({"domain": "other.io"}, "UNAUTHORIZED"),
        ({"domain": ""}, "UNAUTHORIZED"),
        ({"client_id": "x"}, "UNKNOWN"),
        ({"scope": "some"}, "UNKNOWN"),
        ({"grant_type": "client_credentials"}, "UNKNOWN"),
    ],
)
def test_t2_wrong_sign_ins_are_a_400(client: Any, changes: dict[str, str], code: str) -> None:
    form = {**OAUTH, "username": "admin", "password": "secret", **changes}
    answer = client.post("/login/oauth/token", data=form)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_sign_in_by_auth_with_two_factors(client: Any) -> None:
    add_user(
        client.app.state.twin,
        tenant_of(client),
        "anna",
        password="pw",
        role="Admin",
        two_factor=True,
    )
    body = {"username": "anna", "password": "pw", "domain": "test.io"}
    asked = client.post("/auth/sign_in", json=body).json()
    assert asked["two_factor_enabled"] is True
    token = asked["token"]
    assert client.post("/auth/send_otp", json={"token": token}).status_code == 200
    wrong = client.post("/auth/verify_otp", json={"token": token, "code": "x"})
    assert wrong.status_code == 400
    code = client.app.state.last_code
    pair = client.post("/auth/verify_otp", json={"token": token, "code": code})
    headers = {"Authorization": f"Bearer {pair.json()['access_token']}"}
    assert client.get("/auth/user", headers=headers).json()["role"] == "Admin"
    assert client.post("/auth/verify_otp", json={"token": token, "code": code}).status_code == 400
    assert client.post("/auth/sign_out", headers=headers).status_code == 200
    assert client.get("/auth/user", headers=headers).status_code == 401


def test_sign_in_by_cookie(client: Any) -> None:
    client.headers.pop("Authorization")
    body = {"username": "admin", "password": "secret", "domain": "test.io"}
    assert client.get("/login").status_code == 401
    assert client.post("/login", json=body).status_code == 200
    assert client.get("/login").json()["expires_in"] in (1799, 1800)
    assert client.get("/ring_groups").status_code == 401  # only bearer tokens open the API
    assert client.post("/logout").status_code == 204
    assert client.get("/login").status_code == 401


def test_t3_too_many_requests() -> None:
    clock = ManualClock()
    client = twin_client(rate_limit=3, clock=clock)  # one request to sign in
    assert [client.get("/ring_groups").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/ring_groups")
    assert refused.headers["retry-after"] == "60"
    assert refused.json()["errors"][0]["code"] == "TOOMANYREQUESTS"
    clock.advance(60)
    assert client.get("/ring_groups").status_code == 200


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("StandardUser", {"/user/status", "/user/ring_groups", "/user/cdrs", "/auth/user"}),
        (
            "QueueManager",
            {"/user/status", "/user/ring_groups", "/user/cdrs", "/auth/user", "/cdrs", "/calllogs"},
        ),
    ],
)
def test_t4_roles(client: Any, role: str, opens: set[str]) -> None:
    add_user(client.app.state.twin, tenant_of(client), "bob", password="pw", role=role)
    headers = sign_in(client, "bob", "pw")
    paths = [
        "/user/status",
        "/user/ring_groups",
        "/user/cdrs",
        "/auth/user",
        "/cdrs",
        "/calllogs",
        "/ring_groups",
        "/users",
        "/providers",
        "/tenant/status",
        "/extension_numbers/600",
    ]
    found = {path: client.get(path, headers=headers) for path in paths}
    assert {path for path, answer in found.items() if answer.status_code == 200} == opens
    for path in found.keys() - opens:
        assert found[path].status_code == 403
        assert found[path].json()["errors"][0]["code"] == "DENIED"


def test_t5_unknown_paths_and_wrong_verbs(client: Any) -> None:
    unknown = client.get("/rings")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (404, "UNKNOWN")
    wrong = client.delete("/ring_groups")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")
    assert wrong.json()["errors"][0]["code"] == "UNSUPPORTED"
    assert client.put("/user/cdrs/sync_tokens").headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("version", "paid"), [("22.0", True), ("22.1", True), ("22.2", False), ("22.8", False)]
)
def test_t12_create_needs_three_fields_and_defaults_the_rest(version: str, paid: bool) -> None:
    client = twin_client(version=version)
    needed = {field for field, _ in faults(client.post("/ring_groups", json={}))}
    assert needed == {"name", "extension_number", "ring_strategy"}
    created = client.post("/ring_groups", json=NEW)
    assert created.status_code == 200
    identity = created.json()["id"]
    detail = client.get(f"/ring_groups/{identity}").json()
    assert detail["ring_time"] == 20
    assert detail["skip_busy_member"] is False
    assert (detail["enable_paid"], detail["enable_prid"]) == (paid, paid)
    assert detail["no_answer_forward_rule"] is None
    assert detail["outbound_caller_ids"] == []
    since = {
        "night_mode_forward_rule": "22.2",
        "enable_night_mode": "22.3",
        "enable_audio_recording": "22.6",
    }
    for name, first in since.items():
        assert (name in detail) == (version >= first)
    listed = client.get("/ring_groups").json()["items"][-1]
    assert ("skip_busy_member" in listed) == (version >= "22.2")
    assert "outbound_caller_ids" not in listed


def test_t13_t14_updates_set_what_is_given_and_keep_the_rest(client: Any) -> None:
    identity = the_group(client)
    before = client.get(f"/ring_groups/{identity}").json()
    rule = {"action": "FORWARD_TO_NUMBER", "number": "+41445550199"}
    change = {
        "ring_time": 7,
        "no_answer_forward_rule": rule,
        "extension_number": "999",
        "id": "5",
        "later_field": 1,
    }
    assert client.post(f"/ring_groups/{identity}", json=change).status_code == 200
    after = client.get(f"/ring_groups/{identity}").json()
    assert after == {**before, "ring_time": 7, "no_answer_forward_rule": rule}
    for nothing in ({"json": {}}, {}):
        assert client.post(f"/ring_groups/{identity}", **nothing).status_code == 200
    assert client.get(f"/ring_groups/{identity}").json() == after
    cleared = client.post(f"/ring_groups/{identity}", json={"no_answer_forward_rule": None})
    assert cleared.status_code == 200
    assert client.get(f"/ring_groups/{identity}").json()["no_answer_forward_rule"] is None
    assert faults(client.post(f"/ring_groups/{identity}", json={"name": None, "ring_time": None}))


@pytest.mark.parametrize("number", ["600", "201", "555", "666", "777", "888"])
def test_t15_a_number_is_taken_once(client: Any, number: str) -> None:
    answer = client.post("/ring_groups", json={**NEW, "extension_number": number})
    assert faults(answer) == [("extension_number", "already in use")]


def test_t16_the_tenant_is_full() -> None:
    client = twin_client(max_ring_groups=1)
    assert faults(client.post("/ring_groups", json=NEW)) == [(None, "max_ring_groups")]


def test_t17_agents_are_replaced_whole(client: Any) -> None:
    path = f"/ring_groups/{the_group(client)}/agents"
    items = [
        {"extension_number": "203", "skill_level": 2, "display_name": "ignored"},
        {"extension_number": "201"},
    ]
    assert client.post(path, json={"items": items}).status_code == 200
    found = client.get(path).json()["items"]
    assert found == [
        {"extension_number": "203", "display_name": "Extension 203", "skill_level": 2},
        {"extension_number": "201", "display_name": "Extension 201", "skill_level": 1},
    ]
    bad = [{"extension_number": number} for number in ("201", "999", "201", "600")]
    assert faults(client.post(path, json={"items": bad})) == [
        ("items[1].extension_number", "no such extension"),
        ("items[2].extension_number", "given twice"),
        ("items[3].extension_number", "no such extension"),
    ]
    assert faults(client.post(path, json={}))
    assert faults(client.post(path))
    assert client.get(path).json()["items"] == found
    assert client.get(f"{path}/203").json() == found[0]
    assert client.get(f"{path}/202").status_code == 404
    assert client.post(path, json={"items": []}).status_code == 200
    assert client.get(path).json() == {"items": []}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ring_time", "20"),
        ("ring_time", 20.0),
        ("ring_time", True),
        ("ring_time", -1),
        ("ring_time", 2**31),
        ("skip_busy_member", 1),
        ("skip_busy_member", "true"),
        ("name", ""),
        ("name", "x" * 65),
        ("name", 5),
        ("name", "\ud800"),
        ("ring_strategy", "RING_ALL"),
        ("no_answer_forward_rule", []),
        ("no_answer_forward_rule", {"action": "EXPLODE"}),
        ("outbound_caller_ids", [{"provider_id": "1", "caller_id": ""}]),
    ],
)
def test_t18_types_are_strict(client: Any, field: str, value: Any) -> None:
    content = __import__("json").dumps({field: value})
    answer = client.post(
        f"/ring_groups/{the_group(client)}",
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert all(path.startswith(field) for path, _ in faults(answer))


def test_t18_all_faults_come_at_once_with_their_paths(client: Any) -> None:
    body = {
        **NEW,
        "extension_number": "600",
        "ring_time": "20",
        "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "12a"},
        "outbound_caller_ids": [{"provider_id": "nobody", "caller_id": "1"}],
    }
    assert [field for field, _ in faults(client.post("/ring_groups", json=body))] == [
        "ring_time",
        "no_answer_forward_rule.number",
        "extension_number",
        "outbound_caller_ids[0].provider_id",
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ('{"ring_time": NaN}', "application/json"),
        ("[" * 100_000, "application/json"),
        ('{"ring_time": 1' + "0" * 5000 + "}", "application/json"),
        ("{}", "text/plain"),
        ("ring_time=5", "application/x-www-form-urlencoded"),
    ],
)
def test_t18_only_json_is_taken(client: Any, content: str, kind: str) -> None:
    path = f"/ring_groups/{the_group(client)}"
    assert faults(client.post(path, content=content, headers={"Content-Type": kind}))


def test_t19_unknown_ids(client: Any) -> None:
    assert client.get("/ring_groups/1").status_code == 404
    assert client.post("/ring_groups/1", json={}).status_code == 404
    identity = the_group(client)
    assert client.post(f"/ring_groups/{identity}/destroy").status_code == 204
    again = client.post(f"/ring_groups/{identity}/destroy")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (400, "UNKNOWN")
    assert client.get("/extension_numbers/600").status_code == 404
    assert client.post("/ring_groups", json={**NEW, "extension_number": "600"}).status_code == 200


def test_caller_ids_by_version() -> None:
    for version, names in [
        ("22.2", {"provider_id", "caller_id", "description"}),
        ("22.6", {"provider_id", "caller_id", "description", "display_name"}),
    ]:
        client = twin_client(version=version)
        provider = add_provider(client.app.state.twin, tenant_of(client), "Trunk", brand="X")
        body = {"outbound_caller_ids": [{"provider_id": provider, "caller_id": "+4144"}]}
        path = f"/ring_groups/{the_group(client)}"
        assert client.post(path, json=body).status_code == 200
        assert client.get(path).json()["outbound_caller_ids"][0].keys() == names
    client = twin_client(version="22.8")
    provider = add_provider(client.app.state.twin, tenant_of(client), "Trunk", brand="X")
    path = f"/ring_groups/{the_group(client)}"
    client.post(
        path, json={"outbound_caller_ids": [{"provider_id": provider, "caller_id": "+4144"}]}
    )
    assert client.get(path).json()["outbound_caller_ids"][0]["provider_brand"] == "X"


def test_t29_json_is_ordered_and_unescaped(client: Any) -> None:
    path = f"/ring_groups/{the_group(client)}"
    client.post(path, json={"name": "Zürich"})
    answer = client.get(path)
    assert '"name":"Zürich"' in answer.content.decode()
    assert list(answer.json())[:5] == [
        "id",
        "name",
        "extension_number",
        "ring_time",
        "ring_strategy",
    ]


def test_versions_and_options_are_checked() -> None:
    for version in ("16.4", "22.9", "23.0", "22", "22.6 "):
        with pytest.raises(ConfigurationError, match=r"version must be a version from 22\.0"):
            create_app(password="x", version=version)
    with pytest.raises(ConfigurationError, match="blank must be"):
        create_app(password="x", blank="nothing")
    with pytest.raises(ConfigurationError, match="free in the tenant"):
        create_app(password="x", groups=[SALES, {**SALES, "extension_number": "201"}])


def test_call_logs_since_22_0_42() -> None:
    assert twin_client(version="22.0").get("/calllogs").status_code == 404
    assert twin_client(version="22.0.42").get("/calllogs").status_code == 200


def test_many_statuses_since_22_3(client: Any) -> None:
    path = "/users/status/get_many"
    users = [each["id"] for each in client.get("/users").json()["items"]]
    items = client.post(path, json={"ids": users[::-1]}).json()["items"]
    assert [each.pop("id") for each in items] == users[::-1]
    assert items[0] == client.get(f"/users/{users[-1]}/status").json()
    assert faults(client.post(path, json={"ids": [users[0], "1"]})) == [("ids[1]", "no such user")]
    assert [field for field, _ in faults(client.post(path, json={"ids": "1"}))] == ["ids"]
    assert faults(client.post(path, json={}))
    assert client.post(path, json={"ids": []}).json() == {"items": []}
    older = twin_client(version="22.2")
    assert older.post(path, json={"ids": []}).status_code == 404


def test_call_history_of_the_data_flow_service_since_22_3(client: Any) -> None:
    day = {"demand": {"600": {"calls_per_hour": 5, "talk_time": 60}}, "hours": 1}
    client.post("http://testserver/_twin/play", json=day)
    history = "/dataflow/analytics/calls/history"
    listed = client.post(history, params={"top": 2}).json()
    assert listed == client.get("/cdrs", params={"top": 2}).json()
    first = listed["items"][0]["id"]
    assert client.get(f"{history}/{first}").json() == client.get(f"/cdrs/{first}").json()
    assert client.get(f"{history}/1").status_code == 404
    older = twin_client(version="22.2")
    assert older.get(history).status_code == older.get(f"{history}/1").status_code == 404


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/sessions/directly"),
        ("POST", "/dataflow/analytics/user/history"),
        ("POST", "/dataflow/analytics/calls/timeseries"),
        ("POST", "/dataflow/analytics/report_jobs"),
        ("GET", "/dataflow/analytics/report_list"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}])
def test_paths_without_documented_bodies_are_unknown(
    client: Any, verb: str, path: str, headers: dict[str, str]
) -> None:
    """Nothing is invented: the answer is the one of T5, and the documentation says so."""
    answer = client.request(verb, path, headers=headers)
    assert answer.status_code == 404
    assert answer.json() == {"errors": [{"code": "UNKNOWN", "message": "unknown error"}]}
    assert path.split("/")[1] in (twin.__doc__ or "")


def test_info_needs_no_token_and_promises_no_field(client: Any) -> None:
    answer = client.get("/info", headers={"Authorization": ""})
    assert (answer.status_code, answer.json()) == (200, {})


def test_reports_and_their_files(client: Any) -> None:
    order = {
        "name": "Weekly",
        "type": "RING_GROUP_STATISTICS",
        "email": "a@b.c",
        "format": "CSV",
        "range": "LAST_THIRTY_DAYS",
        "filter": {"ring_groups": ["600"]},
    }
    created = client.post("/call_reports", json=order)
    assert created.status_code == 201
    [done] = client.get("/completed_call_reports").json()["items"]
    assert done["id"] == created.json()["id"]
    file = client.get(f"http://testserver{done['file_url']}", headers={"Authorization": ""})
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.text.splitlines()[0] == "Ring Group,Agent,Total Answered,Total Received"
    assert len(file.content) == done["file_size"]
    scheduled = client.post("/call_reports", json={**order, "cron_expr": "0 8 * * 1"})
    [waiting] = client.get("/call_reports").json()["items"]
    assert (waiting["id"], waiting["status"]) == (scheduled.json()["id"], "SCHEDULED")
    assert client.post(f"/call_reports/{waiting['id']}/destroy").status_code == 204
    assert client.post(f"/call_reports/{waiting['id']}/destroy").status_code == 400
