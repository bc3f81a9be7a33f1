"""Laws of groups with a preset: what they play, on both engines, and in comparisons."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.dispatch import TIED, Dispatcher
from ringsim.planning._alike import plays_alike
from ringsim.presets import names, preset
from ringsim.rules import DEFAULTS, WAVE_OPTIONS
from ringsim.scenario import changed
from support.option_days import option_day
from support.profiles import SLOW
from support.traces import preset_of, traces

DAYS = 40 if SLOW else 5
STRATEGIES = [name for name in names() if "/" in name or name.startswith("portsip")]
RRMEMORY = "asterisk-queue/rrmemory"


the_same_day = cache(option_day)  # for all presets


def preset_day(name: str, number: int) -> tuple[rs.Scenario, rs.Workload]:
    """Return a difficult day by number whose groups have a preset in place of their options."""
    scenario, workload = the_same_day(number)
    groups = [
        rs.RingGroup(
            extension_number=group.extension_number,
            ring_time=group.ring_time,
            members=[
                rs.Member(member.extension_number, skill_level=member.skill_level)
                for member in group.members
            ],
            preset=name,
            rules={"max_wait_time": (5, 20, 90)[number % 3]},
        )
        for group in scenario.groups
    ]
    return rs.Scenario(groups=groups, extensions=scenario.extensions), workload


def same(one: rs.CallLog | None, other: rs.CallLog | None) -> None:
    if one is None or other is None:
        assert one is other
        return
    for table in ("calls", "rings", "own_calls"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))


def played(scenario: rs.Scenario, workload: rs.Workload, engine: str) -> rs.CallLog | None:
    """Return the log; None if a call, by its own limit and patience, would never end."""
    try:
        return rs.play(scenario, workload, engine)
    except rs.ConfigurationError as wrong:
        endless = ("would wait for ever", "would go through the group without end")
        assert any(each in str(wrong) for each in endless)  # noqa: PT017  # others are wrong
        return None


@pytest.mark.parametrize("name", STRATEGIES)
def test_both_engines_play_it_alike(name: str) -> None:
    rung = 0
    for number in range(DAYS):
        scenario, workload = preset_day(name, number)
        logs = [played(scenario, workload, engine) for engine in ("simpy", "compiled")]
        same(*logs)
        rung += 0 if logs[0] is None else len(logs[0].rings)
    assert rung > 0


@pytest.mark.parametrize("name", STRATEGIES)
def test_it_plays_as_its_rules_written_out(name: str) -> None:
    """A preset with explicit options equals a group with all of its options, at any strategy."""
    chosen = preset(name)
    for number in range(DAYS):
        scenario, workload = preset_day(name, number)
        groups = [
            {
                "extension_number": group.extension_number,
                "members": group.members,
                "ring_time": group.ring_time,
                "ring_strategy": "PAGING_INTERCOM",
                "skip_busy_member": chosen.fields.get("skip_busy_member", True),
                "rules": {**chosen.rules.given(), **group.own_rules.given()},
            }
            for group in scenario.groups
        ]
        written = rs.Scenario(groups=groups, extensions=scenario.extensions)
        same(played(scenario, workload, "compiled"), played(written, workload, "compiled"))


@pytest.mark.parametrize("name", STRATEGIES)
def test_it_is_simulated_and_resolved(name: str) -> None:
    demand = rs.Demand(calls_per_hour=60, talk_time=60, patience=rs.lognormal(mean=60, cv=1))
    group = rs.RingGroup(extension_number="600", members=["201", "202"], preset=name)
    office = rs.Scenario(groups=[group], demand={"600": demand}, hours=1)
    rules = office.rules("600")
    assert all(getattr(rules, option) is not None for option in DEFAULTS)
    result = rs.simulate(office, replications=2)
    assert result.dispatchers == {"600": name}
    assert result.summary().loc["offered", "estimate"] > 0


def test_traced_strategies_are_those_of_the_recorded_scenarios() -> None:
    recorded = {preset_of(queue, trace["pbx"]) for trace in traces() for queue in trace["queues"]}
    traced = {
        name for name in STRATEGIES if preset(name).table.loc["at_once", "certainty"] == "traced"
    }
    assert recorded - traced == set()
    assert traced - recorded == set()


def office(**fields: Any) -> rs.Scenario:
    group = rs.RingGroup(**{"extension_number": "600", "members": ["201", "202", "203"], **fields})
    demand = rs.Demand(calls_per_hour=60, talk_time=rs.lognormal(mean=90, cv=1), patience=45)
    return rs.Scenario(groups=[group], demand={"600": demand}, hours=1)


class TestComparisons:
    def test_presets_stand_among_strategies(self) -> None:
        strategies = [RRMEMORY, "CYCLIC_HUNT", "portsip"]
        scenario = office(ring_strategy="CYCLIC_HUNT", ring_time=12)
        comparison = rs.compare(scenario, strategies=strategies, replications=3)
        assert list(comparison.results) == strategies
        assert comparison.baseline == "CYCLIC_HUNT"
        alone = rs.simulate(changed(scenario, {"preset": RRMEMORY}), replications=3)
        found = comparison.results[RRMEMORY]
        pd.testing.assert_frame_equal(found.summary(), alone.summary())
        group = found.scenario.group("600")
        assert (group.preset, group.ring_time, group.rules.retry_pause) == (RRMEMORY, 12, 5)

    def test_variants_may_be_presets(self) -> None:
        variants = {"asterisk": RRMEMORY, "as webex": {"preset": "webex/circular"}}
        comparison = rs.compare(office(), variants=variants, replications=2)
        assert comparison.results["asterisk"].dispatchers == {"600": RRMEMORY}
        assert comparison.results["as webex"].dispatchers == {"600": "webex/circular"}

    def test_presets_that_differ_in_rotation_alone_are_not_taken_for_equal(self) -> None:
        """Their orders are equal: only the pointer moves otherwise."""
        strategies = ["asterisk-queue/linear", RRMEMORY, "asterisk-queue/rrordered"]
        results = rs.compare(office(), strategies=strategies, replications=3).results
        linear, rrmemory, rrordered = (results[name] for name in strategies)
        assert linear.members()["rung"].tolist() != rrmemory.members()["rung"].tolist()
        assert not plays_alike(linear.study, rrmemory.study)
        assert plays_alike(rrordered.study, rrmemory.study)

    @pytest.mark.parametrize(
        "name", ["freepbx-ringgroup/memoryhunt", "freeswitch-callcenter/ring-progressively"]
    )
    @pytest.mark.parametrize("strategy", ["RING_SIMULTANEOUSLY", "CYCLIC_HUNT"])
    def test_a_strategy_clears_the_order_and_keeps_the_rest(self, name: str, strategy: str) -> None:
        scenario = office(preset=name)
        for way in ("replaced", "changed"):
            if way == "replaced":
                result = rs.simulate(scenario, dispatcher=strategy, replications=2)
            else:
                new = changed(scenario, {"ring_strategy": strategy})
                result = rs.simulate(new, replications=2)
            played_rules = result.study.plan.groups[0].rules
            resolved = scenario.rules("600")
            for option, default in DEFAULTS.items():
                expected = default if option in WAVE_OPTIONS else getattr(resolved, option)
                assert getattr(played_rules, option) == expected, option
            assert result.study.plan.groups[0].ring_time == scenario.group("600").ring_time

    def test_a_dispatcher_of_ones_own_takes_its_place(self) -> None:
        class Tied(Dispatcher):
            order_by = ("n_rung",)
            at_once = TIED

        result = rs.simulate(office(preset=RRMEMORY), dispatcher=Tied, replications=2)
        assert result.dispatchers == {"600": "Tied"}
        rules = result.study.plan.groups[0].rules
        assert (rules.rotation, rules.wait_in_line, rules.passes) == ("none", True, math.inf)

    def test_all_strategies_are_compared_with_a_preset(self) -> None:
        comparison = rs.compare(office(preset=RRMEMORY), replications=2)
        assert comparison.baseline == "as it is"
        assert comparison.results["as it is"].dispatchers == {"600": RRMEMORY}
        assert len(comparison.results) == 8

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            (
                {"strategies": ["asterisk-queue/rrmemroy", "CYCLIC_HUNT"]},
                "strategies[0] must be the name of a preset, got 'asterisk-queue/rrmemroy'. "
                f"Did you mean '{RRMEMORY}'?",
            ),
            (
                {"variants": {"a": "webex/x"}},
                "variants['a'] must be the name of a preset, got 'webex/x'. "
                "`ringsim presets` lists them.",
            ),
            (
                {"dispatcher": "webex/circular"},
                "dispatcher must be the name of a registered dispatcher, got 'webex/circular'. "
                "It is a preset: give it as the preset of a group.",
            ),
        ],
    )
    def test_errors_name_the_argument(self, asked: dict[str, Any], said: str) -> None:
        with pytest.raises(rs.ConfigurationError) as refused:
            rs.compare(office(), **asked)
        assert str(refused.value) == said
