"""Benchmarks of the same systems in ringsim and other libraries; missing ones are skipped."""

from __future__ import annotations

import pytest
from measure import Measured
from peers import HUNT, LOSS, Check, Peer, check_hunt, check_loss, is_missing

CASES = [
    pytest.param(system, peer, check, id=f"{system}: {peer.name}")
    for system, peers, check in (("M/M/10/10", LOSS, check_loss), ("hunt", HUNT, check_hunt))
    for peer in peers
]


@pytest.mark.parametrize(("system", "peer", "check"), CASES)
def bench_peer(measured: Measured, system: str, peer: Peer, check: Check) -> None:
    if is_missing(peer):
        pytest.skip(f"{peer.module} is not installed")
    check(peer, 10, 1_000)
    measured(peer.work(1, 10_000), f"{system}, one day of 10,000 calls")
