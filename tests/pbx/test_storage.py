"""The twin's database: writers side by side, and sudden ends."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ringsim.errors import ConfigurationError
from ringsim.pbx.twin import create_app
from ringsim.pbx.twin._serving import serving
from ringsim.pbx.twin._store import SCHEMA, Store
from support.pbx_twins import OAUTH, amount

N_KILLS = amount(10, 50, 200)
N_WRITES = amount(60, 200, 1500)  # of each writer; a minute at most
FIELDS = ("name", "ring_time")


def client_of(url: str) -> httpx2.Client:
    """Return a signed-in client without retries."""
    client = httpx2.Client(base_url=f"{url}/api", timeout=60, trust_env=False)
    form = {**OAUTH, "username": "admin", "password": "secret"}
    token = client.post("/login/oauth/token", data=form).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@pytest.mark.long
def test_two_writers_of_different_fields_lose_nothing(tmp_path: Path) -> None:
    """Two servers on one file: each writer's last value of its own field is there at the end."""
    database = tmp_path / "twin.db"
    group = {"extension_number": "600", "name": "0", "ring_time": 0, "members": ["201"]}
    first = create_app(password="secret", groups=[group], database=database)
    second = create_app(password="secret", database=database)
    statuses: list[int] = []
    seen: list[tuple[int, int]] = []
    finished = threading.Event()
    with serving(first) as one, serving(second) as other:
        reader = client_of(one)
        identity = reader.get("/ring_groups").json()["items"][0]["id"]

        def write(url: str, field: str) -> None:
            with closing(client_of(url)) as client:
                for value in range(1, N_WRITES + 1):
                    change = {field: str(value) if field == "name" else value}
                    answer = client.post(f"/ring_groups/{identity}", json=change)
                    statuses.append(answer.status_code)
                    found = client.get(f"/ring_groups/{identity}").json()[field]
                    assert int(found) == value  # nobody else writes this field

        def read() -> None:
            while not finished.is_set():
                found = reader.get(f"/ring_groups/{identity}").json()
                seen.append((int(found["name"]), found["ring_time"]))

        writers = [
            threading.Thread(target=write, args=pair)
            for pair in zip((one, other), FIELDS, strict=True)
        ]
        watching = threading.Thread(target=read)
        for thread in [*writers, watching]:
            thread.start()
        for thread in writers:
            thread.join()
        finished.set()
        watching.join()
        last = reader.get(f"/ring_groups/{identity}").json()
        reader.close()
    assert set(statuses) == {200}
    assert len(statuses) == 2 * N_WRITES
    assert (last["name"], last["ring_time"]) == (str(N_WRITES), N_WRITES)
    for before, after in pairwise(seen):  # time never runs backwards
        assert before[0] <= after[0]
        assert before[1] <= after[1]


# Imports once; then every line of its input starts a server in a process of its own
SERVERS = """
import os, sys
from ringsim.pbx.twin import create_app
from ringsim.pbx.twin._serving import open_listener, run_here
for _ in sys.stdin:
    if os.fork():
        os.wait()
        continue
    listener = open_listener("127.0.0.1", 0)
    app = create_app(password="secret", database=sys.argv[1], max_ring_groups=100_000)
    print(os.getpid(), listener.getsockname()[1], flush=True)
    run_here(app, listener)
"""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that starts servers on one database."""
    command = [sys.executable, "-c", SERVERS, str(tmp_path / "twin.db")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


@pytest.mark.long
def test_what_was_acknowledged_survives_sigkill(
    tmp_path: Path, servers: subprocess.Popen[str]
) -> None:
    """The server is killed in the middle of writes; every acknowledged group is there."""
    database = tmp_path / "twin.db"
    acknowledged: dict[str, str] = {}
    chance = random.Random(7)
    number = 1000
    for _ in range(N_KILLS):
        servers.stdin.write("\n")
        servers.stdin.flush()
        process, port = map(int, servers.stdout.readline().split())
        wanted = chance.randrange(1, 12)
        killer = threading.Timer(chance.uniform(0, 0.01), os.kill, [process, signal.SIGKILL])
        with closing(client_of(f"http://127.0.0.1:{port}")) as client:
            try:
                for done in range(1000):
                    number += 1
                    if done == wanted:
                        killer.start()
                    body = {
                        "name": f"Group {number}",
                        "extension_number": str(number),
                        "ring_strategy": "CYCLIC_HUNT",
                    }
                    answer = client.post("/ring_groups", json=body)
                    assert answer.status_code == 200
                    acknowledged[answer.json()["id"]] = str(number)
            except httpx2.TransportError:
                pass
        killer.join()
        with sqlite3.connect(database) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = connection.execute("SELECT id, extension_number FROM ring_groups").fetchall()
            taken = connection.execute("SELECT count(*) FROM numbers").fetchone()[0]
        connection.close()
        kept = dict(rows)
        assert acknowledged.items() <= kept.items()
        assert taken == len(kept)  # a group and its number come together or not at all
        assert len(kept) <= len(acknowledged) + N_KILLS  # at most the one in flight each time


def test_files_that_are_no_database_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("this is no database, and it is long enough to be read as one " * 20)
    with pytest.raises(ConfigurationError, match="must be a database of a twin"):
        Store(text)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE something (x)")
    connection.close()
    with pytest.raises(
        ConfigurationError, match=f"must be a database of a twin with schema {SCHEMA}"
    ):
        Store(other)
    with pytest.raises(ConfigurationError, match="It is no database of a twin; give another"):
        Store(other)
    with pytest.raises(ConfigurationError, match="must be a file that can be written"):
        Store(tmp_path / "no" / "folder.db")
    assert text.read_text().startswith("this is no database")


@pytest.mark.parametrize(("schema", "age"), [(SCHEMA - 1, "an older"), (SCHEMA + 1, "a later")])
def test_a_database_of_another_version_is_refused_and_kept(
    tmp_path: Path, schema: int, age: str
) -> None:
    """One sentence says what to do; no row of the file changes."""
    path = tmp_path / "twin.db"
    store = Store(path)
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO blobs VALUES ('a', 'b', x'00')")
        connection.exec_driver_sql(f"PRAGMA user_version = {schema}")
    store.close()
    with pytest.raises(ConfigurationError) as refused:
        Store(path)
    assert str(refused.value) == (
        f"{path} must be a database of a twin with schema {SCHEMA}, got {schema}. "
        f"It is of {age} version of ringsim, and is not converted. Open it with that version, "
        "write its groups with 'ringsim pull', and load them with 'ringsim twin --load' into a "
        "new file."
    )
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (schema,)
    assert connection.execute("SELECT digest FROM blobs").fetchall() == [("a",)]
    connection.close()


def test_an_error_in_a_write_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "twin.db")

    def fail() -> None:
        with store.write() as connection:
            connection.exec_driver_sql("INSERT INTO blobs VALUES ('a', 'b', x'00')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM blobs").scalar_one() == 0
    store.close()


def test_memory_is_shared_by_threads() -> None:
    store = Store()
    counts: list[Any] = []

    def add(place: int) -> None:
        with store.write() as connection:
            connection.exec_driver_sql("INSERT INTO blobs VALUES (?, 'b', x'00')", (str(place),))
            counts.append(connection.exec_driver_sql("SELECT count(*) FROM blobs").scalar_one())

    threads = [threading.Thread(target=add, args=(place,)) for place in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, 21))
    store.close()
