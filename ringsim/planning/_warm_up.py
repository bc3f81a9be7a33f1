"""Compilation of everything ahead of its first use.

`compile_everything`
    Compile what studies use, unless it is in the cache.
"""

from __future__ import annotations

from ringsim.distributions import lognormal
from ringsim.group import RingGroup
from ringsim.planning._compare import compare
from ringsim.planning._simulate import simulate
from ringsim.scenario import Demand, Extension, Scenario

__all__ = ["compile_everything"]

GROUP = {"extension_number": "600", "members": ["201", "202"]}
DAYS = 3  # replications
WITH_OPTIONS = {"wait_in_line": True}  # any option of `Rules` is played by the loop of options


def compile_everything() -> None:
    """Compile what studies use, unless it is in the cache.

    Compiled code is kept on disk, beside the package or in the folder `NUMBA_CACHE_DIR`. The
    command `ringsim warm-up` calls this, for instance when an image of a container is built, so
    that no study in the container compiles. It plays small scenarios that use every compiled
    function: both loops, own calls, single days on each engine, tables by member and by
    interval, and a comparison.
    """
    talk_time = lognormal(mean=60, cv=1)
    busy = Demand(calls_per_hour=5, talk_time=talk_time)
    callers = Demand(calls_per_hour=60, talk_time=talk_time, patience={"mean": 60})
    plain = Scenario(
        groups=[RingGroup(**GROUP)],
        demand={"600": callers},
        extensions=[Extension(number, own_calls=busy) for number in ("201", "202")],
        hours=1,
    )
    in_line = RingGroup(**GROUP, rules=WITH_OPTIONS)
    for scenario in (plain, plain.replace(groups=[in_line])):
        result = simulate(scenario, replications=DAYS, workers=1)
        result.summary()
        result.members()
        result.intervals(600)
        result.replay(0).summary()
    simulate(plain, replications=1, engine="simpy").summary()
    variants = {"slow": {"ring_time": 30}}
    compare(plain, variants=variants, replications=DAYS).table  # noqa: B018
