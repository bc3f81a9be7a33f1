"""How many examples properties are tried on: at one's desk, in CI, and where nothing is compiled.

`PROFILE`
    The one of `PROFILES` that the environment asks for: `ci` where `CI` is set, `interpreted`
    where numba compiles nothing (`NUMBA_DISABLE_JIT=1`), otherwise `desk`.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from ringsim._jit import INTERPRETED


class Profile(NamedTuple):
    """Numbers of examples.

    Attributes
    ----------
    name : str
        What Hypothesis knows it by.
    examples : int
        Of a property that does not say.
    law_days : int
        Days on which each law of ringing is tried, with each engine.
    equal_days, least_days : int
        Days that both engines play, and on how many of them everything that can occur must.
    equal_workloads : int
        Drawn workloads that both engines play.
    """

    name: str
    examples: int
    law_days: int
    equal_days: int
    least_days: int
    equal_workloads: int


DESK = Profile("desk", 100, law_days=120, equal_days=1000, least_days=10, equal_workloads=60)
CI = DESK._replace(name="ci", equal_days=4000, least_days=40, equal_workloads=400)
COMPILES_NOTHING = Profile(
    "interpreted", 20, law_days=30, equal_days=300, least_days=0, equal_workloads=10
)
PROFILES = (DESK, CI, COMPILES_NOTHING)
PROFILE = COMPILES_NOTHING if INTERPRETED else CI if os.environ.get("CI") else DESK
