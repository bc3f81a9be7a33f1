"""The reference for speed: a cyclic hunt of ten members, written by hand in SimPy.

It has one group and one strategy, keeps no log, and only counts outcomes. Durations are
drawn from `random` as they are needed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import simpy

MEMBERS = 10
RING_TIME = 20.0
CALLS_PER_HOUR = 120.0
TALK_MU, TALK_SIGMA = 4.747, 0.9445  # lognormal of mean 180 s, cv 1.2
ANSWER_PROBABILITY = 0.8
MEAN_PATIENCE = 60.0


def play(n_calls: int, seed: int = 1) -> dict[str, int]:
    """Play `n_calls` calls and return the number of calls by outcome."""
    draw = random.Random(seed)
    env = simpy.Environment()
    talks_until = [0.0] * MEMBERS
    rung_at = [-1.0] * MEMBERS
    outcomes = {"answered": 0, "abandoned": 0, "overflowed": 0}

    def caller() -> Iterator[Any]:
        gives_up_at = env.now + draw.expovariate(1 / MEAN_PATIENCE)
        left = list(range(MEMBERS))
        while True:
            free = [who for who in left if talks_until[who] <= env.now]
            if not free:
                outcomes["overflowed"] += 1
                return
            who = min(free, key=rung_at.__getitem__)
            left.remove(who)
            rung_at[who] = env.now
            answers = draw.random() < ANSWER_PROBABILITY
            delay = draw.gammavariate(2, 3) if answers else RING_TIME + 1
            patience = gives_up_at - env.now
            wait = min(delay, RING_TIME, patience)
            yield env.timeout(wait)
            if wait == delay and talks_until[who] <= env.now:
                talks_until[who] = env.now + draw.lognormvariate(TALK_MU, TALK_SIGMA)
                outcomes["answered"] += 1
                return
            if wait == patience:
                outcomes["abandoned"] += 1
                return

    def source() -> Iterator[Any]:
        for _ in range(n_calls):
            yield env.timeout(draw.expovariate(CALLS_PER_HOUR / 3600))
            env.process(caller())

    env.process(source())
    env.run()
    return outcomes
