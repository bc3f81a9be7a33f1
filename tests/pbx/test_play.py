"""Days that the twin plays: records with legs, and events as time passes."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

import ringsim as rs
from ringsim.pbx import PortSIP
from ringsim.pbx._times import parsed_time, snowflake_time
from ringsim.pbx.twin import ManualClock, create_app
from ringsim.pbx.twin._calls import Office, calls_of
from ringsim.pbx.twin._events import CDR_EVENTS, Hub
from ringsim.pbx.twin._play import _days, read_order
from ringsim.pbx.twin._serving import serving
from ringsim.pbx.twin._webhooks import RETRY_AFTER, Webhook, deliver
from support.pbx_twins import SALES, new_client, sign_in, twin_client

GROUPS = [
    {
        **SALES,
        "ring_time": 10,
        "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
    },
    {
        "name": "Back",
        "extension_number": "601",
        "ring_time": 10,
        "members": ["204", "205"],
        "no_answer_forward_rule": {"action": "HANGUP"},
    },
    {
        "name": "Box",
        "extension_number": "602",
        "ring_time": 5,
        "members": ["206"],
        "no_answer_forward_rule": {"action": "FORWARD_TO_VOICEMAIL"},
    },
]
DAY = {
    "demand": {
        "600": {"calls_per_hour": 90, "talk_time": 120, "patience": {"mean": 40}},
        "602": {"calls_per_hour": 10, "talk_time": 60},
    },
    "extensions": [
        {"extension_number": "201", "own_calls": {"calls_per_hour": 6, "talk_time": 60}},
        {"extension_number": "206", "answer_probability": 0.3},
        {"extension_number": "204", "answer_probability": 0.4},
        {"extension_number": "205", "answer_probability": 0.4},
    ],
    "hours": 2,
    "opens_at": "08:00",
    "starts_on": "2026-11-02",
    "seed": 5,
}


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    clock = ManualClock(parsed_time("2026-11-20T12:00:00Z"))
    client = twin_client(groups=GROUPS, clock=clock)
    played = client.post("http://testserver/_twin/play", json={**DAY, "days": 2})
    assert played.status_code == 201
    yield client
    client.close()


def everything(client: Any, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = client.get(path, params={"skip": len(found), "orderby": "started_at"}).json()
        found += page["items"]
        if len(found) >= page["count"]:
            return found


def test_sessions_and_legs_are_those_of_the_log(client: Any) -> None:
    """The same days, played again by hand, are what the records say."""
    scenario = rs.Scenario(
        groups=GROUPS,
        demand={n: rs.Demand(**d) for n, d in DAY["demand"].items()},
        extensions=[
            rs.Extension(
                **{
                    **each,
                    **(
                        {"own_calls": rs.Demand(**each["own_calls"])} if "own_calls" in each else {}
                    ),
                }
            )
            for each in DAY["extensions"]
        ],
        hours=2,
        opens_at="08:00",
    )
    logs = [rs.play(scenario, rs.Workload.draw(scenario, 5, day)) for day in range(2)]
    sessions = everything(client, "/cdrs")
    inbound = [each for each in sessions if each["direction"] == "INBOUND_CALL"]
    outbound = [each for each in sessions if each["direction"] == "OUTBOUND_CALL"]
    assert len(inbound) == sum(len(log.calls) for log in logs)
    assert len(outbound) == sum(int(log.own_calls.taken.sum()) for log in logs)
    opened = [parsed_time(f"2026-11-0{day}T08:00:00Z") for day in (2, 3)]
    expected = sorted(
        start + at for start, log in zip(opened, logs, strict=True) for at in log.calls.arrives_at
    )
    arrived = sorted(parsed_time(each["started_at"]) for each in inbound)
    assert arrived == pytest.approx(expected, abs=2e-6)
    legs = [each for each in everything(client, "/calllogs") if each["direction"] == "INBOUND_CALL"]
    people = {"201", "202", "203", "204", "205", "206"}
    members = [each for each in legs if each["callee"] in people]
    assert len(members) == sum(len(log.rings) for log in logs)
    assert sum(each["answered_at"] is not None for each in members) == sum(
        int((log.calls.outcome == "answered").sum()) for log in logs
    )
    outcomes = Counter(str(each) for log in logs for each in log.calls.outcome)
    codes = Counter((each["status_code"], each["end_reason"]) for each in inbound)
    assert codes[487, "CANCELLED"] == outcomes["abandoned"] > 0
    hung_up = sum(int((log.calls.action == "HANGUP").sum()) for log in logs)
    assert codes[480, ""] == hung_up > 0


def test_laws_of_the_records(client: Any) -> None:
    sessions = {each["id"]: each for each in everything(client, "/cdrs")}
    legs = defaultdict(list)
    for leg in everything(client, "/calllogs"):
        legs[leg["session_id"]].append(leg)
    assert legs.keys() == sessions.keys()
    for identity, session in sessions.items():
        detail = client.get(f"/cdrs/{identity}").json()["items"]
        assert len(detail) == len(legs[identity])
        assert abs(snowflake_time(identity) - parsed_time(session["started_at"])) < 0.002
        answered = session["answered_at"]
        talk = (
            0
            if answered is None
            else int(parsed_time(session["ended_at"])) - int(parsed_time(answered))
        )
        assert session["duration"] == talk
        for leg in detail:
            assert "id" not in leg
            assert (
                session["started_at"] <= leg["started_at"] <= leg["ended_at"] <= session["ended_at"]
            )
            if leg["callee"] in ("600", "601", "602"):  # a group is never answered
                assert leg["answered_at"] is None
                assert leg["duration"] == 0
            elif leg["callee"].startswith("20"):
                assert leg["service_number"] in ("600", "601", "602")
        groups = [leg for leg in detail if leg["callee"] in ("600", "601")]
        if len(groups) == 2:
            assert [leg["reroute_reason"] for leg in groups] == ["", "OVERFLOW"]
        if any(leg["callee"] == "666" for leg in detail):
            assert detail[-1]["reroute_reason"] == "OVERFLOW"


def test_ids_differ_and_follow_time(client: Any) -> None:
    ids = [each["id"] for each in everything(client, "/cdrs")]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids, key=int)


def test_records_reach_back_five_years_since_22_5(client: Any) -> None:
    clock = client.app.state.twin.clock
    before, count = clock.now(), client.get("/cdrs").json()["count"]
    clock.advance(6 * 365 * 86_400)
    headers = sign_in(client)
    assert client.get("/cdrs", headers=headers).json()["count"] == 0
    clock._now = before
    assert client.get("/cdrs").json()["count"] == count


def test_blank_times_by_switch(client: Any) -> None:
    twin = client.app.state.twin
    asked = {"filter": "answered_at eq null", "top": 1}
    assert client.get("/cdrs", params=asked).json()["items"][0]["answered_at"] is None
    twin.faults.add("blank")
    assert client.get("/cdrs", params=asked).json()["items"][0]["answered_at"] == ""
    twin.faults.clear()


def test_a_user_follows_the_own_records() -> None:
    client = twin_client(groups=GROUPS)
    twin = client.app.state.twin
    from ringsim.pbx.twin._tokens import hashed

    with twin.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE users SET password_hash = ? WHERE name = '204'", (hashed("pw"),)
        )
    headers = sign_in(client, "204", "pw")
    token = client.post("/user/cdrs/sync_tokens", headers=headers).json()["token"]
    client.post("http://testserver/_twin/play", json={**DAY, "days": 1})
    diff = client.post(f"/user/cdrs/sync_tokens/{token}/diff", headers=headers).json()
    own = client.get("/user/cdrs", headers=headers).json()
    assert {each["id"] for each in diff["items"]} == {each["id"] for each in own["items"]}
    assert 0 < own["count"] < client.get("/cdrs").json()["count"]
    one = client.get(f"/user/cdrs/{own['items'][0]['id']}", headers=headers).json()["items"]
    assert one["callee"] == "204"
    assert "duration" not in one
    again = f"/user/cdrs/sync_tokens/{diff['token']}/diff"
    assert client.post(again, headers=headers).json()["items"] == []
    assert client.post(again, headers=headers).status_code == 403


def test_pages_and_night_mode() -> None:
    paging = {
        "extension_number": "600",
        "ring_strategy": "PAGING_INTERCOM",
        "members": ["201", "202"],
    }
    client = twin_client(groups=[paging])
    client.post(
        "http://testserver/_twin/play",
        json={"demand": {"600": {"calls_per_hour": 9, "talk_time": 20}}, "hours": 1},
    )
    detail = client.get(f"/cdrs/{client.get('/cdrs').json()['items'][0]['id']}").json()["items"]
    assert all(leg["duration"] == 20 for leg in detail if leg["callee"].startswith("20"))
    night = {
        **SALES,
        "enable_night_mode": True,
        "night_mode_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "+4144"},
    }
    for version, reason in (("22.6", "FORWARDING_NIGHT_MODE"),):
        client = twin_client(groups=[night], version=version)
        client.post(
            "http://testserver/_twin/play",
            json={"demand": {"600": {"calls_per_hour": 9, "talk_time": 20}}, "hours": 1},
        )
        session = client.get("/cdrs").json()["items"][0]["id"]
        legs = client.get(f"/cdrs/{session}").json()["items"]
        assert [leg["callee"] for leg in legs] == ["600", "+4144"]
        assert legs[1]["reroute_reason"] == reason


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"dmand": {}}, "dmand"),
        ({"days": 0}, "days"),
        ({"days": 1.5}, "days"),
        ({"seed": -1}, "seed"),
        ({"speed": 0}, "speed"),
        ({"starts_on": "tomorrow"}, "starts_on"),
        ({"demand": {"999": {"calls_per_hour": 1, "talk_time": 1}}}, "demand.999"),
        ({"demand": {"600": {"calls_per_hour": 1}}}, "demand.600.talk_time"),
    ],
)
def test_a_bad_order_is_refused_with_its_path(client: Any, order: Any, field: str) -> None:
    answer = client.post("http://testserver/_twin/play", json=order)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"][0]["field"] == field


def test_reports_count_what_was_played(client: Any) -> None:
    order = {
        "name": "r",
        "type": "RING_GROUP_STATISTICS",
        "email": "",
        "format": "CSV",
        "range": "CUSTOM",
        "started_at": "2026-11-02T00:00:00Z",
        "ended_at": "2026-11-04T00:00:00Z",
        "filter": {"ring_groups": ["600", "602"]},
    }
    client.post("/call_reports", json=order)
    url = client.get("/completed_call_reports").json()["items"][0]["file_url"]
    rows = [line.split(",") for line in client.get(f"http://testserver{url}").text.splitlines()]
    legs = everything(client, "/calllogs")
    answered = sum(
        1 for leg in legs if leg["answered_at"] and leg["service_number"] in ("600", "602")
    )
    received = sum(1 for leg in legs if leg["callee"] in ("600", "602"))
    assert rows[-1] == ["Total", "", str(answered), str(received)]


def test_call_records_are_the_days_that_were_played() -> None:
    """What the client reads back is what the engine played, call by call."""
    app = create_app(
        username="admin",
        password="secret",
        groups=GROUPS,
        clock=ManualClock(parsed_time("2026-11-20T12:00:00Z")),
    )
    client = new_client(app)
    headers = sign_in(client)
    order = {**DAY, "demand": {"602": DAY["demand"]["602"]}, "days": 3}
    client.post("http://testserver/_twin/play", json=order, headers=headers)
    with (
        serving(app) as url,
        PortSIP(url, username="admin", password="secret", domain="test.io") as pbx,
    ):
        start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)
        records = pbx.call_records(start, end, "602")
    scenario = rs.Scenario(
        groups=[GROUPS[2]],
        demand={"602": rs.Demand(**DAY["demand"]["602"])},
        extensions=[rs.Extension("206", answer_probability=0.3)],
        hours=2,
        opens_at="08:00",
    )
    for day in range(3):
        log = rs.play(scenario, rs.Workload.draw(scenario, 5, day))
        read = records.calls[records.calls.day == day]
        assert list(read.outcome) == list(log.calls.outcome)
        assert read.wait.to_numpy() == pytest.approx(log.calls.wait.to_numpy(), abs=2e-6)
        talked = read.talk_time.dropna().to_numpy()
        assert talked == pytest.approx(log.calls.talk_time.dropna().to_numpy(), abs=2e-6)
    assert records.grade == "A"


# Events


def test_events_go_out_as_time_passes() -> None:
    import websockets.sync.client as ws

    clock = ManualClock(parsed_time("2026-11-20T12:00:00Z"))
    app = create_app(username="admin", password="secret", groups=GROUPS, clock=clock)
    client = new_client(app)
    headers = sign_in(client)
    with serving(app) as url, ws.connect(url.replace("http", "ws") + "/wsi") as socket:

        def ask(**command: Any) -> dict[str, Any]:
            socket.send(json.dumps(command))
            answer: dict[str, Any] = json.loads(socket.recv(timeout=30))
            return answer

        early = ask(command="subscribe", topics=["cdr_events"])
        assert (early["status"], "authentication" in early["error"]) == (-1, True)
        signed = ask(command="auth", username="admin", password="secret", domain="test.io")
        assert (signed["command"], signed["status"]) == ("auth", 0)
        assert ask(command="subscribe", topics=["nonsense"])["status"] == -1
        unknown = ask(command="subscribe", topics=["extension_events"], extensions=["999"])
        assert unknown["status"] == -1
        given = ask(command="subscribe", topics=["extension_events"], extensions=["201", "206"])
        assert given["status"] == 0
        status = json.loads(socket.recv(timeout=30))
        assert status["event_type"] == "extension_status"
        assert [each["call_status"] for each in status["status"]] == ["", ""]
        assert ask(command="subscribe", topics=["cdr_events"])["status"] == 0
        import httpx2

        order = {**DAY, "demand": {"602": DAY["demand"]["602"]}, "speed": 1000}
        order.pop("starts_on")
        started = httpx2.post(f"{url}/_twin/play", json=order, headers=headers, timeout=100)
        assert started.status_code == 202
        calls = started.json()["calls"]
        events: list[dict[str, Any]] = []
        while sum(each["event_type"] == "call_cdr" for each in events) < calls:
            events.append(json.loads(socket.recv(timeout=60)))
        listed = httpx2.get(f"{url}/api/cdrs", headers=headers).json()
        assert listed["count"] == calls  # each record appears when its call ends
        assert httpx2.get(f"{url}/api/sessions", headers=headers).json()["count"] == 0
    kinds = Counter(each["event_type"] for each in events)
    assert kinds["call_start"] == kinds["call_cdr"] == calls
    assert kinds["cdr_target_add"] == kinds["cdr_target_ringing"]
    ended = kinds["cdr_target_noanswer"] + kinds["cdr_target_end"] + kinds["cdr_target_fail"]
    assert kinds["cdr_target_add"] == ended
    assert kinds["cdr_target_noanswer"] > 0
    own = [e for e in events if e["event_type"] == "extension_call" and ":206@" in e["extension"]]
    assert {each["call_status"] for each in own} <= {"RINGING", "ON_CALL", ""}
    assert own[0]["call_status"] == "RINGING"
    assert own[-1]["call_status"] == ""
    assert not [e for e in events if ":204@" in e.get("extension", "")]  # not subscribed
    order_of = defaultdict(list)
    for each in events:
        if "session_id" in each:
            order_of[each["session_id"]].append(each["event_type"])
    for kinds_of_call in order_of.values():
        assert kinds_of_call[0] == "call_start"
        assert kinds_of_call[-1] == "call_cdr"


def test_a_wrong_password_closes_the_socket() -> None:
    import websockets.sync.client as ws
    from websockets.exceptions import ConnectionClosed

    with serving(create_app(password="secret")) as url:
        with ws.connect(url.replace("http", "ws") + "/wsi") as socket:
            bad = {"command": "auth", "username": "admin", "password": "x", "domain": "test.io"}
            socket.send(json.dumps(bad))
            assert json.loads(socket.recv(timeout=30))["status"] == -1
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=30)
            assert closed.value.rcvd.code == 1008
        with ws.connect(url.replace("http", "ws") + "/wsi") as socket:
            for nonsense in ("{", "[]", "5", '{"command": 7}'):
                socket.send(nonsense)
                assert json.loads(socket.recv(timeout=30))["status"] == -1


class Receiver(BaseHTTPRequestHandler):
    """A webhook's other side: answers with the statuses it is given, then with 200."""

    statuses: list[int]
    got: list[tuple[str, dict[str, Any]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((self.headers.get("Authorization", ""), json.loads(body)))
        status = self.statuses.pop(0) if self.statuses else 200
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("statuses", "n", "waited"),
    [
        ([], 1, 0),
        ([500], 2, 15),
        ([201, 503, 302], 4, 15 + 60 + 180),
        ([404], 1, 0),
        ([500, 404], 2, 15),
        ([500] * 9, 6, sum(RETRY_AFTER)),
    ],
)
def test_webhooks_are_tried_again(statuses: list[int], n: int, waited: float) -> None:
    Receiver.statuses, Receiver.got = list(statuses), []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    clock = ManualClock(0)
    hub = Hub(clock)
    hub.webhooks.append(
        Webhook("t", CDR_EVENTS, f"http://127.0.0.1:{server.server_port}/x", bearer="token")
    )

    async def send() -> None:
        hub.send("t", CDR_EVENTS, {"event_type": "call_cdr"})
        hub.send("another tenant", CDR_EVENTS, {"event_type": "secret"})
        await hub.delivered()

    asyncio.run(send())
    server.shutdown()
    thread.join()
    server.server_close()
    assert Receiver.got == [("Bearer token", {"event_type": "call_cdr"})] * n
    assert clock.now() == waited


def test_nobody_at_the_address_is_no_error() -> None:
    clock = ManualClock(0)
    webhook = Webhook("t", CDR_EVENTS, "http://127.0.0.1:9/", username="u", password="p")
    asyncio.run(deliver(webhook, {}, clock))
    assert clock.now() == sum(RETRY_AFTER)
    assert "'p'" not in repr(webhook)


def test_webhooks_are_set_by_the_administrator(client: Any) -> None:
    path = "http://testserver/_twin/webhooks"
    good = {"topic": "cdr_events", "url": "http://127.0.0.1:9/"}
    assert client.post(path, json=good).status_code == 204
    for bad in ({"url": "x"}, {**good, "url": "file:///etc/passwd"}, {**good, "x": 1}):
        assert client.post(path, json=bad).status_code == 400
    client.app.state.twin.hub.webhooks.clear()


def test_the_winner_and_the_losers_of_a_simultaneous_ring() -> None:
    group = {"extension_number": "600", "members": ["201", "202", "203"]}
    scenario = rs.Scenario(groups=[group])
    script = rs.Workload(
        arrives_at=[0], talk_time=60, answer_delay={"201": 9, "202": 4, "203": 30}, group="600"
    )
    [call] = calls_of(rs.play(scenario, script), Office(start=1000.0, names={}))
    found = {leg.callee: leg for leg in call.legs}
    assert found["202"].answered_at == 1004.0
    assert found["202"].ended_at == call.ended_at == 1064.0
    for loser in ("201", "203"):
        assert (found[loser].answered_at, found[loser].ended_at) == (None, 1004.0)
        assert found[loser].result == "answered_elsewhere"
    assert (found["600"].answered_at, found["600"].ended_at) == (None, 1064.0)
    assert call.duration == 60


@pytest.mark.parametrize("weekdays", [True, False])
@pytest.mark.parametrize("days", [1, 5, 20])
def test_played_days_are_the_last_before_today(days: int, weekdays: bool) -> None:
    """So that the last days are there for whoever asks for them, as `ringsim fit --pbx` does."""
    today = parsed_time("2026-11-25T12:00:00Z")  # a Wednesday
    order = read_order({"days": days, "weekdays": weekdays}, today)
    played = list(_days(order))
    assert len(played) == days
    assert str(played[-1]) == "2026-11-24"
    assert len(set(played)) == days
    assert not weekdays or all(day.weekday() < 5 for day in played)
