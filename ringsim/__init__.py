"""Simulates the ring groups of a phone system.

Records: `RingGroup`, `Member`, `NoAnswerForwardRule`, `RingStrategy`, `Extension`, `Demand`,
`Scenario`. Durations: `lognormal`, `Empirical`. Running: `Workload`, `play`, `simulate`,
`compare`, `sweep`, `size`, `staffing`, what they take, `Precision` and `Target`, and what they
return, `CallLog`, `Result`, `Comparison`, `Sizing` and `Staffing`. Strategies:
`ringsim.dispatch`. Erlang's formulas: `ringsim.erlang`. Errors: `RingsimError`,
`ConfigurationError`, `DispatcherError`.

Names are imported when they are first used, so that `import ringsim` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringsim import dispatch, erlang
    from ringsim._play import play
    from ringsim.calllog import CallLog
    from ringsim.dispatch import Dispatcher
    from ringsim.distributions import Distribution, Empirical, lognormal
    from ringsim.errors import ConfigurationError, DispatcherError, RingsimError
    from ringsim.group import Member, NoAnswerForwardRule, RingGroup, RingStrategy
    from ringsim.people import Demand, Extension
    from ringsim.planning import (
        Comparison,
        Precision,
        Result,
        Sizing,
        Staffing,
        Target,
        compare,
        simulate,
        size,
        staffing,
        sweep,
    )
    from ringsim.scenario import Scenario
    from ringsim.workload import Workload

__version__ = "0.1.0"

__all__ = [
    "CallLog",
    "Comparison",
    "ConfigurationError",
    "Demand",
    "Dispatcher",
    "DispatcherError",
    "Distribution",
    "Empirical",
    "Extension",
    "Member",
    "NoAnswerForwardRule",
    "Precision",
    "Result",
    "RingGroup",
    "RingStrategy",
    "RingsimError",
    "Scenario",
    "Sizing",
    "Staffing",
    "Target",
    "Workload",
    "__version__",
    "compare",
    "dispatch",
    "erlang",
    "lognormal",
    "play",
    "simulate",
    "size",
    "staffing",
    "sweep",
]

_HOME = {
    "CallLog": "calllog",
    "Comparison": "planning",
    "ConfigurationError": "errors",
    "Demand": "people",
    "Dispatcher": "dispatch",
    "DispatcherError": "errors",
    "Distribution": "distributions",
    "Empirical": "distributions",
    "Extension": "people",
    "Member": "group",
    "NoAnswerForwardRule": "group",
    "Precision": "planning",
    "Result": "planning",
    "RingGroup": "group",
    "RingStrategy": "group",
    "RingsimError": "errors",
    "Scenario": "scenario",
    "Sizing": "planning",
    "Staffing": "planning",
    "Target": "planning",
    "Workload": "workload",
    "compare": "planning",
    "lognormal": "distributions",
    "play": "_play",
    "simulate": "planning",
    "size": "planning",
    "staffing": "planning",
    "sweep": "planning",
}


def __getattr__(name: str) -> Any:
    if name in ("dispatch", "erlang"):
        return import_module(f"ringsim.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'ringsim' has no attribute {name!r}")
    value = getattr(import_module(f"ringsim.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
