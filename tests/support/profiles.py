"""Numbers of examples for property tests: on a desk, in CI, and without compilation.

`PROFILE`
    The profile for this environment: `interpreted` if numba compiles nothing
    (`NUMBA_DISABLE_JIT=1`), else the one that `RINGSIM_PROFILE` names, else `ci` if `CI` is
    set, else `desk`. `brief` is for a second version of Python, which differs in its libraries
    and not in the days that are played: few examples, and no `STUDIES`.
`SLOW`
    Whether what takes minutes is played too, with `RINGSIM_SLOW` set.
`STUDIES`
    Folders and modules whose tests play many days to see what is true of the rules and methods,
    such as the coverage of intervals. Other tests call everything that they call.
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
        Name of the Hypothesis profile.
    examples : int
        Default number of examples of a property.
    law_days : int
        Days for each law of ringing, on each engine.
    equal_days, least_days : int
        Days that both engines play, and the least number of these days with each situation.
    equal_workloads : int
        Drawn workloads that both engines play.
    """

    name: str
    examples: int
    law_days: int
    equal_days: int
    least_days: int
    equal_workloads: int


STUDIES = (
    "audit/test_corruption_table.py",
    "mutation",
    "validation",
    "fitting/test_recovery.py",
    "planning/test_control.py",
    "planning/test_coverage.py",
    "planning/test_decisions.py",
    "planning/test_optimum_studies.py",
    "planning/test_roster_studies.py",
)

DESK = Profile("desk", 100, law_days=120, equal_days=1000, least_days=10, equal_workloads=60)
CI = DESK._replace(name="ci", equal_days=4000, least_days=40, equal_workloads=400)
BRIEF = Profile("brief", 20, law_days=30, equal_days=300, least_days=0, equal_workloads=10)
COMPILES_NOTHING = BRIEF._replace(name="interpreted")
PROFILES = {profile.name: profile for profile in (DESK, CI, BRIEF, COMPILES_NOTHING)}
SLOW = bool(os.environ.get("RINGSIM_SLOW"))
NAMED = os.environ.get("RINGSIM_PROFILE") or ("ci" if os.environ.get("CI") else "desk")
PROFILE = COMPILES_NOTHING if INTERPRETED else PROFILES[NAMED]
