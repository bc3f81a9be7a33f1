"""Tests of misspelt fields, which are refused, and of other unknown fields, which are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ringsim._model import PbxRecord
from ringsim._spelling import meant
from ringsim.errors import ConfigurationError
from ringsim.group import (
    Member,
    MemberList,
    NoAnswerForwardRule,
    OutboundCallerId,
    RingGroup,
    RingGroupList,
    read_groups,
)
from ringsim.scenario import Demand, Extension, Scenario
from support.helpers import refusal

PBX_RECORDS = {
    RingGroup: {},
    Member: {"extension_number": "201"},
    NoAnswerForwardRule: {},
    OutboundCallerId: {},
    RingGroupList: {},
    MemberList: {},
}
LEAST = {
    **PBX_RECORDS,
    RingGroup: {"extension_number": "600"},
    NoAnswerForwardRule: {"action": "HANGUP"},
    OutboundCallerId: {"caller_id": "1"},
    RingGroupList: {"items": []},
    MemberList: {"items": []},
}
STRICT_RECORDS = {
    Demand: {"calls_per_hour": 1, "talk_time": 1},
    Extension: {"extension_number": "201"},
    Scenario: {"groups": []},
}
# Fields of other records of the PBX's API, and of other PBXs' ring groups.
NAMES = """
access_token address answer_state answered_at application avatar_file_name billed_account brand
call_status callee callee_display_name caller_domain calls calls_in_24_hours capabilities cdr_id
change_type code completed_at contact_address cost created_at cron_expr current_calls
current_ring_groups department destination detail did did_cid did_numbers direction domain duration
email enable_acb enable_advanced enable_cc enable_dnd enable_push enabled end_reason ended_at
errors event_type expires_in extension extension_id file_url filter from hostname instance_id ip
max_ring_groups message mobile_phone online password port presence presence_note push_online
rang_at range registration reroute_reason ring_duration ring_groups role role_id scope
service_number session_id shared started_at status status_code sync_type talk_duration talking_time
tenant_id tenant_name time timezone to token trunk trunk_name type user_agent user_data username
version work_phone
ring_group_name ring_group_strategy ring_group_extension ring_group_call_timeout grptime
description_long ringing_music queue_timeout max_ring_time music_on_hold busy_action priority
"""
NOT_OURS = NAMES.split()


def refused(make: Callable[..., Any], *given: Any, **fields: Any) -> str:
    return refusal(partial(make, *given, **fields))


def known(kind: type[Any]) -> list[str]:
    return [*kind.model_fields, *getattr(kind, "_also_read", ())]


def slips(name: str) -> set[str]:
    """Return the name with a letter omitted, doubled, or swapped with the next."""
    places = range(len(name))
    left_out = {name[:i] + name[i + 1 :] for i in places}
    doubled = {name[: i + 1] + name[i:] for i in places}
    swapped = {name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :] for i in places}
    return left_out | doubled | swapped


def spellings(name: str) -> set[str]:
    words = name.split("_")
    pascal = "".join(word.capitalize() for word in words)
    camel = pascal[0].lower() + pascal[1:]
    others = {name.upper(), "-".join(words), " ".join(words), "".join(words), pascal, camel}
    return others | ({f"ring_group_{name}", f"x-{name}"} if len(words) > 1 else set())


@pytest.mark.parametrize("kind", PBX_RECORDS)
def test_every_field_of_a_record_of_the_pbx_misspelt(kind: type[PbxRecord]) -> None:
    given, names = PBX_RECORDS[kind], known(kind)
    for name in names:
        for wrong in (slips(name) | spellings(name)) - set(names):
            sentence = refused(kind, **{**given, wrong: 1})
            assert sentence.startswith(f"{wrong} must be a field of ")
            if wrong != "enable_pid":  # as near to enable_paid as to enable_prid
                assert sentence.endswith(f"Did you mean {name!r}?")


@pytest.mark.parametrize("kind", STRICT_RECORDS)
def test_every_field_of_ringsims_own_records_misspelt(kind: type[Any]) -> None:
    given = STRICT_RECORDS[kind]
    for name in kind.model_fields:
        for wrong in slips(name) - kind.model_fields.keys():
            assert f"Did you mean {name!r}?" in refused(kind, **{**given, wrong: 1})


@pytest.mark.parametrize("kind", PBX_RECORDS)
def test_fields_that_the_pbx_may_have_are_carried(kind: type[PbxRecord]) -> None:
    for name in NOT_OURS:
        if name not in known(kind):
            record = kind(**{**LEAST[kind], name: 1})
            assert record.to_api()[name] == 1
            [note] = record.notes
            assert note == (
                f"{name} is carried along and changes nothing: ringsim does not know the field."
            )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ring_tme": 5}, "ring_tme must be a field of a ring group. Did you mean 'ring_time'?"),
        (
            {"memebrs": ["201"]},
            "memebrs must be a field of a ring group. Did you mean 'members'?",
        ),
        (
            {"members": ["201", {"extension_number": "202", "skill_levle": 2}]},
            "members[1].skill_levle must be a field of a member. Did you mean 'skill_level'?",
        ),
        (
            {"no_answer_forward_rule": {"acton": "REPEAT"}},
            "no_answer_forward_rule.acton must be a field of a no-answer rule. "
            "Did you mean 'action'?",
        ),
        (
            {"outbound_caller_ids": [{"callerId": "1"}]},
            "outbound_caller_ids[0].callerId must be a field of an outbound caller id. "
            "Did you mean 'caller_id'?",
        ),
        (
            {"ring_tme": None},
            "ring_tme must be a field of a ring group. Did you mean 'ring_time'?",
        ),
        (
            {"strategy": "CYCLIC_HUNT"},
            "strategy must be a field of a ring group. Did you mean 'ring_strategy'?",
        ),
    ],
)
def test_the_sentence_names_the_path(given: dict[str, Any], sentence: str) -> None:
    assert refused(RingGroup, extension_number="600", **given) == sentence
    group = {"extension_number": "600", **given}
    assert refused(read_groups, [group]) == f"items[0].{sentence}"
    assert refused(Scenario, groups=[{"extension_number": "601"}, group]) == f"groups[1].{sentence}"
    assert refused(RingGroup(extension_number="600").replace, **given) == sentence


LOOKS = (
    'One looks like {"extension_number": "600", "ring_strategy": "CYCLIC_HUNT", "ring_time": 20, '
    '"members": ["201", "202"]}.'
)


@pytest.mark.parametrize(
    "given",
    [
        {"foo": 1},
        {"ring_group_name": "Sales", "ring_group_strategy": "sequence", "ring_group_context": "x"},
    ],
)
def test_a_record_without_a_known_field_says_what_one_looks_like(given: dict[str, Any]) -> None:
    said = f"must have at least one field of a ring group, got {given!r}. {LOOKS}"
    assert refused(RingGroup, **given) == f"RingGroup {said}"
    assert refused(read_groups, given) == f"RingGroup {said}"
    assert refused(read_groups, [given]) == f"items[0] {said}"
    assert refused(Scenario, groups=[given]) == f"groups[0] {said}"


def test_from_pbx_carries_everything_and_notes_it() -> None:
    record = {
        "extension_number": "600",
        "ring_tme": 5,
        "site": "north",
        "agents": [{"extension_number": "201", "skil": 1}, {"extension_number": "202", "skil": 2}],
    }
    group = RingGroup.from_pbx(record)
    assert group.to_api() == record
    carried = "is carried along and changes nothing: ringsim does not know the field."
    assert group.notes == (
        f"ring_tme {carried} Did you mean 'ring_time'?",
        f"site {carried}",
        f"members[0].skil (and 1 more like it) {carried} Did you mean 'skill_level'?"
        if meant("skil", known(Member))
        else f"members[0].skil (and 1 more like it) {carried}",
    )
    assert group.replace(ring_time=7).to_api() == {**record, "ring_time": 7}
    scenario = Scenario(groups=[group])
    assert scenario.notes == tuple(f"groups[0].{note}" for note in group.notes)


def test_leniency_ends_with_the_reading() -> None:
    RingGroup.from_pbx({"ring_tme": 5})
    assert "Did you mean" in refused(RingGroup, name="Sales", ring_tme=5)
    assert "must be from 0" in refused(RingGroup.from_pbx, {"ring_time": -1})
    assert "Did you mean" in refused(RingGroup, name="Sales", ring_tme=5)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        *((RingGroup, name) for name in ("ring_time", "ring_strategy", "skip_busy_member")),
        *((RingGroup, name) for name in ("no_answer_forward_rule", "agents", "enable_paid")),
        (NoAnswerForwardRule, "action"),
        (MemberList, "items"),
    ],
)
def test_an_empty_text_stands_for_null(kind: type[PbxRecord], field: str) -> None:
    """The PBX's own example writes `""` where its reference says null."""
    record = kind(**{field: ""})
    assert record.to_api() == {field: ""}
    name = "members" if field == "agents" else field
    assert getattr(record, name) == kind.model_fields[name].default


def test_fields_of_every_version_of_the_api_are_known() -> None:
    rule = {"action": "FORWARD_TO_NUMBER", "number": "601"}
    caller_id = {
        "provider_id": "NzAw",
        "caller_id": "+41445550100",
        "display_name": "Sales",
        "provider_name": "trunk",
        "provider_brand": "SIP",
        "provider_did_numbers": "3000;12000-18000",
    }
    record = {
        "extension_number": "600",
        "ring_time": 2147483647,
        "night_mode_forward_rule": rule,
        "enable_night_mode": True,
        "enable_audio_recording": False,
        "outbound_caller_ids": [caller_id],
        "agents": [{"extension_number": "201", "display_name": "Ann", "skill_level": 100}],
    }
    group = RingGroup(**record)
    assert group.to_api() == record
    assert group.notes == ()


UNKNOWN_TO_A_GROUP = [
    {"ring_tme": 5},
    {"site": "north", "skip_busy_mebmer": {"a": [1, None]}},
    {"agnets": ["201"], "ring_time": 5},
    {"no_answer_forward_rule": {"acton": "REPEAT"}},
    {"no_answer_forward_rule": {"foo": 1, "bar": "x"}},
    {"members": [{"extension_number": "201", "skill_levle": 2}, "202"]},
    {"carried_from_pbx": {"ring_tme": 5}},
    {"carried_from_pbx": 3},
]


@pytest.mark.parametrize("suffix", [".json", ".toml"])
@pytest.mark.parametrize("fields", UNKNOWN_TO_A_GROUP)
def test_what_from_pbx_accepts_survives_a_scenario_file(
    fields: dict[str, Any], suffix: str, tmp_path: Path
) -> None:
    if suffix == ".toml":  # TOML has no null
        fields = json.loads(json.dumps(fields).replace("null", "0"))
    record = {"extension_number": "600", **fields}
    group = RingGroup.from_pbx(record)
    scenario = Scenario(groups=[group])
    scenario.dump(tmp_path / f"office{suffix}")
    loaded = Scenario.load(tmp_path / f"office{suffix}")
    assert loaded == scenario
    assert loaded.groups[0].to_api() == group.to_api() == RingGroup.from_pbx(record).to_api()
    assert sorted(loaded.notes) == sorted(scenario.notes)
    assert loaded.to_file() == scenario.to_file()


def test_a_known_field_is_not_carried() -> None:
    with pytest.raises(
        ConfigurationError, match=r"carried_from_pbx\.ring_time must not be a field"
    ):
        RingGroup(extension_number="600", carried_from_pbx={"ring_time": 5})
