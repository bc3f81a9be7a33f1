"""Many runs, and what they say together."""

from ringsim.planning._changes import changed
from ringsim.planning._members import with_members
from ringsim.planning._precision import Precision
from ringsim.planning._simulate import Result, simulate

__all__ = ["Precision", "Result", "changed", "simulate", "with_members"]
