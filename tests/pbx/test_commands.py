"""The commands twin, pull, push and serve against a twin over real sockets."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import httpx2
import pytest
import stamina

import ringsim as rs
from ringsim.pbx import PortSIP
from ringsim.pbx.twin import running
from support.commands import ringsim
from support.pbx_twins import SALES

BACK = {"name": "Back", "extension_number": "601", "members": ["204"]}
OFFICE = [
    {**SALES, "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"}},
    BACK,
    {"name": "Other", "extension_number": "602", "members": ["205"]},
]
ACCOUNT = {"username": "admin", "password": "secret", "domain": "test.io"}


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of a twin, with the account in the environment."""
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(f"RINGSIM_PBX_{name.upper()}", value)
    with running(groups=OFFICE, **ACCOUNT) as url:
        yield url


def test_pull_writes_the_groups_and_where_they_overflow(
    url: str, tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "office.toml"
    status, out, err = ringsim(capsys, "pull", url, "--output", str(file), "--group", "600")
    assert (status, err) == (0, "")
    assert "600 Sales: CYCLIC_HUNT, 20 s, 3 members" in out
    scenario = rs.Scenario.load(file)
    assert scenario.group_numbers == ("600", "601")
    assert scenario.group("600").members[0].display_name == "Extension 201"
    status, _, err = ringsim(capsys, "pull", url, "--output", str(file))
    assert status == 2
    assert "must not exist yet" in err
    assert ringsim(capsys, "pull", url, "--output", str(file), "--force")[0] == 0
    assert len(rs.Scenario.load(file).groups) == 3


def test_push_shows_asks_writes_reads_back_and_undoes(
    url: str, tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "office.toml"
    ringsim(capsys, "pull", url, "--output", str(file))
    with PortSIP(url, **ACCOUNT) as pbx:
        check_push(pbx, url, tmp_path, capsys, file)


def check_push(pbx: PortSIP, url: str, tmp_path: Path, capsys: Any, file: Path) -> None:
    before = pbx.ring_group("600")
    same = ringsim(capsys, "push", str(file), url, "--group", "600", "--yes")
    assert same[0] == 0
    assert "has these settings already" in same[1]
    scenario = rs.Scenario.load(file)
    changed = scenario.group("600").replace(ring_time=11, members=["203", "201"])
    scenario.replace(groups=[changed, *scenario.groups[1:]]).dump(file)
    status, out, err = ringsim(
        capsys, "push", str(file), url, "--group", "600", "--strategy", "PRIORITIZED_HUNT", "--yes"
    )
    assert (status, err) == (0, "")
    assert "ring_time: 20 -> 11" in out
    assert "ring_strategy: CYCLIC_HUNT -> PRIORITIZED_HUNT" in out
    assert "members: 201, 202, 203 -> 203, 201" in out
    assert "skip_busy" not in out  # only what changed
    after = pbx.ring_group("600")
    assert (after.ring_time, after.ring_strategy) == (11, "PRIORITIZED_HUNT")
    assert [each.extension_number for each in after.members] == ["203", "201"]
    [saved] = tmp_path.glob("600-before-*.json")
    undo = re.search(r"To undo: ringsim (.*)", out).group(1)
    assert ringsim(capsys, *undo.split(), "--yes")[0] == 0
    assert pbx.ring_group("600") == before
    assert json.loads(saved.read_text())["ring_time"] == 20  # not overwritten by the undo
    assert len(list(tmp_path.glob("600-before-*.json"))) == 2


def test_push_writes_nothing_without_a_yes(url: str, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "office.toml"
    ringsim(capsys, "pull", url, "--output", str(file))
    command = ("push", str(file), url, "--group", "600", "--ring-time", "9")
    status, _, err = ringsim(capsys, *command)
    assert status == 2
    assert "--yes must be given where nobody can be asked. Nothing was written." in err
    with PortSIP(url, **ACCOUNT) as pbx:
        assert pbx.ring_group("600").ring_time == 20
    assert list(tmp_path.glob("600-before-*")) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("push", "{file}", "{url}", "--yes"), "--group must be given"),
        (("push", "{file}", "{url}", "--group", "699"), "must be the number of a group in"),
        (("push", "nowhere.toml", "{url}"), "must be a readable file"),
        (("pull", "{url}", "--group", "699", "-o", "{new}"), "must have a ring group 699, and has"),
        (("pull", "{url}", "-o", "new.yaml"), "--output must end in .json or .toml"),
        (("fit", "calls.csv", "-o", "new.yaml"), "--output must end in .json or .toml"),
        (("import", "queues.conf", "-o", "new.yaml"), "--output must end in .json or .toml"),
        (("calibrate", "{file}", "-o", "new.yaml"), "--output must end in .json or .toml"),
        (("pull", "ftp://pbx", "-o", "{new}"), "url must be an address like https://pbx:8887"),
        (("twin", "--play-days", "-3", "--load", "{file}"), "--play-days must be from 0 to 366"),
        (("twin", "--certificate", "none.pem"), "--certificate must be a PEM file"),
        (("serve", "--host", "192.0.2.1", "--no-browser"), "--host must be an address of this"),
        (("serve", "{empty}", "--no-browser"), "must have a ring group to try settings on"),
        (("pull", "http://admin:x@pbx", "-o", "{new}"), "url must not hold a password"),
        (("twin", "--port", "99999"), "--port must be from 0 to 65535"),
        (("twin", "--version", "16.4"), "version must be a version from 22.0 to 22.8"),
        (("twin", "--play-days", "3"), "--play-days must be given with --load"),
        (("serve", "nowhere.toml"), "must be a readable file"),
    ],
)
def test_errors_are_one_line(
    url: str, tmp_path: Path, capsys: Any, command: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "office.toml"
    ringsim(capsys, "pull", url, "--output", str(file))
    empty = tmp_path / "empty.json"
    empty.write_text('{"groups": []}')
    places = {"file": file, "url": url, "new": tmp_path / "new.toml", "empty": empty}
    status, _, err = ringsim(capsys, *(part.format(**places) for part in command))
    assert status == 2
    assert said in err
    assert err.count("\n") == 1


def test_without_an_account_the_error_says_what_to_set(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USERNAME", "PASSWORD", "DOMAIN", "TOKEN"):
        monkeypatch.delenv(f"RINGSIM_PBX_{name}", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    status, _, err = ringsim(capsys, "pull", "http://127.0.0.1:1", "-o", str(tmp_path / "x.toml"))
    assert status == 2
    assert "RINGSIM_PBX_USERNAME" in err


def started(*arguments: str) -> tuple[subprocess.Popen[str], list[str]]:
    """Start a command that serves; return the process and its lines up to the last."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("RINGSIM_PBX")}
    process = subprocess.Popen(
        [sys.executable, "-m", "ringsim", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean,
    )
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if "Ctrl-C" in line:
            break
    return process, lines


def stopped(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    return process.returncode


def test_twin_prints_its_password_once_and_keeps_what_it_learnt(tmp_path: Path) -> None:
    database, office = tmp_path / "twin.db", tmp_path / "office.toml"
    rs.Scenario(
        groups=OFFICE, demand={"600": rs.Demand(calls_per_hour=20, talk_time=60)}, hours=1
    ).dump(office)
    where = ("--port", "0", "--database", str(database), "--load", str(office))
    process, lines = started("twin", *where, "--play-days", "2")
    url = lines[0].rpartition(" ")[2]
    password = re.search(r"password (\S+) \(shown only now\)", lines[1]).group(1)
    account = {"username": "admin", "password": password, "domain": "test.io"}
    with PortSIP(url, **account) as pbx:
        assert pbx.version == "22.6"
        pbx.update("600", ring_time=17)
    assert re.match(r"Played \d+ calls on 2 days\.", lines[2])
    assert stopped(process) == 130
    process, lines = started("twin", *where)
    assert "shown only now" not in "".join(lines)
    with PortSIP(lines[0].rpartition(" ")[2], **account) as pbx:
        assert pbx.ring_group("600").ring_time == 17
        assert pbx._session.get("/cdrs")["count"] > 5
    assert stopped(process) == 130


def test_fit_reads_records_and_the_group_from_the_pbx(
    url: str, tmp_path: Path, capsys: Any
) -> None:
    with PortSIP(url, **ACCOUNT) as pbx:
        token = pbx._session._valid_token().access.reveal()
    order = {"demand": {"602": {"calls_per_hour": 20, "talk_time": 60}}, "hours": 4, "days": 20}
    played = httpx2.post(
        f"{url}/_twin/play",
        json=order,
        headers={"Authorization": f"Bearer {token}"},
        timeout=100,
    )
    assert played.status_code == 201
    file = tmp_path / "fit.toml"
    command = ("fit", "--pbx", url, "--group", "602", "--output", str(file), "--hold-out", "2")
    status, _, err = ringsim(capsys, *command)
    assert (status, err) == (0, "")
    fitted = rs.Scenario.load(file)
    assert fitted.group("602").name == "Other"
    assert "18 days" in fitted.name  # 20 played, 2 held out
    assert fitted.demand["602"].expected_calls(fitted.hours) > 0
    other = ("fit", "--pbx", url, "--group", "601", "--output", str(file))
    status, _, err = ringsim(capsys, *other)
    assert (status, err.count("\n")) == (2, 1)
    assert "records of the PBX" in err
    assert "601" in err
    assert "/calllogs.json" not in err
    assert "beside files" in ringsim(capsys, *command, str(file))[2]
    assert "--days must be at least 1" in ringsim(capsys, *command, "--days", "0")[2]


def test_serve_answers_until_it_is_stopped(tmp_path: Path) -> None:
    import urllib.request

    process, lines = started("serve", "--port", "0", "--no-browser")
    url = re.search(r"http://\S+\d", lines[0]).group(0)
    with urllib.request.urlopen(url, timeout=60) as page:
        assert b"My office: try settings" in page.read()
    assert stopped(process) == 130


BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
from ringsim.cli import main
sys.exit(main({command!r}))
"""


@pytest.mark.parametrize(
    ("command", "blocked", "said"),
    [
        (["twin"], "lark", "must have lark. Install it with: pip install 'ringsim[twin]'"),
        (["serve"], "fastapi", "pip install 'ringsim[twin]'"),
        (["serve", "http://x"], "httpx2", "pip install 'ringsim[pbx]'"),
        (
            ["pull", "http://x", "-o", "new.toml"],
            "httpx2",
            "must have httpx2. Install it with: pip install 'ringsim[pbx]'",
        ),
        (["push", "{office}", "http://x"], "stamina", "pip install 'ringsim[pbx]'"),
    ],
)
def test_without_the_extra_one_sentence_says_what_to_install(
    tmp_path: Path, command: list[str], blocked: str, said: str
) -> None:
    office = tmp_path / "office.toml"
    rs.Scenario(groups=[BACK]).dump(office)
    arguments = [part.format(office=office) for part in command]
    code = BLOCKED.format(blocked={blocked}, command=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_and_import_load_none_of_it() -> None:
    code = (
        "import sys, ringsim; ringsim.pbx; from ringsim.cli import main; main(['--help'])\n"
        "parts = {'fastapi', 'uvicorn', 'sqlalchemy', 'lark', 'httpx2', 'stamina', 'websockets'}\n"
        "print(parts & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("set()")
    for name in ("twin", "pull", "push", "serve"):
        assert f" {name} " in done.stdout


class Odd(BaseHTTPRequestHandler):
    """A server that is no PBX, or a broken one; `answers` has the status and body by path."""

    answers: ClassVar[dict[str, tuple[int, Any]]] = {}
    TOKEN: ClassVar[dict[str, Any]] = {"access_token": "A", "expires_in": 1800}

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def answer(self) -> None:
        """Answer as told, or else with a token."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.removeprefix("/api").partition("?")[0]
        status, body = self.answers.get(path, (200, self.TOKEN))
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "https://other.example/api")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = answer  # noqa: N815  # names of the standard library


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of an odd server, with an account in the environment."""
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(f"RINGSIM_PBX_{name.upper()}", value)
    Odd.answers = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


LOGIN = "/login/oauth/token"
GROUP = {"id": "g1", "extension_number": "600", "name": "Sales"}


def page_of(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "count": len(items)}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({LOGIN: (200, "<html>a router</html>")}, "with JSON, and did not. Is {url} its address?"),
        ({LOGIN: (404, "<html>not here</html>")}, "has status 404. Is {url} its address?"),
        ({LOGIN: (302, "")}, "names another address: https://other.example/api"),
        ({LOGIN: (400, {})}, "must accept the username, password and domain, and refused them"),
        ({LOGIN: (500, "boom")}, "refused POST /login/oauth/token with status 500"),
        ({"/ring_groups": (200, page_of())}, "the PBX at {url} must have ring groups"),
        (
            {"/ring_groups": (200, page_of(GROUP)), "/ring_groups/g1": (200, GROUP)},
            "must answer GET /ring_groups/g1/agents with a list of items",
        ),
        (
            {"/ring_groups": (200, page_of(GROUP)), "/ring_groups/g1": (200, [])},
            "must answer GET /ring_groups/g1 with an object",
        ),
        (
            {"/ring_groups": (200, page_of({**GROUP, "extension_number": 600}))},
            "with a valid record: extension_number must be a string, got 600\n",
        ),
        (
            {"/ring_groups": (200, page_of(GROUP, {**GROUP, "id": "g2"}))},
            "must list one ring group 600, and lists several",
        ),
    ],
)
def test_another_server_or_a_broken_one_is_one_sentence(
    odd: str, tmp_path: Path, capsys: Any, answers: dict[str, Any], said: str
) -> None:
    Odd.answers = answers
    file = tmp_path / "office.toml"
    status, out, err = ringsim(capsys, "pull", odd, "--output", str(file))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said.format(url=odd) in err
    assert not file.exists()


def test_a_refused_token_is_called_a_token(
    odd: str, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ACCOUNT:
        monkeypatch.delenv(f"RINGSIM_PBX_{name.upper()}")
    monkeypatch.setenv("RINGSIM_PBX_TOKEN", "old")
    Odd.answers = {"/ring_groups": (401, {})}
    status, _, err = ringsim(capsys, "pull", odd, "--output", str(tmp_path / "x.toml"))
    assert status == 2
    assert "the PBX must accept the token, and refused it with status 401" in err


def test_nobody_there_is_one_line_with_the_reason(tmp_path: Path) -> None:
    """Each new try is no line of its own, in a process that has set up no logging."""
    account = {f"RINGSIM_PBX_{name.upper()}": value for name, value in ACCOUNT.items()}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    done = subprocess.run(
        [sys.executable, "-m", "ringsim", "pull", url, "-o", str(tmp_path / "x.toml")],
        capture_output=True,
        text=True,
        env={**os.environ, **account},
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"ringsim: the PBX at {url} did not answer POST /api{LOGIN}: connection refused\n"
    )


def test_http_where_https_was_asked_for_is_named(url: str, tmp_path: Path, capsys: Any) -> None:
    stamina.set_testing(True, attempts=1)
    secure = url.replace("http", "https")
    status, _, err = ringsim(capsys, "pull", secure, "-o", str(tmp_path / "x.toml"))
    stamina.set_testing(False)
    assert (status, err.count("\n")) == (2, 1)
    assert "it does not speak https, perhaps http" in err


def test_push_names_the_options_that_the_pbx_lacks(url: str, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "office.toml"
    ringsim(capsys, "pull", url, "--output", str(file))
    office = rs.Scenario.load(file)
    members = [{"extension_number": "201", "ring_delay": 5}, "202", "203"]
    group = office.group("600").replace(rules={"wait_in_line": True}, members=members)
    office.replace(groups=[group, *office.groups[1:]]).dump(file)
    lacks = "The PBX has no such options, and rings without them: "
    options = "rules.wait_in_line and ring_delay of 201."
    status, out, _ = ringsim(capsys, "push", str(file), url, "--group", "600", "--yes")
    assert status == 0
    assert "has these settings already" in out
    assert lacks + options in out
    command = ("push", str(file), url, "--group", "600", "--ring-time", "9", "--yes")
    assert lacks + options in ringsim(capsys, *command)[1]


def test_a_push_that_stops_half_way_says_how_to_undo_it(
    url: str, tmp_path: Path, capsys: Any
) -> None:
    """The settings are written, then the members are refused."""
    file = tmp_path / "office.toml"
    ringsim(capsys, "pull", url, "--output", str(file))
    office = rs.Scenario.load(file)
    group = office.group("600").replace(ring_time=9, members=["201", "999"])
    office.replace(groups=[group, *office.groups[1:]]).dump(file)
    status, out, err = ringsim(capsys, "push", str(file), url, "--group", "600", "--yes")
    assert status == 2
    assert "no such extension" in err
    assert "Not all was written; the PBX may have a part of it." in out
    undo = re.search(r"To undo: ringsim (.*)", out).group(1)
    assert ringsim(capsys, *undo.split(), "--yes")[0] == 0
    with PortSIP(url, **ACCOUNT) as pbx:
        assert pbx.ring_group("600").ring_time == 20


def test_push_does_not_choose_between_two_groups_of_one_number(
    url: str, tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "groups.json"
    file.write_text(json.dumps([BACK, {**BACK, "name": "Front"}]))
    status, _, err = ringsim(capsys, "push", str(file), url, "--group", "601", "--yes")
    assert status == 2
    assert "must have one group of each number, and has several, got '601'" in err
    with PortSIP(url, **ACCOUNT) as pbx:
        assert pbx.ring_group("601").name == "Back"


def test_a_twin_that_cannot_listen_keeps_no_password(tmp_path: Path, capsys: Any) -> None:
    """A new database would keep a password that nobody was shown."""
    database = tmp_path / "twin.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, _, err = ringsim(capsys, "twin", "--port", port, "--database", str(database))
    assert status == 2
    assert f"--port must be free, got {port}. Another program listens on it" in err
    assert not database.exists()
