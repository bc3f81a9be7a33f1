"""Many runs, and what they say together."""

from ringsim.planning._simulate import Result, simulate

__all__ = ["Result", "simulate"]
