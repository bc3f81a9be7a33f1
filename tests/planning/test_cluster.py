"""A cluster of processes gives the same figures, even if one of its workers is killed."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli import main
from support.own_dispatchers import Slow

distributed = pytest.importorskip("distributed")

SCENARIO = rs.Scenario(
    groups=[{"extension_number": "600", "members": ["201", "202", "203"], "ring_time": 12}],
    demand={"600": rs.Demand(calls_per_hour=60, talk_time=rs.lognormal(mean=90, cv=1))},
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Yield a cluster of two worker processes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ports that are taken, and of tornado's
        with distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
        ) as cluster:
            yield cluster


def assert_same(one: rs.Result, other: rs.Result) -> None:
    for name in ("summary", "members", "intervals"):
        pd.testing.assert_frame_equal(getattr(one, name)(), getattr(other, name)())


def test_a_cluster_changes_nothing(cluster: Any) -> None:
    with distributed.Client(cluster) as client:
        there = rs.simulate(SCENARIO, replications=20, executor=client.get_executor())
        assert_same(there, rs.simulate(SCENARIO, replications=20))


def test_a_worker_that_is_killed_is_made_up_for(cluster: Any) -> None:
    """The other workers play its parts, and no figure changes."""
    with distributed.Client(cluster) as client:
        processes = client.run(os.getpid)
        done: list[int] = []

        def kill_once(replications: int, total: int) -> None:
            done.append(replications)
            if len(done) == 1:
                os.kill(next(iter(processes.values())), signal.SIGKILL)

        there = rs.simulate(
            SCENARIO,
            replications=16,
            dispatcher=Slow,
            executor=client.get_executor(),
            on_progress=kill_once,
        )
        assert set(client.run(os.getpid).values()) != set(processes.values())
    assert done[-1] == 16
    assert_same(there, rs.simulate(SCENARIO, replications=16, dispatcher="PRIORITIZED_HUNT"))


def test_the_command_line_plays_on_a_cluster(
    cluster: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["simulate", "--replications", "6", "--json"]
    assert main(asked) == 0
    here = capsys.readouterr().out
    assert main([*asked, "--scheduler", cluster.scheduler_address]) == 0
    assert capsys.readouterr().out == here


@pytest.mark.parametrize("address", ["no address", "tcp://127.0.0.1:9"])
def test_an_address_where_no_scheduler_is_gives_one_line(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringsim.cli._running.SCHEDULER_TIMEOUT", "1s")
    assert main(["simulate", "--replications", "1", "--scheduler", address]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("ringsim: --scheduler must be the address of a Dask scheduler: ")
    assert len(printed.err.splitlines()) == 1


def test_threads_and_a_cluster_do_not_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--workers", "2", "--scheduler", "tcp://localhost:8786"]) == 2
    assert "--workers must not be given beside --scheduler" in capsys.readouterr().err
