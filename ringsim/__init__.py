"""Simulates the ring groups of a phone system.

Records: `RingGroup`, `Member`, `NoAnswerForwardRule`, `RingStrategy`, `Rules`, `Extension`,
`Demand`, `Scenario`. Durations: `lognormal`, `Empirical`, each a `Distribution`. Running:
`Workload`, `play`, `simulate`, and what they return, `CallLog` and `Result`; `Precision`.
Planning: `compare` and its `Comparison`, `sweep`, `size` and its `Sizing`, `staffing` and its
`Staffing`, `Target`. A strategy of one's own: `Dispatcher`. Errors: `RingsimError`,
`ConfigurationError`, `DispatcherError`.

Parts: `dispatch` (strategies), `erlang` (formulas), `plot` (pictures), `reporting` (a page to hand
over), `audit` (a check of logs), `testing` (help for testing dispatchers).

Names are imported when they are first used, so that `import ringsim` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringsim._version import __version__

if TYPE_CHECKING:
    from ringsim import audit, dispatch, erlang, plot, reporting, testing
    from ringsim._play import play
    from ringsim.calllog import CallLog
    from ringsim.dispatch import Dispatcher
    from ringsim.distributions import Distribution, Empirical, lognormal
    from ringsim.errors import ConfigurationError, DispatcherError, RingsimError
    from ringsim.group import Member, NoAnswerForwardRule, RingGroup, RingStrategy
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
    from ringsim.rules import Rules
    from ringsim.scenario import Demand, Extension, Scenario
    from ringsim.workload import Workload

_PARTS = ("audit", "dispatch", "erlang", "plot", "reporting", "testing")

_HOME = {
    "CallLog": "calllog",
    "Comparison": "planning",
    "ConfigurationError": "errors",
    "Demand": "scenario",
    "Dispatcher": "dispatch",
    "DispatcherError": "errors",
    "Distribution": "distributions",
    "Empirical": "distributions",
    "Extension": "scenario",
    "Member": "group",
    "NoAnswerForwardRule": "group",
    "Precision": "planning",
    "Result": "planning",
    "RingGroup": "group",
    "RingStrategy": "group",
    "RingsimError": "errors",
    "Rules": "rules",
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
    "Rules",
    "Scenario",
    "Sizing",
    "Staffing",
    "Target",
    "Workload",
    "__version__",
    "audit",
    "compare",
    "dispatch",
    "erlang",
    "lognormal",
    "play",
    "plot",
    "reporting",
    "simulate",
    "size",
    "staffing",
    "sweep",
    "testing",
]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"ringsim.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'ringsim' has no attribute {name!r}")
    value = getattr(import_module(f"ringsim.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
