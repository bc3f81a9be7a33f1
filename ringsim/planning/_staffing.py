"""How many members a group needs over the day.

`staffing`
    So many in each interval that a target is met in it.
`Staffing`
    What it returns.

Each interval is sized as if its calls came all the time, on its own: stationary, independent,
period by period. That is the common way, and it errs where calls are long, or the demand
changes fast: who calls early in an interval meets those who called before it (Green, Kolesar
and Soares, Improving the SIPP approach for staffing service systems that have cyclic demands,
Operations Research 49, 2001, 549-564). So the whole day is played with these members, and
what they reach in each interval of it is what the table shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from ringsim.engine import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.group import Member
from ringsim.metrics import Layout, Observations, Roster, interval_layout
from ringsim.planning._crew import Crew, crew_of
from ringsim.planning._growing import continued
from ringsim.planning._search import ERROR, Looks, Search, looks_of
from ringsim.planning._simulate import Result, simulate, study_of
from ringsim.planning._size import check_called, check_reach, check_shrinkage, check_target
from ringsim.planning._sizing import Sizing, flat
from ringsim.planning._stretch import Stretch, calls_between, stretched, with_duty
from ringsim.planning._study import OnProgress, Runner, Study
from ringsim.planning._target import Goal, Meets, Seen, Target, worst
from ringsim.planning._yardstick import Yardstick
from ringsim.scenario import Scenario
from ringsim.times import Span

__all__ = ["Staffing", "staffing"]
