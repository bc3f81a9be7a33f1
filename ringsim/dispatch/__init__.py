"""A strategy is a sort key: who of the candidates rings now.

`Dispatcher`, `Hunt`, `FanOut`
    The bases. They hold all the logic; a strategy says what it orders by.
`Candidate`, `Moment`
    What a dispatcher sees.
`ALL`, `TIED`
    How many ring at once, where it is no number.
`register`, `dispatcher_for`, `dispatcher_from`
    Names for dispatchers, and dispatchers for names.
`RingSimultaneously`, `PrioritizedHunt`, ...
    The eight strategies of the PBX.

A dispatcher has no state and no random numbers, and nothing here knows an engine.
"""

from ringsim.dispatch._dispatcher import (
    ALL,
    TIED,
    AtOnce,
    Candidate,
    Dispatcher,
    FanOut,
    Hunt,
    Moment,
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
