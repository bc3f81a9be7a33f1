"""Rules S1 and S15: the calls of a log are those of the workload.

Whatever comes of a call, the workload says when it comes, to which group, and how long it
would talk and wait; so these are asked before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from ringsim.errors import ConfigurationError
from ringsim.scenario import Scenario
from ringsim.testing._audit_rows import Tables, Violation, must
from ringsim.workload import Workload

__all__ = [
    "s1_all_calls_are_there",
    "s1_calls_are_the_workloads",
    "s15_own_calls_are_the_workloads",
]


def s1_all_calls_are_there(tables: Tables, workload: Workload) -> Iterator[Violation]:
    """S1, S15: as many calls and own calls as the workload has."""
    for rule, frame, expected in (
        ("S1", "calls", len(workload)),
        ("S15", "own_calls", len(workload.own_calls)),
    ):
        got = len(getattr(tables, frame))
        if got != expected:
            said = f"{frame} must have the workload's {expected} rows, got {got}"
            yield Violation(frame, min(got, expected), rule, said)


def s1_calls_are_the_workloads(
    tables: Tables, workload: Workload, scenario: Scenario, slack: float = 0.0
) -> Iterator[Violation]:
    """S1: a call arrives at its group at `arrives_at`; its talk is known if it is answered."""
    groups = _groups(workload, scenario)
    columns = ("arrives_at", "talk_time", "wrap_up_time", "patience")
    planned = zip(*(getattr(workload, column).tolist() for column in columns), strict=True)
    for call, group, values in zip(tables.calls, groups, planned, strict=True):
        yield from must(call, "S1", "group", group, "the workload's group")
        for column, value in zip(columns, values, strict=True):
            if column != "talk_time" or call.talk_time is not None:
                yield from must(call, "S1", column, value, f"the workload's {column}", slack)


def s15_own_calls_are_the_workloads(
    tables: Tables, workload: Workload, slack: float = 0.0
) -> Iterator[Violation]:
    """S15: own calls are there in the order of the workload, taken or not."""
    own = workload.own_calls
    columns = ("extension", "started_at", "talk_time")
    planned = zip(own.extension, own.at.tolist(), own.talk_time.tolist(), strict=True)
    for row, values in zip(tables.own_calls, planned, strict=True):
        for column, value in zip(columns, values, strict=True):
            why = f"the workload's {column}"
            yield from must(row, "S15", column, value, why, 0.0 if column == "extension" else slack)


def _groups(workload: Workload, scenario: Scenario) -> tuple[str, ...]:
    """The group that each call arrives at; the only one there is needs no naming.

    Raises
    ------
    ConfigurationError
        When there are several, and none is named.
    """
    given, known = workload.group, scenario.group_numbers
    if isinstance(given, tuple):
        return given
    if not len(workload):
        return ()
    if given is None and len(known) != 1:
        raise ConfigurationError(
            "group", f"must be given for each call, as the scenario has {len(known)} groups"
        )
    return (given or known[0],) * len(workload)
