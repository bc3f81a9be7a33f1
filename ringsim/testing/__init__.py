"""Help for testing what people plug into ringsim, and what comes out of it or of a PBX.

`check_dispatcher`
    The contract of a dispatcher, as code.
`groups`, `scenarios`, `workloads`, `candidates`, `dispatchers`
    Hypothesis strategies for what they are named after.
`Ordering`
    A dispatcher by its attributes, as `dispatchers` makes them.
`audit`
    A log judged by the rules, row by row: an `Audit`, whose `check` raises an `AuditError`.

All but `audit` need the extra `ringsim[testing]`. Names are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringsim.errors import RingsimError

if TYPE_CHECKING:
    from ringsim.testing._audit import Audit, AuditError, audit
    from ringsim.testing._candidates import candidates
    from ringsim.testing._check import check_dispatcher
    from ringsim.testing._dispatchers import Ordering, dispatchers
    from ringsim.testing._groups import groups
    from ringsim.testing._scenarios import scenarios
    from ringsim.testing._workloads import workloads

__all__ = [
    "Audit",
    "AuditError",
    "Ordering",
    "audit",
    "candidates",
    "check_dispatcher",
    "dispatchers",
    "groups",
    "scenarios",
    "workloads",
]

_HOME = {
    "Audit": "_audit",
    "AuditError": "_audit",
    "Ordering": "_dispatchers",
    "audit": "_audit",
    "candidates": "_candidates",
    "check_dispatcher": "_check",
    "dispatchers": "_dispatchers",
    "groups": "_groups",
    "scenarios": "_scenarios",
    "workloads": "_workloads",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'ringsim.testing' has no attribute {name!r}")
    try:
        home = import_module(f"ringsim.testing.{_HOME[name]}")
    except ModuleNotFoundError as missing:
        if missing.name != "hypothesis":
            raise
        raise RingsimError(
            f"ringsim.testing.{name} must have hypothesis. "
            "Install it with: pip install 'ringsim[testing]'"
        ) from None
    value = getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
