"""Many runs, and what they say together."""

from ringsim.planning._changes import changed
from ringsim.planning._compare import Comparison, compare
from ringsim.planning._members import with_members
from ringsim.planning._simulate import Result, simulate
from ringsim.planning._sweep import sweep

__all__ = ["Comparison", "Result", "changed", "compare", "simulate", "sweep", "with_members"]
