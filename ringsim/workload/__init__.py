"""Workloads: the calls and all random numbers of one run, written by hand or drawn."""

from ringsim.workload._batch import AnswerDelay, Batch, OwnCalls, RandomDraw
from ringsim.workload._draw import MOST_CALLS, Sampler
from ringsim.workload._draw_alike import answer_alike, draw_alike
from ringsim.workload._redials import Redials
from ringsim.workload._workload import Workload

__all__ = [
    "MOST_CALLS",
    "AnswerDelay",
    "Batch",
    "OwnCalls",
    "RandomDraw",
    "Redials",
    "Sampler",
    "Workload",
    "answer_alike",
    "draw_alike",
]
