"""The client against the twin over real sockets, with every fault that the twin can make."""

from __future__ import annotations

import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import stamina

from ringsim.errors import ConfigurationError
from ringsim.pbx import NotFoundError, NotWrittenError, PbxError, PortSIP, SignInError, field
from ringsim.pbx import _transport as transport
from ringsim.pbx._credentials import Secret, find_credentials
from ringsim.pbx.twin import ManualClock, create_app
from ringsim.pbx.twin._faults import KINDS
from ringsim.pbx.twin._serving import serving
from support.pbx_twins import SALES

PASSWORD = "a very secret password"
ACCOUNT = {"username": "admin", "password": PASSWORD, "domain": "test.io"}
SUPPORT = {
    "name": "O'Brien's team",
    "extension_number": "601",
    "ring_strategy": "PRIORITIZED_HUNT",
    "ring_time": 12,
    "members": ["203", {"extension_number": "201", "skill_level": 3}],
    "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "600"},
}


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    stamina.set_testing(True, attempts=4)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Any]]:
    """Yield the address of a twin with many groups, and its state."""
    many = [{"name": f"G {place}", "extension_number": f"{7000 + place}"} for place in range(230)]
    app = create_app(groups=[SALES, *many], max_ring_groups=300, **ACCOUNT)
    app.state.twin.clock = ManualClock(app.state.twin.clock.now())
    with serving(app) as url:
        yield url, app.state.twin


@pytest.fixture
def twin(server: Any) -> Iterator[Any]:
    server[1].faults.clear()
    yield server[1]
    server[1].faults.clear()


@pytest.fixture
def pbx(server: Any, twin: Any) -> Iterator[PortSIP]:
    with PortSIP(server[0], **ACCOUNT) as pbx:
        yield pbx
        twin.faults.clear()
        for group in list(pbx.ring_groups(field("extension_number").startswith("601"))):
            pbx.destroy(group)


def numbers(pbx: PortSIP) -> list[str]:
    return [group.extension_number for group in pbx.ring_groups()]


def test_a_group_is_created_read_changed_and_destroyed(pbx: PortSIP) -> None:
    made = pbx.create(SUPPORT)
    assert made.name == "O'Brien's team"
    assert [member.extension_number for member in made.members] == ["203", "201"]
    assert made.members[1].skill_level == 3
    assert pbx.ring_group("601") == pbx.ring_group(made) == pbx.ring_group(made.id) == made
    changed = pbx.update("601", ring_time=25, members=["202"], no_answer_forward_rule=None)
    assert changed.ring_time == 25
    assert changed.name == made.name
    assert changed.no_answer_forward_rule.action == "HANGUP"
    assert pbx.agents("601") == changed.members
    assert pbx.extension("601")["type"] == "RING_GROUP"
    pbx.destroy("601")
    assert pbx.extension("601") is None
    with pytest.raises(NotFoundError):
        pbx.ring_group("601")


def test_filters_are_built_and_exact(pbx: PortSIP) -> None:
    pbx.create(SUPPORT)
    wanted = field("ring_time").lt(15) & field("name").startswith("O'B")
    assert [group.extension_number for group in pbx.ring_groups(wanted)] == ["601"]
    both = field("extension_number").eq("600") | ~field("name").startswith("G ")
    assert sorted(group.extension_number for group in pbx.ring_groups(both)) == ["600", "601"]
    assert str(field("a").eq(None) & field("b").ne(True)) == "(a eq null) and (b ne true)"
    at = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert str(field("t").ge(at)) == "t ge '2024-01-02T03:04:05.000000Z'"
    with pytest.raises(ConfigurationError, match="must be built"):
        pbx.ring_groups("name eq 'x'")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="Write & for and"):
        _ = field("a").eq(1) and field("b").eq(2)
    with pytest.raises(ConfigurationError, match="name of a field"):
        field("name eq 'a' or name")
    with pytest.raises(ConfigurationError, match="time zone"):
        field("t").ge(datetime(2024, 1, 1))


def test_paging_brings_every_group_once(pbx: PortSIP) -> None:
    found = numbers(pbx)
    assert len(found) == len(set(found)) == 231
    backwards = [group.name for group in pbx.ring_groups(orderby="name desc")]
    assert backwards == sorted(backwards, reverse=True)


@pytest.mark.parametrize("kind", ["blank", "extra_fields"])
def test_odd_json_changes_nothing(pbx: PortSIP, twin: Any, kind: str) -> None:
    before = pbx.ring_group("600")
    twin.faults.add(kind, n=50)
    after = pbx.ring_group("600")
    assert (after.name, after.ring_time) == (before.name, before.ring_time)
    assert [each.extension_number for each in after.members] == ["201", "202", "203"]
    assert len(numbers(pbx)) == 231


FAULTS = [
    {"kind": "status", "status": 429, "retry_after": 3, "n": 3},
    {"kind": "status", "status": 503, "n": 3},
    {"kind": "status", "status": 502, "skip": 1},
    {"kind": "drop", "after": True, "skip": 1},
    {"kind": "drop", "after": False, "n": 2},
    {"kind": "expire", "skip": 1},
    {"kind": "expire", "n": 2},
    {"kind": "delay", "seconds": 2000, "skip": 1},  # longer than a token lives
    {"kind": "delay", "seconds": 5, "n": 3},
    {"kind": "blank"},
    {"kind": "extra_fields", "n": 3},
    {"kind": "repeat_item"},
    {"kind": "repeat_item", "n": 2, "skip": 1},
]


def test_every_kind_of_fault_is_among_them() -> None:
    assert {fault["kind"] for fault in FAULTS} == set(KINDS)


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_lose_and_double_nothing(pbx: PortSIP, twin: Any, fault: dict[str, Any]) -> None:
    expected = sorted(numbers(pbx))
    twin.faults.add(path="/ring_groups", method="GET", **fault)
    assert sorted(numbers(pbx)) == expected


def test_the_page_that_always_repeats_is_an_error(pbx: PortSIP, twin: Any) -> None:
    twin.faults.add("repeat_item", n=50, path="/ring_groups")
    with pytest.raises(PbxError, match="must list all 231 items of /ring_groups, and listed 228"):
        numbers(pbx)


def test_a_fault_that_stays_is_one_sentence(pbx: PortSIP, twin: Any) -> None:
    numbers(pbx)
    twin.faults.add("status", status=500, path="/ring_groups")
    with pytest.raises(PbxError, match="refused GET /ring_groups with status 500") as refused:
        numbers(pbx)
    assert (refused.value.status, refused.value.code) == (500, "UNKNOWN")
    twin.faults.add("status", status=503, n=9, path="/ring_groups")
    with pytest.raises(PbxError, match="503"):
        numbers(pbx)


def test_retry_after_is_honoured(pbx: PortSIP, twin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers(pbx)
    waits: list[float] = []
    stamina.set_testing(False)
    monkeypatch.setattr("time.sleep", waits.append)
    twin.faults.add("status", status=429, retry_after=7, path="/providers")
    pbx.providers()
    assert 7.0 in waits


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("n", [1, 2])
def test_a_create_whose_answer_is_lost_is_done_once(
    pbx: PortSIP, twin: Any, after: bool, n: int
) -> None:
    twin.faults.add("drop", path="/ring_groups", method="POST", after=after, n=n)
    if n == 2 and not after:
        with pytest.raises(transport.LostAnswerError, match="did not answer POST"):
            pbx.create(SUPPORT)
        twin.faults.clear()
        assert pbx.extension("601") is None
        return
    assert pbx.create(SUPPORT).name == SUPPORT["name"]
    twin.faults.clear()
    assert numbers(pbx).count("601") == 1


def test_a_create_is_never_sent_twice_for_a_refusal(pbx: PortSIP, twin: Any) -> None:
    twin.faults.add("status", status=503, path="/ring_groups", method="POST")
    with pytest.raises(PbxError, match="503"):
        pbx.create(SUPPORT)
    assert pbx.extension("601") is None
    pbx.create(SUPPORT)
    with pytest.raises(PbxError, match="extension_number already in use") as taken:
        pbx.create({**SUPPORT, "name": "Other"})
    assert taken.value.faults == (("extension_number", "already in use"),)
    assert pbx.ring_group("601").name == SUPPORT["name"]


@pytest.mark.parametrize("after", [True, False])
def test_an_update_whose_answer_is_lost_is_read_back(pbx: PortSIP, twin: Any, after: bool) -> None:
    made = pbx.create(SUPPORT)
    twin.faults.add("drop", path=f"/ring_groups/{made.id}", method="POST", after=after)
    if after:
        assert pbx.update(made, ring_time=33).ring_time == 33
    else:
        with pytest.raises(NotWrittenError, match="ring_time is 12, not 33"):
            pbx.update(made, ring_time=33)


def test_a_write_that_was_not_done_is_an_error(
    pbx: PortSIP, twin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pbx.create(SUPPORT)
    monkeypatch.setattr(pbx._session, "post", lambda *_: None)  # success, and nothing written
    with pytest.raises(NotWrittenError, match="ring_time is 12, not 40"):
        pbx.update(made, ring_time=40)
    with pytest.raises(NotWrittenError, match="must keep the members"):
        pbx.set_agents(made, ["202"])
    with pytest.raises(NotWrittenError, match="must delete"):
        pbx.destroy(made)
    monkeypatch.undo()


def test_misspelt_and_unwritable_changes_are_refused_before_sending(pbx: PortSIP) -> None:
    for changes, said in [
        ({"ring_tiem": 5}, "Did you mean 'ring_time'"),
        ({"extension_number": "777"}, "cannot change the number"),
        ({"ring_time": 2.5}, "whole number of seconds"),
        ({"ring_strategy": "RING_ALL"}, "ring_strategy must be one of"),
        ({"name": None}, "name must not be null"),
    ]:
        with pytest.raises(ConfigurationError, match=said):
            pbx.update("600", changes)


def test_one_refresh_for_all_threads(pbx: PortSIP, twin: Any, server: Any) -> None:
    numbers(pbx)
    issued = len(twin.tokens._by_refresh)
    before = set(twin.tokens._by_refresh)
    twin.tokens.end_access()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            pbx.ring_group("600")
        except BaseException as wrong:
            failures.append(wrong)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(twin.tokens._by_refresh) == issued  # one pair in place of one
    assert len(set(twin.tokens._by_refresh) - before) == 1


def test_a_dead_refresh_token_means_one_sign_in(pbx: PortSIP, twin: Any) -> None:
    numbers(pbx)
    twin.tokens.end_all()
    assert "600" in numbers(pbx)


def test_wrong_credentials_are_one_clear_error(server: Any) -> None:
    wrong = {**ACCOUNT, "password": "wrong password"}
    expected = "username, password and domain"
    with PortSIP(server[0], **wrong) as pbx, pytest.raises(SignInError, match=expected):
        list(pbx.ring_groups())
    with PortSIP(server[0], token="not a token") as pbx, pytest.raises(SignInError, match="401"):
        list(pbx.ring_groups())


def shown(error: BaseException) -> str:
    """Return all that a debugger would print: the traceback with the locals of every frame."""
    inside = error.with_traceback(error.__traceback__.tb_next)  # without the test's own frame
    captured = traceback.TracebackException.from_exception(inside, capture_locals=True)
    return "".join(captured.format())


def test_secrets_are_never_shown(server: Any, twin: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pbx = PortSIP(server[0], **ACCOUNT)
    numbers(pbx)
    token = pbx._session._token.access.reveal()
    seen = [repr(pbx), repr(pbx._session), repr(Secret(PASSWORD)), repr(vars(pbx._session))]
    for fault in ({"kind": "drop", "n": 9}, {"kind": "status", "status": 500}):
        twin.faults.add(path="/providers", **fault)
        with pytest.raises(PbxError) as failed:
            pbx.providers()
        seen.append(shown(failed.value))
        twin.faults.clear()
    twin.tokens.end_all()
    twin.faults.add("drop", path="/login/oauth/token", n=9)
    with pytest.raises(PbxError) as failed:
        pbx.providers()
    seen += [shown(failed.value), caplog.text]
    for text in seen:
        assert PASSWORD not in text
        assert token not in text
    pbx.close()


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pbx = PortSIP(f"http://127.0.0.1:{port}", **ACCOUNT)
    with pytest.raises(PbxError, match=f"127.0.0.1:{port} did not answer .* connection refused"):
        pbx.providers()
    pbx.close()


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://pbx:8887", "https://pbx:8887"),
        ("https://pbx:8887/api/", "https://pbx:8887"),
        ("pbx.example.com:8887", "https://pbx.example.com:8887"),
    ],
)
def test_addresses(url: str, base: str) -> None:
    assert transport.base_url(url) == base


@pytest.mark.parametrize("url", ["ftp://pbx", "https://", "https://a:b@pbx"])
def test_bad_addresses(url: str) -> None:
    with pytest.raises(ConfigurationError, match="url must") as refused:
        transport.base_url(url)
    assert "a:b" not in str(refused.value)


def test_credentials_from_the_environment_and_netrc(tmp_path: Any) -> None:
    known = {"RINGSIM_PBX_USERNAME": "u", "RINGSIM_PBX_PASSWORD": "p", "RINGSIM_PBX_DOMAIN": "d"}
    known["NETRC"] = str(tmp_path / "none")
    found = find_credentials("https://pbx", None, None, None, None, environment=known)
    assert (found.username, found.password.reveal(), found.domain) == ("u", "p", "d")
    assert "p" not in repr(found).split("username")[0]
    token = find_credentials(
        "https://pbx", None, None, None, None, environment={**known, "RINGSIM_PBX_TOKEN": "t"}
    )
    assert token.token.reveal() == "t"
    file = tmp_path / "netrc"
    file.write_text("machine pbx login anna password geheim\n")
    file.chmod(0o600)
    netrc = {"NETRC": str(file)}
    found = find_credentials("https://pbx:8887", None, None, "d", None, environment=netrc)
    assert (found.username, found.password.reveal()) == ("anna", "geheim")
    with pytest.raises(ConfigurationError, match="RINGSIM_PBX_USERNAME"):
        find_credentials("https://other", None, None, None, None, environment=netrc)


def test_scenario_follows_overflow(pbx: PortSIP) -> None:
    pbx.create(SUPPORT)
    scenario = pbx.scenario(["601"])
    assert scenario.group_numbers == ("601", "600")
    assert scenario.group("600").ring_strategy == "CYCLIC_HUNT"


def test_the_fixture_is_there_for_anybody(pytester_run: Any) -> None:
    assert pytester_run == 0


@pytest.fixture
def pytester_run(tmp_path: Any) -> int:
    """Return the exit status of a test run that only names the fixture."""
    import subprocess
    import sys

    (tmp_path / "test_it.py").write_text(
        "def test_it(pbx_twin):\n    assert pbx_twin.ring_group('600').name == 'Sales'\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "ringsim.pbx.fixtures", str(tmp_path)]
    return subprocess.run(command, cwd=tmp_path, check=False).returncode
