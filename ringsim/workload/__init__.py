"""Every random number of one run: made by hand, or drawn before it begins."""

from ringsim.workload._drawing import MOST_CALLS, Drawing
from ringsim.workload._parts import AnswerDelay, Batch, OwnCalls, RandomDraw
from ringsim.workload._workload import Workload

__all__ = ["MOST_CALLS", "AnswerDelay", "Batch", "Drawing", "OwnCalls", "RandomDraw", "Workload"]
