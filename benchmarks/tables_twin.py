"""Table of the twin of the PBX: what a request costs the server, with 10,000 ring groups."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlencode

from measure import Spread
from scale import Scale, markdown

__all__ = ["twin"]

N_GROUPS, CLIENTS, REQUESTS = 10_000, 8, 400
SERVER = f"""
from sqlalchemy import insert
from ringsim.pbx.twin import create_app
from ringsim.pbx.twin._serving import open_listener, run_here
from ringsim.pbx.twin._tables import RING_GROUPS
app = create_app(password="secret", max_ring_groups=10**6)
with app.state.twin.store.write() as connection:
    tenant = connection.exec_driver_sql("SELECT id FROM tenants").scalar_one()
    connection.execute(insert(RING_GROUPS), [
        dict(id=str(10**18 + n), tenant_id=tenant, name=f"Group {{n}}", ring_time=n % 60,
             extension_number=str(10_000 + n), ring_strategy="CYCLIC_HUNT", skip_busy_member=True,
             enable_paid=False, enable_prid=False, extension_number_as_to_header=False,
             enable_night_mode=False, enable_audio_recording=False, outbound_caller_ids=[])
        for n in range({N_GROUPS})])
listener = open_listener("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
run_here(app, listener)
"""
FORM = {
    "grant_type": "password",
    "username": "admin",
    "password": "secret",
    "domain": "test.io",
    "client_id": "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a",
}
ENDS_77 = "endswith(name,'77')"
PATHS = {
    "a list of 100": "/api/ring_groups",
    "the last list of 100": "/api/ring_groups?skip=9900",
    "a list of 100 in order of name": "/api/ring_groups?orderby=name",
    "a filter on text that finds 100": f"/api/ring_groups?filter={quote(ENDS_77)}",
    "a search that finds 1": "/api/ring_groups?search=group%204321",
    "one group": f"/api/ring_groups/{10**18 + 5}",
}


def twin(scale: Scale) -> str:
    """Return the processor time of a request, and the requests that one processor answers."""
    rows = []
    with server() as (process, port, token):
        for name, path in PATHS.items():
            ask(port, token, path, 5)
            took = Spread.of(cost(process, port, token, path, scale) for _ in range(scale.rounds))
            rows.append(
                [
                    name,
                    took,
                    Spread(*(1000 / each for each in (took.median, took.most, took.least))),
                ]
            )
    return markdown(["request", "milliseconds of the server", "requests a second"], rows)


def cost(process: int, port: int, token: str, path: str, scale: Scale) -> float:
    """Return the server's processor time of one request of eight clients at once [ms]."""
    each = max(1, scale.of(REQUESTS) // CLIENTS)
    before = processor(process)
    threads = [Thread(target=ask, args=(port, token, path, each)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 1000 * max(processor(process) - before, 1e-3) / (each * CLIENTS)


def ask(port: int, token: str, path: str, times: int) -> None:
    """Send the same request some times on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(times):
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
    connection.close()


def processor(process: int) -> float:
    """Return the processor time of a process [s]; without /proc, the wall clock."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return time.perf_counter()
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server() -> Iterator[tuple[int, int, str]]:
    """Yield the process, the port and a token of a new twin."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stdout.readline())
            connection = http.client.HTTPConnection("127.0.0.1", port)
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/api/login/oauth/token", urlencode(FORM), kind)
            token = json.loads(connection.getresponse().read())["access_token"]
            connection.close()
            yield process.pid, port, token
        finally:
            process.terminate()
