"""The audit finds nothing wrong in the worked examples of the rules.

The log of every example in the tables of `tests/engine` must pass. In the examples of
simultaneous events, an audit that processes two events in the wrong order would report a
violation.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import ringsim as rs
from engine import test_rules, test_simultaneous, test_worked_cases
from ringsim.testing import audit


def examples(module: ModuleType) -> Iterator[Any]:
    """Yield the rows of a module's tables that have a scenario and a workload."""
    for test in vars(module).values():
        for mark in getattr(test, "pytestmark", ()):
            if mark.name == "parametrize" and mark.args[0][:2] == ["scenario", "workload"]:
                for row in mark.args[1]:
                    yield pytest.param(*row.values[:2], id=row.id)


EXAMPLES = [
    row for module in (test_rules, test_simultaneous, test_worked_cases) for row in examples(module)
]


@pytest.mark.parametrize(("scenario", "workload"), EXAMPLES)
def test_an_example_of_a_rule_passes(scenario: rs.Scenario, workload: rs.Workload) -> None:
    log = rs.play(scenario, workload)
    audit(scenario, log, workload).check()
    if not len(workload.away):  # of spells by hand nobody knows without the workload
        audit(scenario, log).check()


def test_every_module_has_examples() -> None:
    """Fails if the tables of a module get other column names, so that no example is found."""
    assert all(
        len(list(examples(module))) >= 10
        for module in (test_rules, test_simultaneous, test_worked_cases)
    )
