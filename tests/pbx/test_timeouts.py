"""Answers that come too late, over a real socket: the client gives up before the twin answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import stamina

from ringsim.pbx import NotWrittenError, PbxError, PortSIP
from ringsim.pbx._transport import LostAnswerError
from ringsim.pbx.twin import create_app
from ringsim.pbx.twin._serving import serving
from support.pbx_twins import SALES

ACCOUNT = {"username": "admin", "password": "a long password", "domain": "test.io"}
SUPPORT = {"name": "Support", "extension_number": "601", "members": ["201"]}
TIMEOUT = 2.0  # s; what is not late answers within milliseconds, on a busy machine within a second
pytestmark = pytest.mark.long


class Late:
    """Application whose answers to some requests wait until the test lets them go.

    `works_first` says whether the twin does its work before the wait or after it.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self.method, self.path, self.n = "", "", 0
        self.works_first = True
        self.may_go = threading.Event()
        self.ended = threading.Semaphore(0)

    def delay(self, method: str, path: str, *, works_first: bool = True, n: int = 1) -> None:
        self.method, self.path, self.works_first, self.n = method, path, works_first, n
        self.may_go.clear()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        asked = (scope.get("method"), scope.get("path", "").removeprefix("/api"))
        if asked != (self.method, self.path) or self.n == 0:
            await self.app(scope, receive, send)
            return
        self.n -= 1
        request = [await receive()]
        held: list[Any] = []

        async def given() -> Any:
            return request.pop() if request else await receive()

        async def hold(message: Any) -> None:
            held.append(message)

        if self.works_first:
            await self.app(scope, given, hold)
        await asyncio.to_thread(self.may_go.wait, 30)
        if not self.works_first:
            await self.app(scope, given, hold)
        for message in held:
            await send(message)
        self.ended.release()


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    stamina.set_testing(True, attempts=4)
    yield
    stamina.set_testing(False)


@pytest.fixture
def late() -> Iterator[Late]:
    app = Late(create_app(groups=[SALES], **ACCOUNT))
    yield app
    app.may_go.set()


@pytest.fixture
def pbx(late: Late) -> Iterator[PortSIP]:
    with serving(late) as url, PortSIP(url, timeout=TIMEOUT, **ACCOUNT) as pbx:
        pbx.providers()  # signed in
        yield pbx
        late.may_go.set()


def test_a_late_answer_to_a_read_is_asked_for_again(pbx: PortSIP, late: Late) -> None:
    late.delay("GET", "/ring_groups")
    assert [group.extension_number for group in pbx.ring_groups()] == ["600"]


def test_answers_that_stay_late_are_one_sentence(pbx: PortSIP, late: Late) -> None:
    late.delay("GET", "/ring_groups", n=9)
    with pytest.raises(PbxError) as lost:
        list(pbx.ring_groups())
    host = pbx._session.host
    assert str(lost.value) == (
        f"the PBX at {host} did not answer GET /api/ring_groups: "
        f"no part of an answer came within {TIMEOUT:g} s"
    )
    assert lost.value.status == 0
    assert late.n == 9 - 4  # a read is asked for four times, no more


@pytest.mark.parametrize("works_first", [True, False])
def test_a_create_that_timed_out_is_done_once(pbx: PortSIP, late: Late, works_first: bool) -> None:
    """The number is looked up first. A request that the twin does later finds it taken."""
    late.delay("POST", "/ring_groups", works_first=works_first)
    made = pbx.create(SUPPORT)
    assert (made.name, [member.extension_number for member in made.members]) == ("Support", ["201"])
    late.may_go.set()
    assert late.ended.acquire(timeout=30)
    assert [group.extension_number for group in pbx.ring_groups()].count("601") == 1


def test_a_create_that_stays_unanswered_and_undone_is_an_error(pbx: PortSIP, late: Late) -> None:
    late.delay("POST", "/ring_groups", works_first=False, n=2)
    with pytest.raises(LostAnswerError, match="did not answer POST /api/ring_groups: no part"):
        pbx.create(SUPPORT)
    assert late.n == 0  # it was sent twice, and looked up after each


def test_an_update_that_timed_out_is_read_back(pbx: PortSIP, late: Late) -> None:
    [sales] = pbx.ring_groups()
    path = f"/ring_groups/{sales.id}"
    late.delay("POST", path)
    assert pbx.update(sales, ring_time=33).ring_time == 33
    late.may_go.set()
    late.delay("POST", path, works_first=False)
    with pytest.raises(NotWrittenError, match="ring_time is 33, not 44"):
        pbx.update(sales, ring_time=44)


def test_a_late_sign_in_is_one_sentence(late: Late) -> None:
    late.delay("POST", "/login/oauth/token", n=9)
    with serving(late) as url, PortSIP(url, timeout=TIMEOUT, **ACCOUNT) as pbx:
        with pytest.raises(PbxError, match="POST /api/login/oauth/token: no part of an answer"):
            pbx.providers()
        late.may_go.set()
