"""Dispatchers: the strategies that pick which candidates ring now.

`Dispatcher`, `Hunt`, `FanOut`
    Base classes with all the logic; a strategy only sets the fields to sort by.
`Candidate`, `Moment`
    The arguments that a dispatcher receives.
`SORT_FIELDS`
    Fields of a candidate that `order_by` may name.
`ALL`, `TIED`
    Values of `at_once` besides a number of phones.
`register`, `dispatcher_for`, `dispatcher_from`
    Registration of dispatchers by name, and look-up.
`RingSimultaneously`, `PrioritizedHunt`, ...
    The eight strategies of the PBX.

A dispatcher keeps no state and draws no random numbers. No module here imports an engine.
"""

from ringsim.dispatch._candidate import SORT_FIELDS, Candidate, Moment
from ringsim.dispatch._dispatcher import (
    ALL,
    TIED,
    AtOnce,
    Dispatcher,
    FanOut,
    Hunt,
)
from ringsim.dispatch._registry import (
    DispatcherChoice,
    DispatcherLike,
    dispatcher_for,
    dispatcher_from,
    dispatchers_of,
    name_of,
    register,
    registered,
)
from ringsim.dispatch._strategies import (
    CyclicHunt,
    LeastWorkedHunt,
    PagingIntercom,
    PrioritizedHunt,
    RingSimultaneously,
    SkillBasedCyclicHunt,
    SkillBasedLeastWorkedHunt,
    SkillBasedPrioritizedHunt,
)

__all__ = [
    "ALL",
    "SORT_FIELDS",
    "TIED",
    "AtOnce",
    "Candidate",
    "CyclicHunt",
    "Dispatcher",
    "DispatcherChoice",
    "DispatcherLike",
    "FanOut",
    "Hunt",
    "LeastWorkedHunt",
    "Moment",
    "PagingIntercom",
    "PrioritizedHunt",
    "RingSimultaneously",
    "SkillBasedCyclicHunt",
    "SkillBasedLeastWorkedHunt",
    "SkillBasedPrioritizedHunt",
    "dispatcher_for",
    "dispatcher_from",
    "dispatchers_of",
    "name_of",
    "register",
    "registered",
]
