"""Guesses of strategy, ring time and pauses of a group from the rings of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ringsim._words import Said
from ringsim.group import RingGroup

if TYPE_CHECKING:
    from ringsim.records import Records

__all__ = ["inferred_group"]

TOGETHER = 0.25  # share of calls on which two phones ring at once, from which all ring together


AGAIN = 0.1  # share of phones that ring again for a call, from which the group repeats


ENOUGH_PAUSES = 5  # between attempts, from which their median counts


ENOUGH_TIMEOUTS = 3  # calls sent on after waits that are alike, from which these are a limit


LONG = 0.99  # quantile of the rings that nobody answered


def _inferred_queue(records: Records) -> tuple[RingGroup, list[str]]:
    """Return a queue of Asterisk, with the pause between attempts that the rings show."""
    pauses = _pauses(records.rings)
    ringing = "ringall" if _fail_together(records.rings) else "rrmemory"
    ring_time = _ring_time(records.rings)
    group = records.scenario.groups[0].replace(
        preset=f"asterisk-queue/{ringing}",
        ring_time=ring_time,
        skip_busy_member=not _rings_while_talking(records),
    )
    rules: dict[str, Any] = {}
    if len(pauses) >= ENOUGH_PAUSES:
        rules["retry_pause"] = float(round(float(np.median(pauses))))
    pause = float(rules.get("retry_pause", group.rules.retry_pause or 0.0))
    fields = {"preset": group.preset, "ring_time": ring_time, "pause": f"{pause:g}"}
    said: list[str] = [Said("limits.guess_queue", **fields)]
    limit = _longest_wait(records, ring_time + pause)
    if limit is not None:
        rules["max_wait_time"] = limit
        said.append(Said("limits.guess_queue_limit", limit=f"{limit:g}"))
    return group.replace(rules=rules), said


def _pauses(rings: Any) -> NDArray[np.float64]:
    """Return the pauses between the end of an attempt and the start of the next for a call."""
    pauses = []
    for _, some in rings.sort_values("started_at").groupby("call", sort=False):
        over = some["ended_at"].cummax().to_numpy()[:-1]
        gap = some["started_at"].to_numpy()[1:] - over
        pauses.append(gap[gap >= 0])
    return np.concatenate(pauses) if pauses else np.empty(0)


def _longest_wait(records: Records, attempt: float) -> float | None:
    """Return the time in line after which callers are sent on; None if they wait without limit.

    Such calls end up to one attempt after it.
    """
    calls = records.calls
    sent_on = (calls["outcome"] == "overflowed") & (calls["action"] == "HANGUP")
    waits = calls["wait"].to_numpy(dtype=np.float64)[sent_on.to_numpy(dtype=bool)]
    if len(waits) < ENOUGH_TIMEOUTS or np.ptp(waits) > attempt:
        return None
    return float(round(float(waits.min())))


def _rings_while_talking(records: Records) -> bool:
    """Return whether phones often ring while their members are on a call of the group."""
    rings, calls = records.rings, records.calls
    talks = calls[calls["talk_time"].notna().to_numpy(dtype=bool)]
    n = 0
    for (day, number), some in talks.groupby(["day", "answered_by"], observed=True):
        mine = rings[((rings["day"] == day) & (rings["member"] == number)).to_numpy(dtype=bool)]
        start = np.sort((some["arrives_at"] + some["wait"]).to_numpy(dtype=np.float64))
        end = np.sort((some["arrives_at"] + some["wait"] + some["talk_time"]).to_numpy())
        at = mine["started_at"].to_numpy(dtype=np.float64)
        n += int((np.searchsorted(start, at) > np.searchsorted(end, at, side="right")).sum())
    return n > AGAIN * max(len(rings), 1)


def _ring_time(rings: Any) -> int:
    """Return the length of the longest rings that nobody answered, but for strays [s]."""
    missed = rings[(rings["result"] == "ring_no_answer").to_numpy(dtype=bool)]
    length = (missed["ended_at"] - missed["started_at"]).to_numpy(dtype=np.float64)
    return max(1, round(float(np.quantile(length, LONG)))) if len(length) else 20


def inferred_group(records: Records) -> tuple[RingGroup, list[str]]:
    if records.callers_wait:
        return _inferred_queue(records)
    rings = records.rings
    together = _ring_together(rings)
    ring_time = _ring_time(rings)
    strategy = "RING_SIMULTANEOUSLY" if together else "CYCLIC_HUNT"
    fields: dict[str, Any] = {"ring_strategy": strategy, "ring_time": ring_time}
    passes = _passes(rings)
    if passes > 1:
        fields |= {"no_answer_forward_rule": {"action": "REPEAT"}, "max_repeats": passes - 1}
    kind = "blind" if not len(rings) else "passes" if passes > 1 else ""
    key = f"limits.guess_{kind}" if kind else "limits.guess"
    return records.scenario.groups[0].replace(**fields), [
        Said(key, strategy=strategy, ring_time=ring_time, passes=passes)
    ]


def _passes(rings: Any) -> int:
    """Return how often the group is rung for a call: 1 unless phones often ring again for one."""
    if not len(rings):
        return 1
    times = rings.groupby(["call", "member"], observed=True).size()
    return int(times.max()) if (times > 1).mean() > AGAIN else 1


def _fail_together(rings: Any) -> bool:
    """Return whether several phones often ring at once in attempts that nobody answers.

    Only these attempts have all their rings in a queue_log.
    """
    missed = rings[(rings["result"] == "ring_no_answer").to_numpy(dtype=bool)]
    missed = missed.sort_values(["call", "started_at"], kind="stable")
    over = missed.groupby("call")["ended_at"].transform(lambda ends: ends.cummax().shift())
    begins = ~(missed["started_at"] < over).to_numpy(dtype=bool)  # NaN: the first of its call
    sizes = np.bincount(np.cumsum(begins) - 1) if len(begins) else np.ones(1)
    return bool((sizes > 1).mean() > AGAIN)


def _ring_together(rings: Any) -> bool:
    """Return whether several phones often ring at once for a call."""
    if not len(rings):
        return True
    at_once = rings.groupby(["call", "started_at"], observed=True)["member"].size()
    first = at_once.groupby("call").max()
    return bool((first > 1).mean() > TOGETHER)
