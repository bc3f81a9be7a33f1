"""Tests of reading every form of the PBX's JSON and writing it back without loss.

The payloads are those of the PBX's API reference ("Ring groups"), its placeholders "text"
replaced by legal values.
"""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringsim._model import PbxRecord
from ringsim.errors import ConfigurationError
from ringsim.group import (
    Action,
    Member,
    MemberList,
    NoAnswerForwardRule,
    OutboundCallerId,
    RingGroup,
    RingGroupList,
    RingStrategy,
    read_groups,
)
from ringsim.scenario import Extension, Scenario
from support.generated import (
    COLLIDING,
    caller_ids_json,
    groups_json,
    json_trees,
    member_lists_json,
    record,
    rules_json,
    spoiled,
)
from support.helpers import makes_or_refuses

LIST = """
{
  "count": 100,
  "items": [
    {
      "id": "NzAwNTUxOTA5NzczMTQ4MTYw",
      "name": "Sales",
      "extension_number": "600",
      "ring_time": 20,
      "ring_strategy": "RING_SIMULTANEOUSLY"
    }
  ]
}
"""
CREATE = """
{
  "name": "Sales",
  "extension_number": "600",
  "ring_time": 20,
  "ring_strategy": "RING_SIMULTANEOUSLY",
  "skip_busy_member": true,
  "enable_paid": true,
  "enable_prid": true,
  "extension_number_as_to_header": false,
  "no_answer_forward_rule": {
    "action": "FORWARD_TO_NUMBER",
    "number": "601"
  },
  "outbound_caller_ids": [
    {
      "provider_id": "NzAwNTUxOTA5NzczMTQ4MTYw",
      "caller_id": "+41445550100",
      "description": "main number"
    }
  ]
}
"""
CREATED = """
{
  "id": "NzAwNTUxOTA5NzczMTQ4MTYw"
}
"""
DETAIL = """
{
  "id": "NzAwNTUxOTA5NzczMTQ4MTYw",
  "name": "Sales",
  "extension_number": "600",
  "ring_time": 20,
  "ring_strategy": "RING_SIMULTANEOUSLY",
  "skip_busy_member": true,
  "enable_paid": true,
  "enable_prid": true,
  "extension_number_as_to_header": false,
  "no_answer_forward_rule": {
    "action": "FORWARD_TO_NUMBER",
    "number": "601"
  },
  "outbound_caller_ids": [
    {
      "provider_id": "NzAwNTUxOTA5NzczMTQ4MTYw",
      "caller_id": "+41445550100",
      "description": "main number"
    }
  ]
}
"""
UPDATE = """
{
  "name": "Sales",
  "ring_time": 20,
  "ring_strategy": "RING_SIMULTANEOUSLY",
  "skip_busy_member": true,
  "enable_paid": true,
  "enable_prid": true,
  "extension_number_as_to_header": false,
  "no_answer_forward_rule": {
    "action": "FORWARD_TO_NUMBER",
    "number": "601"
  },
  "outbound_caller_ids": [
    {
      "provider_id": "NzAwNTUxOTA5NzczMTQ4MTYw",
      "caller_id": "+41445550100",
      "description": "main number"
    }
  ]
}
"""
AGENTS = """
{
  "items": [
    {"extension_number": "201", "skill_level": 1},
    {"extension_number": "202", "skill_level": 7}
  ]
}
"""
WITH_AGENTS = """
{
  "extension_number": "600",
  "agents": [
    {"extension_number": "201", "skill_level": 1, "display_name": "Ann"},
    {"extension_number": "202", "skill_level": null, "shift": {"from": null}}
  ]
}
"""

KINDS = [RingGroup, RingGroupList, Member, MemberList, NoAnswerForwardRule, OutboundCallerId]
LEAST = {Member: {"extension_number": "201"}}  # required fields of a record


def text(tree: Any) -> str:
    """Return canonical JSON, which unlike `==` distinguishes 20 from 20.0 and 1 from true."""
    return json.dumps(tree, sort_keys=True)


def written_back(kind: type[PbxRecord], tree: Any) -> str:
    """JSON that a record did not write itself."""
    return text(kind.from_api(copy.deepcopy(tree)).to_api())


class TestPayloadsOfTheReference:
    @pytest.mark.parametrize(
        ("kind", "payload"),
        [
            pytest.param(RingGroupList, LIST, id="list"),
            pytest.param(RingGroup, CREATE, id="create"),
            pytest.param(RingGroup, CREATED, id="created"),
            pytest.param(RingGroup, DETAIL, id="detail"),
            pytest.param(RingGroup, UPDATE, id="update"),
            pytest.param(MemberList, AGENTS, id="agents end point"),
            pytest.param(RingGroup, WITH_AGENTS, id="agents in the record"),
        ],
    )
    def test_written_back_as_it_was_read(self, kind: type[PbxRecord], payload: str) -> None:
        tree = json.loads(payload)
        assert written_back(kind, tree) == text(tree)

    def test_what_is_read_means_what_it_says(self) -> None:
        group = RingGroup.from_api(json.loads(DETAIL))
        assert (group.name, group.extension_number, group.ring_time) == ("Sales", "600", 20)
        assert group.ring_strategy is RingStrategy.RING_SIMULTANEOUSLY
        assert group.no_answer_forward_rule.action is Action.FORWARD_TO_NUMBER
        assert group.no_answer_forward_rule.number == "601"
        assert group.outbound_caller_ids[0].caller_id == "+41445550100"

    def test_members_are_the_agents(self) -> None:
        group = RingGroup.from_api(json.loads(WITH_AGENTS))
        assert [member.extension_number for member in group.members] == ["201", "202"]
        listed = MemberList.from_api(json.loads(AGENTS)).items
        assert [(member.extension_number, member.skill_level) for member in listed] == [
            ("201", 1),
            ("202", 7),
        ]

    @pytest.mark.parametrize(
        ("data", "numbers"),
        [
            pytest.param(json.loads(DETAIL), ["600"], id="a record"),
            pytest.param(json.loads(UPDATE), [""], id="an update, which has no number"),
            pytest.param(json.loads(CREATED), [""], id="an id"),
            pytest.param(json.loads(LIST), ["600"], id="a page"),
            pytest.param([json.loads(DETAIL), json.loads(CREATE)], ["600", "600"], id="a list"),
            pytest.param({"count": 0, "items": []}, [], id="an empty page"),
            pytest.param({"items": None}, [], id="a page that is null"),
            pytest.param([], [], id="an empty list"),
        ],
    )
    def test_groups_are_read_from_every_form(self, data: Any, numbers: list[str]) -> None:
        assert [group.extension_number for group in read_groups(data)] == numbers


class TestNothingIsLost:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("value", [None, 20, {"deep": [None, {"er": None}, 1.5, True]}])
    @pytest.mark.parametrize("key", ["site", *COLLIDING])
    def test_an_unknown_key_survives(self, kind: type[PbxRecord], key: str, value: Any) -> None:
        tree = {**LEAST.get(kind, {}), key: value}
        assert written_back(kind, tree) == text(tree)

    @pytest.mark.parametrize("name", sorted(RingGroup.model_fields.keys() - {"members"}))
    def test_a_null_field_stays_null_and_means_absent(self, name: str) -> None:
        group = RingGroup.from_api({name: None})
        assert getattr(group, name) == getattr(RingGroup(), name)
        kept = {} if name in RingGroup._own else {name: None}
        assert group.to_api() == kept

    @pytest.mark.parametrize("number", [20, 20.0, 0.5, 7])
    def test_a_number_keeps_its_type(self, number: float) -> None:
        tree = {"ring_time": number}
        assert written_back(RingGroup, tree) == text(tree)

    @given(groups_json)
    def test_a_group(self, tree: dict[str, Any]) -> None:
        assert written_back(RingGroup, tree) == text(tree)

    @given(record({}, {"items": st.lists(groups_json, max_size=2), "count": st.integers(0, 999)}))
    def test_a_page_of_groups(self, tree: dict[str, Any]) -> None:
        assert written_back(RingGroupList, tree) == text(tree)

    @given(record({}, {"items": member_lists_json}))
    def test_the_agents_end_point(self, tree: dict[str, Any]) -> None:
        assert written_back(MemberList, tree) == text(tree)

    @given(rules_json, caller_ids_json)
    def test_rules_and_caller_ids(self, rule: dict[str, Any], caller_id: dict[str, Any]) -> None:
        assert written_back(NoAnswerForwardRule, rule) == text(rule)
        assert written_back(OutboundCallerId, caller_id) == text(caller_id)

    @given(groups_json)
    def test_a_copy_with_one_field_changed_keeps_the_others(self, tree: dict[str, Any]) -> None:
        group = RingGroup.from_api(copy.deepcopy(tree)).replace(ring_time=33)
        assert text(group.to_api()) == text({**tree, "ring_time": 33})

    @given(groups_json)
    def test_records_that_hold_the_same_are_equal(self, tree: dict[str, Any]) -> None:
        group = RingGroup.from_api(copy.deepcopy(tree))
        assert group == RingGroup.from_api(copy.deepcopy(tree))
        assert group == pickle.loads(pickle.dumps(group))
        assert text(pickle.loads(pickle.dumps(group)).to_api()) == text(tree)
        assert group != group.replace(name=f"{group.name}.")


class TestOwnFields:
    """`max_repeats` and `repeat_delay` are ringsim's, and never the PBX's (rule S9)."""

    def test_they_are_read_but_not_written_to_the_pbx(self) -> None:
        group = RingGroup.from_api({"name": "Sales", "max_repeats": 5, "repeat_delay": 2.5})
        assert (group.max_repeats, group.repeat_delay) == (5, 2.5)
        assert group.to_api() == {"name": "Sales"}

    def test_not_from_inside_a_page_either(self) -> None:
        page = RingGroupList.from_api({"items": [{"name": "Sales", "max_repeats": 5}]})
        assert page.to_api() == {"items": [{"name": "Sales"}]}

    def test_a_scenario_file_has_them(self) -> None:
        group = RingGroup(max_repeats=5, members=["201"])
        assert group.to_file() == {"members": [{"extension_number": "201"}], "max_repeats": 5}

    def test_defaults(self) -> None:
        assert (RingGroup().max_repeats, RingGroup().repeat_delay) == (3, 1)


class TestRecordsInPython:
    def test_defaults_of_a_group(self) -> None:
        group = RingGroup()
        assert (group.ring_time, group.skip_busy_member, group.members) == (20, True, ())
        assert group.no_answer_forward_rule.action is Action.HANGUP

    def test_an_empty_record_writes_nothing(self) -> None:
        assert RingGroup().to_api() == {}

    def test_a_default_that_was_given_is_written(self) -> None:
        assert RingGroup(ring_time=20).to_api() == {"ring_time": 20}

    def test_a_member_takes_its_number_by_position(self) -> None:
        assert Member("203", skill_level=2) == Member(extension_number="203", skill_level=2)
        assert Member("203").skill_level == 1

    def test_an_extension_takes_its_number_by_position(self) -> None:
        assert Extension("201") == Extension(extension_number="201")

    @pytest.mark.parametrize("kind", [Member, Extension])
    def test_nothing_else_goes_by_position(self, kind: type[Any]) -> None:
        with pytest.raises(TypeError, match="takes 1 arguments by position, got 2"):
            kind("201", 2)
        with pytest.raises(TypeError, match="got extension_number twice"):
            kind("201", extension_number="202")
        with pytest.raises(TypeError, match="takes 0 arguments by position, got 1"):
            RingGroup("600")

    @pytest.mark.parametrize(
        "members",
        [
            pytest.param(["201", "202"], id="numbers"),
            pytest.param(("201", "202"), id="a tuple"),
            pytest.param([Member("201"), Member("202")], id="members"),
            pytest.param([{"extension_number": "201"}, "202"], id="a mixture"),
        ],
    )
    def test_members_may_be_given_as(self, members: Any) -> None:
        assert RingGroup(members=members).members == (Member("201"), Member("202"))

    def test_members_may_be_called_agents(self) -> None:
        assert RingGroup(agents=["201"]) == RingGroup(members=["201"])

    def test_replacing_leaves_the_original_alone(self) -> None:
        group = RingGroup(name="Sales", site="north")
        changed = group.replace(ring_time=15, members=["201"])
        assert (group.ring_time, group.members) == (20, ())
        assert (changed.ring_time, changed.name) == (15, "Sales")
        assert changed.to_api()["site"] == "north"

    def test_replacing_validates(self) -> None:
        with pytest.raises(ConfigurationError, match="ring_time must be from 0"):
            RingGroup().replace(ring_time=-1)

    def test_a_null_can_be_replaced(self) -> None:
        group = RingGroup.from_api({"name": None, "ring_time": None})
        assert group.replace(name="Sales").to_api() == {"name": "Sales", "ring_time": None}

    @pytest.mark.parametrize(
        "made",
        [
            RingGroup(name="Sales"),
            Member("201"),
            NoAnswerForwardRule(),
            OutboundCallerId(),
            Extension("201"),
            Scenario(groups=[]),
        ],
        ids=lambda made: type(made).__name__,
    )
    def test_records_are_frozen(self, made: Any) -> None:
        for name in (next(iter(type(made).model_fields)), "something_new"):
            with pytest.raises(ValueError, match="frozen"):
                setattr(made, name, "x")
        with pytest.raises(ValueError, match="frozen"):
            delattr(made, next(iter(type(made).model_fields)))

    def test_numbers_of_other_libraries_are_written_as_json(self) -> None:
        numpy = pytest.importorskip("numpy")
        group = RingGroup(ring_time=numpy.int64(15), max_repeats=numpy.int16(2))
        assert json.dumps(group.to_file()) == '{"ring_time": 15, "max_repeats": 2}'


class TestLegal:
    """Unusual settings that a PBX allows."""

    def test_a_group_without_members(self) -> None:
        assert RingGroup(extension_number="600").members == ()

    def test_a_group_that_forwards_to_itself(self) -> None:
        rule = {"action": "FORWARD_TO_NUMBER", "number": "600"}
        assert RingGroup(extension_number="600", no_answer_forward_rule=rule)

    @pytest.mark.parametrize("action", ["HANGUP", "REPEAT", "FORWARD_TO_VOICEMAIL"])
    def test_a_number_carried_along_by_an_action_that_does_not_use_it(self, action: str) -> None:
        rule = {"action": action, "number": "601"}
        assert NoAnswerForwardRule.from_api(rule).to_api() == rule

    @pytest.mark.parametrize("number", ["201", "2" * 64])
    def test_the_shortest_and_the_longest_number(self, number: str) -> None:
        assert Member(number).extension_number == number

    @pytest.mark.parametrize("level", [1, 100])
    def test_the_first_and_the_last_skill_level(self, level: int) -> None:
        assert Member("201", skill_level=level).skill_level == level


class TestStrategies:
    """The eight values of the API, each with the PBX's sentence."""

    IN_ORDER = "Ring each available member of the group serially in the configured order."
    LEAST_RUNG = (
        "Ring each available member of the group serially, ring the member that hasn't been rung "
        "from a call from this group in the longest amount of time first."
    )
    LEAST_ANSWERED = (
        "Ring each available member of the group serially, ring the member that hasn't answered "
        "a call from this group in the longest amount of time first."
    )
    BY_SKILL = (
        'The call assign to the agents in the level "1" skill group first, and move on to the '
        "less experienced agents in subsequent skill groups, if the call is not answered in "
        "current skill group. "
    )

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            (
                "RING_SIMULTANEOUSLY",
                "Ring all available members of the group simultaneously.",
            ),
            ("PRIORITIZED_HUNT", IN_ORDER),
            ("CYCLIC_HUNT", LEAST_RUNG),
            ("LEAST_WORKED_HUNT", LEAST_ANSWERED),
            (
                "PAGING_INTERCOM",
                "Ring all available members of the group simultaneously and add an auto answer "
                "indication to the calls in order to invoke a page.",
            ),
            ("SKILL_BASED_ROUTING_PRIORITIZED_HUNT", BY_SKILL + IN_ORDER),
            ("SKILL_BASED_ROUTING_CYCLIC_HUNT", BY_SKILL + LEAST_RUNG),
            ("SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", BY_SKILL + LEAST_ANSWERED),
        ],
    )
    def test_each_is_its_value_and_says_its_rule(self, value: str, sentence: str) -> None:
        strategy = RingStrategy(value)
        assert (strategy, strategy.name, strategy.__doc__) == (value, value, sentence)
        assert RingGroup(ring_strategy=value).ring_strategy is strategy
        assert RingGroup(ring_strategy=strategy).to_api() == {"ring_strategy": value}

    def test_there_are_eight(self) -> None:
        assert len(RingStrategy) == 8


class TestAnyJsonAtAll:
    """Any input gives a record or a one-sentence error."""

    @pytest.mark.parametrize("read", [*(kind.from_api for kind in KINDS), read_groups])
    @given(tree=json_trees)
    def test_as_a_whole(self, read: Callable[[Any], Any], tree: Any) -> None:
        makes_or_refuses(read, tree)

    @given(spoiled(groups_json))
    def test_inside_a_group(self, tree: Any) -> None:
        makes_or_refuses(RingGroup.from_api, tree)
        makes_or_refuses(read_groups, tree)
        makes_or_refuses(read_groups, {"items": [tree]})

    @given(spoiled(member_lists_json))
    def test_inside_members(self, tree: Any) -> None:
        makes_or_refuses(MemberList.from_api, {"items": tree})


def test_a_member_departs_by_options_that_differ_from_the_group_s() -> None:
    """An option that is false or 0 counts, too, where the group's may be another."""
    members = [
        {"extension_number": "201", "skip_busy": False, "ring_delay": 0},
        {"extension_number": "202", "ring_time": 0, "enforced_wrap_up": 0},
        {"extension_number": "203", "ring_delay": 1},
    ]
    group = RingGroup(extension_number="600", members=members)
    assert group.departures == (
        "members[0].skip_busy",
        "members[1].ring_time",
        "members[2].ring_delay",
    )
