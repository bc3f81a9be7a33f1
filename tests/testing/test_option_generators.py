"""Promises of the Hypothesis strategies with the options of other phone systems."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.group import Member
from ringsim.rules import LevelRow, Rules
from ringsim.testing import audit, days, groups, scenarios, workloads
from ringsim.testing._options import Options, with_options
from support.profiles import PROFILE
from testing.test_generators import NAMES, failing, smallest

ANY_DAYS = [
    days(options=True, redials=True),
    days(options=True, redials=True, ties=False),
]
# Hypothesis shows an example by its `repr` where that is shorter
NAMES_OF_OPTIONS = NAMES | {
    kind.__name__: kind for kind in (Rules, LevelRow, Member, rs.NoAnswerForwardRule)
}
OPTIONS = {*Rules.model_fields, *Member._own, "preset"}
CALLED = rs.Scenario(groups=[{"extension_number": "600", "members": ["201", "202"]}])
SEARCH = settings(
    database=None,
    derandomize=True,
    max_examples=2000,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
law = settings(max_examples=max(PROFILE.law_days // 4, 10))


def options_of(group: rs.RingGroup) -> set[str]:
    """Return the options that a group and its members set themselves."""
    of_members = (set(member.given()) & Member._own for member in group.members)
    return set(group.own_rules.given()).union(*of_members, {"preset"} & set(group.given()))


def check_all_occur(
    strategy: st.SearchStrategy[Any], wanted: Collection[str], found: Callable[[Any], Any]
) -> None:
    """Check that examples of a strategy have, together, everything that is wanted."""
    missing = set(wanted)

    def nothing_is_missing(example: Any) -> bool:
        missing.difference_update(found(example))
        return not missing

    find(strategy, nothing_is_missing, settings=SEARCH)


@pytest.mark.parametrize("ties", [True, False])
def test_groups_have_every_option(ties: bool) -> None:
    check_all_occur(groups(options=True, ties=ties), OPTIONS, options_of)


def test_groups_have_every_value_of_an_option() -> None:
    """And each phone system's presets, and callers in line with every limit of time."""

    def values(group: rs.RingGroup) -> set[Any]:
        chosen = {(name, value) for name, value in group.own_rules.given().items()}
        return chosen | {group.preset.split("/")[0] if group.preset else ""}

    check_all_occur(
        groups(options=True),
        {
            *(("order_fixed", value) for value in ("ring", "pass", "call")),
            *(("rotation", value) for value in ("rung", "answered", "within_call")),
            *(("memory_hunt", value) for value in ("again", "ring_on")),
            *(("after_decline", value) for value in ("next", "rest", "end")),
            *(("line_serves", value) for value in ("all", "head", "one_ringing")),
            *(("at_once", value) for value in (1, 2, 3, "ALL", "TIED")),
            ("passes", math.inf),
            ("wave_step", math.inf),
            ("enforced_wrap_up", "drawn"),
            *("asterisk-queue", "freepbx-ringgroup", "teams", "cucm"),
        },
        values,
    )


def test_groups_without_options_have_none() -> None:
    plain = {"ringing_is_busy", "passes", "repeat_delay"}

    @settings(law, max_examples=100)
    @given(groups())
    def check(group: rs.RingGroup) -> None:
        assert options_of(group) <= plain

    check()


def test_callers_of_scenarios_try_again_and_have_priorities() -> None:
    def settings_of(scenario: rs.Scenario) -> set[str]:
        called = [set(demand.given()) for demand in scenario.demand.values()]
        return set().union(*called, *(set(person.given()) for person in scenario.extensions))

    wanted = {"redial", "priority", "decline_probability", "decline_delay"}
    check_all_occur(scenarios(options=True, redials=True), wanted, settings_of)


def test_workloads_have_declines_priorities_limits_and_redials() -> None:
    def given_of(workload: rs.Workload) -> set[str]:
        names = ("declines", "priority", "max_wait_time", "redials")
        return {name for name in names if getattr(workload, name) is not None}

    wanted = {"declines", "priority", "max_wait_time", "redials"}
    check_all_occur(workloads(CALLED, options=True, redials=True), wanted, given_of)


@pytest.mark.parametrize("strategy", ANY_DAYS, ids=["ties", "any times"])
def test_every_day_ends_with_the_same_log_on_both_engines(strategy: Any) -> None:
    """No option lets a caller wait for ever, or loop in no time; the audit finds nothing."""

    @law
    @given(strategy)
    def check(day: tuple[rs.Scenario, rs.Workload]) -> None:
        scenario, workload = day
        log = rs.play(scenario, workload, "simpy")
        other = rs.play(scenario, workload, "compiled")
        for frame in ("calls", "rings", "visits", "own_calls", "pauses"):
            pd.testing.assert_frame_equal(
                getattr(log, frame), getattr(other, frame), check_exact=True
            )
        audit(scenario, log, workload).check()

    check()


@pytest.mark.parametrize("first", [0, 1], ids=["line first", "pauses first"])
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_short_pauses_between_endless_passes_are_made_longer(first: int, engine: str) -> None:
    """Each part alone is fit to be played; the pause of one goes with the passes of the other."""
    parts = [
        {"wait_in_line": True, "passes": "inf"},
        {"passes": 4, "retry_pause": 1e-300, "repeat_delay": 0.0},
    ]
    fields = with_options(
        {"members": ["201"], "ring_time": 0.0},
        Options(preset=None, first=first, parts=parts, max_wait_time=5.0, retry_pause=0.5),
    )
    scenario = rs.Scenario(groups=[{"extension_number": "600", **fields}])
    log = rs.play(scenario, rs.Workload(arrives_at=[0], talk_time=1), engine)
    assert log.calls["outcome"].tolist() == ["overflowed"]


@law
@given(st.one_of(groups(options=True), groups(options=True, ties=False)))
def test_no_group_lets_a_caller_pass_for_ever(group: rs.RingGroup) -> None:
    rules = group.rules.resolved()
    if rules.wait_in_line or rules.passes == math.inf:
        assert rules.max_wait_time < math.inf
        assert rules.retry_pause >= 0.1
        assert rules.line_poll == 0 or rules.line_poll >= 0.1


@law
@given(scenarios(options=True, redials=True))
def test_a_scenario_with_options_survives_its_file(scenario: rs.Scenario) -> None:
    again = rs.Scenario(**scenario.to_file())
    assert again == scenario
    rs.play(again, rs.Workload.draw(again, 7), "simpy")


@law
@given(days(options=True, redials=True, max_calls=3))
def test_a_day_is_shown_as_the_python_that_makes_it(day: Any) -> None:
    again = eval(repr(day), {"rs": rs, "math": math})
    assert again[0] == day.scenario
    pd.testing.assert_frame_equal(
        rs.play(*again, "simpy").rings, rs.play(*day, "simpy").rings, check_exact=True
    )


@pytest.mark.parametrize(
    ("strategy", "wanted"),
    [
        (groups(options=True), lambda group: group.preset and group.own_rules.wait_in_line),
        (groups(options=True), lambda group: {"passes", "ring_delay"} <= options_of(group)),
        (
            scenarios(options=True, redials=True),
            lambda scenario: any(demand.redial for demand in scenario.demand.values()),
        ),
    ],
    ids=["preset", "rules", "redial"],
)
def test_a_failing_example_is_shown_as_one_would_write_it(strategy: Any, wanted: Any) -> None:
    """The source shown, run as Python, makes the same example."""
    shown, example = failing(strategy, wanted)
    assert repr(eval(shown, NAMES_OF_OPTIONS)) == repr(example)


def test_options_are_removed_before_anything_else() -> None:
    assert smallest(groups(options=True)) == smallest(groups())
    one = smallest(groups(options=True), lambda group: group.rules.declined_again is False)
    assert options_of(one) == {"declined_again"}
    assert not one.members
    in_line = smallest(groups(options=True), lambda group: group.own_rules.wait_in_line)
    assert options_of(in_line) == {"wait_in_line", "max_wait_time", "retry_pause"}
    nothing = smallest(days(options=True, redials=True))
    assert repr(nothing) == repr(smallest(days()))
