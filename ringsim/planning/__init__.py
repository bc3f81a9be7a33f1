"""Many runs, and what they say together."""

from ringsim.planning._changes import changed
from ringsim.planning._compare import Comparison, compare
from ringsim.planning._members import with_members
from ringsim.planning._precision import Precision
from ringsim.planning._runner import OnProgress
from ringsim.planning._simulate import Result, simulate
from ringsim.planning._size import size
from ringsim.planning._sizing import Sizing
from ringsim.planning._staff import staffing
from ringsim.planning._staffing import Staffing
from ringsim.planning._sweep import sweep
from ringsim.planning._target import Target

__all__ = [
    "Comparison",
    "OnProgress",
    "Precision",
    "Result",
    "Sizing",
    "Staffing",
    "Target",
    "changed",
    "compare",
    "simulate",
    "size",
    "staffing",
    "sweep",
    "with_members",
]
