"""Simulation of the ring groups of a phone system.

Records
    `RingGroup`, `Member`, `NoAnswerForwardRule`, `RingStrategy`, `Rules`, `Extension`,
    `Away`, `Demand`, `Scenario`.
Other phone systems
    `preset`, the rules of one by name; `read_pbx`, its configuration files, and the result
    `Imported`.
Durations
    `Distribution`, and two kinds of it, `lognormal` and `Empirical`.
Simulation
    `Workload`, `play`, `simulate`; their results `CallLog` and `Result`; `Precision`.
Planning
    `compare`, `sweep`, `size`, `staffing`, `report`; their results `Comparison`, `Sweep`,
    `Sizing`, `Staffing` and `Report`; `Target`.
Real days
    `read_records` and its result `Records`; `fit`, `backtest` and `calibrate`, with their
    results `Fit`, `Backtest` and `Calibration`.
Strategies written by users
    `Dispatcher`.
Errors
    `RingsimError`, `ConfigurationError`, `DispatcherError`.
Modules
    `dispatch` (strategies), `erlang` (formulas), `plot` (charts), `reporting` (a report as a
    web page), `audit` (checks of call logs), `records` (call records of phone systems),
    `presets` (rules of other PBXs), `importers` (configuration files of other PBXs), `pbx`
    (client and twin of a PBX), `estimators` (estimates from arrays of call records), `testing`
    (helpers for testing dispatchers).

Each name is imported on first use, which keeps `import ringsim` fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringsim._version import __version__

if TYPE_CHECKING:
    from ringsim import (
        audit,
        dispatch,
        erlang,
        estimators,
        importers,
        pbx,
        plot,
        presets,
        records,
        reporting,
        testing,
    )
    from ringsim._play import play
    from ringsim.calllog import CallLog
    from ringsim.dispatch import Dispatcher
    from ringsim.distributions import Distribution, Empirical, lognormal
    from ringsim.errors import ConfigurationError, DispatcherError, RingsimError
    from ringsim.fitting import Backtest, Calibration, Fit, backtest, calibrate, fit
    from ringsim.group import Member, NoAnswerForwardRule, RingGroup, RingStrategy
    from ringsim.importers import Imported, read_pbx
    from ringsim.planning import (
        Comparison,
        Precision,
        Result,
        Sizing,
        Staffing,
        Sweep,
        Target,
        compare,
        simulate,
        size,
        staffing,
        sweep,
    )
    from ringsim.presets import preset
    from ringsim.records import Records, read_records
    from ringsim.reporting import Report, report
    from ringsim.rules import Rules
    from ringsim.scenario import Away, Demand, Extension, Scenario, example
    from ringsim.workload import Workload

_PARTS = (
    "audit",
    "dispatch",
    "erlang",
    "estimators",
    "importers",
    "pbx",
    "plot",
    "presets",
    "records",
    "reporting",
    "testing",
)

_HOME = {
    "Backtest": "fitting",
    "Calibration": "fitting",
    "CallLog": "calllog",
    "Comparison": "planning",
    "ConfigurationError": "errors",
    "Away": "scenario",
    "Demand": "scenario",
    "Dispatcher": "dispatch",
    "DispatcherError": "errors",
    "Distribution": "distributions",
    "Empirical": "distributions",
    "Extension": "scenario",
    "Fit": "fitting",
    "Imported": "importers",
    "Member": "group",
    "NoAnswerForwardRule": "group",
    "Precision": "planning",
    "Records": "records",
    "Report": "reporting",
    "Result": "planning",
    "RingGroup": "group",
    "RingStrategy": "group",
    "RingsimError": "errors",
    "Rules": "rules",
    "Scenario": "scenario",
    "Sizing": "planning",
    "Staffing": "planning",
    "Sweep": "planning",
    "Target": "planning",
    "Workload": "workload",
    "backtest": "fitting",
    "calibrate": "fitting",
    "compare": "planning",
    "example": "scenario",
    "fit": "fitting",
    "lognormal": "distributions",
    "play": "_play",
    "preset": "presets",
    "read_pbx": "importers",
    "read_records": "records",
    "report": "reporting",
    "simulate": "planning",
    "size": "planning",
    "staffing": "planning",
    "sweep": "planning",
}

__all__ = [
    "Away",
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
    "Imported",
    "Member",
    "NoAnswerForwardRule",
    "Precision",
    "Records",
    "Report",
    "Result",
    "RingGroup",
    "RingStrategy",
    "RingsimError",
    "Rules",
    "Scenario",
    "Sizing",
    "Staffing",
    "Sweep",
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
    "example",
    "fit",
    "importers",
    "lognormal",
    "pbx",
    "play",
    "plot",
    "preset",
    "presets",
    "read_pbx",
    "read_records",
    "records",
    "report",
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
