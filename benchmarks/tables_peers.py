"""Tables that compare ringsim with other libraries, one function per table."""

from __future__ import annotations

from cases import CALLS_A_DAY
from measure import times_as_fast
from peers import HUNT, LOSS, Check, Peer, check_hunt, check_loss, is_missing
from scale import Scale, markdown

__all__ = ["hunt", "loss"]

LONG_DAY = 10_000  # calls
DAYS_TO_CHECK, FEWEST_TO_CHECK = 10, 1_000  # calls a day


def loss(scale: Scale) -> str:
    """Return the table of M/M/10/10."""
    return _table(scale, LOSS, check_loss, "lost")


def hunt(scale: Scale) -> str:
    """Return the table of the cyclic hunt of the bare script."""
    return _table(scale, HUNT, check_hunt, "answered")


def _table(scale: Scale, peers: list[Peer], check: Check, share: str) -> str:
    """Return a table of how many times as fast the first peer, ringsim, is."""
    head = [
        "how",
        share,
        f"ringsim is faster, days of {CALLS_A_DAY} calls",
        f"days of {LONG_DAY:,} calls",
    ]
    return markdown(head, (_row(scale, peers[0], peer, check) for peer in peers))


def _row(scale: Scale, ringsim: Peer, peer: Peer, check: Check) -> list[object]:
    if is_missing(peer):
        return [f"{peer.name}: not measured, {peer.module} is not installed", "", "", ""]
    found = check(peer, DAYS_TO_CHECK, max(FEWEST_TO_CHECK, scale.of(LONG_DAY)))
    cells: list[object] = [peer.name, f"{100 * found:.2f} %"]
    for days, calls in (scale.of(100), CALLS_A_DAY), (scale.of(10), LONG_DAY):
        mine = ringsim.work(days, calls)
        others = peer.work(max(1, days // peer.slower), calls)
        cells.append("1" if peer is ringsim else times_as_fast(mine, others, scale.rounds))
    return cells
