"""Simulation of the ring groups of a phone system.

Records
    `RingGroup`, `Member`, `NoAnswerForwardRule`, `RingStrategy`, `Rules`, `Extension`,
    `Away`, `Demand`, `Redial`, `Scenario`.
Rules and files of other phone systems
    `preset`, which returns rules by name; `read_pbx` and its result `Imported`.
Durations
    `Distribution`, and two kinds of it, `lognormal` and `Empirical`.
Simulation
    `Workload`, `play`, `simulate`; their results `CallLog`, `WeekLog` and `Result`;
    `Precision`.
Planning
    `compare`, `sweep`, `size`, `staffing`, `optimize`, `roster`, `stress`, `report`; their
    results `Comparison`, `Sweep`, `Sizing`, `Staffing`, `WeekStaffing`, `Optimum`, `Roster`,
    `StressTest` and `Report`; `Target`, `Cost`; `Shift` and `Person` of a roster; `Stress`, an
    event.
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
    `presets` (rules of other phone systems), `importers` (their configuration files), `pbx`
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
    from ringsim._week_log import WeekLog
    from ringsim.calllog import CallLog
    from ringsim.dispatch import Dispatcher
    from ringsim.distributions import Distribution, Empirical, lognormal
    from ringsim.errors import ConfigurationError, DispatcherError, RingsimError
    from ringsim.fitting import Backtest, Calibration, Fit, backtest, calibrate, fit
    from ringsim.group import Member, NoAnswerForwardRule, RingGroup, RingStrategy
    from ringsim.importers import Imported, read_pbx
    from ringsim.planning import (
        Comparison,
        Cost,
        Optimum,
        Person,
        Precision,
        Result,
        Roster,
        Shift,
        Sizing,
        Staffing,
        Stress,
        StressTest,
        Sweep,
        Target,
        WeekStaffing,
        compare,
        optimize,
        roster,
        simulate,
        size,
        staffing,
        stress,
        sweep,
    )
    from ringsim.presets import preset
    from ringsim.records import Records, read_records
    from ringsim.reporting import Report, report
    from ringsim.rules import Rules
    from ringsim.scenario import Away, Demand, Extension, Redial, Scenario, example
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
    "Cost": "planning",
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
    "Optimum": "planning",
    "Person": "planning",
    "Precision": "planning",
    "Records": "records",
    "Redial": "scenario",
    "Report": "reporting",
    "Result": "planning",
    "RingGroup": "group",
    "RingStrategy": "group",
    "RingsimError": "errors",
    "Roster": "planning",
    "Rules": "rules",
    "Scenario": "scenario",
    "Shift": "planning",
    "Sizing": "planning",
    "Staffing": "planning",
    "Stress": "planning",
    "StressTest": "planning",
    "Sweep": "planning",
    "Target": "planning",
    "WeekLog": "_week_log",
    "WeekStaffing": "planning",
    "Workload": "workload",
    "backtest": "fitting",
    "calibrate": "fitting",
    "compare": "planning",
    "example": "scenario",
    "fit": "fitting",
    "lognormal": "distributions",
    "optimize": "planning",
    "play": "_play",
    "preset": "presets",
    "read_pbx": "importers",
    "read_records": "records",
    "report": "reporting",
    "roster": "planning",
    "simulate": "planning",
    "size": "planning",
    "staffing": "planning",
    "stress": "planning",
    "sweep": "planning",
}

__all__ = [
    "Away",
    "Backtest",
    "Calibration",
    "CallLog",
    "Comparison",
    "ConfigurationError",
    "Cost",
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
    "Optimum",
    "Person",
    "Precision",
    "Records",
    "Redial",
    "Report",
    "Result",
    "RingGroup",
    "RingStrategy",
    "RingsimError",
    "Roster",
    "Rules",
    "Scenario",
    "Shift",
    "Sizing",
    "Staffing",
    "Stress",
    "StressTest",
    "Sweep",
    "Target",
    "WeekLog",
    "WeekStaffing",
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
    "optimize",
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
    "roster",
    "simulate",
    "size",
    "staffing",
    "stress",
    "sweep",
    "testing",
]
_EXPONENTIAL = '. Write "mean=60", or scipy.stats.expon(scale=60).'


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"ringsim.{name}")
    if name not in _HOME:
        hint = _EXPONENTIAL if name in ("exponential", "expon") else ""
        raise AttributeError(f"module 'ringsim' has no attribute {name!r}{hint}")
    value = getattr(import_module(f"ringsim.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
