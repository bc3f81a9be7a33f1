"""Public function `audit`, which checks every row of a log against the rules.

An engine produces a log; the audit checks whether the rules allow each row, given the rows before
it. It imports no engine. With the workload the rules allow exactly one log, so the audit finds
every difference from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from ringsim._checks import as_float, is_number
from ringsim._week_log import WeekLog
from ringsim.audit._attempts import attempts_of
from ringsim.audit._call_rules import (
    s1_all_calls_are_there,
    s1_calls_are_the_workloads,
    s15_own_calls_are_the_workloads,
)
from ringsim.audit._frames import Frames, tables_of
from ringsim.audit._options import check_option_rows, has_options, unchecked_of
from ringsim.audit._records import UNSEEN, row_violations, violations_of_days
from ringsim.audit._replay import check_rows
from ringsim.audit._result import Audit, Unchecked
from ringsim.audit._rows import FRAMES, Violation
from ringsim.audit._state import Group, groups_of, people_of
from ringsim.audit._tolerant import check_rows_with_tolerance
from ringsim.dispatch import DispatcherChoice, dispatchers_of
from ringsim.errors import ConfigurationError
from ringsim.records import Records
from ringsim.scenario import Scenario, check_scenario
from ringsim.workload import Workload

__all__ = ["audit"]


def audit(
    scenario: Scenario,
    log: Frames | Mapping[str, pd.DataFrame] | Records | WeekLog,
    workload: Workload | Mapping[str, Workload] | None = None,
    *,
    dispatcher: DispatcherChoice = None,
    tolerance: float = 0.0,
) -> Audit:
    """Check every row of a log against the rules.

    Parameters
    ----------
    scenario : Scenario
        The groups and people of the log.
    log : CallLog, WeekLog, Records, or dict or named tuple of DataFrames
        `calls`, `rings`, `visits` and `own_calls` with the columns of `CallLog`, from an engine
        or from a PBX; `caller` and `attempt` are needed if callers of the workload try again.
        Other columns are ignored; text columns may have any dtype that holds strings. Real days
        (`ringsim.Records`) are audited one by one, with at least the tolerance of their clock;
        without every ring, only rules of single rows are checked. If the scenario has `days`,
        each day is audited with the duty of its weekday.
    workload : Workload, or dict of str to Workload for a WeekLog, optional
        The workload that was played. With it the rules allow exactly one log, and every value of
        every row is checked. Without it, attempts are audited as calls of their own, and calls
        in an office without options as calls without a `max_wait_time` of their own.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        As for `ringsim.play`. A dispatcher that overrides `wave()` is called too.
    tolerance : float, default 0
        Largest difference of two instants that count as equal [s]; their order then has no
        meaning. Use 0.01 for a PBX that logs rings as 10.003 s, 1 for whole seconds. Every number
        of seconds may be off by half the tolerance. With a tolerance, the picks of a dispatcher
        that overrides `wave()` are not checked.

    Returns
    -------
    Audit
        `.ok`, `.violations`, `.unchecked`; `.check()` raises an error if there is a violation.

    Raises
    ------
    ConfigurationError
        If a frame or a column is missing, the workload names no group although the scenario has
        several, or a dispatcher is invalid.
    DispatcherError
        If a dispatcher picks anything but candidates, none at all, or one twice.

    Notes
    -----
    The audit derives from earlier rows, correct or not, who was on a call, what a group remembers
    and who was a candidate. It stops reading a call at the first missing ring. If frames are
    malformed (for example, with unknown numbers), it reports only that.

    If a group has options of other phone systems, or rings are declined, rows are not played
    again: each is checked against the state that follows from all other rows, also without a
    tolerance. What these checks leave open is in `unchecked`.

    Without a workload the audit does not know when a member would have answered. It then checks
    only that the member was free and that their phone rang.

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
    check_scenario(scenario)
    if isinstance(log, WeekLog):
        return _audit_of_week(scenario, log, workload, dispatcher, tolerance)
    if workload is not None and not isinstance(workload, Workload):
        raise ConfigurationError("workload", "must be a Workload", workload)
    if not is_number(tolerance) or not 0 <= as_float(tolerance) < math.inf:
        raise ConfigurationError("tolerance", "must be a number of seconds, at least 0", tolerance)
    if isinstance(log, Records):
        return _audit_of_days(scenario, log, workload, dispatcher, float(tolerance))
    scenario = scenario.one_day
    dispatchers = dispatchers_of(scenario, dispatcher)
    tables, malformed = tables_of(log, scenario)
    violations: list[Violation] = []
    if workload is not None and not malformed:
        workload, malformed, violations = attempts_of(log, tables, workload)
    if workload is not None and not malformed:
        malformed += s1_all_calls_are_there(tables, workload)
    if malformed:
        unread = Unchecked("S1 to S15", "all rows", "the frames are malformed")
        return Audit(tuple(malformed), (unread,))
    if workload is not None:
        violations += s1_calls_are_the_workloads(tables, workload, scenario, tolerance)
        violations += s15_own_calls_are_the_workloads(tables, workload, tolerance)
    if has_options(scenario, dispatchers, tables, workload):
        violations += check_option_rows(
            tables, log, scenario, dispatchers, workload, float(tolerance)
        )
        open_rules = [
            Unchecked(*each) for each in unchecked_of(scenario, dispatchers, log, workload)
        ]
        if workload is None:
            open_rules += _unchecked_rules(())
        return Audit(tuple(violations), tuple(open_rules))
    people = people_of(scenario, workload)
    groups = groups_of(scenario, people, dispatchers, draws_are_known=workload is not None)
    if tolerance:
        violations += check_rows_with_tolerance(tables, people, groups, tolerance)
    else:
        violations += check_rows(tables, people, groups)
    if workload is None:
        unchecked = list(_unchecked_rules(groups.values()))
    else:
        why = "rows do not tell the draws or the pointer that order them"
        unchecked = list(_unchecked_orders(groups.values(), why))
    if tolerance:
        unchecked += [
            Unchecked("S4", f"whom group {group.number} rings", "wave() is asked without tolerance")
            for group in groups.values()
            if not group.dispatcher.is_ordering
        ]
    return Audit(tuple(violations), tuple(unchecked))


def _audit_of_week(
    scenario: Scenario,
    log: WeekLog,
    workload: Workload | Mapping[str, Workload] | None,
    dispatcher: DispatcherChoice,
    tolerance: float,
) -> Audit:
    """Audit the days of a week one by one; rows are counted as in the frames of the week."""
    if workload is not None and not isinstance(workload, Mapping):
        raise ConfigurationError("workload", "must be a workload by weekday", workload)
    if scenario.days != log.scenario.days:
        raise ConfigurationError(
            "scenario.days", f"must be {list(log.scenario.days)} as in the log", list(scenario.days)
        )
    violations: list[Violation] = []
    unchecked: list[Unchecked] = []
    first = dict.fromkeys(FRAMES, 0)
    for day in scenario.days:
        of_day, given = log.on(day), None if workload is None else workload[day]
        found = audit(scenario.on(day), of_day, given, dispatcher=dispatcher, tolerance=tolerance)
        violations += [
            each._replace(row=each.row + first[each.frame], said=f"{each.said} ({day})")
            for each in found.violations
        ]
        unchecked += found.unchecked
        first = {name: n + len(getattr(of_day, name)) for name, n in first.items()}
    return Audit(tuple(violations), tuple(dict.fromkeys(unchecked)))


def _audit_of_days(
    scenario: Scenario,
    records: Records,
    workload: Workload | None,
    dispatcher: DispatcherChoice,
    tolerance: float,
) -> Audit:
    """Audit real days one by one."""
    if workload is not None:
        raise ConfigurationError("workload", "must not be given for records", workload)
    slack = max(tolerance, records.clock)
    unchecked = [Unchecked(*each) for each in UNSEEN[records.grade]]
    if not records.rings_are_complete:
        return Audit(tuple(row_violations(records, scenario, slack)), tuple(unchecked))
    audits = [
        audit(each, records.log(day), dispatcher=dispatcher, tolerance=slack)
        for day, each in enumerate(records.scenarios(scenario))
    ]
    found = violations_of_days(records, [each.violations for each in audits])
    unchecked += [each for one in audits for each in one.unchecked]
    return Audit(tuple(found), tuple(dict.fromkeys(unchecked)))


def _unchecked_rules(groups: Iterable[Group]) -> Iterator[Unchecked]:
    """Yield the rules that cannot be checked without the workload."""
    yield Unchecked("S1", "which calls and own calls there are", "needs the workload")
    yield Unchecked(
        "S6", "when members answer, but for being free", "needs the workload's answer delays"
    )
    yield from _unchecked_orders(groups, "needs the workload's random draws")


def _unchecked_orders(groups: Iterable[Group], why: str) -> Iterator[Unchecked]:
    """Yield the groups whose order of members is not known."""
    for group in groups:
        if not group.order_is_known:
            what = f"whom of its candidates group {group.number} rings"
            yield Unchecked("S4", what, why)
