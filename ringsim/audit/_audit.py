"""A log, judged by the rules S1 to S15: a third statement of them, beside the two engines.

`audit`
    Judges a log.
`Audit`
    What it found.
`AuditError`
    What `Audit.check` raises.

An engine says what happens; this asks of every row whether it may be there, given the rows
before it. It knows no engine. With the workload, the rules allow one log only, and whatever
differs from it is found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ringsim._checks import is_number
from ringsim.audit._call_rules import (
    s1_all_calls_are_there,
    s1_calls_are_the_workloads,
    s15_own_calls_are_the_workloads,
)
from ringsim.audit._frames import Frames, tables_of
from ringsim.audit._replay import read
from ringsim.audit._rows import Violation
from ringsim.audit._state import Group, groups_of, people_of
from ringsim.audit._tolerant import read_with_tolerance
from ringsim.dispatch import DispatcherChoice, dispatchers_of
from ringsim.errors import ConfigurationError, RingsimError
from ringsim.scenario import Scenario
from ringsim.workload import Workload

__all__ = ["Audit", "AuditError", "Unchecked", "Violation", "audit"]

MOST_TOLD = 10


class Unchecked(NamedTuple):
    """A rule, or a part of it, that could not be checked, and why."""

    rule: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule} {self.what}: {self.why}"


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes
    ----------
    violations : tuple of Violation
        Rows that break a rule, in the order in which things happened: the first is the one
        to look at, as later ones may only follow from it. Each has `frame`, `row` (its place
        in the frame, from 0), `rule` and `said`, and reads as a sentence.
    unchecked : tuple of Unchecked
        What could not be checked: `rule`, `what` and `why`.
    """

    violations: tuple[Violation, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def ok(self) -> bool:
        """Whether no row breaks a rule that could be checked."""
        return not self.violations

    def check(self) -> None:
        """Say it with an error.

        Raises
        ------
        AuditError
            When a row breaks a rule; the first one is named.
        """
        if not self.ok:
            raise AuditError(self)

    def __str__(self) -> str:
        """What was found, a line each, then what was not checked."""
        told = [str(violation) for violation in self.violations[:MOST_TOLD]] or ["no violation"]
        if len(self.violations) > MOST_TOLD:
            told.append(f"and {len(self.violations) - MOST_TOLD} more")
        return "\n".join([*told, *(f"unchecked: {rule}" for rule in self.unchecked)])

    def __repr__(self) -> str:
        first = f"first {self.violations[0]}" if self.violations else "ok"
        rules = ", ".join(dict.fromkeys(unchecked.rule for unchecked in self.unchecked))
        return (
            f"<Audit: {len(self.violations)} violations, {first}; unchecked: {rules or 'nothing'}>"
        )


class AuditError(RingsimError, AssertionError):
    """A log breaks a rule; the sentence is that of the first row that does.

    An `AssertionError` too, as what fails in a test is expected to be.

    Attributes
    ----------
    audit : Audit
        All that was found.
    """

    def __init__(self, audit: Audit) -> None:
        super().__init__(audit)
        self.audit = audit

    def __str__(self) -> str:
        first, *more = self.audit.violations
        return f"{first} (and {len(more)} more)" if more else str(first)


def audit(
    scenario: Scenario,
    log: Frames | Mapping[str, pd.DataFrame],
    workload: Workload | None = None,
    *,
    dispatcher: DispatcherChoice = None,
    tolerance: float = 0.0,
) -> Audit:
    """Judge a log by the rules, row by row.

    Parameters
    ----------
    scenario : Scenario
        Groups and people that the log is of.
    log : CallLog, or dict or named tuple of DataFrames
        `calls`, `rings`, `visits` and `own_calls`, with the columns of `CallLog`: what an
        engine played, or what somebody's own PBX wrote. Other columns are ignored; text
        columns may be of any dtype that holds strings.
    workload : Workload, optional
        What was played. With it the rules allow one log only, and every value of every row
        is checked.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        As in `ringsim.play`; one that overrides `wave()` is asked, too.
    tolerance : float, default 0
        How far apart two instants of the log may be that should be equal [s], and how close
        together their order counts for nothing: 0.01 for a PBX that logs rings as 10.003 s, 1
        for whole seconds. Every number of seconds may then be off by half of it. With a
        tolerance, whom a dispatcher rings that overrides `wave()` is not checked.

    Returns
    -------
    Audit
        `.ok`, `.violations`, `.unchecked`; `.check()` raises where there is a violation.

    Raises
    ------
    ConfigurationError
        When a frame or a column is missing, the workload names no group where there are
        several, or a dispatcher is none.
    DispatcherError
        When a dispatcher picks what it must not.

    Notes
    -----
    Who was on a call, whom a group remembers and who was a candidate is told by the rows
    before, right or wrong. A call is read no further than to a ring that should be there and
    is not. Frames that cannot be read at all, with numbers of nobody, say, are only judged
    for that.

    Without a workload nobody knows when a member would have answered: that they were free,
    and that their phone rang, is all that is checked of an answer.

    Examples
    --------
    >>> import ringsim as rs
    >>> sales = {"extension_number": "600", "ring_time": 20, "members": ["201", "202"]}
    >>> scenario = rs.Scenario(groups=[sales])
    >>> script = rs.Workload(arrives_at=[0, 100], talk_time=30, answer_delay={"202": 5})
    >>> log = rs.play(scenario, script)
    >>> audit(scenario, log, script).ok
    True
    >>> rings = log.rings
    >>> rings.loc[1, "ended_at"] = 6.0
    >>> frames = {"calls": log.calls, "visits": log.visits, "own_calls": log.own_calls}
    >>> print(audit(scenario, {**frames, "rings": rings}, script).violations[0])
    rings row 1: S6 202 must answer at 5.0, when first ready and free, got answered at 6.0
    """
    if not is_number(tolerance) or not 0 <= tolerance < math.inf:
        raise ConfigurationError("tolerance", "must be a number of seconds, at least 0", tolerance)
    people = people_of(scenario, workload)
    groups = groups_of(
        scenario,
        people,
        dispatchers_of(scenario, dispatcher),
        draws_are_known=workload is not None,
    )
    tables, malformed = tables_of(log, scenario)
    if workload is not None and not malformed:
        malformed += s1_all_calls_are_there(tables, workload)
    if malformed:
        unread = Unchecked("S1 to S15", "what the rows say", "the frames cannot be read")
        return Audit(tuple(malformed), (unread,))
    violations: list[Violation] = []
    if workload is not None:
        violations += s1_calls_are_the_workloads(tables, workload, scenario, tolerance)
        violations += s15_own_calls_are_the_workloads(tables, workload, tolerance)
    if tolerance:
        violations += read_with_tolerance(tables, people, groups, tolerance)
    else:
        violations += read(tables, people, groups)
    unchecked = [] if workload is not None else list(_unchecked(groups.values()))
    if tolerance:
        unchecked += [
            Unchecked("S4", f"whom group {group.number} rings", "wave() is asked without tolerance")
            for group in groups.values()
            if not group.dispatcher.is_ordering
        ]
    return Audit(tuple(violations), tuple(unchecked))


def _unchecked(groups: Iterable[Group]) -> Iterator[Unchecked]:
    """What only the workload can tell."""
    yield Unchecked("S1", "which calls and own calls there are", "needs the workload")
    yield Unchecked(
        "S6", "when members answer, but for being free", "needs the workload's answer delays"
    )
    for group in groups:
        if not group.order_is_known:
            what = f"whom of its candidates group {group.number} rings"
            yield Unchecked("S4", what, "needs the workload's random draws")
