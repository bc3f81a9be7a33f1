"""Studies of many replications: from `simulate` to `optimize`, `roster` and `stress`.

Each name is imported on first use: most studies need few of these modules.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOME = {
    "Comparison": "ringsim.planning._comparison",
    "Cost": "ringsim.planning._objective",
    "OnProgress": "ringsim.planning._runner",
    "Optimum": "ringsim.planning._optimum",
    "Person": "ringsim.planning._shifts",
    "Precision": "ringsim.planning._precision",
    "Result": "ringsim.planning._result",
    "Roster": "ringsim.planning._roster_result",
    "Shift": "ringsim.planning._shifts",
    "Sizing": "ringsim.planning._sizing",
    "Staffing": "ringsim.planning._staffing",
    "Stress": "ringsim.planning._stress_events",
    "StressTest": "ringsim.planning._stress_test",
    "Sweep": "ringsim.planning._sweep",
    "Target": "ringsim.planning._target",
    "WeekStaffing": "ringsim.planning._week_staffing",
    "changed": "ringsim.scenario",
    "compare": "ringsim.planning._compare",
    "optimize": "ringsim.planning._optimize",
    "roster": "ringsim.planning._roster",
    "simulate": "ringsim.planning._simulate",
    "size": "ringsim.planning._size",
    "staffing": "ringsim.planning._staff",
    "stress": "ringsim.planning._stress",
    "sweep": "ringsim.planning._sweep",
    "with_members": "ringsim.scenario",
}

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


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'ringsim.planning' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
