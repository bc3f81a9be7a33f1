"""Tests of changed scenarios: equal to new ones, and errors with the user's own paths."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.scenario import changed, implied_group, named_group, with_members
from ringsim.scenario._change_paths import _exists, _paths, full_paths
from support.effort import lines_run
from support.generated import demands, durations, rates, scenarios
from support.helpers import makes_or_refuses, refusal

SALES = {
    "extension_number": "600",
    "members": ["201", rs.Member("202", skill_level=3), "203"],
    "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
    "x_vendor": [1],
}
BACK = {"extension_number": "601", "members": ["203", "204"]}
HABITS = {"answer_probability": 0.5, "on_duty": [("08:00", "12:00")]}
OFFICE = rs.Scenario(
    groups=[SALES, BACK],
    demand={"600": rs.Demand(calls_per_hour=[20, 40], talk_time=180)},
    extensions=[rs.Extension("203", **HABITS, own_calls=rs.Demand(calls_per_hour=2, talk_time=60))],
    opens_at="08:00",
)


def office(**fields: Any) -> rs.Scenario:
    """Return the same scenario, constructed anew with other fields."""
    return OFFICE.replace(**fields)


def person(**fields: Any) -> list[rs.Extension]:
    """Return the extension 203 with other fields."""
    return [OFFICE.extensions[0].replace(**fields)]


def own_calls(**fields: Any) -> rs.Demand:
    return rs.Demand(**{"calls_per_hour": 2, "talk_time": 60} | fields)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, OFFICE),
        ({"hours": 4, "ringing_is_busy": True}, office(hours=4, ringing_is_busy=True)),
        ({"groups.601.ring_time": 15}, office(groups=[SALES, {**BACK, "ring_time": 15}])),
        (
            {"groups.600.members": ["204"], "groups.601.skip_busy_member": False},
            office(
                groups=[{**SALES, "members": ["204"]}, {**BACK, "skip_busy_member": False}],
            ),
        ),
        (
            {"groups.600.members.203.skill_level": 2},
            office(
                groups=[
                    {
                        **SALES,
                        "members": ["201", SALES["members"][1], rs.Member("203", skill_level=2)],
                    },
                    BACK,
                ]
            ),
        ),
        (
            {"groups.600.no_answer_forward_rule.number": "700"},
            office(
                groups=[
                    {
                        **SALES,
                        "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "700"},
                    },
                    BACK,
                ]
            ),
        ),
        ({"groups": [BACK], "demand": {}}, office(groups=[BACK], demand={})),
        (
            {"demand.600.patience": 60},
            office(demand={"600": rs.Demand(calls_per_hour=[20, 40], talk_time=180, patience=60)}),
        ),
        (
            {"demand.601": rs.Demand(calls_per_hour=1, talk_time=2)},
            office(demand=OFFICE.demand | {"601": rs.Demand(calls_per_hour=1, talk_time=2)}),
        ),
        ({"extensions.203.on_duty": None}, office(extensions=person(on_duty=None))),
        (
            {"extensions.203.own_calls.talk_time": 90},
            office(extensions=person(own_calls=own_calls(talk_time=90))),
        ),
        (
            {"extensions.201.answer_probability": 0.9},
            office(extensions=[*OFFICE.extensions, rs.Extension("201", answer_probability=0.9)]),
        ),
    ],
    ids=lambda given: str(given) if isinstance(given, dict) else "",
)
def test_a_changed_scenario_equals_one_written_so(
    changes: dict[str, Any], expected: rs.Scenario
) -> None:
    assert changed(OFFICE, changes) == expected


@pytest.mark.parametrize(
    ("changes", "alone"),
    [
        (
            {
                "groups.601.no_answer_forward_rule.action": "FORWARD_TO_NUMBER",
                "groups.601.no_answer_forward_rule.number": "600",
            },
            "groups.601.no_answer_forward_rule.number must be given with FORWARD_TO_NUMBER.",
        ),
        (
            {"demand.600.arrives_at": [1, 2], "demand.600.calls_per_hour": None},
            "demand.600.calls_per_hour must not be given beside arrives_at.",
        ),
        (
            {"demand.601.talk_time": 60, "demand.601.calls_per_hour": 5},
            "demand.601.calls_per_hour must be given, or calls_per_interval or arrives_at.",
        ),
        (
            {
                "extensions.201.own_calls.talk_time": 60,
                "extensions.201.own_calls.calls_per_hour": 5,
            },
            "extensions.201.own_calls.calls_per_hour must be given, "
            "or calls_per_interval or arrives_at.",
        ),
        (
            {"opens_at": None, "extensions.203.on_duty": [(0, 3600)]},
            "extensions.203.on_duty[0] must be in seconds from the start",
        ),
        (
            {
                "extensions.208.answer_probability": 0.2,
                "groups.601.members": ["204", "208"],
            },
            "extensions.208 must be a person of the scenario. Did you mean '204'?",
        ),
    ],
    ids=str,
)
def test_settings_that_fit_only_each_other_are_changed_at_once(
    changes: dict[str, Any], alone: str
) -> None:
    (first, value), _ = changes.items()
    assert refusal(changed, OFFICE, {first: value}).startswith(alone)
    backwards = dict(reversed(changes.items()))
    assert changed(OFFICE, changes) == changed(OFFICE, backwards) != OFFICE


def test_what_ringsim_does_not_know_is_kept() -> None:
    group = changed(OFFICE, {"groups.600.ring_time": 15}).group("600")
    assert group.to_api()["x_vendor"] == [1]


def test_short_paths_are_those_of_the_group() -> None:
    short = changed(OFFICE, {"ring_time": 15, "no_answer_forward_rule.action": "HANGUP"}, "601")
    full = {
        "groups.601.ring_time": 15,
        "groups.601.no_answer_forward_rule.action": "HANGUP",
    }
    assert short == changed(OFFICE, full) == changed(OFFICE, full, group="601")


def test_a_name_is_the_scenarios() -> None:
    """The only path that could also be the short form of another."""
    assert changed(OFFICE, {"name": "Ours"}, group="600").name == "Ours"


# Laws


@given(scenarios())
def test_no_change_changes_nothing(scenario: rs.Scenario) -> None:
    assert changed(scenario, {}) == scenario


settings = st.sampled_from(
    [
        ("ring_time", st.integers(1, 99)),
        ("skip_busy_member", st.booleans()),
        ("members", st.lists(st.sampled_from(["201", "299"]), unique=True)),
    ]
).flatmap(lambda setting: st.tuples(st.just(setting[0]), setting[1], setting[1]))


def others(group: rs.RingGroup, name: str) -> dict[str, Any]:
    return {field: value for field, value in group.given().items() if field != name}


@given(scenarios(), settings)
def test_the_last_change_of_a_setting_counts_and_no_other_setting_changes(
    scenario: rs.Scenario, setting: tuple[str, Any, Any]
) -> None:
    name, first, last = setting
    for number in scenario.group_numbers:
        path = f"groups.{number}.{name}"
        once = changed(scenario, {path: last})
        assert changed(changed(scenario, {path: first}), {path: last}) == once
        assert once.replace(groups=scenario.groups) == scenario
        assert others(once.group(number), name) == others(scenario.group(number), name)


@given(durations, demands)
def test_a_demand_that_was_not_there_is_the_one_given(duration: Any, demand: rs.Demand) -> None:
    whole = changed(OFFICE, {"demand.601": demand})
    assert whole.demand["601"] == demand
    parts = {f"demand.601.{name}": value for name, value in demand.given().items()}
    assert changed(OFFICE, parts) == whole
    other = changed(OFFICE, parts | {"demand.601.talk_time": duration})
    assert other.demand["601"] == demand.replace(talk_time=duration)


@given(rates, st.floats(0, 100))
def test_scaling_is_that_of_the_demand(rate: float, factor: float) -> None:
    busy = changed(OFFICE, {"demand.601.calls_per_hour": rate, "demand.601.talk_time": 60})
    one = changed(busy, {"demand.601.scale": factor})
    assert one.demand == {**busy.demand, "601": busy.demand["601"].scaled(factor)}
    everybody = changed(busy, {"demand.scale": factor})
    assert everybody.demand == {n: busy.demand[n].scaled(factor) for n in busy.demand}
    same_time = changed(
        OFFICE,
        {
            "demand.601.scale": factor,
            "demand.601.calls_per_hour": rate,
            "demand.601.talk_time": 60,
        },
    )
    assert same_time == one


@given(scenarios(), st.integers(0, 8), st.integers(0, 8))
def test_a_smaller_group_is_the_beginning_of_a_larger_one(
    scenario: rs.Scenario, one: int, other: int
) -> None:
    """The same people have the same numbers, and therefore the same draws."""
    small, large = sorted((one, other))
    for number in scenario.group_numbers:
        few, many = (with_members(scenario, number, n) for n in (small, large))
        members = many.group(number).members
        assert few.group(number).members == members[:small]
        assert len(members) == large
        assert (
            members[: len(scenario.group(number).members)]
            == (scenario.group(number).members[:large])
        )
        for member in few.group(number).members:
            who = member.extension_number
            assert few.extension(who) == many.extension(who)


@given(scenarios(), st.integers(0, 8))
def test_new_members_are_like_the_last_and_nobody_elses_number(
    scenario: rs.Scenario, n: int
) -> None:
    for group in scenario.groups:
        number = group.extension_number
        larger = with_members(scenario, number, len(group.members) + n)
        new = larger.group(number).members[len(group.members) :]
        numbers = {member.extension_number for member in new}
        forwards = {each.no_answer_forward_rule.number for each in scenario.groups}
        assert len(numbers) == n
        assert not numbers & {*scenario.extension_numbers, *scenario.group_numbers, *forwards}
        seat = group.members[-1] if group.members else rs.Member("999")
        habits = scenario.extension(seat.extension_number)
        for member in new:
            who = member.extension_number
            assert member == seat.replace(extension_number=who)
            assert larger.extension(who) == habits.replace(extension_number=who)


def test_new_members_are_like_the_template() -> None:
    grown = with_members(OFFICE, "601", 3, template="202").group("601")
    assert grown.members[-1] == rs.Member("60101", skill_level=1)
    like_202 = with_members(OFFICE, "600", 4, template="202")
    assert like_202.group("600").members[-1] == rs.Member("60001", skill_level=3)
    assert like_202.extension("60001") == rs.Extension("60001")
    assert with_members(OFFICE, "601", 3, "203").extension("60101") == rs.Extension(
        "60101", **HABITS, own_calls=own_calls()
    )


def test_new_numbers_pass_over_those_that_are_taken() -> None:
    taken = changed(
        OFFICE,
        {
            "groups.600.members": ["201", "60002"],
            "groups.601.no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "60001"},
            "extensions.60002.on_duty": [],
        },
    )
    numbers = [
        member.extension_number for member in with_members(taken, "600", 4).group("600").members
    ]
    assert numbers == ["201", "60002", "60003", "60004"]


def test_a_group_of_the_longest_number_can_grow() -> None:
    long = rs.Scenario(groups=[{"extension_number": "6" * 64}])
    [member] = with_members(long, "6" * 64, 1).group("6" * 64).members
    assert len(member.extension_number) == 60


# Invalid changes


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"groups.600.ring_tme": 5},
            "groups.600.ring_tme must be the path of a setting. "
            "Did you mean 'groups.600.ring_time'?",
        ),
        (
            {"group.600.ring_time": 5},
            "group.600.ring_time must be the path of a setting. "
            "Did you mean 'groups.600.ring_time'?",
        ),
        (
            {"zzz": 5},
            "zzz must be the path of a setting. "
            "Paths are such as groups.600.ring_time, demand.600.talk_time or hours.",
        ),
        (
            {"extensions.20l.on_duty": []},
            "extensions.20l.on_duty must be the path of a setting. "
            "Did you mean 'extensions.204.on_duty'?",
        ),
        (
            {"extensions.206.on_duty": []},
            "extensions.206 must be a person of the scenario. Did you mean '204'?",
        ),
        ({3: 5}, "3 must be the path of a setting. Paths are such as"),
        (
            {"groups.600.extension_number": "602"},
            "groups.600.extension_number must be the path of a setting.",
        ),
        (
            {"groups.600.ring_time": -5},
            "groups.600.ring_time must be from 0 to 2147483647 seconds, got -5.",
        ),
        (
            {"groups.600.ring_strategy": "CYCLIC_HNT"},
            "groups.600.ring_strategy must be one of the eight RingStrategy values, "
            "got 'CYCLIC_HNT'. Did you mean 'CYCLIC_HUNT'?",
        ),
        (
            {"groups.600.members": ["201", "201"]},
            "groups.600.members[1].extension_number must not be listed twice, got '201'.",
        ),
        (
            {"groups.600.members": ["601"]},
            "groups.600.members[0].extension_number must be a person's number, "
            "not a ring group's, got '601'.",
        ),
        (
            {"groups.600.members.202.skill_level": 101},
            "groups.600.members.202.skill_level must be between 1 and 100, got 101.",
        ),
        (
            {"groups.601.no_answer_forward_rule.action": "FORWARD_TO_NUMBER"},
            "groups.601.no_answer_forward_rule.number must be given with FORWARD_TO_NUMBER.",
        ),
        (
            {"demand.601.talk_time": 60},
            "demand.601.calls_per_hour must be given, or calls_per_interval or arrives_at.",
        ),
        (
            {"demand.600.talk_time": -60},
            "demand.600.talk_time must be",
        ),
        (
            {"demand.700.talk_time": 60},
            "demand.700.talk_time must be the path of a setting. "
            "Did you mean 'demand.600.talk_time'?",
        ),
        ({"demand": {"700": own_calls()}}, "demand.700 must be for a group of the scenario"),
        (
            {"demand.600.scale": -1},
            "demand.600.scale must be a finite number, at least 0, got -1.",
        ),
        (
            {"demand.601.scale": 2},
            "demand.601.scale must scale existing demand, and there is none, got 2.",
        ),
        (
            {"demand.601": {"arrives_at": [1], "talk_time": 9}, "demand.scale": 2},
            "demand.scale must be applied to a demand with calls_per_hour, not arrives_at, got 2.",
        ),
        (
            {"groups.600.n_members": 2.5},
            "groups.600.n_members must be a whole number from 0 to 10000, got 2.5.",
        ),
        (
            {"groups.600.members": ["201"], "groups.600.members.202.skill_level": 2},
            "groups.600.members.202.skill_level must not be given beside groups.600.members, "
            "which it is a part of.",
        ),
        (
            {"extensions.203.answer_probability": 2},
            "extensions.203.answer_probability must be between 0 and 1, got 2.",
        ),
        (
            {"extensions.201.on_duty": [(5, 3)]},
            "extensions.201.on_duty[0] must start at 0 or later and end after it starts",
        ),
        ({"opens_at": None}, "extensions.203.on_duty[0] must be in seconds from the start"),
        (
            {"extensions": [rs.Extension("201", on_duty=[(5, 3)])]},
            "extensions[0].on_duty[0] must start at 0 or later",
        ),
        (
            {"extensions.201.own_calls.talk_time": 60},
            "extensions.201.own_calls.calls_per_hour must be given, "
            "or calls_per_interval or arrives_at.",
        ),
        ({"hours": 0}, "hours must be a positive number of hours"),
        ({"hours": math.nan}, "hours must be a positive number of hours"),
        ([], "changes must be a table of values by path, got []."),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_of_its_path(changes: Any, sentence: str) -> None:
    assert refusal(changed, OFFICE, changes).startswith(sentence)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ring_tme": 5}, "ring_tme must be the path of a setting. Did you mean 'ring_time'?"),
        ({"ring_time": -1}, "ring_time must be from 0 to 2147483647 seconds, got -1."),
        (
            {"calls_per_hour": 5},
            "calls_per_hour must be the path of a setting. "
            "Did you mean 'demand.600.calls_per_hour'?",
        ),
        ({"members": ["2"]}, "members[0].extension_number must be a string of 3 to 64 digits"),
        (
            {"no_answer_forward_rule.number": None},
            "no_answer_forward_rule.number must be given with FORWARD_TO_NUMBER.",
        ),
        (
            {"no_answer_forward_rule.number": "", "hours": 3},
            "no_answer_forward_rule.number must be given with FORWARD_TO_NUMBER.",
        ),
        ({"n_members": -1}, "n_members must be a whole number from 0 to 10000, got -1."),
        (
            {"ring_time": 5, "groups.600.ring_time": 6},
            "groups.600.ring_time must not be given beside ring_time.",
        ),
        (
            {"members": [], "groups.600.members.201.skill_level": 2},
            "groups.600.members.201.skill_level must not be given beside members, "
            "which it is a part of.",
        ),
        ({"groups.601.ring_time": -1}, "groups.601.ring_time must be from 0 to 2147483647 seconds"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_of_its_short_path(changes: Any, sentence: str) -> None:
    assert refusal(changed, OFFICE, changes, "600").startswith(sentence)


def test_what_a_short_path_lacks_is_told_short_too() -> None:
    sentence = refusal(
        changed, OFFICE, {"no_answer_forward_rule.action": "FORWARD_TO_NUMBER"}, "601"
    )
    assert sentence == "no_answer_forward_rule.number must be given with FORWARD_TO_NUMBER."


def test_a_group_that_is_not_there_is_an_error() -> None:
    assert refusal(changed, OFFICE, {}, "700").startswith("group must be the number of a group")
    assert refusal(with_members, OFFICE, "700", 3).startswith("group must be the number of a group")
    assert refusal(with_members, OFFICE, "600", 3, "20").startswith(
        "template must be the number of a person of the scenario, got '20'. Did you mean '20"
    )


@given(
    st.sampled_from(
        [
            "hours",
            "groups",
            "demand",
            "extensions.201.own_calls",
            "groups.600.members",
            "groups.600.no_answer_forward_rule",
            "groups.600.n_members",
            "demand.scale",
            "demand.600.talk_time",
            "extensions.203.on_duty",
        ]
    ),
    st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.integers()) | st.just({}),
)
def test_whatever_is_given_is_made_or_refused_in_one_sentence(path: str, value: Any) -> None:
    makes_or_refuses(changed, OFFICE, {path: value})


@given(scenarios(), st.data())
def test_a_path_exists_if_it_is_one_of_those_that_are_listed(
    scenario: rs.Scenario, data: st.DataObject
) -> None:
    known = list(_paths(scenario, {}))
    assert all(_exists(scenario, path) for path in known)
    steps = sorted({step for path in known for step in path.split(".")} | {"", "299"})
    path = ".".join(data.draw(st.lists(st.sampled_from(steps), min_size=1, max_size=6)))
    assert _exists(scenario, path) == (path in set(_paths(scenario, {path: None})))


def test_a_change_does_not_list_all_paths() -> None:
    few, many = (
        OFFICE.replace(extensions=[rs.Extension(str(number)) for number in range(203, last)])
        for last in (204, 303)
    )
    name = {"name": "Office"}
    assert lines_run(full_paths, many, name, None) == lines_run(full_paths, few, name, None)


ALONE = OFFICE.replace(groups=[OFFICE.groups[0]], demand={"600": OFFICE.demand["600"]})


def test_paths_of_the_only_group_may_be_short() -> None:
    assert changed(ALONE, {"ring_time": 9}) == changed(ALONE, {"groups.600.ring_time": 9})
    assert refusal(changed, ALONE, {"ring_time": -1}).startswith("ring_time must be from 0 to")


@pytest.mark.parametrize("path", ["ring_time", "no_answer_forward_rule.action", "n_members"])
def test_a_short_path_with_several_groups_says_how_to_name_one(path: str) -> None:
    assert refusal(changed, OFFICE, {path: 1}) == (
        f"{path} must say which of the 2 groups it is for. "
        f"Write groups.600.{path}, or add group='600'."
    )


def test_the_only_group_is_implied_and_one_of_several_must_be_named() -> None:
    assert implied_group(ALONE, None) == named_group(ALONE, None) == "600"
    assert implied_group(OFFICE, None) is None
    assert implied_group(OFFICE, "601") == named_group(OFFICE, "601") == "601"
    assert refusal(implied_group, OFFICE, "700").startswith("group must be the number of a group")
    assert refusal(named_group, OFFICE, None) == (
        "group must say which of the 2 groups it is. Its groups are 600, 601."
    )
