"""Tools to test your own dispatchers, and to audit the log of an engine or a PBX.

`check_dispatcher`
    Check that a dispatcher keeps its contract.
`groups`, `scenarios`, `workloads`, `days`, `candidates`, `dispatchers`
    Hypothesis strategies for the objects of these names; a day is a scenario and its workload.
`Ordering`
    A dispatcher defined by its attributes alone, as `dispatchers` makes it.
`audit`
    Check every row of a log against the rules; the result is an `Audit`, whose `check` raises
    an `AuditError`.

All but `audit` need the extra `ringsim[testing]`. A name is imported on first use.

Examples
--------
`check_dispatcher` returns nothing if a dispatcher keeps the contract. Otherwise its error states
the fault and shows the smallest example found:

>>> import ringsim as rs
>>> from ringsim.dispatch import Hunt
>>> from ringsim.testing import audit, check_dispatcher, days
>>> class FewestAnsweredHunt(Hunt):
...     '''Ring one member at a time, the member with the fewest answers first.'''
...
...     order_by = ("n_answered",)
>>> check_dispatcher(FewestAnsweredHunt)
>>> class LeastRungHunt(Hunt):
...     '''Ring the member with the fewest rings; if tied, the first in the list.'''
...
...     def wave(self, candidates, moment):
...         return [min(candidates, key=lambda candidate: candidate.n_rung)]
>>> check_dispatcher(LeastRungHunt)  # doctest: +NORMALIZE_WHITESPACE
Traceback (most recent call last):
ringsim.errors.DispatcherError: LeastRungHunt.wave() must not depend on the order in which
candidates are listed, got position 0, then position 1. Break ties by position, as
sorted(candidates) does.
Smallest example found:
    dispatcher.wave([Candidate(0), Candidate(1)], Moment(8.0, 0, 0, 0.0))
    dispatcher.wave([Candidate(1), Candidate(0)], Moment(8.0, 0, 0, 0.0))

Test a law of your own as a property. By default the strategies make small groups, and times in
whole seconds, so that many events fall on the same instant:

>>> from hypothesis import given, settings
>>> @settings(deadline=None, max_examples=20)
... @given(days())
... def test_no_phone_rings_longer_than_the_ring_time(day):
...     scenario, workload = day
...     for ring in rs.play(scenario, workload, dispatcher=FewestAnsweredHunt).rings.itertuples():
...         assert ring.ended_at - ring.started_at <= scenario.group(ring.group).ring_time
>>> test_no_phone_rings_longer_than_the_ring_time()

`audit` checks whether the rules allow each row of a log, given the rows before it. Instead of a
`CallLog` it also takes four frames that a PBX has written:

>>> hunt = {"extension_number": "600", "ring_strategy": "CYCLIC_HUNT", "members": ["201", "202"]}
>>> office = rs.Scenario(groups=[hunt])
>>> script = rs.Workload(arrives_at=[0, 100], talk_time=30, answer_delay={"202": 5})
>>> log = rs.play(office, script)
>>> audit(office, log, script)
<Audit: 0 violations, ok; unchecked: nothing>
>>> frames = {name: getattr(log, name) for name in ("calls", "rings", "visits", "own_calls")}
>>> frames["rings"].loc[0, "ended_at"] = 21.0
>>> print(audit(office, frames, script))
rings row 0: S5 ended_at must be started_at + ring_time = 20.0, got 21.0
rings row 1: S5 started_at must be 21.0, got 20.0

With the workload, the rules allow exactly one log, so the audit finds every change. Without the
workload, the audit does not know when members would have answered; `unchecked` lists the rules
that it did not check.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringsim.errors import RingsimError

if TYPE_CHECKING:
    from ringsim.audit import Audit, AuditError, audit
    from ringsim.testing._candidates import candidates
    from ringsim.testing._check import check_dispatcher
    from ringsim.testing._days import Day, days
    from ringsim.testing._dispatchers import Ordering, dispatchers
    from ringsim.testing._groups import groups
    from ringsim.testing._scenarios import scenarios
    from ringsim.testing._workloads import workloads

__all__ = [
    "Audit",
    "AuditError",
    "Day",
    "Ordering",
    "audit",
    "candidates",
    "check_dispatcher",
    "days",
    "dispatchers",
    "groups",
    "scenarios",
    "workloads",
]

_HOME = {
    "Audit": "ringsim.audit",
    "AuditError": "ringsim.audit",
    "Day": "ringsim.testing._days",
    "Ordering": "ringsim.testing._dispatchers",
    "audit": "ringsim.audit",
    "candidates": "ringsim.testing._candidates",
    "check_dispatcher": "ringsim.testing._check",
    "days": "ringsim.testing._days",
    "dispatchers": "ringsim.testing._dispatchers",
    "groups": "ringsim.testing._groups",
    "scenarios": "ringsim.testing._scenarios",
    "workloads": "ringsim.testing._workloads",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `audit` works without hypothesis."""
    if name not in _HOME:
        raise AttributeError(f"module 'ringsim.testing' has no attribute {name!r}")
    try:
        home = import_module(_HOME[name])
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
