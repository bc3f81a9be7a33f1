"""Simulation of the ring groups of a phone system.

Records
    `RingGroup`, `Member`, `NoAnswerForwardRule`, `RingStrategy`, `Rules`, `Extension`,
    `Demand`, `Scenario`.
Durations
    `Distribution`, and two kinds of it, `lognormal` and `Empirical`.
Simulation
    `Workload`, `play`, `simulate`; their results `CallLog` and `Result`; `Precision`.
Planning
    `compare`, `sweep`, `size`, `staffing`; their results `Comparison`, `Sizing` and
    `Staffing`; `Target`.
Call records
    `fit`, `backtest` and `calibrate`; their results `Fit`, `Backtest` and `Calibration`.
Strategies written by users
    `Dispatcher`.
Errors
    `RingsimError`, `ConfigurationError`, `DispatcherError`.
Modules
    `dispatch` (strategies), `erlang` (formulas), `estimators` (estimates from arrays of call
    records), `plot` (charts), `reporting` (a report as a web page), `audit` (checks of call
    logs), `testing` (helpers for testing dispatchers).

Each name is imported on first use, which keeps `import ringsim` fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringsim._version import __version__

if TYPE_CHECKING:
    from ringsim import audit, dispatch, erlang, estimators, plot, reporting, testing
    from ringsim._play import play
    from ringsim.calllog import CallLog
    from ringsim.dispatch import Dispatcher
    from ringsim.distributions import Distribution, Empirical, lognormal
    from ringsim.errors import ConfigurationError, DispatcherError, RingsimError
    from ringsim.fitting import Backtest, Calibration, Fit, backtest, calibrate, fit
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

_PARTS = ("audit", "dispatch", "erlang", "estimators", "plot", "reporting", "testing")

_HOME = {
    "Backtest": "fitting",
    "Calibration": "fitting",
    "CallLog": "calllog",
    "Comparison": "planning",
    "ConfigurationError": "errors",
    "Demand": "scenario",
    "Dispatcher": "dispatch",
    "DispatcherError": "errors",
    "Distribution": "distributions",
    "Empirical": "distributions",
    "Extension": "scenario",
    "Fit": "fitting",
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
    "backtest": "fitting",
    "calibrate": "fitting",
    "compare": "planning",
    "fit": "fitting",
    "lognormal": "distributions",
    "play": "_play",
    "simulate": "planning",
    "size": "planning",
    "staffing": "planning",
    "sweep": "planning",
}

__all__ = [
    "Backtest",
    "Calibration",
    "CallLog",
    "Comparison",
    "ConfigurationError",
    "Demand",
    "Dispatcher",
    "DispatcherError",
    "Distribution",
    "Empirical",
    "Extension",
    "Fit",
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
    "backtest",
    "calibrate",
    "compare",
    "dispatch",
    "erlang",
    "estimators",
    "fit",
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
