"""The audit reads the examples of the rules as they are meant.

Whatever a table of `tests/engine` shows is a day whose log must pass. In those of simultaneous
events the story would be another if two events came the other way round, so an audit that takes
them the wrong way round finds something that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from engine import test_rules, test_simultaneous, test_worked_cases

import ringsim as rs
from ringsim.testing import audit


def examples(module: ModuleType) -> Iterator[Any]:
    """Rows of the module's tables that show a scenario and a workload."""
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
    audit(scenario, log).check()


def test_there_are_examples_of_all_that_the_audit_must_get_right() -> None:
    """Of each module, so that a table by another name is missed."""
    assert all(
        len(list(examples(module))) >= 10
        for module in (test_rules, test_simultaneous, test_worked_cases)
    )
