"""Many runs, and what they say together."""

from ringsim.planning._changes import changed
from ringsim.planning._compare import Comparison, compare
from ringsim.planning._members import with_members
from ringsim.planning._simulate import Result, simulate
from ringsim.planning._study import OnProgress

__all__ = ["Comparison", "OnProgress", "Result", "changed", "compare", "simulate", "with_members"]
