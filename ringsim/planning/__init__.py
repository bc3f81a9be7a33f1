"""Studies of many replications: from `simulate` to `optimize`, `roster` and `stress`."""

from ringsim.planning._compare import compare
from ringsim.planning._comparison import Comparison
from ringsim.planning._objective import Cost
from ringsim.planning._optimize import optimize
from ringsim.planning._optimum import Optimum
from ringsim.planning._precision import Precision
from ringsim.planning._result import Result
from ringsim.planning._roster import roster
from ringsim.planning._roster_result import Roster
from ringsim.planning._runner import OnProgress
from ringsim.planning._shifts import Person, Shift
from ringsim.planning._simulate import simulate
from ringsim.planning._size import size
from ringsim.planning._sizing import Sizing
from ringsim.planning._staff import staffing
from ringsim.planning._staffing import Staffing
from ringsim.planning._stress import stress
from ringsim.planning._stress_events import Stress
from ringsim.planning._stress_test import StressTest
from ringsim.planning._sweep import Sweep, sweep
from ringsim.planning._target import Target
from ringsim.planning._week_staffing import WeekStaffing
from ringsim.scenario import changed, with_members

__all__ = [
    "Comparison",
    "Cost",
    "OnProgress",
    "Optimum",
    "Person",
    "Precision",
    "Result",
    "Roster",
    "Shift",
    "Sizing",
    "Staffing",
    "Stress",
    "StressTest",
    "Sweep",
    "Target",
    "WeekStaffing",
    "changed",
    "compare",
    "optimize",
    "roster",
    "simulate",
    "size",
    "staffing",
    "stress",
    "sweep",
    "with_members",
]
